"""A clip that is paid for and does not come: what is written beside its take, and what a person can do about it."""

from __future__ import annotations

from render.clips.download import NO_CLIP
from render.context import RunContext
from render.errors import ClipRejected, TakeError, Terminal, Transient
from render.ledger import Take, settlement
from render.takes.take_job import job_of
from storyboard.takes import CLIP_DAMAGED, CLIP_MISSING
from storyboard.text.dollars import usd


def may_pass(error: Terminal | Transient) -> bool:
    """Whether it says nothing of the clip: a broken connection, a host or a vendor that is down."""
    return isinstance(error, Transient) and error.code != NO_CLIP


async def write_undelivered(context: RunContext, take: Take, error: Terminal | Transient) -> TakeError:
    """Write beside the take why its clip did not come; returns the error that says so, and what can be done."""
    damaged = isinstance(error, ClipRejected)
    how = "comes damaged" if damaged else "is not to be had"
    happened = (
        f"the clip of take {take.number} of {take.shot} {how} from {take.provider}, though its job {take.job_id} was "
        f"finished ({str(error).rstrip('. ')})"
    )
    code = CLIP_DAMAGED if damaged else CLIP_MISSING
    kind = Transient if isinstance(error, Transient) else ClipRejected if damaged else Terminal
    kept = kind(happened, ways(take), code=code, words=error.words, charged=True)
    await context.write(settlement.undelivered, take.id, code=code, words=str(kept))
    return kept


def ways(take: Take) -> str:
    """What can be done about a clip that is paid for and does not come: for nothing first, and then at a price."""
    paid = "Its cost is not known" if take.cost_usd is None else f"It cost {usd(take.cost_usd)}"
    if take.reserved_usd:
        paid = f"Up to {usd(take.reserved_usd)} are reserved for it, as only its clip tells its length"
    return (
        f"{paid}, and nothing is ordered again by itself. Fetch it again for nothing: `tailframe redownload PROJECT`, "
        f"or any run. Or give it up: `tailframe reconcile PROJECT --take {take.shot}:{take.number} --charged`; the "
        f"next run then orders it anew, {price_anew(take)}"
    )


def price_anew(take: Take) -> str:
    price = job_of(take).request.estimated_usd
    return "at a price that is not known" if price is None else f"for up to {usd(price)}"
