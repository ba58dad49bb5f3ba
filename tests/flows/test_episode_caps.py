"""A cap is a cap: refused before anything is ordered, with the sums, and never overshot by what comes later."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import typer

from flows.cli.exits import guarded
from render.claim_errors import BudgetRefused, Unpriced
from render.ledger import queries
from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import (
    FOUR_SECONDS_USD,
    buys_from,
    film,
    ledger_of,
    made,
    money,
    plan,
    shoot,
    states,
    takes_of,
)


@pytest.fixture(autouse=True)
def customer(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    buys_from(acme, monkeypatch)


@pytest.mark.parametrize("scope", ["series", "episode", "day", "run"])
def test_a_run_above_a_cap_is_refused_before_it_orders_anything(scope: str, acme: Acme, tmp_path: Path) -> None:
    """Three shots of 40 cents under a dollar: refused whole, with what is left and what is needed."""
    project = film(tmp_path, budget={scope: 1})

    with pytest.raises(BudgetRefused) as refused:
        shoot(project)

    assert f"the {scope} budget" in str(refused.value)
    assert (refused.value.asked, refused.value.cap) == (3 * FOUR_SECONDS_USD, 1)
    assert "needs $1.20" in str(refused.value)
    assert acme.heard() == []
    assert takes_of(project) == ()


def test_a_refused_budget_ends_a_command_with_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What scripts see of it: exit code 3, and the sums on standard error."""
    project = film(tmp_path)

    def command() -> int:
        return shoot(project, budget_usd=Decimal("0.79")).exit_code

    with pytest.raises(typer.Exit) as ended:
        guarded(command)()

    assert ended.value.exit_code == 3
    assert "of $0.79 has $0.79 left" in capsys.readouterr().err


def test_what_fits_is_made_in_story_order(acme: Acme, tmp_path: Path) -> None:
    """`--until-budget`: two of three shots fit under 90 cents, the third waits, and the run ends with 3."""
    project = film(tmp_path)

    result = shoot(project, budget_usd=Decimal("0.90"), until_budget=True)

    assert made(result) == ["lamp/010", "lamp/020"]
    assert states(result)["shore/010"] == "missing"
    assert result.exit_code == 3
    assert acme.charged_usd() == 2 * FOUR_SECONDS_USD

    later = shoot(project, budget_usd=Decimal("0.40"))

    assert (later.exit_code, made(later)) == (0, ["shore/010"])


def test_a_cap_counts_what_earlier_runs_spent(acme: Acme, tmp_path: Path) -> None:
    """An episode's cap holds over all of its runs, retakes included."""
    project = film(tmp_path, budget={"episode": 1.5})
    assert shoot(project).exit_code == 0

    with pytest.raises(BudgetRefused, match="episode"):
        shoot(project, new_take=True)
    one = shoot(project, new_take=True, shots=frozenset({"shore/010"}), until_budget=True)

    assert one.exit_code == 3
    assert acme.charged_usd() == 3 * FOUR_SECONDS_USD


def test_without_a_price_there_is_nothing_under_a_cap(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody knows the price, a cap refuses until the project states one; then it is that one that counts."""
    monkeypatch.setenv("ACME_TELLS_PRICES", "0")
    unpriced = film(tmp_path / "unpriced", budget={"episode": 100})
    assert plan(unpriced).unpriced_shots == 3

    with pytest.raises(Unpriced, match=r"lamp/010, lamp/020, shore/010 is not known.*prices:"):
        shoot(unpriced)
    stated = film(tmp_path / "stated", budget={"episode": 1.2}, prices=[{"provider": "acme", "usd_per_second": 0.1}])
    result = shoot(stated)

    assert (result.exit_code, len(acme.jobs())) == (0, 3)
    assert money(stated) == (Decimal("1.20"), 0)


def test_a_vendor_that_charges_more_than_its_price_is_stopped(acme: Acme, tmp_path: Path) -> None:
    """The real cost is written down, an alarm tells of it, and nothing more is ordered there until it was seen."""
    project = film(tmp_path, budget={"series": 50})
    acme.script(on="job", do="charge", usd="9.99", prompt="lights the lamp")

    result = shoot(project)

    assert result.exit_code == 1
    assert states(result)["lamp/010"] == "done"
    assert states(result)["lamp/020"] == "planned"
    assert not any("opens the logbook" in job.prompt for job in acme.jobs())
    with ledger_of(project) as ledger:
        (alarm,) = ledger.read(queries.alarms)
        assert alarm.stops_claims
        assert "cost $9.99, more than the $0.40 reserved for it" in alarm.words
    assert money(project)[0] == acme.charged_usd() >= Decimal("9.99")

    jobs = len(acme.jobs())
    stopped = shoot(project)
    assert (stopped.exit_code, len(acme.jobs())) == (1, jobs)

    seen = tailframe("acknowledge", project, "acme")
    assert seen.exit_code == 0, seen.output
    assert shoot(project).exit_code == 0
    assert len(acme.jobs()) == 3
    assert money(project) == (acme.charged_usd(), 0)
