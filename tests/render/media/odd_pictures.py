"""Pictures as real machines make them: every mode, depth, profile and turn, each beside what a viewer shows of it.

`CASES` are the rows of the table of pictures in `docs/media.md`: the page is held against them, and they against what
is sent. What a viewer shows is worked out from the chart that a case began with, by formulae, and not by the code that
is tested.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from PIL import Image

from tests.render.media import inks
from tests.render.media.picture_files import (
    HEIGHT,
    WIDTH,
    At,
    Seen,
    chart,
    chunks,
    coded_avif,
    deep_png,
    drawn,
    everywhere,
    exif,
    full_inks,
    grey,
    half,
    half_faded,
    ink_numbers,
    jpeg,
    lab_numbers,
    off_press,
    palette,
    plain_png,
    raw_file,
    saved,
    sixteen,
    stripes,
    with_chunk,
    with_hole,
    without_third,
    ycck,
)

AS_IT_IS, CONVERTED, BARE, REFUSED = "sent as it is", "converted", "metadata left out", "refused"


@dataclass(frozen=True, slots=True)
class Case:
    """One picture. `row` is the line of the page that promises what becomes of it."""

    name: str
    row: str
    fate: str
    content: Callable[[], bytes]
    shown: At | None = None  # by column and row of what a viewer shows
    size: tuple[int, int] = (WIDTH, HEIGHT)
    within: int = 1  # of 255
    words: str = ""  # of a refusal

    def __str__(self) -> str:
        return self.name


def cases() -> Iterator[Case]:
    """Every one of them."""
    yield from _ordinary()
    yield from _clear()
    yield from _deep()
    yield from _inked()
    yield from _profiled()
    yield from _turned()
    yield from _moving()
    yield from _speaking()
    yield from _foreign()
    yield from _broken()


def _ordinary() -> Iterator[Case]:
    row = "8-bit sRGB, RGB or grey or with a palette: JPEG, PNG, WebP"
    srgb = inks.matrix_profile(inks.SRGB, inks.srgb_curve())
    files: dict[str, tuple[Callable[[], bytes], At, int]] = {
        "jpeg": (lambda: jpeg(drawn(mode="RGB")), chart, 4),
        "progressive jpeg": (lambda: jpeg(drawn(mode="RGB"), progressive=True), chart, 4),
        "grey jpeg": (lambda: jpeg(drawn(grey, "L")), grey, 3),
        "png": (lambda: saved(drawn(mode="RGB"), "PNG"), chart, 0),
        "grey png": (lambda: saved(drawn(grey, "L"), "PNG"), grey, 0),
        "palette png": (lambda: saved(palette(), "PNG"), stripes, 0),
        "webp": (lambda: saved(drawn(mode="RGB"), "WEBP", lossless=True), chart, 0),
        "png that names sRGB": (lambda: saved(drawn(mode="RGB"), "PNG", icc_profile=srgb), chart, 0),
        "jpeg that names sRGB": (lambda: jpeg(drawn(mode="RGB"), icc_profile=srgb), chart, 4),
        "png with the gamma of sRGB": (lambda: with_chunk(plain_png(), b"gAMA", struct.pack(">I", 45455)), chart, 0),
    }
    for name, (content, shown, within) in files.items():
        yield Case(name, row, AS_IT_IS, content, shown, within=within)
    yield Case("one pixel", row, AS_IT_IS, lambda: saved(drawn(mode="RGB", size=(1, 1)), "PNG"), chart, (1, 1), 0)
    yield Case("odd sides", row, AS_IT_IS, lambda: saved(drawn(mode="RGB", size=(13, 7)), "PNG"), chart, (13, 7), 0)
    yield Case("one row", row, AS_IT_IS, lambda: saved(drawn(mode="RGB", size=(61, 1)), "PNG"), chart, (61, 1), 0)


def _clear() -> Iterator[Case]:
    row = "transparency, with whatever colour under it: RGBA, LA, a palette, one colour that counts as clear"

    def fading(x: int, y: int) -> Seen:
        return *chart(x, y)[:3], 4 * x

    def half_grey(x: int, y: int) -> Seen:
        return *grey(x, y)[:3], 255 - 6 * y

    def keyed(x: int, y: int) -> Seen:
        return *grey(x, y)[:3], 0 if grey(x, y)[0] == 60 else 255

    def striped(x: int, y: int) -> Seen:
        return *stripes(x, y)[:3], (255, 128, 0, 255)[x % 4]

    yield Case("rgba png", row, CONVERTED, lambda: saved(drawn(fading), "PNG"), fading)
    yield Case("rgba webp", row, CONVERTED, lambda: saved(drawn(fading), "WEBP", lossless=True, exact=True), fading)
    yield Case("la png", row, CONVERTED, lambda: saved(drawn(half_grey, "LA"), "PNG"), half_grey)
    alphas = bytes((255, 128, 0, 255))
    yield Case("clear palette", row, CONVERTED, lambda: saved(palette(), "PNG", transparency=alphas), striped)
    yield Case("clear grey", row, CONVERTED, lambda: saved(drawn(grey, "L"), "PNG", transparency=60), keyed)
    yield Case("clear gif", row, CONVERTED, lambda: saved(palette(), "GIF", transparency=2), without_third)


def _deep() -> Iterator[Case]:
    row = "16 bits a channel; 1 bit a pixel"

    def ramp(x: int, y: int) -> Seen:
        value = round(sixteen(x, y) / 257)
        return value, value, value, 255

    def keyed(x: int, y: int) -> Seen:
        return *ramp(x, y)[:3], 0 if sixteen(x, y) == 18_000 else 255

    def sharp(x: int, y: int) -> Seen:
        value = 255 if (x + y) % 5 == 0 else 0
        return value, value, value, 255

    little = Image.frombytes("I;16", (WIDTH, HEIGHT), struct.pack(f"<{WIDTH * HEIGHT}H", *everywhere(sixteen)))
    big = Image.frombytes("I;16B", (WIDTH, HEIGHT), struct.pack(f">{WIDTH * HEIGHT}H", *everywhere(sixteen)))
    yield Case("grey of 16 bits", row, CONVERTED, lambda: saved(little, "PNG"), ramp)
    yield Case("grey of 16 bits, one clear", row, CONVERTED, lambda: saved(little, "PNG", transparency=18_000), keyed)
    yield Case("tiff of 16 bits", row, CONVERTED, lambda: saved(little, "TIFF"), ramp)
    yield Case("tiff of 16 bits, big end first", row, CONVERTED, lambda: saved(big, "TIFF"), ramp)
    yield Case("rgb of 16 bits", row, CONVERTED, lambda: deep_png(2, lambda x, y: chart(x, y)[:3]), chart)
    yield Case("rgba of 16 bits", row, CONVERTED, lambda: deep_png(6, half_faded), half_faded)
    yield Case("1 bit", row, CONVERTED, lambda: saved(drawn(sharp, "1"), "PNG"), sharp, within=0)

    row = "32-bit numbers (TIFF): white is the least of 1, 255, 65,535 and 2,147,483,647 that none exceeds"

    def numbers(scale: float, mode: str) -> Callable[[], bytes]:
        code, kind = ("f", float) if mode == "F" else ("i", int)
        values = [kind(each / 65_535 * scale) for each in everywhere(sixteen)]
        return lambda: saved(
            Image.frombytes(mode, (WIDTH, HEIGHT), struct.pack(f"<{len(values)}{code}", *values)), "TIFF"
        )

    yield Case("floats to 1", row, CONVERTED, numbers(1, "F"), ramp)
    yield Case("floats to 255", row, CONVERTED, numbers(255, "F"), ramp)
    yield Case("integers to 65535", row, CONVERTED, numbers(65_535, "I"), ramp)
    row = "32-bit numbers below nothing, or beyond all of these"
    yield Case("floats below 0", row, REFUSED, numbers(-1, "F"), words="nothing says which of them is white")


def _inked() -> Iterator[Case]:
    row = "CMYK and YCCK without a profile: as browsers show it, (255 - C)(255 - K) / 255"

    def plain(x: int, y: int) -> Seen:
        *colours, black = ink_numbers(x, y)
        red, green, blue = (round((255 - each) * (255 - black) / 255) for each in colours)
        return red, green, blue, 255

    flat = Image.new("CMYK", (WIDTH, HEIGHT))
    flat.putdata([ink_numbers(x, y) for y in range(HEIGHT) for x in range(WIDTH)])
    yield Case("cmyk", row, CONVERTED, lambda: jpeg(flat), plain, within=4)
    yield Case("cmyk tiff", row, CONVERTED, lambda: saved(flat, "TIFF"), plain, within=2)
    yield Case("ycck", row, CONVERTED, lambda: ycck(flat), plain, within=6)

    row = "CMYK and YCCK with a profile: by their profile"
    colours = {
        key: off_press(key) for key in ((c, m, y, k) for c in (0, 1) for m in (0, 1) for y in (0, 1) for k in (0, 1))
    }
    full = Image.new("CMYK", (WIDTH, HEIGHT))
    full.putdata([tuple(255 * each for each in full_inks(x, y)) for y in range(HEIGHT) for x in range(WIDTH)])

    def pressed(x: int, y: int) -> Seen:
        return *off_press(full_inks(x, y)), 255

    press = inks.ink_profile(colours)
    yield Case("cmyk of a press", row, CONVERTED, lambda: jpeg(full, icc_profile=press), pressed, within=4)
    yield Case("ycck of a press", row, CONVERTED, lambda: ycck(full, icc_profile=press), pressed, within=6)

    row = "Lab (TIFF)"

    def lab(x: int, y: int) -> Seen:
        lightness, a, b = lab_numbers(x, y)
        return *inks.from_lab(lightness * 100 / 255, a - 128, b - 128), 255

    measured = Image.new("LAB", (WIDTH, HEIGHT))
    measured.putdata([lab_numbers(x, y) for y in range(HEIGHT) for x in range(WIDTH)])
    yield Case("lab", row, CONVERTED, lambda: saved(measured, "TIFF"), lab, within=3)


def _profiled() -> Iterator[Case]:
    row = "Adobe RGB, Display P3, any other ICC profile; PNG's gamma, cICP of PNG and AVIF"

    def through(matrix: tuple[tuple[float, ...], ...], light: Callable[[float], float], clear: bool = False) -> At:
        def at(x: int, y: int) -> Seen:
            red, green, blue, seen = half_faded(x, y) if clear else chart(x, y)
            return *inks.from_space((red, green, blue), matrix, light), seen

        return at

    def adobe_light(number: float) -> float:
        return float((number / 255) ** 2.19921875)

    adobe = inks.matrix_profile(inks.ADOBE, inks.gamma(2.19921875))
    p3 = inks.matrix_profile(inks.DISPLAY_P3, inks.srgb_curve())
    as_adobe, as_p3 = through(inks.ADOBE, adobe_light), through(inks.DISPLAY_P3, inks.linear)
    yield Case("adobe rgb jpeg", row, CONVERTED, lambda: jpeg(drawn(mode="RGB"), icc_profile=adobe), as_adobe, within=5)
    yield Case(
        "adobe rgb png", row, CONVERTED, lambda: saved(drawn(mode="RGB"), "PNG", icc_profile=adobe), as_adobe, within=2
    )
    yield Case(
        "display p3 webp",
        row,
        CONVERTED,
        lambda: saved(drawn(mode="RGB"), "WEBP", lossless=True, icc_profile=p3),
        as_p3,
        within=2,
    )
    faded = through(inks.DISPLAY_P3, inks.linear, clear=True)
    yield Case(
        "display p3, clear", row, CONVERTED, lambda: saved(drawn(half_faded), "PNG", icc_profile=p3), faded, within=2
    )
    coded = b"\x0c\x0d\0\x01"  # the primaries of Display P3, the curve of sRGB, RGB, full range
    yield Case("display p3 by cICP", row, CONVERTED, lambda: with_chunk(plain_png(), b"cICP", coded), as_p3, within=2)
    yield Case("display p3 by nclx", row, CONVERTED, coded_avif, as_p3, within=6)
    plain = through(inks.SRGB, lambda number: number / 255)
    linear = struct.pack(">I", 100_000)
    yield Case("linear png", row, CONVERTED, lambda: with_chunk(plain_png(), b"gAMA", linear), plain, within=2)

    def light_grey(x: int, y: int) -> Seen:
        value = inks.encoded((grey(x, y)[0] / 255) ** 1.8)
        return value, value, value, 255

    old = inks.grey_profile(inks.gamma(1.80078125))
    yield Case(
        "grey of gamma 1.8",
        row,
        CONVERTED,
        lambda: saved(drawn(grey, "L"), "PNG", icc_profile=old),
        light_grey,
        within=2,
    )

    row = "a profile that cannot be read, or is one of other colours: as without it"
    yield Case("no profile", row, CONVERTED, lambda: saved(drawn(mode="RGB"), "PNG", icc_profile=b"junk" * 40), chart)
    yield Case("of other colours", row, CONVERTED, lambda: saved(drawn(mode="RGB"), "PNG", icc_profile=old), chart)

    row = "high dynamic range (PQ, HLG)"
    for name, number in (("pq", 16), ("hlg", 18)):
        points = bytes((9, number, 0, 1))
        yield Case(
            name,
            row,
            REFUSED,
            lambda points=points: with_chunk(plain_png(), b"cICP", points),
            words="of high dynamic",
        )


def _turned() -> Iterator[Case]:
    row = "a turn in EXIF data, all eight, in JPEG, PNG, WebP; small or large"
    where: dict[int, Callable[[int, int], tuple[int, int]]] = {  # in what is stored, of what is shown
        2: lambda x, y: (WIDTH - 1 - x, y),
        3: lambda x, y: (WIDTH - 1 - x, HEIGHT - 1 - y),
        4: lambda x, y: (x, HEIGHT - 1 - y),
        5: lambda x, y: (y, x),
        6: lambda x, y: (y, HEIGHT - 1 - x),
        7: lambda x, y: (WIDTH - 1 - y, HEIGHT - 1 - x),
        8: lambda x, y: (WIDTH - 1 - y, x),
    }
    for number, stored in where.items():
        size = (HEIGHT, WIDTH) if number > 4 else (WIDTH, HEIGHT)

        def at(x: int, y: int, stored: Callable[[int, int], tuple[int, int]] = stored) -> Seen:
            return chart(*stored(x, y))

        turn = exif(number)
        yield Case(f"turn {number}", row, CONVERTED, lambda turn=turn: jpeg(drawn(mode="RGB"), exif=turn), at, size, 4)
        if number == 6:
            yield Case(
                "turned png", row, CONVERTED, lambda turn=turn: saved(drawn(mode="RGB"), "PNG", exif=turn), at, size
            )
            webp = lambda turn=turn: saved(drawn(mode="RGB"), "WEBP", lossless=True, exif=turn)  # noqa: E731
            yield Case("turned webp", row, CONVERTED, webp, at, size)


def _moving() -> Iterator[Case]:
    row = "moving: GIF, WebP, APNG; several pages of a TIFF: the first is sent"
    others = [Image.new("RGB", (WIDTH, HEIGHT), colour) for colour in ("red", "blue")]
    more: dict[str, Any] = {"save_all": True, "append_images": others}
    yield Case("moving webp", row, CONVERTED, lambda: saved(drawn(mode="RGB"), "WEBP", lossless=True, **more), chart)
    yield Case("moving png", row, CONVERTED, lambda: saved(drawn(mode="RGB"), "PNG", **more), chart)
    yield Case("pages", row, CONVERTED, lambda: saved(drawn(mode="RGB"), "TIFF", **more), chart)
    yield Case("moving gif", row, CONVERTED, lambda: saved(palette(), "GIF", **more), stripes)


def _speaking() -> Iterator[Case]:
    row = "EXIF data (places, devices), XMP, IPTC, texts and comments, further pictures in the file: JPEG, PNG, WebP"
    told, xmp = exif(1), b"<x:xmpmeta>Mara was here</x:xmpmeta>"
    yield Case(
        "a phone's jpeg", row, BARE, lambda: jpeg(drawn(mode="RGB"), exif=told, comment=b"at home"), chart, within=4
    )
    yield Case("xmp", row, BARE, lambda: jpeg(drawn(mode="RGB"), xmp=xmp), chart, within=4)
    yield Case("a phone's png", row, BARE, lambda: saved(drawn(mode="RGB"), "PNG", exif=told), chart, within=0)
    yield Case(
        "a generator's png", row, BARE, lambda: with_chunk(plain_png(), b"tEXt", b"prompt\0a secret"), chart, within=0
    )
    webp = lambda: saved(drawn(mode="RGB"), "WEBP", lossless=True, exif=told, xmp=xmp)  # noqa: E731
    yield Case("a phone's webp", row, BARE, webp, chart, within=0)
    two = [Image.new("RGB", (8, 8))]
    mpo = lambda: saved(drawn(mode="RGB"), "MPO", quality=100, subsampling=0, save_all=True, append_images=two)  # noqa: E731
    yield Case("two pictures in one", row, BARE, mpo, chart, within=4)
    yield Case(
        "a film behind it", row, BARE, lambda: jpeg(drawn(mode="RGB")) + b"SEFT a film of your home", chart, within=4
    )


def _foreign() -> Iterator[Case]:
    row = "other formats that Pillow reads, whatever the file's ending: GIF, BMP, TIFF, AVIF"
    yield Case("gif", row, CONVERTED, lambda: saved(palette(), "GIF"), stripes)
    yield Case("bmp", row, CONVERTED, lambda: saved(drawn(mode="RGB"), "BMP"), chart)
    yield Case("tiff", row, CONVERTED, lambda: saved(drawn(mode="RGB"), "TIFF"), chart)
    yield Case(
        "avif",
        row,
        CONVERTED,
        lambda: saved(drawn(mode="RGB"), "AVIF", quality=100, subsampling="4:4:4"),
        chart,
        within=4,
    )
    row = "HEIC (phones), JPEG XL, JPEG 2000, PSD, raw files of cameras, SVG, PDF, a web page under a picture's name"
    brands = b"\0\0\0\x1cftypheic\0\0\0\0mif1heic"
    yield Case("heic", row, REFUSED, lambda: brands.ljust(400, b"\0"), words="it is a HEIC picture")
    family = b"\0\0\0\x1cftypmif1\0\0\0\0mif1heic"
    yield Case("heic by its second name", row, REFUSED, lambda: family.ljust(400, b"\0"), words="it is a HEIC picture")
    yield Case("jpeg xl", row, REFUSED, lambda: b"\xff\x0a" + bytes(60), words="it is a JPEG XL picture")
    yield Case("raw file", row, REFUSED, raw_file, words="camera's raw file")
    yield Case("page", row, REFUSED, lambda: b"<!DOCTYPE html><html>please log in", words="it is a web page")
    yield Case("svg", row, REFUSED, lambda: b'<?xml version="1.0"?><svg width="9"/>', words="it is an SVG drawing")


def _broken() -> Iterator[Case]:
    row = "cut off or damaged"
    for name, whole in WHOLE.items():
        yield Case(
            f"half a {name}", row, REFUSED, lambda whole=whole: half(whole()), words="cannot be read as an image"
        )
    holed = lambda: with_hole(saved(drawn(mode="RGB"), "PNG"))  # noqa: E731
    yield Case("a png with a hole", row, REFUSED, holed, words="cannot be read as an image")
    row = "more than 80,000,000 pixels"
    bomb = lambda: chunks((b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)), (b"IDAT", b""))  # noqa: E731
    yield Case("a bomb", row, REFUSED, bomb, words="Scale it down")


WHOLE: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: jpeg(drawn(mode="RGB")),
    "progressive jpeg": lambda: jpeg(drawn(mode="RGB"), progressive=True),
    "png": lambda: saved(drawn(mode="RGB"), "PNG"),
    "webp": lambda: saved(drawn(mode="RGB"), "WEBP"),
    "gif": lambda: saved(palette(), "GIF"),
    "bmp": lambda: saved(drawn(mode="RGB"), "BMP"),
    "tiff": lambda: saved(drawn(mode="RGB"), "TIFF"),
    "avif": lambda: saved(drawn(mode="RGB"), "AVIF"),
}


CASES = tuple(cases())
