"""The people of "The Last Lamp" as cut-outs: Mara the keeper, in wool and in oilskins; Edda; Mr. Voss. And the logbook.

Everyone is drawn on a sheet of 600 x 900 and stands on its foot, so a child comes out smaller than a keeper.
"""

from __future__ import annotations

from figure import BLUSH, SKIN, WARM, Cut, Face, boots, buttons, coat, hand, head, lantern, scarf, sleeve
from gouache import Sheet
from PIL import Image

WIDTH, HEIGHT = 600, 900


def mara() -> Image.Image:
    """The keeper: grey wool coat, a red scarf, her hair pinned up, the hand lantern."""
    sheet = Sheet(WIDTH, HEIGHT, 101)
    boots(sheet, 300, 862, "#2a2224", 46)
    coat(sheet, Cut(300, 300, 820, 92, 152), "#6d7480", "#3f4550")
    sleeve(sheet, [(224, 326), (190, 430), (176, 520), (196, 586)], "#636a76", 58, 44)
    sleeve(sheet, [(376, 326), (404, 430), (412, 520), (404, 566)], "#555b67", 58, 42)
    hand(sheet, 198, 602, SKIN)
    hand(sheet, 402, 580, SKIN)
    buttons(sheet, 312, (410, 470, 530, 590), "#2b2d33")
    sheet.line([(300, 372), (303, 600), (296, 812)], "#2f343d", 4, 3, strength=0.7)
    for x, y in ((246, 620), (362, 620)):
        sheet.line([(x - 26, y), (x + 26, y + 4)], "#353a44", 5, 4, strength=0.8)
    head(sheet, Face(300, 214, 132, SKIN, BLUSH, "#3a2a28"))
    _pinned_hair(sheet, 300, 214)
    scarf(sheet, 300, 304, "#a83a35", "#702529")
    lantern(sheet, 194, 622)
    return sheet.finished()


def mara_storm() -> Image.Image:
    """The keeper dressed for weather: oilskins to the boots and a sou'wester."""
    sheet = Sheet(WIDTH, HEIGHT, 103)
    boots(sheet, 300, 862, "#1c2226", 48)
    oilskin = coat(sheet, Cut(300, 296, 830, 104, 178), "#41665c", "#1f3a3a")
    sleeve(sheet, [(216, 326), (176, 420), (164, 512), (186, 584)], "#3b5f56", 66, 54)
    sleeve(sheet, [(384, 326), (424, 420), (434, 506), (414, 566)], "#2f4f4a", 66, 52)
    hand(sheet, 190, 600, SKIN)
    hand(sheet, 410, 582, SKIN)
    sheet.line([(302, 350), (306, 600), (300, 826)], "#152a2c", 5, 4, strength=0.8)
    for y in (400, 480, 560, 640):
        sheet.line([(286, y), (328, y + 2)], "#c9a24f", 7, 5)
    head(sheet, Face(300, 222, 128, SKIN, BLUSH, "#3a2a28"))
    scarf(sheet, 300, 306, "#a83a35", "#702529", tail=False)
    _souwester(sheet, 300, 190)
    _drips(sheet, oilskin, 54)
    lantern(sheet, 186, 620)
    return sheet.finished()


def edda() -> Image.Image:
    """The fisherman's daughter, ten: a yellow raincoat too large for her, red boots, a braid."""
    sheet = Sheet(WIDTH, HEIGHT, 107)
    for x in (262, 338):
        sheet.shape([(x - 24, 872), (x - 22, 780), (x + 22, 780), (x + 24, 872)], "#b23c35", "#7a2629", smooth=False)
        sheet.shape([(x - 26, 884), (x - 30, 866), (x + 28, 866), (x + 32, 884)], "#5c1d22", smooth=False)
    sheet.line([(352, 470), (392, 530), (396, 600), (386, 640)], "#4a2d22", 30, 16)
    sheet.line([(388, 628), (384, 652)], "#b23c35", 16, 12)
    coat(sheet, Cut(300, 536, 812, 74, 142), "#efb93a", "#b97a1e")
    sleeve(sheet, [(240, 560), (206, 630), (192, 690), (200, 730)], "#e2aa2f", 54, 52)
    sleeve(sheet, [(360, 560), (394, 630), (408, 690), (400, 730)], "#cf952a", 54, 52)
    hand(sheet, 200, 744, "#e3b08c", 30)
    hand(sheet, 400, 744, "#e3b08c", 30)
    sheet.shape([(206, 556), (232, 486), (300, 470), (368, 486), (394, 556), (300, 580)], "#b47d20", "#9a6a1a")
    for y in (630, 690, 750):
        sheet.line([(286, y), (322, y + 1)], "#6b4720", 8, 7)
    sheet.line([(302, 592), (304, 806)], "#a36c1c", 4, 3, strength=0.8)
    head(sheet, Face(300, 446, 136, "#e3b08c", "#d4745c", "#4a2d22"))
    _fringe(sheet, 300, 446)
    hood = [
        (212, 556),
        (238, 518),
        (268, 532),
        (300, 538),
        (332, 532),
        (362, 518),
        (390, 556),
        (340, 584),
        (300, 590),
        (258, 584),
    ]
    sheet.shape(hood, "#dda32d", "#bd8421")
    return sheet.finished()


def voss() -> Image.Image:
    """The man from the Lights Board: tall, black, buttoned; a bowler and a case."""
    sheet = Sheet(WIDTH, HEIGHT, 109)
    for x in (268, 336):
        sheet.shape([(x - 24, 872), (x - 26, 700), (x + 26, 700), (x + 22, 872)], "#25262c", "#191a1f", smooth=False)
        sheet.shape([(x - 26, 884), (x - 28, 864), (x + 24, 862), (x + 40, 884)], "#0f0f12", smooth=False)
    coat(sheet, Cut(302, 262, 800, 92, 118), "#34363f", "#1b1c23")
    sleeve(sheet, [(220, 292), (194, 400), (190, 500), (200, 566)], "#2e3039", 56, 42)
    sleeve(sheet, [(384, 292), (410, 400), (414, 500), (408, 566)], "#272932", 56, 42)
    hand(sheet, 202, 584, "#c99a80", 32)
    hand(sheet, 408, 584, "#c99a80", 32)
    sheet.shape([(276, 268), (302, 330), (328, 268), (316, 250), (288, 250)], "#e6dfd0", "#b8b0a2", smooth=False)
    sheet.shape([(295, 284), (309, 284), (313, 332), (302, 344), (292, 332)], "#6d2a35", smooth=False)
    for side in (-1, 1):
        lapel = [
            (302 + side * 30, 256),
            (302 + side * 52, 300),
            (302 + side * 38, 318),
            (302 + side * 46, 328),
            (302 + side * 4, 420),
        ]
        sheet.shape(lapel, "#23252c", "#15161b", smooth=False)
    buttons(sheet, 312, (440, 500, 560), "#b8934c")
    _case(sheet)
    head(sheet, Face(302, 172, 118, "#cfa389", "#b06e60", "#2a2426"))
    sheet.line([(264, 210), (284, 200), (302, 206), (320, 200), (340, 210)], "#2a2426", 9, 9)
    _bowler(sheet, 302, 126)
    return sheet.finished()


def logbook() -> Image.Image:
    """The keeper's logbook, eleven thousand nights thick."""
    sheet = Sheet(480, 360, 113)
    sheet.shape([(40, 300), (70, 96), (404, 70), (446, 276)], "#5a2a2c", "#3a1a1f", smooth=False)
    sheet.shape([(50, 318), (44, 296), (446, 272), (450, 296)], "#efe2c4", "#c9b48c", smooth=False)
    sheet.shape([(44, 300), (74, 92), (400, 66), (440, 270)], "#8a3f39", "#5f292c", smooth=False)
    sheet.shape([(44, 300), (74, 92), (116, 89), (92, 297)], "#4a2225", smooth=False)
    sheet.shape([(176, 130), (346, 118), (352, 166), (172, 180)], "#e8d3a0", "#cfb47c", smooth=False)
    for y in (140, 156):
        sheet.line([(194, y + 2), (332, y - 8)], "#6d4a2a", 5, 4)
    for corner in ((382, 76), (418, 252)):
        sheet.dot(*corner, 20, "#d9a654")
    sheet.line([(250, 292), (256, 344)], "#c99a3f", 14, 10)
    return sheet.finished()


def _pinned_hair(sheet: Sheet, x: float, y: float) -> None:
    sheet.dot(x + 26, y - 96, 66, "#4a3a38", 58)
    cap = [
        (x - 68, y + 4),
        (x - 70, y - 44),
        (x - 40, y - 86),
        (x + 6, y - 96),
        (x + 52, y - 80),
        (x + 72, y - 36),
        (x + 68, y + 10),
        (x + 56, y - 24),
        (x + 18, y - 54),
        (x - 26, y - 46),
        (x - 56, y - 20),
    ]
    hair = sheet.shape(cap, "#5b4744", "#43332f", rough=1.0)
    for dx in (-36, -8, 22, 46):
        sheet.line(
            [(x + dx, y - 84 + abs(dx) * 0.3), (x + dx * 1.3, y - 40)], "#8d7d78", 3, 1, strength=0.7, within=hair
        )
    sheet.rim(hair, 4, 2, WARM, 0.5)


def _fringe(sheet: Sheet, x: float, y: float) -> None:
    cap = [
        (x - 72, y + 26),
        (x - 76, y - 40),
        (x - 44, y - 88),
        (x + 2, y - 98),
        (x + 50, y - 86),
        (x + 78, y - 36),
        (x + 76, y + 34),
        (x + 60, y - 14),
        (x + 30, y - 34),
        (x + 4, y - 22),
        (x - 22, y - 36),
        (x - 54, y - 12),
    ]
    hair = sheet.shape(cap, "#5f3a2a", "#46291f", rough=1.0)
    for dx in (-44, -16, 14, 42):
        sheet.line(
            [(x + dx * 0.6, y - 92 + abs(dx) * 0.3), (x + dx * 1.2, y - 30)],
            "#8a5a3e",
            3.5,
            1,
            strength=0.7,
            within=hair,
        )
    sheet.rim(hair, 4, 2, "#ffdb9a", 0.5)


def _souwester(sheet: Sheet, x: float, y: float) -> None:
    crown = sheet.shape(
        [(x - 66, y - 2), (x - 62, y - 56), (x - 26, y - 88), (x + 26, y - 88), (x + 62, y - 56), (x + 68, y - 2)],
        "#4c7267",
        "#2c4c48",
    )
    sheet.shape(
        [
            (x - 104, y + 66),
            (x - 84, y + 8),
            (x - 40, y - 18),
            (x + 40, y - 18),
            (x + 88, y + 8),
            (x + 112, y + 72),
            (x + 66, y + 18),
            (x, y + 4),
            (x - 62, y + 18),
        ],
        "#3b5f56",
        "#1f3d3b",
        smooth=False,
    )
    sheet.line([(x - 66, y - 14), (x, y - 24), (x + 68, y - 14)], "#1f3d3b", 6, 6)
    sheet.rim(crown, 5, 2, WARM, 0.7)


def _bowler(sheet: Sheet, x: float, y: float) -> None:
    crown = sheet.shape(
        [(x - 58, y + 8), (x - 56, y - 34), (x - 28, y - 66), (x + 28, y - 66), (x + 56, y - 34), (x + 58, y + 8)],
        "#2b2c33",
        "#17181c",
    )
    sheet.shape(
        [
            (x - 96, y + 2),
            (x - 60, y + 14),
            (x, y + 18),
            (x + 60, y + 14),
            (x + 96, y + 2),
            (x + 62, y - 4),
            (x - 62, y - 4),
        ],
        "#1f2026",
        "#121317",
    )
    sheet.line([(x - 58, y - 6), (x, y), (x + 58, y - 6)], "#6d2a35", 11, 11, within=crown)
    sheet.rim(crown, 4, 2, "#e8b878", 0.5)


def _case(sheet: Sheet) -> None:
    sheet.line([(378, 604), (388, 584), (430, 584), (440, 604)], "#2e1d18", 8, 8)
    case = sheet.shape([(342, 604), (476, 604), (480, 704), (338, 704)], "#6b4430", "#432a1f", smooth=False)
    for x in (366, 452):
        sheet.shape([(x - 8, 604), (x + 8, 604), (x + 8, 704), (x - 8, 704)], "#3a241b", smooth=False)
    for x in (366, 452):
        sheet.dot(x, 634, 15, "#d9a654")
    sheet.rim(case, 4, 0, "#d99a62", 0.5)


def _drips(sheet: Sheet, oilskin: Image.Image, count: int) -> None:
    """Rain on oilskin."""
    for _ in range(count):
        x, y = sheet.chance.uniform(150, 460), sheet.chance.uniform(320, 820)
        sheet.line([(x, y), (x - 1, y + sheet.chance.uniform(8, 26))], "#a9cdc8", 3, 1, strength=0.5, within=oilskin)
