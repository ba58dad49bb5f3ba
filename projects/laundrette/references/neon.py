"""Neon with Pillow: flat enamel shapes, light tubes that bloom, dots of a screen print in the shade.

Everything is drawn at twice its size and scaled down. Chance is seeded, so a picture comes out the same every time.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

Point = tuple[float, float]
Stops = Sequence[tuple[float, str]]
Mask = Image.Image

CORAL, PINK, MINT, AMBER = "#ff6a5e", "#ff4f9a", "#5ef2c6", "#ffb84d"
CREAM, MOON, NIGHT, PLUM = "#ffe9c9", "#fff4d8", "#150b30", "#3b1a5e"
_FINE = 2  # drawn so many times larger


class Board:
    """What is drawn on. Coordinates are pixels of the finished picture; without a ground it is see-through."""

    def __init__(self, width: int, height: int, ground: Stops | None = None, seed: int = 7) -> None:
        self.width, self.height = width, height
        self.chance = random.Random(seed)  # noqa: S311 - where a star stands, not a secret
        self._size = width * _FINE, height * _FINE
        self.image = Image.new("RGBA", self._size)
        if ground:
            self.image.paste(ramp(self._size, ground))

    def poly(self, points: Iterable[Point], colour: str, foot: str | None = None, **how: float) -> Mask:
        """Fill an outline, from `colour` at its top to `foot` at its foot; returns what it covers."""
        return self._fill(self._outline(points), colour, foot, **how)

    def box(
        self, left: float, top: float, right: float, foot: float, radius: float, colour: str, to: str = "", **how: float
    ) -> Mask:
        """A box with round corners."""
        mask, pen = self._sheet()
        pen.rounded_rectangle([side * _FINE for side in (left, top, right, foot)], radius * _FINE, fill=255)
        return self._fill(mask, colour, to or None, **how)

    def oval(self, x: float, y: float, across: float, down: float, colour: str, to: str = "", **how: float) -> Mask:
        """An ellipse by its middle and its two diameters."""
        mask, pen = self._sheet()
        sides = (x - across / 2, y - down / 2, x + across / 2, y + down / 2)
        pen.ellipse([side * _FINE for side in sides], fill=255)
        return self._fill(mask, colour, to or None, **how)

    def line(self, points: Sequence[Point], width: float, colour: str, **how: float) -> Mask:
        """A stroke of one width with round ends."""
        return self._fill(self._stroke(points, width), colour, None, **how)

    def tube(self, points: Sequence[Point], colour: str, width: float = 7, glow: float = 1.0) -> None:
        """A glowing glass tube: its light, its glass and its bright core."""
        self.bloom(self._stroke(points, width * 1.6), colour, width * 7, 0.75 * glow)
        self.bloom(self._stroke(points, width * 1.2), colour, width * 2, 0.8 * glow)
        self._fill(self._stroke(points, width), colour, None)
        self._fill(self._stroke(points, width * 0.42), _mixed(colour, "#ffffff", 0.72), None, soft=0.6)

    def glow(self, x: float, y: float, radius: float, colour: str, strength: float = 1.0) -> None:
        """Light that spreads from a point over everything drawn so far."""
        near = [max(0.0, 1 - level / 181) for level in range(256)]  # 181: the gradient's level at the square's edge
        fall = Image.radial_gradient("L").point([round(255 * strength * share**2.1) for share in near])
        across = round(radius * 2 * _FINE)
        light = fall.resize((across, across), Image.Resampling.BICUBIC)
        self._screen(light, colour, (round((x - radius) * _FINE), round((y - radius) * _FINE)))

    def bloom(self, mask: Mask, colour: str, radius: float, strength: float = 0.7) -> None:
        """Light around a shape."""
        box = mask.getbbox()
        if box is None:
            return
        room = round(radius * 3 * _FINE)
        left, top = max(0, box[0] - room), max(0, box[1] - room)
        part = mask.crop((left, top, min(self._size[0], box[2] + room), min(self._size[1], box[3] + room)))
        small = part.resize((max(1, part.width // 4), max(1, part.height // 4)), Image.Resampling.BOX)
        soft = small.filter(ImageFilter.GaussianBlur(radius * _FINE / 4)).resize(part.size, Image.Resampling.BICUBIC)
        self._screen(soft.point(lambda level: min(255, round(level * strength * 1.5))), colour, (left, top))

    def rim(self, mask: Mask, dx: float, dy: float, colour: str, strength: float = 0.8) -> None:
        """Light along one edge of a shape, from the side that `dx` and `dy` point away from."""
        inside = ImageChops.offset(mask, round(dx * _FINE), round(dy * _FINE))
        edge = ImageChops.subtract(mask, inside).filter(ImageFilter.GaussianBlur(0.7 * _FINE))
        self._fill(ImageChops.multiply(edge, mask), colour, None, strength=strength)

    def dots(self, mask: Mask, colour: str, pitch: float = 9, strength: float = 0.5, *, rising: bool = True) -> None:
        """Shade a shape with a printer's dots that grow toward its foot, or toward its top."""
        box = mask.getbbox()
        if box is None:
            return
        screen, pen = self._sheet()
        step = pitch * _FINE
        for row, y in enumerate(range(box[1], box[3] + 1, max(1, round(step * 0.866)))):
            share = (y - box[1]) / max(1, box[3] - box[1])
            radius = step * 0.5 * max(0.0, (share if rising else 1 - share) - 0.2) ** 0.8
            if radius > 0.6:
                for place in range(round((box[2] - box[0]) / step) + 2):
                    x = box[0] + (place + (row % 2) / 2) * step
                    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
        self._fill(ImageChops.multiply(screen, mask), colour, None, strength=strength)

    def clip(self, *masks: Mask) -> Mask:
        """What several shapes have in common."""
        common = masks[0]
        for mask in masks[1:]:
            common = ImageChops.multiply(common, mask)
        return common

    def shade(self, mask: Mask, points: Iterable[Point], colour: str, strength: float = 0.3, soft: float = 0) -> None:
        """Fill an outline where it lies within a shape."""
        part = self._outline(points)
        if soft:
            part = part.filter(ImageFilter.GaussianBlur(soft * _FINE))
        self._fill(ImageChops.multiply(part, mask), colour, None, strength=strength)

    def mirror(self, waterline: float, depth: float, strength: float, ripple: float = 5) -> None:
        """Lay what stands above a line upside down on the wet ground below it, broken by ripples."""
        line, deep = round(waterline * _FINE), round(depth * _FINE)
        above = ImageOps.flip(self.image.crop((0, line - deep, self._size[0], line))).convert("RGB")
        wet = Image.new("RGB", above.size)
        for y in range(deep):
            sway = round(ripple * _FINE * (0.25 + y / deep) * math.sin(y / (9 + y / 40)))
            wet.paste(above.crop((0, y, self._size[0], y + 1)), (sway, y))
        wet = wet.filter(ImageFilter.GaussianBlur(2.4 * _FINE))
        fade = Image.linear_gradient("L").resize(wet.size).point(lambda level: round((255 - level) * strength))
        ground = self.image.crop((0, line, self._size[0], line + deep)).convert("RGB")
        lit = ImageChops.screen(ground, wet)
        self.image.paste(Image.composite(lit, ground, fade.crop((0, 0, *ground.size))), (0, line))

    def finished(self) -> Image.Image:
        """The picture in its own size, with a fine grain."""
        picture = self.image.resize((self.width, self.height), Image.Resampling.LANCZOS)
        cells = picture.width // 2, picture.height // 2
        grain = Image.frombytes("L", cells, self.chance.randbytes(cells[0] * cells[1])).resize(picture.size)
        grey = grain.point(lambda level: 124 + level * 8 // 255)
        colours = ImageChops.soft_light(picture.convert("RGB"), Image.merge("RGB", [grey] * 3))
        return Image.merge("RGBA", (*colours.split(), picture.getchannel("A")))

    def _sheet(self) -> tuple[Mask, ImageDraw.ImageDraw]:
        mask = Image.new("L", self._size)
        return mask, ImageDraw.Draw(mask)

    def _outline(self, points: Iterable[Point]) -> Mask:
        mask, pen = self._sheet()
        pen.polygon([(x * _FINE, y * _FINE) for x, y in points], fill=255)
        return mask

    def _stroke(self, points: Sequence[Point], width: float) -> Mask:
        mask, pen = self._sheet()
        path = [(x * _FINE, y * _FINE) for x, y in points]
        pen.line(path, fill=255, width=max(1, round(width * _FINE)), joint="curve")
        half = width * _FINE / 2
        for x, y in (path[0], path[-1]):
            pen.ellipse((x - half, y - half, x + half, y + half), fill=255)
        return mask

    def _fill(
        self, mask: Mask, colour: str, foot: str | None = None, *, strength: float = 1.0, soft: float = 0.0
    ) -> Mask:
        if soft:
            mask = mask.filter(ImageFilter.GaussianBlur(soft * _FINE))
        box = mask.getbbox()
        if box is None:
            return mask
        size = box[2] - box[0], box[3] - box[1]
        paint = ramp(size, ((0, colour), (1, foot or colour))).convert("RGBA")
        part = mask.crop(box)
        paint.putalpha(part if strength >= 1 else part.point(lambda level: round(level * strength)))
        self.image.alpha_composite(paint, box[:2])
        return mask

    def _screen(self, light: Mask, colour: str, at: tuple[int, int]) -> None:
        box = at[0], at[1], at[0] + light.width, at[1] + light.height
        seen = max(0, box[0]), max(0, box[1]), min(self._size[0], box[2]), min(self._size[1], box[3])
        if seen[0] >= seen[2] or seen[1] >= seen[3]:
            return
        lit = ImageOps.colorize(
            light.crop((seen[0] - at[0], seen[1] - at[1], seen[2] - at[0], seen[3] - at[1])), "black", colour
        )
        ground = self.image.crop(seen)
        picture = ImageChops.screen(ground.convert("RGB"), lit)
        self.image.paste(Image.merge("RGBA", (*picture.split(), ground.getchannel("A"))), seen[:2])


def arc(x: float, y: float, across: float, down: float, start: float, end: float, steps: int = 40) -> list[Point]:
    """Points of an ellipse from one angle to another, in degrees: 0 is right, 90 down."""
    turns = [math.radians(start + (end - start) * step / steps) for step in range(steps + 1)]
    return [(x + across / 2 * math.cos(turn), y + down / 2 * math.sin(turn)) for turn in turns]


def ramp(size: tuple[int, int], stops: Stops) -> Image.Image:
    """A gradient down the sheet through colours at heights from 0 to 1."""
    grey = Image.linear_gradient("L").resize(size, Image.Resampling.BICUBIC)
    bands = [_band([(at, _parts(colour)[place]) for at, colour in stops]) for place in range(3)]
    return Image.merge("RGB", [grey.point(band) for band in bands])


def keep(picture: Image.Image, target: Path, quality: int = 78) -> None:
    """Save a picture small: WebP, with its transparency where it has any."""
    target.parent.mkdir(parents=True, exist_ok=True)
    opaque = picture.getchannel("A").getextrema() == (255, 255)
    (picture.convert("RGB") if opaque else picture).save(target, quality=quality, method=6)


def _band(stops: Sequence[tuple[float, int]]) -> list[int]:
    levels = []
    for step in range(256):
        at = step / 255
        before = max((stop for stop in stops if stop[0] <= at), default=stops[0])
        after = min((stop for stop in stops if stop[0] >= at), default=stops[-1])
        share = 0 if after[0] == before[0] else (at - before[0]) / (after[0] - before[0])
        levels.append(round(before[1] + (after[1] - before[1]) * share))
    return levels


def _mixed(colour: str, other: str, share: float) -> str:
    parts = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(own + (into - own) * share):02x}" for own, into in parts)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
