"""What is heard of an episode's cut: every file is listened to once, and from that the sound is planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from render.context import RunContext
from render.cut.cut_episode import Score
from render.cut.cut_plan import Piece
from render.mix.listening import listened
from render.mix.side_by_side import side_by_side
from storyboard.continuity.sound_files import sound_files
from storyboard.shot import Episode
from storyboard.timeline.clip_sounds import PieceSound
from storyboard.timeline.episode_sounds import episode_sounds
from storyboard.timeline.master_timeline import Timeline


async def episode_sound(
    context: RunContext,
    episode: Episode,
    pieces: Sequence[Piece],
    timeline: Timeline,
    references: Mapping[str, str],
) -> Score:
    """The sound under these pieces; `references` gives the sha256 of each source.

    Raises MediaError where a file has no sound, or is not whole.
    """
    shots = [piece.key for piece in pieces if not piece.card]
    hashes = {source: references[source] for source in sound_files(episode, shots)}
    suffixes = {sha256: Path(source).suffix for source, sha256 in hashes.items()}
    clips = {piece.clip.sha256: piece.path for piece in pieces if piece.clip is not None}
    local = context.store.local_path
    files = {each: await context.in_thread(local, each, suffix) for each, suffix in suffixes.items()}
    heard = [(path, sha256, True) for sha256, path in clips.items()]
    heard += [(path, sha256, False) for sha256, path in files.items()]
    facts = await side_by_side([partial(listened, path, sha256, clip=clip) for path, sha256, clip in heard])
    known = {sha256: found for (_, sha256, _), found in zip(heard, facts, strict=True)}
    sounds = [_sound(piece, timeline) for piece in pieces]
    plan = episode_sounds(episode, timeline, sounds, hashes, known, seams=timeline.seams)
    return Score(plan=plan, sources=files | clips, loudness=episode.loudness)


def _sound(piece: Piece, timeline: Timeline) -> PieceSound:
    if piece.clip is None:
        return PieceSound(key=piece.key)
    footage = piece.footage(timeline.fps)
    return PieceSound(key=piece.key, footage=footage, sha256=piece.clip.sha256, edit=piece.edit)
