"""A run whose hours end: nothing more is ordered, what is out is fetched, and the next run goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from render.ledger.database import Transaction
from render.ledger.tables import runs
from render.watcher import Unwatched
from tests.acme.fixture import Acme
from tests.flows.episodes import FOUR_SECONDS_USD, buys_from, film, ledger_of, made, money, shoot, states
from tests.projects import scene, shot
from tests.thinning import exhaustive

LAST_WINTER = datetime(2026, 1, 9, 6, tzinfo=ZoneInfo("Europe/Berlin"))
NEXT_YEAR = datetime.now(UTC) + timedelta(days=365)


@pytest.fixture(autouse=True)
def customer(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    buys_from(acme, monkeypatch)


class Striking(Unwatched):
    """Lets the window end as soon as a shot is in this state."""

    def __init__(self, project: Path, key: str, state: str) -> None:
        self._project, self._key, self._state = project, key, state

    def shot(self, key: str, state: str, detail: str = "", cost_usd: Decimal | None = None) -> None:
        if (key, state) == (self._key, self._state):
            with ledger_of(self._project) as ledger:
                ledger.write(_ends_now)


def chain_of_three() -> dict[str, Any]:
    return scene(
        "lamp", *(shot(number, f"the lamp burns for the {number}th night") for number in ("010", "020", "030"))
    )


def _ends_now(tx: Transaction) -> None:
    tx.conn.execute(update(runs).values(orders_until=tx.now))


def test_a_run_that_begins_after_its_window_orders_and_sends_nothing(acme: Acme, tmp_path: Path) -> None:
    """Exit code 3, as where the money does not reach; nothing is uploaded either, and no money is set aside."""
    project = film(tmp_path)

    late = shoot(project, orders_until=LAST_WINTER)

    assert late.exit_code == 3
    assert late.message.endswith("the window ended at 06:00 CET; 3 shots wait for the next")
    assert set(states(late).values()) == {"planned", "blocked"}
    assert acme.heard() == []
    assert money(project) == (0, 0)


def test_what_is_out_when_the_window_ends_is_made_and_the_rest_waits(acme: Acme, tmp_path: Path) -> None:
    """One order left in time. Its clip is fetched, what continues it waits; the next night makes what is left."""
    project = film(tmp_path, chain_of_three())

    night = shoot(project, orders_until=NEXT_YEAR, watcher=Striking(project, "lamp/010", "generating"))

    assert made(night) == ["lamp/010"]
    assert night.exit_code == 3
    assert "2 shots wait for the next" in night.message
    assert acme.charged_usd() == FOUR_SECONDS_USD

    following = shoot(project, orders_until=NEXT_YEAR)

    assert (following.exit_code, made(following)) == (0, ["lamp/020", "lamp/030"])
    assert acme.charged_usd() == 3 * FOUR_SECONDS_USD


def test_money_and_hours_are_told_side_by_side(tmp_path: Path) -> None:
    """A shot beyond the cap waits for money, and is none of those that wait for the next window."""
    project = film(tmp_path)

    late = shoot(project, orders_until=LAST_WINTER, budget_usd=2 * FOUR_SECONDS_USD, until_budget=True)

    assert late.exit_code == 3
    assert "the money does not reach shore/010" in late.message
    assert late.message.endswith("the window ended at 06:00 CET; 2 shots wait for the next")


@exhaustive
def test_an_order_that_its_vendor_put_off_is_not_sent_again_after_the_end(acme: Acme, tmp_path: Path) -> None:
    """A 429 within the hours; by the time that it may be asked again the window is over."""
    project = film(tmp_path, scene("lamp", shot("010", "the lamp burns")))
    acme.script(on="create", do="answer", status=429, headers={"Retry-After": "0"}, times=1)

    night = shoot(project, orders_until=NEXT_YEAR, watcher=Striking(project, "lamp/010", "waiting"))

    assert (night.exit_code, states(night)) == (3, {"lamp/010": "planned"})
    assert "1 shot waits for the next" in night.message
    assert acme.charged_usd() == 0
    assert money(project) == (0, 0)
