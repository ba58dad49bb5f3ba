"""What is heard of an episode's cut: every file is listened to once, and from that the sound is planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from render.context import RunContext
from render.cut.cut_episode import Score
from render.cut.cut_plan import Piece
from render.mix.known_sounds import known_sounds
from storyboard.continuity.sound_files import sound_files
from storyboard.shot import Episode
from storyboard.timeline.clip_sounds import PieceSound
from storyboard.timeline.episode_sounds import episode_sounds, speaking_clips
from storyboard.timeline.line_sounds import PlacedLine, placed_lines
from storyboard.timeline.master_timeline import Timeline


@dataclass(frozen=True, slots=True)
class EpisodeSound:
    """What is heard of a master, and where its recorded lines stand."""

    score: Score
    lines: tuple[PlacedLine, ...]


async def episode_sound(
    context: RunContext,
    episode: Episode,
    pieces: Sequence[Piece],
    timeline: Timeline,
    references: Mapping[str, str],
) -> EpisodeSound:
    """The sound under these pieces; `references` gives the sha256 of each source.

    Raises MediaError where a file has no sound, or is not whole.
    """
    shots = [piece.key for piece in pieces if not piece.card]
    hashes = {source: references[source] for source in sound_files(episode, shots)}
    suffixes = {sha256: Path(source).suffix for source, sha256 in hashes.items()}
    clips = {piece.clip.sha256: piece.path for piece in pieces if piece.clip is not None}
    local = context.store.local_path
    files = {each: await context.in_thread(local, each, suffix) for each, suffix in suffixes.items()}
    sounds = [_sound(piece, timeline) for piece in pieces]
    known = await known_sounds(files, clips, speaking=speaking_clips(episode, sounds))
    plan = episode_sounds(episode, timeline, sounds, hashes, known, seams=timeline.seams)
    score = Score(plan=plan, sources=files | clips, loudness=episode.loudness)
    return EpisodeSound(score, placed_lines(timeline, episode.shots, hashes, known))


def _sound(piece: Piece, timeline: Timeline) -> PieceSound:
    if piece.clip is None:
        return PieceSound(key=piece.key)
    footage = piece.footage(timeline.fps)
    return PieceSound(key=piece.key, footage=footage, sha256=piece.clip.sha256, edit=piece.edit)
