"""OpenTelemetry's SDK with its OTLP exporters, set up for one run: own providers, own threads, and an end in time.

The SDK reads its variables itself (`OTEL_EXPORTER_OTLP_…`, `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`,
`OTEL_TRACES_SAMPLER`, …). Its own log is silenced: what a person should know is said once, by whoever closes it.
"""

import importlib.metadata
import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricExportResult, MetricsData, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult

from flows.settings import debugging
from render.telemetry import Recorder
from storyboard.loopback import is_loopback_host

__all__ = ["Pipeline", "open_pipeline"]

PATIENCE_S = 2.0
"""How long the end of a run waits for its collector, in all."""

NAME = "tailframe"


class _Spans(OTLPSpanExporter):
    """Sends spans, and remembers whether the last ones came through."""

    failed = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = super().export(spans)
        self.failed = result is not SpanExportResult.SUCCESS
        return result


class _Metrics(OTLPMetricExporter):
    """Sends metrics, and remembers whether the last ones came through."""

    failed = False

    def export(
        self, metrics_data: MetricsData, timeout_millis: float | None = 10_000, **kwargs: Any
    ) -> MetricExportResult:
        result = super().export(metrics_data, timeout_millis, **kwargs)
        self.failed = result is not MetricExportResult.SUCCESS
        return result


@dataclass(frozen=True, slots=True)
class _Signal:
    """One kind of telemetry on its way: where to, by what, and how it is ended."""

    host: str
    exporter: _Spans | _Metrics
    end: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What records, and the signals that are sent."""

    recorder: Recorder
    signals: tuple[_Signal, ...]

    def close(self) -> list[str]:
        """Send what is left, for `PATIENCE_S` at most; returns a note for each host that did not take it."""
        threads = [threading.Thread(target=_ended, args=(each,), daemon=True) for each in self.signals]
        for thread in threads:
            thread.start()
        until = time.monotonic() + PATIENCE_S
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
        late = [each for each, thread in zip(self.signals, threads, strict=True) if thread.is_alive()]
        for each in late:
            each.exporter.shutdown()  # whatever still tries gives up soon
        lost = {each.host for each in self.signals if each in late or each.exporter.failed}
        return [f"telemetry could not be delivered to {host}; the run is none the worse" for host in sorted(lost)]


def open_pipeline(traces: str | None, metrics: str | None) -> Pipeline:
    """Providers that send each signal to its endpoint; None: that signal is not sent.

    Raises what the SDK raises where one of its variables cannot be read.
    """
    _be_quiet()
    resource, signals = _resource(), list[_Signal]()
    tracers = TracerProvider(resource=resource, shutdown_on_exit=False)
    if traces is not None:
        spans = _Spans(session=_session(traces))
        tracers.add_span_processor(BatchSpanProcessor(spans))
        signals.append(_Signal(_host(traces), spans, tracers.shutdown))
    readers = list[PeriodicExportingMetricReader]()
    sent = None if metrics is None else _Metrics(session=_session(metrics))
    if sent is not None:
        readers.append(PeriodicExportingMetricReader(sent))
    meters = MeterProvider(readers, resource, shutdown_on_exit=False)
    if sent is not None and metrics is not None:
        signals.append(_Signal(_host(metrics), sent, meters.shutdown))
    version = importlib.metadata.version(NAME)
    return Pipeline(Recorder.of(tracers.get_tracer(NAME, version), meters.get_meter(NAME, version)), tuple(signals))


def _resource() -> Resource:
    """Who tells. The variables name a service before anybody else does."""
    told = {"service.version": importlib.metadata.version(NAME), "service.instance.id": str(uuid.uuid4())}
    named = "service.name=" in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "")
    if not named and not os.environ.get("OTEL_SERVICE_NAME"):
        told["service.name"] = NAME
    return Resource.create({**told, "host.name": socket.gethostname()})


def _session(endpoint: str) -> requests.Session:
    """A collector on this machine is reached directly, whatever the environment says of proxies."""
    session = requests.Session()
    session.trust_env = not is_loopback_host(_host(endpoint))
    return session


def _host(endpoint: str) -> str:
    return urlsplit(endpoint).hostname or "its collector"


def _ended(signal: _Signal) -> None:
    try:
        signal.end()
    except Exception:  # it says by its exception that time was up
        signal.exporter.failed = True


def _be_quiet() -> None:
    """Let no line of the SDK's own log out: it warns of each attempt, with tracebacks."""
    if not debugging():
        for name in ("opentelemetry.exporter", "opentelemetry.sdk"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
