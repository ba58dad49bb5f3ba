"""The poster is the first frame that shows something, exactly as the film shows it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from render.errors import MediaError
from render.markers import take_poster
from render.markers.poster import shows_something
from render.media.ffmpeg import run
from render.media.graph import invented, sink
from storyboard.timeline.markers import PosterFrame
from tests.clips import make_clip, number_in


def film(folder: Path) -> Path:
    """Ten numbered frames."""
    return make_clip(folder / "film.mp4", frames=10)


def even(folder: Path, colour: str) -> Path:
    """Three frames of one colour."""
    target = folder / f"{colour}.mp4"
    picture = invented(f"color=c={colour}:s=64x36:r=24:d=0.125").filter("format", "yuv420p")
    asyncio.run(run(sink([picture], target, **{"c:v": "libx264"}), what=f"make {target.name}"))
    return target


def test_the_frame_that_is_asked_for_is_taken(tmp_path: Path) -> None:
    """By its number in the film that it stands in, as large as that."""
    clip = film(tmp_path)
    taken = take_poster([PosterFrame("lamp/010", 7)], lambda frame: (clip, frame.frame), tmp_path / "poster.jpg")
    assert taken == PosterFrame("lamp/010", 7)
    with Image.open(tmp_path / "poster.jpg") as picture:
        assert (picture.format, picture.size, picture.info.get("exif")) == ("JPEG", (160, 90), None)
        assert number_in(picture) == 7
    assert sorted(each.name for each in tmp_path.iterdir()) == ["film.mp4", "poster.jpg"]


def test_black_frames_are_passed_over(tmp_path: Path) -> None:
    """Where others wait; one that a producer named is taken as it is, and the brightest where all are black."""
    films = {"black": even(tmp_path, "0x000000"), "dim": even(tmp_path, "0x0a0a0a"), "film": film(tmp_path)}
    waiting = [PosterFrame(key, 1) for key in films]

    def frame_at(frame: PosterFrame) -> tuple[Path, int]:
        return films[frame.key], frame.frame

    target = tmp_path / "poster.jpg"
    assert take_poster(waiting, frame_at, target).key == "film"
    assert take_poster(waiting[:1], frame_at, target).key == "black"
    assert take_poster(waiting[:2], frame_at, target).key == "dim"


def test_the_same_frame_is_the_same_file(tmp_path: Path) -> None:
    """To the byte."""
    clip = film(tmp_path)
    made = []
    for name in ("a.jpg", "b.jpg"):
        take_poster([PosterFrame("x/1", 3)], lambda frame: (clip, frame.frame), tmp_path / name)
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]


def test_a_master_of_cards_alone_has_no_poster(tmp_path: Path) -> None:
    """It is said, and nothing is written."""
    with pytest.raises(MediaError, match="the master has no shots"):
        take_poster([], lambda _: (tmp_path, 0), tmp_path / "poster.jpg")
    assert list(tmp_path.iterdir()) == []


def test_what_a_picture_must_show() -> None:
    """Neither black nor one grey; a lamp in the night is enough."""
    assert not shows_something(Image.new("RGB", (100, 100)))
    assert not shows_something(Image.new("RGB", (100, 100), "#808080"))
    night = Image.new("RGB", (100, 100), "#050505")
    ImageDraw.Draw(night).ellipse((40, 40, 60, 60), fill="#f0c060")
    assert shows_something(night)
