"""What each shot gives to its episode's cut: the circled clip, or a slate where it is missing; nothing where waived."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from render.animatic.slate import draw_slate
from render.concurrency.together import together
from render.context import RunContext
from render.cut.cut_plan import Piece
from render.episode.cutting_room import piece_of
from render.media.sound_samples import CHANNELS
from render.takes.outcomes import Outcome, ShotState
from storyboard.continuity.timing import AUTO_S, frame_count
from storyboard.shot import Episode


async def episode_pieces(
    context: RunContext, episode: Episode, outcomes: Sequence[Outcome], folder: Path
) -> list[Piece]:
    """The pieces of the cut in story order; slates are drawn into `folder`."""
    return await together(
        _slate(episode, outcome, folder) if outcome.clip is None else piece_of(context.store, episode, outcome)
        for outcome in outcomes
        if outcome.state is not ShotState.WAIVED
    )


def clips_to_look_into(pieces: Sequence[Piece]) -> list[Path]:
    """The clips whose sound may have more channels than a master's: all but those that were counted when they came."""
    return [
        piece.path
        for piece in pieces
        if piece.clip is not None and not (piece.clip.audio_channels and piece.clip.audio_channels <= CHANNELS)
    ]


async def _slate(episode: Episode, outcome: Outcome, folder: Path) -> Piece:
    """A slate as long as the shot would be; five seconds where the vendor would have decided."""
    shot = episode.shot(outcome.key)
    frames = frame_count(shot.duration_s or AUTO_S, episode.master.fps)
    path = folder / f"slate-{shot.index}.mp4"
    reason = outcome.message or outcome.state.value
    await draw_slate(outcome.key, episode.title, reason, frames=frames, master=episode.master, target=path)
    return Piece.of(shot, frames, path, None)
