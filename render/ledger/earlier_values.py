"""What ledgers of before there were accounts say, in today's words: for the step that rewrites them, and for readers.

Their takes name an origin (scheme and host of the vendor's API), so that one vendor had as many as its host has
spellings. As accounts these are one, and two rules that held apart may now meet in one row's way; both rows were paid
for, so both stay, told apart:

* Two live takes of one fingerprint (a shot that was bought at either spelling). The one that is furthest on keeps the
  fingerprint and stands in the way of a third; the later one gets a fingerprint of its own. It serves its wish as
  before, and its job, if it is still out, is carried to its end.
* One job id at two spellings. The later take goes to an account that is named after its host: its id is kept, a done
  take serves from any account, and an order that is out is followed again once the operator names that account.

Nor did anything keep a sum of money from being whatever a vendor reported. In the place of one that is none stands what
was reserved, an alarm says so, and the budgets are added up again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import urlsplit

from storyboard.accounts import account_of

BEFORE_ACCOUNTS = ("0001", "0002")
"""Versions whose takes name origins."""

MOST_OF_A_TAKE = 100_000_000_000
MOST_OF_ALL = 10**18
"""Micro-dollars: what version 0003 of the schema holds the amounts of a take, and those of a budget, to."""

TAKE_SUMS = ("estimate_micros", "reserved_micros", "cost_micros")
BUDGET_SUMS = ("cap_micros", "spent_micros", "reserved_micros")

_FURTHEST = ("done", "generated", "submitted", "unknown", "submitting", "planned")
_CHARGED = {"series": "series", "episode": "charged_episode", "day": "charged_day", "run": "charged_run"}

Row = Mapping[str, Any]


class Tables(Protocol):
    """The ledger's tables: takes have the new columns, still empty; `accounts` is there beside `origins`."""

    def rows(self, sql: str, **values: object) -> Sequence[Row]:
        """All rows that a query finds, each by column name."""
        ...

    def change(self, sql: str, every: Sequence[Row]) -> None:
        """Make the same change once for each of these rows of values."""
        ...

    def now(self) -> object:
        """The time by the database's clock, as its driver writes it."""
        ...


def rewrite(tables: Tables) -> None:
    """Say everything in today's words. The events stay as they are."""
    _name_accounts(tables)
    _fill_accounts(tables)
    _mend_sums(tables)


def _name_accounts(tables: Tables) -> None:
    takes = [dict(take) for take in tables.rows("SELECT * FROM takes ORDER BY created_at, id")]
    takes.sort(key=lambda take: _FURTHEST.index(take["state"]) if take["state"] in _FURTHEST else len(_FURTHEST))
    origins = {(take["provider"], take["origin"]) for take in takes}
    accounts = {(provider, origin): account_of(provider, origin) for provider, origin in origins}
    for take in takes:
        take["account"] = accounts[take["provider"], take["origin"]]
    _tell_apart(takes, _job, _to_its_host)
    _tell_apart([take for take in takes if take["state"] in _FURTHEST], _order, _to_its_own)
    named = [{key: take[key] for key in ("id", "account", "fingerprint")} for take in takes]
    tables.change("UPDATE takes SET account = :account, fingerprint = :fingerprint WHERE id = :id", named)


def _job(take: Row) -> Hashable | None:
    return None if take["job_id"] is None else (take["account"], take["job_id"])


def _order(take: Row) -> Hashable | None:
    return None if take["fingerprint"] is None else (take["series"], take["account"], take["fingerprint"])


def _tell_apart(
    takes: Sequence[dict[str, Any]],
    place: Callable[[Row], Hashable | None],
    move: Callable[[dict[str, Any], int], None],
) -> None:
    """Move each take whose place is another's already, as often as it needs."""
    found: set[Hashable] = set()
    for take in takes:
        tries = 0
        while (at := place(take)) is not None and at in found:
            tries += 1
            move(take, tries)
        found.add(at)


def _to_its_host(take: dict[str, Any], tries: int) -> None:
    host = re.sub(r"[^A-Za-z0-9.-]", "-", urlsplit(take["origin"]).hostname or "")[:32].strip(".-") or "other"
    take["account"] = account_of(take["provider"], take["origin"], host if tries == 1 else f"{host}-{tries}")


def _to_its_own(take: dict[str, Any], tries: int) -> None:
    told = f"{take['fingerprint']} of take {take['id']}, {tries}"
    take["fingerprint"] = hashlib.sha256(told.encode()).hexdigest()


def _fill_accounts(tables: Tables) -> None:
    """What was stopped stays stopped, and no alarm that nobody acknowledged falls silent."""
    origins = {row["origin"]: row for row in tables.rows("SELECT * FROM origins")}
    used = tables.rows("SELECT DISTINCT account, origin FROM takes")
    alarms = tables.rows("SELECT e.id, t.account, t.origin FROM events e JOIN takes t ON t.id = e.take WHERE e.alarm")
    waiting = [each for each in alarms if each["id"] > _heard(origins.get(each["origin"]))]
    for account in sorted({row["account"] for row in used}):
        mine = [origins[row["origin"]] for row in used if row["account"] == account and row["origin"] in origins]
        if mine:
            _add_account(tables, account, mine, [each for each in waiting if each["account"] == account])


def _heard(origin: Row | None) -> int:
    return 0 if origin is None else int(origin["acknowledged_event"])


def _add_account(tables: Tables, account: str, origins: Sequence[Row], waiting: Sequence[Row]) -> None:
    """`origins` are the account's former ones. What stopped another vendor of one host stops this one no more."""
    loud = {each["origin"] for each in waiting}
    stopped = [row for row in origins if row["stopped_why"] is not None and row["origin"] in loud]
    first: Row = min(stopped, key=lambda row: row["stopped_at"], default={})
    heard = min((each["id"] for each in waiting), default=None)
    row = {
        "account": account,
        "why": first.get("stopped_why"),
        "at": first.get("stopped_at"),
        "heard": max(map(_heard, origins)) if heard is None else heard - 1,
    }
    tables.change(
        "INSERT INTO accounts (account, stopped_why, stopped_at, acknowledged_event) "
        "VALUES (:account, :why, :at, :heard)",
        [row],
    )


def _mend_sums(tables: Tables) -> None:
    unsound = [take for take in tables.rows("SELECT * FROM takes ORDER BY id") if not _is_sound(take)]
    for take in unsound:
        _mend_take(tables, take)
    budgets = tables.rows("SELECT * FROM budgets")
    broken = [row for row in budgets if not all(_fits(row[name], MOST_OF_ALL) for name in BUDGET_SUMS)]
    series = {row["series"] for row in (*unsound, *broken)}
    for row in budgets:
        if row["series"] in series:
            _add_up(tables, row)
    for run in tables.rows("SELECT id, day_cap_micros FROM runs"):
        if not _fits(run["day_cap_micros"], MOST_OF_ALL):
            capped = {"id": run["id"], "cap": _cap(run["day_cap_micros"])}
            tables.change("UPDATE runs SET day_cap_micros = :cap WHERE id = :id", [capped])


def _is_sound(take: Row) -> bool:
    return all(_fits(take[name], MOST_OF_A_TAKE) for name in TAKE_SUMS)


def _fits(micros: object, most: int) -> bool:
    return micros is None or (isinstance(micros, int) and 0 <= micros <= most)


def _cap(micros: Any) -> int | None:
    """A cap beyond every sum is the largest; one that is none lets nothing through until a run states it again."""
    if _fits(micros, MOST_OF_ALL):
        return None if micros is None else int(micros)
    return MOST_OF_ALL if isinstance(micros, int) and micros > 0 else 0


def _mend_take(tables: Tables, take: Row) -> None:
    estimate, reserved, cost = (take[name] for name in TAKE_SUMS)
    estimate = estimate if _fits(estimate, MOST_OF_A_TAKE) else None
    reserved = reserved if _fits(reserved, MOST_OF_A_TAKE) else estimate or 0
    cost = cost if _fits(cost, MOST_OF_A_TAKE) else estimate
    sums = {"id": take["id"], "estimate": estimate, "reserved": reserved, "cost": cost}
    tables.change(
        "UPDATE takes SET estimate_micros = :estimate, reserved_micros = :reserved, cost_micros = :cost WHERE id = :id",
        [sums],
    )
    counted = "nothing counts" if cost is None else f"${cost / 1_000_000:.2f} counts"
    words = (
        f"a sum of take {take['number']} of {take['shot']} was beyond any sense "
        f"({take['cost_micros']!s:.40} millionths of a dollar); {counted} in its place. Look at the vendor's own bill"
    )
    alarm = {"take": take["id"], "at": tables.now(), "state": take["state"], "run": take["run"], "words": words}
    tables.change(
        "INSERT INTO events (take, at, from_state, to_state, run, host, words, alarm) "
        "VALUES (:take, :at, :state, :state, :run, '', :words, :alarm)",
        [{**alarm, "alarm": True}],
    )


def _add_up(tables: Tables, budget: Row) -> None:
    """One budget from what its takes hold and have cost."""
    charged = tables.rows("SELECT * FROM takes WHERE series = :s AND charged_run IS NOT NULL", s=budget["series"])
    counted = [take for take in charged if take[_CHARGED[budget["scope"]]] == budget["key"]]
    place = {name: budget[name] for name in ("series", "scope", "key")}
    sums = {
        "spent": sum(take["cost_micros"] or 0 for take in counted),
        "reserved": sum(take["reserved_micros"] for take in counted),
        "cap": _cap(budget["cap_micros"]),
    }
    tables.change(
        "UPDATE budgets SET spent_micros = :spent, reserved_micros = :reserved, cap_micros = :cap "
        "WHERE series = :series AND scope = :scope AND key = :key",
        [{**place, **sums}],
    )
