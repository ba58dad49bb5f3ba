"""Draws the pictures of this project, as cut paper: `python references/draw.py`. Put your own in their place.

It needs nothing but Pillow, and draws the same every time.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

HERE = Path(__file__).parent
FINE = 2  # drawn twice as large, then scaled down

Point = tuple[float, float]


class Paper:
    """A sheet on which cut shapes are laid, each with a soft shadow on what lies below."""

    def __init__(self, width: int, height: int, ground: str | None = None) -> None:
        self.size = width * FINE, height * FINE
        self.image = Image.new("RGBA", self.size, ground or (0, 0, 0, 0))

    def cut(self, points: Sequence[Point], colour: str, shadow: float = 7) -> None:
        """Lay down a shape with straight edges."""
        mask = Image.new("L", self.size)
        ImageDraw.Draw(mask).polygon([(x * FINE, y * FINE) for x, y in points], fill=255)
        self._lay(mask, colour, shadow)

    def disc(self, x: float, y: float, across: float, colour: str, shadow: float = 7) -> None:
        """Lay down a round piece."""
        mask = Image.new("L", self.size)
        half = across / 2
        ImageDraw.Draw(mask).ellipse([FINE * side for side in (x - half, y - half, x + half, y + half)], fill=255)
        self._lay(mask, colour, shadow)

    def light(self, x: float, y: float, radius: float, colour: str, strength: float) -> None:
        """Let a light fall on everything so far."""
        across = round(radius * 2 * FINE)
        fall = Image.radial_gradient("L").point([round(255 * strength * max(0, 1 - n / 181) ** 2) for n in range(256)])
        glow = ImageOps.colorize(fall.resize((across, across)), "black", colour)
        field = Image.new("RGB", self.size)
        field.paste(glow, (round(x * FINE - across / 2), round(y * FINE - across / 2)))
        lit = ImageChops.screen(self.image.convert("RGB"), field)
        self.image = Image.merge("RGBA", (*lit.split(), self.image.getchannel("A")))

    def save(self, name: str) -> None:
        """Write the picture beside this file."""
        picture = self.image.resize((self.size[0] // FINE, self.size[1] // FINE), Image.Resampling.LANCZOS)
        picture.save(HERE / f"{name}.webp", quality=86, method=6)

    def _lay(self, mask: Image.Image, colour: str, shadow: float) -> None:
        dark = Image.new("L", self.size)
        dark.paste(mask, (0, round(shadow * 0.6 * FINE)))
        dark = dark.filter(ImageFilter.GaussianBlur(shadow * FINE / 2))
        below = ImageChops.multiply(dark, self.image.getchannel("A")).point(lambda level: level * 2 // 5)
        self.image.paste((20, 16, 30), (0, 0), below)
        self.image.paste(colour, (0, 0), mask)
        self.image.putalpha(ImageChops.lighter(self.image.getchannel("A"), mask))


def canal() -> None:
    """Houses on both sides, a bridge, the evening in the water."""
    paper = Paper(960, 540, "#f3c998")
    paper.disc(480, 250, 150, "#fbe3b0")
    paper.cut([(0, 190), (150, 165), (330, 205), (560, 170), (760, 205), (960, 175), (960, 540), (0, 540)], "#dfa183")
    for x, roof, colour in ((0, 120, "#8c4f52"), (110, 75, "#b4665a"), (220, 130, "#7a4655"), (310, 170, "#a55c58")):
        for side in (False, True):
            _house(paper, 960 - x - 100 if side else x, roof + (30 if side else 0), colour)
    paper.cut([(0, 380), (960, 380), (960, 540), (0, 540)], "#3f6f7d")
    for y, half, colour in ((395, 330, "#558793"), (420, 250, "#e9b98c"), (446, 170, "#4a7b88"), (474, 240, "#e0a67e")):
        paper.cut(
            [(480 - half, y), (480 + half, y - 3), (480 + half * 0.8, y + 9), (480 - half * 0.9, y + 11)], colour, 3
        )
    paper.cut(
        [
            (250, 392),
            (250, 330),
            (340, 285),
            (480, 268),
            (620, 285),
            (710, 330),
            (710, 392),
            (640, 392),
            (600, 345),
            (480, 318),
            (360, 345),
            (320, 392),
        ],
        "#6d5261",
    )
    paper.cut([(0, 540), (0, 440), (150, 452), (150, 478), (220, 482), (220, 510), (300, 514), (300, 540)], "#59465a")
    paper.light(480, 240, 420, "#ffcf87", 0.5)
    paper.save("canal")


def attic() -> None:
    """Under the roof: paper everywhere, the lamp on the bench, the round window."""
    paper = Paper(960, 540, "#5a4054")
    paper.cut([(0, 0), (420, 0), (90, 330), (0, 400)], "#47324a")
    paper.cut([(960, 0), (540, 0), (870, 330), (960, 400)], "#47324a")
    paper.disc(480, 150, 170, "#3b2a40")
    paper.disc(480, 150, 144, "#8fb2b5")
    paper.disc(515, 128, 44, "#f7e6bd", 3)
    for bar in ([(476, 76), (484, 76), (484, 224), (476, 224)], [(406, 146), (554, 146), (554, 154), (406, 154)]):
        paper.cut(bar, "#3b2a40", 2)
    paper.cut([(0, 430), (960, 430), (960, 540), (0, 540)], "#3d2c3f")
    for x, y, colour in (
        (130, 250, "#e8a87c"),
        (230, 190, "#f3e3c3"),
        (740, 200, "#85b0b5"),
        (830, 265, "#f2c879"),
        (690, 300, "#f3e3c3"),
    ):
        paper.cut([(x - 1, 0), (x + 1, 0), (x + 1, y - 24), (x - 1, y - 24)], "#2f2234", 2)
        _boat(paper, x, y, 32, colour)
    paper.cut([(560, 380), (930, 380), (944, 404), (546, 404)], "#a5714f")
    for x in (580, 900):
        paper.cut([(x, 404), (x + 22, 404), (x + 18, 520), (x + 4, 520)], "#7a5142")
    for x, y, colour in ((600, 372, "#f3e3c3"), (668, 366, "#e8a87c"), (846, 370, "#85b0b5")):
        paper.cut([(x, y), (x + 62, y - 6), (x + 70, y + 6), (x + 6, y + 12)], colour, 4)
    paper.cut([(768, 378), (776, 300), (784, 300), (792, 378)], "#3b2a40")
    paper.cut([(736, 312), (760, 262), (800, 262), (824, 312)], "#d9774f")
    paper.cut([(20, 540), (40, 470), (150, 455), (240, 480), (250, 540)], "#e9d6b2")
    paper.cut([(60, 540), (96, 492), (190, 486), (220, 540)], "#d8896a")
    paper.light(780, 330, 330, "#ffb65c", 0.75)
    paper.save("attic")


def nell() -> None:
    """A girl in a blue coat, a paper boat in her hand. She fills less of the sheet: she is small."""
    paper = Paper(400, 600)
    for x in (172, 216):
        paper.cut([(x, 520), (x + 26, 520), (x + 28, 586), (x - 4, 586)], "#3a2c40")
    paper.cut([(160, 330), (240, 330), (284, 530), (116, 530)], "#4a7fa5")
    paper.cut([(160, 336), (182, 340), (142, 450), (112, 440)], "#3f6f93", 4)
    paper.cut([(240, 336), (218, 340), (262, 446), (292, 434)], "#3f6f93", 4)
    paper.disc(126, 452, 26, "#e9b48f", 3)
    paper.disc(280, 446, 26, "#e9b48f", 3)
    _boat(paper, 288, 432, 40, "#f6ead0")
    paper.cut([(150, 334), (200, 318), (250, 334), (238, 358), (162, 358)], "#d9774f", 4)
    _face(paper, 200, 262, 104, "#efbf9b")
    paper.cut(
        [
            (144, 290),
            (142, 232),
            (168, 202),
            (200, 194),
            (234, 202),
            (258, 232),
            (256, 290),
            (240, 268),
            (236, 240),
            (164, 240),
            (160, 268),
        ],
        "#2f2433",
        4,
    )
    paper.save("nell")


def abel() -> None:
    """Her grandfather, his beard, his glasses."""
    paper = Paper(400, 600)
    for x in (160, 214):
        paper.cut([(x, 520), (x + 30, 520), (x + 34, 588), (x - 6, 588)], "#2f2433")
    paper.cut([(140, 200), (260, 200), (296, 540), (104, 540)], "#8c5f45")
    paper.cut([(140, 206), (168, 212), (136, 386), (92, 372)], "#7a5039", 4)
    paper.cut([(260, 206), (232, 212), (264, 386), (308, 372)], "#7a5039", 4)
    paper.disc(112, 388, 32, "#e3ab88", 3)
    paper.disc(288, 388, 32, "#e3ab88", 3)
    paper.cut([(176, 200), (224, 200), (212, 330), (188, 330)], "#e9d6b2", 3)
    _face(paper, 200, 122, 112, "#e8b591")
    paper.cut(
        [(146, 124), (160, 150), (200, 160), (240, 150), (254, 124), (250, 190), (200, 240), (150, 190)], "#f3ede0", 4
    )
    paper.cut([(184, 168), (216, 168), (200, 176)], "#b4665a", 0.5)
    for x in (178, 222):
        paper.disc(x, 120, 40, "#3b2a40", 2)
        paper.disc(x, 120, 31, "#f2d7c0", 0.5)
        paper.disc(x, 121, 9, "#241a2a", 0.5)
    paper.cut([(142, 112), (146, 74), (200, 50), (254, 74), (258, 112), (236, 84), (164, 84)], "#f3ede0", 4)
    paper.save("abel")


def _face(paper: Paper, x: float, y: float, across: float, skin: str) -> None:
    paper.disc(x, y, across, skin, 4)
    for side in (-1, 1):
        paper.disc(x + side * across * 0.26, y + across * 0.2, across * 0.17, "#dd8f78", 0.5)
        paper.disc(x + side * across * 0.2, y, across * 0.1, "#241a2a", 0.5)
    mouth = [(x - across * 0.11, y + across * 0.28), (x + across * 0.11, y + across * 0.28), (x, y + across * 0.33)]
    paper.cut(mouth, "#a8503f", 0.5)


def _boat(paper: Paper, x: float, y: float, half: float, colour: str) -> None:
    """A folded boat, its keel at the foot."""
    paper.cut([(x - half * 0.4, y), (x, y - half * 0.9), (x + half * 0.4, y)], colour, 3)
    paper.cut(
        [
            (x - half, y - half * 0.2),
            (x + half, y - half * 0.2),
            (x + half * 0.6, y + half * 0.4),
            (x - half * 0.6, y + half * 0.4),
        ],
        colour,
        3,
    )


def _house(paper: Paper, x: float, roof: float, colour: str) -> None:
    paper.cut([(x, 400), (x, roof + 40), (x + 50, roof), (x + 100, roof + 40), (x + 100, 400)], colour)
    for row in range(3):
        for column in (18, 60):
            y = roof + 60 + row * 62
            lit = (int(x) + row * 3 + column) % 5 < 2
            window = [(x + column, y), (x + column + 22, y), (x + column + 22, y + 34), (x + column, y + 34)]
            paper.cut(window, "#ffd98f" if lit else "#4d3a4d", 2)


if __name__ == "__main__":
    canal()
    attic()
    nell()
    abel()
