"""How a take ends, and what it cost: every end settles the money in the rows that it was reserved in.

Each step returns False, and has changed nothing then, where the take stands elsewhere by now: somebody else made the
same transition before, or another end came first.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from render.errors import LedgerConflict
from render.ledger import budget, queries, state_machine, transitions
from render.ledger.circles import consider
from render.ledger.database import Transaction
from render.ledger.holds import stop
from render.ledger.money import dollars, is_sum, owed_micros
from render.ledger.records import WRITTEN_OFF, Take, TakeId
from render.ledger.rows import auto_length_from, clip_json
from render.ledger.tables import takes
from render.redaction import redact
from storyboard.takes import ClipFacts, TakeState
from storyboard.text.dollars import usd


def generated(
    tx: Transaction,
    take_id: TakeId,
    *,
    cost_usd: Decimal | None,
    usage: str,
    clip_url: str | None,
    expires_at: datetime | None,
) -> bool:
    """The clip exists and is paid for. What the vendor reports replaces the estimate; more than that is an alarm.

    So is a report that can be no sum of money: it is kept raw, and what was reserved counts, as it does where
    `cost_usd` is None. `expires_at` is when the clip's link ends. Where the vendor tells nothing and chose the length
    itself, the reservation stays until the clip is here, which `done` knows the length of.
    """
    take = queries.take(tx, take_id)
    if cost_usd is None and _is_of_open_length(tx, take):
        waits = f"up to {usd(take.reserved_usd)} stay reserved until the clip tells its length"
        link: dict[str, Any] = {"usage": usage, "clip_url": clip_url, "clip_url_expires_at": expires_at}
        return transitions.move(tx, take, state_machine.GENERATE, waits, **link)
    reported = None if cost_usd is None or not is_sum(cost_usd) else owed_micros(cost_usd)
    nonsense = cost_usd is not None and reported is None
    cost = _estimate(tx, take) if reported is None else reported
    why = _senseless(take, cost) if nonsense else _excess(tx, take, cost)
    told = f"{usage}; a cost of {cost_usd!s:.80}".removeprefix("; ") if nonsense else usage
    link = {"usage": told, "clip_url": clip_url, "clip_url_expires_at": expires_at}
    paid: dict[str, Any] = {"reserved_micros": 0, "cost_micros": cost, "reported_micros": reported}
    if not transitions.move(tx, take, state_machine.GENERATE, why or _paid(cost), alarm=bool(why), **link, **paid):
        return False
    budget.settle(tx, take, cost or 0)
    if why:
        stop(tx, take.account, why)
    return True


def done(tx: Transaction, take_id: TakeId, clip: ClipFacts) -> bool:
    """The clip is in the store and was checked; it is circled where the shot waits for one.

    What is still reserved for it is settled by the seconds that came, see `storyboard.auto_length`.
    """
    take = queries.take(tx, take_id)
    told: dict[str, Any] = {"clip": clip_json(clip)}
    told |= {"error_code": None, "error_message": None}  # it did not come before, perhaps
    length = auto_length_from(take.request_json) if take.reserved_usd else None
    if length is None:
        return _end_reserved(tx, take, state_machine.FINISH, f"clip {clip.sha256}", **told)
    bought_s = length.bought_s(clip.duration_s, clip.fps)
    cost = owed_micros(length.spent_usd(take.reserved_usd, bought_s))
    words = f"clip {clip.sha256}; {bought_s.normalize():f} s came, {_paid(cost)}"
    return _end_reserved(tx, take, state_machine.FINISH, words, cost=cost, **told)


def failed(
    tx: Transaction, take_id: TakeId, *, code: str, words: str, refused: bool = False, charged: bool | None
) -> bool:
    """The job ended without a usable clip. It counts as spent unless the vendor documents or reports the refund.

    Only `charged` False says so; None is not known. `refused`: the vendor objects to what was asked for.
    """
    take = queries.take(tx, take_id)
    return _end_paid(
        tx, take, state_machine.FAIL, charged, words, error_code=code, error_message=words, refused=refused
    )


def refused_at_create(
    tx: Transaction, take_id: TakeId, owner: str, *, code: str, words: str, refused: bool, charged: bool | None = False
) -> bool:
    """The vendor clearly refused the order itself: failed, and free unless `charged` says otherwise.

    False also where this owner does not hold the claim any more.
    """
    take = queries.take(tx, take_id)
    if take.owner != owner:
        return False
    error = {"error_code": code, "error_message": words, "refused": refused}
    return _end_paid(tx, take, state_machine.REFUSE, charged, words, owner=owner, **error)


def cancelled(tx: Transaction, take_id: TakeId, words: str, *, charged: bool | None) -> bool:
    """The job was called off before it gave a clip. It counts as spent unless `charged` is False."""
    take = queries.take(tx, take_id)
    return _end_paid(tx, take, state_machine.CANCEL, charged, words, error_code="cancelled", error_message=words)


def clip_lost(tx: Transaction, take_id: TakeId, words: str) -> bool:
    """The vendor takes back that the job gave a clip, and charges nothing for it. What it cost is given back."""
    return _give_back(tx, queries.take(tx, take_id), state_machine.LOSE_CLIP, words, "clip_lost")


def undelivered(tx: Transaction, take_id: TakeId, *, code: str, words: str) -> bool:
    """The clip of a finished job came damaged or not at all: it stays paid for, and nothing takes its place.

    `code` is one of `storyboard.takes.UNDELIVERED`.
    """
    take = queries.take(tx, take_id)
    if take.state is not TakeState.GENERATED:
        return False
    told = {"error_code": code, "error_message": redact(words)}
    still = (takes.c.id == take.id, takes.c.state == take.state)
    if tx.conn.execute(update(takes).where(*still).values(**told)).rowcount != 1:
        return False
    transitions.note(tx, take, take.state, words)
    return True


def give_up(tx: Transaction, take: Take, words: str) -> bool:
    """A person wants another take than this one, which is paid for and whose clip did not come. The cost stays."""
    return _end_reserved(tx, take, state_machine.SETTLE, words, error_code=WRITTEN_OFF, error_message=words)


def settle_unknown(tx: Transaction, take_id: TakeId, words: str, *, charged: bool) -> None:
    """A person says how an order ended that nobody can ask about: failed, whose reservation is spent or released.

    Raises LedgerError where it has ended already, or was never sent.
    """
    take = queries.take(tx, take_id)
    code = WRITTEN_OFF if charged else "settled_not_charged"
    if take.state is TakeState.GENERATED and not charged:
        _give_back(tx, take, state_machine.SETTLE, words, code)
        return
    if not _end_paid(tx, take, state_machine.SETTLE, charged, words, error_code=code, error_message=words):
        which = "only one that was ordered and has not ended can be settled"
        raise LedgerConflict(f"take {take.number} of {take.shot} is {take.state}; {which}")


def settle_by_hand(
    tx: Transaction, take_id: TakeId, *, charged: bool, by: str = "a person", seen: str | None = None
) -> None:
    """`settle_unknown` in the words of whoever says it. `seen` is the state in which they saw the take; None: any.

    Raises LedgerConflict, also where it stands otherwise by now.
    """
    take = queries.take(tx, take_id)
    if seen is not None and take.state != seen:
        raise LedgerConflict(
            f"take {take.number} of {take.shot} is {take.state} by now", "Look at it, then decide again"
        )
    words = f"{'charged' if charged else 'not charged'}, by {by}'s word"
    settle_unknown(tx, take_id, words, charged=charged)


def _give_back(tx: Transaction, take: Take, step: state_machine.Move, words: str, code: str) -> bool:
    """What a clip cost was spent when it was made; its vendor, or a person, says that it is off the bill."""
    paid = owed_micros(take.cost_usd or Decimal(0))
    if not _end(tx, take, step, words, reserved_micros=0, cost_micros=0, error_code=code, error_message=words):
        return False
    budget.settle(tx, take, -paid)
    return True


def _end_paid(
    tx: Transaction, take: Take, step: state_machine.Move, charged: bool | None, words: str, **changes: Any
) -> bool:
    """End a take that may hold a reservation; one that was settled before keeps its cost."""
    if take.state in (TakeState.PLANNED, TakeState.GENERATED):
        return _end_reserved(tx, take, step, words, **changes)
    cost = 0 if charged is False else _estimate(tx, take)
    if not _end(tx, take, step, words, reserved_micros=0, cost_micros=cost, **changes):
        return False
    budget.settle(tx, take, cost or 0)
    return True


def _end_reserved(
    tx: Transaction, take: Take, step: state_machine.Move, words: str, *, cost: int | None = None, **changes: Any
) -> bool:
    """End a take whose cost is settled, or whose reservation is still here: `cost` of it is spent, else all of it."""
    if not take.reserved_usd:
        return _end(tx, take, step, words, **changes)
    spent = owed_micros(take.reserved_usd) if cost is None else cost
    if not _end(tx, take, step, words, reserved_micros=0, cost_micros=spent, **changes):
        return False
    budget.settle(tx, take, spent)
    return True


def _end(tx: Transaction, take: Take, step: state_machine.Move, words: str, **changes: Any) -> bool:
    if not transitions.move(tx, take, step, words, **changes):
        return False
    consider(tx, take.id)
    return True


def _is_of_open_length(tx: Transaction, take: Take) -> bool:
    """Whether only its clip will tell how much of what was set aside is spent."""
    return bool(_estimate(tx, take)) and auto_length_from(take.request_json) is not None


def _estimate(tx: Transaction, take: Take) -> int | None:
    """All that was set aside; None where the price was not known."""
    estimate = tx.conn.execute(select(takes.c.estimate_micros).where(takes.c.id == take.id)).scalar_one()
    return None if estimate is None else int(estimate)


def _excess(tx: Transaction, take: Take, cost: int | None) -> str:
    estimate = _estimate(tx, take)
    if cost is None or estimate is None or cost <= estimate:
        return ""
    paid, reserved = usd(dollars(cost)), usd(dollars(estimate))
    return f"take {take.number} of {take.shot} cost {paid}, more than the {reserved} reserved for it"


def _senseless(take: Take, cost: int | None) -> str:
    counted = "nothing counts" if cost is None else f"the {usd(dollars(cost))} reserved for it count"
    return (
        f"the vendor told a cost of take {take.number} of {take.shot} that is beyond any sense; {counted} instead. "
        "Look at the vendor's own bill"
    )


def _paid(cost: int | None) -> str:
    return "cost not known" if cost is None else f"cost {usd(dollars(cost))}"
