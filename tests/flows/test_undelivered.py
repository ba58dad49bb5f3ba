"""However a finished job's clip fails to come, its take stays paid for: one rule, and one way out of it.

Every kind goes through the same steps: run after run orders nothing, plan and status say why and what another costs,
`redownload` brings it once its host recovers, and a person's `--new-take` orders exactly one more.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.run.session import Result
from storyboard.plan.episode_plan import PlannedShot
from storyboard.takes import CLIP_DAMAGED, CLIP_MISSING, TakeState
from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import (
    FOUR_SECONDS_USD,
    buys_from,
    circled,
    film,
    forget_clips,
    made,
    money,
    plan,
    produce,
    shoot,
    states,
    takes_of,
)
from tests.projects import scene, shot
from tests.thinning import exhaustive, some, thinned

SHOT = "lamp/010"
ELSEWHERE = {"Location": "https://192.168.0.1/clip.mp4"}
FAILED = {"id": "x", "status": "failed", "error": {"code": "gone", "message": "we lost it"}}


@dataclass(frozen=True, slots=True)
class Kind:
    """One way in which a clip fails to come, as Acme is told to do it."""

    code: str  # of the take
    why: str  # as the run says it
    download: dict[str, Any] = field(default_factory=dict)
    poll: dict[str, Any] = field(default_factory=dict)
    later: dict[str, Any] = field(default_factory=dict)  # polls that come after the first run
    aged: bool = False  # its link has run out, and nobody has given it for days, when the second run begins


def answers(status: int, **more: Any) -> dict[str, Any]:
    return {"do": "answer", "status": status, **more}


def tells(**more: Any) -> dict[str, Any]:
    """What the vendor answers about its job, once it was finished."""
    return answers(200, body={"id": "x", "status": "succeeded", "charged_usd": "0.40", **more})


KINDS = {
    "gone": Kind(CLIP_MISSING, "(410)", answers(410)),
    "gone, and its link has run out": Kind(CLIP_MISSING, "(410)", answers(410), aged=True),
    "forbidden for ever": Kind(CLIP_MISSING, "(403)", answers(403)),
    "forbidden, and its link has run out": Kind(CLIP_MISSING, "(403)", answers(403), aged=True),
    "not found for ever": Kind(CLIP_MISSING, "(404)", answers(404)),
    "another refusal": Kind(CLIP_MISSING, "answers 400", answers(400)),
    "a page for ever": Kind(CLIP_MISSING, "Sign in", {"do": "text", "words": "<title>Sign in</title>"}),
    "damaged": Kind(CLIP_DAMAGED, "comes damaged", {"do": "corrupt"}),
    "too large": Kind(CLIP_MISSING, "larger than", answers(200, headers={"Content-Length": "99999999999"})),
    "an unknown coding": Kind(CLIP_MISSING, "'br'", answers(200, headers={"Content-Encoding": "br"})),
    "led into our own network": Kind(CLIP_MISSING, "192.168.0.1", answers(302, headers=ELSEWHERE)),
    "a link that is not followed": Kind(CLIP_MISSING, "only https", poll=tells(clip_url="ftp://acme.example/c.mp4")),
    "a job that is unknown by then": Kind(CLIP_MISSING, "(404)", answers(404), later=answers(404, code="no_such_job")),
    "a job that failed after all": Kind(
        CLIP_MISSING, "we lost it", answers(410), later=answers(200, body=FAILED | {"refunded": False})
    ),
}


@pytest.fixture(params=some(list(KINDS), 7))
def kind(request: pytest.FixtureRequest) -> Kind:
    """Each way in turn."""
    return KINDS[request.param]


@pytest.fixture
def project(acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One shot to buy, of a vendor whose hosts are not waited for."""
    buys_from(acme, monkeypatch, TAILFRAME_CLIP_PATIENCE="0.01")
    return film(tmp_path, scene("lamp", shot("010", "{{ mara }} lights the lamp")))


def lose(acme: Acme, project: Path, kind: Kind) -> list[Result]:
    """Two runs in which the clip does not come."""
    _script(acme, download=kind.download, poll=kind.poll)
    results = [shoot(project)]
    _script(acme, poll=kind.later)
    if kind.aged:
        age(project)
    return [*results, shoot(project)]


def _script(acme: Acme, **faults: dict[str, Any]) -> None:
    for on, fault in faults.items():
        if fault:
            acme.script(on=on, times=None, **fault)


def age(project: Path) -> None:
    """As if the take had been ordered two days ago, and its link had lived an hour."""
    then = datetime.now(UTC) - timedelta(days=2)
    with closing(sqlite3.connect(project / ".tailframe/ledger.sqlite")) as ledger, ledger:
        ledger.execute("UPDATE takes SET submitted_at = ?, clip_url_expires_at = ?", (str(then), str(then)))


def only(result: Result) -> str:
    (outcome,) = result.outcomes
    return outcome.message


def planned(project: Path, **choices: Any) -> PlannedShot:
    (found,) = plan(project, **choices).shots
    return found


def ordered(acme: Acme, project: Path, jobs: int) -> None:
    """The vendor took so many orders, and both books say the same."""
    assert len(acme.jobs()) == len(acme.heard("create")) == jobs
    assert money(project) == (acme.charged_usd(), 0) == (jobs * FOUR_SECONDS_USD, 0)


@thinned
def test_it_stays_paid_for_and_run_after_run_orders_nothing(acme: Acme, project: Path, kind: Kind) -> None:
    """Each run says why, what it cost, what costs nothing and what another costs; plan and status say it too."""
    for result in lose(acme, project, kind):
        assert (result.exit_code, states(result)) == (1, {SHOT: "failed"})
        (take,) = takes_of(project)
        assert (take.state, take.error_code, take.cost_usd) == (TakeState.GENERATED, kind.code, FOUR_SECONDS_USD)
    said = only(result)
    assert said == take.error_message
    paid = f"tailframe reconcile PROJECT --take e01/{SHOT}:1 --charged"
    told = (kind.why, "It cost $0.40, and nothing is ordered", "tailframe redownload PROJECT", paid, "for up to $0.40")
    assert sorted(said.index(each) for each in told) == [said.index(each) for each in told]
    ordered(acme, project, 1)

    shown = planned(project)
    assert (shown.action, shown.estimated_cost_usd) == ("resume", 0)
    how = "comes damaged" if kind.code == CLIP_DAMAGED else "is not to be had"
    assert f"is paid for ($0.40), and its clip {how} from acme" in shown.reason
    assert paid in shown.reason
    assert "another one costs up to $0.40" in shown.reason
    (status,) = json.loads(tailframe("status", project, "e01", "--json").stdout)["shots"]
    assert (status["state"], status["takes"][0]["error"]) == ("failed", {"code": kind.code, "message": said})
    _redownload_brings_it(acme, project)


def _redownload_brings_it(acme: Acme, project: Path) -> None:
    """Before, it names the take and ends with 1; after, the shot is done, and nothing is said of it any more."""
    failed = tailframe("redownload", project)
    assert (failed.exit_code, failed.stdout) == (1, f"e01/{SHOT}:1\n")

    acme.forgive()
    done = tailframe("redownload", project)

    assert (done.exit_code, done.stdout) == (0, ""), done.stderr
    (take,) = takes_of(project)
    assert (take.state, take.error_code, circled(project, SHOT)) == (TakeState.DONE, None, 1)
    assert shoot(project).exit_code == 0
    ordered(acme, project, 1)


@thinned
def test_a_new_take_is_a_persons_word_and_orders_exactly_one(acme: Acme, project: Path, kind: Kind) -> None:
    """The plan says which one is given up, that it stays paid, and what the new one costs; asked again, as much."""
    lose(acme, project, kind)
    acme.forgive()
    shown = planned(project, new_take=True)
    assert (shown.action, shown.variations, shown.estimated_cost_usd) == ("generate", (1,), FOUR_SECONDS_USD)
    assert "is given up for it and stays paid" in shown.reason

    result = shoot(project, new_take=True)

    assert (result.exit_code, made(result)) == (0, [SHOT])
    first, second = takes_of(project)
    assert (first.state, first.error_code, first.cost_usd) == (TakeState.FAILED, "settled_charged", FOUR_SECONDS_USD)
    assert (second.state, circled(project, SHOT)) == (TakeState.DONE, 2)
    assert made(shoot(project)) == []
    ordered(acme, project, 2)


@exhaustive
def test_what_the_vendor_takes_back_for_nothing_is_made_again(acme: Acme, project: Path) -> None:
    """Its own word, both that there is no clip and that it charges nothing: the cost is given back, one is ordered."""
    acme.script(on="download", times=None, **answers(410))
    shoot(project)
    acme.script(on="poll", **answers(200, body=FAILED | {"refunded": True}))

    result = shoot(project)

    assert states(result) == {SHOT: "failed"}
    assert "we lost it" in only(result)
    (take,) = takes_of(project)
    assert (take.state, take.error_code, take.cost_usd) == (TakeState.FAILED, "clip_lost", 0)
    assert money(project) == (0, 0)
    acme.forgive()
    shown = planned(project)
    assert (shown.action, shown.estimated_cost_usd) == ("generate", FOUR_SECONDS_USD)
    assert shoot(project).exit_code == 0
    assert money(project) == (FOUR_SECONDS_USD, 0)
    assert len(acme.jobs()) == 2


@exhaustive
def test_a_job_that_is_called_unfinished_again_is_waited_for(acme: Acme, project: Path) -> None:
    """The vendor works on it: nothing is lost, and nothing is ordered."""
    acme.script(on="download", times=None, **answers(404))
    shoot(project)
    acme.script(on="poll", times=None, **answers(200, body={"id": "x", "status": "running", "progress": 0.5}))

    assert states(shoot(project)) == {SHOT: "running"}

    acme.forgive()
    assert shoot(project).exit_code == 0
    ordered(acme, project, 1)


def test_a_finished_job_that_names_no_clip_is_asked_again(acme: Acme, project: Path) -> None:
    """What no page of a vendor's documents ends this run, and nothing else."""
    acme.script(on="poll", times=None, **tells())
    for _ in range(2):
        result = shoot(project)
        assert (result.exit_code, states(result)) == (1, {SHOT: "failed"})
        assert "cannot be read" in only(result)
        assert [take.state for take in takes_of(project)] == [TakeState.SUBMITTED]
    assert planned(project).action == "resume"

    acme.forgive()

    assert shoot(project).exit_code == 0
    ordered(acme, project, 1)


def test_an_old_link_is_followed_where_the_vendor_cannot_tell_another(acme: Acme, project: Path) -> None:
    """A vendor that is down for an hour is no reason to leave a clip that its host gives."""
    acme.script(on="download", times=None, **answers(404))
    shoot(project)
    acme.forgive()
    acme.script(on="poll", times=None, **answers(503))

    assert shoot(project).exit_code == 0
    ordered(acme, project, 1)


def test_a_host_that_is_down_for_days_says_what_can_be_done(acme: Acme, project: Path) -> None:
    """Each run asks again; of a clip that is old by now the ways out are told."""
    acme.script(on="download", times=None, **answers(503))
    assert "reconcile" not in only(shoot(project))
    age(project)

    assert f"tailframe reconcile PROJECT --take e01/{SHOT}:1 --charged" in only(shoot(project))

    assert [(take.state, take.error_code) for take in takes_of(project)] == [(TakeState.GENERATED, None)]
    ordered(acme, project, 1)


def test_a_key_that_is_refused_says_nothing_of_the_clip(
    acme: Acme, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is our account's, and mended there."""
    acme.script(on="download", times=None, **answers(404))
    shoot(project)
    (before,) = takes_of(project)
    monkeypatch.setenv("ACME_API_KEY", "another")

    assert states(shoot(project)) == {SHOT: "failed"}

    (take,) = takes_of(project)
    assert (take.state, take.error_message) == (before.state, before.error_message)
    ordered(acme, project, 1)


def test_a_clip_that_the_store_lost_and_nobody_gives_is_never_ordered_by_itself(acme: Acme, project: Path) -> None:
    """The run says what happened, what asks again for nothing, and what a new take costs."""
    assert produce(project).exit_code == 0
    forget_clips(project)
    acme.script(on="download", times=None, **answers(410))
    for _ in range(2):
        result = shoot(project)
        assert (result.exit_code, states(result)) == (1, {SHOT: "failed"})
        assert "tailframe redownload PROJECT" in only(result)
        assert "--new-take, for up to $0.40" in only(result)
    ordered(acme, project, 1)


@exhaustive
def test_a_take_that_an_earlier_version_gave_up_is_made_again_as_it_was(acme: Acme, project: Path) -> None:
    """What it wrote as failed stays failed, its cost spent; the next run makes another, once."""
    acme.script(on="download", times=None, **answers(410))
    shoot(project)
    with closing(sqlite3.connect(project / ".tailframe/ledger.sqlite")) as ledger, ledger:
        ledger.execute("UPDATE takes SET state = 'failed', error_code = 'clip_lost', ended_at = submitted_at")
    acme.forgive()
    assert planned(project).action == "generate"

    assert [shoot(project).exit_code for _ in range(2)] == [0, 0]

    assert [take.state.value for take in takes_of(project)] == ["failed", "done"]
    ordered(acme, project, 2)
