"""A run's news in Prefect's own log, for runs that no terminal watches."""

import contextlib
import logging
import traceback
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from prefect.context import FlowRunContext
from prefect.logging import get_run_logger

from flows.run.run_log import OURS, listening
from render.redaction import redact
from storyboard.text.dollars import usd
from storyboard.text.printable import printable

__all__ = ["LogWatcher", "decisions_told", "keep_log_printable"]


class LogWatcher:
    """Logs each state of each shot once; how far a shot is within a state is not worth a line in a server's log."""

    def __init__(self, episode: str) -> None:
        self._episode = episode
        self._last: dict[str, str] = {}

    def shot(self, key: str, state: str, detail: str = "", cost_usd: Decimal | None = None) -> None:
        """A line where the state is another than before."""
        if self._last.get(key) == state:
            return
        self._last[key] = state
        cost = "" if cost_usd is None else f" {usd(cost_usd)}"
        get_run_logger().info("%s", printable(f"{self._episode} {key} {state}{cost} {detail}"))

    def note(self, text: str) -> None:
        """A warning, since a person should read it."""
        get_run_logger().warning("%s", text)

    def stage(self, name: str, fraction: float | None = None) -> None:
        """A line where a stage begins."""
        if self._last.get("") != name:
            self._last[""] = name
            get_run_logger().info("%s", printable(f"{self._episode}: {name}"))
        del fraction


@contextlib.contextmanager
def decisions_told() -> Iterator[None]:
    """Let Prefect's log of the flow run that is under way have all that is decided, from any thread. Nothing without
    one.
    """
    if FlowRunContext.get() is None:
        yield
        return
    consoles = logging.getLogger().handlers[:]  # they would say again what they are told by the run's own logger
    for console in consoles:
        console.addFilter(_of_others)
    try:
        with listening(_ToPrefect(get_run_logger())):
            yield
    finally:
        for console in consoles:
            console.removeFilter(_of_others)


def _of_others(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] not in OURS


class _ToPrefect(logging.Handler):
    """Prefect's own handler asks for a flow run at each record, and a thread of ours is in none."""

    def __init__(self, run: "logging.Logger | logging.LoggerAdapter[Any]") -> None:
        super().__init__()
        self._run = run

    def emit(self, record: logging.LogRecord) -> None:
        """Pass a record on, without secrets."""
        self._run.log(record.levelno, "%s", redact(record.getMessage()))


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
