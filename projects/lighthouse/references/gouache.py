"""Gouache with Pillow: flat shapes with a hand's edge, dry-brush texture, light on top.

Everything is drawn at twice its size and scaled down. Chance is seeded, so a picture comes out the same every time.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

Point = tuple[float, float]
Stops = Sequence[tuple[float, str]]
_FINE = 2  # drawn so many times larger


class Sheet:
    """A sheet to paint on. Coordinates are pixels of the finished picture."""

    def __init__(self, width: int, height: int, seed: int, ground: Stops | None = None) -> None:
        self.width, self.height = width, height
        self.chance = random.Random(seed)  # noqa: S311 - a painter's hand, not a secret
        self._size = width * _FINE, height * _FINE
        self.image = Image.new("RGBA", self._size)
        if ground:
            self.image.paste(self._textured(ramp(self._size, ground), 0.35, (420, 26)))

    def shape(
        self,
        points: Sequence[Point],
        colour: str,
        foot: str | None = None,
        *,
        smooth: bool = True,
        rough: float = 0.7,
        soft: float = 0.0,
        strength: float = 1.0,
        within: Image.Image | None = None,
        grain: float = 1.0,
    ) -> Image.Image:
        """Fill an outline, from `colour` at its top to `foot` at its foot; returns what it covers as a mask."""
        outline = self._rough(curve(points) if smooth else list(points), rough)
        mask = Image.new("L", self._size)
        ImageDraw.Draw(mask).polygon([(x * _FINE, y * _FINE) for x, y in outline], fill=255)
        if soft:
            mask = mask.filter(ImageFilter.GaussianBlur(soft * _FINE))
        if within is not None:
            mask = ImageChops.multiply(mask, within)
        self._fill(mask, colour, foot or colour, strength, grain)
        return mask

    def line(self, points: Sequence[Point], colour: str, width: float, end: float | None = None, **how: float) -> None:
        """A brush stroke along a curve, `width` pixels at its start and `end` at its end."""
        path = curve(points, closed=False) if len(points) > 2 else list(points)
        last = width if end is None else end
        left, right = [], []
        for place, (x, y) in enumerate(path):
            before, after = path[max(0, place - 1)], path[min(len(path) - 1, place + 1)]
            angle = math.atan2(after[1] - before[1], after[0] - before[0]) + math.pi / 2
            half = (width + (last - width) * place / max(1, len(path) - 1)) / 2
            left.append((x + half * math.cos(angle), y + half * math.sin(angle)))
            right.append((x - half * math.cos(angle), y - half * math.sin(angle)))
        self.shape(left + right[::-1], colour, smooth=False, rough=how.pop("rough", 0.25), **how)

    def dot(
        self, x: float, y: float, across: float, colour: str, down: float | None = None, **how: float
    ) -> Image.Image:
        """An ellipse."""
        high = across if down is None else down
        turns = [place / 28 * 2 * math.pi for place in range(28)]
        ring = [(x + across / 2 * math.cos(turn), y + high / 2 * math.sin(turn)) for turn in turns]
        return self.shape(ring, colour, rough=how.pop("rough", 0.3), **how)

    def glow(self, x: float, y: float, radius: float, colour: str, strength: float = 1.0) -> None:
        """Light that spreads from a point over everything painted so far."""
        across = round(radius * 2 * _FINE)
        near = [max(0.0, 1 - level / 181) for level in range(256)]  # 181: the gradient's level at the square's edge
        fall = Image.radial_gradient("L").point([round(255 * strength * share**2.2) for share in near])
        light = ImageOps.colorize(fall.resize((across, across), Image.Resampling.BICUBIC), "black", colour)
        field = Image.new("RGB", self._size)
        field.paste(light, (round(x * _FINE - across / 2), round(y * _FINE - across / 2)))
        self._screen(field)

    def beam(self, points: Sequence[Point], colour: str, strength: float, soft: float) -> None:
        """Light with an outline: a beam, a window's patch on the floor."""
        mask = Image.new("L", self._size)
        ImageDraw.Draw(mask).polygon([(x * _FINE, y * _FINE) for x, y in points], fill=round(255 * strength))
        self._screen(ImageOps.colorize(mask.filter(ImageFilter.GaussianBlur(soft * _FINE)), "black", colour))

    def rim(self, mask: Image.Image, dx: float, dy: float, colour: str, strength: float = 0.8) -> None:
        """Light along one edge of something painted before."""
        inside = ImageChops.offset(mask, round(dx * _FINE), round(dy * _FINE))
        edge = ImageChops.subtract(mask, inside).filter(ImageFilter.GaussianBlur(0.8 * _FINE))
        self._fill(ImageChops.multiply(edge, mask), colour, colour, strength, 0.6)

    def tint(self, colour: str, strength: float) -> None:
        """Pull everything toward one colour, as one light does."""
        self.image = Image.blend(
            self.image, ImageChops.multiply(self.image, Image.new("RGBA", self._size, colour)), strength
        )

    def finished(self) -> Image.Image:
        """The picture in its own size, with the tooth of the paper."""
        picture = self.image.resize((self.width, self.height), Image.Resampling.LANCZOS)
        tooth = noise(picture.size, (picture.width // 2, picture.height // 2), self.chance)
        grey = tooth.point(lambda level: 122 + level * 12 // 255)
        colours = ImageChops.soft_light(picture.convert("RGB"), Image.merge("RGB", [grey] * 3))
        return Image.merge("RGBA", (*colours.split(), picture.getchannel("A")))

    def _fill(self, mask: Image.Image, colour: str, foot: str, strength: float, grain: float) -> None:
        box = mask.getbbox()
        if box is None:
            return
        size = box[2] - box[0], box[3] - box[1]
        paint = self._textured(ramp(size, ((0, colour), (1, foot))), grain, (150, 12)).convert("RGBA")
        part = mask.crop(box)
        if strength < 1:
            part = part.point(lambda level: round(level * strength))
        paint.putalpha(part)
        self.image.alpha_composite(paint, box[:2])

    def _textured(self, paint: Image.Image, grain: float, stroke: tuple[int, int]) -> Image.Image:
        """Streaks of a little more and a little less pigment, along the brush."""
        cells = max(2, paint.width // stroke[0]), max(2, paint.height // stroke[1])
        fine = noise(paint.size, (max(2, paint.width // 7), max(2, paint.height // 5)), self.chance)
        streaks = Image.blend(noise(paint.size, cells, self.chance), fine, 0.35)
        light = ImageChops.screen(paint, Image.new("RGB", paint.size, (round(20 * grain),) * 3))
        dark = ImageChops.multiply(paint, Image.new("RGB", paint.size, (round(255 - 24 * grain),) * 3))
        return Image.composite(light, dark, streaks)

    def _screen(self, field: Image.Image) -> None:
        alpha = self.image.getchannel("A")
        lit = ImageChops.screen(self.image.convert("RGB"), field)
        self.image = Image.merge("RGBA", (*lit.split(), alpha))

    def _rough(self, outline: list[Point], amount: float) -> list[Point]:
        return [(x + self.chance.gauss(0, amount), y + self.chance.gauss(0, amount)) for x, y in outline]


def curve(points: Sequence[Point], *, closed: bool = True, steps: int = 8) -> list[Point]:
    """A Catmull-Rom curve through every point."""
    count = len(points)
    path: list[Point] = []
    for place in range(count if closed else count - 1):
        corners = [
            points[(place + step) % count] if closed else points[min(count - 1, max(0, place + step))]
            for step in (-1, 0, 1, 2)
        ]
        path += [_between(corners, step / steps) for step in range(steps)]
    return path if closed else [*path, points[-1]]


def _between(corners: Sequence[Point], t: float) -> Point:
    weights = (-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, -(t**2) + t**3)
    return (
        sum(weight * x for weight, (x, _) in zip(weights, corners, strict=True)) / 2,
        sum(weight * y for weight, (_, y) in zip(weights, corners, strict=True)) / 2,
    )


def ramp(size: tuple[int, int], stops: Stops) -> Image.Image:
    """A gradient down the sheet through colours at heights from 0 to 1."""
    grey = Image.linear_gradient("L").resize(size, Image.Resampling.BICUBIC)
    bands = [_band([(at, _parts(colour)[place]) for at, colour in stops]) for place in range(3)]
    return Image.merge("RGB", [grey.point(band) for band in bands])


def _band(stops: Sequence[tuple[float, int]]) -> list[int]:
    levels = []
    for step in range(256):
        at = step / 255
        before = max((stop for stop in stops if stop[0] <= at), default=stops[0])
        after = min((stop for stop in stops if stop[0] >= at), default=stops[-1])
        share = 0 if after[0] == before[0] else (at - before[0]) / (after[0] - before[0])
        levels.append(round(before[1] + (after[1] - before[1]) * share))
    return levels


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def noise(size: tuple[int, int], cells: tuple[int, int], chance: random.Random) -> Image.Image:
    """Soft noise with so many cells across and down."""
    seed = Image.frombytes("L", cells, chance.randbytes(cells[0] * cells[1]))
    return seed.resize(size, Image.Resampling.BICUBIC)


def keep(picture: Image.Image, target: Path, quality: int = 84) -> None:
    """Save a picture small: WebP, with its transparency where it has any."""
    target.parent.mkdir(parents=True, exist_ok=True)
    opaque = picture.getchannel("A").getextrema() == (255, 255)
    (picture.convert("RGB") if opaque else picture).save(target, quality=quality, method=6)
