"""Cards: what a shot without pictures shows, and the ground on which cut-outs stand where no location is given."""

from __future__ import annotations

import colorsys
import math

from PIL import Image, ImageFilter, ImageOps

from render.animatic.brief import Brief
from render.animatic.lettering import LEADING, block_mask, line_mask, shorten, wrap
from storyboard.text.printable import one_line

_INK = (247, 242, 232)
_WORDS = 320  # characters of a prompt that a card shows at most

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""


def draw_backdrop(brief: Brief, mood: Image.Image | None) -> Image.Image:
    """A quiet ground: the style board out of focus, or a gradient in the shot's own hue."""
    size = brief.width, brief.height
    if mood is None:
        return _gradient(size, _colour(brief.shade, 0.42, 0.36), _colour(brief.shade + 28, 0.55, 0.13))
    soft = ImageOps.fit(mood, (64, max(2, round(64 * brief.height / brief.width))), Image.Resampling.BOX)
    ground = soft.filter(ImageFilter.GaussianBlur(5)).resize(size, Image.Resampling.BICUBIC)
    return Image.blend(ground, Image.new("RGB", size, (16, 17, 22)), 0.45)


def draw_card(brief: Brief, mood: Image.Image | None) -> Image.Image:
    """The prompt's words, set large on the ground: a shot without any reference still plays in its place."""
    card = draw_backdrop(brief, mood)
    unit = math.sqrt(brief.width * brief.height)
    room = brief.width * 0.78
    words = shortened(one_line(brief.prompt), _WORDS)
    letters, lines = _fitting(words, unit, room, brief.height * 0.56)
    block = block_mask(lines, letters)
    left = round(brief.width * 0.11)
    top = max(round(brief.height * 0.16), (round(brief.height * 0.92) - block.height) // 2)
    rule = max(1, round(unit * 0.004))
    card.paste(_colour(brief.shade + 40, 0.55, 0.92), (left, top - rule * 7, left + round(unit * 0.07), top - rule * 6))
    if brief.title:
        small = max(7, round(unit * 0.02))
        title = line_mask(shorten(one_line(brief.title), small, room), small)
        card.paste(_colour(brief.shade + 40, 0.25, 0.86), (left, top - rule * 9 - title.height), title)
    card.paste(_INK, (left, top), block)
    return card


def shortened(text: str, most: int) -> str:
    """At most so many characters, ended at a word."""
    return text if len(text) <= most else text[:most].rpartition(" ")[0].rstrip(",;:. ") + "…"


def _fitting(words: str, unit: float, room: float, height: float) -> tuple[int, list[str]]:
    """The largest letters in which the words fit the card."""
    for share in (0.062, 0.052, 0.044, 0.038, 0.033):
        letters = max(7, round(unit * share))
        most = max(1, int(height / (letters * LEADING)))
        lines = wrap(words, letters, room, most)
        if not lines[-1].endswith("…"):
            break
    return letters, lines


def _gradient(size: tuple[int, int], top: Colour, foot: Colour) -> Image.Image:
    """From one colour to another down the picture, lighter where the eye begins."""
    ramp = Image.linear_gradient("L").resize(size, Image.Resampling.BICUBIC)
    ground = Image.composite(Image.new("RGB", size, foot), Image.new("RGB", size, top), ramp)
    glow = ImageOps.invert(Image.radial_gradient("L")).resize((size[0] * 2, size[1] * 2), Image.Resampling.BICUBIC)
    light = glow.crop((round(size[0] * 0.7), round(size[1] * 0.7), round(size[0] * 1.7), round(size[1] * 1.7)))
    return Image.composite(Image.blend(ground, Image.new("RGB", size, _INK), 0.12), ground, light)


def _colour(hue: int, saturation: float, value: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue % 360 / 360, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)
