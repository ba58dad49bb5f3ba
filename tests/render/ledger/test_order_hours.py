"""The hours in which a run may order, held in the claim by the database's clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from render.claim_errors import OrdersEnded
from render.ledger import Claimed, Ledger, Order, Rival, Take, claims, queries, runs
from storyboard.errors import ExitCode
from storyboard.shot import Caps
from storyboard.takes import TakeState
from tests.render.ledger.stage import MINUTE, SERIES, Stage, audit, want

UNTIL = datetime(2026, 12, 1, 5, tzinfo=UTC)
HOUR, TICK = timedelta(hours=1), timedelta(milliseconds=1)


@pytest.fixture
def night(ledger: Ledger) -> Stage:
    """A run that may order until six in Berlin."""
    return until(ledger, UNTIL.astimezone(datetime.fromisoformat("2026-12-01T06:00:00+01:00").tzinfo))


def until(ledger: Ledger, moment: datetime | None) -> Stage:
    return Stage(ledger, ledger.write(runs.begin_run, SERIES, "e01", "snapshot", caps=Caps(), orders_until=moment))


def at(moment: datetime, step: Callable[..., Any]) -> Callable[..., Any]:
    """The step as it is made when the database's clock shows this."""
    return lambda tx, *arguments: step(replace(tx, now=moment), *arguments)


def claim_at(stage: Stage, take: Take, moment: datetime, fingerprint: str = "") -> Claimed | Rival:
    order = Order(
        run=stage.run,
        owner="ann",
        request_json="{}",
        fingerprint=fingerprint or f"order {take.id}",
        continuity=None,
        reserve_usd=Decimal(1),
        lease=MINUTE,
        account_bound=None,
    )
    claimed: Claimed | Rival = stage.ledger.write(at(moment, claims.claim), take.id, order)
    return claimed


def test_the_last_order_is_claimed_before_the_hour_strikes(night: Stage) -> None:
    """A millisecond before the end is within; the end itself is not, nor is all after it; nothing changes then."""
    first, second = night.open(want(), want(ordinal=1))
    assert isinstance(claim_at(night, first, UNTIL - TICK), Claimed)
    for late in (UNTIL, UNTIL + TICK, UNTIL + 24 * HOUR):
        with pytest.raises(OrdersEnded, match="orders nothing from 2026-12-01 05:00 UTC on") as refused:
            claim_at(night, second, late)
        assert (refused.value.until, refused.value.exit_code) == (UNTIL, ExitCode.BUDGET)
    now = night.now(second)
    assert (now.state, now.reserved_usd, now.fingerprint) == (TakeState.PLANNED, 0, None)
    audit(night.ledger)


def test_an_order_that_was_put_off_is_not_claimed_again_after_the_end(night: Stage) -> None:
    """A 429 before six: the take is planned again, and stays so."""
    take = night.planned()
    claim_at(night, take, UNTIL - TICK)
    night.ledger.write(claims.not_sent, take.id, "ann", "429")

    with pytest.raises(OrdersEnded):
        claim_at(night, take, UNTIL + TICK)

    assert night.now(take).state is TakeState.PLANNED
    assert night.budget("run") == (0, 0)


def test_the_databases_clock_rules(ledger: Ledger) -> None:
    """Whatever this host's clock says: where it is an hour early or late, orders end when the database says so."""
    here = datetime.now(UTC)
    early, late = until(ledger, here - HOUR), until(ledger, here + HOUR)
    assert isinstance(claim_at(early, early.planned(), here - 2 * HOUR), Claimed)
    with pytest.raises(OrdersEnded):
        claim_at(late, late.planned("e01/lamp/020"), here + HOUR)


def test_by_the_clock_as_it_is(ledger: Ledger) -> None:
    """Asked of the database itself: what ended a minute ago refuses, what ends in an hour does not."""
    over, open_, always = (until(ledger, moment) for moment in (datetime.now(UTC) - MINUTE, _in_an_hour(), None))
    with pytest.raises(OrdersEnded):
        over.claim(over.planned())
    assert ledger.read(queries.hours_ended, over.run) is not None
    for stage in (open_, always):
        assert ledger.read(queries.hours_ended, stage.run) is None
        ledger.read(claims.refuse_after_hours, stage.run)
    assert isinstance(open_.claim(open_.planned("e01/lamp/020")), Claimed)
    assert isinstance(always.claim(always.planned("e01/lamp/030")), Claimed)


def test_another_runs_hours_are_its_own(night: Stage) -> None:
    """A take that a night left planned is claimed by whoever makes it by day."""
    take = night.planned()
    day = until(night.ledger, None)
    (same,) = day.open(want())
    assert same.id == take.id
    assert isinstance(claim_at(day, same, UNTIL + HOUR), Claimed)


def test_what_is_at_vendors_is_followed_to_its_end(night: Stage) -> None:
    """A job that was ordered in time is settled whenever it ends."""
    take = night.planned()
    claim_at(night, take, UNTIL - TICK)
    done = night.generate(night.submit(take))
    assert done.state is TakeState.GENERATED
    audit(night.ledger)


def test_a_rival_is_followed_after_the_end(night: Stage) -> None:
    """Giving way to the same order costs nothing."""
    first, second = night.open(want(), want(ordinal=1))
    claim_at(night, first, UNTIL - TICK, fingerprint="same")
    assert claim_at(night, second, UNTIL + HOUR, fingerprint="same") == Rival(first.id)


def test_a_run_that_begins_again_has_the_hours_that_it_says_now(ledger: Ledger) -> None:
    """The same run by name, as a second try of it."""
    stage = until(ledger, UNTIL)
    ledger.write(runs.begin_run, SERIES, "e01", "snapshot", caps=None, run=stage.run, orders_until=None)
    assert isinstance(claim_at(stage, stage.planned(), UNTIL + HOUR), Claimed)


def _in_an_hour() -> datetime:
    return datetime.now(UTC) + HOUR
