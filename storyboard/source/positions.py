"""Where each value of a document is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from storyboard.errors import Position

Path = tuple[str | int, ...]
"""Keys and indices from the top of a document: `("scenes", 0, "shots", 2, "prompt")`."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One value: where it begins, where its key does, and how a single value is spelled."""

    value: Position
    key: Position | None = None  # None for the items of a list, and for the document itself
    spelling: str | None = None  # None for lists and mappings
    cut: Position | None = None  # where a comment begins that may have been meant as text


@dataclass(frozen=True, slots=True)
class Positions:
    """Every value of a document by its path."""

    file: str
    spots: Mapping[Path, Spot]

    def value(self, path: Path) -> Position:
        """Where the value begins, or the nearest existing one that holds it."""
        spot = self._nearest(path)
        return spot.value if spot else Position(self.file)

    def key(self, path: Path) -> Position:
        """Where its key begins; for an item of a list, where the item does."""
        spot = self._nearest(path)
        if spot is None:
            return Position(self.file)
        return spot.key or spot.value

    def spelling(self, path: Path) -> str | None:
        """A single value exactly as it stands in the file, without quotes."""
        spot = self.spots.get(path)
        return spot.spelling if spot else None

    def _nearest(self, path: Path) -> Spot | None:
        for length in range(len(path), -1, -1):
            spot = self.spots.get(path[:length])
            if spot is not None:
                return spot
        return None
