"""Pieces, facts and plans for tests of what is heard when: by hand, nothing from a disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from storyboard.edit import Edit, TransitionKind
from storyboard.timeline.clip_sounds import PieceSound
from storyboard.timeline.master_timeline import Timeline
from storyboard.timeline.sound_facts import HOP, Quiet, SoundFacts
from storyboard.timeline.source_range import Footage

RATE = 48_000
FPS = Fraction(24)


@dataclass(frozen=True)
class Seam:
    """A transition over a cut."""

    kind: TransitionKind
    cut: int
    before: int
    after: int


def footage(slots: int, *, first: int = 0, available: int | None = None, **more: object) -> Footage:
    """So many frames of a clip."""
    there = first + slots if available is None else available
    return Footage(first=first, slots=slots, available=there, **more)  # type: ignore[arg-type]


def piece(key: str, shown: Footage | None = None, **edit: object) -> PieceSound:
    """A piece whose clip's hash is its key; a slate where nothing is shown."""
    return PieceSound(key=key, footage=shown, sha256=key if shown else None, edit=Edit(**edit))  # type: ignore[arg-type]


def laid(pieces: Sequence[PieceSound], frames: Sequence[int] | None = None, fps: Fraction = FPS) -> Timeline:
    """The timeline of these pieces; slates take as many frames as is said."""
    lengths = [each.footage.frames if each.footage else 24 for each in pieces] if frames is None else frames
    return Timeline.laid(zip([each.key for each in pieces], lengths, strict=True), fps)


def facts(seconds: float, lufs: float = -23, quiet: int | None = None, **more: object) -> SoundFacts:
    """A sound of so many seconds that is as loud all the time; its quietest second is so many hundredths of a dBFS."""
    samples = round(seconds * RATE)
    found = None if quiet is None else Quiet(0, RATE, quiet)
    told = {"momentary": (round(lufs * 100),) * (samples // HOP), "quiet": found, **more}
    return SoundFacts(samples=samples, **told)  # type: ignore[arg-type]
