"""A collector on this machine: takes OTLP over HTTP, as protobuf, and keeps what came."""

from __future__ import annotations

import contextlib
import gzip
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue

Attributes = dict[str, str | int | float | bool]


@dataclass(frozen=True, slots=True)
class SentSpan:
    """One span as it came."""

    name: str
    id: bytes
    trace: bytes
    parent: bytes
    client: bool
    error: bool
    seconds: float
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class SentPoint:
    """One point of a metric as it came: a sum, or of a histogram its sum and count."""

    name: str
    unit: str
    monotonic: bool | None  # None: a histogram
    value: float
    count: int
    attributes: Attributes


@dataclass(slots=True)
class Collector:
    """What came, in order. A process's points are those of its last request: they add up there."""

    url: str
    status: int = 200  # what it answers
    requests: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)

    @property
    def spans(self) -> list[SentSpan]:
        """All spans."""
        return [
            _span(each)
            for body in self._bodies("/v1/traces")
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for each in scope.spans
        ]

    @property
    def points(self) -> list[SentPoint]:
        """The newest points of each process."""
        newest = dict[str, list[SentPoint]]()
        for body in self._bodies("/v1/metrics"):
            for resource in ExportMetricsServiceRequest.FromString(body).resource_metrics:
                instance = str(_attributes(resource.resource.attributes)["service.instance.id"])
                newest[instance] = [
                    point for scope in resource.scope_metrics for metric in scope.metrics for point in _points(metric)
                ]
        return [point for points in newest.values() for point in points]

    @property
    def resources(self) -> list[Attributes]:
        """Who told, by its spans."""
        return [
            _attributes(resource.resource.attributes)
            for body in self._bodies("/v1/traces")
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        ]

    def total(self, name: str, **labels: str) -> float:
        """The sum of a metric over all points with these labels (`_` for `.`); 0 where there is none."""
        wanted = {label.replace("__", "."): value for label, value in labels.items()}
        return sum(
            point.value for point in self.points if point.name == name and wanted.items() <= point.attributes.items()
        )

    def _bodies(self, path: str) -> list[bytes]:
        return [body for asked, body, _ in self.requests if asked == path]


@contextlib.contextmanager
def collector() -> Iterator[Collector]:
    """A collector that listens, until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    kept = server.kept = Collector(f"http://127.0.0.1:{server.server_port}")  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        kept: Collector = self.server.kept  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Content-Encoding"] == "gzip":
            body = gzip.decompress(body)
        kept.requests.append((self.path, body, dict(self.headers.items())))
        self.send_response(kept.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *told: Any) -> None:
        """Say nothing."""


def _span(sent: Any) -> SentSpan:
    return SentSpan(
        name=sent.name,
        id=sent.span_id,
        trace=sent.trace_id,
        parent=sent.parent_span_id,
        client=sent.kind == sent.SPAN_KIND_CLIENT,
        error=sent.status.code == sent.status.STATUS_CODE_ERROR,
        seconds=(sent.end_time_unix_nano - sent.start_time_unix_nano) / 1e9,
        attributes=_attributes(sent.attributes),
    )


def _points(metric: Any) -> list[SentPoint]:
    if metric.HasField("histogram"):
        return [
            SentPoint(metric.name, metric.unit, None, each.sum, each.count, _attributes(each.attributes))
            for each in metric.histogram.data_points
        ]
    return [
        SentPoint(
            metric.name,
            metric.unit,
            metric.sum.is_monotonic,
            float(each.as_int if each.HasField("as_int") else each.as_double),
            1,
            _attributes(each.attributes),
        )
        for each in metric.sum.data_points
    ]


def _attributes(sent: Any) -> Attributes:
    return {each.key: _value(each) for each in sent}


def _value(each: KeyValue) -> str | int | float | bool:
    value: str | int | float | bool = getattr(each.value, str(each.value.WhichOneof("value")))
    return value
