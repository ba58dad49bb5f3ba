"""The master's timeline: on which frame of it each shot starts and ends. Pure.

The cut lays picture and sound by it, manifest and contact sheet tell it, and nobody else adds lengths up. What lies
along the master beside the shots belongs here too. Frames count from 0, at the master's rate. How many of them a shot
takes, `storyboard.continuity.timing` says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Span:
    """A shot's place in the master, in frames."""

    start: int
    frames: int

    @property
    def end(self) -> int:
        """The frame after its last one."""
        return self.start + self.frames


@dataclass(frozen=True, slots=True)
class Timeline:
    """Every shot of one master at its place, in the order of the story."""

    fps: Fraction
    keys: tuple[str, ...]  # SCENE/SHOT
    spans: tuple[Span, ...]  # beside `keys`

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
