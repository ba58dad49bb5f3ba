"""Caps that cap."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import create_engine, text

from render.claim_errors import BudgetRefused
from render.ledger import Claimed, Ledger, queries, runs
from storyboard.shot import Caps
from tests.render.ledger.stage import SERIES, Stage, audit, want

TWO = Decimal(2)


@pytest.mark.parametrize("scope", ["series", "episode", "day", "run"])
def test_every_cap_refuses_what_would_pass_it(ledger: Ledger, scope: str) -> None:
    """Each of the four caps holds by itself, to the micro-dollar, and the refusal names every figure."""
    stage = Stage.begin(ledger, Caps(**{scope: TWO}))
    first, second = stage.open(want(), want(ordinal=1))
    stage.claim(first, reserve="1.000001")

    with pytest.raises(BudgetRefused) as refused:
        stage.claim(second, reserve="1.00")

    error = refused.value
    assert (error.budget_scope, error.cap, error.reserved, error.asked) == (scope, 2, Decimal("1.000001"), 1)
    assert stage.now(second) == second, "nothing of the refused claim stays"
    assert isinstance(stage.claim(second, reserve="0.999999"), Claimed), "a cap may be reached"
    audit(ledger)


def test_a_refusal_leaves_no_row_changed(ledger: Ledger) -> None:
    """The run's cap is looked at last: what the others had set aside by then is given back."""
    stage = Stage.begin(ledger, Caps(series=Decimal(100), run=Decimal("0.50")))
    with pytest.raises(BudgetRefused):
        stage.claim(stage.planned())
    for scope in ("series", "episode", "day", "run"):
        assert stage.budget(scope) == (0, 0)


def test_what_is_spent_counts_as_much_as_what_is_reserved(ledger: Ledger) -> None:
    """Reported cost replaces the reservation in every row, and frees the rest for others."""
    stage = Stage.begin(ledger, Caps(series=TWO))
    cheap = stage.submitted("e01/a/1", reserve="1.50")
    stage.generate(cheap, cost="0.25")

    assert stage.budget("series") == (Decimal("0.25"), 0)
    assert isinstance(stage.claim(stage.planned("e01/a/2"), reserve="1.75"), Claimed)
    with pytest.raises(BudgetRefused):
        stage.claim(stage.planned("e01/a/3"), reserve="0.01")
    audit(ledger)


def test_a_series_cap_holds_over_runs_and_episodes_and_a_run_cap_does_not(ledger: Ledger) -> None:
    """Each cap counts in its own scope."""
    first = Stage.begin(ledger, Caps(series=Decimal(3), episode=TWO, run=TWO))
    first.claim(first.planned("e01/a/1"), reserve="2")
    second = first.another_run(Caps(series=Decimal(3), episode=TWO, run=TWO), episode="e02")

    second.claim(second.planned("e02/a/1"), reserve="1")

    with pytest.raises(BudgetRefused, match="the series budget"):
        second.claim(second.planned("e02/a/2"), reserve="0.5")


def test_a_take_is_charged_to_the_run_that_claims_it(ledger: Ledger) -> None:
    """A planned take that a dead run left is paid for by the run that takes it up."""
    old = Stage.begin(ledger, Caps(run=Decimal("0.10")))
    take = old.planned()
    new = old.another_run(Caps(run=TWO))

    new.claim(new.open(want())[0])

    lines = {line.key: line.reserved_usd for line in ledger.read(queries.budgets, SERIES) if line.scope == "run"}
    assert lines == {old.run: 0, new.run: 1}
    assert new.now(take).run == old.run, "it is still written down who opened it"


def test_caps_are_what_the_project_says_now(ledger: Ledger) -> None:
    """The newest run sets the caps, up and down; what counts against them stays."""
    stage = Stage.begin(ledger, Caps(series=TWO))
    stage.claim(stage.planned("e01/a/1"), reserve="2")
    with pytest.raises(BudgetRefused):
        stage.claim(stage.planned("e01/a/2"), reserve="1")

    raised = stage.another_run(Caps(series=Decimal(3)))
    raised.claim(raised.planned("e01/a/2"), reserve="1")
    lowered = stage.another_run(Caps(series=Decimal(1)))
    with pytest.raises(BudgetRefused, match=r"has \$-2\.00 left"):
        lowered.claim(lowered.planned("e01/a/3"), reserve="0.01")

    free = stage.another_run()
    assert isinstance(free.claim(free.planned("e01/a/3"), reserve="50"), Claimed)
    assert ledger.read(queries.money, SERIES) == (0, 53)


def test_the_newest_runs_day_cap_holds_for_every_run(ledger: Ledger) -> None:
    """A run that began under another day's cap cannot lift the one that the project states now."""
    old = Stage.begin(ledger)
    old.another_run(Caps(day=TWO))
    with pytest.raises(BudgetRefused, match="the day budget"):
        old.claim(old.planned(), reserve="2.01")


def test_the_same_run_again_only_renews_its_caps(ledger: Ledger) -> None:
    """A retried flow begins the run it began before."""
    run = ledger.write(runs.begin_run, SERIES, "e01", "snapshot", caps=Caps())
    assert ledger.write(runs.begin_run, SERIES, "e01", "snapshot", caps=Caps(run=TWO), run=run) == run
    stage = Stage(ledger, run)
    with pytest.raises(BudgetRefused, match="the run budget"):
        stage.claim(stage.planned(), reserve="3")


def test_a_claim_before_midnight_settles_on_that_day(ledger: Ledger, ledger_url: str) -> None:
    """The rows that a take reserved in are remembered: the next day neither pays nor gains."""
    stage = Stage.begin(ledger)
    take = stage.submitted(reserve="1")
    _let_a_day_pass(ledger_url)

    stage.generate(take, cost="0.75")
    stage.claim(stage.planned("e01/b/1"), reserve="0.50")

    days = [(line.spent_usd, line.reserved_usd) for line in ledger.read(queries.budgets, SERIES) if line.scope == "day"]
    assert days == [(Decimal("0.75"), 0), (0, Decimal("0.50"))]
    audit(ledger)


def test_fractions_of_a_micro_dollar_never_pass_a_cap(ledger: Ledger) -> None:
    """What is owed is rounded up and caps down, so no sum of roundings passes the cap."""
    stage = Stage.begin(ledger, Caps(series=Decimal("0.0000029")))
    stage.claim(stage.planned("e01/a/1"), reserve="0.0000011")
    with pytest.raises(BudgetRefused):
        stage.claim(stage.planned("e01/a/2"), reserve="0.0000001")


def test_budget_lines_say_what_is_left(ledger: Ledger) -> None:
    """`left_usd` is cap minus spent minus reserved, and None without a cap."""
    stage = Stage.begin(ledger, Caps(episode=TWO))
    stage.generate(stage.submitted("e01/a/1", reserve="0.5"))
    stage.submitted("e01/a/2", reserve="0.25")
    left = {line.scope: line.left_usd for line in ledger.read(queries.budgets, SERIES)}
    assert left == {"series": None, "episode": Decimal("1.25"), "day": None, "run": None}
    assert ledger.read(queries.money, SERIES, "e01") == (Decimal("0.5"), Decimal("0.25"))
    assert ledger.read(queries.money, "nothing", "e09") == (0, 0)


def _let_a_day_pass(url: str) -> None:
    """Rename today's rows to another day, as if they had been written then."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as conn:
        conn.execute(text("UPDATE budgets SET key = '2001-01-01' WHERE scope = 'day'"))
        conn.execute(text("UPDATE takes SET charged_day = '2001-01-01'"))
    engine.dispose()
