"""The master's timeline: on which frame of it each shot starts and ends. Pure.

The cut lays picture and sound by it, manifest and contact sheet tell it, and nobody else adds lengths up. What lies
along the master beside the shots belongs here too. Frames count from 0, at the master's rate. How many of them a shot
takes, `storyboard.continuity.timing` says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from storyboard.edit import TransitionKind


@dataclass(frozen=True, slots=True)
class Span:
    """A shot's place in the master, in frames."""

    start: int
    frames: int

    @property
    def end(self) -> int:
        """The frame after its last one."""
        return self.start + self.frames


@dataclass(frozen=True, slots=True, kw_only=True)
class Seam:
    """One transition. `number` is that of the piece it leads into, from 0; after the last one it leads to black."""

    number: int
    kind: TransitionKind
    cut: int  # the frame of the master on which the second picture would begin without it
    before: int  # frames of it before that
    after: int  # and from there on
    held_out: int = 0  # frames for which the first picture's last frame is held, as its clip has no more
    held_in: int = 0  # and the second one's first, before it moves

    @property
    def frames(self) -> int:
        """How long it is."""
        return self.before + self.after

    @property
    def held(self) -> int:
        """Frames that neither clip has."""
        return self.held_out + self.held_in


@dataclass(frozen=True, slots=True)
class Timeline:
    """Every shot of one master at its place, in the order of the story, and the transitions that lie over the cuts."""

    fps: Fraction
    keys: tuple[str, ...]  # SCENE/SHOT
    spans: tuple[Span, ...]  # beside `keys`
    seams: tuple[Seam, ...] = ()  # in order of time

    @classmethod
    def laid(cls, lengths: Iterable[tuple[str, int]], fps: Fraction) -> Timeline:
        """Shots of so many frames, each beginning where the one before it ends."""
        keys, spans, at = [], [], 0
        for key, frames in lengths:
            keys.append(key)
            spans.append(Span(at, frames))
            at += frames
        return cls(fps, tuple(keys), tuple(spans))

    @property
    def frames(self) -> int:
        """How many frames the whole master has."""
        return max((span.end for span in self.spans), default=0)

    def span(self, key: str) -> Span:
        """Where this shot stands. Raises KeyError where the master has none of that name."""
        for each, span in zip(self.keys, self.spans, strict=True):
            if each == key:
                return span
        raise KeyError(key)

    def seconds(self, frames: int) -> Fraction:
        """How long so many frames last, or when the frame of that number begins. Exact."""
        return frames / self.fps
