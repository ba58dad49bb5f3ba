"""Exact frames out of every kind of clip that vendors deliver."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from render.errors import MediaError
from render.media.av_input import need_picture, opened, pixel_ratio_of
from render.media.displayed_frame import displayed
from render.media.ffmpeg import run
from render.media.graph import sink, source
from render.media.probe import probe
from render.media.tail_frame import extract_frame, extract_tail_clip
from tests.clips import make_clip, number_in, numbers
from tests.thinning import one_in

KINDS: dict[str, dict[str, object]] = {
    "b_frames": {"frames": 30, "bf": 4, "g": 250},
    "odd_last_group": {"frames": 29, "g": 7},
    "one_group_more": {"frames": 25, "g": 12},
    "open_group": {"frames": 40, "g": 10, "x264-params": "open-gop=1"},
    "variable_rate": {"frames": 24, "times": "N*40+mod(N*N,7)*5"},
    "longer_sound": {"frames": 24, "sound_s": 2.5},
    "shorter_sound": {"frames": 24, "sound_s": 0.4},
    "film_rate": {"frames": 24, "fps": "24000/1001"},
    "mpeg4": {"frames": 24, "c:v": "mpeg4", "q:v": 3, "bf": 2},
    "one_frame": {"frames": 1},
}


def _last_by_decoding_all(clip: Path) -> Image.Image:
    with opened(clip) as container:
        stream = need_picture(container, clip)
        *_, last = container.decode(stream)
        return displayed(last, pixel_ratio_of(stream))


def _as_ffmpeg_shows(clip: Path, index: int, size: tuple[int, int], target: Path) -> Image.Image:
    shown = source(clip).video.filter("select", f"eq(n,{index})")
    square = shown.filter("scale", *size, in_color_matrix="bt709", flags="bicubic+accurate_rnd+full_chroma_int")
    asyncio.run(run(sink([square], target, pix_fmt="rgb24", **{"frames:v": 1}), what="show a frame"))
    return Image.open(target).convert("RGB")


def _difference(one: Image.Image, other: Image.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


@one_in(3, first=1)
@pytest.mark.parametrize("kind", KINDS)
def test_the_tail_frame_is_the_last_decoded_frame(kind: str, tmp_path: Path) -> None:
    """Whatever the codec, the group of pictures, the times or the sound do, the very last frame comes out."""
    clip = make_clip(tmp_path / "clip.mp4", **KINDS[kind])  # type: ignore[arg-type]
    extract_frame(clip, None, tmp_path / "tail.png")
    with Image.open(tmp_path / "tail.png") as tail:
        assert tail.tobytes() == _last_by_decoding_all(clip).tobytes()
        assert number_in(tail) == int(str(KINDS[kind]["frames"])) - 1


@one_in(3)
@pytest.mark.parametrize("kind", KINDS)
def test_any_frame_can_be_taken_by_its_number(kind: str, tmp_path: Path) -> None:
    """Frame n is the n-th that is shown, counted from 0, also between key frames and at irregular times."""
    clip = make_clip(tmp_path / "clip.mp4", **KINDS[kind])  # type: ignore[arg-type]
    frames = int(str(KINDS[kind]["frames"]))
    for index in range(frames):
        extract_frame(clip, index, tmp_path / "frame.png")
        with Image.open(tmp_path / "frame.png") as frame:
            assert number_in(frame) == index


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("clip.avi", {"c:v": "mpeg4", "q:v": 3, "bf": 2, "g": 12}),
        ("clip.webm", {"c:v": "libvpx", "b:v": "800k", "g": 12}),
        ("clip.mov", {"c:v": "mjpeg", "q:v": 3, "pix_fmt": "yuvj420p"}),
    ],
)
def test_other_containers_give_exact_frames_too(name: str, options: dict[str, object], tmp_path: Path) -> None:
    """Also where frames carry no times of their own, or key frames cannot be sought."""
    clip = make_clip(tmp_path / name, frames=30, **options)  # type: ignore[arg-type]
    shown = numbers(clip)
    for index in (None, 0, 17, len(shown) - 1):
        extract_frame(clip, index, tmp_path / "frame.png")
        with Image.open(tmp_path / "frame.png") as frame:
            assert number_in(frame) == shown[-1 if index is None else index]


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rotation_is_applied_as_players_do(rotation: int, tmp_path: Path) -> None:
    """A clip that asks to be turned gives the turned picture, equal to what ffmpeg shows."""
    clip = make_clip(tmp_path / "clip.mp4", frames=10, rotation=rotation)
    extract_frame(clip, None, tmp_path / "tail.png")
    with Image.open(tmp_path / "tail.png") as tail:
        assert tail.size == ((160, 90) if rotation == 180 else (90, 160))
        assert _difference(tail, _as_ffmpeg_shows(clip, 9, tail.size, tmp_path / "shown.png")) < 1


def test_pixels_come_out_square(tmp_path: Path) -> None:
    """A clip with wide pixels gives a picture as wide as it is shown."""
    clip = make_clip(tmp_path / "clip.mp4", frames=10, pixel_ratio="4/3")
    extract_frame(clip, None, tmp_path / "tail.png")
    with Image.open(tmp_path / "tail.png") as tail:
        assert tail.size == (213, 90)
        assert number_in(tail) == 9


@pytest.mark.parametrize(("size", "matrix"), [((160, 90), "bt601"), ((1280, 720), "bt709")])
def test_colours_of_a_clip_that_does_not_say_are_those_that_players_show(
    size: tuple[int, int], matrix: str, tmp_path: Path
) -> None:
    """Red stays red: BT.601 is assumed up to standard definition and BT.709 above."""
    clip = make_clip(tmp_path / "clip.mp4", frames=2, size=size, colour="#ff0000", colours=matrix)
    extract_frame(clip, None, tmp_path / "tail.png")
    with Image.open(tmp_path / "tail.png") as tail:
        red, green, blue = tail.getpixel((size[0] // 2, size[1] // 2))  # type: ignore[misc]
        assert (red > 248, green < 8, blue < 8) == (True, True, True)


def test_a_frame_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """The error names the clip and how many frames it has, and no file is left."""
    clip = make_clip(tmp_path / "clip.mp4", frames=5)
    with pytest.raises(MediaError, match=r"clip\.mp4 has no frame 5: it has 5"):
        extract_frame(clip, 5, tmp_path / "frame.png")
    assert [each.name for each in tmp_path.iterdir()] == ["clip.mp4"]


def test_a_tail_clip_ends_on_the_frame_asked_for(tmp_path: Path) -> None:
    """The last second before the cut: its frames, in order, and none after the out-point."""
    clip = make_clip(tmp_path / "clip.mp4", frames=60, sound_s=2.5)
    asyncio.run(extract_tail_clip(clip, 40, 1.0, tmp_path / "tail.mp4"))
    assert numbers(tmp_path / "tail.mp4") == list(range(17, 41))


def test_a_tail_clip_that_begins_nowhere_is_an_error(tmp_path: Path) -> None:
    """An out-point beyond the clip is said, with how many frames there are."""
    clip = make_clip(tmp_path / "clip.mp4", frames=10)
    with pytest.raises(MediaError, match="has no frame 10: it has 10"):
        asyncio.run(extract_tail_clip(clip, 10, 1.0, tmp_path / "tail.mp4"))


def test_a_short_clip_gives_the_tail_that_it_has(tmp_path: Path) -> None:
    """Asked for more seconds than there are, the whole clip is the tail."""
    clip = make_clip(tmp_path / "clip.mp4", frames=10)
    asyncio.run(extract_tail_clip(clip, None, 2.0, tmp_path / "tail.mp4"))
    assert numbers(tmp_path / "tail.mp4") == list(range(10))


@pytest.mark.parametrize("clip", [{"fps": "24000/1001"}, {"times": "N*45+mod(N*N,7)*5"}, {"fps": "30"}])
def test_a_tail_clip_is_never_shorter_than_asked_for(clip: dict[str, object], tmp_path: Path) -> None:
    """A vendor that wants two seconds refuses 1.99."""
    made = make_clip(tmp_path / "clip.mp4", frames=80, **clip)  # type: ignore[arg-type]
    asyncio.run(extract_tail_clip(made, 75, 2.0, tmp_path / "tail.mp4"))
    assert 2 <= float(probe(tmp_path / "tail.mp4").duration_s or 0) < 2.1
