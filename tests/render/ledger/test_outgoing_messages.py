"""Messages stand and fall with what they tell, and each is written once."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from render.claim_errors import BudgetRefused
from render.ledger import Ledger, claims, jobs, runs, settlement
from render.ledger.database import Transaction
from render.ledger.message_facts import MOST_SHOTS, FailedShot, RunEnd, WaitingSubject, said, tell_run_end, tell_waiting
from storyboard.shot import Caps
from tests.render.ledger.outside import kinds, messages, told
from tests.render.ledger.stage import SERIES, Stage, want

DONE = RunEnd(exit_code=0, shots={"done": 2}, master_sha256="a" * 64, duration_s=Decimal("3.5"))


def test_an_order_of_unknown_outcome_is_told_once(stage: Stage) -> None:
    """With its money, in the words of the event; a step that changes nothing tells nothing."""
    take = stage.unknown()
    assert not stage.ledger.write(claims.outcome_unknown, take.id, "ann", "again")
    assert told(stage.ledger, "take.unknown") == [
        {
            "series": SERIES,
            "episode": "e01",
            "shot": "e01/lamp/010",
            "take": 1,
            "account": "acme",
            "message": "the connection broke",
            "reserved_usd": "1.00",
        }
    ]


def test_an_alarm_is_told_in_words_that_may_leave(stage: Stage) -> None:
    """A price beyond what was reserved; a second job, whose words repeat the prompt, a key, a link and a path."""
    other = stage.planned("e01/lamp/020")
    stage.claim(other, request_json='{"prompt": "Nell kneels on the wet steps and looks away"}')
    stage.submit(other)
    stage.generate(stage.submitted(), "1.20")
    (first,) = told(stage.ledger, "alarm.raised")
    assert first["message"] == "take 1 of e01/lamp/010 cost $1.20, more than the $1.00 reserved for it"
    assert "take.unknown" not in kinds(stage.ledger)
    words = "\x1b[1mNell kneels on the wet steps? https://cdn.acme.example/a.mp4?sig=abcdef /srv/films/a.mp4 "
    words += "key=sk-123456789"
    jobs.record_job(stage.ledger, other.id, "job-2", words)
    message = told(stage.ledger, "alarm.raised")[1]["message"]
    assert message.isprintable()
    assert not re.search(r"Nell|kneels|a\.mp4|abcdef|srv|123456789", message), message
    assert "https://cdn.acme.example/…" in message


def test_what_is_rolled_back_was_never_told(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """Neither in the ledger, nor to whoever listens to the run's log."""
    take = stage.submitting()
    caplog.set_level(logging.INFO)

    def fails(tx: Transaction) -> None:
        claims.outcome_unknown(tx, take.id, "ann", "lost")
        assert tx.rows("SELECT kind FROM outgoing_messages") == [{"kind": "take.unknown"}], "it was to be told"
        raise KeyError

    with pytest.raises(KeyError):
        stage.ledger.write(fails)
    assert messages(stage.ledger) == []
    assert "take.unknown" not in caplog.text
    stage.ledger.write(claims.outcome_unknown, take.id, "ann", "lost")
    assert "take.unknown" in caplog.text


def test_a_cap_that_is_nearly_reached_is_told_once_a_row(ledger: Ledger) -> None:
    """At four fifths, spent or reserved, of each scope by itself; again only under another cap."""
    stage = Stage.begin(ledger, Caps(series=Decimal(10), episode=Decimal(5), run=Decimal(100)))
    for number in range(3):
        stage.claim(stage.planned(ordinal=number))
    assert kinds(ledger) == [], "three of five are no four fifths"
    stage.claim(stage.planned(ordinal=3))
    stage.claim(stage.planned(ordinal=4))
    assert told(ledger, "budget.near") == [
        {
            "series": SERIES,
            "episode": "e01",
            "scope": "episode",
            "key": "e01",
            "cap_usd": "5.00",
            "spent_usd": "0.00",
            "reserved_usd": "4.00",
        }
    ]
    with pytest.raises(BudgetRefused):
        stage.claim(stage.planned(ordinal=5))
    later = stage.another_run(Caps(episode=Decimal(7)))
    later.claim(later.planned("e01/shore/010"))
    assert [each["cap_usd"] for each in told(ledger, "budget.near")] == ["5.00", "7.00"]


def test_a_cap_is_near_too_once_orders_cost_more_than_was_reserved(ledger: Ledger) -> None:
    """Though nothing is claimed any more."""
    stage = Stage.begin(ledger, Caps(day=Decimal(2)))
    stage.generate(stage.submitted(), "1.70")
    assert [each["scope"] for each in told(ledger, "budget.near")] == ["day"]
    assert told(ledger, "budget.near")[0]["spent_usd"] == "1.70"


def test_a_run_that_reaches_the_sum_that_was_agreed_to_is_no_news(ledger: Ledger) -> None:
    """Its cap is what its own plan costs; one that somebody wrote is told."""
    stage = Stage.begin(ledger, Caps(run=Decimal(1)))
    take = stage.planned()
    agreed = replace(stage.order(take), run_sum_agreed=True)
    ledger.write(claims.claim, take.id, agreed)
    assert kinds(ledger) == []
    written = stage.another_run(Caps(run=Decimal(1)))
    written.claim(written.open(want("e01/shore/010"))[0])
    assert [each["scope"] for each in told(ledger, "budget.near")] == ["run"]


def test_a_run_ends_once_for_the_outside(stage: Stage) -> None:
    """Done, with its master and what it spent; what is said after that changes nothing."""
    stage.finish(stage.planned())
    stage.ledger.write(runs.end_run, stage.run, DONE)
    stage.ledger.write(runs.end_run, stage.run, DONE)
    stage.ledger.write(tell_run_end, stage.run, RunEnd(exit_code=1, code="media_error"))
    (done,) = messages(stage.ledger)
    assert (done["type"], done["data"]["run"]) == ("episode.done", stage.run)
    assert told(stage.ledger, "episode.done") == [
        {
            "series": SERIES,
            "episode": "e01",
            "shots": {"done": 2},
            "spent_usd": "1.00",
            "changed": True,
            "master": {"sha256": "a" * 64, "duration_s": 3.5},
        }
    ]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", done["timestamp"])


def test_a_run_that_failed_names_its_shots(stage: Stage) -> None:
    """Each with its newest take, code and words, without the prompt; after forty, how many more there are."""
    stage.planned()
    stage.planned(ordinal=1)
    shots = [
        FailedShot(
            key="lamp/010",
            state="refused",
            code="content_policy",
            words="no: a child near water",
            prompt="a child near water",
        )
    ]
    shots += [FailedShot(key=f"lamp/{number}", state="blocked", code="", words="") for number in range(MOST_SHOTS)]
    stage.ledger.write(runs.end_run, stage.run, RunEnd(exit_code=1, words="1 of 41 shots refused", failed=shots))
    (failed,) = told(stage.ledger, "episode.failed")
    assert failed["failed"][0] == {
        "shot": "e01/lamp/010",
        "take": 2,
        "state": "refused",
        "code": "content_policy",
        "message": "no: [prompt]",
    }
    assert (len(failed["failed"]), failed["not_listed"], failed["failed"][1]["take"]) == (MOST_SHOTS, 1, None)
    assert (failed["exit_code"], failed["message"]) == (1, "1 of 41 shots refused")


def test_a_part_of_an_episode_is_no_episode(stage: Stage) -> None:
    """Whoever asked for one shot and got it is told nothing: there is no master."""
    stage.ledger.write(runs.end_run, stage.run, RunEnd(exit_code=0, shots={"done": 1}))
    stage.ledger.write(runs.end_run, stage.another_run().run)
    assert messages(stage.ledger) == []


def test_what_waits_for_approval_is_told_until_it_is_another(stage: Stage) -> None:
    """However many nights a run finds it waiting."""
    waits = [WaitingSubject("spending", "f" * 64, Decimal(12))]
    for _ in range(2):
        stage.ledger.write(tell_waiting, SERIES, "e01", waits)
    stage.ledger.write(tell_waiting, SERIES, "e01", [WaitingSubject("spending", "e" * 64, Decimal(13))])
    sums = [each["subjects"][0]["usd"] for each in told(stage.ledger, "episode.waiting_for_approval")]
    assert sums == ["12.00", "13.00"]


def test_words_that_leave_are_short() -> None:
    """However long they were."""
    assert len(said("a" * 100_000)) == 300
    assert said("e01/lamp/010 of acme@stand-in: 1/2 and/or 3") == "e01/lamp/010 of acme@stand-in: 1/2 and/or 3"


def test_a_lost_lease_is_told(stage: Stage) -> None:
    """Whoever notices that it is over."""
    stage.claim(stage.planned(), lease=timedelta(seconds=-1))
    stage.ledger.write(claims.expire_leases, SERIES)
    assert kinds(stage.ledger) == ["take.unknown"]
    stage.ledger.write(settlement.settle_unknown, stage.open()[0].id, "not charged", charged=False)
    assert kinds(stage.ledger) == ["take.unknown"]
