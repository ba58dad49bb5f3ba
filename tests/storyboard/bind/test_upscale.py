"""A clip that is made larger: who sells it, how large it is, and what it costs at most."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from storyboard.bind.binding import bind
from storyboard.capabilities import Capabilities, Rate
from storyboard.errors import CannotBind
from storyboard.identity import wish
from storyboard.plan.episode_plan import Action
from storyboard.price_proof import Receipt
from storyboard.request import Request
from storyboard.shot import Price
from storyboard.takes import TakeState
from tests.storyboard.stories import MASTER, Simulation, only, shot, story, take, vendor

LARGER = {"4k": Decimal("0.14")}
SELLS = vendor(upscales=LARGER)


def ask(capabilities: Capabilities = SELLS, prices: Any = (), receipts: Any = (), **wishes: Any) -> Request:
    """Bind four seconds that are made larger."""
    one = shot(**({"upscale": "4k"} | wishes))
    return bind(one, capabilities, series="s", wish="w", master=MASTER, references={}, prices=prices, receipts=receipts)


def test_the_surcharge_is_on_top_of_the_size_that_is_generated() -> None:
    """By the second that is bought."""
    assert ask().estimated_usd == 4 * (Decimal("0.20") + Decimal("0.14"))
    assert ask(resolution="480p").estimated_usd == 4 * (Decimal("0.10") + Decimal("0.14"))
    assert ask(vendor(upscales=LARGER, rates={})).estimated_usd is None


@pytest.mark.parametrize(("ratio", "size"), [("16:9", (3840, 2160)), ("9:16", (2160, 3840)), ("1:1", (2160, 2160))])
def test_the_clip_is_expected_as_large_as_it_is_made(ratio: str, size: tuple[int, int]) -> None:
    """Whatever pixels the size that is generated has."""
    request = ask(aspect_ratio=ratio, resolution="480p")
    assert (request.width, request.height) == size


def test_a_shape_of_the_vendors_choice_is_hoped_to_be_the_masters() -> None:
    """As large as it is made."""
    request = ask(vendor(upscales=LARGER, aspect_ratios=("auto",)), aspect_ratio="auto")
    assert (request.width, request.height) == (3840, 2160)


def test_a_vendor_that_sells_none_names_those_that_do() -> None:
    """Nothing is left out silently."""
    with pytest.raises(CannotBind, match=r"acme-1 makes no clip larger to 4k.*\(animatic, kinovi\)"):
        ask(vendor(upscale_vendors=("animatic", "kinovi")))


def test_what_is_generated_is_not_made_as_large_again() -> None:
    """It would be paid for and change nothing."""
    with pytest.raises(CannotBind, match="4k is generated already"):
        ask(vendor(upscales=LARGER, resolutions=("4k",)), resolution="4k")


def test_a_stated_price_is_of_the_size_and_the_published_surcharge_stays_on_top() -> None:
    """So an upscale is never reserved at less than it may cost."""
    higher = Price(provider="acme", usd_per_second=Decimal("0.5"))
    assert ask(prices=[higher]).estimated_usd == 4 * Decimal("0.64")
    lower = Price(provider="acme", usd_per_second=Decimal("0.1"))
    untried = ask(prices=[lower])
    assert untried.estimated_usd == 4 * Decimal("0.34"), "the published price, until one order has proven the other"
    assert untried.stated is not None
    assert (untried.stated.upscale, untried.stated.usd_per_second) == ("4k", Decimal("0.24"))
    receipt = Receipt(
        account="acme",
        model="acme-1",
        resolution="720p",
        with_video=False,
        billed_s=Decimal(4),
        reported_usd=Decimal("0.4"),
    )
    assert ask(prices=[lower], receipts=[receipt]).estimated_usd == 4 * Decimal("0.34"), "a plain order proves nothing"
    proof = replace(receipt, upscale="4k", reported_usd=Decimal("0.96"))
    assert ask(prices=[lower], receipts=[proof]).estimated_usd == 4 * Decimal("0.24")


def test_where_no_price_is_published_the_surcharge_is_still_reserved() -> None:
    """The price that is stated knows nothing of it."""
    bare = vendor(upscales=LARGER, rates={})
    stated = Price(provider="acme", usd_per_second=Decimal("0.1"))
    assert ask(bare, prices=[stated]).estimated_usd == 4 * Decimal("0.24")
    doubled = vendor(upscales=LARGER, rates={"720p": Rate(usd_per_second=Decimal("0.05"))})
    assert ask(doubled, prices=[stated]).estimated_usd == 4 * Decimal("0.24")


@pytest.mark.parametrize("state", [TakeState.DONE, TakeState.SUBMITTED, TakeState.GENERATED])
def test_a_take_of_a_size_that_is_not_sold_any_more_goes_on_serving(state: TakeState) -> None:
    """Earlier versions bought `resolution: 4k` as an upscale: what they bought is neither refused nor bought again."""
    old = story(shot(resolution="4k"))
    simulation = Simulation(SELLS)
    simulation.takes.append(take(wish(old.shots[0], {}), state=state))
    planned = only(simulation, old)
    assert planned.action is (Action.REUSE if state is TakeState.DONE else Action.RESUME)
    assert (planned.take, planned.estimated_cost_usd) == ("take-1", 0)
