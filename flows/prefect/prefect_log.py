"""A run's news in Prefect's own log, for runs that no terminal watches: what is of a shot stands in its task's log."""

import contextlib
import logging
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from decimal import Decimal
from typing import Any

from prefect.context import FlowRunContext, TaskRunContext
from prefect.exceptions import MissingContextError
from prefect.logging import get_run_logger
from prefect.logging.handlers import APILogHandler

from flows.prefect.message_events import messages_emitted
from flows.run.run_log import OURS, listening
from render.decisions import facts_of, sentence_of
from render.redaction import redact
from storyboard.text.dollars import usd
from storyboard.text.printable import printable

__all__ = ["LogWatcher", "decisions_told", "keep_log_printable", "shot_logs_here"]

Log = logging.Logger | logging.LoggerAdapter[Any]


class RunLogs:
    """The log of one flow run of one episode, and the logs of its tasks by shot: EPISODE/SCENE/SHOT or SCENE/SHOT.

    A thread of ours is in no run, so what is decided there finds its log by the shot that it is about.
    """

    def __init__(self) -> None:
        self._run: Log = get_run_logger()
        self._shots: dict[str, Log] = {}

    def begin(self, shot: str) -> None:
        """Whatever is said of the shot from now on belongs to the task that is under way."""
        self._shots[shot] = self._shots[shot.partition("/")[2]] = get_run_logger()

    def of(self, shot: object) -> Log:
        """Where news of this shot belong; of no shot: into the log of the task that is under way, else of the run."""
        if (own := self._shots.get(str(shot))) is not None:
            return own
        return self._run if TaskRunContext.get() is None else get_run_logger()


_LOGS: ContextVar[RunLogs | None] = ContextVar("tailframe_run_logs", default=None)
"""Of the flow run that is under way; None where there is none."""


def shot_logs_here(shot: str) -> None:
    """Within a shot's task: what is decided about the shot, in whatever thread, is told in this task's log."""
    if (logs := _LOGS.get()) is not None:
        logs.begin(shot)


UNTOLD = frozenset({"waiting", "unanswered", "fetching"})
"""States of a shot of which no decision tells, see `render.decisions`."""


class LogWatcher:
    """Logs what no decision tells: what a shot waits for, stages, and notes. How far a shot is, is not worth a line."""

    def __init__(self, episode: str) -> None:
        self._episode = episode
        self._last: dict[str, str] = {}
        self._logs: RunLogs | None = None  # as they were seen last: a thread has no context to find them by

    def shot(self, key: str, state: str, detail: str = "", cost_usd: Decimal | None = None) -> None:
        """A line where it waits, once."""
        if self._last.get(key) == state or state not in UNTOLD:
            self._last[key] = state
            return
        self._last[key] = state
        cost = "" if cost_usd is None else f" {usd(cost_usd)}"
        self._log(f"{self._episode}/{key}").info("%s", printable(f"{self._episode} {key} {state}{cost} {detail}"))

    def note(self, text: str) -> None:
        """A warning, since a person should read it."""
        self._log().warning("%s", text)

    def stage(self, name: str, fraction: float | None = None) -> None:
        """A line where a stage begins."""
        if self._last.get("") != name:
            self._last[""] = name
            self._log().info("%s", printable(f"{self._episode}: {name}"))
        del fraction

    def _log(self, shot: str = "") -> Log:
        if (logs := _LOGS.get()) is not None:
            self._logs = logs
        if self._logs is not None:
            return self._logs.of(shot)
        with contextlib.suppress(MissingContextError):
            return get_run_logger()
        return logging.getLogger(__name__)


@contextlib.contextmanager
def decisions_told(*, events: bool = True) -> Iterator[None]:
    """Let Prefect's log of the flow run that is under way have all that is decided, from any thread. Nothing without
    one. What is decided of a shot goes to the log of its task alone, once that has begun. Messages to the outside
    become Prefect events too, unless there are to be no `events`.
    """
    if FlowRunContext.get() is None:
        yield
        return
    again = _others_who_hear_us()
    for handler in again:
        handler.addFilter(_of_others)
    logs = RunLogs()
    token = _LOGS.set(logs)
    try:
        with listening(_ToPrefect(logs)), messages_emitted() if events else contextlib.nullcontext():
            yield
    finally:
        _LOGS.reset(token)
        for handler in again:
            handler.removeFilter(_of_others)


def _others_who_hear_us() -> list[logging.Handler]:
    """Consoles, and what PREFECT_LOGGING_EXTRA_LOGGERS gave our loggers: they would say again what the run's logger
    tells them.
    """
    extra = [each for name in OURS for each in logging.getLogger(name).handlers if isinstance(each, APILogHandler)]
    return [*logging.getLogger().handlers, *dict.fromkeys(extra)]


def _of_others(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] not in OURS


class _ToPrefect(logging.Handler):
    """Prefect's own handler asks for a flow run at each record, and a thread of ours is in none."""

    def __init__(self, logs: RunLogs) -> None:
        super().__init__()
        self._logs = logs

    def emit(self, record: logging.LogRecord) -> None:
        """Pass a record on, without secrets, and without the run: it is this one."""
        facts = facts_of(record)
        words = sentence_of({name: fact for name, fact in facts.items() if name != "run"}) if facts else None
        self._logs.of(facts.get("shot")).log(record.levelno, "%s", words or redact(record.getMessage()))


class _Printable(logging.Filter):
    """What ends a flow is logged by Prefect, with whatever a vendor or a ledger said."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Make a record fit to be shown, its traceback included."""
        record.msg, record.args = printable(record.getMessage(), lines=True), ()
        if record.exc_info:
            record.exc_text = printable("".join(traceback.format_exception(*record.exc_info)).rstrip(), lines=True)
        return True


_PRINTABLE = _Printable()


def keep_log_printable() -> None:
    """Let nothing into Prefect's log that is not fit to be shown, from now on. Safe to repeat."""
    for name in [each for each in logging.root.manager.loggerDict if each.partition(".")[0] == "prefect"]:
        for handler in logging.getLogger(name).handlers:
            handler.addFilter(_PRINTABLE)
