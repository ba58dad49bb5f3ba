"""Takes that come back from an archive: their clips are good and paid for elsewhere, so nothing is charged here."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, select, union

from render.errors import LedgerError
from render.ledger import circles, journal
from render.ledger.circles import consider
from render.ledger.database import Transaction
from render.ledger.money import is_sum, owed_micros
from render.ledger.openings import remember
from render.ledger.records import RunId, Take, TakeId
from render.ledger.rows import clip_json
from render.ledger.runs import begin_run
from render.ledger.tables import circles as circle_rows
from render.ledger.tables import runs, takes
from storyboard.takes import LIVE, Circle, TakeState


def import_take(tx: Transaction, series: str, take: Take, snapshot: str) -> TakeId:
    """Write an archived take down as done, under its own id; returns the id of the take that now stands for it.

    A take that is here already, by id or by fingerprint, stays as it is. Raises LedgerError for one without a clip.
    """
    _refuse_unusable(take)
    known = _standing_for(tx, series, take)
    if known is not None:
        return known
    _write(tx, series, take, snapshot)
    consider(tx, take.id)
    return take.id


def import_takes(
    tx: Transaction, series: str, takes_: Sequence[Take], chosen: Sequence[Circle], snapshot: str, *, choices: bool
) -> tuple[str, ...]:
    """Write all takes of an archive down, and its choice for every shot of which nothing is known here.

    A shot that this ledger knows keeps the choice that it has here, unless `choices` asks for the archive's. Returns
    the shots (EPISODE/SCENE/SHOT) whose choice here is another one and was left alone.
    """
    known = frozenset() if choices else _known_shots(tx, series)
    names = {take.id: _standing_for(tx, series, take) or _write(tx, series, take, snapshot) for take in takes_}
    left = []
    for circle in chosen:
        take = None if circle.take is None else names.get(TakeId(circle.take))
        if circle.take is not None and take is None:
            continue  # its take was not archived
        if circle.shot not in known:
            _choose(tx, series, circle, take)
        elif circles.choice(tx, series, circle.shot) != take:
            left.append(circle.shot)
    return tuple(left)


def _known_shots(tx: Transaction, series: str) -> frozenset[str]:
    taken = select(takes.c.shot).where(takes.c.series == series)
    decided = select(circle_rows.c.shot).where(circle_rows.c.series == series)
    return frozenset(tx.conn.execute(union(taken, decided)).scalars())


def _choose(tx: Transaction, series: str, circle: Circle, take: TakeId | None) -> None:
    if take is None:
        circles.waive(tx, series, circle.shot, "waived when it was archived")
    else:
        circles.circle(tx, series, circle.shot, take, by_person=circle.by_person)


def _write(tx: Transaction, series: str, take: Take, snapshot: str) -> TakeId:
    _refuse_unusable(take)
    run = _run_of(tx, series, take, snapshot)
    _insert(tx, series, run, take)
    journal.begin(tx, take.id, run, "restored from an archive", TakeState.DONE)
    remember(tx, run, take.shot, take.ordinal, take.id)
    return take.id


def _refuse_unusable(take: Take) -> None:
    if take.state is not TakeState.DONE or take.clip is None:
        raise LedgerError(
            f"take {take.number} of {take.shot} is {take.state} in the archive; only done takes come back"
        )
    if any(sum_ is not None and not is_sum(sum_) for sum_ in (take.cost_usd, take.reported_usd)):
        raise LedgerError(f"take {take.number} of {take.shot} has a cost in the archive that is beyond any sense")


def _standing_for(tx: Transaction, series: str, take: Take) -> TakeId | None:
    same = takes.c.id == take.id
    if take.fingerprint is not None:
        order = (takes.c.series == series, takes.c.account == take.account, takes.c.fingerprint == take.fingerprint)
        live = select(takes.c.id).where(*order, takes.c.state.in_(sorted(LIVE)))
        same = same | takes.c.id.in_(live)
    found = tx.conn.execute(select(takes.c.id).where(same).order_by(takes.c.id != take.id).limit(1))
    first = found.scalar_one_or_none()
    return None if first is None else TakeId(first)


def _run_of(tx: Transaction, series: str, take: Take, snapshot: str) -> RunId:
    """The run that made it, known again by its id. It has no caps here: it orders nothing."""
    if tx.conn.execute(select(runs.c.id).where(runs.c.id == take.run)).one_or_none() is not None:
        return take.run
    return begin_run(tx, series, take.shot.partition("/")[0], snapshot, caps=None, run=take.run)


def _insert(tx: Transaction, series: str, run: RunId, take: Take) -> None:
    assert take.clip is not None
    of_shot = (takes.c.series == series, takes.c.shot == take.shot)
    numbers = tx.conn.execute(select(takes.c.number).where(*of_shot)).scalars().all()
    tx.conn.execute(
        insert(takes).values(
            id=take.id,
            series=series,
            shot=take.shot,
            number=take.number if take.number not in numbers else max(numbers) + 1,
            run=run,
            ordinal=take.ordinal,
            state=TakeState.DONE,
            wish=take.wish,
            variation=take.variation,
            provider=take.provider,
            account=take.account,
            model=take.model,
            asked_for=take.asked_for,
            rejected=take.rejected,
            refused=False,
            fingerprint=take.fingerprint,
            request_json=take.request_json,
            continuity_clip=take.continuity and take.continuity.clip_sha256,
            continuity_frame=take.continuity and take.continuity.index,
            job_id=take.job_id,
            reserved_micros=0,
            cost_micros=None if take.cost_usd is None else owed_micros(take.cost_usd),
            reported_micros=None if take.reported_usd is None else owed_micros(take.reported_usd),
            usage=take.usage,
            clip=clip_json(take.clip),
            created_at=take.created_at,
            submitted_at=take.submitted_at,
            ended_at=take.ended_at or tx.now,
        )
    )
