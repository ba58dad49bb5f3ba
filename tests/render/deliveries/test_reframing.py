"""A picture of another shape keeps what each shot names, and changes exactly at the cut."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import pytest
from PIL import Image, ImageDraw

from storyboard.deliveries import ANCHORS, Anchor
from storyboard.delivery_formats import AudioCodec, Reframe, VideoCodec
from tests.render.deliveries.delivering import drawn_master, inputs, made
from tests.storyboard.timeline.delivery_cases import SIZE, delivery, plan_of
from tests.thinning import one_in

MARK = 12  # pixels on each side
GROUND, MARKED = (24, 64, 96), (224, 40, 32)
POINTS = {
    **ANCHORS,
    "third": Anchor(Fraction(1, 3), Fraction(1, 2)),
    "corner": Anchor(Fraction(9, 10), Fraction(1, 10)),
}


def marked(anchor: Anchor, size: tuple[int, int] = SIZE) -> Image.Image:
    """A picture with a red mark where the anchor is, wholly within it."""
    frame = Image.new("RGB", size, GROUND)
    x, y = (
        min(max(round(share * whole) - MARK // 2, 0), whole - MARK) // 2 * 2
        for share, whole in zip((anchor.x, anchor.y), size, strict=True)
    )
    ImageDraw.Draw(frame).rectangle((x, y, x + MARK - 1, y + MARK - 1), fill=MARKED)
    return frame


def red(frame: Image.Image) -> list[tuple[int, int]]:
    """Where a frame is red, in shares of a thousand."""
    pixels = frame.load()
    assert pixels is not None
    return [
        (1000 * x // frame.width, 1000 * y // frame.height)
        for x in range(frame.width)
        for y in range(frame.height)
        if pixels[x, y][0] > 140 and pixels[x, y][1] < 90  # type: ignore[index]
    ]


def frames_of(file: Path) -> list[Image.Image]:
    """All frames, as they are shown."""
    with av.open(str(file)) as container:
        return [frame.to_image() for frame in container.decode(video=0)]


@one_in(2)
@pytest.mark.parametrize("size", [(40, 72), (72, 72), (128, 40)], ids=["vertical", "square", "wide"])
@pytest.mark.parametrize("name", sorted(POINTS))
def test_what_a_shot_names_stays_in_the_picture(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    """The mark at every anchor is seen whole on every frame of a crop of every shape."""
    anchor = POINTS[name]
    master = drawn_master(tmp_path / "master.mp4", [marked(anchor)] * 3)
    wanted = delivery(size=size, reframe=Reframe.CROP, audio=AudioCodec.NONE)
    done = made(plan_of(wanted, lengths=(3,), focus=(anchor,)), inputs(master), tmp_path / "out")

    scale = max(Fraction(size[0], SIZE[0]), Fraction(size[1], SIZE[1]))
    for frame in frames_of(done.file):
        assert frame.size == size
        assert len(red(frame)) == pytest.approx(float((MARK * scale) ** 2), rel=0.2)


@one_in(2)
@pytest.mark.parametrize("video", [VideoCodec.H264, VideoCodec.HEVC, VideoCodec.AV1, VideoCodec.PRORES, VideoCodec.GIF])
def test_a_window_moves_exactly_at_the_cut(tmp_path: Path, video: VideoCodec) -> None:
    """Left, right, left: no frame early and none late, also in a part that begins within a shot."""
    sides, lengths = ("left", "right", "left", "center"), (5, 3, 1, 4)
    order = [side for side, frames in zip(sides, lengths, strict=True) for _ in range(frames)]
    whole = Image.new("RGB", SIZE)
    for number, colour in enumerate(((200, 30, 30), (30, 200, 30), (30, 30, 200))):  # left, middle, right
        whole.paste(colour, (number * 43, 0, number * 43 + 43, 72))
    master = drawn_master(tmp_path / "master.mp4", [whole] * 13)
    wanted = delivery(
        video, size=(64, 114), reframe=Reframe.CROP, audio=AudioCodec.NONE, begin=Fraction(2, 24), end=Fraction(12, 24)
    )
    plan = plan_of(wanted, lengths=lengths, focus=[ANCHORS[side] for side in sides])
    done = made(plan, inputs(master), tmp_path / "out")

    seen = []
    for frame in frames_of(done.file):
        pixel = frame.convert("RGB").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
        assert isinstance(pixel, tuple)
        seen.append(("left", "center", "right")[pixel.index(max(pixel))])
    assert seen == order[2:12]


@pytest.mark.parametrize("reframe", [Reframe.PAD, Reframe.BLUR])
def test_the_whole_picture_stands_in_the_middle(tmp_path: Path, reframe: Reframe) -> None:
    """Its corners are there, and beside it is black, or itself, blurred and darker."""
    frame = Image.new("RGB", SIZE, (180, 180, 60))
    for corner in ((0, 0), (116, 0), (0, 60), (116, 60)):
        ImageDraw.Draw(frame).rectangle((*corner, corner[0] + MARK - 1, corner[1] + MARK - 1), fill=MARKED)
    master = drawn_master(tmp_path / "master.mp4", [frame] * 3)
    wanted = delivery(size=(128, 228), reframe=reframe, audio=AudioCodec.NONE)
    done = made(plan_of(wanted, lengths=(3,)), inputs(master), tmp_path / "out")

    shown = frames_of(done.file)[1]
    assert len(red(shown)) == pytest.approx(4 * MARK**2, rel=0.1)
    beside, within = (shown.getpixel(place) for place in ((64, 20), (64, 114)))
    assert within == pytest.approx((180, 180, 60), abs=12)
    expected = (0, 0, 0) if reframe is Reframe.PAD else (120, 120, 40)
    assert beside == pytest.approx(expected, abs=15)


def test_more_shots_than_a_nested_expression_could_hold(tmp_path: Path) -> None:
    """Hundreds of windows, one a frame: they are looked up by halving."""
    anchors = [ANCHORS["left" if number % 2 else "right"] for number in range(400)]
    half = Image.new("RGB", (64, 36), (200, 30, 30))
    half.paste((30, 30, 200), (32, 0, 64, 36))
    master = drawn_master(tmp_path / "master.mp4", [half] * 400)
    wanted = delivery(size=(20, 36), reframe=Reframe.CROP, audio=AudioCodec.NONE)
    plan = plan_of(wanted, lengths=[1] * 400, focus=anchors, size=(64, 36))
    done = made(plan, inputs(master), tmp_path / "out")

    reds = [frame.getpixel((10, 18))[0] > 120 for frame in frames_of(done.file)]  # type: ignore[index]
    assert reds == [number % 2 == 1 for number in range(400)]
