"""An order whose answer was lost is never sent again by itself: it is found at the vendor, or settled by a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import (
    FOUR_SECONDS_USD,
    actions,
    buys_from,
    circled,
    film,
    made,
    money,
    shoot,
    states,
    takes_of,
)
from tests.projects import scene, shot


@pytest.fixture
def project(acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One shot, whose order arrives and whose answer is lost."""
    buys_from(acme, monkeypatch)
    acme.script(on="create", do="drop", when="after")
    return film(tmp_path, scene("lamp", shot("010", "{{ mara }} lights the lamp")))


@pytest.fixture
def lost(acme: Acme, project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same at an account that lists no jobs, after the run that lost the answer."""
    monkeypatch.setenv("ACME_LISTS_JOBS", "0")
    result = shoot(project)
    assert (states(result), result.exit_code) == ({"lamp/010": "unknown"}, 1)
    return project


def test_a_job_that_is_certainly_ours_is_adopted(acme: Acme, project: Path) -> None:
    """The one job in the vendor's list that fits is taken up by the next run: one job, paid once."""
    assert states(shoot(project)) == {"lamp/010": "unknown"}

    result = shoot(project)

    assert (result.exit_code, states(result)) == (0, {"lamp/010": "done"})
    (job,), (take,) = acme.jobs(), takes_of(project)
    assert take.job_id == job.id
    assert money(project) == (acme.charged_usd(), 0) == (FOUR_SECONDS_USD, 0)


def test_two_jobs_that_fit_are_not_guessed_at(acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two takes of one shot, both lost, are the same to the letter: nobody guesses which job is whose."""
    buys_from(acme, monkeypatch)
    acme.script(on="create", do="drop", when="after", times=2)
    project = film(tmp_path, scene("lamp", shot("010", takes=2)))
    assert shoot(project).exit_code == 1

    again = shoot(project)

    assert (again.exit_code, states(again)) == (1, {"lamp/010": "unknown"})
    assert [take.state.value for take in takes_of(project)] == ["unknown", "unknown"]
    assert len(acme.jobs()) == 2
    one, other = acme.jobs()
    assert tailframe("reconcile", project, "--take", "e01/lamp/010:1", "--adopt", one.id).exit_code == 0
    assert {take.job_id for take in takes_of(project)} == {one.id, other.id}
    assert shoot(project).exit_code == 0
    assert len(acme.jobs()) == 2


def test_an_order_that_never_arrived_is_not_invented(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no job fits, the take stays unknown: an empty list may be a slow list."""
    buys_from(acme, monkeypatch)
    acme.script(on="create", do="drop")
    project = film(tmp_path, scene("lamp", shot("010")))

    for _ in range(2):
        assert states(shoot(project)) == {"lamp/010": "unknown"}

    assert len(acme.heard("create")) == 1
    assert acme.jobs() == []


def test_money_stays_reserved_while_nobody_knows(acme: Acme, lost: Path) -> None:
    """Runs and retakes send nothing more, and the reservation stands against every cap."""
    assert actions(lost) == {"lamp/010": "unknown"}
    for asked in ({}, {"new_take": True}, {"cascade": True}):
        assert shoot(lost, **asked).exit_code == 1
    told = tailframe("reconcile", lost)

    assert told.exit_code == 1
    assert "e01/lamp/010:1 acme" in told.stdout
    assert len(acme.heard("create")) == len(acme.jobs()) == 1
    assert money(lost) == (0, FOUR_SECONDS_USD)


def test_a_person_names_the_job(acme: Acme, lost: Path) -> None:
    """`reconcile --adopt ID`: the clip that was paid for is fetched, and the next run cuts with it."""
    (job,) = acme.jobs()

    settled = tailframe("reconcile", lost, "--adopt", job.id)

    assert settled.exit_code == 0, settled.output
    assert [take.state.value for take in takes_of(lost)] == ["done"]
    result = shoot(lost)
    assert (result.exit_code, made(result), circled(lost, "lamp/010")) == (0, [], 1)
    assert len(acme.jobs()) == 1
    assert money(lost) == (FOUR_SECONDS_USD, 0)


def test_a_person_says_that_nothing_was_charged(acme: Acme, lost: Path) -> None:
    """`reconcile --not-charged`: the money is free again, and the shot is made anew by the next run."""
    assert tailframe("reconcile", lost, "--not-charged").exit_code == 0
    assert money(lost) == (0, 0)

    result = shoot(lost)

    assert (result.exit_code, made(result)) == (0, ["lamp/010"])
    assert [take.state.value for take in takes_of(lost)] == ["failed", "done"]


def test_a_person_says_that_it_was_charged(acme: Acme, lost: Path) -> None:
    """`reconcile --charged`: the money is spent, and a new take may be made beside it."""
    assert tailframe("reconcile", lost, "--charged").exit_code == 0
    assert money(lost) == (FOUR_SECONDS_USD, 0)

    assert shoot(lost).exit_code == 0

    assert len(acme.jobs()) == 2
    assert money(lost) == (2 * FOUR_SECONDS_USD, 0) == (acme.charged_usd(), 0)


def test_a_job_of_another_take_is_not_adopted(acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clip of one shot cannot pass for another's: the slip is told, and nothing moves."""
    buys_from(acme, monkeypatch, ACME_LISTS_JOBS="0")
    acme.script(on="create", do="drop", when="after", prompt="lights the lamp")
    waves = scene("shore", shot("010", "waves"), location="shore")
    project = film(tmp_path, scene("lamp", shot("010", "{{ mara }} lights the lamp")), waves)
    assert states(shoot(project)) == {"lamp/010": "unknown", "shore/010": "done"}
    (done,) = takes_of(project, "shore/010")

    told = tailframe("reconcile", project, "--adopt", str(done.job_id))

    assert told.exit_code == 1
    assert f"already belongs to take {done.number} of {done.shot}" in told.stderr
    assert [take.state.value for take in takes_of(project, "lamp/010")] == ["unknown"]
    assert money(project) == (FOUR_SECONDS_USD, FOUR_SECONDS_USD)


def test_a_job_that_the_vendor_does_not_know_is_not_adopted(acme: Acme, lost: Path) -> None:
    """A slip of the pen strands no take: it stays unknown, and the right word settles it afterwards."""
    slip = tailframe("reconcile", lost, "--adopt", "no-such-job")

    assert slip.exit_code != 0
    assert [take.state.value for take in takes_of(lost)] == ["unknown"]
    assert tailframe("reconcile", lost, "--adopt", acme.jobs()[0].id).exit_code == 0
    assert (shoot(lost).exit_code, len(acme.jobs())) == (0, 1)


def test_a_lost_order_is_not_looked_for_where_it_was_never_sent(
    acme: Acme, lost: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where another account is asked today, asking again by the key would be a new order, in nobody's ledger."""
    monkeypatch.setenv("ACME_REPLAYS", "1")
    monkeypatch.setenv("ACME_ACCOUNT", "studio-b")

    told = tailframe("reconcile", lost)

    assert told.exit_code == 1
    assert "is at acme@stand-in, and this run asks acme:studio-b@stand-in. Nothing is lost: " in told.output
    assert "leave ACME_ACCOUNT unset" in told.output

    assert [take.state.value for take in takes_of(lost)] == ["unknown"]
    assert len(acme.heard("create")) == len(acme.jobs()) == 1
