"""Opening takes: once a run, before any task starts, and never a new one where an unfinished one will do."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, insert, select, update

from render.errors import LedgerConflict
from render.ledger import queries, settlement, state_machine, transitions
from render.ledger.circles import consider
from render.ledger.database import Transaction
from render.ledger.queries import TAKE
from render.ledger.records import RunId, Take, TakeId, Want
from render.ledger.rows import take_from
from render.ledger.tables import openings, runs, takes
from storyboard.accounts import vendor_of
from storyboard.takes import LIVE, TakeState

Place = tuple[str, int]
"""Shot and ordinal: what a run calls one of its takes."""

_READINESS = (
    TakeState.GENERATED,
    TakeState.SUBMITTED,
    TakeState.SUBMITTING,
    TakeState.UNKNOWN,
    TakeState.PLANNED,
)
"""What is nearest to its end is taken up first."""


def open_takes(tx: Transaction, run: RunId, wants: Sequence[Want]) -> tuple[Take, ...]:
    """The take of each want, in order: opened before by this run, or unfinished from any, or new and `planned`.

    Once a run, before any task starts; safe to repeat. Raises LedgerError where the run was never begun.
    """
    series = _series_of(tx, run)
    opened = _opened_by(tx, run)
    rest = tuple({_place(want): want for want in wants if _place(want) not in opened}.values())
    free = [take for take in _unfinished(tx, series) if take.id not in opened.values()]
    resumed = pair(rest, free)
    for want in rest:
        place = _place(want)
        take = resumed.get(place)
        opened[place] = _insert(tx, series, run, want) if take is None else _resume(tx, take, want)
        remember(tx, run, want.shot, want.ordinal, opened[place])
    _give_up(tx, [TakeId(given) for want in wants for given in want.gives_up])
    _supersede(tx, free, wants, frozenset(opened.values()))
    return tuple(queries.take(tx, opened[_place(want)]) for want in wants)


def call_off(tx: Transaction, take_ids: Sequence[TakeId], words: str) -> bool:
    """End takes that were opened and never sent, all of them or none.

    False, and nothing has changed, where an order of one is out or gave a clip; one that gave way to another take
    stands where that one stands.
    """
    opened = [queries.take(tx, take_id) for take_id in take_ids]
    if any(_standing_for(tx, take).state in LIVE - {TakeState.PLANNED} for take in opened):
        return False
    for take in opened:
        if transitions.move(tx, take, state_machine.SUPERSEDE, words, error_code="cancelled", error_message=words):
            consider(tx, take.id)
    return True


def _standing_for(tx: Transaction, take: Take) -> Take:
    while take.rival is not None:
        take = queries.take(tx, take.rival)
    return take


def pair(wants: Sequence[Want], free: Sequence[Take]) -> Mapping[Place, Take]:
    """Which unfinished take serves which want. Each serves one; a take of the same shot before one of another."""
    pairs: dict[Place, Take] = {}
    for suits in (_of_the_shot, _of_another_shot):
        for want in wants:
            if _place(want) in pairs:
                continue
            used = {take.id for take in pairs.values()}
            fitting = [take for take in free if take.id not in used and _serves(take, want) and suits(take, want)]
            if fitting:
                pairs[_place(want)] = min(fitting, key=lambda take: (not take.asked_for, *_readiness(take)))
    return pairs


def remember(tx: Transaction, run: str, shot: str, ordinal: int, take_id: TakeId) -> None:
    """Write down which take a run got for one of its places."""
    tx.conn.execute(insert(openings).values(run=run, shot=shot, ordinal=ordinal, take=take_id, at=tx.now))


def _place(want: Want) -> Place:
    return want.shot, want.ordinal


def _readiness(take: Take) -> tuple[int, int]:
    return _READINESS.index(take.state), take.number


def _serves(take: Take, want: Want) -> bool:
    """Neither a lost order nor a clip that did not come is left behind for a new one, unless a person asks for that.

    What was never sent may go to any account of its vendor; an order that left is followed at its own alone.
    """
    if take.wish != want.wish or not _of_one_vendor(take, want):
        return False
    if want.new:
        return take.state is not TakeState.UNKNOWN and not take.undelivered
    return take.variation == want.variation


def _of_one_vendor(take: Take, want: Want) -> bool:
    if take.state is TakeState.PLANNED:
        return vendor_of(take.account) == vendor_of(want.account)
    return take.account == want.account


def _of_the_shot(take: Take, want: Want) -> bool:
    return take.shot == want.shot


def _of_another_shot(take: Take, want: Want) -> bool:
    """A renamed scene buys nothing again. An ordinary take of another shot is no answer to "a new one"."""
    return take.shot != want.shot and (take.asked_for or not want.new)


def _series_of(tx: Transaction, run: RunId) -> str:
    series = tx.conn.execute(select(runs.c.series).where(runs.c.id == run)).scalar_one_or_none()
    if series is None:
        raise LedgerConflict(f"the ledger knows no run {run!r}; begin it before opening takes")
    return str(series)


def _opened_by(tx: Transaction, run: RunId) -> dict[Place, TakeId]:
    rows = tx.conn.execute(select(openings).where(openings.c.run == run))
    return {(row.shot, row.ordinal): TakeId(row.take) for row in rows}


def _unfinished(tx: Transaction, series: str) -> list[Take]:
    states = ", ".join(f"'{state}'" for state in _READINESS)
    found = tx.rows(f"{TAKE} WHERE t.series = :series AND t.state IN ({states})", series=series)
    return [take_from(row) for row in sorted(found, key=queries.place_of)]


def _resume(tx: Transaction, take: Take, want: Want) -> TakeId:
    changes: dict[str, object] = {"asked_for": take.asked_for or want.new}
    if take.state is TakeState.PLANNED:
        changes |= {"account": want.account, "model": want.model}
    tx.conn.execute(update(takes).where(takes.c.id == take.id).values(**changes))
    return take.id


def _insert(tx: Transaction, series: str, run: RunId, want: Want) -> TakeId:
    take_id = TakeId(uuid.uuid4().hex)
    row = {"series": series, "shot": want.shot, "number": _next_number(tx, series, want.shot)}
    vendor = {"provider": want.provider, "account": want.account, "model": want.model}
    variation = _next_variation(tx, series, want.wish) if want.new else want.variation
    tx.conn.execute(
        insert(takes).values(
            id=take_id,
            **row,
            **vendor,
            run=run,
            ordinal=want.ordinal,
            state=TakeState.PLANNED,
            wish=want.wish,
            variation=variation,
            asked_for=want.new,
            rejected=False,
            refused=False,
            reserved_micros=0,
            usage="",
            created_at=tx.now,
        )
    )
    transitions.begin(tx, take_id, run, "a new take was asked for" if want.new else "opened")
    return take_id


def _next_number(tx: Transaction, series: str, shot: str) -> int:
    highest = select(func.max(takes.c.number)).where(takes.c.series == series, takes.c.shot == shot)
    return int(tx.conn.execute(highest).scalar_one() or 0) + 1


def _next_variation(tx: Transaction, series: str, wish: str) -> int:
    highest = select(func.coalesce(func.max(takes.c.variation), -1))
    return int(tx.conn.execute(highest.where(takes.c.series == series, takes.c.wish == wish)).scalar_one()) + 1


def _give_up(tx: Transaction, take_ids: Sequence[TakeId]) -> None:
    """What these takes cost stays spent. One whose clip came meanwhile is left as it is."""
    for take in (queries.take(tx, take_id) for take_id in take_ids):
        if take.undelivered:
            settlement.give_up(tx, take, "given up: its clip did not come, and a new take was asked for")


def _supersede(tx: Transaction, free: Sequence[Take], wants: Sequence[Want], opened: Collection[TakeId]) -> None:
    """Planned takes of these shots with another wish will never be sent: the shots were edited."""
    wishes: dict[str, set[str]] = {}
    for want in wants:
        wishes.setdefault(want.shot, set()).add(want.wish)
    for take in free:
        wanted = wishes.get(take.shot)
        if take.state is TakeState.PLANNED and wanted and take.wish not in wanted and take.id not in opened:
            transitions.move(
                tx, take, state_machine.SUPERSEDE, "superseded: the shot was edited", error_code="superseded"
            )
            consider(tx, take.id)
