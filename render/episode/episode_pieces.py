"""What an episode's cut is made of: the circled clip of each shot or its slate, and the cards among them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from render.cards.card_fonts import FileOf
from render.cards.kept_cards import kept_card
from render.cards.kept_slates import kept_slate
from render.concurrency.together import together
from render.context import RunContext
from render.cut.cut_plan import Piece
from render.episode.cutting_room import KeptPieces, piece_of
from render.media.measures import sha256_of
from render.media.tail_frame import extract_frame
from render.takes.outcomes import Outcome, ShotState
from storyboard.card_piece import Card, Hold
from storyboard.continuity.timing import AUTO_S, frame_count
from storyboard.shot import Episode
from storyboard.timeline.card_places import cards_of


async def episode_pieces(
    context: RunContext, episode: Episode, outcomes: Sequence[Outcome], folder: Path, file_of: FileOf
) -> list[Piece]:
    """The pieces of the cut in order; nothing stands for what was waived.

    Stills are taken into `folder`; `file_of` gives the files of cards. Raises MediaError, StoreError.
    """
    kept = KeptPieces(context.store, context.derived)
    seen = [outcome for outcome in outcomes if outcome.state is not ShotState.WAIVED]
    found = await together(
        _slate(episode, each, kept, folder) if each.clip is None else piece_of(context.store, episode, each)
        for each in seen
    )
    shots = {each.key: each for each in found}
    order = cards_of(episode, list(shots))
    pieces = []
    for place, each in enumerate(order):
        if isinstance(each, Card):
            held = _held_piece(each, order, place, shots)
            still = await _still(each, held, episode.master.fps, folder)
            path = await kept_card(each, episode.master, file_of, kept, folder, still=still)
            drawn = await asyncio.to_thread(sha256_of, path)
            pieces.append(Piece(key=each.key, frames=each.frames, path=path, clip=None, drawn=drawn, card=True))
        else:
            pieces.append(shots[each])
    return pieces


async def _slate(episode: Episode, outcome: Outcome, kept: KeptPieces, folder: Path) -> Piece:
    """A slate as long as the shot would be; as five seconds where the vendor would have decided."""
    shot = episode.shot(outcome.key)
    frames = frame_count(shot.cut_s or shot.edit.length_s(AUTO_S) or AUTO_S, episode.master.fps)
    reason = outcome.message or outcome.state.value
    path = await kept_slate(
        outcome.key, episode.title, reason, frames=frames, master=episode.master, kept=kept, scratch=folder
    )
    return Piece.of(shot, frames, path, None)


def _held_piece(card: Card, order: Sequence[str | Card], place: int, shots: Mapping[str, Piece]) -> Piece | None:
    """The shot whose frame a card holds: the nearest after it, or before it; None where it holds none."""
    hold = card.look.ground.hold
    if hold is None:
        return None
    beside = order[place + 1 :] if hold is Hold.NEXT else order[:place][::-1]
    return next((shots[each] for each in beside if isinstance(each, str)), None)


async def _still(card: Card, held: Piece | None, fps: Fraction, folder: Path) -> Path | None:
    """The frame that a card holds, as a picture."""
    if held is None:
        return None
    frame = held.frame_at(0 if card.look.ground.hold is Hold.NEXT else held.frames - 1, fps)
    target = folder / f"held-{card.key}.png"
    await asyncio.to_thread(extract_frame, held.path, frame or 0, target)
    return target
