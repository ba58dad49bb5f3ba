"""Everything that can be asked of a ledger without changing it, for `ledger.read(queries.take, take_id)`.

Plain SQL that both databases understand, so that `plan` and `status` read a SQLite ledger with the standard library
alone and start at once. Questions that decide whether a step may be made stand beside that step.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from render.errors import LedgerConflict
from render.ledger import rows
from render.ledger.reader import ReadTransaction
from render.ledger.records import EVERYTHING, WRITTEN_OFF, Alarm, BudgetLine, Event, Hold, Note, RunId, Take, TakeId
from render.ledger.row_values import moment_from
from storyboard.price_proof import Receipt
from storyboard.takes import Circle, TakeFacts, TakeState

TAKE = "SELECT t.*, l.owner, l.expires_at FROM takes t LEFT JOIN leases l ON l.take = t.id"

MOST_RECEIPTS = 500
"""Rows. More say nothing new: the newest of each kind of order counts."""

MOST_VALUES = 500
"""Values of one statement; databases take about a thousand."""

_RECEIPTS = (
    "SELECT account, model, request_json, reported_micros, state, error_code, clip FROM takes "
    "WHERE charged_run IS NOT NULL AND request_json IS NOT NULL "
    "AND (reported_micros IS NOT NULL OR state IN ('generated', 'done'))"
)
FACTS = (
    "SELECT id, shot, number, state, provider, account, model, wish, variation, fingerprint, continuity_clip, "
    "continuity_frame, clip, rejected, error_code, error_message, refused, cost_micros, reserved_micros FROM takes"
)
_NOTES = (  # a plain join may begin with the takes, of which there are very many; so may the next
    "SELECT n.* FROM notes n CROSS JOIN takes t WHERE t.id = n.take AND t.series = :series ORDER BY n.at, n.id"
)
_CALLED = (
    "SELECT d.take, d.rung_at FROM doors d CROSS JOIN takes t "
    "WHERE t.id = d.take AND t.series = :series AND d.rung_at IS NOT NULL"
)
_ALARMS = (
    "SELECT t.account, e.take, e.at, e.words, a.stopped_why FROM events e JOIN takes t ON t.id = e.take "
    "LEFT JOIN accounts a ON a.account = t.account "
    "WHERE e.alarm AND e.id > coalesce(a.acknowledged_event, 0) ORDER BY e.id"
)


def take(tx: ReadTransaction, take_id: TakeId | str) -> Take:
    """The take of this id. Raises LedgerConflict if there is none."""
    found = tx.rows(f"{TAKE} WHERE t.id = :take", take=take_id)
    if not found:
        raise LedgerConflict(f"the ledger knows no take {take_id!r}; `tailframe status` shows the takes it knows")
    return rows.take_from(found[0])


def takes_named(tx: ReadTransaction, names: Collection[TakeId]) -> dict[TakeId, Take]:
    """The takes of these ids. Raises LedgerConflict where there is none of one of them."""
    found = {row["id"]: rows.take_from(row) for row in rows_in(tx, f"{TAKE} WHERE t.id", names)}
    for name in names:
        if name not in found:
            take(tx, name)
    return {name: found[name] for name in names}


def orders(tx: ReadTransaction, names: Collection[str]) -> dict[str, str | None]:
    """What was ordered of these takes, as it was written down, by take; None of those that never were."""
    return {
        str(row["id"]): row["request_json"] for row in rows_in(tx, "SELECT id, request_json FROM takes WHERE id", names)
    }


def receipts(tx: ReadTransaction, accounts: Collection[str], *, model: str | None = None) -> tuple[Receipt, ...]:
    """What vendors told of the cost of orders at these accounts, of every series, the newest first.

    Of takes that were ordered with this ledger: what an archive says of a cost proves nothing.
    """
    if not accounts:
        return ()
    names = {f"account_{index}": account for index, account in enumerate(sorted(accounts))}
    conditions = f"AND account IN ({', '.join(f':{name}' for name in names)})"
    if model is not None:
        conditions, names = f"{conditions} AND model = :model", {**names, "model": model}
    found = tx.rows(f"{_RECEIPTS} {conditions} ORDER BY submitted_at DESC, id LIMIT {MOST_RECEIPTS}", **names)
    return tuple(rows.receipt_from(row) for row in found)


def takes(
    tx: ReadTransaction, series: str, *, shot: str | None = None, states: Collection[TakeState] = ()
) -> tuple[Take, ...]:
    """The series' takes by shot and number; only those of one shot, or in some states, where asked."""
    conditions, values = ["t.series = :series"], {"series": series}
    if shot is not None:
        conditions.append("t.shot = :shot")
        values["shot"] = shot
    if states:
        names = {f"state_{index}": str(state) for index, state in enumerate(sorted(states))}
        conditions.append(f"t.state IN ({', '.join(f':{name}' for name in names)})")
        values |= names
    found = tx.rows(f"{TAKE} WHERE {' AND '.join(conditions)}", **values)  # in order, all of the series would be read
    return tuple(rows.take_from(row) for row in sorted(found, key=place_of))


def unfinished(tx: ReadTransaction, series: str) -> tuple[Take, ...]:
    """Takes whose job the vendor has and that have not ended: each is to be carried on, whatever is asked now."""
    return takes(tx, series, states=(TakeState.SUBMITTED, TakeState.GENERATED))


def series_with(tx: ReadTransaction, states: Collection[TakeState]) -> tuple[str, ...]:
    """The series that have takes in one of these states, by name."""
    found = rows_in(tx, "SELECT DISTINCT series FROM takes WHERE state", {str(state) for state in states})
    return tuple(sorted(str(row["series"]) for row in found))


def newest_snapshot(tx: ReadTransaction, series: str) -> str | None:
    """The name under which the series was frozen last; None where it never was."""
    found = tx.rows("SELECT id FROM snapshots WHERE series = :series ORDER BY at DESC, id LIMIT 1", series=series)
    return str(found[0]["id"]) if found else None


def has_ended_try(tx: ReadTransaction, beginning: str) -> bool:
    """Whether a run whose name begins so came to its end, well or not."""
    sql = "SELECT 1 FROM runs WHERE id LIKE :names AND ended_at IS NOT NULL LIMIT 1"
    return bool(tx.rows(sql, names=f"{beginning}%"))


def every_take(tx: ReadTransaction) -> tuple[Take, ...]:
    """Every take of every series that shares the ledger, oldest first."""
    return tuple(rows.take_from(row) for row in tx.rows(f"{TAKE} ORDER BY t.created_at, t.id"))


def takes_at(tx: ReadTransaction, account: str) -> tuple[Take, ...]:
    """Every take of every series that was ever opened for this account, oldest first."""
    sql = f"{TAKE} WHERE t.account = :account ORDER BY t.created_at, t.id"
    return tuple(rows.take_from(row) for row in tx.rows(sql, account=account))


def without_a_job(tx: ReadTransaction, account: str) -> tuple[Take, ...]:
    """Takes of every series, oldest first, of which one of the account's jobs may be, and nobody knows which.

    Their orders may have left; what was written off stays its own.
    """
    at = f"{TAKE} WHERE t.account = :account AND t.state IN ('failed', 'submitting', 'unknown')"
    lost = f"(t.state <> 'failed' OR (t.error_code = '{WRITTEN_OFF}' AND t.job_id IS NULL))"
    found = tx.rows(f"{at} AND {lost} ORDER BY t.created_at, t.id", account=account)
    return tuple(rows.take_from(row) for row in found)


def owned_jobs(tx: ReadTransaction, account: str, jobs: Collection[str]) -> frozenset[str]:
    """Which of these jobs belong to a take of this account, of whatever series."""
    sql = "SELECT job_id FROM takes WHERE account = :account AND job_id"
    return frozenset(str(row["job_id"]) for row in rows_in(tx, sql, jobs, account=account))


def take_facts(tx: ReadTransaction, series: str) -> tuple[TakeFacts, ...]:
    """All takes of the series, as the plan sees them."""
    sql = f"{FACTS} WHERE series = :series ORDER BY shot, number"
    return tuple(rows.facts_from(row) for row in tx.rows(sql, series=series))


def circles(tx: ReadTransaction, series: str) -> tuple[Circle, ...]:
    """The choice (a circled take, or a waiver) for every shot of the series that has one."""
    sql = "SELECT * FROM circles WHERE series = :series AND (waived OR take IS NOT NULL) ORDER BY shot"
    return tuple(rows.circle_from(row) for row in tx.rows(sql, series=series))


def events(tx: ReadTransaction, take_id: TakeId | str) -> tuple[Event, ...]:
    """Every event of one take, in order."""
    sql = "SELECT * FROM events WHERE take = :take ORDER BY id"
    return tuple(rows.event_from(row) for row in tx.rows(sql, take=take_id))


def notes(tx: ReadTransaction, series: str) -> tuple[Note, ...]:
    """What people wrote of takes of the series, oldest first."""
    return tuple(rows.note_from(row) for row in tx.rows(_NOTES, series=series))


def alarms(tx: ReadTransaction) -> tuple[Alarm, ...]:
    """What a person should look at, of every series, oldest first."""
    return tuple(rows.alarm_from(row) for row in tx.rows(_ALARMS))


def now(tx: ReadTransaction) -> datetime:
    """What time it is by the database's own clock, in UTC."""
    return tx.now


def budgets(tx: ReadTransaction, series: str) -> tuple[BudgetLine, ...]:
    """Every budget row of the series with what counts against it."""
    sql = "SELECT * FROM budgets WHERE series = :series ORDER BY scope, key"
    return tuple(rows.budget_from(row) for row in tx.rows(sql, series=series))


def caps(tx: ReadTransaction, series: str, run: str = "") -> tuple[BudgetLine, ...]:
    """The same without those of runs, but for this one's: a series has few episodes and days, and very many runs."""
    rows_of = "SELECT * FROM budgets WHERE series = :series AND"
    sql = f"{rows_of} scope IN ('day', 'episode', 'series') UNION ALL {rows_of} scope = 'run' AND key = :run"
    return tuple(rows.budget_from(row) for row in tx.rows(f"{sql} ORDER BY scope, key", series=series, run=run))


def money(tx: ReadTransaction, series: str, episode: str | None = None) -> tuple[Decimal, Decimal]:
    """What the series, or one episode of it, has spent and holds reserved, in US dollars."""
    scope, key = ("series", series) if episode is None else ("episode", episode)
    sql = "SELECT * FROM budgets WHERE series = :series AND scope = :scope AND key = :key"
    found = tx.rows(sql, series=series, scope=scope, key=key)
    if not found:
        return Decimal(0), Decimal(0)
    return rows.spent_and_reserved(found[0])


def interrupted(tx: ReadTransaction, series: str, episode: str, asked: str) -> frozenset[str]:
    """Takes that runs opened for these very retakes and never came to their end, since the last run that did."""
    sql = (
        "SELECT o.take FROM openings o JOIN runs r ON r.id = o.run "
        "WHERE r.series = :series AND r.episode = :episode AND r.asked = :asked AND r.ended_at IS NULL "
        "AND r.created_at > coalesce((SELECT max(e.created_at) FROM runs e WHERE e.series = :series "
        "AND e.episode = :episode AND e.asked = :asked AND e.ended_at IS NOT NULL), '0001-01-01')"
    )
    found = tx.rows(sql, series=series, episode=episode, asked=asked)
    return frozenset(str(row["take"]) for row in found)


def held(tx: ReadTransaction, series: str) -> Hold | None:
    """Who holds the series, and why; None where nobody does. A hold of everything comes before its own."""
    return own_hold(tx, EVERYTHING) or own_hold(tx, series)


def own_hold(tx: ReadTransaction, series: str) -> Hold | None:
    """Who holds this very series, or EVERYTHING, whatever else is held."""
    found = tx.rows("SELECT * FROM holds WHERE series = :series", series=series)
    return rows.hold_from(found[0]) if found else None


def stopped(tx: ReadTransaction, series: str, account: str) -> bool:
    """Whether nothing may be ordered now: a person holds the series or everything, or an alarm stopped the account."""
    sql = (
        "SELECT 1 FROM holds WHERE series IN (:series, :everything) "
        "UNION ALL SELECT 1 FROM accounts WHERE account = :account AND stopped_why IS NOT NULL"
    )
    return bool(tx.rows(sql, series=series, everything=EVERYTHING, account=account))


def hours_ended(tx: ReadTransaction, run: RunId) -> datetime | None:
    """When the hours ended in which this run may order (aware, UTC), by the database's clock; None while it may."""
    found = tx.rows("SELECT orders_until FROM runs WHERE id = :run AND orders_until IS NOT NULL", run=run)
    until = moment_from(found[0]["orders_until"]) if found else None
    return until if until is not None and tx.now >= until else None


def has_callback_link(tx: ReadTransaction, take_id: TakeId | str) -> bool:
    """Whether the take's vendor was given a link to call back."""
    return bool(tx.rows("SELECT 1 FROM doors WHERE take = :take", take=take_id))


def callbacks_received(tx: ReadTransaction, series: str) -> dict[TakeId, datetime]:
    """When each take's last callback came (aware, UTC), of those in the series that were ever called about."""
    called = tx.rows(_CALLED, series=series)
    return {TakeId(row["take"]): at for row in called if (at := moment_from(row["rung_at"])) is not None}


def told_job(tx: ReadTransaction, take_id: TakeId | str) -> str | None:
    """The job that a callback by the take's link named, if any did. Nothing but a hint: ask the vendor."""
    found = tx.rows("SELECT told_job FROM doors WHERE take = :take", take=take_id)
    return found[0]["told_job"] if found else None


def derived(tx: ReadTransaction, key: str) -> str | None:
    """The blob that this recipe gave before, None if it was never made."""
    found = tx.rows("SELECT sha256 FROM derived WHERE key = :key", key=key)
    return str(found[0]["sha256"]) if found else None


def derived_blobs(tx: ReadTransaction, keys: Collection[str]) -> dict[str, str]:
    """The blob that each of these recipes gave before, by recipe; those that were never made are absent."""
    found = rows_in(tx, "SELECT key, sha256 FROM derived WHERE key", keys)
    return {str(row["key"]): str(row["sha256"]) for row in found}


def place_of(row: Mapping[str, Any]) -> tuple[str, int]:
    """Where a take stands among those of its series: by shot and number."""
    return str(row["shot"]), int(row["number"])


def rows_in(tx: ReadTransaction, sql: str, values: Collection[str], **more: object) -> Iterator[Mapping[str, Any]]:
    """The rows of a statement that ends where `IN (…)` follows, some hundred values at a time, with `more` values."""
    left = sorted(values)
    while left:
        some, left = left[:MOST_VALUES], left[MOST_VALUES:]
        names = {f"value_{index}": value for index, value in enumerate(some)}
        yield from tx.rows(f"{sql} IN ({', '.join(f':{name}' for name in names)})", **names, **more)
