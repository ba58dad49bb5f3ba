"""The places outside: the headland in a storm, the slipway at dawn."""

from __future__ import annotations

import math

from gouache import Sheet
from PIL import Image
from weather import HEIGHT, WIDTH, clouds, far_coast, rain, sea

FOAM, FLAME = "#a9cdc8", "#ff9a3d"


def headland() -> Image.Image:
    """Outside, at night: the tower on its rock, and the weather coming in."""
    sheet = Sheet(
        WIDTH, HEIGHT, 3, ((0, "#0b1826"), (0.3, "#15303f"), (0.52, "#3d6a70"), (0.6, "#7d9c90"), (1, "#12303f"))
    )
    clouds(sheet, 26, (20, 300), ("#0c1a29", "#16303f", "#264a57", "#3c646a"))
    sea(sheet, 425, 720, ("#0d2433", "#153a4b", "#1d4a5c", "#2b6472", "#6f9c9a"))
    far_coast(sheet, 428, "#1b3a47")
    _rock(sheet)
    _tower(sheet, 905, 440, 1.0, lit=True)
    _cottage(sheet)
    for wide, light in ((1.0, 0.26), (0.6, 0.16), (0.25, 0.18)):
        sheet.beam([(905, 176), (-60, 150 - 150 * wide), (-60, 150 + 130 * wide)], "#ffdc94", light, 5 * wide + 3)
        sheet.beam([(905, 176), (1340, 190 - 66 * wide), (1340, 190 + 70 * wide)], "#ffdc94", light, 4 * wide + 3)
    sheet.glow(905, 176, 330, "#e8953a", 0.5)
    sheet.glow(905, 176, 120, "#ffd489", 0.75)
    sheet.glow(905, 176, 46, "#fff6dc", 0.9)
    _spray(sheet, 640, 560)
    _grass(sheet)
    rain(sheet, 260, "#c8dcd8", 0.15)
    return sheet.finished()


def slipway() -> Image.Image:
    """The slipway at dawn: the storm has gone out with the tide."""
    sheet = Sheet(
        WIDTH, HEIGHT, 31, ((0, "#6f94a6"), (0.25, "#b5bfb8"), (0.45, "#f0c9a0"), (0.545, "#f9dfb4"), (1, "#d9b48e"))
    )
    clouds(sheet, 14, (20, 260), ("#8ea4ad", "#c7bdb2", "#e8c3a4", "#f3d7b2"))
    sheet.glow(380, 372, 420, "#ffe0a0", 0.6)
    sheet.dot(380, 368, 78, "#fff8e4", grain=0.2)
    sea(sheet, 398, 640, ("#7fa0a4", "#9db5ae", "#c2bfa8", "#e6cda6", "#64878f"))
    for step in range(64):
        y = 402 + (step / 64) ** 1.3 * 170
        reach = sheet.chance.uniform(10, 34) + step * 0.5
        x = 380 + sheet.chance.gauss(0, 12 + step * 0.7)
        sheet.line([(x - reach, y), (x, y - 2), (x + reach, y)], "#fff3d2", 2 + step / 22, 0.8, strength=0.75)
    far_coast(sheet, 402, "#7f8f92")
    sheet.shape(
        [(800, 402), (880, 352), (960, 318), (1090, 300), (1180, 322), (1300, 330), (1300, 420), (800, 416)],
        "#5f6b68",
        "#4d5f60",
    )
    _tower(sheet, 1065, 306, 0.52, lit=False)
    _jetty(sheet)
    _boat(sheet)
    for x, y, wing in ((250, 170, 17), (300, 140, 13), (700, 210, 11), (610, 120, 14), (655, 148, 9)):
        sheet.line([(x - wing, y - wing * 0.35), (x - wing * 0.4, y - wing * 0.5), (x, y)], "#4f5d63", 1, 3)
        sheet.line([(x, y), (x + wing * 0.4, y - wing * 0.5), (x + wing, y - wing * 0.3)], "#4f5d63", 3, 1)
    sheet.glow(380, 372, 800, "#ffb070", 0.3)
    return sheet.finished()


def _rock(sheet: Sheet) -> None:
    body = [
        (520, 730),
        (560, 640),
        (615, 590),
        (668, 520),
        (730, 470),
        (800, 446),
        (900, 432),
        (1010, 440),
        (1120, 470),
        (1200, 520),
        (1300, 560),
        (1300, 730),
    ]
    mask = sheet.shape(body, "#24343a", "#0c161f", rough=2.2)
    for place in range(34):
        x, y = sheet.chance.uniform(560, 1280), sheet.chance.uniform(455, 715)
        wide, high = sheet.chance.uniform(30, 110), sheet.chance.uniform(14, 60)
        facet = [(x, y), (x + wide * 0.6, y - high * 0.5), (x + wide * 1.3, y - high * 0.2), (x + wide, y + high * 0.3)]
        facet += [(x + wide * 0.4, y + high * 0.25)]
        tone = ("#2c4046", "#18262f", "#101c25", "#34494d")[place % 4]
        sheet.shape(facet, tone, "#16242c", smooth=False, within=mask, strength=0.55, rough=2.4)
    sheet.rim(mask, 0, 4, "#8f9a7c", 0.55)
    path = [(905, 446), (870, 470), (890, 500), (840, 540), (850, 600), (800, 680), (820, 730)]
    sheet.line(path, "#6f7568", 10, 34, strength=0.55, rough=1.2)


def _tower(sheet: Sheet, x: float, base: float, scale: float, *, lit: bool) -> None:
    """The lighthouse, white with a red band, its lantern on top."""

    def at(dx: float, dy: float) -> tuple[float, float]:
        return x + dx * scale, base + dy * scale

    white, shade = ("#d9d2bf", "#7f8f8f") if lit else ("#f2e6cf", "#b3aea0")
    body = sheet.shape([at(-44, 8), at(-28, -232), at(28, -232), at(44, 8)], white, shade, smooth=False)
    for top, foot in ((-178, -120), (-64, -12)):
        edge = [44 - 16 * (-y + 8) / 240 for y in (top, foot)]
        sheet.shape(
            [at(-edge[0], top), at(edge[0], top), at(edge[1], foot), at(-edge[1], foot)],
            "#b23c35",
            "#7e2a2e",
            smooth=False,
            within=body,
        )
    sheet.shape(
        [at(8, -240), at(50, -240), at(60, 16), at(16, 16)],
        "#0d1b2a",
        smooth=False,
        within=body,
        strength=0.38,
        soft=3 * scale,
    )
    for y in (-150, -40):
        sheet.shape([at(-7, y), at(5, y), at(6, y + 22), at(-8, y + 22)], "#f6c469" if lit else "#4f5d63", smooth=False)
    sheet.shape([at(-44, -232), at(44, -232), at(38, -222), at(-38, -222)], "#20292f", smooth=False)
    sheet.shape(
        [at(-22, -232), at(-22, -296), at(22, -296), at(22, -232)],
        "#fff0c0" if lit else "#c9d3cf",
        FLAME if lit else "#9fb0b0",
        smooth=False,
    )
    for dx in (-22, -7, 8, 22):
        sheet.line([at(dx, -232), at(dx, -298)], "#20292f", 3 * scale, strength=0.9)
    sheet.shape([at(-30, -294), at(-16, -318), at(0, -330), at(16, -318), at(30, -294)], "#7e2a2e", "#4d1d22")
    sheet.line([at(0, -328), at(0, -350)], "#20292f", 3 * scale)
    for dx in range(-44, 45, 11):
        sheet.line([at(dx, -232), at(dx, -254)], "#20292f", 1.8 * scale)
    sheet.line([at(-45, -254), at(45, -254)], "#20292f", 2.4 * scale)


def _cottage(sheet: Sheet) -> None:
    sheet.shape([(985, 458), (985, 408), (1100, 408), (1100, 462)], "#8d9490", "#4d5c60", smooth=False)
    sheet.shape([(972, 412), (1002, 370), (1086, 370), (1114, 412)], "#38272b", "#241a20", smooth=False)
    sheet.shape([(1068, 372), (1068, 346), (1084, 346), (1084, 374)], "#4f4a4c", smooth=False)
    sheet.shape([(1010, 422), (1034, 422), (1034, 444), (1010, 444)], "#ffc667", smooth=False)
    sheet.shape([(1060, 424), (1078, 424), (1078, 460), (1060, 460)], "#4a2a25", smooth=False)
    sheet.glow(1022, 433, 60, "#ffae52", 0.7)


def _spray(sheet: Sheet, x: int, y: int) -> None:
    """A sea that breaks on the rock."""
    for _ in range(120):
        turn, far = sheet.chance.uniform(math.pi * 1.02, math.pi * 1.75), sheet.chance.random() ** 0.6 * 120
        sx, sy = x + far * math.cos(turn) * 1.1, y + 40 + far * math.sin(turn)
        sheet.dot(sx, sy, sheet.chance.uniform(2, 9), "#c9dfd9", strength=sheet.chance.uniform(0.25, 0.75))
    for step, (sx, sy, reach) in enumerate(
        ((395, 690, 150), (455, 655, 130), (520, 612, 110), (575, 572, 90), (618, 540, 70))
    ):
        crest = [
            (sx - reach, sy + 10),
            (sx - reach * 0.4, sy - 9),
            (sx + reach * 0.3, sy - 16),
            (sx + reach * 0.75, sy - 2),
        ]
        back = [(sx + reach * 0.4, sy - 1), (sx, sy + 5), (sx - reach * 0.5, sy + 5)]
        sheet.shape([*crest, *back], FOAM, "#4d8088", strength=0.72 - 0.05 * step, rough=1.6)


def _grass(sheet: Sheet) -> None:
    sheet.shape([(-20, 730), (-20, 640), (120, 655), (280, 690), (420, 725)], "#10212a", "#0a141c", rough=2)
    for _ in range(120):
        x = sheet.chance.uniform(-10, 380)
        y = 655 + x * 0.17 + sheet.chance.uniform(0, 12)
        lean, high = sheet.chance.uniform(14, 40), sheet.chance.uniform(22, 60)
        sheet.line(
            [(x, y + 14), (x + lean * 0.4, y - high * 0.6), (x + lean, y - high * 0.8)],
            sheet.chance.choice(("#0d1b22", "#1c353a", "#2c4a48", "#4d6558")),
            4,
            0.6,
        )


def _jetty(sheet: Sheet) -> None:
    """Wet planks going out, with posts."""
    sheet.shape(
        [(-20, 640), (-20, 590), (230, 560), (560, 548), (700, 548), (1300, 640), (1300, 740), (-20, 740)],
        "#8f7a66",
        "#55483f",
        rough=1.4,
    )
    deck = sheet.shape([(500, 730), (612, 556), (700, 556), (1010, 730)], "#a08a72", "#6f5c4d", smooth=False)
    for step in range(13):
        y = 562 + step * step * 1.05
        sheet.line([(400, y), (1060, y + 3)], "#4d4038", 1.6 + step * 0.3, within=deck, strength=0.75)
    for x, y, high, wide in ((600, 566, 58, 10), (712, 566, 58, 10), (560, 640, 96, 16), (824, 640, 96, 16)):
        post = sheet.shape(
            [(x - wide / 2, y + 8), (x - wide / 2, y - high), (x + wide / 2, y - high), (x + wide / 2, y + 8)],
            "#6a5647",
            "#3a2f2a",
            smooth=False,
        )
        sheet.rim(post, 2.5, 0, "#ffe0b0", 0.8)
    for puddle in ((180, 650, 190), (330, 690, 250), (1120, 690, 220)):
        sheet.dot(*puddle, "#dfc3a0", puddle[2] * 0.09, strength=0.4, soft=1.5)


def _boat(sheet: Sheet) -> None:
    """A small boat, home and pulled up, its name half washed away."""
    hull = sheet.shape(
        [
            (74, 598),
            (60, 566),
            (120, 580),
            (240, 588),
            (360, 578),
            (432, 548),
            (410, 606),
            (372, 642),
            (250, 658),
            (130, 648),
        ],
        "#3f6a72",
        "#22424c",
    )
    sheet.shape(
        [
            (60, 566),
            (120, 580),
            (240, 588),
            (360, 578),
            (432, 548),
            (430, 560),
            (360, 592),
            (240, 602),
            (120, 594),
            (66, 580),
        ],
        "#e8d6b2",
        "#c9ab80",
    )
    sheet.shape(
        [(80, 622), (240, 640), (404, 612), (390, 628), (250, 658), (130, 648)], "#a8443a", "#7e2a2e", within=hull
    )
    sheet.line([(250, 590), (262, 420)], "#5a4638", 9, 6)
    sheet.line([(254, 452), (190, 590)], "#efe2c8", 2)
    sheet.line([(264, 432), (400, 562)], "#efe2c8", 2)
    sheet.rim(hull, -4, 3, "#ffe0b0", 0.5)
