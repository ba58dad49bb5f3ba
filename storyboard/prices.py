"""What a shot costs at most, in US dollars: the upper bound that a budget reserves, every surcharge included."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal

from storyboard.capabilities import Capabilities, ModelCapabilities, Rate
from storyboard.shot import Price

_MICRO_DOLLAR = Decimal("0.000001")


def estimate(
    capabilities: Capabilities,
    model: ModelCapabilities,
    prices: Sequence[Price],
    *,
    resolution: str,
    billed_s: Decimal,
    input_video_s: Decimal | None,
) -> Decimal | None:
    """The most that one generation can cost, rounded up to a micro-dollar. None where the price is not known.

    `input_video_s` is the length of all reference videos together, None where there is none. What the project states
    (`prices:`) wins over the built-in table; a vendor that takes no money costs 0.
    """
    if not capabilities.paid:
        return Decimal(0)
    known = model.rates.get(resolution)
    stated = _stated(prices, capabilities.provider, model.name, resolution)
    rate = _restated(stated, known) if stated else known
    if rate is None:
        return None
    return _charge(rate, billed_s, input_video_s).quantize(_MICRO_DOLLAR, rounding=ROUND_CEILING)


def _charge(rate: Rate, billed_s: Decimal, input_video_s: Decimal | None) -> Decimal:
    if input_video_s is None:
        return rate.usd_per_second * billed_s
    with_video = rate.usd_per_second if rate.usd_per_second_with_video is None else rate.usd_per_second_with_video
    seconds = max(input_video_s, billed_s) + billed_s if rate.bills_input_video else billed_s
    return with_video * seconds


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
