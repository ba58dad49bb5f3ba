"""Which music lies under which shots, and which seconds of a song each shot is made to. Pure.

A scene's own music takes the place of the episode's under it: the episode's waits there, and goes on after it where it
stopped. So an episode's music lies under the shots of all scenes without music of their own, and the seconds that these
are made to follow each other in the song, whatever stands between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from storyboard.shot import Episode, Music, Shot, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class MusicSpan:
    """One piece of music, and the shots that it lies under, in story order."""

    music: Music
    shots: tuple[Shot, ...]

    @property
    def length_s(self) -> Fraction:
        """How long it lies there at least: the lengths that are known."""
        return sum((each.cut_s for each in self.shots if each.cut_s is not None), Fraction(0))

    @property
    def parts(self) -> Mapping[str, Window]:
        """The seconds of the song under each shot, by key. A length that nobody knows counts for nothing.

        Shots that are made to a song are as long in the cut as they are asked for: see `storyboard.expand.edits`.
        """
        parts, at_s = {}, self.music.from_s
        for shot in self.shots:
            end_s = at_s + (shot.duration_s or Decimal(0))
            parts[shot.key] = Window(at_s, end_s)
            at_s = end_s
        return parts


def music_spans(episode: Episode) -> tuple[MusicSpan, ...]:
    """All music of an episode: its own first, then that of its scenes, in story order."""
    return spans_of(episode.shots, episode.music, episode.scene_music)


def spans_of(shots: Sequence[Shot], music: Music | None, scene_music: Mapping[str, Music]) -> tuple[MusicSpan, ...]:
    """The same of an episode that is not whole yet."""
    under = tuple(shot for shot in shots if shot.scene not in scene_music)
    own = [MusicSpan(music=music, shots=under)] if music is not None and under else []
    scenes = (
        MusicSpan(music=each, shots=tuple(shot for shot in shots if shot.scene == scene))
        for scene, each in scene_music.items()
    )
    return (*own, *scenes)
