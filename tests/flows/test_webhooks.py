"""Runs tell the outside how they ended, whatever the outside does, and nobody is told what did not happen."""

from __future__ import annotations

import asyncio
import json
import os
import re
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flows.run.beginning import begin
from flows.run.options import RunOptions
from flows.run.tell_outside import send_due
from flows.run.workspace import open_workspace
from flows.settings import places_of, read_settings
from render.claim_errors import BudgetRefused, NotApproved
from render.ledger import Ledger, open_ledger
from render.ledger.outgoing_sends import LEASE
from render.outgoing.webhook_sender import SendSummary
from tests.acme.fixture import Acme
from tests.flows.episodes import buys_from, film, produce, shoot, three_shots
from tests.flows.forked_commands import begin as begin_command
from tests.flows.runs import killed, run
from tests.leaks import files_that_show
from tests.render.ledger.outside import kinds, told
from tests.render.ledger.test_outgoing_sends import wind_on
from tests.render.outgoing.receiver import PATH, SECRET, TAKEN, Receiver, receiving
from tests.render.providers.wire import answer, silence
from tests.thinning import exhaustive


@pytest.fixture
def acme_buyer(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> Acme:
    """This process buys from Acme."""
    buys_from(acme, monkeypatch)
    return acme


def tells(monkeypatch: pytest.MonkeyPatch, here: Receiver) -> None:
    """This process tells that receiver."""
    monkeypatch.setenv("TAILFRAME_WEBHOOK_URL", here.url)
    monkeypatch.setenv("TAILFRAME_WEBHOOK_SECRET", SECRET)


def ledger_of(project: Path) -> Ledger:
    """The project's own."""
    return open_ledger(places_of(project, read_settings()).ledger)


def one_shot(folder: Path, **series: Any) -> Path:
    """A project of one shot at 40 cents."""
    return film(folder, *three_shots()[1:], **series)


@exhaustive
def test_a_run_tells_at_its_end_what_became_of_the_episode(
    acme_buyer: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Signed, with its money and its master, and without the address, the secret or a word of a prompt in any file."""
    project = one_shot(tmp_path)
    with receiving() as here:
        tells(monkeypatch, here)
        result = produce(project)
        (heard,) = here.heard
    assert heard.is_signed_with(SECRET)
    content = json.loads(heard.body)
    assert result.assembly is not None
    assert content["type"] == "episode.done"
    assert content["data"] | {"run": ""} == {
        "series": "lighthouse",
        "episode": "e01",
        "run": "",
        "shots": {"done": 1},
        "spent_usd": "0.40",
        "changed": True,
        "master": {"sha256": result.assembly.master.sha256, "duration_s": 1.0},
    }
    assert files_that_show(SECRET.removeprefix("whsec_"), project) == files_that_show(PATH, project) == []


def test_a_shot_that_failed_is_named_with_its_code(
    acme_buyer: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And no word of its prompt, though the vendor repeats it."""
    project = one_shot(tmp_path)
    acme_buyer.script(on="job", do="refuse", code="content_policy", words="no: rows against the swell, at dusk")
    with receiving() as here:
        tells(monkeypatch, here)
        shoot(project)
        assert here.types == ["episode.failed"]
        data = json.loads(here.heard[0].body)["data"]
    assert [(each["shot"], each["take"], each["code"]) for each in data["failed"]] == [
        ("e01/shore/010", 1, "content_policy")
    ]
    assert "rows against" not in json.dumps(data)
    assert (data["exit_code"], data["spent_usd"]) == (1, "0.00")


def test_a_run_that_may_not_begin_tells_why(acme_buyer: Acme, tmp_path: Path) -> None:
    """A cap that is too low ends it before anything is ordered; an approval that is missing is told as such, once."""
    project = one_shot(tmp_path, budget={"episode": 0.1})
    with pytest.raises(BudgetRefused):
        shoot(project)
    with ledger_of(project) as ledger:
        (failed,) = told(ledger, "episode.failed")
    assert (failed["code"], failed["exit_code"], failed["failed"]) == ("budget_refused", 3, [])
    waits = one_shot(tmp_path / "other", approval={"storyboard": True})
    for _ in range(2):
        with pytest.raises(NotApproved):
            shoot(waits)
    with ledger_of(waits) as ledger:
        assert kinds(ledger) == ["episode.waiting_for_approval"]
        (data,) = told(ledger, "episode.waiting_for_approval")
    assert [(each["subject"], len(each["hash"])) for each in data["subjects"]] == [("storyboard", 64)]


@exhaustive
def test_a_night_that_leaves_what_nobody_approved_tells_that_it_waits(acme_buyer: Acme, tmp_path: Path) -> None:
    """It makes the rest, and spending waits for somebody's word."""
    project = film(tmp_path, *three_shots(), approval={"spend_usd": 0.5})
    result = shoot(project, until_budget=True)
    assert result.exit_code == 3
    with ledger_of(project) as ledger:
        (data,) = told(ledger, "episode.waiting_for_approval")
        assert [(each["subject"], each["usd"]) for each in data["subjects"]] == [("spending", "1.20")]
        assert kinds(ledger)[-1] == "episode.failed"


@exhaustive
def test_previews_and_rehearsals_tell_nobody(acme_buyer: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither is an episode, and what is made in a rehearsal never happened."""
    project = one_shot(tmp_path)

    async def rehearse() -> None:
        options = RunOptions(episode="e01", rehearsal=True, budget_usd=Decimal("0.10"))
        async with open_workspace(project, rehearsal=True) as workspace, begin(workspace, options):
            raise AssertionError("it is refused")

    with receiving() as here:
        tells(monkeypatch, here)
        shoot(project, preview=True)
        with pytest.raises(BudgetRefused):
            asyncio.run(rehearse())
        assert here.heard == []
    with ledger_of(project) as ledger:
        assert kinds(ledger) == []


def test_an_order_of_unknown_outcome_is_told_while_the_run_goes_on(
    acme_buyer: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And then how it ended; a run without an endpoint writes both down, for whoever sends later."""
    project = one_shot(tmp_path)
    acme_buyer.script(on="create", do="drop")
    shoot(project)
    with receiving() as here, ledger_of(project) as ledger:
        assert asyncio.run(send_due(ledger, read_settings())) == SendSummary(), "nobody listens"
        tells(monkeypatch, here)
        assert asyncio.run(send_due(ledger, read_settings())) == SendSummary(delivered=2)
        assert here.types == ["take.unknown", "episode.failed"]


@exhaustive
@pytest.mark.parametrize("says", [silence(60), answer("no", 500), answer(status=302, Location="http://127.0.0.1:9")])
def test_no_endpoint_delays_or_fails_a_run(
    says: Any, acme_buyer: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A few seconds at its end are all that it spends; the message waits."""
    project = one_shot(tmp_path)
    with receiving(says) as here:
        tells(monkeypatch, here)
        began = time.monotonic()
        assert produce(project).exit_code == 0
        assert time.monotonic() - began < 15
    with ledger_of(project) as ledger:
        assert kinds(ledger) == ["episode.done"]


@exhaustive
def test_a_run_that_is_killed_after_its_end_is_told_later_and_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What was committed is sent by whoever comes next; what was not is no message."""
    for moment, expected in {"before end_run": [], "after end_run": ["episode.done"]}.items():
        project = film(tmp_path / moment, *three_shots()[1:], provider="animatic")
        assert killed(project, moment) == moment
        with receiving() as here, monkeypatch.context() as later, ledger_of(project) as ledger:
            tells(later, here)
            asyncio.run(send_due(ledger, read_settings()))
            asyncio.run(send_due(ledger, read_settings()))
            assert here.types == expected


@exhaustive
def test_a_sender_that_is_killed_is_made_up_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """While its lease lasts nobody sends what it was sending; then somebody does, with the same id."""
    project = film(tmp_path, *three_shots()[1:], provider="animatic")
    assert run(project)["exit_code"] == 0
    with receiving(silence(60), TAKEN) as here, ledger_of(project) as ledger:
        tells(monkeypatch, here)
        sender = begin_command("webhooks", "send", str(project), environment=dict(os.environ))
        while not here.heard:
            assert sender.poll() is None, sender.communicate()
            time.sleep(0.05)
        sender.kill()
        sender.communicate()
        assert asyncio.run(send_due(ledger, read_settings())) == SendSummary()
        wind_on(ledger, LEASE)
        assert asyncio.run(send_due(ledger, read_settings())) == SendSummary(delivered=1)
        first, again = here.heard
        assert (first.id, first.body) == (again.id, again.body)
        assert again.is_signed_with(SECRET)


@exhaustive
def test_words_of_messages_hold_no_control_characters_whatever_a_vendor_says(acme_buyer: Acme, tmp_path: Path) -> None:
    """Nor a link's signature or a key."""
    project = one_shot(tmp_path)
    words = "\x1b[2Jno: https://cdn.acme.example/a.mp4?sig=abcdef0123 with key sk-0123456789abcdef"
    acme_buyer.script(on="job", do="fail", code="broken", words=words)
    shoot(project)
    with ledger_of(project) as ledger:
        (data,) = told(ledger, "episode.failed")
    text = f"{data['failed'][0]['message']} {data['message']}"
    assert text.isprintable()
    assert not re.search(r"sig=|abcdef|a\.mp4", text), text
