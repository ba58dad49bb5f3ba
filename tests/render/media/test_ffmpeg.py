"""Running ffmpeg: found, whole or not at all, stopped with its task, and closed to the network."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import pytest

from render.errors import MediaError, StoreUnavailable
from render.media.decoded_clip import clip_facts
from render.media.ffmpeg import Started, ffmpeg_path, observed, run
from render.media.graph import Output, concat_list, invented, raw_frames, sink, source
from tests.clips import make_clip
from tests.thinning import exhaustive

T = TypeVar("T")

FRAME = bytes(64 * 36 * 3)
GOES_ON_FOR_LONG = (
    "from tests.render.media.test_ffmpeg import _encode; from render.media.ffmpeg import run; "
    "asyncio.run(run(_encode(Path({target!r}), 900), what='encode'))"
)


def _encode(target: Path, length_s: int) -> Output:
    return sink([invented(f"testsrc2=s=320x180:r=24:d={length_s}")], target, **{"c:v": "libx264"})


def _fed(target: Path) -> Output:
    return sink([raw_frames(64, 36, Fraction(24))], target, **{"c:v": "libx264", "pix_fmt": "yuv420p"})


def _left(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_the_ffmpeg_named_in_the_environment_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """TAILFRAME_FFMPEG wins over every other one."""
    chosen = tmp_path / "my-ffmpeg"
    chosen.symlink_to(ffmpeg_path())
    monkeypatch.setenv("TAILFRAME_FFMPEG", str(chosen))
    assert ffmpeg_path() == chosen


def test_a_wrong_ffmpeg_in_the_environment_is_said_and_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silently taking another one would hide the mistake."""
    monkeypatch.setenv("TAILFRAME_FFMPEG", "no-such-ffmpeg")
    with pytest.raises(MediaError, match="TAILFRAME_FFMPEG is 'no-such-ffmpeg'"):
        ffmpeg_path()


def test_the_shipped_ffmpeg_is_used_where_none_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without ffmpeg renders all the same."""
    monkeypatch.delenv("TAILFRAME_FFMPEG", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "imageio_ffmpeg" in str(ffmpeg_path())


def test_progress_goes_from_nothing_to_all(tmp_path: Path) -> None:
    """Fractions of the whole, never beyond it, the last of them 1."""
    told: list[float] = []
    asyncio.run(run(_encode(tmp_path / "a.mp4", 2), what="encode", total_s=2, progress=told.append))
    assert told
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1, abs=0.1)


def test_frames_can_be_fed_from_an_iterable(tmp_path: Path) -> None:
    """A plain generator of frames becomes a clip."""
    asyncio.run(run(_fed(tmp_path / "a.mp4"), what="draw", feed=(FRAME for _ in range(30))))
    assert clip_facts(tmp_path / "a.mp4").frames == 30


def test_frames_can_be_fed_from_an_asynchronous_iterable(tmp_path: Path) -> None:
    """So does one that waits for each of its frames."""

    async def frames() -> AsyncIterator[bytes]:
        for _ in range(30):
            await asyncio.sleep(0)
            yield FRAME

    asyncio.run(run(_fed(tmp_path / "a.mp4"), what="draw", feed=frames()))
    assert clip_facts(tmp_path / "a.mp4").frames == 30


def test_a_feed_that_fails_ends_the_run_with_its_own_error(tmp_path: Path) -> None:
    """What went wrong in the drawing is what the caller sees, and no file is left."""

    def frames() -> Iterator[bytes]:
        yield FRAME
        raise ValueError("the pen broke")

    with pytest.raises(ValueError, match="the pen broke"):
        asyncio.run(run(_fed(tmp_path / "a.mp4"), what="draw", feed=frames()))
    assert _left(tmp_path) == []


def test_a_failure_says_what_was_asked_and_what_ffmpeg_said(tmp_path: Path) -> None:
    """The error carries the end of ffmpeg's own words, and an older file at the target stays as it was."""
    (tmp_path / "a.mp4").write_bytes(b"older")
    graph = sink([invented("testsrc2=d=1").filter("no_such_filter")], tmp_path / "a.mp4")
    with pytest.raises(MediaError, match=r"could not shade lamp/010 \(exit status") as caught:
        asyncio.run(run(graph, what="shade lamp/010"))
    assert "no_such_filter" in caught.value.stderr
    assert (tmp_path / "a.mp4").read_bytes() == b"older"
    assert _left(tmp_path) == ["a.mp4"]


def test_a_cancelled_task_takes_ffmpeg_with_it(tmp_path: Path) -> None:
    """Nothing goes on encoding, and no half file is left."""

    async def begin_and_cancel() -> None:
        working = asyncio.Event()
        task = asyncio.create_task(
            run(_encode(tmp_path / "a.mp4", 900), what="encode", total_s=900, progress=lambda _: working.set())
        )
        await working.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(begin_and_cancel())
    assert _left(tmp_path) == []
    assert _running_on(tmp_path) == []


_LONG = """
import asyncio, sys
from pathlib import Path
from render.media.ffmpeg import run
from render.media.graph import invented, sink
endless = sink([invented("testsrc2=s=320x180:r=24:d=3600")], Path(sys.argv[1]), **{"c:v": "libx264"})
asyncio.run(run(endless, what="encode for an hour"))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_ffmpeg_ends_with_a_process_that_is_killed(tmp_path: Path) -> None:
    """A killed run leaves no ffmpeg behind that goes on for an hour."""
    parent = subprocess.Popen([sys.executable, "-c", _LONG, str(tmp_path / "long.mp4")])
    child = _wait_for(lambda: _children_of(parent.pid))
    parent.kill()
    parent.wait()
    assert _wait_for(lambda: not Path(f"/proc/{child[0]}").exists())


def _children_of(pid: int) -> list[int]:
    """Its ffmpeg processes, once they are ffmpeg."""
    tasks = Path(f"/proc/{pid}/task/{pid}/children")
    found = [int(each) for each in tasks.read_text().split()]
    return [each for each in found if "ffmpeg" in Path(f"/proc/{each}/comm").read_text()]


def _wait_for(condition: Callable[[], T]) -> T:
    for _ in range(600):
        if held := condition():
            return held
        time.sleep(0.05)
    raise AssertionError("waited for half a minute in vain")


def test_a_killed_ffmpeg_leaves_no_file(tmp_path: Path) -> None:
    """A kill from outside is an error that says so; the target is not there."""

    async def begin_and_kill() -> None:
        working = asyncio.Event()
        task = asyncio.create_task(
            run(_encode(tmp_path / "a.mp4", 900), what="encode", total_s=900, progress=lambda _: working.set())
        )
        await working.wait()
        for pid in _running_on(tmp_path):
            os.kill(pid, signal.SIGKILL)
        await task

    with pytest.raises(MediaError, match="was killed"):
        asyncio.run(begin_and_kill())
    assert _left(tmp_path) == []


def test_ffmpeg_ends_with_the_process_that_began_it(tmp_path: Path) -> None:
    """Killed outright, the pipeline leaves nothing behind that goes on burning the machine."""
    code = f"import asyncio; from pathlib import Path; {GOES_ON_FOR_LONG.format(target=str(tmp_path / 'a.mp4'))}"
    with subprocess.Popen([sys.executable, "-c", code]) as parent:
        _wait_until(lambda: any(tmp_path.iterdir()))
        parent.kill()
    _wait_until(lambda: _running_on(tmp_path) == [])


def test_a_run_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    """A time-out ends ffmpeg and names its limit."""
    with pytest.raises(MediaError, match=r"within 0\.2 s and was stopped"):
        asyncio.run(run(_encode(tmp_path / "a.mp4", 900), what="encode", timeout_s=0.2))
    assert _running_on(tmp_path) == []
    assert _left(tmp_path) == []


def test_only_as_many_run_at_once_as_there_are_processors(tmp_path: Path) -> None:
    """Ten encodes side by side wait for one another instead of fighting over the machine."""
    most = 0

    async def ten() -> None:
        nonlocal most
        tasks = [asyncio.create_task(run(_encode(tmp_path / f"{n}.mp4", 1), what="encode")) for n in range(10)]
        while not all(task.done() for task in tasks):
            most = max(most, len(_running_on(tmp_path)))
            await asyncio.sleep(0.02)
        await asyncio.gather(*tasks)

    asyncio.run(ten())
    assert 0 < most <= (os.cpu_count() or 1)


def test_every_input_is_kept_from_the_network(tmp_path: Path) -> None:
    """Each input may only be a file or a pipe, whatever the media asks for."""
    clip = make_clip(tmp_path / "a.mp4", frames=4)
    started: list[Started] = []
    with observed(started.append):
        asyncio.run(run(sink([source(clip), invented("sine=d=0.1")], tmp_path / "b.mp4"), what="copy"))
    [(*argv,)] = [each.argv for each in started]
    places = [place for place, argument in enumerate(argv) if argument == "-i"]
    assert len(places) == 2
    assert all(argv[place - 2 : place] == ["-protocol_whitelist", "file,pipe"] for place in places)


@pytest.mark.parametrize(
    "playlist",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile 'file:/etc/passwd'\n",
        "<?xml version='1.0'?><MPD></MPD>",
    ],
)
def test_a_playlist_under_a_clips_name_is_not_opened(playlist: str, tmp_path: Path) -> None:
    """A text that would make ffmpeg open other files or links is no media here."""
    (tmp_path / "clip.mp4").write_text(playlist)
    with pytest.raises(MediaError, match="no image, video or sound"):
        source(tmp_path / "clip.mp4")


def test_a_list_does_not_open_what_it_must_not(tmp_path: Path) -> None:
    """In a list of clips, a playlist that took a clip's place is refused by ffmpeg itself."""
    (tmp_path / "evil.mp4").write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n")
    (tmp_path / "list").write_text(f"ffconcat version 1.0\nfile 'file:{tmp_path}/evil.mp4'\n")
    with pytest.raises(MediaError, match="could not copy"):
        asyncio.run(run(sink([concat_list(tmp_path / "list", ["mov"])], tmp_path / "b.mp4", c="copy"), what="copy"))


def _wait_until(holds: Callable[[], bool], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not come to that in time"
        time.sleep(0.05)


def _running_on(folder: Path) -> list[int]:
    """Processes that have this folder in their arguments."""
    found = []
    for each in Path("/proc").iterdir():
        if each.name.isdigit() and int(each.name) != os.getpid():
            try:
                if str(folder).encode() in (each / "cmdline").read_bytes():
                    found.append(int(each.name))
            except OSError:
                continue
    return found


@exhaustive
def test_a_full_disk_is_told_from_a_film_that_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once there is room, the same may be tried again."""
    full = tmp_path / "ffmpeg"
    full.write_text(
        f"#!{sys.executable}\nimport os, sys\n"
        f"os.execv({str(ffmpeg_path())!r}, [*sys.argv[:-1], '-f', 'mp4', 'file:/dev/full'])\n"
    )
    full.chmod(0o755)
    monkeypatch.setenv("TAILFRAME_FFMPEG", str(full))
    with pytest.raises(StoreUnavailable, match="ffmpeg could not encode: there is no space left at"):
        asyncio.run(run(_encode(tmp_path / "clip.mp4", 1), what="encode"))
