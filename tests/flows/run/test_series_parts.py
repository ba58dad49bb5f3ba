"""What a series run starts: nothing that is not needed, no more than the money reaches, and no chain in two parts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.run.beginning import begin
from flows.run.options import RunOptions
from flows.run.push import push
from flows.run.series_account import RunEnd, account_of, told_account
from flows.run.series_parts import EpisodePart, parts_of
from flows.run.series_reading import SeriesReading, series_reading
from flows.run.shot_groups import dealt
from flows.run.workspace import open_workspace, workspace_of
from storyboard.continuity.chains import followers
from storyboard.errors import ExitCode
from storyboard.expand.expansion import expand
from storyboard.loading import load_project
from tests.flows.accounts import MARA
from tests.flows.runs import tiny_project
from tests.projects import episode_file, png, scene, series_file, shot, write_project
from tests.thinning import exhaustive
from tests.vendors import FACTS

SHOT_USD = 4 * Decimal(FACTS["evolink"].usd_per_second)
"""What each shot would reserve."""

SHOTS = {"chain/010": "none", "chain/020": "tail_frame", "alone/010": "none"}


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TAILFRAME_LEDGER_URL", "TAILFRAME_STORE_URL", "TAILFRAME_ARCHIVE_URL", "TAILFRAME_CACHE_GB"):
        monkeypatch.delenv(name, raising=False)


def written(folder: Path, shots: Mapping[str, str] = SHOTS, **series: Any) -> Path:
    """A series of three episodes, each of a chain of two shots and one beside it."""
    episodes = {name: episode_file(name, *_scenes(name, shots), style=None) for name in ("e01", "e02", "e03")}
    plain = {
        "cast": {"mara": {"name": "Mara", "references": [MARA]}},
        "locations": None,
        "props": None,
        "styles": None,
        "defaults": {"provider": "evolink", "resolution": "480p"},
    }
    return write_project(
        folder, series=series_file(**{**plain, **series}), episodes=episodes, files={MARA: png(400, 400)}
    )


def _scenes(episode: str, shots: Mapping[str, str]) -> list[dict[str, Any]]:
    by_scene: dict[str, list[dict[str, Any]]] = {}
    for key, continuity in shots.items():
        name, _, id_ = key.partition("/")
        prompt = f"{{{{ mara }}}} waits for {episode} {key}"
        by_scene.setdefault(name, []).append(shot(id_, prompt, duration=4, continuity=continuity))
    return [scene(name, *each, location=None) for name, each in by_scene.items()]


@contextmanager
def looked_at(project: Path) -> Iterator[SeriesReading]:
    """The series as it is now, frozen."""
    with workspace_of(project).writing() as workspace:
        snapshot = push(workspace).snapshot
    with series_reading(project, snapshot) as reading:
        yield reading


def planned(project: Path, *, spread: int = 1, **asked: Any) -> dict[str, EpisodePart]:
    """The parts of its three episodes; none may meet an error."""

    def met(episode: str, error: Exception) -> None:
        raise AssertionError(episode) from error

    options = [RunOptions(episode=name, **asked) for name in ("e01", "e02", "e03")]
    with looked_at(project) as reading:
        return {part.episode: part for part in parts_of(reading, options, spread, met)}


def test_money_for_some_is_dealt_out_in_story_order(tmp_path: Path) -> None:
    """The first episodes have theirs whole, one has its part, and what has nothing is not started, and says why."""
    project = written(tmp_path)
    usd = SHOT_USD
    parts = planned(project, day_budget_usd=5 * usd, until_budget=True)
    first, second, third = parts["e01"], parts["e02"], parts["e03"]
    assert first.run_options is not None
    assert (first.run_options.budget_usd, first.beyond) == (3 * usd, frozenset())
    assert second.run_options is not None
    assert (second.run_options.budget_usd, second.beyond) == (2 * usd, {"alone/010"})
    assert (third.run_options, third.code) == (None, ExitCode.BUDGET)
    assert "the money does not reach" in third.told


def test_money_for_all_binds_no_episode_to_its_part(tmp_path: Path) -> None:
    """Then a dearer vendor that stands in for another may have what is left; the caps hold in the ledger anyway."""
    project = written(tmp_path)
    parts = planned(project, day_budget_usd=9 * SHOT_USD, until_budget=True)
    assert [part.run_options and part.run_options.budget_usd for part in parts.values()] == [None] * 3


def test_without_until_budget_an_episode_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    """As `produce --all` has it: each is refused that does not fit beside those before it."""
    project = written(tmp_path)
    parts = planned(project, day_budget_usd=5 * SHOT_USD)
    assert [part.run_options is not None for part in parts.values()] == [True, False, False]
    assert parts["e02"].code == ExitCode.BUDGET


def test_what_waits_for_approval_is_started_only_where_it_may_wait(tmp_path: Path) -> None:
    """A run of its own suspends itself; a night that waits for nobody starts none, and says what waits."""
    project = written(tmp_path, approval={"storyboard": True})
    waits = planned(project, spread=4)["e01"]
    assert (waits.run_options is not None, waits.groups) == (True, ())
    part = planned(project, wait_for_approval=False)["e01"]
    assert (part.run_options, part.code) == (None, ExitCode.BUDGET)
    assert "storyboard of e01 is not approved" in part.told


def test_an_episode_is_spread_with_its_money(tmp_path: Path) -> None:
    """The chain is one group, the shot beside it another; each has what its shots cost, and the cut comes after."""
    project = written(tmp_path)
    usd = SHOT_USD
    part = planned(project, spread=4, day_budget_usd=5 * usd, until_budget=True)["e01"]
    assert [(each.shots, each.budget_usd, each.cut) for each in part.groups] == [
        ({"chain/010", "chain/020"}, 2 * usd, False),
        ({"alone/010"}, usd, False),
    ]
    assert part.run_options is not None
    assert (part.run_options.shots, part.run_options.cut) == (None, True)
    assert planned(project, spread=4, day_budget_usd=5 * usd, until_budget=True)["e02"].groups == ()


@exhaustive
def test_what_is_made_cut_and_archived_is_not_started_again(tmp_path: Path) -> None:
    """Until something changes that the cut would show; a bare comment is nothing."""
    project = tiny_project(tmp_path)

    async def make() -> None:
        async with open_workspace(project) as workspace, begin(workspace, RunOptions(episode="e01")) as session:
            await session.make_all(session.production.make)
            await session.finish()

    def part() -> EpisodePart:
        with looked_at(project) as reading:
            (found,) = parts_of(reading, [RunOptions(episode="e01")], 1, lambda *_: None)
            account = account_of(reading, found, RunOptions(episode="e01"), None)
            assert (account.done, account.of) == ((4, 4) if made else (0, 4))
        return found

    made = False
    assert part().run_options is not None
    asyncio.run(make())
    made = True
    assert (part().run_options, part().code) == (None, ExitCode.DONE)
    series = project / "series.yaml"
    before = series.read_text()
    series.write_text(f"# a word\n{before}")
    assert part().run_options is None
    series.write_text(before.replace('"The Last Lamp"', '"The Lamp"'))
    assert part().run_options is not None


def test_an_account_tells_the_state_of_each_by_the_ledger(tmp_path: Path) -> None:
    """What the money did not reach is no failure of the run; what is left beside that is."""
    project = written(tmp_path)
    options = RunOptions(episode="e01")
    with looked_at(project) as reading:
        (part,) = parts_of(reading, [options], 1, lambda *_: None)
        failed = account_of(reading, part, options, RunEnd("Failed", 1, "3 of 3 shots failed"))
        every = replace(part, beyond=frozenset(SHOTS))
        reached = account_of(reading, every, options, RunEnd("Failed", 1, "the money does not reach them"))
    assert (failed.code, reached.code) == (1, ExitCode.BUDGET)
    head, line, _ = told_account([failed, reached])
    assert head == "0 of 2 episodes are done; $0.00 spent, $0.00 reserved"
    assert line == "e01: failed, 0 of 3 shots, $0.00 spent, $0.00 reserved; 3 of 3 shots failed"


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 15)), min_size=1, max_size=8), st.integers(1, 16))
def test_groups_hold_each_shot_once_and_whole_chains(tmp_path_factory: Any, story: Any, number: int) -> None:
    """At most so many groups, none without a shot, and none longer than the shortest by more than a chain."""
    keys = {f"s/{at:03}": "tail_frame" if at and follows else "none" for at, (follows, _) in enumerate(story)}
    project = written(tmp_path_factory.mktemp("story"), keys)
    episode = expand(load_project(project), "e01")
    seconds = {key: Decimal(length) for key, (_, length) in zip(keys, story, strict=True)}
    groups = dealt(episode, seconds, number)
    assert sorted(key for group in groups for key in group) == sorted(keys)
    assert all(groups)
    for group in groups:
        assert followers(episode, group) == group
    chains = sum(continuity == "none" for continuity in keys.values())
    assert len(groups) == min(number, chains)
    lengths = [sum(seconds[key] for key in group) for group in groups]
    longest = max(
        sum(seconds[key] for key in followers(episode, [key])) for key, kind in keys.items() if kind == "none"
    )
    assert max(lengths) - min(lengths) <= longest
