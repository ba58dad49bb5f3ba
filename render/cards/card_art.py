"""Draws a card's frames: its ground, its lines where the layout has them, and how they fade or roll."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import floor
from pathlib import Path

from PIL import Image, ImageColor, ImageFilter, ImageOps

from render.cards.card_layout import CardLayout, PlacedLine
from render.media.pictures import decoded, laid_on
from storyboard.card_piece import Card, CardLook, Fade, Ground, PictureFit
from storyboard.continuity.timing import nearest_frame
from storyboard.shot import MasterFormat

Colour = tuple[int, int, int]
_BLACK: Colour = (0, 0, 0)


def draw_ground(ground: Ground, picture: Path | None, master: MasterFormat) -> Image.Image:
    """What stands behind the texts, in the master's size. Raises MediaError where the picture cannot be read."""
    size, colour = (master.width, master.height), _rgb(ground.colour)
    if picture is None:
        return Image.new("RGB", size, colour)
    shown = laid_on(decoded(picture, about=max(size)), colour)
    if ground.fit is PictureFit.COVER:
        filled = ImageOps.fit(shown, size, Image.Resampling.LANCZOS)
    else:
        filled = ImageOps.pad(shown, size, Image.Resampling.LANCZOS, color=colour)
    return Image.blend(filled, Image.new("RGB", size, _BLACK), float(ground.darken) / 100)


def card_frames(
    card: Card, layout: CardLayout, ground: Image.Image, master: MasterFormat, *, bare: Image.Image | None = None
) -> Iterator[bytes]:
    """The card's frames as raw RGB (8 bits, row by row), exactly as many as it has.

    `bare` is the ground from which its texts come and into which they go: a held frame before it is darkened, so that
    the shot which it is of goes on without a seam. By default the ground.
    """
    sheet = _Sheet(layout, ground)
    faded = _fades(card.look, card.frames, master)
    base = (bare or ground) if card.look.fade is Fade.TEXT else Image.new("RGB", ground.size, _BLACK)
    kept: tuple[tuple[float, float], bytes] | None = None
    for frame in range(card.frames):
        top = _top(card, layout, master, frame) if card.look.rolls else 0.0
        if kept is None or kept[0] != (top, faded[frame]):
            picture = sheet.at(top)
            shown = picture if faded[frame] >= 1 else Image.blend(base, picture, faded[frame])
            kept = (top, faded[frame]), shown.tobytes()
        yield kept[1]


def card_picture(layout: CardLayout, ground: Image.Image) -> Image.Image:
    """The card as it stands between its fades; of one that rolls, its first screen."""
    return _Sheet(layout, ground).at(0.0)


def _top(card: Card, layout: CardLayout, master: MasterFormat, frame: int) -> float:
    """Where what rolls begins in this frame: from just below the picture to just above it, at one pace."""
    way = master.height + layout.height
    return master.height - way * frame / max(1, card.frames - 1)


def _fades(look: CardLook, frames: int, master: MasterFormat) -> list[float]:
    """How much of the card is seen in each frame, 0 to 1. No frame is wholly black: the cut beside it is."""
    rises, falls = (nearest_frame(each, master.fps) for each in (look.fade_in_s, look.fade_out_s))
    return [min(1.0, (frame + 1) / (rises + 1), (frames - frame) / (falls + 1)) for frame in range(frames)]


@dataclass(slots=True)
class _Sheet:
    """A card's lines over its ground, drawn as they come into sight and forgotten when they leave it."""

    layout: CardLayout
    ground: Image.Image
    _masks: dict[int, _Mask] = field(default_factory=dict)
    _pictures: dict[int, Image.Image] = field(default_factory=dict)  # by the row in which the lines begin

    def at(self, top: float) -> Image.Image:
        """The picture with its lines so many pixels farther down; between two rows of pixels, both are mixed."""
        row = floor(top)
        wanted = {row: self._picture(row)} if top == row else {each: self._picture(each) for each in (row, row + 1)}
        self._pictures = wanted
        return wanted[row] if top == row else Image.blend(wanted[row], wanted[row + 1], top - row)

    def _picture(self, row: int) -> Image.Image:
        if row in self._pictures:
            return self._pictures[row]
        picture = self.ground.copy()
        for place, line in enumerate(self.layout.lines):
            if self._is_seen(line, row):
                if place not in self._masks:
                    self._masks[place] = _Mask.of(line)
                self._masks[place].lay(picture, row)
            else:
                self._masks.pop(place, None)
        return picture

    def _is_seen(self, line: PlacedLine, row: int) -> bool:
        _, top, _, bottom = line.ink
        reach = line.line.size  # of its shadow
        return bottom + row + reach > 0 and top + row - reach < self.ground.height


@dataclass(frozen=True, slots=True)
class _Mask:
    """A line as masks to colour, at its place in the picture."""

    letters: Image.Image
    shadow: Image.Image | None
    left: int
    top: int
    colour: Colour

    @classmethod
    def of(cls, placed: PlacedLine) -> _Mask:
        pad = placed.line.size if placed.text.shadow else 2
        box = placed.ink
        left, top = floor(box[0]) - pad, floor(box[1]) - pad
        size = (max(1, floor(box[2]) + pad + 1 - left), max(1, floor(box[3]) + pad + 1 - top))
        letters = Image.new("L", size)
        placed.line.draw(letters, placed.x - left, placed.baseline - top)
        shadow = _shadow(letters, placed) if placed.text.shadow else None
        return cls(_scaled(letters, placed.strength), shadow, left, top, _rgb(placed.text.colour))

    def lay(self, picture: Image.Image, row: int) -> None:
        at = (self.left, self.top + row)
        if self.shadow is not None:
            picture.paste(_BLACK, at, self.shadow)
        picture.paste(self.colour, at, self.letters)


def _shadow(letters: Image.Image, placed: PlacedLine) -> Image.Image:
    """The letters out of focus, widened so that a fully dark one is fully dark behind thin strokes too."""
    soft = letters.filter(ImageFilter.GaussianBlur(max(1.0, placed.line.size / 7)))
    return soft.point([min(255, round(level * 2.2 * float(placed.text.shadow) / 100)) for level in range(256)])


def _scaled(mask: Image.Image, share: float) -> Image.Image:
    return mask if share >= 1 else mask.point([round(level * share) for level in range(256)])


def _rgb(colour: str) -> Colour:
    red, green, blue, *_ = ImageColor.getrgb(colour)
    return red, green, blue
