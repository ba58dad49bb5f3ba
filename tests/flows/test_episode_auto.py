"""Shots as long as their vendor likes: at each that sells them, the ledger's bill is the vendor's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from render.ledger import open_ledger, queries
from render.providers.registry import capabilities_of, hosted_vendors
from storyboard.takes import TakeState
from tests.clips import make_clip
from tests.flows.accounts import Account, chain, ledger_url
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import money, plain_environment, plan, shoot, takes_of
from tests.render.sandbox.standing import Standing
from tests.thinning import exhaustive, one_in

RATE = "0.07"
AUTO = [
    vendor.name
    for vendor in hosted_vendors()
    if any(model.lengths.auto for model in capabilities_of(vendor.name, {}).models.values())
]
"""Vendors that choose a length themselves."""

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """A sandbox that has its clips: 5 s and a frame, as encoders pad them."""
    state = tmp_path_factory.mktemp("sandbox")
    drawn = make_clip(state / "drawn.mp4", frames=121, size=(864, 496), sound_s=5.2).read_bytes()
    (state / "clips").mkdir()
    for look in range(6):
        (state / f"clips/864x496-5s-sound-{look}.mp4").write_bytes(drawn)
    standing = Standing(state, job_seconds=0.05)
    standing.start()
    yield standing
    standing.close()


@pytest.fixture(params=AUTO)
def account(request: pytest.FixtureRequest, standing: Standing, monkeypatch: pytest.MonkeyPatch) -> Account:
    """An account with empty books at each of them, where a second costs 7 cents unless a page says otherwise."""
    plain_environment(monkeypatch)
    account = Account(standing, request.param)
    account.renew()
    standing.agree(account.vendor, RATE)
    often = {"TAILFRAME_POLL_INTERVAL": "0.02", "TAILFRAME_CLIP_PATIENCE": "0.3"}
    for name, value in (standing.environment | often).items():
        monkeypatch.setenv(name, value)
    return account


def as_long_as_it_likes(folder: Path, account: Account, *keys: str) -> Path:
    """Shots whose length is the vendor's choice, at a price that the project states."""
    project = chain(folder, account, *keys, continuity="none")
    _edit(project / "series.yaml", prices=[{"provider": account.vendor, "usd_per_second": float(RATE)}], budget={})
    episode = project / "episodes" / "e01.yaml"
    written = json.loads(episode.read_text())
    for each in written["scenes"][0]["shots"]:
        each["duration"] = "auto"
    episode.write_text(json.dumps(written))
    return project


def _edit(file: Path, **changes: Any) -> None:
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


def charged_usd(account: Account) -> Decimal:
    """What the vendor's own books say, which know a price of every job."""
    prices = [job["price"] for job in account.jobs()]
    assert None not in prices
    return sum(map(Decimal, prices), Decimal(0))


@exhaustive
@one_in(2)
def test_what_is_spent_is_what_was_charged_for_what_came(account: Account, tmp_path: Path) -> None:
    """15 s are planned and reserved for each; 5 s come and are paid for, as the vendor's books have it."""
    project = as_long_as_it_likes(tmp_path, account, "010", "020")
    assert plan(project).estimated_cost_usd == 30 * Decimal(RATE)

    result = shoot(project)

    assert result.exit_code == 0, result.message
    assert [job["seconds"] for job in account.jobs()] == [5, 5]
    assert money(project) == (charged_usd(account), 0) == (10 * Decimal(RATE), 0)
    assert [take.cost_usd for take in takes_of(project)] == [5 * Decimal(RATE)] * 2
    assert plan(project).estimated_cost_usd == 0


@exhaustive
@one_in(2, first=1)
def test_a_budget_for_one_reaches_the_next_once_the_first_has_come(account: Account, tmp_path: Path) -> None:
    """Under the price of 20 s: the first shot of up to 15 s costs 5, and the next run makes the second."""
    project = as_long_as_it_likes(tmp_path, account, "010", "020")
    _edit(project / "series.yaml", budget={"episode": float(20 * Decimal(RATE))})

    assert shoot(project, until_budget=True).exit_code == 3
    assert money(project) == (5 * Decimal(RATE), 0)
    assert shoot(project).exit_code == 0
    assert money(project) == (charged_usd(account), 0) == (10 * Decimal(RATE), 0)


@exhaustive
@one_in(2)
def test_a_clip_that_does_not_come_holds_its_money_until_somebody_speaks(
    account: Account, standing: Standing, tmp_path: Path
) -> None:
    """Reserved through every run and in every command; once it comes it is settled, and once given up it is spent."""
    project = as_long_as_it_likes(tmp_path, account, "010")
    standing.plan(where="download", what="truncate", vendor=account.vendor, times=None)
    most = 15 * Decimal(RATE)
    for _ in range(2):
        assert shoot(project).exit_code == 1
        (take,) = takes_of(project)
        assert (take.state, take.reserved_usd, take.cost_usd) == (TakeState.GENERATED, most, None)
    assert money(project) == (0, most)
    assert take.error_message is not None
    assert "Up to $1.05 are reserved for it, as only its clip tells its length" in take.error_message
    shown = tailframe("takes", project, "e01", "lamp/010")
    assert "up to $1.05, reserved" in shown.stdout
    assert json.loads(tailframe("status", project, "e01", "--json").stdout)["reserved_usd"] == "1.05"

    standing.forgive()
    assert shoot(project).exit_code == 0

    assert len(account.jobs()) == 1
    assert money(project) == (charged_usd(account), 0) == (5 * Decimal(RATE), 0)


@one_in(2, first=1)
def test_a_clip_that_is_given_up_is_spent_to_the_last_second(
    account: Account, standing: Standing, tmp_path: Path
) -> None:
    """`reconcile --charged`: nobody knows how long it was."""
    project = as_long_as_it_likes(tmp_path, account, "010")
    standing.plan(where="download", what="truncate", vendor=account.vendor, times=None)
    assert shoot(project).exit_code == 1
    standing.forgive()
    (take,) = takes_of(project)

    assert tailframe("reconcile", project, "--take", f"{take.shot}:{take.number}", "--charged").exit_code == 0

    assert money(project) == (15 * Decimal(RATE), 0)
    with open_ledger(ledger_url(project)) as ledger:
        assert ledger.read(queries.take, take.id).state is TakeState.FAILED
