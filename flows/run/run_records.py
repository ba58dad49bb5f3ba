"""What a run leaves of itself beside what it makes: its log, and spans and metrics where they are asked for."""

import contextlib
from collections.abc import Callable, Iterator, Mapping

from flows.otlp import telemetry_sent
from flows.run.run_log import run_log
from flows.settings import Places, Settings

__all__ = ["recorded"]


@contextlib.contextmanager
def recorded(
    places: Places, settings: Settings, environment: Mapping[str, str], note: Callable[[str], None]
) -> Iterator[None]:
    """Record what is decided within this block. `note` is told where telemetry could not be sent."""
    with run_log(places.logs, settings.tailframe_log), telemetry_sent(environment, note):
        yield
