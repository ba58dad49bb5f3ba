"""The cast: Bolo who folds, Vera who listens, Penny who gives change. Cut out, to stand anywhere."""

from __future__ import annotations

import math

from neon import AMBER, CORAL, CREAM, MINT, PINK, Board, Mask, Point, arc
from PIL import Image
from tubes import moon, sign

_HIGH = 1000
_INK = "#1d0c3a"


def bolo() -> Image.Image:
    """The night-shift robot: mint enamel, a washer's door in his chest, towels on his arm."""
    board = Board(460, _HIGH)
    _legs(board, 230)
    _arm(board, [(82, 430), (40, 520), (52, 610), (120, 640)])
    _torso(board, 230)
    _head(board, 230, 196)
    for place, colour in enumerate(("#6fe6d0", "#ffe4c4", CORAL)):
        top = 596 - place * 34
        towel = board.box(96, top, 262, top + 36, 13, colour, "#b8789a")
        board.rim(towel, 0, 4, "#fff6e6", 0.7)
    _arm(board, [(378, 430), (424, 520), (380, 612), (248, 636)])
    _hand(board, 240, 636)
    return board.finished()


def bolo_moon() -> Image.Image:
    """Bolo as the moon: he holds the door of number seven before his face, lit from behind."""
    board = Board(560, _HIGH)
    _legs(board, 280)
    _torso(board, 280)
    _head(board, 280, 196)
    disc = board.oval(280, 216, 404, 404, "#b895b8", "#8a68a4")
    board.rim(disc, 5, 5, "#fff4e4", 0.9)
    moon(board, 280, 216, 352, 0.0)
    board.line(arc(280, 216, 308, 308, 200, 262, 20), 9, "#ffffff", strength=0.6)
    board.box(474, 190, 502, 250, 9, "#f4e2ea", "#9a7ab0")
    _arm(board, [(132, 430), (52, 420), (36, 330), (92, 282)])
    _arm(board, [(428, 430), (508, 420), (524, 330), (468, 282)])
    _hand(board, 96, 278)
    _hand(board, 464, 278)
    board.glow(280, 420, 260, "#ffdfa8", 0.5)
    return board.finished()


def vera() -> Image.Image:
    """The radio on her laundry trolley, dial lit, aerial up."""
    return _vera(lit=True)


def vera_quiet() -> Image.Image:
    """Vera with nothing on the air: her dial is dim, her aerial down."""
    return _vera(lit=False)


def penny() -> Image.Image:
    """The change machine: magenta, slim, a display for eyes and a slot for a mouth."""
    board = Board(380, _HIGH)
    for x in (92, 288):
        board.box(x - 26, 930, x + 26, 984, 8, "#3a1d56", _INK)
    body = board.box(44, 60, 336, 946, 40, "#ff5f96", "#8a2472")
    board.dots(body, "#5a1660", 9, 0.5)
    board.rim(body, 6, 4, "#ffd0c0", 0.85)
    board.rim(body, -5, -3, "#7a5af0", 0.7)
    lamp = board.box(76, 92, 304, 168, 20, _INK)
    board.rim(lamp, 0, 3, "#000000", 0.6)
    sign(board, "CHANGE", 96, 112, 21.5, AMBER, 4.6)
    screen = board.box(76, 196, 304, 366, 24, "#1b1238", "#2a1a56")
    board.rim(screen, 3, 4, "#0a0418", 0.9)
    for x in (136, 244):
        eye = board.box(x - 21, 246, x + 21, 306, 10, "#b8fff0", MINT)
        board.bloom(eye, MINT, 14, 0.8)
        board.box(x - 28, 234, x + 28, 262, 4, "#1d1440")
    board.line([(106, 226), (164, 240)], 8, MINT)
    board.line([(274, 226), (216, 240)], 8, MINT)
    _coin_slot(board)
    tray = board.box(96, 730, 284, 850, 22, "#2a0f48", "#140626")
    board.rim(tray, 4, 5, "#000000", 0.6)
    for x, y in ((140, 830), (172, 836), (206, 830), (158, 816), (236, 834)):
        coin = board.oval(x, y, 42, 20, "#ffe0a0", "#d98a3a")
        board.rim(coin, 0, 2, "#ffffff", 0.8)
    lip = board.box(84, 840, 296, 866, 10, "#f2c8d8", "#a06a9a")
    board.rim(lip, 0, 3, "#ffffff", 0.8)
    for x, y in ((68, 84), (312, 84), (68, 922), (312, 922)):
        board.oval(x, y, 12, 12, "#ffc8d0", "#8a2a6a")
    return board.finished()


def seven() -> Image.Image:
    """The door of washer number seven, off its hinges: a prop."""
    board = Board(520, 520)
    ring = board.oval(260, 260, 470, 470, "#fbeee2", "#a987b4")
    board.rim(ring, 6, 6, "#ffffff", 0.9)
    board.dots(ring, "#7a4f94", 10, 0.4)
    board.oval(260, 260, 372, 372, "#2a1246")
    glass = board.oval(260, 260, 352, 352, "#cfd8ff", "#6a4fb0")
    board.shade(glass, arc(300, 330, 330, 260, 0, 360), "#4a2f90", 0.4, 12)
    sign(board, "7", 224, 200, 74, "#fff0d0", 12)
    board.line(arc(260, 260, 300, 300, 196, 256, 20), 15, "#ffffff", strength=0.6)
    board.box(470, 226, 506, 300, 12, "#f4e2ea", "#8a6aa8")
    return board.finished()


def _coin_slot(board: Board) -> None:
    """The slot that she speaks with, and what it costs to be listened to."""
    plate = board.box(106, 420, 274, 640, 26, "#ffd9c8", "#c78aa8")
    board.rim(plate, 4, 4, "#ffffff", 0.9)
    slot = board.box(128, 462, 252, 486, 12, _INK)
    board.rim(slot, 0, 3, "#000000", 0.9)
    board.line(arc(190, 500, 124, 34, 20, 160, 14), 5, "#a84a7a", strength=0.7)
    for y, colour in ((548, AMBER), (594, MINT)):
        button = board.box(136, y - 16, 244, y + 16, 16, colour, "#d96a6a" if colour == AMBER else "#2a9a9a")
        board.rim(button, 0, 3, "#ffffff", 0.8)
    board.line([(96, 690), (284, 690)], 4, "#5a1660", strength=0.6)


def _legs(board: Board, x: float) -> None:
    for side in (-1, 1):
        leg = board.box(x + side * 70 - 30, 790, x + side * 70 + 30, 930, 16, "#4a6f8a", "#2a2a5a")
        for y in (826, 860, 894):
            board.line([(x + side * 70 - 27, y), (x + side * 70 + 27, y)], 4, _INK, strength=0.55)
        board.rim(leg, 4, 0, "#9ff0e0", 0.7)
        foot = board.box(x + side * 78 - 62, 912, x + side * 78 + 62, 984, 32, "#8af0d4", "#2f7f90")
        board.rim(foot, 3, 5, "#eafff6", 0.8)
        board.box(x + side * 78 - 62, 964, x + side * 78 + 62, 986, 8, "#2a1a4a")


def _torso(board: Board, x: float) -> None:
    body = board.poly(_pear(x, 356, 832), "#8ff5d8", "#2c7a92")
    board.dots(body, "#1d4a7a", 9, 0.5)
    board.rim(body, 7, 4, "#f0fff4", 0.85)
    board.rim(body, -6, -2, "#ff5fa0", 0.6)
    board.line([(x - 142, 452), (x + 142, 452)], 4, "#2a8a8a", strength=0.6)
    for step, colour in enumerate((CORAL, AMBER)):
        lamp = board.oval(x - 96 + step * 32, 420, 19, 19, colour)
        board.bloom(lamp, colour, 8, 0.7)
    board.box(x + 44, 404, x + 120, 436, 8, _INK)
    for step in range(3):
        board.line([(x + 56 + step * 26, 428 - step * 5), (x + 56 + step * 26, 430)], 7, MINT)
    middle = (x, 690)
    board.oval(*middle, 250, 250, "#3a8a98", "#22506e")
    ring = board.oval(*middle, 230, 230, "#fff2e4", "#c3a2c0")
    board.rim(ring, 4, 4, "#ffffff", 0.9)
    board.oval(*middle, 178, 178, "#27123f")
    glass = board.oval(*middle, 168, 168, "#7ae0ff", "#6a3fb0")
    wave = [(x - 100 + step * 10, 706 + 9 * math.sin(step * 0.9)) for step in range(21)]
    board.shade(glass, [*wave, (x + 100, 790), (x - 100, 790)], "#d0b4ff", 0.85)
    for dx, dy, size in (
        (-40, 4, 22),
        (-14, -8, 30),
        (18, 2, 24),
        (44, 0, 18),
        (4, -34, 12),
        (-30, -30, 9),
        (34, -26, 10),
    ):
        bubble = board.oval(x + dx, 700 + dy, size, size, "#ffffff", "#cfe8ff", strength=0.85)
        board.rim(bubble, 2, 2, "#ffffff", 0.9)
    board.line(arc(*middle, 138, 138, 195, 258, 16), 9, "#ffffff", strength=0.65)
    board.oval(x + 104, 694, 20, 48, "#7a5a98")


def _pear(x: float, top: float, foot: float) -> list[Point]:
    """A round-shouldered body."""
    left = [
        (x - 60, top),
        *arc(x - 76, top + 92, 170, 180, 255, 180, 10),
        (x - 172, foot - 180),
        *arc(x - 92, foot - 84, 164, 168, 180, 95, 12),
    ]
    return [*left, *((2 * x - px, py) for px, py in left[::-1])]


def _head(board: Board, x: float, y: float) -> None:
    board.box(x - 34, y + 104, x + 34, y + 186, 8, "#4a6f8a", "#2a2a5a")
    for line in (y + 128, y + 150):
        board.line([(x - 32, line), (x + 32, line)], 4, _INK, strength=0.6)
    board.line([(x + 66, y - 96), (x + 84, y - 166)], 7, "#4a6f8a")
    tip = board.oval(x + 85, y - 170, 25, 25, CORAL, "#ff3f6e")
    board.bloom(tip, CORAL, 13, 0.8)
    for side in (-1, 1):
        board.box(x + side * 146 - 20, y - 30, x + side * 146 + 20, y + 48, 12, "#ff8a72", "#b03f6a")
    head = board.box(x - 144, y - 104, x + 144, y + 116, 78, "#9cf8de", "#3a93a0")
    board.dots(head, "#1d5a84", 8, 0.4)
    board.rim(head, 6, 5, "#f4fff8", 0.9)
    board.rim(head, -5, -2, "#ff5fa0", 0.6)
    visor = board.box(x - 114, y - 62, x + 114, y + 82, 58, "#1a0f38", "#2a1858")
    board.rim(visor, 3, 4, "#08031a", 0.9)
    for side in (-1, 1):
        eye = board.oval(x + side * 52, y + 2, 58, 64, "#fff0c4", AMBER)
        board.bloom(eye, AMBER, 15, 0.75)
        board.oval(x + side * 52 + 6, y + 6, 26, 30, "#7a2a1a")
        board.oval(x + side * 52 + 12, y - 4, 11, 11, "#ffffff")
    board.line(arc(x, y + 36, 54, 30, 20, 160, 12), 6, AMBER)
    board.line(arc(x, y + 6, 236, 150, 200, 244, 12), 6, "#ffffff", strength=0.35)


def _arm(board: Board, path: list[Point]) -> None:
    smooth = _bent(path)
    arm = board.line(smooth, 46, "#3f8fa0")
    board.rim(arm, 5, 4, "#c4fff0", 0.7)
    for x, y in smooth[3:-2:4]:
        board.oval(x, y, 40, 12, "#1f5570", strength=0.6)
    board.oval(*path[0], 74, 74, "#9cf8de", "#3a93a0")


def _hand(board: Board, x: float, y: float) -> None:
    palm = board.oval(x, y, 76, 70, "#ff9a80", "#c04a70")
    board.rim(palm, 4, 4, "#ffe4d0", 0.8)


def _bent(path: list[Point], steps: int = 8) -> list[Point]:
    """A soft curve through the points."""
    ends = [path[0], *path, path[-1]]
    curve: list[Point] = []
    for before, start, end, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(steps):
            t = step / steps
            weights = (-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, -(t**2) + t**3)
            four = (before, start, end, after)
            curve.append(
                (
                    sum(weight * point[0] for weight, point in zip(weights, four, strict=True)) / 2,
                    sum(weight * point[1] for weight, point in zip(weights, four, strict=True)) / 2,
                )
            )
    return [*curve, path[-1]]


def _vera(*, lit: bool) -> Image.Image:
    board = Board(440, _HIGH)
    _aerial(board, up=lit)
    _trolley(board)
    case = board.box(30, 236, 410, 566, 62, "#ff8f62", "#9a2f5e")
    board.dots(case, "#6a1a50", 9, 0.45)
    board.rim(case, 6, 5, "#ffe0b8", 0.9)
    board.rim(case, -5, -3, "#8a5af0", 0.7)
    front = board.box(56, 262, 384, 542, 42, "#ffe9cf", "#d9a08a")
    board.rim(front, 3, 4, "#8a3a4a", 0.5)
    _dial(board, lit=lit)
    _eyes(board, lit=lit)
    for step in range(7):
        board.line([(98, 480 + step * 8), (342, 480 + step * 8)], 3.4, "#a8546a", strength=0.75)
    for x in (96, 344):
        board.box(x - 22, 562, x + 22, 588, 6, "#3a1d4a")
    return board.finished()


def _dial(board: Board, *, lit: bool) -> None:
    """Half a disc with its scale and its needle: her mouth, in a way."""
    rim = [*arc(220, 356, 292, 168, 0, 180, 40)]
    shape = board.poly(rim, "#fff0b8" if lit else "#6a4a62", "#ff9a3a" if lit else "#3a2448")
    if lit:
        board.bloom(shape, AMBER, 26, 0.5)
    board.line([*rim, rim[0]], 6, "#5a2340")
    ink = "#7a2a2a" if lit else "#24123a"
    for step in range(1, 12):
        angle = math.radians(180 / 12 * step)
        long = 0.8 if step % 3 else 0.7
        outer = (220 + 134 * math.cos(angle), 356 + 76 * math.sin(angle))
        inner = (220 + 146 * long * math.cos(angle), 356 + 84 * long * math.sin(angle))
        board.line([outer, inner], 4, ink)
    turn = math.radians(62 if lit else 128)
    board.line([(220, 360), (220 + 118 * math.cos(turn), 360 + 68 * math.sin(turn))], 6, CORAL if lit else "#8a4a5a")
    board.oval(220, 360, 24, 24, "#5a2340")


def _eyes(board: Board, *, lit: bool) -> None:
    """Two knobs; a magic eye glows in each of them while she hears something."""
    for x in (142, 298):
        knob = board.oval(x, 308, 76, 76, "#7a3a52", "#3a1838")
        board.rim(knob, 3, 4, "#ffb890", 0.8)
        iris = board.oval(x, 308, 52, 52, "#d0fff0" if lit else "#3a5a58", "#2fd0a0" if lit else "#22383e")
        if lit:
            board.bloom(iris, MINT, 11, 0.75)
        wedge = [(x, 308), *arc(x, 308, 52, 52, 66, 114, 10)]
        board.poly(wedge, "#0d3a34")
        board.oval(x, 308, 16, 16, "#0d2a30")
        board.oval(x + 9, 298, 10, 10, "#ffffff", strength=0.95 if lit else 0.4)
        if not lit:
            board.poly(arc(x, 308, 56, 56, 180, 360, 20), "#5a2a46")


def _aerial(board: Board, *, up: bool) -> None:
    if up:
        board.line([(316, 244), (352, 60)], 9, "#c8a8c8")
        board.line([(338, 132), (352, 60)], 5, "#f4e4f0")
        tip = board.oval(353, 50, 25, 25, "#ffd0c0", PINK)
        board.bloom(tip, PINK, 12, 0.8)
    else:
        board.line([(330, 226), (120, 214)], 9, "#a888b0")
        board.oval(112, 213, 23, 23, "#c87a90", "#8a3a6a")


def _trolley(board: Board) -> None:
    for x in (74, 366):
        board.line([(x, 588), (x - (x - 220) * 0.06, 930)], 14, "#b9a4cc")
        board.line([(x - 4, 592), (x - (x - 220) * 0.06 - 4, 926)], 4, "#fff0fa", strength=0.8)
    shelf = board.box(36, 584, 404, 614, 10, "#efd8e6", "#9478ac")
    board.rim(shelf, 0, 4, "#ffffff", 0.9)
    basket = board.poly([(66, 700), (374, 700), (346, 872), (94, 872)], "#58d8c0", "#28607e")
    _folds(board)
    board.rim(basket, 5, 4, "#d8fff4", 0.8)
    for y in (738, 774, 810, 846):
        board.line([(72 + (y - 700) * 0.16, y), (368 - (y - 700) * 0.16, y)], 4, "#17405e", strength=0.5)
    for x in range(98, 360, 34):
        board.line([(x, 706), (220 + (x - 220) * 0.83, 868)], 4, "#17405e", strength=0.5)
    lip = board.box(54, 690, 386, 712, 10, "#8ff5d8", "#3a93a0")
    board.rim(lip, 0, 3, "#ffffff", 0.8)
    for x in (86, 354):
        wheel = board.oval(x, 952, 66, 66, "#3a2458", _INK)
        board.rim(wheel, 3, 3, "#c8a0e0", 0.7)
        board.oval(x, 952, 26, 26, "#efd8e6", "#9478ac")


def _folds(board: Board) -> Mask:
    """Washing that looks over the basket's edge."""
    heap = board.oval(220, 694, 270, 76, CREAM, "#d79ab0")
    for x, colour in ((140, CORAL), (206, "#ffd27a"), (282, "#ff9ac0")):
        board.oval(x, 684, 104, 56, colour, "#b8608a")
    board.rim(heap, 0, 3, "#ffffff", 0.6)
    return heap
