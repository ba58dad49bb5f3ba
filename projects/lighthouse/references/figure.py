"""What figures are made of: coats, sleeves, hands, faces, a scarf, the hand lantern."""

from __future__ import annotations

from dataclasses import dataclass

from gouache import Point, Sheet
from PIL import Image

SKIN, BLUSH, SHADE = "#d9a07c", "#c4705a", "#1a1418"
WARM = "#ffcf86"  # the lamp, from the left


@dataclass(frozen=True, slots=True)
class Face:
    """What a face is drawn with."""

    x: float
    y: float
    across: float
    skin: str
    cheek: str
    brow: str


@dataclass(frozen=True, slots=True)
class Cut:
    """A coat's cut: its middle, its top and foot, and half its width at the shoulders and at the hem."""

    x: float
    top: float
    foot: float
    shoulder: float
    hem: float


def coat(sheet: Sheet, cut: Cut, colour: str, dark: str) -> Image.Image:
    """A long coat from the shoulders to the hem, lit from the left, its right side in shade."""
    x, top, foot, shoulder, hem = cut.x, cut.top, cut.foot, cut.shoulder, cut.hem
    left: list[Point] = [(x - shoulder * 0.42, top - 16), (x - shoulder, top + 22), (x - shoulder * 1.02, top + 120)]
    left += [(x - shoulder * 0.98, top + (foot - top) * 0.45), (x - hem * 0.94, foot - 40), (x - hem, foot)]
    right = [(2 * x - px, py) for px, py in left[::-1]]
    hem_line = [(x - hem * 0.5, foot + 14), (x, foot + 8), (x + hem * 0.5, foot + 15)]
    coat = sheet.shape([*left, *hem_line, *right], colour, dark, smooth=False, rough=1.0)
    shade = [
        (x + shoulder * 0.25, top),
        (x + hem * 1.3, top),
        (x + hem * 1.3, foot + 30),
        (x + hem * 0.45, foot + 30),
        (x + shoulder * 0.1, top + 240),
    ]
    sheet.shape(shade, SHADE, within=coat, strength=0.26, soft=5)
    sheet.rim(coat, 5, 0, WARM, 0.5)
    for fold in (-0.55, 0.2, 0.62):
        path = [(x + shoulder * fold * 0.7, top + (foot - top) * 0.5), (x + hem * fold, foot)]
        sheet.line(path, SHADE, 2, 12, strength=0.22, within=coat)
    return coat


def sleeve(sheet: Sheet, path: list[Point], colour: str, width: float, end: float) -> None:
    sheet.dot(*path[0], width, colour, width, rough=0.6)
    sheet.line(path, colour, width, end, rough=0.8)
    x, y = path[-1]
    sheet.line([(x - end * 0.5, y - 8), (x + end * 0.5, y - 8)], SHADE, 6, 6, strength=0.3)


def hand(sheet: Sheet, x: float, y: float, skin: str, across: float = 38) -> None:
    sheet.dot(x, y, across, skin, across * 1.2, rough=0.8)


def boots(sheet: Sheet, x: float, foot: float, colour: str, wide: float) -> None:
    for side in (-1, 1):
        px = x + side * wide
        sheet.shape(
            [
                (px - 26, foot - 60),
                (px + 26, foot - 60),
                (px + 28, foot),
                (px + 34 * max(side, 0.4), foot + 22),
                (px - 34, foot + 22),
                (px - 28, foot),
            ],
            colour,
            "#120e10",
            smooth=False,
        )


def buttons(sheet: Sheet, x: float, heights: tuple[float, ...], colour: str) -> None:
    for y in heights:
        sheet.dot(x, y, 14, colour)
        sheet.dot(x - 2, y - 3, 5, "#d8cfc0", strength=0.5)


def head(sheet: Sheet, face: Face) -> None:
    """Neck, face, and as few features as a face needs."""
    x, y, r = face.x, face.y, face.across / 2
    sheet.shape(
        [
            (x - r * 0.42, y + r * 0.6),
            (x + r * 0.42, y + r * 0.6),
            (x + r * 0.5, y + r * 1.7),
            (x - r * 0.5, y + r * 1.7),
        ],
        "#b87d60",
        "#9c654e",
        smooth=False,
    )
    jaw = [
        (x - r * 0.9, y - r * 0.3),
        (x - r * 0.5, y - r * 1.1),
        (x + r * 0.5, y - r * 1.1),
        (x + r * 0.9, y - r * 0.3),
    ]
    jaw += [
        (x + r * 0.84, y + r * 0.45),
        (x + r * 0.44, y + r * 1.02),
        (x, y + r * 1.16),
        (x - r * 0.44, y + r * 1.02),
        (x - r * 0.84, y + r * 0.45),
    ]
    head = sheet.shape(jaw, face.skin, rough=0.5)
    sheet.shape(
        [
            (x + r * 0.3, y - r * 1.2),
            (x + r * 1.2, y - r),
            (x + r, y + r * 1.2),
            (x + r * 0.1, y + r * 1.3),
            (x + r * 0.5, y + r * 0.2),
        ],
        "#8a4f44",
        within=head,
        strength=0.26,
        soft=4,
    )
    for side in (-1, 1):
        sheet.dot(
            x + side * r * 0.5, y + r * 0.42, r * 0.44, face.cheek, r * 0.32, soft=3.5, strength=0.55, within=head
        )
        sheet.dot(x + side * r * 0.38, y + r * 0.04, r * 0.17, "#241a1c", r * 0.22, rough=0.1)
        sheet.dot(x + side * r * 0.38 - r * 0.03, y - r * 0.01, r * 0.05, "#f4e6d4", rough=0)
        brow = [
            (x + side * r * 0.6, y - r * 0.24),
            (x + side * r * 0.4, y - r * 0.33),
            (x + side * r * 0.2, y - r * 0.27),
        ]
        sheet.line(brow, face.brow, r * 0.08, r * 0.1)
    sheet.line(
        [(x - r * 0.02, y + r * 0.08), (x + r * 0.12, y + r * 0.36), (x - r * 0.04, y + r * 0.42)],
        "#9c5f4c",
        r * 0.06,
        r * 0.07,
    )
    sheet.line(
        [(x - r * 0.24, y + r * 0.7), (x, y + r * 0.75), (x + r * 0.24, y + r * 0.68)], "#8a4038", r * 0.07, r * 0.07
    )
    sheet.rim(head, 3, 0, "#ffdfae", 0.6)


def scarf(sheet: Sheet, x: float, y: float, colour: str, dark: str, *, tail: bool = True) -> None:
    if tail:
        end = sheet.shape(
            [(x + 16, y), (x + 58, y - 6), (x + 70, y + 150), (x + 22, y + 158)], colour, dark, smooth=False, rough=1.4
        )
        for dx in (28, 40, 52, 64):
            sheet.line([(x + dx, y + 148), (x + dx + 2, y + 176)], dark, 5, 2)
        sheet.line([(x + 18, y + 112), (x + 70, y + 108)], "#d9b15a", 6, 6, within=end)
    wrap = sheet.shape(
        [
            (x - 66, y - 6),
            (x - 40, y - 34),
            (x, y - 24),
            (x + 42, y - 34),
            (x + 68, y - 4),
            (x + 46, y + 28),
            (x, y + 38),
            (x - 44, y + 28),
        ],
        colour,
        dark,
    )
    sheet.line([(x - 60, y - 2), (x, y + 16), (x + 62, y - 2)], dark, 5, 4, within=wrap, strength=0.7)
    sheet.rim(wrap, 4, 0, "#ff9d76", 0.5)


def lantern(sheet: Sheet, x: float, y: float) -> None:
    """The hand lantern and its light on whoever carries it."""
    sheet.line([(x - 26, y + 34), (x - 18, y + 2), (x, y - 8), (x + 18, y + 2), (x + 26, y + 34)], "#2b2320", 5, 5)
    sheet.shape(
        [(x - 30, y + 44), (x - 16, y + 24), (x + 16, y + 24), (x + 30, y + 44)], "#a97b38", "#6d4c20", smooth=False
    )
    sheet.shape(
        [(x - 24, y + 44), (x + 24, y + 44), (x + 28, y + 110), (x - 28, y + 110)], "#ffe3a4", "#ffb04a", smooth=False
    )
    sheet.shape([(x - 10, y + 106), (x - 8, y + 82), (x, y + 60), (x + 8, y + 82), (x + 10, y + 106)], "#fffdf2")
    for dx in (-25, 0, 25):
        sheet.line([(x + dx * 0.96, y + 42), (x + dx * 1.1, y + 112)], "#4a3520", 5, 5)
    sheet.shape(
        [(x - 34, y + 108), (x + 34, y + 108), (x + 38, y + 126), (x - 38, y + 126)], "#8a6328", "#4f3818", smooth=False
    )
    sheet.glow(x, y + 78, 260, "#e0842c", 0.5)
    sheet.glow(x, y + 78, 80, "#ffd68a", 0.6)
