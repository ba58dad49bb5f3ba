"""Money through bad luck: odd answers, signals, previews, rival caps and a full account."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from flows.run.beginning import begin
from flows.run.session import RunOptions
from flows.run.workspace import Workspace, open_workspace
from render.context import RunContext
from render.ledger import holds, queries
from storyboard.takes import TakeState
from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import (
    FOUR_SECONDS_USD,
    buys_from,
    edit,
    film,
    ledger_of,
    manifest,
    money,
    produce,
    shoot,
    states,
    takes_of,
)
from tests.flows.forks import fork
from tests.flows.gently import produce_gently
from tests.projects import scene, shot
from tests.thinning import exhaustive, one_in


@one_in(4, first=1)
@pytest.mark.parametrize(("status", "times"), [(400, 1), (403, 1), (404, 2), (451, 2)])
def test_an_odd_answer_to_a_download_never_writes_a_paid_clip_off(
    status: int, times: int, acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host that stumbles for a moment costs a run at most: the next one fetches what was paid for."""
    buys_from(acme, monkeypatch)
    acme.script(on="download", do="answer", status=status, times=times)
    project = film(tmp_path, scene("lamp", shot("010")))

    shoot(project)
    again = shoot(project)

    assert (again.exit_code, states(again)) == (0, {"lamp/010": "done"})
    assert len(acme.jobs()) == 1


@exhaustive
@pytest.mark.parametrize("bill", ["5e12", "-1", "NaN", "1e400"])
def test_a_bill_beyond_any_sense_spoils_nothing(
    bill: str, acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The episode is cut, its books say what was reserved, an alarm waits; once it is seen, the series goes on."""
    buys_from(acme, monkeypatch)
    acme.script(on="job", do="charge", usd=bill)
    project = film(tmp_path, scene("lamp", shot("010")), budget={"series": 10})

    assert produce(project).exit_code == 0

    assert manifest(project)["cost"] == {"estimated_usd": "0.400000", "actual_usd": "0.40"}
    assert money(project) == (FOUR_SECONDS_USD, 0)
    assert json.loads(tailframe("status", project, "e01", "--json").stdout)["spent_usd"] == "0.40"
    assert "beyond any sense" in tailframe("status", project, "e01").stdout
    edit(project, '"id": "010"', '"id": "010", "notes": "as it was"')
    assert produce(project).exit_code == 0
    edit(project, "{{ mara }} waits", "{{ mara }} sleeps")
    assert produce(project).exit_code == 1
    assert tailframe("acknowledge", project, "acme").exit_code == 0
    assert produce(project).exit_code == 0
    assert (len(acme.jobs()), money(project)) == (2, (2 * FOUR_SECONDS_USD, 0))


@exhaustive
@pytest.mark.parametrize(
    "signals",
    [(signal.SIGTERM,), (signal.SIGINT, signal.SIGINT), (signal.SIGTERM,) * 3, (signal.SIGHUP, signal.SIGQUIT)],
)
def test_a_signal_while_an_order_is_answered_loses_no_job(
    signals: tuple[signal.Signals, ...], acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopping a run, even impatiently, waits for the answer that names a paid job."""
    buys_from(acme, monkeypatch)
    acme.script(on="create", do="stall", seconds=1.5, when="after")
    project = film(tmp_path, scene("lamp", shot("010")))
    run = fork(produce_gently, project, environment=acme.process_environment(ACME_LISTS_JOBS="0"))
    while not acme.jobs():
        assert run.lives()
        time.sleep(0.02)
    for each in signals:
        run.send(each)
        time.sleep(0.1)
    run.finish()

    (take,) = takes_of(project)
    assert (take.state, take.job_id) == (TakeState.SUBMITTED, acme.jobs()[0].id)
    assert shoot(project).exit_code == 0
    assert len(acme.jobs()) == 1


@exhaustive
def test_a_preview_orders_nothing_even_where_asking_again_would(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lost order is looked for by runs that may buy, and by no others."""
    buys_from(acme, monkeypatch, ACME_REPLAYS="1")
    acme.script(on="create", do="drop")
    project = film(tmp_path, scene("lamp", shot("010")))
    produce(project)
    assert [take.state for take in takes_of(project)] == [TakeState.UNKNOWN]

    assert produce(project, preview=True).exit_code == 0

    assert acme.jobs() == []
    assert produce(project).exit_code == 0
    assert len(acme.jobs()) == 1


def test_a_hold_stops_asking_again_too(acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the first order never arrived, asking again is ordering."""
    buys_from(acme, monkeypatch, ACME_REPLAYS="1")
    acme.script(on="create", do="drop")
    project = film(tmp_path, scene("lamp", shot("010")))
    shoot(project)
    with ledger_of(project) as ledger:
        ledger.write(holds.hold, "lighthouse", "ada", "the client is thinking")

    assert states(shoot(project)) == {"lamp/010": "unknown"}
    assert acme.jobs() == []


def test_a_run_on_a_series_on_hold_says_who_holds_it_and_why(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is ordered, and the obstacle stands once in the account, however many shots meet it."""
    buys_from(acme, monkeypatch)
    project = film(tmp_path, scene("lamp", shot("010"), shot("020", "{{ tomas }} waits", continuity="none")))
    with ledger_of(project) as ledger:
        ledger.write(holds.hold, "lighthouse", "ada", "the client is thinking")

    result = shoot(project)

    assert (result.exit_code, set(states(result).values()), acme.jobs()) == (1, {"planned"}, [])
    assert result.message.count("ada holds lighthouse: the client is thinking. `tailframe release`") == 1


def test_a_take_that_was_begun_and_is_not_asked_for_is_planned_and_not_running(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No vendor has it: a run of another shot says so, as `status` does."""
    buys_from(acme, monkeypatch)
    acme.script(on="create", do="answer", status=402, words="no credits")
    project = film(tmp_path, scene("lamp", shot("010"), shot("020")))
    assert states(shoot(project)) == {"lamp/010": "failed", "lamp/020": "blocked"}

    result = shoot(project, shots=frozenset({"lamp/010"}))

    assert states(result) == {"lamp/010": "done", "lamp/020": "planned"}
    assert result.outcomes[1].message == "take 1 was begun, and is not ordered yet"


@exhaustive
def test_another_run_does_not_lift_a_runs_own_day_cap(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A night under a budget of 40 cents stays under it while somebody looks at a preview."""
    buys_from(acme, monkeypatch)
    acme.script(on="job", do="slow", seconds=1)
    project = film(tmp_path, scene("lamp", shot("010"), shot("020", "{{ tomas }} waits", continuity="none")))

    async def night() -> int:
        async with open_workspace(project) as workspace:
            asked = RunOptions(episode="e01", day_budget_usd=FOUR_SECONDS_USD, until_budget=True)
            async with begin(workspace, asked) as session:
                async with open_workspace(project) as other, begin(other, RunOptions(episode="e01", preview=True)):
                    pass
                async with open_workspace(project) as other, begin(other, RunOptions(episode="e01")):
                    pass
                await session.make_all(session.production.make)
                return (await session.finish()).exit_code

    assert asyncio.run(night()) == 3
    assert acme.charged_usd() == FOUR_SECONDS_USD


def test_a_full_account_is_waited_for_only_so_long(acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A place that nobody frees ends the run as not done, and is no reason to hang."""
    buys_from(acme, monkeypatch, ACME_CONCURRENT_JOBS="1")
    acme.script(on="job", do="slow", seconds=600, times=1)
    project = film(tmp_path, scene("lamp", shot("010"), shot("020", "{{ tomas }} waits", continuity="none")))

    result = _hurried(project)

    assert (result[0], sorted(result[1].values())) == (1, ["planned", "running"])


@exhaustive
def test_what_costs_nothing_passes_a_cap_that_is_passed_already(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cap lowered below what was spent stops buying, not looking."""
    buys_from(acme, monkeypatch)
    project = film(tmp_path, scene("lamp", shot("010")))
    produce(project)
    series = json.loads((project / "series.yaml").read_text())
    (project / "series.yaml").write_text(json.dumps(series | {"budget": {"series": 0.1}}))

    assert produce(project).exit_code == 0
    assert produce(project, preview=True).exit_code == 0


@exhaustive
def test_an_episode_that_is_done_needs_no_key(acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys are for ordering: a finished episode can be cut again by anybody."""
    buys_from(acme, monkeypatch)
    project = film(tmp_path, scene("lamp", shot("010")))
    produce(project)
    monkeypatch.delenv("ACME_API_KEY")

    assert produce(project).exit_code == 0


@exhaustive
def test_a_paid_take_takes_the_circle_from_an_animatic(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cut uses what was bought, not the stills that came before it."""
    buys_from(acme, monkeypatch)
    project = film(tmp_path, scene("lamp", shot("010")), provider="animatic")
    produce(project)
    edit(project, '"animatic"', '"acme"', "series.yaml")
    produce(project)

    with ledger_of(project) as ledger:
        (circle,) = ledger.read(queries.circles, "lighthouse")
        assert circle.take is not None
        assert ledger.read(queries.take, circle.take).provider == "acme"


def _hurried(project: Path) -> tuple[int, dict[str, str]]:
    """A run with a second's patience."""

    class Impatient(Workspace):
        def run_context(self, *args: object, **kwargs: object) -> RunContext:
            return replace(Workspace.run_context(self, *args, **kwargs), patience=timedelta(seconds=1))  # type: ignore[arg-type]

    async def run() -> tuple[int, dict[str, str]]:
        async with open_workspace(project) as workspace:
            parts = {name: getattr(workspace, name) for name in Workspace.__dataclass_fields__}
            async with begin(Impatient(**parts), RunOptions(episode="e01")) as session:
                await session.make_all(session.production.make)
                return (await session.finish()).exit_code, states_of(session)

    def states_of(session: object) -> dict[str, str]:
        outcomes = session.production.outcomes  # type: ignore[attr-defined]
        return {key: outcome.state.value for key, outcome in outcomes.items()}

    return asyncio.run(run())


@exhaustive
def test_spent_money_is_what_the_vendor_counts(acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After all of a small episode's ups and downs, the two sets of books agree."""
    buys_from(acme, monkeypatch)
    acme.script(on="job", do="fail", times=1)
    acme.script(on="create", do="answer", status=429, headers={"Retry-After": "0"}, times=1)
    project = film(tmp_path)
    produce(project)
    produce(project)

    with ledger_of(project) as ledger:
        spent, reserved = ledger.read(queries.money, "lighthouse")
    assert (spent, reserved) == (acme.charged_usd(), Decimal(0))
