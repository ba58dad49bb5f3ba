"""Caps that hold: a reservation is made before an order leaves, in one transaction with the claim, or not at all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, insert, or_, select, update

from render.claim_errors import BudgetRefused, Unpriced
from render.ledger.database import Transaction
from render.ledger.message_facts import tell_near
from render.ledger.money import MOST_USD, cap_micros, dollars, is_sum, owed_micros
from render.ledger.records import BudgetLine, Take
from render.ledger.tables import budgets, runs, takes
from storyboard.shot import Caps
from storyboard.text.dollars import usd

SCOPES = ("series", "episode", "day", "run")
"""The order in which budget rows are always taken."""

NEAR = Decimal("0.8")
"""Of a cap: once so much is spent or reserved, the outside is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """Which budget rows an amount (micro-dollars) counts in. A take keeps its own, to settle where it reserved."""

    series: str
    episode: str
    day: str  # ISO date, UTC
    run: str
    day_cap_micros: int | None = None  # the run's own; it holds beside what the project has said since
    run_cap_is_news: bool = True  # whether it says something that the run's cap is nearly reached

    def cap_of(self, scope: str) -> int | None:
        """The cap that this very run brings along for the scope, in micro-dollars; None where it brings none."""
        return self.day_cap_micros if scope == "day" else None

    def rows(self) -> tuple[tuple[str, str], ...]:
        """Scope and key of each row, in the fixed order."""
        return tuple((scope, getattr(self, scope)) for scope in SCOPES)


def set_caps(tx: Transaction, charge: Charge, caps: Caps) -> None:
    """Make the caps of these rows what the project says now; what counts against them stays."""
    for scope, key in charge.rows():
        cap = getattr(caps, scope)
        _set_cap(tx, charge.series, scope, key, None if cap is None else cap_micros(cap))


def charge_of_run(tx: Transaction, run: str, *, run_cap_is_news: bool = True) -> Charge:
    """The rows that a claim of this run counts in today. A day that nobody has begun on yet gets the run's own cap."""
    row = tx.conn.execute(select(runs.c.series, runs.c.episode, runs.c.day_cap_micros).where(runs.c.id == run)).one()
    today = tx.now.date().isoformat()
    charge = Charge(
        series=row.series,
        episode=row.episode,
        day=today,
        run=run,
        day_cap_micros=row.day_cap_micros,
        run_cap_is_news=run_cap_is_news,
    )
    for scope, key in charge.rows():
        if tx.conn.execute(select(budgets.c.key).where(*_is(charge, scope, key))).one_or_none() is None:
            _set_cap(tx, charge.series, scope, key, charge.cap_of(scope))
    return charge


def reserve(tx: Transaction, charge: Charge, usd: Decimal | None, *, unpriced_agreed: bool = False) -> int | None:
    """Set an upper bound aside in every row; returns it in micro-dollars, None where the price is not known.

    Raises BudgetRefused where a cap would be passed, Unpriced where there is a cap and no price, or one that is none.
    With `unpriced_agreed` the run's own cap is a sum beside which somebody agreed to this unknown price; others hold.
    """
    if usd is None:
        _refuse_unpriced(tx, charge, [scope for scope in SCOPES if scope != "run" or not unpriced_agreed])
        return None
    if not is_sum(usd):
        raise Unpriced(
            f"${usd:.20} for one take is beyond any sense, and more than ${MOST_USD:,} is never set aside for one",
            "Correct what `prices:` in series.yaml states",
        )
    micros = owed_micros(usd)
    if not micros:
        return 0  # what costs nothing passes no cap, not even one that is passed already
    for scope, key in charge.rows():
        row, own = budgets.c, charge.cap_of(scope)
        then = row.spent_micros + row.reserved_micros + micros
        fits = [or_(row.cap_micros.is_(None), then <= row.cap_micros), *([] if own is None else [then <= own])]
        change = update(budgets).where(*_is(charge, scope, key), *fits)
        if tx.conn.execute(change.values(reserved_micros=row.reserved_micros + micros)).rowcount != 1:
            raise _refusal(tx, charge, scope, key, micros)
    _tell_near(tx, charge)
    return micros


def told(reserved_micros: int | None) -> str:
    """What was set aside, in words; None: nobody knows the price."""
    return "price not known" if reserved_micros is None else f"{usd(dollars(reserved_micros))} reserved"


def settle(tx: Transaction, take: Take, cost_micros: int) -> None:
    """Release the take's reservation and count `cost_micros` (micro-dollars) as spent, in the rows of its claim."""
    charge = _charge_of_take(tx, take)
    if charge is None:
        return
    released = owed_micros(take.reserved_usd)
    for scope, key in charge.rows():
        row = budgets.c
        tx.conn.execute(
            update(budgets)
            .where(*_is(charge, scope, key))
            .values(reserved_micros=row.reserved_micros - released, spent_micros=row.spent_micros + cost_micros)
        )
    if cost_micros > released:
        _tell_near(tx, charge)


def release(tx: Transaction, take: Take) -> None:
    """Release the take's reservation: nothing was owed after all."""
    settle(tx, take, 0)


def _set_cap(tx: Transaction, series: str, scope: str, key: str, cap: int | None) -> None:
    where = (budgets.c.series == series, budgets.c.scope == scope, budgets.c.key == key)
    if tx.conn.execute(update(budgets).where(*where).values(cap_micros=cap)).rowcount:
        return
    row = {"series": series, "scope": scope, "key": key, "cap_micros": cap}
    tx.conn.execute(insert(budgets).values(**row, spent_micros=0, reserved_micros=0))


def _charge_of_take(tx: Transaction, take: Take) -> Charge | None:
    columns = select(takes.c.charged_run, takes.c.charged_episode, takes.c.charged_day).where(takes.c.id == take.id)
    row = tx.conn.execute(columns).one()
    if row.charged_run is None:
        return None
    own = {"episode": row.charged_episode, "day": row.charged_day, "run": row.charged_run}
    return Charge(series=take.series, **own, run_cap_is_news=False)  # an order that cost too much is an alarm


def _tell_near(tx: Transaction, charge: Charge) -> None:
    """Tell of each row whose cap is nearly reached."""
    for line in _lines(tx, charge):
        if line.scope == "run" and not charge.run_cap_is_news:
            continue
        if line.cap_usd and line.spent_usd + line.reserved_usd >= NEAR * line.cap_usd:
            tell_near(tx, charge.series, charge.episode, line)


def _lines(tx: Transaction, charge: Charge) -> list[BudgetLine]:
    """The rows of a charge, each under the cap that holds for it."""
    own = [and_(budgets.c.scope == scope, budgets.c.key == key) for scope, key in charge.rows()]
    lines = []
    for row in tx.conn.execute(select(budgets).where(budgets.c.series == charge.series, or_(*own))):
        cap = min((cap for cap in (row.cap_micros, charge.cap_of(row.scope)) if cap is not None), default=None)
        line = BudgetLine(
            scope=row.scope,
            key=row.key,
            cap_usd=None if cap is None else dollars(cap),
            spent_usd=dollars(row.spent_micros),
            reserved_usd=dollars(row.reserved_micros),
        )
        lines.append(line)
    return lines


def _is(charge: Charge, scope: str, key: str) -> tuple[ColumnElement[bool], ...]:
    return budgets.c.series == charge.series, budgets.c.scope == scope, budgets.c.key == key


def _cap_in_force(tx: Transaction, charge: Charge, scope: str, key: str) -> int | None:
    said = tx.conn.execute(select(budgets.c.cap_micros).where(*_is(charge, scope, key))).scalar_one()
    return min((cap for cap in (said, charge.cap_of(scope)) if cap is not None), default=None)


def _refuse_unpriced(tx: Transaction, charge: Charge, scopes: Collection[str]) -> None:
    for scope, key in charge.rows():
        if scope not in scopes:
            continue
        cap = _cap_in_force(tx, charge, scope, key)
        if cap is not None:
            raise Unpriced(
                f"the price is not known, and the {scope} budget ({key}) has a cap of {usd(dollars(cap))} to hold",
                "State what the vendor charges under `prices:` in series.yaml",
            )


def _refusal(tx: Transaction, charge: Charge, scope: str, key: str, asked: int) -> BudgetRefused:
    row = tx.conn.execute(select(budgets).where(*_is(charge, scope, key))).one()
    return BudgetRefused(
        scope=scope,
        key=key,
        cap=dollars(_cap_in_force(tx, charge, scope, key) or 0),
        spent=dollars(row.spent_micros),
        reserved=dollars(row.reserved_micros),
        asked=dollars(asked),
    )
