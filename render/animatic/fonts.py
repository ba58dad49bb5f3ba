"""Which font shows which characters: Pillow's own first, then whatever the system has.

Pillow carries one Latin font, so a machine without any still letters well and every machine letters Latin the same.
The system's fonts are looked at only when a text needs a character that this one lacks.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from itertools import groupby
from pathlib import Path

from PIL import ImageFont

from render.animatic.cmap import Coverage, read_coverage
from storyboard.text.letters import begins_right

_SUFFIXES = frozenset({".ttf", ".otf", ".ttc"})
_FAMILIES = ("notosans", "dejavusans", "liberationsans", "arial", "segoeui", "helvetica", "roboto", "unifont")
_STYLED = re.compile(r"bold|italic|oblique|condensed|narrow|mono|serif|light|thin|black|math|emoji|symbol")
_SAMPLE_SIZE = 16


@dataclass(frozen=True, slots=True)
class Typeface:
    """A font file and what it covers. `path` is None for the font that Pillow carries."""

    path: Path | None
    coverage: Coverage

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        """The font at a size in pixels."""
        return _load(self.path, size)

    def covers(self, text: str) -> bool:
        """Whether every visible character of the text has a glyph."""
        return all(is_invisible(character) or character in self.coverage for character in text)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one typeface."""

    text: str
    typeface: Typeface


def runs(text: str, folders: Sequence[Path] | None = None) -> list[Run]:
    """Split a text by the fonts that can show it; what no font can show becomes a readable note in its place.

    One font for the whole text is preferred, since only then can letters of several scripts be ordered and joined
    by the shaper. `folders` are where to look for fonts; the system's own by default.
    """
    faces = _Faces(tuple(folders) if folders is not None else font_folders())
    if whole := faces.covering(text):
        return [Run(text, whole)]
    found = [Run(part, face) if face else Run(_note(part), faces.first) for face, part in _parts(text, faces)]
    return found[::-1] if begins_right(text) else found


def font_of_this_machine(text: str) -> Path | None:
    """A font file of the system's that has every letter of the text; None where there is none."""
    found = _Faces(font_folders()).covering(text)
    return found.path if found else None


@cache
def font_folders() -> tuple[Path, ...]:
    """Where Linux, macOS and Windows keep fonts, those that exist."""
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - stays `~` where nobody has a home, and raises nothing
    windows = [os.environ.get("WINDIR", ""), os.environ.get("LOCALAPPDATA", "")]
    candidates = [
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        home / ".local/share/fonts",
        home / ".fonts",
        Path("/System/Library/Fonts"),
        Path("/Library/Fonts"),
        home / "Library/Fonts",
        *(Path(root) / part for root, part in zip(windows, ("Fonts", "Microsoft/Windows/Fonts"), strict=True) if root),
    ]
    return tuple(folder for folder in candidates if folder.is_dir())


@dataclass(frozen=True, slots=True)
class _Faces:
    """The bundled font, then the system's, best first."""

    folders: tuple[Path, ...]

    @property
    def first(self) -> Typeface:
        return bundled()

    def __iter__(self) -> Iterator[Typeface]:
        yield bundled()
        yield from (_open(path) for path in _font_files(self.folders))

    def covering(self, text: str) -> Typeface | None:
        """One font for all of the text, if there is one."""
        return next((face for face in self if face.covers(text)), None)


def _parts(text: str, faces: _Faces) -> list[tuple[Typeface | None, str]]:
    """Group the letters by the first font that has them; marks stay with their letter, spaces with their word."""
    letters: list[tuple[Typeface | None, str]] = []
    for character in text:
        if letters and (is_invisible(character) or unicodedata.category(character) in {"Mn", "Mc", "Me"}):
            letters.append((letters[-1][0], character))
            continue
        face = _showing(faces.folders, character)
        plain = character if face else _plain(character)
        letters += [(face or _showing(faces.folders, letter), letter) for letter in plain]
    return [(face, "".join(letter for _, letter in part)) for face, part in groupby(letters, key=lambda pair: pair[0])]


@lru_cache(maxsize=4096)
def _showing(folders: tuple[Path, ...], character: str) -> Typeface | None:
    return next((face for face in _Faces(folders) if character in face.coverage), None)


@lru_cache(maxsize=8)
def _font_files(folders: tuple[Path, ...]) -> tuple[Path, ...]:
    """Every font file under the folders: plain sans-serif faces first, in an order that does not depend on the disk."""
    files = {
        Path(parent) / name
        for folder in folders
        for parent, _, names in os.walk(folder)
        for name in names
        if Path(name).suffix.lower() in _SUFFIXES
    }
    return tuple(sorted(files, key=_plainness))


def _plainness(path: Path) -> tuple[int, int, str]:
    name = re.sub(r"[^a-z0-9]", "", path.stem.lower())
    family = next((place for place, family in enumerate(_FAMILIES) if name.startswith(family)), len(_FAMILIES))
    return len(_STYLED.findall(name)), family, str(path)


@cache
def bundled() -> Typeface:
    """The font that Pillow carries: a plain sans-serif with the letters of ASCII."""
    font = ImageFont.load_default(_SAMPLE_SIZE)
    source = font.path if isinstance(font, ImageFont.FreeTypeFont) else b""
    return Typeface(None, read_coverage(source if isinstance(source, BytesIO) else BytesIO()))


@lru_cache(maxsize=512)
def _open(path: Path) -> Typeface:
    try:
        with path.open("rb") as file:
            return Typeface(path, read_coverage(file))
    except OSError:
        return Typeface(path, Coverage((), ()))


@lru_cache(maxsize=128)
def _load(path: Path | None, size: int) -> ImageFont.FreeTypeFont:
    if path is not None:
        return ImageFont.truetype(path, size)
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise RuntimeError("Pillow was built without FreeType, so nothing can be lettered; install Pillow's own wheel")
    return font


def is_invisible(character: str) -> bool:
    """Whether it is one of the characters without a shape of their own: they follow whatever font they stand in."""
    return unicodedata.category(character) in {"Cf", "Cc", "Zs"}


def _plain(character: str) -> str:
    """The nearest plain letters ("é" as "e", a long dash as a short one), for a machine without fonts."""
    if unicodedata.category(character) == "Pd":
        return "-"
    letters = (letter for letter in unicodedata.normalize("NFKD", character) if not unicodedata.combining(letter))
    return "".join(letters) or character


def _note(part: str) -> str:
    """What stands in for letters that no font has, so that nobody takes an empty box for the text."""
    visible = [letter for letter in part if not is_invisible(letter)] or list(part)
    return f"[{len(visible)} {_script(visible[0])}, no font]" + part[len(part.rstrip()) :]


def _script(character: str) -> str:
    """The script of a letter by its Unicode name: "CJK", "Devanagari", "Hangul"."""
    if not unicodedata.category(character).startswith("L"):
        return "symbol"
    word = unicodedata.name(character, "unknown").split()[0]
    return word if word == "CJK" else word.title()
