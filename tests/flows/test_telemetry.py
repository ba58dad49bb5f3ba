"""What a run tells a collector: one tree of spans, and sums that are the ledger's; nothing unless it is asked to."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from flows.otlp import is_asked_for, telemetry_sent
from render.ledger import Take
from render.telemetry import ALARMS, CLAIM, add, span
from render.telemetry.conventions import ERROR, INHERITED, METRICS, STEPS
from tests.acme.fixture import Acme
from tests.acme.server import KEY
from tests.flows.episodes import buys_from, film, money, produce, states, takes_of
from tests.otlp import Collector, SentSpan, collector
from tests.thinning import exhaustive

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
PUT_OFF, FAILS = "lights the lamp", "rows against"

LADDER = "run > shot > take"
WHOLE = {
    "run": 1,
    "run > shot": 3,
    LADDER: 3,
    f"{LADDER} > claim": 4,
    f"{LADDER} > generate_content acme-1": 4,
    f"{LADDER} > wait": 3,
    f"{LADDER} > download": 2,
    f"{LADDER} > download > decode": 2,
    "run > shot > conform": 2,
    "run > cut": 1,
    "run > cut > join": 1,
}
"""Three shots, two of them done, and five orders' answers: the one that was put off is asked for again."""


def tree(spans: list[SentSpan]) -> Counter[str]:
    """How many spans there are of each way from the root."""
    by_id = {span.id: span for span in spans}

    def way(span: SentSpan) -> str:
        name = span.name.removeprefix("tailframe.")
        return f"{way(by_id[span.parent])} > {name}" if span.parent else name

    return Counter(map(way, spans))


def told(heard: Collector) -> list[tuple[str, str]]:
    """Every attribute with its value, of spans, points and resources."""
    kept = [each.attributes for each in (*heard.spans, *heard.points)] + heard.resources
    return [(name, str(value)) for attributes in kept for name, value in attributes.items()]


@exhaustive
def test_a_run_is_one_tree_of_spans_and_its_sums_are_the_ledgers(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where one order is put off and asked for again, and one job fails and is charged; a proxy is not asked."""
    buys_from(acme, monkeypatch)
    project = film(tmp_path)
    acme.script(on="create", do="answer", status=429, prompt=PUT_OFF)
    acme.script(on="job", do="fail", prompt=FAILS, words="the model fell over", refund=False)
    with collector() as heard:
        for name, value in {
            ENDPOINT: heard.url,
            "OTEL_SERVICE_NAME": "night",
            "HTTP_PROXY": "http://127.0.0.1:9",
        }.items():
            monkeypatch.setenv(name, value)
        assert states(produce(project, allow_missing=True))["shore/010"] == "failed"

    takes = takes_of(project)
    assert {span.trace for span in heard.spans} == {heard.spans[0].trace}
    assert tree(heard.spans) == WHOLE
    _sums_are_the_ledgers(heard, project, takes)
    _failures_are_told(heard.spans)
    _nothing_private_is_told(heard, takes, project)
    assert {resource["service.name"] for resource in heard.resources} == {"night"}


def _sums_are_the_ledgers(heard: Collector, project: Path, takes: tuple[Take, ...]) -> None:
    spent, reserved = money(project)
    assert (round(heard.total("tailframe.cost.billed"), 6), spent) == (1.2, Decimal("1.20"))
    assert (round(heard.total("tailframe.cost.reserved"), 6), reserved) == (0, 0)
    assert round(heard.total("tailframe.cost.estimated"), 6) == 1.2
    assert heard.total("tailframe.media.io") == sum(take.clip.bytes for take in takes if take.clip is not None)
    for decision, count in {"opened": 3, "claimed": 4, "not sent": 1, "sent": 3, "done": 2, "failed": 1}.items():
        assert heard.total("tailframe.take.transitions", tailframe__decision=decision) == count
    known = {metric.name: metric for metric in METRICS}
    for point in heard.points:
        assert point.unit == known[point.name].unit
        assert set(point.attributes) <= set(known[point.name].labels)


def _failures_are_told(spans: list[SentSpan]) -> None:
    """By their kind, at the spans that they ended; and each span carries what the table of spans says."""
    failed = {(span.name, span.attributes["error.type"]) for span in spans if span.error}
    put_off = ("generate_content acme-1", "PutOff")
    assert failed == {put_off, ("tailframe.take", "Terminal")}
    assert {span.name for span in spans if span.client} == {"generate_content acme-1"}
    (failure,) = [span for span in spans if span.error and span.name == "tailframe.take"]
    assert failure.attributes["tailframe.shot"] == "e01/shore/010"
    assert failure.attributes["tailframe.take.error_code"] == "generation_failed"
    known = {step.name.format(model="acme-1"): {*step.carries, *INHERITED, ERROR} for step in STEPS}
    for each in spans:
        assert set(each.attributes) <= known[each.name]


def _nothing_private_is_told(heard: Collector, takes: tuple[Take, ...], project: Path) -> None:
    """No key, prompt, link, path, id of a job or words of a vendor is in any attribute."""
    values = "\n".join(value for _, value in told(heard))
    private = [KEY, "lamp room", "Mara", "http", "/tailframe", str(project), "fell over", "sha256"]
    private += [take.job_id for take in takes if take.job_id is not None]
    assert [word for word in private if word in values] == []
    assert not any("tailframe.shot" in point.attributes for point in heard.points)


def test_it_is_off_unless_a_standard_variable_asks_for_it() -> None:
    """A collector or an exporter that is named switches it on, OTEL_SDK_DISABLED off, and nothing else does either."""
    assert not is_asked_for({"OTEL_SERVICE_NAME": "night"})
    assert is_asked_for({ENDPOINT: "http://127.0.0.1:4318"})
    assert is_asked_for({"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "http://127.0.0.1:4318/v1/metrics"})
    assert is_asked_for({"OTEL_TRACES_EXPORTER": "otlp"})
    assert not is_asked_for({ENDPOINT: "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "TRUE"})
    none = {"OTEL_TRACES_EXPORTER": "none", "OTEL_METRICS_EXPORTER": "none"}
    assert not is_asked_for({ENDPOINT: "http://127.0.0.1:4318", **none})


@exhaustive
def test_a_collector_that_is_not_there_holds_nothing_up(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Refused, silent or unwilling: two seconds at most for both signals together, one note, no line of the SDK's."""
    with socket.create_server(("127.0.0.1", 0)) as silent, collector() as unwilling:
        unwilling.status = 400
        waits = {f"http://127.0.0.1:{silent.getsockname()[1]}": 2.0, unwilling.url: 0.0, "http://127.0.0.1:9": 2.0}
        for url, longest in waits.items():
            monkeypatch.setenv(ENDPOINT, url)
            notes: list[str] = []
            begun = time.monotonic()
            with telemetry_sent(dict(os.environ), notes.append), span(CLAIM):
                add(ALARMS, 1)
            assert time.monotonic() - begun < longest + 1
            assert notes == ["telemetry could not be delivered to 127.0.0.1; the run is none the worse"]
    assert capfd.readouterr() == ("", "")


def test_without_the_sdk_it_says_what_to_install() -> None:
    """A sentence, once; what is to be recorded is recorded nowhere, and whatever is under way goes on."""
    code = (
        "import sys; sys.modules['opentelemetry.sdk'] = None\n"
        "from flows.otlp import telemetry_sent\n"
        "from render.telemetry import ALARMS, CLAIM, add, span\n"
        f"with telemetry_sent({{{ENDPOINT!r}: 'http://127.0.0.1:9'}}, print), span(CLAIM):\n"
        "    add(ALARMS, 1)\n"
        "    print('on')\n"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.splitlines()
    assert said == [
        "telemetry is asked for (OTEL_…), and OpenTelemetry's SDK is not installed: nothing is recorded. Install it "
        "with `pip install 'tailframe[telemetry]'`, or set OTEL_SDK_DISABLED=true",
        "on",
    ]


def test_where_nobody_asks_nothing_is_loaded() -> None:
    """Neither the SDK nor the API, though a step is passed and something is counted."""
    code = (
        "import sys\n"
        "from flows.otlp import telemetry_sent\n"
        "from render.telemetry import ALARMS, CLAIM, add, span\n"
        "with telemetry_sent({}, print), span(CLAIM):\n"
        "    add(ALARMS, 1)\n"
        "print([name for name in sys.modules if name.startswith(('opentelemetry', 'requests'))])\n"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@exhaustive
def test_a_command_tells_prefects_flow_run_and_no_span_of_prefects(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tree is the same under Prefect, whose own spans stay out of it: they would name parameters."""
    buys_from(acme, monkeypatch)
    project = film(tmp_path)
    with collector() as heard:
        environment = acme.process_environment(**{ENDPOINT: heard.url, "XDG_STATE_HOME": str(tmp_path / "state")})
        command = [sys.executable, "-m", "flows.cli", "produce", str(project), "e01", "--yes"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    ways = tree(heard.spans)
    assert (ways["run"], ways["run > shot"], ways[LADDER], ways["run > cut > join"]) == (1, 3, 3, 1)
    (run,) = [each for each in heard.spans if each.name == "tailframe.run"]
    assert str(run.attributes["tailframe.run.id"]).startswith(str(run.attributes["tailframe.flow_run.id"]))
    assert {step.name.format(model="acme-1") for step in STEPS} >= {each.name for each in heard.spans}
