"""Takes frames and measures sound in a process of its own, whose memory is not its caller's.

A decoder keeps frames by the dozen: of a film in HD that is more than all else that a small server holds. The process
is started with the first job, makes one after another, and ends with whoever started it, or when it has had none for a
while. It is told each job in a line of JSON, and answers in one.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any, Literal

from render.errors import MediaError

Job = Literal["poster", "still", "peaks"]
"""A small picture of a frame, the frame exactly, or how loud a film is; see `render.clips.browser_media`."""

IDLE_S = 30.0
"""Seconds without a job after which the process ends."""

LONGEST_S = 300.0
"""Seconds that one job may take; then the process is ended, as its file leads nowhere."""


class MediaProcess:
    """Gives jobs to such a process. Blocking, and safe from any thread; whoever makes it closes it."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._rest: threading.Timer | None = None

    def make(self, job: Job, film: Path, target: Path, *, frame: int = 0) -> None:
        """Make `target` of a film. Raises MediaError where that cannot be done."""
        line = json.dumps({"job": job, "film": str(film), "target": str(target), "frame": frame})
        with self._turn:
            answer = self._asked(line.encode() + b"\n")
            self._rest_later()
        if answer is None:
            raise MediaError(f"{film.name} cannot be read: its decoder ended, or came to no end", "Fetch it again")
        if answer:
            raise MediaError(*answer)

    def close(self) -> None:
        """End the process."""
        with self._turn:
            self._end()

    def _asked(self, line: bytes) -> list[str] | None:
        """What it answers: nothing where all went well, message and remedy where not; None where it ended."""
        if self._process is not None and self._process.poll() is not None:
            self._end()
        if self._process is None:
            self._process = _started()
        process = self._process
        too_long = threading.Timer(LONGEST_S, process.kill)
        too_long.start()
        try:
            _write(process.stdin, line)
            answer: list[str] = json.loads(_read(process.stdout))
        except (OSError, ValueError):
            self._end()
            return None
        finally:
            too_long.cancel()
        return answer

    def _rest_later(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
        self._rest = threading.Timer(IDLE_S, self.close)
        self._rest.daemon = True
        self._rest.start()

    def _end(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
        process, self._process = self._process, None
        if process is not None:
            process.kill()  # what it was making lies under a name that nobody asks for
            process.communicate()


def _started() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "render.clips.media_process"]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=quiet, start_new_session=True
    )


def _write(stdin: IO[bytes] | None, line: bytes) -> None:
    assert stdin is not None
    stdin.write(line)
    stdin.flush()


def _read(stdout: IO[bytes] | None) -> bytes:
    assert stdout is not None
    return stdout.readline()


def _serve() -> None:
    """Make what the lines of standard input ask for, until there are no more."""
    for line in sys.stdin.buffer:
        sys.stdout.write(json.dumps(_made(json.loads(line))) + "\n")
        sys.stdout.flush()


def _made(asked: dict[str, Any]) -> list[str]:
    from render.clips import browser_media

    film, target, frame = Path(asked["film"]), Path(asked["target"]), asked["frame"]
    try:
        match asked["job"]:
            case "poster":
                browser_media.write_poster(film, frame, target)
            case "still":
                browser_media.write_still(film, frame, target)
            case _:
                browser_media.write_peaks(film, target)
    except MediaError as error:
        return [error.message, error.remedy]
    return []


if __name__ == "__main__":
    _serve()
