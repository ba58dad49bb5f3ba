"""A run's news in Prefect's own log, for runs that no terminal watches."""

from decimal import Decimal

from prefect.logging import get_run_logger

__all__ = ["LogWatcher"]


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
        cost = "" if cost_usd is None else f" ${cost_usd}"
        get_run_logger().info("%s %s %s%s %s", self._episode, key, state, cost, detail)

    def note(self, text: str) -> None:
        """A warning, since a person should read it."""
        get_run_logger().warning("%s", text)

    def stage(self, name: str, fraction: float | None = None) -> None:
        """A line where a stage begins."""
        if self._last.get("") != name:
            self._last[""] = name
            get_run_logger().info("%s: %s", self._episode, name)
        del fraction
