"""A price that only the project states is proven by one order before others follow, whoever claims them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from render.claim_errors import AccountFull, PriceUntried, Unproven, VendorStopped
from render.ledger import Ledger, Order, Take, claims, holds, import_takes, jobs, queries, runs, settlement
from render.ledger.stored_request import order_json
from storyboard.bind.binding import bind
from storyboard.price_proof import StatedPrice
from storyboard.shot import Price
from storyboard.takes import TakeState
from tests.render.ledger.stage import ACCOUNT, MINUTE, Stage, audit, clip
from tests.storyboard.stories import MASTER, shot, vendor

STATED = StatedPrice(
    account=ACCOUNT,
    model="acme-1",
    resolution="720p",
    with_video=False,
    usd_per_second=Decimal("0.05"),
    seconds=Decimal(4),
    published_usd=Decimal("0.80"),
)
BARE = replace(STATED, published_usd=None)
ORDER = order_json(
    bind(
        shot(),
        vendor(),
        series="lighthouse",
        references={},
        wish="w",
        prices=(Price(provider="acme", usd_per_second=Decimal("0.05")),),
        master=MASTER,
    )
)
THREE = ("e01/lamp/010", "e01/lamp/020", "e01/lamp/030")


def claim(stage: Stage, take: Take, stated: StatedPrice = STATED, *, order: str = ORDER) -> Decimal:
    """Claim a take whose price only the project states; what was reserved."""
    stage.ledger.write(
        claims.claim,
        take.id,
        Order(
            run=stage.run,
            owner="ann",
            request_json=order,
            fingerprint=f"order {take.id}",
            continuity=None,
            reserve_usd=stated.published_usd or stated.usd,
            stated=stated,
            lease=MINUTE,
            account_bound=None,
        ),
    )
    return stage.now(take).reserved_usd


def tell(stage: Stage, take: Take, usd: str | None) -> None:
    """The take's job ends with a clip, and its vendor tells this cost."""
    jobs.record_job(stage.ledger, take.id, f"job-{take.id}")
    cost = None if usd is None else Decimal(usd)
    stage.ledger.write(settlement.generated, take.id, cost_usd=cost, usage="", clip_url=None, expires_at=None)
    stage.ledger.write(settlement.done, take.id, clip(take.id))


def test_one_order_is_out_until_its_vendor_has_told(stage: Stage) -> None:
    """The second waits as for a place, through sending and making; then it reserves what is proven."""
    first, second, third = (stage.planned(each) for each in THREE)
    assert claim(stage, first) == Decimal("0.80")
    with pytest.raises(PriceUntried, match="take 1 of e01/lamp/010 is on its way to acme") as waits:
        claim(stage, second)
    assert isinstance(waits.value, AccountFull)
    jobs.record_job(stage.ledger, first.id, "job-1")
    with pytest.raises(PriceUntried):
        claim(stage, second)

    stage.ledger.write(
        settlement.generated, first.id, cost_usd=Decimal("0.20"), usage="", clip_url=None, expires_at=None
    )

    assert [claim(stage, each) for each in (second, third)] == [Decimal("0.20"), Decimal("0.20")]
    audit(stage.ledger)


def test_a_price_that_is_not_proven_leaves_the_published_one_and_nobody_waits(stage: Stage) -> None:
    """The vendor charged what its page says."""
    first, second, third = (stage.planned(each) for each in THREE)
    claim(stage, first)
    tell(stage, first, "0.80")
    assert [claim(stage, each) for each in (second, third)] == [Decimal("0.80"), Decimal("0.80")]


def test_a_vendor_that_tells_nothing_is_waited_for_once(stage: Stage) -> None:
    """Nothing can prove the price there: the published one stays."""
    first, second, third = (stage.planned(each) for each in THREE)
    claim(stage, first)
    tell(stage, first, None)
    assert [claim(stage, each) for each in (second, third)] == [Decimal("0.80"), Decimal("0.80")]


def test_an_order_that_came_to_nothing_proves_nothing(stage: Stage) -> None:
    """The next one is to prove the price, again alone."""
    first, second, third = (stage.planned(each) for each in THREE)
    claim(stage, first)
    jobs.record_job(stage.ledger, first.id, "job-1")
    stage.ledger.write(settlement.failed, first.id, code="broken", words="", charged=False)
    assert claim(stage, second) == Decimal("0.80")
    with pytest.raises(PriceUntried):
        claim(stage, third)


def test_other_orders_of_the_account_are_not_waited_for(stage: Stage) -> None:
    """Another size has another price."""
    first, second = (stage.planned(each) for each in THREE[:2])
    claim(stage, first, order=ORDER.replace('"720p"', '"480p"'))
    assert claim(stage, second) == Decimal("0.80")


def test_another_series_orders_prove_it_too(stage: Stage) -> None:
    """Prices are an account's."""
    first = stage.planned()
    claim(stage, first)
    tell(stage, first, "0.20")
    (receipt,) = stage.ledger.read(queries.receipts, [ACCOUNT])
    assert receipt.reported_usd == Decimal("0.20")
    other = Stage(stage.ledger, stage.ledger.write(runs.begin_run, "harbour", "e01", "snapshot", caps=None))
    assert claim(other, other.planned()) == Decimal("0.20")


def test_what_an_archive_says_of_a_cost_proves_nothing(stage: Stage, ledger: Ledger) -> None:
    """An archive may come from anybody."""
    first, second = (stage.planned(each) for each in THREE[:2])
    claim(stage, first)
    tell(stage, first, "0.20")
    told = ledger.read(queries.take, first.id)
    ledger.write(import_takes.import_take, "harbour", replace(told, id=second.id, job_id="job-other"))
    assert len(ledger.read(queries.receipts, [ACCOUNT])) == 1


def test_where_none_is_published_a_lost_order_has_to_be_settled_first(stage: Stage) -> None:
    """Nothing but the project's word says what the next would cost, and nobody answers by itself: nobody waits."""
    first, second = (stage.planned(each) for each in THREE[:2])
    assert claim(stage, first, BARE) == Decimal("0.20")
    stage.ledger.write(claims.outcome_unknown, first.id, "ann", "the connection broke")
    with pytest.raises(Unproven, match="Settle it with `tailframe reconcile`") as refused:
        claim(stage, second, BARE)
    assert not isinstance(refused.value, AccountFull)
    assert claim(stage, second) == Decimal("0.80")  # a published price is reserved, whatever became of the first


def test_more_than_the_word_said_stops_the_account_and_is_reserved_from_then_on(stage: Stage) -> None:
    """Where none is published the vendor's own figure is the best that anybody knows."""
    first, second = (stage.planned(each) for each in THREE[:2])
    claim(stage, first, BARE)
    tell(stage, first, "2.00")
    with pytest.raises(VendorStopped):
        claim(stage, second, BARE)
    stage.ledger.write(holds.acknowledge, ACCOUNT)
    assert claim(stage, second, BARE) == Decimal(2)
    assert stage.now(second).state is TakeState.SUBMITTING
