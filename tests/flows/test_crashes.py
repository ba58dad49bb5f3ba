"""A run is killed around every ledger move and every request, at every vendor, and the next one pays nothing twice.

The moments are found by the run itself (see `tests.flows.mortal`), so a new step is killed at too. Here the steps come
one at a time, so what lies after one lies before the next; the test holds that. `make test` dies at every
twenty-third moment, from another first one at each vendor; with `EVERY_MOMENT=1` it dies at all of them, everywhere.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from render.ledger import LedgerReader, Take, open_ledger_read_only, queries, recipes, runs
from render.ledger.stored_request import read_order
from storyboard.takes import TakeState
from tests.flows.accounts import LISTING, VENDORS, Account, chain, ledger_url, sandbox
from tests.flows.runs import TINY, command, killed, run
from tests.projects import episode_file, scene, series_file, shot, write_project
from tests.render.ledger.stage import audit
from tests.render.sandbox.standing import Standing
from tests.thinning import EVERY_MOMENT, exhaustive, patient, some, stride, thinned

SHOTS = 2

pytestmark = patient


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """Jobs are over at once: no crash can change what a run waits for."""
    with sandbox(tmp_path_factory.mktemp("sandbox") / "state", job_seconds=0) as standing:
        yield standing


@pytest.fixture(params=some(VENDORS, 4, first=1))
def account(request: pytest.FixtureRequest, standing: Standing) -> Account:
    """At one vendor after the other."""
    return Account(standing, request.param)


@thinned
def test_no_moment_to_die_at_costs_a_job_or_a_cent(account: Account, tmp_path: Path) -> None:
    """The next run ends well, with one job a shot, one take a job, and a ledger that says what the vendor charged.

    Each run begins in a copy of a project, and the next one in that copy by another name.
    """
    template = chain(tmp_path / "template", account)
    steps = make(copy_of(template, tmp_path / "whole"), account)["moments"]
    one_at_a_time(steps)
    first = 1 + VENDORS.index(account.vendor) % stride(23)
    died_at = []
    for number in count(first, step=stride(23)):
        account.renew()
        project = copy_of(template, tmp_path / str(number))
        moment = killed(project, number, cut=False, environment=account.environment)
        if moment is None:
            break
        died_at.append(moment)
        project = project.rename(tmp_path / f"{number} renamed")
        with named(number, moment):
            complete(project, account)
            hold(project, account)
        shutil.rmtree(project)
    assert died_at == list(steps[first - 1 :: stride(23)])


@exhaustive
def test_no_moment_of_the_cut_makes_a_shot_again(tmp_path: Path) -> None:
    """What dies while it cuts is cut by the next run, from the take that is there."""
    template = one_shot(tmp_path / "template")
    assert run(template, cut=False)["made"] == ["lamp/010"]
    died_at = set()
    for number in count(stride(12), step=stride(12)):
        project = copy_of(template, tmp_path / str(number))
        moment = killed(project, number)
        if moment is None:
            break
        died_at.add(moment)
        with named(number, moment):
            result = run(project)
            assert (result["exit_code"], result["made"]) == (0, [])
            assert (project / "output/e01/e01.mp4").is_file()
            assert len(takes_in(project)) == 1
    assert died_at
    if EVERY_MOMENT:
        assert {f"after {step.__name__}" for step in (recipes.remember_derived, runs.end_run)} <= died_at


def copy_of(template: Path, target: Path) -> Path:
    return Path(shutil.copytree(template, target))


def make(project: Path, account: Account) -> dict[str, Any]:
    return run(project, cut=False, environment=account.environment)


def one_shot(folder: Path) -> Path:
    """A shot that is drawn here, and nothing around it."""
    series = series_file(locations=None, props=None, styles=None, delivery=TINY)
    return write_project(
        folder,
        series=series,
        episodes={"e01": episode_file("e01", scene("lamp", shot("010"), location=None), style=None)},
    )


def one_at_a_time(steps: Sequence[str]) -> None:
    """No step begins before the last one is over, but for the last look at a lease: it comes within the order."""
    under_way: list[str] = []
    for step in steps:
        when, _, name = step.partition(" ")
        if when == "before":
            assert not under_way or (name == "holds_lease" and under_way[-1].startswith("POST ")), step
            under_way.append(name)
        else:
            assert under_way.pop() == name
    assert not under_way


@contextmanager
def named(number: int, moment: str) -> Iterator[None]:
    """Let a failure tell where the run died."""
    try:
        yield
    except AssertionError as error:
        error.add_note(f"killed at moment {number}, {moment}")
        raise


def complete(project: Path, account: Account) -> None:
    """Run again. What then is unknown, a person settles who looks at the vendor's own page; and once more."""
    result = make(project, account)
    covers(project, account)
    if result["exit_code"] == 0:
        return
    assert set(result["states"].values()) <= {"done", "unknown", "blocked"}, result
    (lost,) = takes_in(project, TakeState.UNKNOWN)
    assert lost.reserved_usd == account.shot_usd, "an unknown take holds its money"
    settle(project, account, lost)
    covers(project, account)
    again = make(project, account)
    assert again["exit_code"] == 0, again


def settle(project: Path, account: Account, take: Take) -> None:
    """Say what became of an order, by the command that a person types."""
    assert take.request_json is not None
    prompt = read_order(take.request_json).prompt
    jobs = [job["id"] for job in account.jobs() if job["prompt"] == prompt]
    assert not (jobs and account.vendor in LISTING), "the one job of a vendor's list that fits is adopted by itself"
    word = ("--adopt", jobs[0]) if jobs else ("--not-charged",)
    code, said = command(
        "reconcile", project, "--take", f"{take.shot}:{take.number}", *word, environment=account.environment
    )
    assert code == 0, said


def covers(project: Path, account: Account) -> None:
    """Whatever happened, what the vendor may charge stands in the books, as spent or as reserved."""
    ledger = ledger_of(project)
    audit(ledger)
    spent, reserved = ledger.read(queries.money, "lighthouse")
    assert spent + reserved >= account.charged_usd()


def hold(project: Path, account: Account) -> None:
    """One job a shot, each of them one take's; nothing was ordered twice; every cent is accounted for."""
    jobs, done = account.jobs(), takes_in(project, TakeState.DONE)
    assert len(jobs) == len({job["prompt"] for job in jobs}) == account.creates() == SHOTS
    assert sorted(job["id"] for job in jobs) == sorted(str(take.job_id) for take in done)
    assert {take.state for take in takes_in(project)} <= {TakeState.DONE, TakeState.FAILED}
    ledger = ledger_of(project)
    audit(ledger)
    assert ledger.read(queries.money, "lighthouse") == (account.charged_usd(), Decimal(0))
    assert not ledger.read(queries.alarms)


def takes_in(project: Path, *states: TakeState) -> tuple[Take, ...]:
    return ledger_of(project).read(queries.takes, "lighthouse", states=states)


def ledger_of(project: Path) -> LedgerReader:
    """The books, looked at from outside: nothing is written, and nothing stays open."""
    ledger = open_ledger_read_only(ledger_url(project))
    assert ledger is not None
    return ledger
