"""A vendor that has its hands full is waited for; one that can make nothing is left alone for the rest of a run."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from flows.run.beginning import begin
from flows.run.session import RunOptions
from flows.run.workspace import open_workspace
from render.errors import Transient
from render.ledger import queries
from render.takes.outcomes import Outcome, ShotState
from tests.acme.fixture import Acme
from tests.flows.accounts import Account, chain, make_shots, sandbox
from tests.flows.episodes import (
    FOUR_SECONDS_USD,
    buys_from,
    edit,
    film,
    ledger_of,
    made,
    money,
    shoot,
    takes_of,
)
from tests.projects import scene, shot
from tests.render.sandbox.standing import Standing
from tests.thinning import exhaustive, one_in


@exhaustive
def test_an_order_that_is_put_off_waits_and_is_sent_in_the_same_run(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A 429 leaves no trace but itself: the same take is claimed again, and there is one job and one charge."""
    buys_from(acme, monkeypatch)
    acme.script(on="create", do="answer", status=429, headers={"Retry-After": "0"}, words="too many jobs")
    project = film(tmp_path, scene("lamp", shot("010")))

    result = shoot(project)

    assert (result.exit_code, made(result)) == (0, ["lamp/010"])
    (take,), (job,) = takes_of(project), acme.jobs()
    assert (take.number, take.job_id) == (1, job.id)
    assert money(project) == (acme.charged_usd(), 0)
    with ledger_of(project) as ledger:
        moves = [event.to_state.value for event in ledger.read(queries.events, take.id)]
        assert not ledger.read(queries.alarms)
    assert moves[:5] == ["planned", "submitting", "planned", "submitting", "submitted"]
    assert len(acme.heard("create")) == 2


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    with sandbox(tmp_path_factory.mktemp("sandbox") / "state", job_seconds=0) as standing:
        yield standing


def fail_every_job(account: Account, code: str, words: str) -> None:
    """From now on this vendor takes each order, and fails its job for a reason that concerns all of them."""
    with closing(sqlite3.connect(account.standing.state / "sandbox.sqlite", timeout=10)) as books, books:
        books.execute(
            f"CREATE TRIGGER fail_{account.vendor} AFTER INSERT ON jobs WHEN NEW.vendor = '{account.vendor}' "
            f"BEGIN UPDATE jobs SET code = '{code}', words = '{words}' WHERE n = NEW.n; END"
        )


@one_in(2)
@pytest.mark.parametrize(
    ("vendor", "failure", "charged"),
    [
        pytest.param("evolink", ("quota_exceeded", "Your quota is used up"), 0, id="evolink, which gives it back"),
        pytest.param("oxen", ("", "Insufficient credits"), 1, id="oxen, which does not say"),
    ],
)
def test_a_job_that_failed_for_want_of_credit_speaks_of_the_whole_vendor(
    standing: Standing,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    vendor: str,
    failure: tuple[str, str],
    charged: int,
) -> None:
    """Nothing more is ordered there in this run; the shot and its successor go to the next vendor that they name."""
    account = Account(standing, vendor)
    for name, value in account.environment.items():
        monkeypatch.setenv(name, value)
    fail_every_job(account, *failure)
    project = chain(tmp_path, account, providers=[vendor, "animatic"])

    assert make_shots(project) == {"lamp/010": "done", "lamp/020": "done"}

    assert account.creates() == 1
    assert [(take.provider, take.state.value) for take in takes_of(project, "lamp/010")] == [
        (vendor, "failed"),
        ("animatic", "done"),
    ]
    assert {take.provider for take in takes_of(project, "lamp/020") if take.state == "done"} == {"animatic"}
    assert money(project) == (charged * account.shot_usd, Decimal(0))


def test_no_other_vendor_is_paid_while_the_very_same_order_is_out(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shot whose take gave way to an order that is out has an order out, though its own take was never sent."""
    buys_from(acme, monkeypatch)
    acme.script(on="job", do="slow", seconds=60)
    scenes = scene("lamp", shot("010", audio=False, sound="waves"))
    project = film(tmp_path, scenes, defaults={"provider": ["acme", "animatic"]})
    shoot(project, patience=timedelta(milliseconds=1))
    edit(project, "waves", "gulls")  # another wish; without sound the order is the same to the letter
    acme.script(on="poll", do="answer", status=401, times=None)

    result = shoot(project, patience=timedelta(milliseconds=1))

    assert result.exit_code == 1
    assert [(take.provider, take.state.value) for take in takes_of(project)] == [
        ("acme", "submitted"),
        ("acme", "cancelled"),
    ]
    assert money(project) == (Decimal(0), FOUR_SECONDS_USD)


def test_a_shot_that_is_asked_for_again_goes_on_with_the_vendor_that_it_came_to(
    acme: Acme, standing: Standing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second of three vendors stumbles, then can make nothing: the third one is asked."""
    buys_from(acme, monkeypatch, **standing.environment)
    standing.plan(where="create", what="no_credit", vendor="aihubmax", times=None)
    acme.script(on="create", do="answer", status=402, times=None)
    acme.stop()
    project = film(
        tmp_path,
        scene("lamp", shot("010", "A lamp is lit"), location=None),
        defaults={"provider": ["aihubmax", "acme", "animatic"]},
        styles={"gouache": {"description": "flat gouache"}},
    )

    async def make_twice() -> Outcome:
        async with open_workspace(project) as workspace, begin(workspace, RunOptions(episode="e01")) as session:
            with pytest.raises(Transient):
                await session.production.make("lamp/010")
            acme.start()
            return await session.production.make("lamp/010")

    assert asyncio.run(make_twice()).state is ShotState.DONE
    assert [(take.provider, take.state.value) for take in takes_of(project)] == [
        ("aihubmax", "failed"),
        ("acme", "failed"),
        ("animatic", "done"),
    ]
