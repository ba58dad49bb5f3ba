"""The places of the series: the street with its sign, the laundrette, the roof under the moon."""

from __future__ import annotations

import math

from neon import AMBER, CORAL, CREAM, MINT, PINK, Board, Point, arc
from PIL import Image
from tubes import moon, sign

_WIDE, _HIGH = 900, 1600
_SKY = ((0, "#0f0930"), (0.45, "#2a1457"), (0.75, "#5a2470"), (1, "#8a3a74"))


def street() -> Image.Image:
    """The laundrette from across the street, the moon over the roofs."""
    return _street(moonlit=True)


def street_dark() -> Image.Image:
    """The same street on a night without a moon: fog, fewer windows, one letter of the sign out."""
    return _street(moonlit=False)


def laundrette() -> Image.Image:
    """Inside: two rows of dryers, neon on the tiles, a chequered floor."""
    board = Board(_WIDE, _HIGH, ((0, "#1d0f40"), (0.3, "#40206a"), (0.62, "#5b2a78"), (1, "#2a1450")), seed=3)
    _tiles(board)
    _ceiling(board)
    sign(board, "WASH", 190, 300, 76, PINK, 10)
    _crescent(board, 742, 356, 120)
    board.tube([(190, 452), (640, 452)], MINT, 6)
    lights = ("#ff9a6b", "#6fe6d0", "#ffce7a", "#ff7fa8", "#8fb8ff", "#ffb36b")
    for place, light in enumerate(lights):
        _dryer(board, 62 + place % 3 * 262, 520 + place // 3 * 322, 252, 310, light, place)
    _floor(board, 1176)
    board.mirror(1176, 300, 0.62, 3)
    _bench(board)
    _plant(board)
    board.glow(450, 340, 620, "#ff5fa0", 0.2)
    board.glow(450, 1500, 700, "#2a0f5a", 0.3)
    return board.finished()


def roof() -> Image.Image:
    """Above the street: washing on the line, aerials, and a moon that fills the sky."""
    board = Board(
        _WIDE, _HIGH, ((0, "#0d0830"), (0.4, "#251459"), (0.66, "#66307e"), (0.78, "#c65a7c"), (1, "#ff9a6e")), seed=11
    )
    _stars(board, 900, 110)
    moon(board, 540, 450, 560, 1.15)
    _skyline(board, 1130, "#3a1b5e", 46, seed=5, lit=0.3)
    _skyline(board, 1210, "#24114a", 70, seed=9, lit=0.2)
    for x, high in ((96, 330), (236, 210), (806, 300)):
        _aerial(board, x, 1250, high)
    _tank(board, 742, 1250)
    board.poly([(0, 1240), (900, 1240), (900, 1600), (0, 1600)], "#3b1d62", "#170b34")
    edge = board.box(-20, 1222, 920, 1268, 6, "#5c2f80", "#37195c")
    board.rim(edge, 0, 5, "#ffd0a0", 0.85)
    for x in range(-10, 920, 104):
        board.line([(x, 1272), (x - 40, 1600)], 2.5, "#221046", strength=0.7)
    for y in (1330, 1420, 1530):
        board.line([(0, y), (900, y)], 2.5, "#221046", strength=0.7)
    _washing(board)
    board.glow(540, 1420, 460, "#ffcf9a", 0.2)
    return board.finished()


def _street(*, moonlit: bool) -> Image.Image:
    board = Board(_WIDE, _HIGH, _SKY if moonlit else ((0, "#140c30"), (0.5, "#2b1a4e"), (1, "#5c3a6c")), seed=5)
    if moonlit:
        _stars(board, 560, 70)
        moon(board, 640, 250, 250)
    _house(board, (-40, 300, 330, 1240), "#2c1656", 0.42 if moonlit else 0.2, 21)
    _house(board, (640, 470, 960, 1240), "#331a5e", 0.4 if moonlit else 0.18, 8)
    _house(board, (250, 560, 720, 1240), "#3d2068", 0.34 if moonlit else 0.16, 13)
    _cables(board)
    _shop(board, moonlit=moonlit)
    board.poly([(0, 1240), (900, 1240), (900, 1600), (0, 1600)], "#241049", "#100726")
    board.mirror(1240, 360, 0.8, 6)
    board.box(-10, 1232, 910, 1254, 3, "#5a3384", "#3a1d60")
    _lamp_post(board)
    if not moonlit:
        for y, strength in ((260, 0.32), (470, 0.26), (660, 0.2)):
            board.oval(450, y, 1400, 190, "#8a6aa4", strength=strength, soft=46)
        board.oval(450, 1190, 1300, 130, "#8a6aa4", strength=0.16, soft=40)
    return board.finished()


def _shop(board: Board, *, moonlit: bool) -> None:
    """The front: sign, awning, a bright window with machines behind it, a door."""
    front = board.box(70, 740, 830, 1240, 10, "#5a2a78", "#3a1a58")
    board.rim(front, 0, 5, "#ff9ab0", 0.7)
    board.box(92, 762, 808, 900, 16, "#241046", "#190a36")
    sign(board, "LUNA", 250, 776, 70, PINK, 9, dark="" if moonlit else "N")
    _crescent(board, 702, 830, 92)
    pane = board.box(110, 962, 590, 1200, 8, "#ffd79a", "#ff9a6a")
    door = board.box(630, 950, 780, 1240, 8, "#ffcf92", "#ff8f66")
    for x in (150, 262, 374, 486):
        board.box(x - 20, 1070, x + 76, 1196, 10, "#fff0d8", "#e7b096")
        board.oval(x + 28, 1136, 66, 66, "#7a4a86")
        board.oval(x + 28, 1136, 46, 46, "#45d6c0", "#8a7ae0")
    board.line([(350, 962), (350, 1200)], 5, "#5a2a78")
    board.box(648, 968, 762, 1140, 6, "#ffe6bc", "#ffb27e")
    board.line([(642, 1090), (642, 1150)], 7, "#5a2a78")
    board.bloom(pane, "#ff9f5a", 60, 0.5)
    board.bloom(door, "#ff9f5a", 50, 0.45)
    sign(board, "OPEN", 138, 986, 26, MINT, 4.5)
    for place in range(10):
        left = 90 + place * 72
        stripe = [(left, 900), (left + 72, 900), (left + 80 - 8 * (place < 5), 952), (left - 8 + 8 * (place > 5), 952)]
        board.poly(stripe, *(("#ff7a72", "#c9446a") if place % 2 else ("#ffe4c4", "#d99a9a")))


def _house(board: Board, sides: tuple[float, float, float, float], colour: str, lit: float, seed: int) -> None:
    left, top, right, foot = sides
    wall = board.box(left, top, right, foot, 4, colour, "#1a0c3a")
    board.rim(wall, -4, 4, "#9a6ad0", 0.4)
    for place in range(4):
        board.box(left + 30 + place * 70, top - 34 - place % 2 * 16, left + 54 + place * 70, top + 2, 3, colour)
    chance = board.chance
    chance.seed(seed)
    for y in range(int(top) + 44, int(foot) - 60, 82):
        for x in range(int(left) + 30, int(right) - 40, 66):
            if chance.random() < lit:
                glass = chance.choice(("#ffcf8a", "#ffb070", "#ff8a7a", "#8fe0d8"))
                window = board.box(x, y, x + 34, y + 48, 4, glass, "#d9706a")
                board.bloom(window, glass, 9, 0.35)
                if chance.random() < 0.5:
                    board.box(x, y + 26, x + 34, y + 48, 4, "#7a3a6a", strength=0.6)
            else:
                board.box(x, y, x + 34, y + 48, 4, "#120830", strength=0.65)


def _cables(board: Board) -> None:
    for (x, y), (right, foot), sag in (
        ((0, 420), (640, 520), 70),
        ((0, 470), (900, 610), 60),
        ((330, 360), (900, 400), 50),
    ):
        path = [
            (x + (right - x) * step / 24, y + (foot - y) * step / 24 + sag * math.sin(math.pi * step / 24))
            for step in range(25)
        ]
        board.line(path, 3, "#0e0628")


def _lamp_post(board: Board) -> None:
    board.line([(852, 1290), (852, 720), (840, 668), (792, 650)], 11, "#0f0728")
    lamp = board.box(742, 640, 806, 664, 10, "#fff0c8", AMBER)
    board.bloom(lamp, "#ffb45a", 34, 0.8)
    board.glow(774, 652, 210, "#ff9a4a", 0.4)


def _tiles(board: Board) -> None:
    for y in range(500, 1176, 44):
        board.line([(0, y), (900, y)], 2, "#2a1450", strength=0.6)
    for x in range(4, 900, 64):
        board.line([(x, 500), (x, 1176)], 2, "#2a1450", strength=0.6)


def _ceiling(board: Board) -> None:
    board.poly([(0, 0), (900, 0), (900, 90), (760, 176), (140, 176), (0, 90)], "#180b38", "#2c1656")
    board.line([(140, 176), (760, 176)], 5, "#7a48a0", strength=0.7)
    for y, half in ((62, 300), (126, 230)):
        board.tube([(450 - half, y), (450 + half, y)], "#ffe2b8", 9, 0.8)
    for x in (26, 66, 838, 874):
        board.line([(x, 90), (x, 1180)], 9, "#3a1d62", strength=0.8)
        board.line([(x - 2, 90), (x - 2, 1180)], 2, "#c07ad0", strength=0.5)


def _crescent(board: Board, x: float, y: float, across: float) -> None:
    outer = arc(x, y, across, across, 60, 300, 30)
    inner = arc(x + across * 0.3, y, across * 0.86, across * 0.86, 285, 75, 30)
    board.tube([*outer, *inner, outer[0]], AMBER, 6)


def _dryer(board: Board, x: float, y: float, wide: float, high: float, light: str, place: int) -> None:
    """A dryer in the wall: enamel front, round door, something turning behind it."""
    front = board.box(x, y, x + wide, y + high, 22, "#e9d3dc", "#a884b4")
    board.dots(front, "#7a4f94", 8, 0.4)
    board.rim(front, 4, 4, "#fff4e4", 0.8)
    panel = board.box(x + 18, y + 16, x + wide - 18, y + 62, 12, "#3a1d62", "#2a1450")
    board.rim(panel, 0, 2, "#120628", 0.6)
    for step in range(3):
        lamp = (MINT, AMBER, CORAL)[(step + place) % 3]
        dot = board.oval(x + 44 + step * 26, y + 39, 13, 13, lamp)
        board.bloom(dot, lamp, 7, 0.7)
    knob = board.oval(x + wide - 46, y + 39, 32, 32, "#f7e2d4", "#b98aa8")
    board.rim(knob, 1, 2, "#ffffff", 0.7)
    middle = x + wide / 2, y + high / 2 + 30
    board.oval(*middle, 208, 208, "#8d6aa6", "#5d3d80")
    ring = board.oval(*middle, 192, 192, "#f9ecdf", "#b795b8")
    board.rim(ring, 3, 3, "#ffffff", 0.9)
    board.oval(*middle, 150, 150, "#271040")
    glass = board.oval(*middle, 142, 142, light, "#5a2a86")
    _load(board, glass, middle, place)
    board.bloom(glass, light, 24, 0.34)
    board.line(arc(*middle, 118, 118, 195, 262, 16), 7, "#ffffff", strength=0.55)
    board.oval(middle[0] + 84, middle[1] + 4, 16, 40, "#6a4a8a")


def _load(board: Board, glass: Image.Image, middle: Point, place: int) -> None:
    """What turns in a drum, as a heap of coloured washing."""
    x, y = middle
    for step, colour in enumerate(("#ff7a72", "#ffe4c4", "#58d8c0", "#6a58c8")):
        turn = math.radians(40 + place * 50 + step * 32)
        heap = arc(x + 44 * math.cos(turn), y + 44 * math.sin(turn) + 8, 74, 56, 0, 360, 24)
        board.shade(glass, heap, colour, 0.85)


def _floor(board: Board, top: float) -> None:
    """Chequers that run to a vanishing point."""
    rows = [top + (1640 - top) * (step / 9) ** 1.7 for step in range(10)]
    board.poly([(0, top), (900, top), (900, 1600), (0, 1600)], "#4a2470", "#2a1250")
    for row, (near, far) in enumerate(zip(rows[1:], rows, strict=False)):
        for column in range(-9, 9):
            if (row + column) % 2:
                corners = [(column, far), (column + 1, far), (column + 1, near), (column, near)]
                board.poly(
                    [(450 + at * 96 * (0.62 + (y - top) / 520), y) for at, y in corners],
                    "#ffd9c0",
                    "#c98aa8",
                    strength=0.62,
                )
    skirting = board.box(-10, top - 26, 910, top + 4, 2, "#2c1452", "#1c0b3c")
    board.rim(skirting, 0, 3, MINT, 0.5)


def _bench(board: Board) -> None:
    for x in (40, 230):
        board.line([(x, 1260), (x - 6, 1360)], 9, "#e9cfd8")
    seat = board.box(-30, 1236, 262, 1268, 12, CORAL, "#c9446a")
    board.rim(seat, 0, 4, "#ffd0b0", 0.9)
    for x, colour in ((62, "#ffe4c4"), (70, "#6fe6d0"), (64, "#ffb0a0")):
        place = (62, 70, 64).index(x)
        towel = board.box(x, 1212 - place * 24, x + 116, 1236 - place * 24, 9, colour, "#c98aa8")
        board.rim(towel, 0, 3, "#ffffff", 0.6)


def _plant(board: Board) -> None:
    for step in range(9):
        lean = (step - 4) * 27
        leaf = [(820, 1240), (820 + lean * 0.4 - 13, 1150 - abs(lean) * 0.1), (820 + lean, 1050 + abs(lean) * 0.62)]
        board.poly([*leaf, (820 + lean * 0.5 + 15, 1160)], "#3fc7a4", "#1d6a72")
    pot = board.poly([(764, 1232), (876, 1232), (860, 1336), (780, 1336)], "#ff8a72", "#b03f6a")
    board.rim(pot, 4, 3, CREAM, 0.7)
    board.dots(pot, "#7a2a5a", 8, 0.4)


def _stars(board: Board, foot: int, count: int) -> None:
    for _ in range(count):
        x, y, size = board.chance.uniform(0, _WIDE), board.chance.uniform(0, foot), board.chance.choice((2, 2, 3, 4))
        board.oval(x, y, size, size, "#fff0e0", strength=board.chance.uniform(0.3, 0.95))


def _skyline(board: Board, foot: float, colour: str, step: int, seed: int, lit: float) -> None:
    chance = board.chance
    chance.seed(seed)
    x = -20.0
    while x < _WIDE:
        wide, high = chance.uniform(0.8, 1.6) * step, chance.uniform(50, 190)
        board.box(x, foot - high, x + wide, 1260, 2, colour, "#5a2a6a")
        for y in range(int(foot - high) + 12, int(foot), 18):
            for column in range(int(x) + 8, int(x + wide) - 10, 16):
                if chance.random() < lit:
                    board.box(column, y, column + 7, y + 9, 1, chance.choice(("#ffcf8a", "#ff9a7a", "#8fe0d8")))
        x += wide


def _aerial(board: Board, x: float, foot: float, high: float) -> None:
    board.line([(x, foot), (x, foot - high)], 6, "#170a36")
    for step, half in enumerate((54, 42, 50, 34)):
        y = foot - high + 16 + step * 26
        board.line([(x - half, y + 5), (x + half, y - 5)], 4, "#170a36")
    tip = board.oval(x, foot - high - 4, 11, 11, CORAL)
    board.bloom(tip, CORAL, 10, 0.9)


def _tank(board: Board, x: float, foot: float) -> None:
    for leg in (-70, 0, 70):
        board.line([(x + leg, foot), (x + leg * 0.9, foot - 120)], 9, "#170a36")
    board.line([(x - 66, foot - 20), (x + 66, foot - 96)], 4, "#170a36")
    barrel = board.box(x - 86, foot - 290, x + 86, foot - 112, 14, "#3a1a5a", "#1d0d40")
    board.rim(barrel, 5, 2, "#ffc894", 0.8)
    cap = board.poly([(x - 98, foot - 284), (x, foot - 350), (x + 98, foot - 284)], "#4a2268", "#2c1450")
    board.rim(cap, 4, 4, "#ffd6a6", 0.8)
    for band in (-246, -196, -150):
        board.line([(x - 85, foot + band), (x + 85, foot + band)], 3, "#120728")


def _washing(board: Board) -> None:
    """A line of sheets and small things across the roof."""
    top = [(step * 37.5, 1006 + 46 * math.sin(math.pi * step / 24)) for step in range(25)]
    board.line(top, 3.5, "#12072c")
    for x, wide, high, colour, foot in (
        (40, 150, 190, "#ffe9d2", "#d79ab0"),
        (206, 60, 84, CORAL, "#a8386a"),
        (704, 54, 90, "#6fe6d0", "#3a6a9a"),
        (772, 110, 160, "#ffe0c8", "#c48ab0"),
    ):
        y = 1006 + 46 * math.sin(math.pi * x / 900)
        hem = [(x + wide - wide * step / 8 + 8, y + high + 7 * math.sin(step * 1.6)) for step in range(9)]
        sheet = board.poly([(x, y), (x + wide, y + 4), *hem], colour, foot)
        board.rim(sheet, -4, 3, "#fff8e6", 0.7)
        for fold in (0.28, 0.55, 0.8):
            crease = [
                (x + wide * fold, y + 12),
                (x + wide * fold + 14, y + high - 6),
                (x + wide * fold - 6, y + high - 6),
            ]
            board.shade(sheet, crease, "#8a4a8a", 0.25, 3)
        for peg in (0.08, 0.92):
            board.box(x + wide * peg - 4, y - 9, x + wide * peg + 4, y + 12, 2, AMBER)
