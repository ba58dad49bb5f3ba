"""Conforming one clip: exact frames, right colours, right framing, and pieces that agree."""

from __future__ import annotations

import asyncio
import dataclasses
from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from render.cut import house_encoder
from render.cut.conform import ClipPart, conform, scaled_size
from render.cut.house_signature import house_signature
from render.media.decoded_clip import clip_facts
from render.media.ffmpeg import run
from render.media.graph import invented
from render.media.signature import signature
from render.media.tail_frame import extract_frame
from storyboard.shot import MasterFormat
from storyboard.timeline.source_range import Shown
from tests.clips import make_clip, numbered, numbers
from tests.render.cut.pieces import MASTER, part_of
from tests.storyboard.stories import clip


def _key(letter: str, frames: int, master: MasterFormat) -> str:
    facts = dataclasses.replace(clip(), sha256=letter * 64)
    return ClipPart(path=Path("a.mp4"), clip=facts, shown=Shown(0, frames)).key("", master)


def _conformed(clip: Path, frames: int, master: MasterFormat = MASTER) -> Path:
    target = clip.with_name(f"conformed-{clip.name}")
    asyncio.run(conform(part_of(clip, frames), master, target))
    return target


def _shown(clip: Path, index: int, target: Path) -> Image.Image:
    extract_frame(clip, index, target)
    return Image.open(target)


@pytest.mark.parametrize("frames", [1, 2, 23, 24, 25, 26, 40])
def test_a_conformed_piece_has_exactly_the_frames_asked_for(frames: int, tmp_path: Path) -> None:
    """Cut short or held at its end, the count is exact and the rate constant."""
    facts = clip_facts(_conformed(make_clip(tmp_path / "a.mp4", frames=24), frames))
    assert (facts.frames, facts.fps, facts.frame_times_us, facts.audio_s) == (frames, Fraction(24), None, None)


def test_pieces_of_every_origin_carry_the_same_parameter_sets(tmp_path: Path) -> None:
    """That is what makes them join by copying; the house's own sample agrees with them."""
    pieces = [
        _conformed(make_clip(tmp_path / "a.mp4", frames=24), 24),
        _conformed(make_clip(tmp_path / "b.mp4", frames=30, fps="30", size=(320, 180), sound_s=1.0), 1),
        _conformed(make_clip(tmp_path / "c.mp4", frames=24, colours="bt601", **{"c:v": "mpeg4"}), 90),
    ]
    ours = asyncio.run(house_signature(MASTER, tmp_path))
    assert {signature(each) for each in pieces} == {ours}


@pytest.mark.parametrize("fps", ["24", "25", "24000/1001", "30", "60"])
def test_pieces_agree_at_every_rate_of_a_master(fps: str, tmp_path: Path) -> None:
    """A frame lasts a whole number of ticks, so a long and a short piece state the same rate."""
    master = MasterFormat(160, 90, Fraction(fps))
    clip = make_clip(tmp_path / "a.mp4", frames=24)
    short, long = signature(_conformed(clip, 1, master)), signature(_conformed(clip, 37, master))
    assert short == long
    assert short.fps == Fraction(fps)
    assert (1 / master.fps / short.time_base).denominator == 1


def test_conforming_is_nearly_lossless(tmp_path: Path) -> None:
    """The only encode that a clip gets may not be seen."""
    clip = make_clip(tmp_path / "a.mp4", frames=8, size=(320, 180))
    piece = _conformed(clip, 8, MasterFormat(320, 180, Fraction(24)))
    for index in (0, 7):
        before, after = _shown(clip, index, tmp_path / "before.png"), _shown(piece, index, tmp_path / "after.png")
        assert max(ImageStat.Stat(ImageChops.difference(before, after)).rms) < 2.5


@pytest.mark.parametrize("colours", ["bt601", "bt709"])
@pytest.mark.parametrize("range_", ["tv", "pc"])
def test_colours_that_a_clip_states_come_out_right(colours: str, range_: str, tmp_path: Path) -> None:
    """Whatever matrix and range a clip was made in, orange stays the same orange in the master."""
    tag = {"bt601": "smpte170m", "bt709": "bt709"}[colours]
    picture = invented("color=c=0xd08030:s=160x90:r=24:d=0.5").filter("format", "rgb24")
    picture = picture.filter("scale", out_color_matrix=colours, out_range=range_).filter("format", "yuv420p")
    picture = picture.filter("setparams", colorspace=tag, range=range_)
    clip = tmp_path / "a.mp4"
    asyncio.run(run(house_encoder.sink([picture], clip, **{"c:v": "libx264", "crf": 4}), what="make a clip"))
    encoded = signature(clip)
    assert encoded.colours[0] == {"tv": 1, "pc": 2}[range_]
    for made, name in ((clip, "clip"), (_conformed(clip, 12), "piece")):
        shown = _shown(made, 3, tmp_path / f"{name}.png").getpixel((80, 45))
        assert all(abs(have - want) <= 3 for have, want in zip(shown, (0xD0, 0x80, 0x30), strict=True)), name  # type: ignore[arg-type]


def test_a_master_says_its_colours(tmp_path: Path) -> None:
    """BT.709 in the range of television, stated, so no player guesses."""
    assert signature(_conformed(make_clip(tmp_path / "a.mp4", frames=3), 3)).colours == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("clip", "scaled"),
    [
        ((160, 90), (160, 90)),
        ((1920, 1080), (160, 90)),
        ((854, 480), (160, 90)),
        ((832, 480), (160, 92)),  # a little too narrow: as wide as the master, cropped above and below
        ((1104, 608), (164, 90)),  # a little too wide: as high as the master, cropped at the sides
        ((90, 160), (50, 90)),  # upright: black at both sides
        ((100, 100), (90, 90)),
        ((210, 90), (160, 68)),  # wide screen: black above and below
    ],
)
def test_a_clip_is_scaled_to_fill_or_to_fit(clip: tuple[int, int], scaled: tuple[int, int]) -> None:
    """A little off is cropped, more is padded; nothing is stretched."""
    assert scaled_size(*clip, MASTER) == scaled


def test_a_clip_a_little_off_is_cropped_in_the_middle(tmp_path: Path) -> None:
    """No black edge, and the same amount is lost on both sides."""
    clip = make_clip(tmp_path / "a.mp4", frames=3, size=(164, 90), colour="#c0c0c0")
    shown = _shown(_conformed(clip, 3), 2, tmp_path / "shown.png").convert("RGB")
    assert shown.size == (160, 90)
    expected = numbered(2, (164, 90), "#c0c0c0").crop((2, 0, 162, 90))
    assert max(ImageStat.Stat(ImageChops.difference(shown, expected)).mean) < 4


def test_a_faster_clip_shows_the_frame_nearest_to_each_moment(tmp_path: Path) -> None:
    """From 48 to 24 frames a second, two share each slot and the later one stays, as tail frames are counted."""
    piece = _conformed(make_clip(tmp_path / "a.mp4", frames=24, fps="48"), 12)
    assert numbers(piece) == [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22]


def test_a_slower_clip_repeats_frames(tmp_path: Path) -> None:
    """From 12 to 24 frames a second each frame stands twice."""
    piece = _conformed(make_clip(tmp_path / "a.mp4", frames=6, fps="12"), 12)
    assert numbers(piece) == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_the_key_of_a_piece_changes_with_whatever_changes_it() -> None:
    """Clip, length and master are in the key; nothing that does not change the picture is."""
    key = _key("a", 24, MASTER)
    others = [
        _key("b", 24, MASTER),
        _key("a", 23, MASTER),
        _key("a", 24, dataclasses.replace(MASTER, width=162)),
        _key("a", 24, dataclasses.replace(MASTER, fps=Fraction(25))),
    ]
    assert key == _key("a", 24, MASTER)
    assert len({key, *others}) == 5
    assert key == f"conform-1:house-1:{'a' * 64}:24:160x90:24", "pieces that were kept before there were parts"
