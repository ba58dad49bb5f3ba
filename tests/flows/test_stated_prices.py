"""A price that a project states makes nothing free: caps hold by what vendors publish and tell, over all processes."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from render.claim_errors import BudgetRefused
from render.ledger import open_ledger, queries
from storyboard.errors import InvalidProject
from storyboard.takes import TakeState
from tests.acme.fixture import Acme
from tests.flows.accounts import Account, chain, ledger_url, sandbox
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import buys_from, film, money, plain_environment, plan, shoot, takes_of
from tests.flows.forks import fork
from tests.flows.runs import start
from tests.flows.sleeper import produce_asleep
from tests.projects import scene, shot
from tests.render.sandbox.standing import Standing
from tests.thinning import exhaustive

pytestmark = pytest.mark.timeout(180)

SHOT_USD = Decimal("0.30")  # four seconds at 480p, by Kinovi's page
OVERCHARGED_USD = 10 * SHOT_USD
KEYS = [f"{number:02}0" for number in range(1, 13)]


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    with sandbox(tmp_path_factory.mktemp("sandbox") / "state", job_seconds=0.3) as standing:
        yield standing


@pytest.fixture
def kinovi(standing: Standing, monkeypatch: pytest.MonkeyPatch) -> Account:
    """This process, and those that it starts, buy from Kinovi's stand-in, whose books are empty."""
    plain_environment(monkeypatch)
    account = Account(standing, "kinovi")
    account.renew()
    for name, value in (standing.environment | {"TAILFRAME_POLL_INTERVAL": "0.05"}).items():
        monkeypatch.setenv(name, value)
    return account


def stating(folder: Path, account: Account, usd_per_second: float, **budget: float) -> Path:
    """Twelve shots that stand alone, at a price that the project states."""
    project = chain(folder, account, *KEYS, continuity="none")
    series = json.loads((project / "series.yaml").read_text())
    prices = [{"provider": account.vendor, "usd_per_second": usd_per_second}]
    (project / "series.yaml").write_text(json.dumps(series | {"prices": prices, "budget": budget}))
    return project


def by_two(project: Path, **asked: Any) -> list[dict[str, Any]]:
    """Two runs of the same episode in processes of their own, at once, to their ends."""
    runs = [start(project, cut=False, environment=dict(os.environ), **asked) for _ in range(2)]
    return [run.finish() for run in runs]


def test_a_price_of_nothing_buys_nothing(
    kinovi: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prefect_state: Path
) -> None:
    """`--budget 0.01` and a price of 0, from somebody else: wrong input, told with its line, and no job."""
    monkeypatch.setenv("XDG_STATE_HOME", str(prefect_state))
    project = stating(tmp_path, kinovi, 0)
    told = tailframe("produce", project, "e01", "--budget", "0.01")

    assert (told.exit_code, kinovi.jobs()) == (2, [])
    assert "kinovi takes money, and a price of 0 is only for vendors that are known to cost nothing" in told.stderr
    assert "series.yaml:" in told.stderr
    for words in (("plan", project, "e01"), ("check", project)):
        assert tailframe(*words).exit_code == 2
    with pytest.raises(InvalidProject):
        shoot(project)


def test_a_hundredth_of_the_price_buys_nothing_under_a_cent(kinovi: Account, tmp_path: Path) -> None:
    """What is reserved is the published price: twelve shots at 30 cents."""
    project = stating(tmp_path, kinovi, 0.00075)
    with pytest.raises(BudgetRefused) as refused:
        shoot(project, budget_usd=Decimal("0.01"))

    assert refused.value.asked == 12 * SHOT_USD
    assert shoot(project, budget_usd=Decimal("0.01"), until_budget=True).exit_code == 3
    assert kinovi.jobs() == []


def test_a_cap_holds_by_the_published_price_over_two_processes(kinovi: Account, tmp_path: Path) -> None:
    """At a hundredth of its price, under 70 cents: two shots, by whichever run, and the books are the vendor's."""
    project = stating(tmp_path, kinovi, 0.00075, series=0.70)
    by_two(project, until_budget=True)

    assert (len(kinovi.jobs()), kinovi.charged_usd()) == (2, Decimal("0.60"))
    assert money(project) == (Decimal("0.60"), 0)
    first, second = sorted(kinovi.jobs(), key=lambda job: float(job["created_at"]))
    assert second["created_at"] >= first["ready_at"]


@exhaustive
def test_the_first_order_that_costs_more_than_anybody_said_is_the_last(
    kinovi: Account, standing: Standing, tmp_path: Path
) -> None:
    """Two processes, twelve shots, a vendor that charges ten times its page: one job passes the cap; none follows."""
    standing.plan(where="job", what="overcharge", vendor="kinovi", times=None)
    project = stating(tmp_path, kinovi, 0.00075, series=0.70)
    told = by_two(project, until_budget=True)

    assert (len(kinovi.jobs()), kinovi.charged_usd()) == (1, OVERCHARGED_USD)
    assert money(project) == (OVERCHARGED_USD, 0)
    assert all(each["exit_code"] == 1 for each in told)
    with open_ledger(ledger_url(project)) as ledger:
        (alarm,) = ledger.read(queries.alarms)
    assert alarm.stops_claims


@exhaustive
def test_where_none_is_published_one_order_shows_what_the_word_was_worth(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tenth of a cent a second, twelve shots, 10 cents, two processes: one job at 40 cents, and no other follows."""
    buys_from(acme, monkeypatch, ACME_TELLS_PRICES="0")
    shots = [shot(key, f"{{{{ mara }}}} waits for boat {key}", continuity="none") for key in KEYS]
    prices = [{"provider": "acme", "usd_per_second": 0.001}]
    project = film(tmp_path, scene("lamp", *shots), budget={"series": 0.1}, prices=prices)
    open_ledger(ledger_url(project)).close()
    by_two(project)

    assert (len(acme.jobs()), acme.charged_usd()) == (1, Decimal("0.40"))
    assert money(project) == (Decimal("0.40"), 0)


@exhaustive
def test_a_contract_is_proven_by_one_order_and_then_counted_with(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Acme charges half its page. The first order is out alone, at the published price; the next plan is cheaper."""
    buys_from(acme, monkeypatch)
    acme.script(on="job", do="charge", usd="0.20", times=None)
    acme.restart(job_seconds=0.3)
    shots = [shot(key, f"{{{{ mara }}}} waits for boat {key}", continuity="none") for key in KEYS[:4]]
    prices = [{"provider": "acme", "usd_per_second": 0.05}]
    project = film(tmp_path, scene("lamp", *shots), budget={"series": 0.8}, prices=prices)
    assert plan(project).estimated_cost_usd == Decimal("1.60")

    result = shoot(project, until_budget=True)

    assert (result.exit_code, len(acme.jobs())) == (3, 2)
    first, second = acme.jobs()
    assert second.created_at >= first.ready_at
    assert (plan(project).estimated_cost_usd, plan(project).doubts) == (Decimal("0.40"), ())
    assert shoot(project).exit_code == 0
    assert (acme.charged_usd(), money(project)) == (Decimal("0.80"), (Decimal("0.80"), 0))


@exhaustive
@pytest.mark.parametrize("why", ["the vendor charged too much", "the series is held"])
def test_a_claimed_order_that_has_not_left_is_given_back(
    why: str, kinovi: Account, standing: Standing, tmp_path: Path
) -> None:
    """What another process meets between a claim and the sending is seen at the last look: nothing leaves."""
    project = chain(tmp_path, kinovi, "010", spare=20)
    sleeper = fork(produce_asleep, project, "after the claim", timedelta(seconds=60), environment=dict(os.environ))
    pid, _ = sleeper.hear()
    try:
        stop(why, project, kinovi, standing, tmp_path)
        jobs = len(kinovi.jobs())
        os.kill(pid, signal.SIGCONT)
        told = sleeper.finish()
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        raise

    assert told["states"] == {"lamp/010": "planned"}
    assert len(kinovi.jobs()) == jobs
    (take,) = [each for each in takes_of(project) if each.shot == "e01/lamp/010"]
    assert (take.state, take.reserved_usd) == (TakeState.PLANNED, 0)
    with open_ledger(ledger_url(project)) as ledger:
        words = [event.words for event in ledger.read(queries.events, take.id)]
    assert any("its series was held or its vendor stopped before it could leave" in each for each in words), words


def stop(why: str, project: Path, account: Account, standing: Standing, folder: Path) -> None:
    """Let something stop all orders, in another process than the one that is about to send."""
    if why == "the series is held":
        assert tailframe("hold", project, "--why", "the client thinks").exit_code == 0
        return
    standing.plan(where="job", what="overcharge", vendor="kinovi", times=None)
    other = chain(folder / "other", account, "900", spare=20)
    environment = {**os.environ, "TAILFRAME_LEDGER_URL": ledger_url(project), "TAILFRAME_ALLOW_LOCAL_STORE": "1"}
    assert start(other, cut=False, environment=environment).finish()["made"] == ["lamp/900"]
    assert account.charged_usd() == OVERCHARGED_USD


def test_what_a_vendor_tells_nothing_of_is_said_by_the_plan(kinovi: Account, tmp_path: Path) -> None:
    """AIHubMax publishes no price and tells no cost: caps hold as far as the project's word is true."""
    project = chain(tmp_path, Account(kinovi.standing, "aihubmax"), "010")
    planned = " ".join(tailframe("plan", project, "e01").stdout.split())
    checked = tailframe("check", project, "e01")

    assert "no price is published and no cost told, so caps hold as far as the stated $0.05 a second is true" in planned
    assert checked.exit_code == 0
    assert "aihubmax publishes no price for some of this, and tells no cost: caps hold as far as" in checked.stderr


def test_check_says_which_prices_have_to_be_proven(kinovi: Account, tmp_path: Path) -> None:
    """Once, with the line that states it; a price that is higher than the published one is nobody's worry."""
    cheap, dear = (tailframe("check", stating(tmp_path / str(usd), kinovi, usd)) for usd in (0.01, 9))

    told = "$0.01 a second is below what kinovi publishes, which stays reserved until one order has proven it"
    assert [line for line in cheap.stderr.splitlines() if line.startswith("series.yaml:") and told in line]
    assert (cheap.exit_code, cheap.stderr.count(told)) == (0, 1)
    assert "publishes" not in dear.stderr
