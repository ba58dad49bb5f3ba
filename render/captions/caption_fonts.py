"""The font in which captions are burnt in: the project's own, else one that has their characters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from PIL import ImageFont

from render.animatic.cmap import Coverage, read_coverage
from render.animatic.fonts import Typeface, runs
from render.errors import MediaError
from storyboard.captions.caption_text import clean
from storyboard.captions.dialogue_signs import labelled
from storyboard.captions.episode_captions import spoken_lines
from storyboard.languages import is_traditional_chinese, primary
from storyboard.shot import Episode

_SAMPLE_SIZE = 100
_MOST_FACES = 64


@dataclass(frozen=True)
class BurnFont:
    """A font file, and what libass knows it by."""

    path: Path | None  # None: the one that Pillow carries
    family: str
    style: str

    @property
    def bold(self) -> bool:
        """Whether it is a bold face, so that libass takes it for what is asked and thickens nothing."""
        return "bold" in self.style.casefold()

    @property
    def italic(self) -> bool:
        """Whether it is slanted."""
        return any(word in self.style.casefold() for word in ("italic", "oblique"))

    @cached_property
    def content(self) -> bytes:
        """The file's bytes."""
        return _bundled() if self.path is None else self.path.read_bytes()

    @cached_property
    def sha256(self) -> str:
        """The hash of these, for the recipes of what is drawn with it."""
        return sha256(self.content).hexdigest()

    def line_height(self, letter_size: int) -> int:
        """How high a line of letters of such a size is, in pixels: fonts leave more or less around their letters."""
        return round(letter_size * sum(self._font.getmetrics()) / _SAMPLE_SIZE)

    def width(self, line: str, line_height: int) -> float:
        """How wide a line is, in pixels, where a line is so high."""
        return self._font.getlength(line) * line_height / sum(self._font.getmetrics())

    def lacking(self, texts: Iterable[str]) -> str:
        """The characters of these texts for which it has no glyph, each once, in the order in which they come."""
        typeface = Typeface(self.path, self._coverage)
        letters = dict.fromkeys(letter for text in texts for letter in text if letter != "\n")
        return "".join(letter for letter in letters if not typeface.covers(letter))

    @cached_property
    def _coverage(self) -> Coverage:
        return read_coverage(BytesIO(self.content))

    @cached_property
    def _font(self) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(BytesIO(self.content), _SAMPLE_SIZE)


def caption_font(texts: Iterable[str], chosen: Path | None, language: str = "") -> BurnFont:
    """The font to draw these texts of a language with: `chosen`, else the first that has all of their characters.

    That is the one that Pillow carries, then those of this machine. Raises MediaError where `chosen` is no font, or
    where none is chosen and none has them all.
    """
    if chosen is not None:
        return _opened(chosen, language)
    letters = "".join(dict.fromkeys("".join(texts).replace("\n", "")))
    found = runs(letters or "A")
    if len(found) == 1 and found[0].typeface.covers(letters):
        return _opened(found[0].typeface.path, language)
    lacking = caption_font((), None).lacking([letters])
    raise MediaError(
        f"no font of this machine has all of {_some(lacking)}, which the subtitles are to be drawn with",
        "Put a font that has them into the project, and name it as `font` under `subtitles`",
    )


def face_number(path: Path, language: str) -> int:
    """Which face of a collection is drawn for the country of a language; 0 of any other file."""
    if path.suffix.lower() != ".ttc":
        return 0
    region = f" {_region(language)}"
    return next((number for number, (family, _) in enumerate(_faces(path)) if family.endswith(region)), 0)


def burnt_in_font(episode: Episode, files: Callable[[str], Path]) -> tuple[BurnFont, str | None] | None:
    """The font for what an episode burns in, and what to tell of it; None where it burns nothing in.

    `files` gives the file of a source. Raises MediaError as `caption_font` does.
    """
    rules = episode.subtitles
    if rules is None or rules.burn_in is None:
        return None
    texts = drawn_texts(episode, rules.burn_in)
    font = caption_font(texts, None if rules.font is None else files(rules.font), rules.burn_in)
    return font, font_note(font, texts)


def drawn_texts(episode: Episode, language: str) -> list[str]:
    """All that is drawn where the subtitles of a language stand in a picture: its lines, and who speaks them."""
    lines = spoken_lines(episode)
    texts = [clean(line.words[language].text) for line in lines if language in line.words]
    speakers = episode.subtitles is not None and episode.subtitles.speakers
    return texts + [labelled("", line.speaker, language) for line in lines if speakers]


def font_note(font: BurnFont, texts: Iterable[str]) -> str | None:
    """What to tell of a font that lacks characters; None where it has them all."""
    lacking = font.lacking(texts)
    if not lacking:
        return None
    name = font.path.name if font.path else font.family
    return (
        f"the font {name} has no glyph for {_some(lacking)}: boxes, or another font of the machine, stand in their "
        "place; choose a font that has them"
    )


def _opened(path: Path | None, language: str) -> BurnFont:
    try:
        faces = _faces(path)
    except (OSError, ValueError) as error:
        name = path.name if path else "Pillow's own font"
        raise MediaError(f"{name} cannot be read as a font: {error}", "Give a TrueType or OpenType font") from error
    region = f" {_region(language)}"
    family, style = next((face for face in faces if face[0].endswith(region)), faces[0])
    return BurnFont(path, family, style)


def _faces(path: Path | None) -> list[tuple[str, str]]:
    """Family and style of each face of a file; a collection has several, of one design for several countries."""
    faces = [_named(path, 0)]
    while path is not None and path.suffix.lower() == ".ttc" and len(faces) < _MOST_FACES:
        try:
            faces.append(_named(path, len(faces)))
        except OSError:
            break
    return faces


def _named(path: Path | None, index: int) -> tuple[str, str]:
    source = BytesIO(_bundled()) if path is None else path
    family, style = ImageFont.truetype(source, _SAMPLE_SIZE, index=index).getname()
    return family or "", style or ""


def _region(language: str) -> str:
    """How collections for Chinese, Japanese and Korean call the face of a language: its signs differ by country."""
    if primary(language) == "zh":
        return "TC" if is_traditional_chinese(language) else "SC"
    return {"ja": "JP", "ko": "KR"}.get(primary(language), "")


def _bundled() -> bytes:
    font = ImageFont.load_default(_SAMPLE_SIZE)
    held = font.path if isinstance(font, ImageFont.FreeTypeFont) else None
    if not isinstance(held, BytesIO):
        raise MediaError("Pillow was built without FreeType, so nothing can be lettered", "Install Pillow's own wheel")
    return held.getvalue()


def _some(letters: str) -> str:
    return " ".join(letters[:20]) + (f" and {len(letters) - 20} more" if len(letters) > 20 else "")
