"""A price that only the project states counts once its vendor has told that an order cost no more."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from storyboard.capabilities import Rate
from storyboard.errors import InvalidProject
from storyboard.loading import Project
from storyboard.plan.episode_plan import Choices, Plan, plan
from storyboard.plan.project_check import check
from storyboard.price_proof import Proof, Receipt, StatedPrice, doubt, proof_of, upper_bound
from storyboard.request import ReferenceFacts
from storyboard.shot import Episode, Price
from tests.projects import series_file, write_project
from tests.storyboard.stories import shot, story, vendor

STATED = StatedPrice(
    account="acme",
    model="acme-1",
    resolution="720p",
    with_video=False,
    usd_per_second=Decimal("0.05"),
    seconds=Decimal(4),
    published_usd=Decimal("0.80"),
)
BARE = replace(STATED, published_usd=None)
TOLD = Receipt(
    account="acme",
    model="acme-1",
    resolution="720p",
    with_video=False,
    billed_s=Decimal(8),
    reported_usd=Decimal("0.40"),
)
DEARER = replace(TOLD, reported_usd=Decimal("0.80"))
SILENT = replace(TOLD, reported_usd=None)
OTHERS = [
    replace(TOLD, account="acme:studio-b"),
    replace(TOLD, account="acme@stand-in"),
    replace(TOLD, model="acme-2"),
    replace(TOLD, resolution="480p"),
    replace(TOLD, with_video=True),
    replace(TOLD, upscale="4k"),
]


@pytest.mark.parametrize(
    ("stated", "receipts", "proof", "reserved"),
    [
        pytest.param(STATED, [], Proof.UNTRIED, "0.80", id="nothing was ordered yet"),
        pytest.param(STATED, OTHERS, Proof.UNTRIED, "0.80", id="other orders prove nothing"),
        pytest.param(STATED, [TOLD], Proof.PROVEN, "0.20", id="as stated, by the second"),
        pytest.param(STATED, [DEARER], Proof.DISPROVEN, "0.80", id="twice as much, and less than published"),
        pytest.param(STATED, [TOLD, DEARER], Proof.PROVEN, "0.20", id="the newest counts: a contract that came"),
        pytest.param(STATED, [DEARER, TOLD], Proof.DISPROVEN, "0.80", id="the newest counts: one that went"),
        pytest.param(STATED, [SILENT], Proof.UNTOLD, "0.80", id="asked once, and told nothing"),
        pytest.param(STATED, [SILENT, TOLD], Proof.PROVEN, "0.20", id="told before"),
        pytest.param(replace(STATED, vendor_tells=False), [], Proof.UNTOLD, "0.80", id="never tells"),
        pytest.param(replace(STATED, vendor_tells=True), [SILENT], Proof.UNTRIED, "0.80", id="told nothing for once"),
        pytest.param(BARE, [], Proof.UNTRIED, "0.20", id="none is published"),
        pytest.param(BARE, [TOLD], Proof.PROVEN, "0.20", id="none is published, and as stated"),
        pytest.param(BARE, [DEARER], Proof.DISPROVEN, "0.40", id="none is published, and what was told holds"),
        pytest.param(BARE, [SILENT], Proof.UNTOLD, "0.20", id="none is published, and none told"),
    ],
)
def test_the_highest_is_reserved_until_the_vendor_has_told_better(
    stated: StatedPrice, receipts: list[Receipt], proof: Proof, reserved: str
) -> None:
    """What is proven is reserved as stated; all else at the highest that anybody has told."""
    assert proof_of(stated, receipts) is proof
    assert upper_bound(stated, receipts) == Decimal(reserved)
    assert (doubt(stated, receipts) is None) == (proof is Proof.PROVEN)


def test_seconds_of_videos_that_come_in_count_against_the_proof() -> None:
    """Where they are billed and not known any more, an order counts for twice its length, and never for more."""
    stated = replace(STATED, with_video=True, input_counts=True, seconds=Decimal(10))
    told = replace(TOLD, with_video=True)
    assert proof_of(stated, [replace(told, reported_usd=Decimal("0.80"))]) is Proof.PROVEN
    assert proof_of(stated, [replace(told, reported_usd=Decimal("0.81"))]) is Proof.DISPROVEN


def stating(
    usd: str, *, rates: dict[str, Rate] | None = None, receipts: tuple[Receipt, ...] = (), **price: str
) -> Plan:
    """A plan of two shots, 80 cents each by the published price, under a stated one."""
    more = {name: Decimal(amount) for name, amount in price.items()}
    sold = vendor() if rates is None else vendor(rates=rates)
    prices = (Price(provider="acme", usd_per_second=Decimal(usd), **more),)  # type: ignore[arg-type]
    episode = replace(story(shot(), shot("lamp/020")), prices=prices)
    return plan(episode, {"acme": sold}, {}, (), (), receipts=receipts)


def test_a_plan_counts_with_the_published_price_and_says_so_once() -> None:
    """However many shots are under it."""
    planned = stating("0.05")
    assert planned.estimated_cost_usd == Decimal("1.60")
    (told,) = planned.doubts
    assert told.startswith("acme acme-1 at 720p: the stated price of $0.05 a second is below the published one")


def test_a_plan_counts_with_what_is_proven_and_says_nothing() -> None:
    """The next plan is the cheaper one."""
    planned = stating("0.05", receipts=(TOLD,))
    assert (planned.estimated_cost_usd, planned.doubts) == (Decimal("0.40"), ())


def test_a_stated_price_above_the_published_one_needs_no_proof() -> None:
    """It is the safer one."""
    planned = stating("0.5")
    assert (planned.estimated_cost_usd, planned.doubts) == (Decimal(4), ())


def test_a_stated_price_where_none_is_published_is_told_to_be_a_word() -> None:
    """It is all there is to go by."""
    planned = stating("0.05", rates={})
    assert planned.estimated_cost_usd == Decimal("0.40")
    assert "no price is published, and one order has to prove the stated $0.05 a second" in planned.doubts[0]


@pytest.mark.parametrize("price", [{"usd": "0"}, {"usd": "0.1", "usd_per_second_with_video": "0"}])
def test_a_price_of_nothing_for_a_vendor_that_takes_money_is_a_mistake(price: dict[str, str]) -> None:
    """A project's word makes nothing free."""
    with pytest.raises(InvalidProject, match="acme takes money, and a price of 0 is only for vendors that are known"):
        stating(**price)  # type: ignore[arg-type]


def test_a_price_of_nothing_keeps_nobody_from_what_is_made() -> None:
    """A cut orders nothing: what old projects state stands in nobody's way there."""
    episode = replace(story(shot()), prices=(Price(provider="acme", usd_per_second=Decimal(0)),))
    planned = plan(episode, {"acme": vendor()}, {}, (), (), Choices(shots=frozenset()))
    assert planned.estimated_cost_usd == 0


def test_check_says_where_a_price_of_nothing_is_written(tmp_path: Path) -> None:
    """File, line and remedy, and only for vendors that take money."""
    prices = [{"provider": name, "usd_per_second": 0} for name in ("acme", "animatic")]
    project = write_project(tmp_path, series=series_file(defaults={"provider": ["acme", "animatic"]}, prices=prices))
    sold = {"acme": vendor(), "animatic": replace(vendor(), provider="animatic", paid=False)}

    def no_facts(_project: Project, _episode: Episode) -> dict[str, ReferenceFacts]:
        return {}

    (mistake,) = [each for each in check(project, None, sold.__getitem__, no_facts) if "price of 0" in each.message]
    line = (project / "series.yaml").read_text().splitlines()[mistake.at.line - 1]
    assert mistake.at.file == "series.yaml"
    assert line[mistake.at.column - 1 :].startswith("0")
    assert "State what it charges you, or remove the price" in mistake.message
