"""The places inside: the lamp room under the dome, the keeper's kitchen."""

from __future__ import annotations

import math

from gouache import Sheet
from PIL import Image
from weather import HEIGHT, WIDTH, clouds, rain, sea

BRASS = "#b98a3e"


def lamp_room() -> Image.Image:
    """Under the dome: glass all round, the great lens, and the storm outside."""
    sheet = Sheet(WIDTH, HEIGHT, 11, ((0, "#0e2030"), (0.45, "#28505c"), (0.6, "#5d8583"), (1, "#143040")))
    clouds(sheet, 18, (30, 300), ("#0f2231", "#1b3a48", "#2f5761", "#47716f"))
    sea(sheet, 400, 560, ("#0f2a39", "#184252", "#24596a", "#5f8f8e"))
    rain(sheet, 240, "#d4e6e0", 0.24)
    _panes(sheet)
    _parapet(sheet)
    _lens(sheet, 968)
    _ladder(sheet)
    sheet.glow(968, 352, 760, "#d9772a", 0.42)
    sheet.glow(968, 352, 330, "#f2a548", 0.4)
    sheet.glow(968, 352, 120, "#fff0c4", 0.7)
    return sheet.finished()


def kitchen() -> Image.Image:
    """The keeper's kitchen: the stove, the window with the sea in it, a table for one."""
    sheet = Sheet(WIDTH, HEIGHT, 21, ((0, "#3a2b2c"), (0.55, "#6b4a3b"), (0.74, "#7c573f"), (1, "#3a2722")))
    for x in range(-20, WIDTH, 94):
        sheet.line([(x, 0), (x + 3, 520)], "#2e2022", 3, 2, strength=0.55)
    _window(sheet)
    _floor(sheet, 520, ("#4b3129", "#57392d", "#402922", "#5f4032"))
    _shelf(sheet)
    _stove(sheet)
    _coats(sheet)
    _table(sheet)
    sheet.beam([(590, 545), (835, 545), (1000, 720), (520, 720)], "#3f6f7c", 0.28, 14)
    sheet.glow(196, 505, 520, "#d9641e", 0.5)
    sheet.glow(196, 520, 130, "#ffb04a", 0.6)
    sheet.glow(1010, 470, 420, "#d98a35", 0.45)
    sheet.glow(1010, 484, 110, "#ffc870", 0.7)
    return sheet.finished()


def _panes(sheet: Sheet) -> None:
    """The lantern's iron frame: uprights, diagonal astragals, the dome above."""
    sheet.shape([(0, 0), (WIDTH, 0), (WIDTH, 52), (640, 92), (0, 52)], "#141d24", "#0b1218", rough=0.4)
    for x in (-6, 196, 424, 668, 912, 1128, 1286):
        lean = (x - 640) * 0.05
        sheet.line([(x - lean, 40), (x, 320), (x + lean, 566)], "#111a21", 20, 22)
        sheet.line([(x - lean - 5, 60), (x - 5, 320), (x + lean - 5, 560)], "#8a6a3c", 3, 3, strength=0.7)
    for y in (226, 396):
        sheet.line([(-10, y), (640, y + 14), (WIDTH + 10, y)], "#131d24", 9, 9)
        sheet.line([(-10, y - 3), (640, y + 11), (WIDTH + 10, y - 3)], "#7d6038", 2, 2, strength=0.7)


def _parapet(sheet: Sheet) -> None:
    """The wall under the glass, the brass rail, the plates of the floor."""
    sheet.shape([(0, 540), (640, 556), (WIDTH, 540), (WIDTH, 640), (0, 640)], "#2a2f33", "#1b2126", smooth=False)
    for x in range(40, WIDTH, 82):
        sheet.dot(x, 572 + 8 * math.sin(x / 400), 6, "#57503f")
    sheet.shape([(0, 632), (640, 622), (WIDTH, 632), (WIDTH, 720), (0, 720)], "#3a3230", "#1b1818", smooth=False)
    for x in range(-300, 1600, 120):
        sheet.line([(640 + (x - 640) * 0.86, 626), (x, 724)], "#191616", 3, 4, strength=0.8)
    sheet.beam([(820, 630), (1120, 630), (1330, 722), (560, 722)], "#ff9c40", 0.4, 16)
    sheet.line([(-10, 520), (640, 540), (WIDTH + 10, 520)], "#5f4523", 15, 15)
    sheet.line([(-10, 516), (640, 536), (WIDTH + 10, 516)], "#d9a654", 4, 4)


def _lens(sheet: Sheet, x: float) -> None:
    """The Fresnel lens: rings of prisms round a flame, on its iron table."""
    sheet.shape([(x - 60, 690), (x - 44, 556), (x + 44, 556), (x + 60, 690)], "#262a2b", "#15181a", smooth=False)
    sheet.shape([(x - 128, 566), (x - 120, 542), (x + 120, 542), (x + 128, 566)], "#a97b38", "#5a4020", smooth=False)
    hull = [(x - 74, 180), (x, 156), (x + 74, 180), (x + 122, 270), (x + 130, 360), (x + 122, 450), (x + 84, 542)]
    hull += [(x - 84, 542), (x - 122, 450), (x - 130, 360), (x - 122, 270)]
    glass = sheet.shape(hull, "#d98a38", "#8a4620")
    for ring in range(15):
        yy = 178 + ring * 25
        half = 132 * math.sqrt(max(0.06, 1 - ((yy - 358) / 235) ** 2))
        sag = (yy - 358) * 0.07
        tone = ("#f5c069", "#e5a04a", "#cf7f36")[ring % 3]
        sheet.line([(x - half, yy - sag), (x, yy + sag), (x + half, yy - sag)], tone, 14, 14, strength=0.75, rough=0.4)
        sheet.line(
            [(x - half, yy - sag + 8), (x, yy + sag + 8), (x + half, yy - sag + 8)], "#7d4420", 2.4, 2.4, strength=0.6
        )
    for across in (250, 180, 110):
        sheet.dot(x, 352, across, "#ffe9b4", across * 0.98, within=glass, strength=0.2)
    sheet.dot(x, 352, 62, "#fff8e2")
    for dx in (-86, 0, 86):
        sheet.line([(x + dx * 0.7, 168), (x + dx * 1.25, 356), (x + dx * 0.8, 544)], "#5f4221", 7, 7, strength=0.9)
    sheet.shape([(x - 84, 184), (x - 46, 140), (x, 128), (x + 46, 140), (x + 84, 184)], "#a97b38", "#5a4020")
    sheet.rim(glass, 5, 0, "#fff0c0", 0.5)


def _ladder(sheet: Sheet) -> None:
    for dx in (0, 46):
        sheet.line([(84 + dx, 730), (104 + dx, 470)], "#14191d", 8, 7)
    for step in range(6):
        y = 496 + step * 42
        sheet.line([(98 - step * 3, y), (152 - step * 3, y)], "#20272b", 6)


def _window(sheet: Sheet) -> None:
    """A deep window with the last of the day in it."""
    sheet.shape([(576, 120), (850, 120), (850, 424), (576, 424)], "#2a1f20", smooth=False)
    view = sheet.shape([(596, 138), (830, 138), (830, 400), (596, 400)], "#233f52", "#86a7a0", smooth=False)
    for y, colour in ((190, "#1b3346"), (226, "#2d5060"), (255, "#41666e")):
        sheet.shape(
            [(590, y), (650, y - 20), (730, y - 4), (800, y - 22), (836, y), (836, y + 22), (590, y + 24)],
            colour,
            within=view,
            strength=0.8,
        )
    sheet.shape([(590, 318), (836, 318), (836, 404), (590, 404)], "#2c5a69", "#173646", smooth=False, within=view)
    for _ in range(30):
        x, y = sheet.chance.uniform(596, 820), sheet.chance.uniform(322, 400)
        sheet.line([(x, y), (x + sheet.chance.uniform(10, 34), y)], "#6f9a9b", 2, 0.6, strength=0.6, within=view)
    for bar in ([(713, 134), (713, 404)], [(592, 268), (834, 268)]):
        sheet.line(bar, "#d8c4a0", 9, rough=0.5)
    for edge in ([(586, 128), (586, 412)], [(840, 128), (840, 412)], [(580, 130), (846, 130)]):
        sheet.line(edge, "#cbb690", 15, rough=0.6)
    sheet.shape([(562, 404), (864, 404), (872, 428), (554, 428)], "#d9c49c", "#a88b63", smooth=False)
    for side in (-1, 1):
        x = 713 + side * 160
        drape = [(x, 108), (x - side * 74, 108), (x - side * 70, 190), (x - side * 52, 256), (x - side * 16, 296)]
        cloth = sheet.shape([*drape, (x - side * 34, 398), (x + side * 6, 400)], "#8a3f39", "#5a2a2c", smooth=False)
        for fold in (10, 26, 44, 60):
            path = [
                (x - side * fold, 108),
                (x - side * fold * 0.86, 220),
                (x - side * fold * 0.2, 300),
                (x - side * fold * 0.5, 400),
            ]
            sheet.line(path, "#5a2528", 5, 2, strength=0.6, within=cloth)
        sheet.line([(x + side * 4, 292), (x - side * 26, 300)], "#d9b15a", 9, 7)
    sheet.line([(536, 106), (890, 106)], "#3a2722", 12)
    sheet.dot(660, 396, 26, "#b8643c", 30)
    for lean in (-16, -4, 8, 18):
        sheet.line([(660, 384), (660 + lean * 0.6, 364), (660 + lean, 346)], "#5b7a4c", 5, 2)


def _floor(sheet: Sheet, top: int, colours: tuple[str, ...]) -> None:
    sheet.shape([(0, top), (WIDTH, top), (WIDTH, HEIGHT), (0, HEIGHT)], colours[0], colours[2], smooth=False, rough=0)
    for place in range(-8, 24):
        left, right = 640 + (place * 80 - 640) * 0.9, 640 + (place * 80 - 560) * 0.9
        board_ = [
            (left, top),
            (right, top),
            (640 + (right - 640) * 1.9, HEIGHT + 4),
            (640 + (left - 640) * 1.9, HEIGHT + 4),
        ]
        sheet.shape(board_, colours[place % 4], smooth=False, strength=0.7)
    sheet.line([(0, top), (WIDTH, top)], "#2a1b19", 10)


def _shelf(sheet: Sheet) -> None:
    sheet.shape([(900, 236), (1230, 236), (1230, 252), (900, 252)], "#4a2f26", "#2e1d1a", smooth=False)
    jars = (
        (920, "#8d5a3c", 56),
        (966, "#4f6f68", 70),
        (1014, "#b98a3e", 48),
        (1060, "#7d3a36", 62),
        (1112, "#6d7a70", 44),
        (1158, "#c9a66b", 66),
        (1200, "#53443f", 52),
    )
    for x, colour, high in jars:
        half = [(17, 0), (18, high * 0.72), (15, high * 0.86), (11, high * 0.9), (11, high)]
        outline = [(x - dx, 236 - dy) for dx, dy in half] + [(x + dx, 236 - dy) for dx, dy in half[::-1]]
        jar = sheet.shape(outline, colour, smooth=False, rough=0.4)
        sheet.rim(jar, -3, 0, "#f2d6a0", 0.5)
        sheet.line([(x - 11, 236 - high), (x + 11, 236 - high)], "#2e1d1a", 6)


def _stove(sheet: Sheet) -> None:
    """Cast iron, its door open on the fire."""
    sheet.line([(190, 380), (190, 180), (196, -10)], "#1b1718", 44, 42)
    body = sheet.shape([(84, 628), (78, 384), (308, 384), (302, 628)], "#2b2627", "#171415", smooth=False)
    sheet.shape([(62, 386), (70, 362), (318, 362), (326, 386)], "#3a3334", "#1f1b1c", smooth=False)
    sheet.shape([(130, 574), (126, 440), (264, 440), (260, 574)], "#ff8f36", "#d94f22", smooth=False)
    for x, high, colour in (
        (156, 74, "#ffb04a"),
        (196, 104, "#ffd27a"),
        (232, 66, "#ffb04a"),
        (178, 52, "#fff0c0"),
        (214, 60, "#fff0c0"),
    ):
        sheet.shape(
            [
                (x - 22, 572),
                (x - 16, 572 - high * 0.5),
                (x + 3, 572 - high),
                (x + 15, 572 - high * 0.45),
                (x + 22, 572),
            ],
            colour,
        )
    for x in (102, 284):
        sheet.shape([(x - 12, 656), (x - 8, 626), (x + 8, 626), (x + 12, 656)], "#141112", smooth=False)
    sheet.rim(body, -4, 0, "#c9773e", 0.5)
    kettle = sheet.shape(
        [(224, 362), (212, 330), (226, 300), (262, 294), (294, 304), (304, 332), (294, 362)], "#8c4a34", "#4e2a22"
    )
    sheet.rim(kettle, 4, 0, "#f0a66a", 0.6)
    sheet.line([(302, 326), (322, 312), (330, 296)], "#5f3226", 11, 6)
    sheet.line([(230, 302), (258, 262), (290, 302)], "#241918", 5)
    for lean in (0, 10, -6):
        sheet.line(
            [(330 + lean, 290), (346 + lean, 240), (330 + lean, 190), (350 + lean, 130)],
            "#d8c8b4",
            10,
            2,
            strength=0.12,
            soft=4,
        )


def _coats(sheet: Sheet) -> None:
    sheet.line([(392, 232), (540, 232)], "#3a2722", 12)
    for x, colour, foot in ((426, "#38474a", "#222c30"), (500, "#8a6f3a", "#54431f")):
        sheet.line([(x, 226), (x, 250)], "#241a18", 7)
        coat = [(x - 6, 238), (x - 22, 256), (x - 34, 276), (x - 38, 372), (x - 28, 378), (x - 30, 452), (x + 32, 456)]
        body = sheet.shape(
            [*coat, (x + 28, 378), (x + 38, 372), (x + 33, 276), (x + 20, 254), (x + 6, 238)],
            colour,
            foot,
            smooth=False,
        )
        sheet.shape(
            [(x + 4, 250), (x + 40, 262), (x + 40, 460), (x + 10, 460)],
            "#15171a",
            smooth=False,
            within=body,
            strength=0.35,
        )
        for side in (-22, 22):
            sheet.line([(x + side, 290), (x + side * 1.1, 374)], "#15171a", 2.5, 1.5, strength=0.5)


def _table(sheet: Sheet) -> None:
    """A table for one, its lamp, a mug, the logbook."""
    sheet.shape([(852, 560), (1250, 560), (1290, 604), (812, 604)], "#a5744a", "#7d5233", smooth=False)
    sheet.shape([(812, 604), (1290, 604), (1290, 624), (812, 624)], "#5f3d28", "#4a2e20", smooth=False)
    for x in (850, 1236):
        sheet.shape([(x - 12, 624), (x + 12, 624), (x + 9, 730), (x - 9, 730)], "#4f3222", "#33201a", smooth=False)
    sheet.shape(
        [(976, 580), (980, 556), (996, 548), (1024, 548), (1040, 556), (1044, 580)], BRASS, "#6d4c20", smooth=False
    )
    sheet.shape([(996, 550), (1000, 530), (1020, 530), (1024, 550)], "#8a6328", smooth=False)
    chimney = [
        (996, 532),
        (986, 508),
        (984, 484),
        (996, 456),
        (1000, 424),
        (1020, 424),
        (1024, 456),
        (1036, 484),
        (1034, 508),
        (1024, 532),
    ]
    sheet.shape(chimney, "#f6d596", "#f0a64a", strength=0.85, smooth=False, rough=0.4)
    sheet.shape([(1001, 528), (1000, 508), (1010, 476), (1020, 508), (1019, 528)], "#fffbe8", rough=0.3)
    mug = sheet.shape([(1104, 584), (1102, 544), (1142, 544), (1140, 584)], "#d8d0bd", "#9a9484", smooth=False)
    sheet.rim(mug, 4, 0, "#ffe3a4", 0.8)
    sheet.line([(1142, 552), (1158, 560), (1141, 574)], "#b5ad9b", 6)
    sheet.shape([(872, 592), (892, 570), (964, 570), (956, 592)], "#efe2c4", "#cfb98f", smooth=False)
    sheet.line([(924, 571), (914, 592)], "#8a7350", 2)
