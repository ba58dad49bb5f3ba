"""Finds ffmpeg and runs it: one graph, one file, whole or not at all.

The file is written beside its target under another name and takes its place only when ffmpeg ended well, so a kill,
a full disk or a cancelled task never leaves half a clip behind. Inputs may only be files and pipes: media from
outside cannot make ffmpeg open a link.
"""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from secrets import token_hex
from weakref import WeakKeyDictionary

from render.errors import MediaError, StoreUnavailable
from render.media.graph import Output, arguments

Feed = AsyncIterable[bytes] | Iterable[bytes]
Progress = Callable[[float], None]

_STDERR_KEPT = 4_000  # characters
_PIPE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Started:
    """One run of ffmpeg, for whoever observes."""

    what: str
    argv: tuple[str, ...]


_observer: ContextVar[Callable[[Started], None] | None] = ContextVar("ffmpeg_observer", default=None)
_slots: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
"""The processors are the machine's and not a run's, so whoever runs ffmpeg in this process shares them: one semaphore
for each event loop, gone with it, since a semaphore serves one loop alone."""


def ffmpeg_path() -> Path:
    """The ffmpeg to use: TAILFRAME_FFMPEG, else the one on PATH, else the one that imageio-ffmpeg ships."""
    if chosen := os.environ.get("TAILFRAME_FFMPEG"):
        found = shutil.which(chosen)
        if found is None:
            raise MediaError(f"TAILFRAME_FFMPEG is {chosen!r}, which cannot be run", "Correct it, or unset it")
        return Path(found).absolute()
    if found := shutil.which("ffmpeg"):
        return Path(found).absolute()
    if shipped := shipped_ffmpeg():
        return shipped
    raise MediaError("no ffmpeg was found", "Install one, or name it in TAILFRAME_FFMPEG")


def shipped_ffmpeg() -> Path | None:
    """The ffmpeg that imageio-ffmpeg ships; None on machines for which it ships none."""
    import imageio_ffmpeg

    try:
        return Path(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:
        return None


@contextmanager
def observed(observer: Callable[[Started], None]) -> Iterator[None]:
    """Calls `observer` at each start of ffmpeg within the block (and in tasks begun there)."""
    token = _observer.set(observer)
    try:
        yield
    finally:
        _observer.reset(token)


async def run(
    output: Output,
    *,
    what: str,
    total_s: float | None = None,
    progress: Progress | None = None,
    feed: Feed | None = None,
    timeout_s: float = 3600.0,
    cwd: Path | None = None,
) -> None:
    """Run a graph to its end. Raises MediaError, with the end of what ffmpeg said, and then leaves no file.

    Raises StoreUnavailable where the disk is full.

    `what` completes "ffmpeg could not …" ("conform lamp/010"). `progress` gets 0 to 1 of `total_s`. `feed` is what the
    graph's pipe input reads; an iterable that is not asynchronous is drawn from in a thread. `cwd` is the folder from
    which a list names its files. As many runs as there are processors go on at once; the others wait.
    """
    *argv, last = arguments(output)
    target = Path(last)
    part = target.with_name(f".{target.stem}.{token_hex(4)}.part{target.suffix}")
    command = _command(argv, part, fed=feed is not None)
    report = _fraction_of(total_s, progress)
    async with _slot():
        if observer := _observer.get():
            observer(Started(what, tuple(command)))
        try:
            async with asyncio.timeout(timeout_s):
                status, words = await _execute(command, feed, report, cwd)
            _check(what, status, words, part)
            part.replace(target)
        except TimeoutError as error:
            raise MediaError(f"ffmpeg could not {what} within {timeout_s:g} s and was stopped") from error
        finally:
            part.unlink(missing_ok=True)


def run_from_thread(output: Output, *, what: str) -> None:
    """The same, for who works in a thread, where no event loop runs."""
    asyncio.run(run(output, what=what))  # noqa: TID251 - no signal comes to a thread


def _slot() -> asyncio.Semaphore:
    loop = asyncio.get_running_loop()
    if loop not in _slots:
        _slots[loop] = asyncio.Semaphore(os.cpu_count() or 1)
    return _slots[loop]


_QUIETLY = ("-hide_banner", "-loglevel", "error", "-nostats", "-progress", "pipe:1", "-y")


def _command(argv: list[str], part: Path, *, fed: bool) -> list[str]:
    command = [*_leash(), str(ffmpeg_path()), *_QUIETLY]
    if not fed:
        command.append("-nostdin")
    for argument in argv:
        if argument == "-i":
            command += ["-protocol_whitelist", "file,pipe"]
        command.append(argument)
    return [*command, f"file:{part.absolute()}"]


@cache
def _leash() -> tuple[str, ...]:
    """Linux ends ffmpeg with the process that asked for it, however that one ends; elsewhere it runs to its own end."""
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", "KILL") if setpriv and sys.platform == "linux" else ()


def _fraction_of(total_s: float | None, progress: Progress | None) -> Progress:
    if progress is None or not total_s:
        return lambda _: None
    return lambda seconds: progress(min(1.0, max(0.0, seconds / total_s)))


async def _execute(command: list[str], feed: Feed | None, report: Progress, cwd: Path | None) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL if feed is None else asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
        cwd=cwd,
        pipesize=_PIPE_BYTES,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        async with asyncio.TaskGroup() as group:
            words = group.create_task(_end_of(process.stderr))
            group.create_task(_follow(process.stdout, report))
            if feed is not None:
                group.create_task(_pump(process, feed))
        return await process.wait(), words.result()
    except BaseExceptionGroup as group_error:
        raise group_error.exceptions[0] from None
    finally:
        await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Leave no ffmpeg behind, whatever happened."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await asyncio.shield(process.wait())


async def _pump(process: asyncio.subprocess.Process, feed: Feed) -> None:
    """Write the feed into ffmpeg; where ffmpeg closes its end early, its exit status tells why."""
    assert process.stdin is not None
    try:
        async for chunk in _drawn(feed):
            process.stdin.write(chunk)
            await process.stdin.drain()
    except (BrokenPipeError, ConnectionResetError):
        pass
    finally:
        process.stdin.close()
        with suppress(BrokenPipeError, ConnectionResetError):
            await process.stdin.wait_closed()


async def _drawn(feed: Feed) -> AsyncIterator[bytes]:
    if isinstance(feed, AsyncIterable):
        async for chunk in feed:
            yield chunk
        return
    chunks = iter(feed)
    while (piece := await asyncio.to_thread(next, chunks, None)) is not None:
        yield piece


async def _end_of(stderr: asyncio.StreamReader) -> str:
    kept = ""
    while block := await stderr.read(4096):
        kept = (kept + block.decode(errors="replace"))[-_STDERR_KEPT:]
    return kept.strip()


async def _follow(stdout: asyncio.StreamReader, report: Progress) -> None:
    """Read `key=value` lines: `out_time_us` is how much of the output is made."""
    async for line in stdout:
        key, _, number = line.decode(errors="replace").strip().partition("=")
        if key == "out_time_us" and number.lstrip("-").isdigit():
            report(int(number) / 1_000_000)


def _check(what: str, status: int, words: str, part: Path) -> None:
    if status < 0:
        raise MediaError(f"ffmpeg was killed (signal {-status}) and could not {what}", "Run it again", stderr=words)
    if status > 0 and os.strerror(errno.ENOSPC) in words:
        told = f"ffmpeg could not {what}: there is no space left at {part.parent}"
        raise StoreUnavailable(told, "Make room there, then run the same command again")
    if status > 0:
        raise MediaError(f"ffmpeg could not {what} (exit status {status})", stderr=words)
    if not part.is_file() or part.stat().st_size == 0:
        raise MediaError(f"ffmpeg could not {what}: it ended well and wrote nothing", stderr=words)
