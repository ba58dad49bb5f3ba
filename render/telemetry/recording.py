"""Records spans and figures where somebody asked for them, and does nothing, and loads nothing, where nobody did.

    with recording(open_recorder):                      # around a command or a flow run, once
        with span(CLAIM):                      # a step: its time, and how it ended
            ...
        add(BILLED, 0.40, {SERIES: "lighthouse"})

Spans have a tree of their own: whatever else in the process records spans (Prefect does) is neither parent nor child,
and providers that are set for the whole process are left alone.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from render.redaction import redact
from render.telemetry.conventions import ERROR, INHERITED, METRICS, MODEL, SECONDS, STEP, Kind, Metric, Step
from storyboard.text.printable import printable

if TYPE_CHECKING:
    from opentelemetry.metrics import Counter, Histogram, Meter, UpDownCounter
    from opentelemetry.trace import Span, Tracer

Fact = str | int | float | Decimal | None
"""What a span or a point carries; None is left out."""

Facts = dict[str, str | int | float]

LONGEST = 200
"""Characters of one text."""


@dataclass(frozen=True, slots=True)
class Recorder:
    """Where spans begin, and what counts: the API's own objects, whoever gave them."""

    tracer: Tracer
    instruments: Mapping[str, Counter | UpDownCounter | Histogram]

    @classmethod
    def of(cls, tracer: Tracer, meter: Meter) -> Recorder:
        """A recorder with every metric that there is."""
        return cls(tracer, {metric.name: _instrument(meter, metric) for metric in METRICS})

    def count(self, metric: Metric, amount: float, facts: Mapping[str, str | int | float]) -> None:
        """Add to a counter, or to a histogram; of `facts` its labels alone are used."""
        labels = {name: facts[name] for name in metric.labels if name in facts}
        instrument = self.instruments[metric.name]
        if metric.kind is Kind.HISTOGRAM:
            instrument.record(amount, labels)  # type: ignore[union-attr]
        else:
            instrument.add(amount, labels)  # type: ignore[union-attr]


@dataclass(frozen=True, slots=True)
class _Here:
    """Where in the tree of spans a task is."""

    open_recorder: Callable[[], Recorder | None]
    facts: Facts  # of the span that it is in
    span: Span | None = None


_HERE: ContextVar[_Here | None] = ContextVar("tailframe_telemetry", default=None)
"""None where nobody asked for telemetry."""


@contextlib.contextmanager
def recording(open_recorder: Callable[[], Recorder | None]) -> Iterator[None]:
    """Record what happens in this block. The recorder is asked for with the first thing to record."""
    before = _HERE.get()
    _HERE.set(_Here(open_recorder, {}))
    try:
        yield
    finally:
        _HERE.set(before)


@contextlib.contextmanager
def span(step: Step, facts: Mapping[str, Fact] | None = None) -> Iterator[None]:
    """A step that takes time. What it raises is told by its kind, and never by its words."""
    here = _HERE.get()
    recorder = None if here is None else here.open_recorder()
    if here is None or recorder is None:
        yield
        return
    inside = _begun(here, recorder, step, {} if facts is None else facts)
    begun, ended_by = time.monotonic(), ""
    _HERE.set(inside)
    try:
        yield
    except BaseException as error:
        ended_by = type(error).__name__
        raise
    finally:
        _HERE.set(here)
        _end(inside, recorder, step, time.monotonic() - begun, ended_by)


def annotate(facts: Mapping[str, Fact]) -> None:
    """Say more of the step that goes on here."""
    here = _HERE.get()
    if here is not None and here.span is not None:
        told = _plain(facts)
        here.facts.update(told)
        here.span.set_attributes(told)


def add(metric: Metric, amount: float | Decimal, facts: Mapping[str, Fact] | None = None) -> None:
    """Add to a counter, or to a histogram. What the step that goes on here carries is known, and need not be told."""
    here = _HERE.get()
    recorder = None if here is None else here.open_recorder()
    if here is not None and recorder is not None:
        recorder.count(metric, float(amount), here.facts | _plain(facts or {}))


def _instrument(meter: Meter, metric: Metric) -> Counter | UpDownCounter | Histogram:
    told = {"unit": metric.unit, "description": metric.means}
    if metric.kind is Kind.COUNTER:
        return meter.create_counter(metric.name, **told)
    if metric.kind is Kind.UP_DOWN:
        return meter.create_up_down_counter(metric.name, **told)
    return meter.create_histogram(metric.name, **told, explicit_bucket_boundaries_advisory=SECONDS)


def _begun(here: _Here, recorder: Recorder, step: Step, facts: Mapping[str, Fact]) -> _Here:
    from opentelemetry.context import Context
    from opentelemetry.trace import SpanKind, set_span_in_context

    told = {name: here.facts[name] for name in INHERITED if name in here.facts} | _plain(facts)
    around = Context() if here.span is None else set_span_in_context(here.span, Context())
    kind = SpanKind.CLIENT if step.calls_out else SpanKind.INTERNAL
    name = step.name.format(model=told.get(MODEL, "")).strip()
    return _Here(here.open_recorder, told, recorder.tracer.start_span(name, around, kind, attributes=told))


def _end(inside: _Here, recorder: Recorder, step: Step, seconds: float, ended_by: str) -> None:
    from opentelemetry.trace import Status, StatusCode

    assert inside.span is not None
    if ended_by:
        inside.facts[ERROR] = ended_by
        inside.span.set_attribute(ERROR, ended_by)
        inside.span.set_status(Status(StatusCode.ERROR))
    inside.span.end()
    if step.metric is not None:
        recorder.count(step.metric, seconds, inside.facts | {STEP: step.label})


def _plain(facts: Mapping[str, Fact]) -> Facts:
    """As attributes can hold them; texts short, and without secrets."""
    return {name: _value(fact) for name, fact in facts.items() if fact is not None}


def _value(fact: str | int | float | Decimal) -> str | int | float:
    if isinstance(fact, str):
        return redact(printable(str(fact)))[:LONGEST]
    return float(fact) if isinstance(fact, Decimal) else fact
