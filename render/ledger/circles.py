"""Circled takes: which take of a shot the cut uses. The first good one, unless a person decides otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from render.errors import ChoiceChanged, LedgerConflict
from render.ledger import notes, queries, transitions
from render.ledger.choices import UNDECIDED, Seen, choice_of, what_changed
from render.ledger.database import Transaction
from render.ledger.queries import TAKE
from render.ledger.records import RunId, Take, TakeId
from render.ledger.rows import take_from
from render.ledger.stale_queries import CIRCLED
from render.ledger.state_machine import MOVING
from render.ledger.tables import circles, openings, takes
from render.redaction import redact
from storyboard.accounts import vendor_of
from storyboard.takes import TakeState


def consider(tx: Transaction, take_id: TakeId) -> None:
    """A take has ended: circle the best of those it was opened with, if it was the last of them."""
    opened = tx.conn.execute(select(openings.c.run, openings.c.shot).where(openings.c.take == take_id))
    for run, shot in sorted({(row.run, row.shot) for row in opened}):
        together = _opened_together(tx, run, shot)
        if not any(take.state in MOVING for take in together):
            _circle_first_good(tx, shot, together)


def circle_best(tx: Transaction, run: RunId, shot: str) -> TakeId | None:
    """Circle without waiting for the rest, where a run stops before all takes of a shot have ended.

    Returns the take that the shot's circle is now on, None where it has none.
    """
    together = _opened_together(tx, run, shot)
    if not together:
        return None
    _circle_first_good(tx, shot, together)
    return choice(tx, together[0].series, shot)


def circle(
    tx: Transaction,
    series: str,
    shot: str,
    take_id: TakeId,
    *,
    by_person: bool,
    by: str = "a person",
    seen: Seen | None = None,
) -> None:
    """Put the shot's circle on this take. A person may circle a take that was rejected before: it is good again.

    `by` is that person, and `seen` what they decided about; None: whatever is chosen now. Raises LedgerError where the
    take is not done, is rejected and no person says otherwise, or is of another series; ChoiceChanged.
    """
    _refuse_changed(tx, series, seen)
    take = queries.take(tx, take_id)
    if take.series != series:
        raise LedgerConflict(f"take {take_id} is of series {take.series!r}, not of {series!r}")
    if take.state is not TakeState.DONE or (take.rejected and not by_person):
        found = "rejected" if take.rejected else str(take.state)
        raise LedgerConflict(f"take {take.number} of {take.shot} is {found}; only a take that is done can be circled")
    if take.rejected:
        tx.conn.execute(update(takes).where(takes.c.id == take.id).values(rejected=False))
    _put(tx, take, shot, by=by if by_person else "")


def reject(tx: Transaction, take_id: TakeId, note: str = "", *, by: str = "", seen: Seen | None = None) -> None:
    """Never use this take again. Where it was circled, the next good one of the same wish and frame takes its place.

    `note` says why, for people and for the next take; empty: nothing is said. `seen` is as for `circle`. Raises
    LedgerError unless it is done, ChoiceChanged.
    """
    take = queries.take(tx, take_id)
    _refuse_changed(tx, take.series, seen)
    if take.state is not TakeState.DONE:
        raise LedgerConflict(
            f"take {take.number} of {take.shot} is {take.state}; only a take that is done can be rejected"
        )
    if note:
        notes.add(tx, take.id, note, by=by)
    if take.rejected:
        return
    tx.conn.execute(update(takes).where(takes.c.id == take.id).values(rejected=True))
    transitions.note(tx, take, take.state, f"rejected by {by}" if by else "rejected")
    for row in tx.conn.execute(select(circles).where(circles.c.take == take_id)).all():
        tx.conn.execute(delete(circles).where(circles.c.series == row.series, circles.c.shot == row.shot))
        following = _first_like(tx, take, row.shot)
        if following is not None:
            _put(tx, following, row.shot)


def waive(
    tx: Transaction, series: str, shot: str, words: str, *, by_person: bool = True, seen: Seen | None = None
) -> None:
    """Give a shot up: the cut goes without it, and nobody is asked for it, until `unwaive`.

    `seen` is as for `circle`. Raises ChoiceChanged.
    """
    _refuse_changed(tx, series, seen)
    current = _circle_of(tx, series, shot)
    take = None if current is None else current.take
    _write(tx, series, shot, take=take, by_person=by_person, waived=True, words=redact(words))


def unwaive(tx: Transaction, series: str, shot: str, *, seen: Seen | None = None) -> None:
    """Ask for the shot again; what was circled before is circled again. `seen` is as for `circle`."""
    _refuse_changed(tx, series, seen)
    current = _circle_of(tx, series, shot)
    if current is None or not current.waived:
        return
    if current.take is None:
        tx.conn.execute(delete(circles).where(circles.c.series == series, circles.c.shot == shot))
    else:
        _write(tx, series, shot, take=current.take, by_person=False, waived=False, words="")


def choice(tx: Transaction, series: str, shot: str) -> TakeId | None:
    """The take that a shot's circle is on; None where it is waived or nothing was chosen."""
    current = _circle_of(tx, series, shot)
    return None if current is None or current.waived or current.take is None else TakeId(current.take)


def is_decided(tx: Transaction, series: str, shot: str) -> bool:
    """Whether a shot has a circle, or is waived."""
    return _circle_of(tx, series, shot) is not None


def _refuse_changed(tx: Transaction, series: str, seen: Seen | None) -> None:
    """Raises ChoiceChanged where somebody chose otherwise after a person looked."""
    if seen is None:
        return
    current = choice_of(tx, series, seen.shot)
    if (UNDECIDED if current is None else current.version) != seen.version:
        raise ChoiceChanged(what_changed(tx, current, seen.shot))


def _circle_first_good(tx: Transaction, shot: str, together: Sequence[Take]) -> None:
    good = [take for take in together if take.state is TakeState.DONE and not take.rejected]
    if not good:
        return
    best = min(good, key=lambda take: (not take.asked_for, take.number, take.id))
    current = _circle_of(tx, best.series, shot)
    if current is not None and (current.take in {take.id for take in good} or _stands(tx, current, best)):
        return
    _put(tx, best, shot)


def _stands(tx: Transaction, current: Row[Any], best: Take) -> bool:
    """Whether a circle keeps its place beside a newly made take.

    A person's word stands until a person asks for a new take. A circle that nobody chose stands while it fits the same
    wish and frame; after an edit, the take that was opened last is the one that fits.
    """
    if current.by_person:
        return not best.asked_for or current.at > _last_opening(tx, best.id, current.shot).at
    if best.asked_for or current.take is None:
        return False
    held = queries.take(tx, current.take)
    if _made_of(held) == _made_of(best):
        return True
    return bool(_last_opening(tx, held.id, current.shot).id > _last_opening(tx, best.id, current.shot).id)


def _made_of(take: Take) -> tuple[object, ...]:
    """What a take was made of, and by whom: an animatic's circle does not outlive the first paid take."""
    return take.wish, take.continuity, take.provider, vendor_of(take.account), take.model


def _opened_together(tx: Transaction, run: str, shot: str) -> list[Take]:
    sql = f"{TAKE} JOIN openings o ON o.take = t.id WHERE o.run = :run AND o.shot = :shot ORDER BY t.number, t.id"
    return [take_from(row) for row in tx.rows(sql, run=run, shot=shot)]


def _first_like(tx: Transaction, take: Take, shot: str) -> Take | None:
    sql = f"{TAKE} JOIN openings o ON o.take = t.id WHERE o.shot = :shot AND t.wish = :wish ORDER BY t.number, t.id"
    found = map(take_from, tx.rows(sql, shot=shot, wish=take.wish))
    alike = (like for like in found if (like.series, like.continuity) == (take.series, take.continuity))
    return next((like for like in alike if like.state is TakeState.DONE and not like.rejected), None)


def _last_opening(tx: Transaction, take_id: TakeId, shot: str) -> Row[Any]:
    """When the take was last opened for the shot; the beginning of time for one that never was."""
    mine = (openings.c.take == take_id, openings.c.shot == shot)
    newest = select(func.coalesce(func.max(openings.c.id), 0).label("id"), func.max(openings.c.at).label("at"))
    return tx.conn.execute(newest.where(*mine)).one()


def _circle_of(tx: Transaction, series: str, shot: str) -> Row[Any] | None:
    return tx.conn.execute(select(circles).where(circles.c.series == series, circles.c.shot == shot)).one_or_none()


def _put(tx: Transaction, take: Take, shot: str, *, by: str = "") -> None:
    """Circle a take; `by` is the person who said so, empty where none did. `choices` reads who from these words."""
    _write(tx, take.series, shot, take=take.id, by_person=bool(by), waived=False, words="")
    transitions.note(tx, take, take.state, f"{CIRCLED}{shot}" + (f" by {by}" if by else ""))


def _write(tx: Transaction, series: str, shot: str, **choice: Any) -> None:
    tx.conn.execute(delete(circles).where(circles.c.series == series, circles.c.shot == shot))
    tx.conn.execute(insert(circles).values(series=series, shot=shot, at=tx.now, **choice))
