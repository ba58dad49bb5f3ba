"""A clip whose length its vendor chose is paid for by what came: reserved for the longest until it is here."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from render.claim_errors import BudgetRefused, PriceUntried
from render.ledger import Ledger, Take, claims, jobs, queries, settlement, take_slots
from render.ledger.stored_request import order_json
from storyboard.auto_length import AutoLength
from storyboard.bind.binding import bind
from storyboard.capabilities import Lengths, Rate
from storyboard.price_proof import upper_bound
from storyboard.request import Request
from storyboard.shot import Caps, MediaKind, Price, Reference, Role
from storyboard.takes import CLIP_DAMAGED, CLIP_MISSING, ClipFacts, TakeState
from tests.render.ledger.stage import ACCOUNT, SERIES, Stage, audit, clip, want
from tests.render.ledger.test_stated_prices import claim as claim_stated
from tests.storyboard.stories import MASTER, facts_of, shot, vendor

AUTO = Lengths(min_s=Decimal(4), max_s=Decimal(15), auto=True)
FILM = Reference(
    kind=MediaKind.VIDEO, role=Role.EXTRA, name="swell", label="swell", source="references/extra/swell.mp4"
)


def ordered(*, prices: tuple[Price, ...] = (), film: bool = False, **sold: Any) -> Request:
    """An order of a clip as long as the vendor likes."""
    wanted = shot(duration_s=None, references=(FILM,) if film else ())
    return bind(
        wanted,
        vendor(**{"lengths": AUTO, **sold}),
        series=SERIES,
        references=facts_of(wanted),
        wish="w",
        prices=prices,
        master=MASTER,
    )


def came(seconds: int, *, padding: int = 1) -> ClipFacts:
    """A clip of so many whole seconds and a frame or so, at 24 frames a second."""
    frames = 24 * seconds + padding
    duration_s = Decimal(frames) / 24
    return replace(clip(), frames=frames, fps=Fraction(24), duration_s=duration_s, frame_times_us=None)


def generated(stage: Stage, request: Request, shot_key: str = "e01/a/1") -> Take:
    """A take of this order whose job gave a clip, at a vendor that tells no cost."""
    take = stage.planned(shot_key)
    stage.claim(take, reserve=str(request.estimated_usd), request_json=order_json(request))
    return stage.generate(stage.submit(take))


def test_the_longest_stays_reserved_until_the_clip_tells_its_length(stage: Stage) -> None:
    """15 s at 20 cents are $3; of them a clip of 5.04 s costs $1, in every budget, and the rest is free."""
    take = generated(stage, ordered())
    assert (take.state, take.reserved_usd, take.cost_usd) == (TakeState.GENERATED, 3, None)
    assert stage.budget("series") == stage.budget("day") == (0, 3)
    audit(stage.ledger)

    assert stage.ledger.write(settlement.done, take.id, came(5))
    assert not stage.ledger.write(settlement.done, take.id, came(9))

    now = stage.now(take)
    assert (now.state, now.reserved_usd, now.cost_usd, now.reported_usd) == (TakeState.DONE, 0, 1, None)
    for scope in ("series", "episode", "day", "run"):
        assert stage.budget(scope) == (1, 0)
    words = [event.words for event in stage.ledger.read(queries.events, take.id)]
    assert any("5 s came, cost $1.00" in each for each in words)
    audit(stage.ledger)


def test_a_clip_that_is_longer_than_any_that_is_sold_costs_what_was_reserved(stage: Stage) -> None:
    """Never more."""
    take = generated(stage, ordered())
    stage.ledger.write(settlement.done, take.id, came(17))
    assert stage.now(take).cost_usd == 3
    audit(stage.ledger)


def test_reference_videos_are_counted_as_the_estimate_counted_them(stage: Stage) -> None:
    """At 25 cents with a film of 4 s; and where the vendor bills max(in, out) + out, at 10 cents."""
    rates = {"720p": Rate(usd_per_second=Decimal("0.20"), usd_per_second_with_video=Decimal("0.25"))}
    plain = generated(stage, ordered(film=True, rates=rates), "e01/a/1")
    both = {
        "720p": Rate(usd_per_second=Decimal("0.20"), usd_per_second_with_video=Decimal("0.10"), bills_input_video=True)
    }
    billed = generated(stage, ordered(film=True, rates=both), "e01/a/2")
    assert (plain.reserved_usd, billed.reserved_usd) == (Decimal("3.75"), 3)
    for take in (plain, billed):
        stage.ledger.write(settlement.done, take.id, came(6))
    assert stage.now(plain).cost_usd == Decimal("1.50")
    assert stage.now(billed).cost_usd == Decimal("1.20")  # (max(4, 6) + 6) x 10 cents
    audit(stage.ledger)


def test_what_a_vendor_tells_is_what_counts(stage: Stage) -> None:
    """A report replaces the reservation at once, also for a length of the vendor's choice."""
    request = ordered()
    take = stage.planned()
    stage.claim(take, reserve="3", request_json=order_json(request))
    take = stage.generate(stage.submit(take), cost="0.90")
    assert (take.reserved_usd, take.cost_usd) == (0, Decimal("0.90"))
    stage.ledger.write(settlement.done, take.id, came(5))
    assert stage.now(take).cost_usd == Decimal("0.90")
    audit(stage.ledger)


def test_an_order_of_an_earlier_version_is_settled_as_it_was(stage: Stage) -> None:
    """It does not say how its length is billed: all that was reserved is spent."""
    take = generated(stage, replace(ordered(), auto_length=None))
    assert (take.reserved_usd, take.cost_usd) == (0, 3)
    stage.ledger.write(settlement.done, take.id, came(5))
    assert stage.budget("series") == (3, 0)
    audit(stage.ledger)


def test_what_has_no_known_price_stays_so(stage: Stage) -> None:
    """Nothing was set aside, so the clip settles nothing."""
    take = stage.planned()
    stage.claim(take, reserve=None, request_json=order_json(ordered(rates={})))
    take = stage.generate(stage.submit(take))
    assert (take.reserved_usd, take.cost_usd) == (0, None)
    stage.ledger.write(settlement.done, take.id, came(5))
    assert (stage.now(take).cost_usd, stage.budget("series")) == (None, (0, 0))


def test_caps_see_the_reservation_until_the_clip_is_here(ledger: Ledger) -> None:
    """Under $5 a second order of up to $3 has to wait for the first one's clip, and fits then."""
    stage = Stage.begin(ledger, Caps(series=Decimal(5)))
    first, second = generated(stage, ordered()), stage.planned("e01/a/2")
    with pytest.raises(BudgetRefused):
        stage.claim(second, reserve="3")
    stage.ledger.write(settlement.done, first.id, came(5))
    stage.claim(second, reserve="3")
    audit(stage.ledger)


@pytest.mark.parametrize("code", [CLIP_DAMAGED, CLIP_MISSING])
def test_a_clip_that_does_not_come_keeps_its_reservation(stage: Stage, code: str) -> None:
    """Until it comes after all, and tells what it cost."""
    take = generated(stage, ordered())
    assert stage.ledger.write(settlement.undelivered, take.id, code=code, words="not yet")
    assert (stage.now(take).reserved_usd, stage.budget("run")) == (3, (0, 3))
    audit(stage.ledger)
    assert stage.ledger.write(settlement.done, take.id, came(4))
    assert stage.budget("run") == (Decimal("0.80"), 0)
    audit(stage.ledger)


def test_a_clip_that_is_given_up_costs_all_that_was_reserved(stage: Stage) -> None:
    """By `--charged`, or by a new take in its place: nobody will ever know how long it was."""
    settled, replaced = generated(stage, ordered(), "e01/a/1"), generated(stage, ordered(), "e01/a/2")
    stage.ledger.write(settlement.settle_unknown, settled.id, "it is on the bill", charged=True)
    stage.ledger.write(settlement.undelivered, replaced.id, code=CLIP_MISSING, words="gone")
    again = replace(want("e01/a/2", new=True), gives_up=(replaced.id,))
    stage.ledger.write(take_slots.open_takes, stage.run, [again])
    for take in (settled, replaced):
        now = stage.now(take)
        assert (now.state, now.reserved_usd, now.cost_usd) == (TakeState.FAILED, 0, 3)
    assert stage.budget("series") == (6, 0)
    audit(stage.ledger)


@pytest.mark.parametrize("who", ["the vendor", "a person"])
def test_what_is_taken_back_costs_nothing(stage: Stage, who: str) -> None:
    """Its reservation is released, once."""
    take = generated(stage, ordered())
    if who == "the vendor":
        assert stage.ledger.write(settlement.clip_lost, take.id, "it failed after all")
        assert not stage.ledger.write(settlement.clip_lost, take.id, "it failed after all")
    else:
        stage.ledger.write(settlement.settle_unknown, take.id, "it is off the bill", charged=False)
    now = stage.now(take)
    assert (now.state, now.reserved_usd, now.cost_usd) == (TakeState.FAILED, 0, 0)
    assert stage.budget("series") == (0, 0)
    audit(stage.ledger)


def test_an_unusable_clip_was_still_paid_for(stage: Stage) -> None:
    """As with any other length."""
    take = generated(stage, ordered())
    assert stage.ledger.write(settlement.failed, take.id, code="cliprejected", words="black", charged=False)
    assert (stage.now(take).cost_usd, stage.budget("series")) == (3, (3, 0))
    audit(stage.ledger)


def test_a_lost_order_that_is_adopted_is_settled_by_its_clip(stage: Stage) -> None:
    """The reservation goes along, from the claim to the clip."""
    take = stage.planned()
    stage.claim(take, reserve="3", request_json=order_json(ordered()))
    stage.ledger.write(claims.outcome_unknown, take.id, "ann", "the connection broke")
    stage.ledger.write(jobs.adopt, take.id, "job-1", "there it is")
    stage.generate(stage.now(take))
    stage.ledger.write(settlement.done, take.id, came(10))
    assert stage.budget("series") == (2, 0)
    audit(stage.ledger)


def test_of_a_stated_price_the_share_is_of_what_was_reserved(stage: Stage) -> None:
    """5 cents stated, 20 published, and no cost told: 20 cents a second are reserved, and 20 are counted."""
    request = ordered(prices=(Price(provider="acme", usd_per_second=Decimal("0.05")),), tells_cost=False)
    assert request.stated is not None
    take = stage.planned()
    claim_stated(stage, take, request.stated, order=order_json(request))
    take = stage.generate(stage.submit(take))
    assert take.reserved_usd == 3
    stage.ledger.write(settlement.done, take.id, came(5))
    assert stage.now(take).cost_usd == 1


def test_a_price_is_proven_by_the_seconds_that_came_and_not_by_those_reserved(stage: Stage) -> None:
    """$1 told for a clip of 5 s is 20 cents a second, and no proof of 7. Until the clip is here the others wait."""
    request = ordered(prices=(Price(provider="acme", usd_per_second=Decimal("0.07")),))
    stated, order = request.stated, order_json(request)
    assert stated is not None
    first, second = stage.planned("e01/a/1"), stage.planned("e01/a/2")
    claim_stated(stage, first, stated, order=order)
    stage.generate(stage.submit(first), cost="1")
    with pytest.raises(PriceUntried, match="take 1 of e01/a/1 is on its way"):
        claim_stated(stage, second, stated, order=order)

    stage.ledger.write(settlement.done, first.id, came(5))

    (receipt,) = stage.ledger.read(queries.receipts, [ACCOUNT])
    assert (receipt.billed_s, receipt.reported_usd) == (5, 1)
    assert claim_stated(stage, second, stated, order=order) == 3 == upper_bound(stated, [receipt])
    audit(stage.ledger)


def test_a_clip_that_never_came_is_thought_as_short_as_it_may_be(stage: Stage) -> None:
    """Else a price would be read too low; and nobody waits for ever."""
    request = ordered(prices=(Price(provider="acme", usd_per_second=Decimal("0.07")),))
    stated, order = request.stated, order_json(request)
    assert stated is not None
    first, second = stage.planned("e01/a/1"), stage.planned("e01/a/2")
    claim_stated(stage, first, stated, order=order)
    stage.generate(stage.submit(first), cost="0.40")
    stage.ledger.write(settlement.undelivered, first.id, code=CLIP_MISSING, words="gone")
    (receipt,) = stage.ledger.read(queries.receipts, [ACCOUNT])
    assert receipt.billed_s == 4
    assert claim_stated(stage, second, stated, order=order) == 3


def test_an_earlier_versions_receipt_counts_the_seconds_that_came(stage: Stage) -> None:
    """It does not say in which steps its vendor sells: in whole seconds, as all of them do."""
    request = replace(ordered(), auto_length=None)
    take = stage.planned()
    stage.claim(take, reserve="3", request_json=order_json(request))
    stage.generate(stage.submit(take), cost="1")
    stage.ledger.write(settlement.done, take.id, came(5))
    (receipt,) = stage.ledger.read(queries.receipts, [ACCOUNT])
    assert receipt.billed_s == 5


def test_only_a_length_of_the_vendors_choice_is_open() -> None:
    """A shot's own length is bought as it is; what costs nothing needs no settling."""
    plain = vendor(lengths=AUTO)
    fixed = bind(shot(), plain, series=SERIES, references={}, wish="w", master=MASTER)
    assert fixed.auto_length is None
    assert ordered(paid=False).auto_length is None
    assert ordered().auto_length == AutoLength(shortest_s=Decimal(4), longest_s=Decimal(15), step_s=Decimal(1))
