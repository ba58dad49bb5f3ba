"""Frames are decoded in a process of its own: a film that ends it costs a picture, and no more."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from render.clips.media_process import MediaProcess
from render.errors import MediaError
from render.media.tail_frame import extract_frame
from tests.clips import make_clip, number_in


def test_a_frame_is_the_very_one_that_the_cut_takes(tmp_path: Path) -> None:
    """To the byte, so that both are kept as one."""
    clip = make_clip(tmp_path / "clip.mp4", frames=24)
    extract_frame(clip, 17, tmp_path / "cut.png")
    with closing(MediaProcess()) as process:
        process.make("still", clip, tmp_path / "room.png", frame=17)
        process.make("poster", clip, tmp_path / "poster.jpg", frame=17)
    assert (tmp_path / "room.png").read_bytes() == (tmp_path / "cut.png").read_bytes()
    assert number_in(Image.open(tmp_path / "poster.jpg").convert("RGB")) == 17


def test_what_is_no_film_is_told_and_a_process_that_ends_is_started_again(tmp_path: Path) -> None:
    """Whatever a stranger's file does to a decoder."""
    clip = make_clip(tmp_path / "clip.mp4", frames=2)
    (tmp_path / "none.mp4").write_bytes(b"<html>")
    with closing(MediaProcess()) as process:
        with pytest.raises(MediaError, match=r"none\.mp4"):
            process.make("still", tmp_path / "none.mp4", tmp_path / "x.png")
        assert process._process is not None
        process._process.kill()
        process._process.wait()
        process.make("still", clip, tmp_path / "x.png", frame=1)
    assert number_in(Image.open(tmp_path / "x.png")) == 1
    assert process._process is None
