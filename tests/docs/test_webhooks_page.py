"""The page on webhooks shows each kind of message as it is written, and code that verifies."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from render.ledger import open_ledger, runs
from render.ledger.message_facts import FailedShot, RunEnd, WaitingSubject, tell_waiting
from render.ledger.outgoing_messages import MessageKind
from render.outgoing.retry_schedule import WAITS
from storyboard.shot import Caps
from tests.docs.pages import ROOT, blocks, prose
from tests.flows.episodes import new_ledger
from tests.render.ledger.outside import messages
from tests.render.ledger.stage import SERIES, Stage

PAGE = ROOT / "docs" / "webhooks.md"
SHOWN = {block.info: json.loads(block.text) for block in blocks(PAGE, "json")}
DONE = RunEnd(exit_code=0, shots={"done": 1, "stale": 1}, master_sha256="0" * 64, duration_s=Decimal("62.5"))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One message of each kind, as a ledger writes it."""
    path = tmp_path_factory.mktemp("page") / "ledger.sqlite"
    path.write_bytes(new_ledger())
    with open_ledger(f"sqlite:///{path}") as ledger:
        stage = Stage.begin(ledger, Caps(day=Decimal(2)))
        stage.unknown()
        stage.generate(stage.submitted("e01/lamp/020", reserve="0.80"), "1.20")
        ledger.write(runs.end_run, stage.run, DONE)
        shot = FailedShot(key="lamp/010", state="refused", code="content_policy", words="no")
        failed = replace(DONE, exit_code=1, shots={"done": 1, "refused": 1, "blocked": 1}, failed=[shot])
        ledger.write(runs.end_run, stage.another_run().run, failed)
        waits = [WaitingSubject("storyboard", "0" * 64, None), WaitingSubject("spending", "0" * 64, Decimal(12))]
        ledger.write(tell_waiting, SERIES, "e01", waits)
        return {each["type"]: each for each in messages(ledger)}


def form(value: Any) -> Any:
    """The keys of a JSON value and the types of what stands there, in their order."""
    if isinstance(value, list):
        return [form(each) for each in value]
    return {key: form(each) for key, each in value.items()} if isinstance(value, dict) else type(value).__name__


@pytest.mark.parametrize("kind", sorted(set(MessageKind) - {MessageKind.TEST}))
def test_each_kind_is_shown_as_it_is_written(kind: str, written: dict[str, Any]) -> None:
    """Every key of it, in its order, with a value of its type."""
    assert form(SHOWN[kind]) == form(written[kind])


def test_no_other_kind_is_shown() -> None:
    """And the one for tests is told of in words."""
    assert set(SHOWN) == set(MessageKind) - {MessageKind.TEST}
    assert f"`{MessageKind.TEST.value}`" in prose(PAGE)


def test_what_verifies_takes_ten_lines() -> None:
    """It is run by the tests of signatures and of sending."""
    (block,) = blocks(PAGE, "python")
    assert len([line for line in block.text.splitlines() if line.strip()]) <= 10


def test_the_waits_are_those_of_the_schedule() -> None:
    """As many as are told, the last of them a day after the first attempt."""
    told = [5, 60, 300, 1800, 7200, 18000, 36000]
    assert [wait.total_seconds() for wait in WAITS[:-1]] == told
    assert "5 seconds, 1 minute, 5 minutes, half an hour, 2, 5 and 10 hours" in " ".join(prose(PAGE).split())
