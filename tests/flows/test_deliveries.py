"""A clip that is paid for and does not come whole is never given up by itself, and never ordered again by itself."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flows.run.session import Result
from flows.run.workspace import Workspace
from render.context import RunContext
from render.ledger import queries
from storyboard.plan.episode_plan import PlannedShot
from storyboard.takes import CLIP_DAMAGED, TakeState
from tests.acme.fixture import Acme
from tests.flows.accounts import make_shots
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import (
    FOUR_SECONDS_USD,
    buys_from,
    circled,
    film,
    forget_clips,
    ledger_of,
    made,
    money,
    plan,
    produce,
    shoot,
    states,
    takes_of,
)
from tests.projects import scene, shot
from tests.thinning import exhaustive, one_in

SHOT = "lamp/010"
PAGE = "<!doctype html><title>Sign in</title>"


@pytest.fixture
def project(acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One shot to buy."""
    buys_from(acme, monkeypatch)
    return one_shot(tmp_path)


def one_shot(folder: Path, **keys: Any) -> Path:
    return film(folder, scene("lamp", shot("010", "{{ mara }} lights the lamp", **keys)))


def spoil(acme: Acme, how: str = "corrupt", times: int | None = None, **more: Any) -> None:
    """Let the clip come damaged, for ever unless said otherwise."""
    acme.script(on="download", do=how, times=times, **more)


def only(result: Result) -> str:
    (outcome,) = result.outcomes
    return outcome.message


def planned(project: Path, **choices: Any) -> PlannedShot:
    (found,) = plan(project, **choices).shots
    return found


def nothing_ordered(acme: Acme, jobs: int = 1) -> None:
    assert len(acme.jobs()) == len(acme.heard("create")) == jobs


def events_of(project: Path, number: int = 1) -> list[str]:
    take = next(take for take in takes_of(project, SHOT) if take.number == number)
    with ledger_of(project) as ledger:
        return [event.words for event in ledger.read(queries.events, take.id)]


@exhaustive
def test_a_login_page_for_some_seconds_costs_some_seconds(acme: Acme, project: Path) -> None:
    """The very same page, over and over, is no damaged clip: the run waits, and the shot is there."""
    acme.script(on="download", do="text", words=PAGE, times=3)

    result = shoot(project)

    assert (result.exit_code, states(result)) == (0, {SHOT: "done"})
    nothing_ordered(acme)


@exhaustive
def test_a_login_page_that_stays_leaves_the_clip_to_the_next_run(acme: Acme, project: Path) -> None:
    """The shot fails for this run, with what came in its place; the take stays paid for, and goes on."""
    acme.script(on="download", do="text", words=PAGE, times=None)
    for _ in range(2):
        result = shoot(project)
        assert (result.exit_code, states(result)) == (1, {SHOT: "failed"})
        assert "<title>Sign in</title>" in only(result)
        assert f"tailframe reconcile PROJECT --take e01/{SHOT}:1 --charged" in only(result)
        assert [take.state for take in takes_of(project)] == [TakeState.GENERATED]
    assert planned(project).action == "resume"

    acme.forgive()

    assert shoot(project).exit_code == 0
    nothing_ordered(acme)
    assert money(project) == (acme.charged_usd(), 0) == (FOUR_SECONDS_USD, 0)


@one_in(2)
@pytest.mark.parametrize("how", ["corrupt", "truncate"])
def test_a_damaged_clip_stays_paid_for_and_is_fetched_by_every_run(acme: Acme, project: Path, how: str) -> None:
    """Run after run nothing is ordered; once its file is whole the shot is done, and nothing is said of it any more."""
    spoil(acme, how)
    for _ in range(2):
        result = shoot(project)
        assert (result.exit_code, states(result)) == (1, {SHOT: "failed"})
        (take,) = takes_of(project)
        assert (take.state, take.error_code, take.cost_usd) == (TakeState.GENERATED, CLIP_DAMAGED, FOUR_SECONDS_USD)
    assert only(result) == take.error_message
    nothing_ordered(acme)

    acme.forgive()
    mended = shoot(project)

    assert (mended.exit_code, made(mended)) == (0, [SHOT])
    (take,) = takes_of(project)
    assert (take.state, take.error_code, take.error_message) == (TakeState.DONE, None, None)
    nothing_ordered(acme)
    assert money(project) == (acme.charged_usd(), 0) == (FOUR_SECONDS_USD, 0)


def test_what_can_be_done_about_a_damaged_clip_is_told_with_its_price(acme: Acme, project: Path) -> None:
    """The way that costs nothing first, then the other; by the run, the plan, the status and the take's own record."""
    spoil(acme)
    said = only(shoot(project))

    free, paid = "tailframe redownload PROJECT", f"tailframe reconcile PROJECT --take e01/{SHOT}:1 --charged"
    places = [said.index(each) for each in ("It cost $0.40, and nothing is ordered", free, paid, "for up to $0.40")]
    assert places == sorted(places)
    assert said in events_of(project)
    shown = planned(project)
    assert (shown.action, shown.estimated_cost_usd) == ("resume", 0)
    assert "comes damaged from acme" in shown.reason
    assert paid in shown.reason
    status = json.loads(tailframe("status", project, "e01", "--json").stdout)
    (told,) = status["shots"]
    assert (told["state"], told["takes"][0]["error"]) == ("failed", {"code": CLIP_DAMAGED, "message": said})


def test_redownload_fetches_what_is_whole_by_now_and_orders_nothing(acme: Acme, project: Path) -> None:
    """While the clip is damaged it names the take and ends with 1; then the clip is in the store, and circled."""
    spoil(acme)
    shoot(project)

    failed = tailframe("redownload", project)
    assert (failed.exit_code, failed.stdout) == (1, f"e01/{SHOT}:1\n")
    assert "nothing was ordered" in failed.stderr

    acme.forgive()
    for asked in (["e01", "--shots", SHOT], []):
        done = tailframe("redownload", project, *asked)
        assert (done.exit_code, done.stdout) == (0, ""), done.stderr
    assert circled(project, SHOT) == 1
    assert shoot(project).exit_code == 0
    assert len(acme.heard("download")) == 5
    nothing_ordered(acme)


@exhaustive
def test_redownload_brings_a_lost_clip_back_and_leaves_work_under_way(acme: Acme, project: Path) -> None:
    """A clip that the store lost is fetched; a job that is not finished is no clip yet, and nobody waits for it."""
    assert produce(project).exit_code == 0
    forget_clips(project)

    done = tailframe("redownload", project, "e01")

    assert done.exit_code == 0, done.stderr
    assert f"e01/{SHOT}:1 is in the store" in done.stderr
    acme.script(on="job", do="slow", seconds=3600)
    assert states(shoot(project, new_take=True, patience=timedelta(seconds=0.3))) == {SHOT: "running"}
    under_way = tailframe("redownload", project)
    assert under_way.exit_code == 0, under_way.stderr
    assert f"e01/{SHOT}:2 is not finished" in under_way.stderr
    nothing_ordered(acme, jobs=2)


def test_redownload_says_what_it_cannot_be_asked(project: Path) -> None:
    """Shots need their episode, and names that there are not are told with the nearest one."""
    assert tailframe("redownload", project, "--shots", SHOT).exit_code == 2
    assert tailframe("redownload", project, "e02").exit_code == 2
    wrong = tailframe("redownload", project, "e01", "--shots", "lamp/011")
    assert wrong.exit_code == 2
    assert SHOT in wrong.stderr


def test_a_person_may_give_a_damaged_clip_up(acme: Acme, project: Path) -> None:
    """By `reconcile --charged`: what it cost stays spent, the plan says what another costs, and one is ordered."""
    spoil(acme, times=3)
    shoot(project)

    assert tailframe("reconcile", project, "--take", f"e01/{SHOT}:1", "--charged").exit_code == 0

    shown = planned(project)
    assert (shown.action, shown.estimated_cost_usd) == ("generate", FOUR_SECONDS_USD)
    assert shoot(project).exit_code == 0
    assert [take.state.value for take in takes_of(project)] == ["failed", "done"]
    assert money(project) == (acme.charged_usd(), 0) == (2 * FOUR_SECONDS_USD, 0)
    nothing_ordered(acme, jobs=2)


def test_a_damaged_clip_that_the_vendor_takes_off_the_bill_is_not_spent(acme: Acme, project: Path) -> None:
    """By `reconcile --not-charged`, a person's word too."""
    spoil(acme)
    shoot(project)

    assert tailframe("reconcile", project, "--take", f"e01/{SHOT}:1", "--not-charged").exit_code == 0

    assert money(project) == (0, 0)
    assert [(take.state.value, take.cost_usd) for take in takes_of(project)] == [("failed", Decimal(0))]


def test_a_new_take_is_a_persons_word_too(acme: Acme, project: Path) -> None:
    """The plan says that the damaged one is given up and what the new one costs; only then is one ordered."""
    spoil(acme)
    shoot(project)
    acme.forgive()

    shown = planned(project, new_take=True)
    assert (shown.action, shown.variations, shown.estimated_cost_usd) == ("generate", (1,), FOUR_SECONDS_USD)
    assert "take 1, whose clip comes damaged from acme, is given up for it and stays paid" in shown.reason
    assert [take.state for take in takes_of(project)] == [TakeState.GENERATED]
    result = shoot(project, new_take=True)

    assert (result.exit_code, made(result)) == (0, [SHOT])
    first, second = takes_of(project)
    assert (first.state, first.error_code, first.cost_usd) == (TakeState.FAILED, "settled_charged", FOUR_SECONDS_USD)
    assert (second.state, circled(project, SHOT)) == (TakeState.DONE, 2)
    assert money(project) == (acme.charged_usd(), 0) == (2 * FOUR_SECONDS_USD, 0)
    nothing_ordered(acme, jobs=2)


@exhaustive
def test_a_new_take_of_another_shot_gives_nothing_up(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person's word counts for the shots that it names."""
    buys_from(acme, monkeypatch)
    project = film(tmp_path, scene("lamp", shot("010", "lights the lamp"), shot("020", "waits", continuity="none")))
    spoil(acme, prompt="lights the lamp")
    assert states(shoot(project)) == {SHOT: "failed", "lamp/020": "done"}

    shoot(project, new_take=True, shots=frozenset({"lamp/020"}))

    assert [take.state for take in takes_of(project, SHOT)] == [TakeState.GENERATED]
    nothing_ordered(acme, jobs=3)


def test_a_good_take_beside_a_damaged_one_serves_the_shot(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two that were opened together one decides nothing while it is damaged, in this run and in the next."""
    buys_from(acme, monkeypatch)
    project = one_shot(tmp_path, takes=2)
    spoil(acme, times=2)

    for _ in range(2):
        result = shoot(project)
        assert (result.exit_code, states(result)) == (0, {SHOT: "done"})
        if len(acme.heard("download")) == 3:
            assert sorted(take.state.value for take in takes_of(project)) == ["done", "generated"]
    nothing_ordered(acme, jobs=2)


class FreeWorkspace(Workspace):
    """A workspace whose vendors are known to cost nothing."""

    def run_context(self, *given: Any, **named: Any) -> RunContext:
        """The run's context, for nothing."""
        context = Workspace.run_context(self, *given, **named)
        for provider in context.providers.values():
            provider._capabilities = replace(provider.capabilities, paid=False)  # type: ignore[attr-defined]
        return context


def test_a_damaged_clip_that_cost_nothing_is_just_made_again(acme: Acme, project: Path) -> None:
    """There is nothing to give up: the take fails, and the next run opens another."""
    spoil(acme, times=2)
    assert make_shots(project, FreeWorkspace) == {SHOT: "failed"}
    assert [take.state for take in takes_of(project)] == [TakeState.FAILED]
    assert make_shots(project, FreeWorkspace) == {SHOT: "done"}


def test_a_clip_in_a_coding_that_nobody_unpacks_ends_the_run_clearly(acme: Acme, project: Path) -> None:
    """It is named at once, the take stays paid for, and nothing is ordered."""
    acme.script(on="download", do="answer", status=200, headers={"Content-Encoding": "br"}, times=None)

    result = shoot(project)

    assert (result.exit_code, states(result)) == (1, {SHOT: "failed"})
    assert "content coding 'br'" in only(result)
    assert len(acme.heard("download")) == 1
    assert [take.state for take in takes_of(project)] == [TakeState.GENERATED]
    acme.forgive()
    assert shoot(project).exit_code == 0
    nothing_ordered(acme)
