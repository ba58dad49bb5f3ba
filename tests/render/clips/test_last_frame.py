"""A vendor's own last frame, held against the clip's."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from flows.run.workspace import open_workspace
from render.clips.last_frame import UNLIKE, difference, doubt
from render.errors import Terminal, Transient
from render.ledger import RunId
from render.media.decoded_clip import clip_facts
from render.media.ffmpeg import run
from render.media.graph import invented, sink
from render.media.tail_frame import extract_frame
from render.providers import JobRef
from storyboard.capabilities import Capabilities
from tests.acme.orders import order
from tests.acme.provider import VENDOR
from tests.flows.episodes import film, plain_environment
from tests.thinning import one_in


@dataclass
class Host:
    """A vendor that gives one file, or none."""

    file: Path | Exception | None  # None: it never answers

    @property
    def capabilities(self) -> Capabilities:
        return VENDOR.capabilities({})

    async def download(self, job: JobRef, url: str, target: Path, progress: Callable[[float], None]) -> None:
        if self.file is None:
            await asyncio.Event().wait()
        elif isinstance(self.file, Exception):
            raise self.file
        else:
            shutil.copyfile(self.file, target)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """A second in which everything moves and changes its colour."""
    moving = invented("testsrc2=s=320x180:r=24:d=1").filter("hue", h="120*t")
    target = tmp_path / "clip.mp4"
    asyncio.run(run(sink([moving], target, **{"c:v": "libx264", "pix_fmt": "yuv420p"}), what="make a clip"))
    return target


def still(clip: Path, index: int | None, target: Path, **saving: int) -> Path:
    """One frame of the clip as a vendor would give it."""
    png = target.with_suffix(".png")
    extract_frame(clip, index, png)
    with Image.open(png) as frame:
        frame.convert("RGB").save(target, **saving)
    return target


def told(project: Path, clip: Path, file: Path | Exception | None) -> str | None:
    """What is said of a take whose vendor gave this file as its last frame."""

    async def ask() -> str | None:
        async with open_workspace(project) as workspace:
            context = workspace.run_context("lighthouse", RunId("run"), ())
            workspace.store.put_file(clip)
            host = Host(file)
            try:
                facts, job = clip_facts(clip), JobRef("job", order())
                return await doubt(context, host, job, "https://x", facts, patience=timedelta(seconds=2))  # type: ignore[arg-type]
            finally:
                await context.aclose()

    return asyncio.run(ask())


def test_compression_is_no_difference(clip: Path, tmp_path: Path) -> None:
    """The same frame as an ordinary JPEG is the same picture; another moment is not."""
    assert difference(clip, still(clip, None, tmp_path / "last.jpg", quality=75)) < UNLIKE / 2
    assert difference(clip, still(clip, 0, tmp_path / "first.jpg", quality=95)) > UNLIKE


def test_a_last_frame_that_agrees_is_not_spoken_of(clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is bothered with what is as it should be."""
    plain_environment(monkeypatch)
    assert told(film(tmp_path), clip, still(clip, None, tmp_path / "last.jpg", quality=80)) is None


def test_another_picture_is_told(clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Continuity would break where nobody looks."""
    plain_environment(monkeypatch)
    said = told(film(tmp_path), clip, still(clip, 0, tmp_path / "first.jpg"))
    assert said is not None
    assert "is not the last frame of its clip" in said


@one_in(2)
@pytest.mark.parametrize(
    ("fails", "why"),
    [
        (Transient("the host is away"), "the host is away"),
        (Terminal("only https is allowed", code="forbidden_address"), "only https"),
        (ValueError("a client of somebody else's gave up"), "gave up"),
        (None, "did not come within 2 s"),
    ],
)
def test_a_last_frame_that_cannot_be_had_spoils_no_take(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: Exception | None, why: str
) -> None:
    """The clip was checked by itself; this is one look more."""
    plain_environment(monkeypatch)
    said = told(film(tmp_path), clip, fails)
    assert said is not None
    assert "cannot be compared" in said
    assert why in said


@one_in(2)
@pytest.mark.parametrize("content", [b"", b"<title>Sign in</title>", b"half"])
def test_a_last_frame_that_is_no_picture_spoils_no_take(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    """Nothing, a web page, a picture that breaks off."""
    plain_environment(monkeypatch)
    picture = still(clip, None, tmp_path / "last.jpg")
    picture.write_bytes(picture.read_bytes()[:2000] if content == b"half" else content)
    said = told(film(tmp_path), clip, picture)
    assert said is not None
    assert "cannot be compared" in said
