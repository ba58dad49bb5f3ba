"""The fonts of a card's texts: files of the project, or the one that Pillow carries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from render.animatic.cmap import read_coverage
from render.animatic.fonts import Typeface, bundled
from render.errors import MediaError
from render.store.plain_files import open_plain
from storyboard.card_piece import CardText

FileOf = Callable[[str], Path]
"""Gives the file of a source that the YAML names: in the project's folder, or in the store."""

_ANY_SIZE = 16


@dataclass(frozen=True, slots=True)
class CardFonts:
    """Opens the fonts of texts."""

    file_of: FileOf

    def faces(self, text: CardText) -> tuple[Typeface, ...]:
        """The fonts of a text, best first. Raises MediaError for one that is no font."""
        return tuple(self.face(source) for source in text.fonts) or (bundled(),)

    def face(self, source: str) -> Typeface:
        """One font. Raises MediaError where the file is none that letters can be drawn with."""
        path = self.file_of(source)
        try:
            changed = path.stat().st_mtime_ns
        except OSError as error:
            raise MediaError(f"the font {source} cannot be read: {error.strerror or error}") from error
        face = _opened(path, changed)
        if face is None:
            raise MediaError(
                f"{source} is no font that can be used", "Use an outline font: a TrueType or OpenType file, unpacked"
            )
        return face


@lru_cache(maxsize=64)
def _opened(path: Path, _changed: int) -> Typeface | None:
    """The font with what it covers; None where it is none. Remembered until the file changes."""
    try:
        with open_plain(path, links=True) as file:
            coverage = read_coverage(file)
        ImageFont.truetype(path, _ANY_SIZE).getbbox("A")
    except (OSError, ValueError, MemoryError):
        return None
    return Typeface(path, coverage) if coverage.starts else None
