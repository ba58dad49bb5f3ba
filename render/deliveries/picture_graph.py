"""The graph by which the master's picture becomes that of a delivery: its frames, its window, its size, its words.

Frames are counted, never timed: frame `n` of the delivery is the one that the plan says, at every rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from render.deliveries.encoder_settings import DITHERS, PIXELS, Passing, picture_options
from render.media.graph import PRECISE, Output, Stream, merge, raw_frames, sink, source, twice
from storyboard.delivery_formats import Reframe
from storyboard.timeline.delivery_plan import DeliveryPlan

PALETTE_SIDE = 16
"""Pixels on each side of the palette of a GIF: 256 colours."""

_PALER = "128+(val-128)*2/3"
_BLUR_SHRINKS = 8  # a blurred picture has so little in it that it is drawn small


@dataclass(frozen=True, slots=True)
class Shown:
    """The files of which a picture is made: the master, and the frames of the plan's seams one after another.

    `words` names a file of subtitles to draw, within the folder that ffmpeg runs in.
    """

    master: Path
    seams: Path | None = None
    words: str = ""


def picture_graph(plan: DeliveryPlan, shown: Shown, target: Path, *, passing: Passing) -> Output:
    """Encode the picture alone."""
    picture = plan.picture
    assert picture is not None
    seen = _drawn(plan, shown).filter("format", PIXELS.get(picture.codec, "yuv420p"))
    tagged = seen.filter("setparams", range="tv", colorspace="bt709", color_primaries="bt709", color_trc="bt709")
    return sink([tagged], target, **picture_options(plan, passing))


def palette_graph(plan: DeliveryPlan, shown: Shown, target: Path) -> Output:
    """The colours that suit all frames of a GIF, as 16 by 16 pixels of four bytes."""
    seen = _in_rgb(_drawn(plan, shown))
    chosen = seen.filter("palettegen", max_colors=plan.crf, stats_mode="full").filter("format", "bgra")
    return sink([chosen], target, format="rawvideo", **{"c:v": "rawvideo"})


def gif_graph(plan: DeliveryPlan, shown: Shown, target: Path) -> Output:
    """Draw a GIF in the colours of a palette, which is fed through the pipe."""
    picture = plan.picture
    assert picture is not None
    assert picture.quality is not None
    seen, palette = _in_rgb(_drawn(plan, shown)), raw_frames(PALETTE_SIDE, PALETTE_SIDE, picture.fps, "bgra")
    coloured = merge([seen, palette], "paletteuse", **DITHERS[picture.quality])
    return sink([coloured], target, **picture_options(plan))


def webp_graph(plan: DeliveryPlan, shown: Shown, target: Path) -> Output:
    """Encode an animated WebP, whose colours are converted from RGB by its own encoder."""
    return sink([_in_rgb(_drawn(plan, shown))], target, **picture_options(plan))


def _drawn(plan: DeliveryPlan, shown: Shown) -> Stream:
    """The frames that are shown, at their size and their times."""
    picture = plan.picture
    assert picture is not None
    seen = _reframed(plan, _fewer(plan, _frames(plan, shown)))
    seen = seen.filter("setpts", f"N/({picture.fps})/TB").filter("fps", fps=str(picture.fps))
    if shown.words.endswith(".ass"):
        return seen.filter("ass", filename=shown.words, fontsdir="fonts")
    return seen.filter("subtitles", filename=shown.words, fontsdir="fonts") if shown.words else seen


def _frames(plan: DeliveryPlan, shown: Shown) -> Stream:
    """Those of the range. What lies before it is not decoded but from the key frame before it."""
    half = Fraction(1, 2) / plan.master.fps
    from_s = {"ss": f"{float(plan.begin / plan.master.fps - half):.6f}"} if plan.begin else {}
    seen = source(shown.master, **from_s).video
    seen = seen.filter("trim", end_frame=plan.end - plan.begin)
    if plan.window is None:
        return seen
    width, height = plan.window
    x, y = (_by_frame(plan, axis) for axis in ("x", "y"))
    cropped = seen.filter("crop", w=width, h=height, x=x, y=y)
    return cropped if shown.seams is None else _with_seams(plan, cropped, shown.seams)


def _with_seams(plan: DeliveryPlan, seen: Stream, seams: Path) -> Stream:
    """The frames of the plan's seams in the place of the master's own, which are blended already."""
    tick, at, shifts, taken = str(1 / plan.master.fps), 0, [], []
    for each in plan.seams:
        begin = each.begin - plan.begin
        shifts.append((at, begin - at))
        taken.append(f"between(n,{begin},{begin + each.frames - 1})")
        at += each.frames
    counted = seen.filter("settb", tick).filter("setpts", "N").filter("select", f"not({'+'.join(taken)})")
    placed = source(seams).video.filter("settb", tick).filter("setpts", f"N+({_looked_up(shifts, 'N')})")
    within = placed.filter("select", f"between(pts,0,{plan.end - plan.begin - 1})")
    return merge([counted, within.filter("setsar", 1)], "interleave")


def _fewer(plan: DeliveryPlan, seen: Stream) -> Stream:
    """Of fewer frames a second, those whose turn it is: frame k of the delivery is the first at or after its time."""
    assert plan.picture is not None
    if plan.picture.fps == plan.master.fps:
        return seen
    share = plan.picture.fps / plan.master.fps
    turn = f"n*{share.numerator}/{share.denominator}"
    before = f"(n-1)*{share.numerator}/{share.denominator}"
    return seen.filter("select", f"gt(floor({turn}),floor({before}))")


def _by_frame(plan: DeliveryPlan, axis: str) -> str:
    """An expression that gives a window's place on each frame: frames are looked up by halving."""
    places = [(each.begin - plan.begin, getattr(each, axis)) for each in plan.windows]
    distinct = [each for at, each in enumerate(places) if at == 0 or each[1] != places[at - 1][1]]
    return _looked_up(distinct, "n")


def _looked_up(places: list[tuple[int, int]], number: str) -> str:
    """The value from whose frame on it holds, by the name that a filter has for a frame's number."""
    if len(places) == 1:
        return str(places[0][1])
    middle = len(places) // 2
    before, after = _looked_up(places[:middle], number), _looked_up(places[middle:], number)
    return f"if(lt({number},{places[middle][0]}),{before},{after})"


def _reframed(plan: DeliveryPlan, seen: Stream) -> Stream:
    picture = plan.picture
    assert picture is not None
    if plan.inner is None:
        return _scaled(seen, picture.width, picture.height)
    width, height = plan.inner
    left, top = (
        (whole - part) // 4 * 2 for whole, part in zip((picture.width, picture.height), plan.inner, strict=True)
    )
    if picture.reframe is Reframe.PAD:
        whole = _scaled(seen, width, height)
        return whole.filter("pad", w=picture.width, h=picture.height, x=left, y=top, color="black")
    one, other = twice(seen)
    return merge(
        [_blurred(plan, one), _scaled(other, width, height)], "overlay", x=left, y=top, format="yuv420", shortest=1
    )


def _blurred(plan: DeliveryPlan, seen: Stream) -> Stream:
    """The middle of the picture at the delivery's shape, out of focus and a third darker."""
    picture = plan.picture
    assert picture is not None
    shape = Fraction(picture.width, picture.height)
    width = min(Fraction(plan.master.width), plan.master.height * shape)
    height = min(Fraction(plan.master.height), plan.master.width / shape)
    small = [max(2, 2 * round(side / _BLUR_SHRINKS / 2)) for side in (picture.width, picture.height)]
    middle = seen.filter("crop", w=2 * int(width / 2), h=2 * int(height / 2))
    soft = _scaled(middle, *small).filter("gblur", sigma=max(1, min(small) / 24), steps=3)
    return _scaled(soft.filter("lutyuv", y="16+(val-16)*2/3", u=_PALER, v=_PALER), picture.width, picture.height)


def _scaled(seen: Stream, width: int, height: int) -> Stream:
    bt709 = {"in_color_matrix": "bt709", "out_color_matrix": "bt709", "in_range": "tv", "out_range": "tv"}
    return seen.filter("scale", w=width, h=height, flags=PRECISE, **bt709).filter("setsar", 1)


def _in_rgb(seen: Stream) -> Stream:
    return seen.filter("scale", in_color_matrix="bt709", in_range="tv", flags=PRECISE).filter("format", "bgra")
