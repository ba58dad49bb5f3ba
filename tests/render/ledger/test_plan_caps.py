"""How far the money goes: in story order, never past a cap, and however two runs look at the same ledger at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from render.ledger import BudgetLine, RunId
from render.ledger.plan_caps import account, beyond_caps, foretold, lines_ahead
from storyboard.plan.episode_plan import PlannedShot
from storyboard.shot import Caps, Episode
from tests.storyboard.stories import Simulation, chain, story

RUN, TODAY = RunId("run-1"), "2026-10-05"
EPISODE = replace(story(*chain(8)), caps=Caps(series=Decimal(5)))
PLANNED = Simulation().plan(EPISODE).shots

cents = st.integers(0, 300).map(lambda each: Decimal(each) / 100)
prices = st.lists(st.one_of(cents, st.none()), min_size=8, max_size=8)


def priced(costs: Sequence[Decimal | None]) -> list[PlannedShot]:
    """The eight shots of a chain at these prices."""
    return [replace(shot, estimated_cost_usd=cost) for shot, cost in zip(PLANNED, costs, strict=True)]


def under(
    cap: Decimal, *, spent: Decimal = Decimal(0), reserved: Decimal = Decimal(0), episode: Episode = EPISODE
) -> list[BudgetLine]:
    """One line, of the series."""
    key = episode.series
    return [BudgetLine(scope="series", key=key, cap_usd=cap, spent_usd=spent, reserved_usd=reserved)]


@given(prices, cents)
def test_what_is_within_reach_is_all_before_the_first_that_is_not(costs: list[Decimal | None], cap: Decimal) -> None:
    """It costs no more than the cap, one more shot would, and what costs nothing is always within reach."""
    shots = priced(costs)
    beyond = beyond_caps(shots, under(cap), EPISODE, RUN)
    keys = {shot.key for shot in beyond}
    paid = [shot for shot in shots if shot.estimated_cost_usd != 0]
    reached = [shot for shot in paid if shot.key not in keys]
    assert paid == [*reached, *beyond]
    spent = sum((shot.estimated_cost_usd or Decimal(0) for shot in reached), Decimal(0))
    assert spent <= cap
    if beyond and beyond[0].estimated_cost_usd is not None:
        assert spent + beyond[0].estimated_cost_usd > cap


@given(st.lists(cents, min_size=8, max_size=8), cents, st.sets(st.integers(0, 7)), st.sets(st.integers(0, 7)))
def test_a_run_that_looks_while_another_claims_never_goes_further(
    costs: list[Decimal], cap: Decimal, seen: set[int], claimed: set[int]
) -> None:
    """It plans first and reads the caps then, so what is claimed in between counts twice: it may stop early, and the
    two together buy nothing that either alone would not have bought."""
    shots = priced(list(costs))
    first = [shot for shot in shots if shot not in beyond_caps(shots, under(cap), EPISODE, RUN)]
    early, late = ([shot for at, shot in enumerate(first) if at in which] for which in (seen, seen | claimed))
    as_planned = [replace(shot, estimated_cost_usd=Decimal(0)) if shot in early else shot for shot in shots]
    reserved = sum((shot.estimated_cost_usd or Decimal(0) for shot in late), Decimal(0))

    beyond = {shot.key for shot in beyond_caps(as_planned, under(cap, reserved=reserved), EPISODE, RUN)}

    wanted = {shot.key for shot in shots if shot.key not in beyond}
    assert wanted <= {shot.key for shot in first} | {shot.key for shot in shots if shot.estimated_cost_usd == 0}


def test_without_a_cap_everything_is_within_reach() -> None:
    """And there is nothing to account for."""
    lines = lines_ahead((), replace(EPISODE, caps=Caps()), RUN, TODAY)
    assert beyond_caps(PLANNED, lines, EPISODE, RUN) == ()
    assert foretold(PLANNED, lines, EPISODE, RUN) == ""
    assert account((), under(Decimal(1)), EPISODE, RUN) == ""


def test_a_missing_price_ends_it_and_is_asked_for() -> None:
    """A cap cannot be held without one; what comes after waits."""
    shots = priced([Decimal("0.5"), None, *[Decimal("0.5")] * 6])
    beyond = beyond_caps(shots, under(Decimal(5)), EPISODE, RUN)
    assert [shot.key for shot in beyond] == [shot.key for shot in shots[1:]]
    told = account(beyond, under(Decimal(5), spent=Decimal("0.5")), EPISODE, RUN)
    assert "which need $3.00 and a price for 1 of them" in told
    assert told.endswith(f"State the price of {shots[1].key} under `prices:` in series.yaml, then produce again")


def test_one_shot_that_is_left_is_told_as_one() -> None:
    """People read it."""
    (last,) = beyond_caps(PLANNED[:2], under(Decimal("0.80")), EPISODE, RUN)
    told = account([last], under(Decimal("0.80"), spent=Decimal("0.80")), EPISODE, RUN)
    assert told.startswith(f"the money does not reach {last.key}, which needs $0.80; the series budget")


def test_the_lines_ahead_are_the_caps_of_today_over_what_is_known() -> None:
    """A cap that was changed since the last run holds as it is written; a new day and a new run have spent nothing."""
    caps = Caps(series=Decimal(9), episode=Decimal(8), day=Decimal(7), run=Decimal(6))
    spent, none = Decimal(2), Decimal(0)
    known = [*under(Decimal(3), spent=spent), replace(under(Decimal(3), spent=spent)[0], scope="day", key="2026-10-04")]
    lines = lines_ahead(known, replace(EPISODE, caps=caps), RUN, TODAY)
    assert [(line.scope, line.cap_usd, line.spent_usd) for line in lines] == [
        ("series", caps.series, spent),
        ("episode", caps.episode, none),
        ("day", caps.day, none),
        ("run", caps.run, none),
    ]
