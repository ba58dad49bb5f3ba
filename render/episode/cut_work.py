"""What a cut made and what it found from before: each stage counts its own parts, and whoever asked for it is told.

    CutWork((PartWork("pieces", copied=97, made=1, reused=2), PartWork("tail frames", made=1, reused=99)))

A stage that is new to the cut adds a `PartWork` of its own where `render.episode.assemble` calls it; nothing else has
to know of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PartWork:
    """How many parts of one kind there are in a cut, by how each came there."""

    what: str  # in the plural, as people are told: "tail frames"
    copied: int = 0  # taken over as it was delivered
    made: int = 0  # now, since nothing of the same inputs was kept
    reused: int = 0  # made before of the same inputs, and found again

    def __str__(self) -> str:
        """`tail frames: 1 made, 19 reused`."""
        counts = ((self.copied, "copied"), (self.made, "made"), (self.reused, "reused"))
        return f"{self.what}: {', '.join(f'{count} {how}' for count, how in counts if count) or 'none'}"


@dataclass(frozen=True, slots=True)
class CutWork:
    """The work of one cut, part by part, in the order in which it is told. `cut` is False where the master stood."""

    parts: tuple[PartWork, ...] = ()
    cut: bool = True

    def plus(self, *parts: PartWork) -> CutWork:
        """With the parts of one more stage."""
        return CutWork((*self.parts, *parts), self.cut)

    def of(self, what: str) -> PartWork:
        """The work on one kind of part; nothing where the cut has none of it."""
        return next((part for part in self.parts if part.what == what), PartWork(what=what))

    def lines(self) -> Iterable[str]:
        """For a person: whether the master was cut, then what there is of each kind of part."""
        yield "master: cut now" if self.cut else "master: not cut again, it stands as it was"
        yield from (str(part) for part in self.parts if part.copied or part.made or part.reused)
