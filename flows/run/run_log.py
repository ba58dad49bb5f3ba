"""Where a run's own log goes: into a file of its own beside the ledger, and to standard error where it is asked for.

What is decided is logged by `render` and `flows` (see `render.decisions`); this puts each record into

    .tailframe/logs/run-20261129T162037-4711.log      text, or .jsonl with TAILFRAME_LOG=json: one object a line

A file is made with its first line, so that commands which decide nothing leave none, and the oldest go. Beside it,
TAILFRAME_LOG=text or json writes the same lines to standard error, unless that is a terminal. A log that cannot be
written ends no run.
"""

import contextlib
import json
import logging
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TextIO

from render.decisions import facts_of
from render.redaction import redact
from storyboard.text.printable import printable, printable_json

__all__ = ["OURS", "Form", "line_of", "listening", "run_log"]

OURS = ("flows", "render", "storyboard")
"""The loggers whose records belong to a run."""

KEPT = 50
"""Files of earlier runs that are left in the folder."""

Form = Literal["text", "json", "off"]


@contextlib.contextmanager
def run_log(folder: Path, asked: Form | None) -> Iterator[None]:
    """Write what is decided within this block into a file in `folder`; `asked` is what TAILFRAME_LOG says.

    Within another one for the same folder it changes nothing: each record is written once.
    """
    if asked == "off" or _is_open(folder):
        yield
        return
    form: Form = asked or "text"
    handlers: list[logging.Handler] = [_FileLog(folder, form)]
    if asked is not None and not sys.stderr.isatty():
        handlers.append(_StreamLog(form))
    with listening(*handlers):
        yield


@contextlib.contextmanager
def listening(*handlers: logging.Handler) -> Iterator[None]:
    """Give these handlers every record of `OURS` from INFO on, within this block."""
    loggers = [logging.getLogger(name) for name in OURS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(min(logger.level or logging.INFO, logging.INFO))
        for handler in handlers:
            logger.addHandler(handler)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            for handler in handlers:
                logger.removeHandler(handler)
            logger.setLevel(level)
        for handler in handlers:
            handler.close()


def line_of(record: logging.LogRecord, form: Form) -> str:
    """One record as one line, without secrets and fit to be shown."""
    text = redact(record.getMessage())
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    error = "" if record.exc_info is None or record.exc_info[1] is None else redact(repr(record.exc_info[1]))
    if form != "json":
        return printable(f"{at} {record.levelname} {record.name} {text}{f' ({error})' if error else ''}")
    told = {"at": at, "level": record.levelname, "logger": record.name, **facts_of(record), "text": text}
    return printable_json(json.dumps(told | ({"error": error} if error else {}), ensure_ascii=False))


class _FileLog(logging.Handler):
    """One process's file, made with its first line; readable by its owner only."""

    def __init__(self, folder: Path, form: Form) -> None:
        super().__init__()
        self.folder, self._form = folder, form
        self._file: TextIO | None = None
        self._lost = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line. What cannot be written is not."""
        if self._lost:
            return
        try:
            self._file = self._file or self._opened()
            self._file.write(f"{line_of(record, self._form)}\n")
            self._file.flush()
        except (OSError, ValueError):
            self._lost = True

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
        super().close()

    def _opened(self) -> TextIO:
        self.folder.mkdir(parents=True, exist_ok=True)
        _let_go_of_old(self.folder)
        ending = "jsonl" if self._form == "json" else "log"
        file = self.folder / f"run-{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{os.getpid()}.{ending}"
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)  # follows no link
        return os.fdopen(descriptor, "w", encoding="utf-8", errors="replace")


class _StreamLog(logging.Handler):
    """Standard error, as it is at that moment."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self._form = form

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line. What cannot be told is not."""
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(f"{line_of(record, self._form)}\n")
            sys.stderr.flush()


def _is_open(folder: Path) -> bool:
    handlers = logging.getLogger(OURS[0]).handlers
    return any(isinstance(each, _FileLog) and each.folder == folder for each in handlers)


def _let_go_of_old(folder: Path) -> None:
    """Remove all but the newest files of earlier runs."""
    files = sorted(path for path in folder.glob("run-*-*.*") if path.suffix in {".log", ".jsonl"})
    for file in files[: max(0, len(files) - KEPT + 1)]:
        file.unlink(missing_ok=True)
