"""Whether a price that only the project states is what its vendor charges: what one order has to prove before others.

A project may come from anybody, and a budget is only as good as the prices that it is held with. So a stated price that
is under the published one, or that stands where none is published, is not relied on until the vendor itself has told
what such an order cost.

    untried     the higher of stated and published is reserved, and one order is out at a time
    proven      what the vendor told last is within the stated price: that is reserved
    disproven   it told more: the highest that anybody has told is reserved
    untold      it tells no cost: the published price stays, or the stated one where there is none
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from storyboard.text.dollars import short_usd, usd_per_second

_MICRO_DOLLAR = Decimal("0.000001")


class Proof(StrEnum):
    """What is known of a stated price; this module's table says what is reserved by each."""

    UNTRIED = "untried"
    PROVEN = "proven"
    DISPROVEN = "disproven"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """An order that gave a clip, and what its vendor told of the cost. The ledger fills it."""

    account: str
    model: str
    resolution: str
    with_video: bool  # a reference video was sent along
    billed_s: Decimal | None  # None while the vendor's choice of length is not known: its clip is on its way
    reported_usd: Decimal | None  # None where the vendor told nothing
    upscale: str | None = None  # what the clip was made larger to


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedPrice:
    """The price of one order by the project's word alone. Money in US dollars."""

    account: str
    model: str
    resolution: str
    with_video: bool
    usd_per_second: Decimal
    seconds: Decimal  # that this order is billed, those of reference videos included where they are
    input_counts: bool = False  # they are: an order is then billed for twice its own length at the least
    published_usd: Decimal | None  # what the vendor's page asks for this order; None: it asks nothing
    vendor_tells: bool | None = None  # whether it tells what a job cost; None: not known before it was asked
    upscale: str | None = None  # what the clip is made larger to; `usd_per_second` holds its published surcharge

    @property
    def usd(self) -> Decimal:
        """What this order costs by the stated price, in US dollars."""
        return _up(self.usd_per_second * self.seconds)


def proof_of(stated: StatedPrice, receipts: Sequence[Receipt]) -> Proof:
    """How the price stands by these receipts, the newest first. Those of other orders say nothing of it."""
    told = _told_last(stated, receipts)
    if told is not None:
        return Proof.PROVEN if told <= stated.usd_per_second else Proof.DISPROVEN
    if stated.vendor_tells is False:
        return Proof.UNTOLD
    silent = (receipt for receipt in receipts if receipt.reported_usd is None)
    asked_in_vain = stated.vendor_tells is None and any(is_alike(stated, receipt) for receipt in silent)
    return Proof.UNTOLD if asked_in_vain else Proof.UNTRIED


def upper_bound(stated: StatedPrice, receipts: Sequence[Receipt]) -> Decimal:
    """What to reserve for the order in US dollars, by what is known so far."""
    told = _told_last(stated, receipts)
    match proof_of(stated, receipts):
        case Proof.PROVEN:
            return stated.usd
        case Proof.DISPROVEN if told is not None:
            return max(stated.usd, stated.published_usd or Decimal(0), _up(told * stated.seconds))
        case _:
            return max(stated.usd, stated.published_usd or Decimal(0))


def doubt(stated: StatedPrice, receipts: Sequence[Receipt]) -> str | None:
    """Why the stated price is not simply believed, for whoever reads a plan; None where it is proven."""
    larger = f" upscaled to {stated.upscale}" if stated.upscale else ""
    video = " with a video" if stated.with_video else ""
    what = f"{stated.account} {stated.model} at {stated.resolution}{larger}{video}"
    said = usd_per_second(stated.usd_per_second)
    published = stated.published_usd is not None
    where = f"{what}: the stated price of {said} is below the published one"
    match proof_of(stated, receipts), published:
        case Proof.UNTRIED, True:
            return f"{where}, which is reserved until one order has proven it; others wait for that one"
        case Proof.UNTRIED, False:
            return f"{what}: no price is published, and one order has to prove the stated {said}; others wait for it"
        case Proof.UNTOLD, True:
            return f"{where}, which stays reserved: no cost is told there that could prove it"
        case Proof.UNTOLD, False:
            return f"{what}: no price is published and no cost told, so caps hold as far as the stated {said} is true"
        case Proof.DISPROVEN, _:
            told = short_usd(_up(_told_last(stated, receipts) or Decimal(0)))
            return f"{what}: the stated price is {said}, and {told} was charged last; the highest known is reserved"
    return None


def is_alike(stated: StatedPrice, receipt: Receipt) -> bool:
    """Whether the receipt is of an order that costs as much a second as the one with this stated price."""
    ours = (stated.account, stated.model, stated.resolution, stated.upscale, stated.with_video)
    return ours == (receipt.account, receipt.model, receipt.resolution, receipt.upscale, receipt.with_video)


def _told_last(stated: StatedPrice, receipts: Sequence[Receipt]) -> Decimal | None:
    """The dollars a second that the vendor charged last for such an order; None where it never told."""
    for receipt in receipts:
        if receipt.reported_usd is not None and receipt.billed_s is not None and is_alike(stated, receipt):
            return receipt.reported_usd / (receipt.billed_s * 2 if stated.input_counts else receipt.billed_s)
    return None


def _up(usd: Decimal) -> Decimal:
    return usd.quantize(_MICRO_DOLLAR, rounding=ROUND_CEILING)
