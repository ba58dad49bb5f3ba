"""Sky, sea, coast and rain, as every place of the series has them."""

from __future__ import annotations

import math

from gouache import Sheet

WIDTH, HEIGHT = 1280, 720


def clouds(sheet: Sheet, count: int, heights: tuple[int, int], colours: tuple[str, ...]) -> None:
    """Long, flat masses of cloud, the dark ones above."""
    for place in range(count):
        low = place / count
        y = heights[0] + (heights[1] - heights[0]) * low + sheet.chance.gauss(0, 14)
        x, wide = sheet.chance.uniform(-150, WIDTH), sheet.chance.uniform(240, 620)
        high = sheet.chance.uniform(16, 48) * (1.25 - low)
        top = [(x + wide * step / 7, y - high * (0.35 + sheet.chance.random() * 0.75)) for step in range(1, 7)]
        foot = [(x + wide * step / 6, y + high * (0.1 + sheet.chance.random() * 0.3)) for step in range(6, 0, -1)]
        colour = colours[min(len(colours) - 1, int(low * len(colours) + sheet.chance.random() * 0.9))]
        sheet.shape(
            [(x, y), *top, (x + wide * 1.06, y), *foot], colour, soft=sheet.chance.choice((0, 2.5, 5)), strength=0.8
        )


def sea(sheet: Sheet, top: int, foot: int, colours: tuple[str, ...]) -> None:
    """Rows of brush strokes, longer and wider toward the eye."""
    sheet.shape([(0, top), (WIDTH, top), (WIDTH, foot), (0, foot)], colours[1], colours[0], smooth=False, rough=0)
    y = float(top) + 2
    while y < foot:
        near = (y - top) / max(1, HEIGHT - top)
        for _ in range(round(15 - 8 * near)):
            x, reach = (
                sheet.chance.uniform(-80, WIDTH),
                26 + 150 * near * sheet.chance.random() + 40 * sheet.chance.random(),
            )
            lift = 1 + 9 * near * sheet.chance.random()
            colour = sheet.chance.choice(colours if sheet.chance.random() < 0.75 else colours[:3])
            stroke = [(x, y), (x + reach * 0.5, y - lift), (x + reach, y)]
            sheet.line(stroke, colour, 1.2 + 6 * near, 0.6, strength=0.72)
        y += 4 + 15 * near


def far_coast(sheet: Sheet, y: int, colour: str) -> None:
    ridge = [(x, y - 9 - 10 * abs(math.sin(x / 90)) * (1 - x / 620)) for x in range(-10, 560, 40)]
    sheet.shape([(-10, y + 4), *ridge, (600, y + 3)], colour, strength=0.85)


def rain(sheet: Sheet, count: int, colour: str, strength: float) -> None:
    for _ in range(count):
        x, y, long = sheet.chance.uniform(-40, WIDTH), sheet.chance.uniform(-40, HEIGHT), sheet.chance.uniform(16, 54)
        sheet.line(
            [(x, y), (x - long * 0.34, y + long)],
            colour,
            1.4,
            0.5,
            strength=strength * sheet.chance.uniform(0.5, 1.2),
            rough=0,
        )
