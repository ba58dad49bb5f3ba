"""What is written into an MP4 is read out of it again: names, chapters to the frame, a cover, and nothing else."""

from __future__ import annotations

import asyncio
import hashlib
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from render.markers import with_metadata, write_metadata
from render.media.ffmpeg import run
from render.media.graph import source
from storyboard.text.printable import one_line, printable
from storyboard.timeline.markers import Chapter, Metadata
from tests.clips import make_clip

RATES = ["24", "25", "24000/1001", "30000/1001"]
NAMES = Metadata(title="The Lamp", show="The Last Lamp", episode_id="e01", episode_sort=1, comment="snapshot ab12")
COPIED: dict[str, object] = {"c:v:0": "copy", "c:a": "copy", "movflags": "+faststart", "fflags": "+bitexact"}


def told(
    clip: Path, chapters: list[Chapter], target: Path, *, fps: str = "24", names: Metadata = NAMES, **keys: Any
) -> Path:
    """The clip with its names and chapters."""
    metadata = write_metadata(names, chapters, Fraction(fps), target.with_suffix(".txt"))
    streams = source(clip)
    graph = with_metadata([streams.video, streams.audio], target, metadata, fps=Fraction(fps), **COPIED, **keys)
    asyncio.run(run(graph, what=f"write {target.name}"))
    return target


def read(film: Path) -> tuple[dict[str, str], list[tuple[str, Fraction, Fraction]]]:
    """Its names, and its chapters with their beginnings and ends in seconds."""
    with av.open(str(film)) as container:
        chapters = [
            (each["metadata"]["title"], each["start"] * each["time_base"], each["end"] * each["time_base"])
            for each in container.chapters()
        ]
        return dict(container.metadata), chapters


@pytest.mark.parametrize("fps", RATES)
def test_chapters_begin_on_their_frames(fps: str, tmp_path: Path) -> None:
    """Exactly, also where a frame does not last a whole number of milliseconds."""
    clip = make_clip(tmp_path / "clip.mp4", frames=50, fps=fps, sound_s=2.0)
    chapters = [Chapter("One", 0, 7), Chapter("第二章", 7, 31), Chapter("three", 31, 50)]
    names, found = read(told(clip, chapters, tmp_path / "told.mp4", fps=fps))
    assert found == [(each.title, each.start / Fraction(fps), each.end / Fraction(fps)) for each in chapters]
    told_names = {"title": "The Lamp", "show": "The Last Lamp", "episode_id": "e01", "episode_sort": "1"}
    assert {**told_names, "comment": "snapshot ab12", "media_type": "10"}.items() <= names.items()


@pytest.mark.parametrize(
    "text",
    ["a=b", "a;b", "#a", "a\\", "\\=", "[CHAPTER]", "x\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=1\ntitle=y", "أ ب", "🎬"],
)
def test_any_text_stays_a_text(text: str, tmp_path: Path) -> None:
    """Nothing of it becomes another key or another chapter."""
    clip = make_clip(tmp_path / "clip.mp4", frames=6, sound_s=0.25)
    names = Metadata(title=text, show=text, episode_id="e01", comment=text)
    found, chapters = read(told(clip, [Chapter(text, 0, 6)], tmp_path / "told.mp4", names=names))
    shown = f"{text} " if text.endswith("\\") else text
    assert (found["title"], found["show"], found["comment"]) == (shown, shown, shown)
    assert [title.rstrip() for title, *_ in chapters] == [one_line(text)]


@given(st.text(max_size=60))
def test_what_is_escaped_is_one_value(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Each line of the file is a key of ours, or goes on with a value whose line break is escaped."""
    target = tmp_path_factory.getbasetemp() / "any.txt"
    write_metadata(Metadata(title=text, show="s", episode_id="e"), [Chapter(text, 0, 1)], Fraction(24), target)
    lines = target.read_bytes().decode().split("\n")
    begun = [line for before, line in zip(["", *lines], lines, strict=False) if not before.endswith("\\")]
    keys = ["title", "show", "episode_id", "media_type", "[CHAPTER]", "TIMEBASE", "START", "END", "title", ""]
    assert [line.partition("=")[0] for line in begun] == [";FFMETADATA1", *keys]
    assert printable(text, lines=True).count("\n") == len(lines) - len(begun)


def test_the_same_names_give_the_same_bytes(tmp_path: Path) -> None:
    """No date, no machine, no encoder, and nothing of what the clips told of themselves."""
    secret = {"metadata": "comment=made by a vendor", "metadata:s:v:0": "handler_name=VENDOR HANDLER"}
    clip = make_clip(tmp_path / "clip.mp4", frames=12, sound_s=0.5, **secret)
    assert b"VENDOR HANDLER" in clip.read_bytes()
    made = [told(clip, [Chapter("One", 0, 12)], tmp_path / name / "told.mp4") for name in _folders(tmp_path, "a", "b")]
    one, other = (each.read_bytes() for each in made)
    assert hashlib.sha256(one).digest() == hashlib.sha256(other).digest()
    assert b"vendor" not in one.lower()
    assert b"Lavf" not in one


def _folders(root: Path, *names: str) -> list[str]:
    for name in names:
        (root / name).mkdir()
    return list(names)


def test_a_cover_and_a_language(tmp_path: Path) -> None:
    """The cover is no film: the master's picture comes first and has all its frames."""
    clip = make_clip(tmp_path / "clip.mp4", frames=12, sound_s=0.5)
    Image.new("RGB", (160, 90), "#c02020").save(tmp_path / "poster.jpg")
    film = told(clip, [Chapter("One", 0, 12)], tmp_path / "told.mp4", cover=tmp_path / "poster.jpg", language="jpn")
    assert (tmp_path / "poster.jpg").read_bytes() in film.read_bytes()
    with av.open(str(film)) as container:
        picture, cover = container.streams.video
        assert (picture.codec_context.name, picture.frames, cover.codec_context.name) == ("h264", 12, "mjpeg")
        assert container.streams.audio[0].metadata["language"] == "jpn"
        assert sum(1 for _ in container.decode(video=0)) == 12


def test_a_master_without_scenes_has_no_chapters(tmp_path: Path) -> None:
    """And no track for them."""
    clip = make_clip(tmp_path / "clip.mp4", frames=6, sound_s=0.25)
    film = told(clip, [], tmp_path / "told.mp4")
    assert read(film)[1] == []
    with av.open(str(film)) as container:
        assert len(container.streams) == 2
