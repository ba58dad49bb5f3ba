"""A run's news in Prefect's own log, for runs that no terminal watches."""

import logging
import traceback
from decimal import Decimal

from prefect.logging import get_run_logger

from storyboard.text.dollars import usd
from storyboard.text.printable import printable

__all__ = ["LogWatcher", "keep_log_printable"]


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
