"""`tailframe webhooks`: what was sent, waits and was given up, and how it is sent again."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from flows.settings import places_of, read_settings
from render.ledger import open_ledger
from tests.docs.pages import ROOT, blocks
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import new_ledger, plain_environment
from tests.projects import write_project
from tests.render.ledger.stage import Stage
from tests.render.ledger.test_outgoing_sends import wind_on
from tests.render.outgoing.receiver import PATH, SECRET, TAKEN, Receiver, receiving
from tests.render.providers.wire import answer
from tests.thinning import exhaustive, one_in


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A series with an order of unknown outcome, of which nobody was told yet."""
    plain_environment(monkeypatch)
    project = write_project(tmp_path)
    (project / ".tailframe").mkdir(mode=0o700)
    (project / ".tailframe/ledger.sqlite").write_bytes(new_ledger())
    with open_ledger(places_of(project, read_settings()).ledger) as ledger:
        Stage.begin(ledger).unknown()
    return project


@pytest.fixture
def tells(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment in which a receiver can be named."""
    monkeypatch.setenv("TAILFRAME_WEBHOOK_SECRET", SECRET)
    return monkeypatch


def named(tells: pytest.MonkeyPatch, here: Receiver) -> None:
    """Let commands tell it."""
    tells.setenv("TAILFRAME_WEBHOOK_URL", here.url)


def wait_a_day(project: Path) -> None:
    """Let a day pass for what waits."""
    with open_ledger(places_of(project, read_settings()).ledger) as ledger:
        wind_on(ledger, timedelta(days=1))


def test_what_is_due_is_sent_and_listed(project: Path, tells: pytest.MonkeyPatch) -> None:
    """Once; the list names the endpoint without its address, for people and for scripts."""
    with receiving() as here:
        named(tells, here)
        assert "never asked" in tailframe("webhooks", project).output
        sent = tailframe("webhooks", "send", project)
        assert (sent.exit_code, "1 delivered" in sent.output) == (0, True), sent.output
        assert "nothing is due" in tailframe("webhooks", "send", project).output
        assert here.types == ["take.unknown"]
    listed = tailframe("webhooks", project)
    assert "take.unknown e01" in listed.output
    assert "0 waiting, 0 given up, 1 delivered lately" in listed.output
    printed = json.loads(tailframe("webhooks", project, "--json").stdout)
    (send,) = printed["sends"]
    assert (send["state"], send["attempts"], send["last_answer"]) == ("delivered", 1, "204")
    assert re.fullmatch(r"127\.0\.0\.1-[0-9a-f]{8}", send["endpoint"])
    assert PATH not in listed.output + json.dumps(printed)
    (sample,) = [
        json.loads(each.text) for each in blocks(ROOT / "docs/operators.md", "json") if each.info == "webhooks"
    ]
    assert [*sample, *sample["endpoints"][0], *sample["sends"][0]] == [*printed, *printed["endpoints"][0], *send]


@exhaustive
def test_what_is_not_taken_ends_with_1_and_is_sent_again_when_asked(project: Path, tells: pytest.MonkeyPatch) -> None:
    """By its id at any time, or with all that was given up."""
    with receiving(answer(status=410), answer("later", 503), TAKEN) as here:
        named(tells, here)
        gone = tailframe("webhooks", "send", project)
        assert (gone.exit_code, "1 given up" in gone.output) == (1, True), gone.output
        (send,) = json.loads(tailframe("webhooks", project, "--json").stdout)["sends"]
        again = tailframe("webhooks", "resend", project, send["message"])
        assert (again.exit_code, "1 to be tried again" in again.output) == (1, True), again.output
        assert "pending, next" in " ".join(tailframe("webhooks", project).output.split())
        assert tailframe("webhooks", "resend", project, "--dead").output.splitlines() == [
            "0 to send again",
            "nothing is due",
        ]
        wait_a_day(project)
        assert tailframe("webhooks", "send", project).exit_code == 0
        assert [each.id for each in here.heard] == [send["message"]] * 3


def test_a_test_is_signed_tried_once_and_told(project: Path, tells: pytest.MonkeyPatch) -> None:
    """What waits goes with it."""
    with receiving() as here:
        named(tells, here)
        done = tailframe("webhooks", "test", project)
        assert (done.exit_code, "took it: 204" in done.stdout) == (0, True), done.output
        assert here.types == ["take.unknown", "webhook.test"]
        assert all(each.is_signed_with(SECRET) for each in here.heard)
    failed = tailframe("webhooks", "test", project)
    assert (failed.exit_code, "did not take it: " in failed.stdout) == (1, True), failed.output
    assert "1 given up" in tailframe("webhooks", project).output


@one_in(3)
@pytest.mark.parametrize("words", [("send",), ("test",), ("resend", "--dead")])
def test_without_an_endpoint_there_is_nobody_to_tell(project: Path, words: tuple[str, ...]) -> None:
    """The list says so, and is there."""
    done = tailframe("webhooks", words[0], project, *words[1:])
    assert (done.exit_code, "TAILFRAME_WEBHOOK_URL names no endpoint" in done.output) == (2, True), done.output
    listed = tailframe("webhooks", project)
    assert (listed.exit_code, "no endpoint: TAILFRAME_WEBHOOK_URL is not set" in listed.output) == (0, True)


def test_what_is_asked_for_has_to_be_there(project: Path, tells: pytest.MonkeyPatch) -> None:
    """A message that is none, nothing, or both; and nothing leaves."""
    with receiving() as here:
        named(tells, here)
        for more, told in [
            ((), "name messages"),
            (("msg_1", "--dead"), "name messages"),
            (("msg_1",), "no message 'msg_1'"),
        ]:
            done = tailframe("webhooks", "resend", project, *more)
            assert (done.exit_code, told in done.output) == (2, True), done.output
        assert here.heard == []


def test_an_address_without_a_secret_is_told_by_every_command(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is made: nothing is ever sent unsigned."""
    monkeypatch.setenv("TAILFRAME_WEBHOOK_URL", "https://hooks.example.com/T0pS3cret")
    done = tailframe("status", project)
    assert (done.exit_code, "TAILFRAME_WEBHOOK_SECRET: is not set" in done.output) == (2, True), done.output
    assert "T0pS3cret" not in done.output
