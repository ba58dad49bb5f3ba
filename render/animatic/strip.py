"""The burnt-in strip: the shot's key, its running time and its lines, over the foot of the picture."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

from PIL import Image, ImageFilter

from render.animatic.brief import Brief, Cue
from render.animatic.lettering import LEADING, block_mask, line_mask, shorten, width, wrap
from storyboard.text.printable import one_line

_INK = (246, 243, 236)
_FAINT = (196, 192, 184)
_AMBER = (242, 178, 84)
_DARKEST = 168  # of 255, at the very foot
_FADE_FRAMES = 3


def letter_size(frame_width: int, frame_height: int) -> int:
    """The strip's letters in pixels: the same share of the picture's area in every ratio."""
    return max(7, round(0.0215 * math.sqrt(frame_width * frame_height)))


def strip_height(frame_width: int, frame_height: int) -> int:
    """The pixels of the picture's foot that the key and the time stand on."""
    return round(letter_size(frame_width, frame_height) * 2.3)


def running_time(frame: int, fps: Fraction) -> str:
    """mm:ss:ff of a frame counted from 0. At broken rates seconds are counted in whole frames, as film does."""
    per_second = math.ceil(fps)
    seconds, frames = divmod(frame, per_second)
    return f"{seconds // 60:02d}:{seconds % 60:02d}:{frames:02d}"


class Strip:
    """Draws the strip of one shot; everything that stays the same is lettered once."""

    def __init__(self, brief: Brief) -> None:
        self._brief = brief
        self._size = letter_size(brief.width, brief.height)
        self._margin = round(self._size * 1.1)
        self._baseline_top = brief.height - round(self._size * 1.95)
        self._scrim = _scrim(brief.width, round(strip_height(brief.width, brief.height) * 1.9))
        self._key, self._title = self._labels()
        self._subtitles = {cue: _Subtitle(cue, brief, self._size) for cue in brief.cues}

    def burn(self, picture: Image.Image, frame: int) -> None:
        """Draw the strip of one frame into the picture."""
        picture.paste((8, 9, 12), (0, picture.height - self._scrim.height), self._scrim)
        picture.paste(_INK, (self._margin, self._baseline_top), self._key)
        if self._title is not None:
            left = self._margin + self._key.width + self._size // 2
            picture.paste(_FAINT, (left, self._baseline_top), self._title)
        self._burn_time(picture, running_time(frame, self._brief.fps))
        self._burn_progress(picture, frame)
        for cue, subtitle in self._subtitles.items():
            if cue.start <= frame < cue.end:
                subtitle.burn(picture, frame)

    def _labels(self) -> tuple[Image.Image, Image.Image | None]:
        room = self._brief.width - 2 * self._margin - 10 * self._size * 0.62
        key = shorten(one_line(self._brief.key), self._size, room)
        left = room - width(key, self._size) - self._size
        title = shorten(one_line(self._brief.title), self._size, left) if left > 4 * self._size else ""
        return line_mask(key, self._size), line_mask(title, self._size) if title else None

    def _burn_time(self, picture: Image.Image, time: str) -> None:
        """Figures stand in cells of one width, so that they do not dance."""
        cell = math.ceil(width("0", self._size))
        right = self._brief.width - self._margin
        for character in reversed(time):
            mask = _figure(character, self._size)
            right -= cell if character.isdigit() else math.ceil(cell * 0.55)
            picture.paste(_INK, (right, self._baseline_top), mask)

    def _burn_progress(self, picture: Image.Image, frame: int) -> None:
        """A thin line that grows along the foot, with a gap at each beat."""
        thick = max(1, round(self._size / 9))
        top = self._brief.height - thick
        reached = round(self._brief.width * (frame + 1) / self._brief.frames)
        picture.paste(_AMBER, (0, top, reached, self._brief.height))
        for beat in self._brief.beats:
            x = round(self._brief.width * beat / self._brief.frames)
            picture.paste((8, 9, 12), (max(0, x - thick), top, x + thick, self._brief.height))


class _Subtitle:
    """One spoken line, lettered once, with a soft shadow that keeps it readable on a bright sky."""

    def __init__(self, cue: Cue, brief: Brief, size: int) -> None:
        letters = round(size * 1.3)
        most = 2 if brief.width > brief.height else 4
        lines = wrap(cue.text, letters, brief.width * 0.84, most)
        text = block_mask(lines, letters, centred=True)
        pad = letters
        self._letters = Image.new("L", (text.width + 2 * pad, text.height + 2 * pad))
        self._letters.paste(text, (pad, pad))
        soft = self._letters.filter(ImageFilter.GaussianBlur(letters / 4))
        self._shadow = soft.point(lambda level: min(215, round(level * 2.4)))
        foot = brief.height - strip_height(brief.width, brief.height)
        self._at = (brief.width - self._letters.width) // 2, foot - text.height - pad - round(letters * (LEADING - 1.3))
        self._cue = cue

    def burn(self, picture: Image.Image, frame: int) -> None:
        presence = min(1.0, (frame - self._cue.start + 1) / _FADE_FRAMES, (self._cue.end - frame) / _FADE_FRAMES)
        picture.paste((6, 7, 10), self._at, _faded(self._shadow, presence))
        picture.paste(_INK, self._at, _faded(self._letters, presence))


def _faded(mask: Image.Image, presence: float) -> Image.Image:
    return mask if presence >= 1 else mask.point(lambda level: round(level * presence))


@lru_cache(maxsize=64)
def _figure(character: str, size: int) -> Image.Image:
    return line_mask(character, size)


@lru_cache(maxsize=16)
def _scrim(frame_width: int, height: int) -> Image.Image:
    """Nothing above, dark at the foot."""
    column = Image.new("L", (1, height))
    column.putdata([round(_DARKEST * min(1.0, (y / height) * 1.35) ** 1.6) for y in range(height)])
    return column.resize((frame_width, height))
