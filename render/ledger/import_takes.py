"""Takes that come back from an archive: their clips are good and paid for elsewhere, so nothing is charged here.

What is here stays as it is, whatever the archive says: an order that is out, one that failed, a choice. Where nothing
here has the archive's clip, its take comes in beside them, and leaves out what only one take can have: an id, a job,
the fingerprint of an order that is out. So no shot of which the archive holds a clip is bought again.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, false, insert, select, union

from render.errors import LedgerConflict
from render.ledger import circles, queries, recipes, transitions
from render.ledger.circles import consider
from render.ledger.database import Transaction
from render.ledger.import_notes import import_archived
from render.ledger.money import is_sum, owed_micros
from render.ledger.records import Note, RunId, Take, TakeId
from render.ledger.rows import clip_from, clip_json
from render.ledger.runs import begin_run
from render.ledger.tables import circles as circle_rows
from render.ledger.tables import openings, runs, takes
from render.ledger.take_slots import remember
from storyboard.shot_key import ShotKey
from storyboard.takes import LIVE, Circle, TakeState


def import_take(tx: Transaction, series: str, take: Take, *, snapshot: str = "restored") -> TakeId:
    """Write an archived take down as done; returns the id of the take that now stands for it. Nothing is charged.

    One that is done here already, by id, by fingerprint or by its clip, stands for it and stays as it is. Raises
    LedgerError for one without a clip.
    """
    _refuse_unusable(take)
    known = _standing_for(tx, series, take)
    if known is not None:
        return known
    written = _write(tx, series, take, snapshot)
    consider(tx, written)
    return written


def import_takes(
    tx: Transaction,
    series: str,
    takes_: Sequence[Take],
    chosen: Sequence[Circle],
    links: Mapping[str, str] = MappingProxyType({}),
    *,
    snapshot: str,
    noted: Sequence[Note] = (),
    choices: bool = False,
) -> tuple[str, ...]:
    """Write all of an archive down: its takes with their notes, what links held, its choice for shots undecided here.

    A shot that has a choice or a good take here keeps what it has, unless `choices` asks for the archive's. Returns
    the shots (EPISODE/SCENE/SHOT) whose choice here is another one and was left alone. Nothing is charged.
    """
    recipes.import_derived(tx, links)
    decided = _decided_shots(tx, series)
    names = {take.id: _standing_for(tx, series, take) or _write(tx, series, take, snapshot) for take in takes_}
    import_archived(tx, noted, names)
    left = []
    for circle in chosen:
        take = None if circle.take is None else names.get(TakeId(circle.take))
        if circle.take is not None and take is None:
            continue  # its take was not archived
        if (choices or circle.shot not in decided) and not _is_rejected(tx, take, circle):
            _choose(tx, series, circle, take)
        elif circles.choice(tx, series, circle.shot) != take:
            left.append(circle.shot)
    _choose_what_came(tx, series, [names[take.id] for take in takes_], decided)
    return tuple(left)


def _decided_shots(tx: Transaction, series: str) -> frozenset[str]:
    """Shots that have a choice, or a good take. Orders that are out, or came to nothing, decide nothing."""
    good = select(takes.c.shot).where(takes.c.series == series, takes.c.state == TakeState.DONE)
    chosen = select(circle_rows.c.shot).where(circle_rows.c.series == series)
    return frozenset(tx.conn.execute(union(good, chosen)).scalars())


def _is_rejected(tx: Transaction, take: TakeId | None, circle: Circle) -> bool:
    """Whether somebody rejected the take here, and nobody's word in the archive says otherwise."""
    return take is not None and not circle.by_person and queries.take(tx, take).rejected


def _choose(tx: Transaction, series: str, circle: Circle, take: TakeId | None) -> None:
    if take is None:
        circles.waive(tx, series, circle.shot, "waived when it was archived", by_person=circle.by_person)
    else:
        circles.circle(tx, series, circle.shot, take, by_person=circle.by_person)


def _choose_what_came(tx: Transaction, series: str, came: Sequence[TakeId], decided: frozenset[str]) -> None:
    """Circle what came for a shot that has no choice yet: an order begun here must not be waited for instead."""
    for take in (queries.take(tx, take_id) for take_id in came):
        if take.shot in decided or take.rejected or circles.is_decided(tx, series, take.shot):
            continue
        circles.circle(tx, series, take.shot, take.id, by_person=False)


def _refuse_unusable(take: Take) -> None:
    if take.state is not TakeState.DONE or take.clip is None:
        raise LedgerConflict(
            f"take {take.number} of {take.shot} is {take.state} in the archive; only done takes come back"
        )
    if any(sum_ is not None and not is_sum(sum_) for sum_ in (take.cost_usd, take.reported_usd)):
        raise LedgerConflict(f"take {take.number} of {take.shot} has a cost in the archive that is beyond any sense")


def _standing_for(tx: Transaction, series: str, take: Take) -> TakeId | None:
    """The take that is done here and is this one, or was made of the same order, or has the same clip."""
    if take.clip is None:
        return None
    same_order: ColumnElement[bool] = false()
    if take.fingerprint is not None:
        same_order = (takes.c.account == take.account) & (takes.c.fingerprint == take.fingerprint)
    done = (takes.c.series == series, takes.c.state == TakeState.DONE, same_order | (takes.c.wish == take.wish))
    found = select(takes.c.id, takes.c.clip, same_order.label("same_order")).where(*done)
    for row in tx.conn.execute(found.order_by(takes.c.id != take.id, takes.c.number, takes.c.id)):
        clip = clip_from(row.clip)
        if row.same_order or row.id == take.id or (clip is not None and clip.sha256 == take.clip.sha256):
            return TakeId(row.id)
    return None


def _write(tx: Transaction, series: str, take: Take, snapshot: str) -> TakeId:
    _refuse_unusable(take)
    own = _left_free(tx, series, take)
    run = _run_of(tx, series, take, snapshot)
    _insert(tx, series, run, take, own)
    take_id = TakeId(own["id"])
    transitions.begin(tx, take_id, run, "restored from an archive", TakeState.DONE)
    remember(tx, run, take.shot, take.ordinal, take_id)
    return take_id


def _left_free(tx: Transaction, series: str, take: Take) -> dict[str, Any]:
    """Of what only one take can have, what no take here has: another of this order may be out, or have failed."""
    of_account = takes.c.account == take.account
    live = (takes.c.series == series, of_account, takes.c.state.in_(sorted(LIVE)))
    numbers = {*tx.conn.execute(select(takes.c.number).where(*_of_shot(series, take))).scalars()}
    return {
        "id": uuid.uuid4().hex if _is_there(tx, takes.c.id == take.id) else take.id,
        "number": take.number if take.number not in numbers else max(numbers) + 1,
        "fingerprint": None if _is_there(tx, *live, takes.c.fingerprint == take.fingerprint) else take.fingerprint,
        "job_id": None if _is_there(tx, of_account, takes.c.job_id == take.job_id) else take.job_id,
    }


def _of_shot(series: str, take: Take) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return takes.c.series == series, takes.c.shot == take.shot


def _is_there(tx: Transaction, *which: ColumnElement[bool]) -> bool:
    return tx.conn.execute(select(takes.c.id).where(*which).limit(1)).first() is not None


def _run_of(tx: Transaction, series: str, take: Take, snapshot: str) -> RunId:
    """The run that made it, known by its id, where it has room for it. A new one has no caps: it orders nothing."""
    found = tx.conn.execute(select(runs.c.series).where(runs.c.id == take.run)).scalar_one_or_none()
    if found == series and not _is_filled(tx, take):
        return take.run
    run = take.run if found is None else RunId(uuid.uuid4().hex)
    return begin_run(tx, series, ShotKey.parse(take.shot).ledger_episode, snapshot, caps=None, run=run)


def _is_filled(tx: Transaction, take: Take) -> bool:
    """Whether the run has another take in this one's place."""
    opened = (openings.c.run == take.run, openings.c.shot == take.shot, openings.c.ordinal == take.ordinal)
    place = (takes.c.run == take.run, takes.c.shot == take.shot, takes.c.ordinal == take.ordinal)
    return _is_there(tx, *place) or tx.conn.execute(select(openings.c.take).where(*opened)).first() is not None


def _insert(tx: Transaction, series: str, run: RunId, take: Take, own: Mapping[str, Any]) -> None:
    assert take.clip is not None
    tx.conn.execute(
        insert(takes).values(
            **own,
            series=series,
            shot=take.shot,
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
            request_json=take.request_json,
            continuity_clip=take.continuity and take.continuity.clip_sha256,
            continuity_frame=take.continuity and take.continuity.index,
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
