"""An answer that is lost after the job exists never leads to a second one, whichever vendor, however it is lost.

The sandbox takes the order, and then answers 500, hangs up, or says nothing for longer than anybody waits.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flows.run.workspace import Workspace
from render.context import RunContext
from tests.flows.accounts import LISTING, VENDORS, Account, chain, make_shots, sandbox
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import actions, money, takes_of
from tests.render.sandbox.standing import Standing
from tests.thinning import one_in

UNLISTED = tuple(vendor for vendor in VENDORS if vendor not in LISTING)
IMPATIENT_S = 0.9  # for an order as a whole; two thirds of it are for its answer
LATE_S = 2.0
LOSSES: dict[str, dict[str, Any]] = {
    "500": {"what": 500},
    "dropped": {"what": "drop"},
    "timed out": {"what": "slow", "seconds": LATE_S},
}


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """Jobs are over at once."""
    with sandbox(tmp_path_factory.mktemp("sandbox") / "state", job_seconds=0) as standing:
        yield standing


@pytest.fixture
def account(request: pytest.FixtureRequest, standing: Standing, monkeypatch: pytest.MonkeyPatch) -> Account:
    """A new account at the vendor that the test names; this process buys there."""
    account = Account(standing, request.param)
    account.renew()
    for name, value in account.environment.items():
        monkeypatch.setenv(name, value)
    return account


def lose(account: Account, how: str, times: int = 1) -> None:
    """Let the answers to orders be lost, after their jobs exist."""
    account.standing.plan(vendor=account.vendor, where="create", when="after", times=times, **LOSSES[how])


class ImpatientWorkspace(Workspace):
    """A workspace whose vendors are given a second to answer an order."""

    def run_context(self, *given: Any, **named: Any) -> RunContext:
        """The run's context, with short time-outs."""
        context = Workspace.run_context(self, *given, **named)
        for provider in context.providers.values():
            http = provider._http  # type: ignore[attr-defined]
            http.endpoint = replace(http.endpoint, create_timeout=timedelta(seconds=IMPATIENT_S))
        return context


def produce(project: Path, *, impatient: bool = False) -> dict[str, str]:
    """One run, without the cut."""
    return make_shots(project, ImpatientWorkspace if impatient else Workspace)


def jobs_of(account: Account, count: int) -> list[str]:
    """The ids of that many jobs; an order that nobody waited for may take a while to become one."""
    until = time.monotonic() + 20
    while len(account.jobs()) < count and time.monotonic() < until:
        time.sleep(0.05)
    ids = [job["id"] for job in account.jobs()]
    assert len(ids) == count
    return ids


def each_loss(*vendors: str) -> list[Any]:
    return [pytest.param(vendor, how, id=f"{vendor}, {how}") for vendor in vendors for how in LOSSES]


@one_in(6, first=1)
@pytest.mark.parametrize(("account", "how"), each_loss(*sorted(LISTING)), indirect=["account"])
def test_the_one_job_of_a_vendors_list_that_fits_is_adopted(account: Account, how: str, tmp_path: Path) -> None:
    """The shot is unknown, its money is held, and the next run finds its job by itself: one order, one charge."""
    project = chain(tmp_path, account, "010")
    lose(account, how)

    assert produce(project, impatient=how == "timed out") == {"lamp/010": "unknown"}
    (job,) = jobs_of(account, 1)
    assert money(project) == (0, account.shot_usd)

    assert produce(project) == {"lamp/010": "done"}
    assert [take.job_id for take in takes_of(project)] == [job]
    assert money(project) == (account.charged_usd(), 0)
    assert account.creates() == 1


@one_in(6, first=5)
@pytest.mark.parametrize(("account", "how"), each_loss(*UNLISTED), indirect=["account"])
def test_what_no_list_tells_stays_unknown(account: Account, how: str, tmp_path: Path) -> None:
    """Nothing is sent again and the money is held, run after run, until a person names the job; then it is fetched."""
    project = chain(tmp_path, account, "010")
    lose(account, how)

    assert produce(project, impatient=how == "timed out") == {"lamp/010": "unknown"}
    (job,) = jobs_of(account, 1)
    assert produce(project) == {"lamp/010": "unknown"}
    assert money(project) == (0, account.shot_usd)
    assert tailframe("reconcile", project).exit_code == 1

    named = tailframe("reconcile", project, "--adopt", job)
    assert named.exit_code == 0, named.output
    assert [(take.job_id, take.state) for take in takes_of(project)] == [(job, "done")]
    assert money(project) == (account.charged_usd(), 0)
    assert (account.creates(), len(account.jobs())) == (1, 1)


@one_in(3)
@pytest.mark.parametrize("account", UNLISTED, indirect=True)
@pytest.mark.parametrize(("word", "spent"), [("--charged", 1), ("--not-charged", 0)])
def test_a_person_who_finds_no_job_settles_the_money(account: Account, word: str, spent: int, tmp_path: Path) -> None:
    """Its reservation is spent or free, as they say, and the next run may order again."""
    project = chain(tmp_path, account, "010")
    lose(account, "dropped")
    assert produce(project) == {"lamp/010": "unknown"}
    assert actions(project) == {"lamp/010": "unknown"}

    assert tailframe("reconcile", project, word).exit_code == 0

    assert money(project) == (spent * account.shot_usd, 0)
    assert actions(project) == {"lamp/010": "generate"}
    assert account.creates() == 1


@one_in(2)
@pytest.mark.parametrize("account", sorted(LISTING), indirect=True)
def test_two_lost_orders_that_look_alike_are_not_guessed_at(account: Account, tmp_path: Path) -> None:
    """The lists tell no prompts, so nobody knows which job is whose; with one named, the other is certain."""
    project = chain(tmp_path, account, "010", "020", continuity="none")
    lose(account, "dropped", times=2)
    assert set(produce(project).values()) == {"unknown"}
    one, other = jobs_of(account, 2)

    assert set(produce(project).values()) == {"unknown"}
    assert money(project) == (0, 2 * account.shot_usd)

    prompts = {job["id"]: job["prompt"] for job in account.jobs()}
    first = "010" if "boat 010" in prompts[one] else "020"
    named = tailframe("reconcile", project, "--take", f"e01/lamp/{first}:1", "--adopt", one)
    assert named.exit_code == 0, named.output
    assert {take.job_id for take in takes_of(project)} == {one, other}
    assert produce(project) == {"lamp/010": "done", "lamp/020": "done"}
    assert money(project) == (account.charged_usd(), Decimal(0))
    assert account.creates() == 2


@one_in(2, first=1)
@pytest.mark.parametrize("account", sorted(LISTING), indirect=True)
def test_a_job_that_a_person_wrote_off_is_no_later_orders(account: Account, tmp_path: Path) -> None:
    """It was paid as the first take's. Where the next order never arrives, the list still shows it, and it fits."""
    project = chain(tmp_path, account, "010", spare=1)
    lose(account, "dropped")
    assert produce(project) == {"lamp/010": "unknown"}
    assert tailframe("reconcile", project, "--charged").exit_code == 0

    account.standing.plan(vendor=account.vendor, where="create", what="drop", when="before")
    for _ in range(2):
        assert produce(project) == {"lamp/010": "unknown"}

    assert [take.job_id for take in takes_of(project)] == [None, None]
    assert money(project) == (account.shot_usd, account.shot_usd)
    assert (account.creates(), len(account.jobs())) == (2, 1)
