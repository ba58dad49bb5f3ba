"""Whether telemetry was asked for, and the block within which it is recorded and sent.

It is off unless one of OpenTelemetry's own variables names a collector (`OTEL_EXPORTER_OTLP_ENDPOINT`, or that of one
signal) or an exporter (`OTEL_TRACES_EXPORTER=otlp`); `OTEL_SDK_DISABLED=true` keeps it off. What can go wrong with it
(no SDK here, no collector there) is told as a note, and ends nothing.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from render.telemetry import Recorder, recording

if TYPE_CHECKING:
    from flows.otlp.otlp_pipeline import Pipeline

__all__ = ["is_asked_for", "telemetry_sent"]

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
DEFAULT_ENDPOINT = "http://localhost:4318"
SIGNALS = ("TRACES", "METRICS")
PROTOCOL = "http/protobuf"
MISSING = (
    "telemetry is asked for (OTEL_…), and OpenTelemetry's SDK is not installed: nothing is recorded. Install it with "
    "`pip install 'tailframe[telemetry]'`, or set OTEL_SDK_DISABLED=true"
)


def is_asked_for(environment: Mapping[str, str]) -> bool:
    """Whether these variables ask for spans or metrics."""
    if environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    return any(endpoint_of(environment, signal) is not None for signal in SIGNALS)


def endpoint_of(environment: Mapping[str, str], signal: str) -> str | None:
    """Where a signal (`TRACES` or `METRICS`) is sent; None where nobody asked for it."""
    exporters = environment.get(f"OTEL_{signal}_EXPORTER", "").replace(" ", "").split(",")
    named = environment.get(f"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT") or environment.get(ENDPOINT)
    if "otlp" in exporters or (exporters == [""] and named):
        return named or DEFAULT_ENDPOINT
    return None


@contextlib.contextmanager
def telemetry_sent(environment: Mapping[str, str], note: Callable[[str], None]) -> Iterator[None]:
    """Record within this block, and send until its end; a collector that does not answer holds it up for two seconds.

    The SDK is loaded with the first thing to record. `note` is told where nothing can be recorded or delivered.
    """
    if not is_asked_for(environment):
        yield
        return
    sending = _Sending(environment, note)
    try:
        with recording(sending.recorder):
            yield
    finally:
        sending.end()


class _Sending:
    """The pipeline of one block, opened with its first span or figure."""

    def __init__(self, environment: Mapping[str, str], note: Callable[[str], None]) -> None:
        self._environment, self._note = environment, note
        self._lock = threading.Lock()
        self._begun = False
        self._pipeline: Pipeline | None = None

    def recorder(self) -> Recorder | None:
        """What records, None where nothing can. From any thread."""
        if not self._begun:
            with self._lock:
                if not self._begun:
                    self._pipeline = self._opened()
                    self._begun = True
        return None if self._pipeline is None else self._pipeline.recorder

    def end(self) -> None:
        """Send what is left."""
        if self._pipeline is not None:
            for told in self._pipeline.close():
                self._note(told)

    def _opened(self) -> "Pipeline | None":
        for signal in SIGNALS:
            variable = f"OTEL_EXPORTER_OTLP_{signal}_PROTOCOL"
            named = self._environment.get(variable) or self._environment.get("OTEL_EXPORTER_OTLP_PROTOCOL")
            if named not in {None, "", PROTOCOL}:
                self._note(f"telemetry is sent as {PROTOCOL} alone, which {variable} or its like does not ask for")
                return None
        try:
            from flows.otlp.otlp_pipeline import open_pipeline
        except ImportError:
            self._note(MISSING)
            return None
        try:
            return open_pipeline(*(endpoint_of(self._environment, signal) for signal in SIGNALS))
        except Exception as error:  # a variable that the SDK cannot read, most of all; its value may be a secret
            self._note(f"telemetry could not begin ({type(error).__name__}); look at the variables OTEL_…")
            return None
