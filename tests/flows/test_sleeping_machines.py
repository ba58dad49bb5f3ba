"""A machine falls asleep between its claim and the sending, another run makes the shot, and then it wakes up."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from render.ledger import Ledger, TakeId, claims, open_ledger, queries
from storyboard.takes import TakeState
from tests.flows.accounts import VENDORS, Account, chain, ledger_url, sandbox
from tests.flows.forks import fork
from tests.flows.runs import command, run, takes_of
from tests.flows.sleeper import MOMENTS, TOO_LATE, produce_asleep
from tests.render.ledger.stage import audit
from tests.render.sandbox.standing import Standing
from tests.thinning import EVERY_MOMENT, exhaustive

pytestmark = pytest.mark.timeout(240)

CASES = [
    (vendor, moment)
    for place, vendor in enumerate(VENDORS)
    for number, moment in enumerate(MOMENTS)
    if EVERY_MOMENT or place == number
]


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    with sandbox(tmp_path_factory.mktemp("sandbox") / "state", job_seconds=0) as standing:
        yield standing


@exhaustive
@pytest.mark.parametrize(("vendor", "moment"), CASES)
def test_what_wakes_up_late_sends_nothing(vendor: str, moment: str, standing: Standing, tmp_path: Path) -> None:
    """The lease ran out, a person settled the order and the shot was made: the vendor has one job, before and after."""
    account = Account(standing, vendor)
    account.renew()
    project = chain(tmp_path, account, "010", spare=1)
    with asleep(project, account, moment) as wake:
        settled = settled_as_not_charged(project, account)
        assert run(project, cut=False, environment=account.environment)["exit_code"] == 0
        assert len(account.jobs()) == 1
        assert wake()["made"] == []

    assert len(account.jobs()) == 1
    with ledger_of(project) as ledger:
        assert ledger.read(queries.take, settled).job_id is None
        assert ledger.read(queries.money, "lighthouse") == (account.charged_usd(), Decimal(0))
        assert not ledger.read(queries.alarms)
        audit(ledger)


@exhaustive
def test_what_wakes_up_first_goes_on_by_itself(standing: Standing, tmp_path: Path) -> None:
    """Nobody was there meanwhile: the order that was held back is claimed anew and sent, once."""
    account = Account(standing, "kinovi")
    account.renew()
    project = chain(tmp_path, account, "010")
    with asleep(project, account, "once connected") as wake:
        expired(project)
        assert wake()["made"] == ["lamp/010"]

    with ledger_of(project) as ledger:
        (take,) = ledger.read(queries.takes, "lighthouse")
        words = [event.words for event in ledger.read(queries.events, take.id)]
    assert take.state is TakeState.DONE
    assert any("the order was not sent: its lease was over" in each for each in words), words
    assert len(account.jobs()) == 1


@exhaustive
def test_what_falls_asleep_after_its_last_look_is_seen(standing: Standing, tmp_path: Path) -> None:
    """The one moment that nobody can guard: the order leaves late, its job is written down, an alarm stops more."""
    account = Account(standing, "kinovi")
    account.renew()
    project = chain(tmp_path, account, "010", spare=1)
    with asleep(project, account, TOO_LATE) as wake:
        settled = settled_as_not_charged(project, account)
        assert run(project, cut=False, environment=account.environment)["exit_code"] == 0
        wake()

    first, second = (job["id"] for job in account.jobs())
    with ledger_of(project) as ledger:
        assert ledger.read(queries.take, settled).job_id == second
        assert sorted(str(take.job_id) for take in ledger.read(queries.takes, "lighthouse")) == sorted([first, second])
        assert [alarm.take for alarm in ledger.read(queries.alarms)] == [settled]


@contextmanager
def asleep(project: Path, account: Account, moment: str) -> Iterator[Callable[[], Any]]:
    """A run that sleeps at this moment of its order; what is given wakes it up, and tells how the run ended."""
    sleeper = fork(produce_asleep, project, moment, environment=account.environment)
    pid, where = sleeper.hear()
    assert where == moment
    awake: list[bool] = []

    def wake() -> Any:
        awake.append(True)
        os.kill(pid, signal.SIGCONT)
        return sleeper.finish()

    while _state(pid) != "T":
        time.sleep(0.01)
    try:
        yield wake
    finally:
        if not awake:
            os.kill(pid, signal.SIGKILL)
            sleeper.end()


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def expired(project: Path) -> TakeId:
    """The take whose lease ran out, once it has."""
    with ledger_of(project) as ledger:
        while not (over := ledger.write(claims.expire_leases, "lighthouse")):
            time.sleep(0.05)
    return over[0]


def settled_as_not_charged(project: Path, account: Account) -> TakeId:
    """A person looks at the vendor's page, which shows no job, and says so."""
    lost = expired(project)
    assert account.jobs() == []
    code, said = command("reconcile", project, "--not-charged", environment=account.environment)
    assert code == 0, said
    assert [take.state for take in takes_of(project)] == [TakeState.FAILED]
    return lost


@contextmanager
def ledger_of(project: Path) -> Iterator[Ledger]:
    with closing(open_ledger(ledger_url(project))) as ledger:
        yield ledger
