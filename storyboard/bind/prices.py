"""What a shot costs at most, in US dollars: the upper bound that a budget reserves, every surcharge included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal

from storyboard.auto_length import AutoLength, billed_seconds
from storyboard.capabilities import Capabilities, ModelCapabilities, Rate
from storyboard.errors import Mistake, Position
from storyboard.price_proof import Receipt, StatedPrice, upper_bound
from storyboard.shot import Price
from storyboard.text.dollars import usd_per_second

_MICRO_DOLLAR = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Estimate:
    """The most that one generation can cost, rounded up to a micro-dollar. `usd` is None where nobody knows."""

    usd: Decimal | None
    stated: StatedPrice | None = None  # where only the project says that it costs so little


def estimate(
    capabilities: Capabilities,
    model: ModelCapabilities,
    prices: Sequence[Price],
    *,
    resolution: str,
    billed_s: Decimal,
    input_video_s: Decimal | None,
    upscale: str | None = None,
    receipts: Sequence[Receipt] = (),
) -> Estimate:
    """What to reserve for one generation.

    `input_video_s` is the length of all reference videos together, None where there is none. What the project states
    (`prices:`) wins over the built-in table where it is more; where it is less, it has to be proven (see
    `storyboard.price_proof`) by `receipts`, the newest first. A stated price is that of the resolution: what the
    vendor's page asks for an upscale comes on top of it. A vendor that takes no money costs 0, and no other does.
    """
    if not capabilities.paid:
        return Estimate(Decimal(0))
    surcharge = model.upscales[upscale] if upscale else Decimal(0)
    known = model.rates.get(resolution)
    published = None if known is None else _charge(_upscaled(known, surcharge), billed_s, input_video_s)
    price = _stated(prices, capabilities.provider, model.name, resolution)
    if price is None:
        return Estimate(published)
    stated_rate = _restated(price, known)
    if not _per_second(stated_rate, input_video_s):
        return Estimate(published)
    rate = _upscaled(stated_rate, surcharge)
    usd = _charge(rate, billed_s, input_video_s)
    if published is not None and usd >= published:
        return Estimate(usd)
    stated = StatedPrice(
        account=capabilities.account,
        model=model.name,
        resolution=resolution,
        upscale=upscale,
        with_video=input_video_s is not None,
        usd_per_second=_per_second(rate, input_video_s),
        seconds=_seconds(rate, billed_s, input_video_s),
        input_counts=rate.bills_input_video and input_video_s is not None,
        published_usd=published,
        vendor_tells=capabilities.tells_cost,
    )
    return Estimate(upper_bound(stated, receipts), stated)


def auto_length(
    capabilities: Capabilities, model: ModelCapabilities, *, resolution: str, input_video_s: Decimal | None
) -> AutoLength | None:
    """How a clip is billed whose length this model chooses; None where nothing is paid."""
    if not capabilities.paid:
        return None
    known, sold = model.rates.get(resolution), model.lengths
    return AutoLength(
        shortest_s=sold.min_s,
        longest_s=sold.max_s,
        step_s=sold.step_s,
        input_video_s=input_video_s if known is not None and known.bills_input_video else None,
    )


def free_prices(prices: Iterable[Price], vendors: Mapping[str, Capabilities]) -> list[Mistake]:
    """A mistake for each stated price of 0 of a vendor that takes money: a project's word does not make it free."""
    return [
        Mistake(
            price.at or Position("series.yaml"),
            f"{price.provider} takes money, and a price of 0 is only for vendors that are known to cost nothing. State "
            "what it charges you, or remove the price: a published one then counts",
        )
        for price in prices
        if 0 in {price.usd_per_second, price.usd_per_second_with_video}
        and price.provider in vendors
        and vendors[price.provider].paid
    ]


def unproven_prices(prices: Iterable[Price], vendors: Mapping[str, Capabilities]) -> list[str]:
    """A sentence for each stated price that is below the published one, or that stands where there is none."""
    told = []
    for price in prices:
        sold = vendors.get(price.provider)
        if sold is not None and sold.paid and price.usd_per_second:
            told += [f"{price.at}: {why}" for why in _unproven(price, sold)]
    return told


def _unproven(price: Price, sold: Capabilities) -> Iterable[str]:
    rates = [
        model.rates.get(resolution)
        for model in sold.models.values()
        for resolution in model.resolutions
        if price.model in {None, model.name} and price.resolution in {None, resolution}
    ]
    said = usd_per_second(price.usd_per_second)
    told = sold.tells_cost is not False
    if any(rate is not None and _is_below(_restated(price, rate), rate) for rate in rates):
        until = "until one order has proven it" if told else f"as {sold.provider} tells no cost that could prove it"
        yield f"{said} is below what {sold.provider} publishes, which stays reserved {until}"
    if None in rates:
        proof = f"one order has to prove {said} first" if told else f"caps hold as far as {said} is true"
        yield f"{sold.provider} publishes no price for some of this{'' if told else ', and tells no cost'}: {proof}"


def _is_below(one: Rate, other: Rate) -> bool:
    return any(_per_second(one, video_s) < _per_second(other, video_s) for video_s in (None, Decimal(0)))


def _upscaled(rate: Rate, surcharge: Decimal) -> Rate:
    """The rate of a clip that is made larger: every second that is billed costs so much more, with a video too."""
    with_video = rate.usd_per_second_with_video
    return replace(
        rate,
        usd_per_second=rate.usd_per_second + surcharge,
        usd_per_second_with_video=None if with_video is None else with_video + surcharge,
    )


def _charge(rate: Rate, billed_s: Decimal, input_video_s: Decimal | None) -> Decimal:
    usd = _per_second(rate, input_video_s) * _seconds(rate, billed_s, input_video_s)
    return usd.quantize(_MICRO_DOLLAR, rounding=ROUND_CEILING)


def _per_second(rate: Rate, input_video_s: Decimal | None) -> Decimal:
    if input_video_s is None or rate.usd_per_second_with_video is None:
        return rate.usd_per_second
    return rate.usd_per_second_with_video


def _seconds(rate: Rate, billed_s: Decimal, input_video_s: Decimal | None) -> Decimal:
    return billed_seconds(billed_s, input_video_s if rate.bills_input_video else None)


def _stated(prices: Sequence[Price], provider: str, model: str, resolution: str) -> Price | None:
    """The most particular price that speaks of this order: one naming the model before one naming the resolution."""
    fitting = [
        price
        for price in prices
        if price.provider == provider and price.model in (None, model) and price.resolution in (None, resolution)
    ]
    return max(fitting, key=lambda price: (price.model is not None, price.resolution is not None), default=None)


def _restated(price: Price, known: Rate | None) -> Rate:
    """A stated price changes the amount, never what the vendor counts: input seconds stay billed where they are."""
    return Rate(
        usd_per_second=price.usd_per_second,
        usd_per_second_with_video=price.usd_per_second_with_video,
        bills_input_video=known.bills_input_video if known else False,
    )
