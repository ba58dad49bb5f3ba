"""A vendor's job id, written down the moment it is known, however late, and never for two takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from render.errors import LedgerConflict
from render.ledger import queries, state_machine, transitions
from render.ledger.database import Transaction
from render.ledger.records import Take, TakeId
from render.ledger.tables import takes
from storyboard.takes import TakeState

if TYPE_CHECKING:
    from render.ledger.ledger import Ledger


def record_job(ledger: Ledger, take_id: TakeId, job_id: str, words: str = "") -> None:
    """Write the vendor's job id down, as `job_known` does.

    Raises LedgerConflict where the job belongs to another take; the alarm about it is on disk by then.
    """
    other = ledger.write(job_known, take_id, job_id, words)
    if other is not None:
        raise LedgerConflict(
            f"the vendor answered take {take_id} with job {job_id}, which belongs to take {other}",
            "Look at both at the vendor, then settle this one with `tailframe reconcile`",
        )


def job_known(tx: Transaction, take_id: TakeId, job_id: str, words: str) -> TakeId | None:
    """Write the job id down, whatever the take's state, and let the take go on. Called by `record_job` alone.

    An id that comes when nobody expects it raises an alarm. Returns the other take that this job belongs to, None
    where all is well.
    """
    take = queries.take(tx, take_id)
    if take.job_id == job_id:
        return None
    owner = _owner_of(tx, take, job_id)
    if owner is not None:
        _lose_to(tx, take, job_id, owner)
        return owner
    if take.job_id is not None:
        _note_second_job(tx, take, job_id, words)
    elif not _name(tx, take, job_id, words):
        _name_late(tx, take, job_id, words)
    return None


def adopt(tx: Transaction, take_id: TakeId, job_id: str, words: str) -> None:
    """A lost order is found: the take goes on with this job.

    Raises LedgerError where the take is not unknown, or the job belongs to another take of its account.
    """
    take = queries.take(tx, take_id)
    owner = _owner_of(tx, take, job_id)
    if owner is not None:
        other = queries.take(tx, owner)
        raise LedgerConflict(
            f"job {job_id} at {take.account} already belongs to take {other.number} of {other.shot}; adopt another"
        )
    if not transitions.move(tx, take, state_machine.ADOPT, words or f"adopted job {job_id}", job_id=job_id):
        raise LedgerConflict(f"take {take.number} of {take.shot} is {take.state}; only an unknown take adopts a job")


def _owner_of(tx: Transaction, take: Take, job_id: str) -> TakeId | None:
    same = (takes.c.account == take.account, takes.c.job_id == job_id, takes.c.id != take.id)
    found = tx.conn.execute(select(takes.c.id).where(*same)).scalar_one_or_none()
    return None if found is None else TakeId(found)


def _name(tx: Transaction, take: Take, job_id: str, words: str) -> bool:
    words = words or f"job {job_id}"
    if transitions.move(tx, take, state_machine.NAME_JOB, words, job_id=job_id):
        return True
    stray = f"job {job_id} exists although nothing was said to be sent. {words}"
    return transitions.move(
        tx, take, state_machine.NAME_STRAY_JOB, stray, alarm=True, job_id=job_id, submitted_at=tx.now
    )


def _name_late(tx: Transaction, take: Take, job_id: str, words: str) -> None:
    tx.conn.execute(update(takes).where(takes.c.id == take.id).values(job_id=job_id))
    late = f"job {job_id} became known after the take had ended as {take.state}; it may be charged. {words}"
    transitions.note(tx, take, take.state, late, alarm=True)


def _note_second_job(tx: Transaction, take: Take, job_id: str, words: str) -> None:
    second = f"a second job {job_id} is said to be of this take, which has job {take.job_id}. {words}"
    transitions.note(tx, take, take.state, second, alarm=True)


def _lose_to(tx: Transaction, take: Take, job_id: str, owner: TakeId) -> None:
    words = f"the vendor named job {job_id}, which belongs to take {owner}"
    lost = take.state is TakeState.SUBMITTING and transitions.move(
        tx, take, state_machine.LOSE_ANSWER, words, alarm=True
    )
    if not lost:
        transitions.note(tx, take, take.state, words, alarm=True)
