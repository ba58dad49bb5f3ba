"""Produces small episodes in this process, exactly as the command does but without Prefect, and reads what is left."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import av
import pytest

from flows.run.beginning import begin
from flows.run.planning import read_plan
from flows.run.run_result import concluded
from flows.run.session import Result, RunOptions, Session
from flows.run.shortfall import told_shortfall
from flows.run.told_end import told_end
from flows.run.unreached_hours import told_hours
from flows.run.workspace import open_workspace
from flows.settings import places_of, read_settings
from render.ledger import Ledger, Take, open_ledger, open_ledger_read_only, queries, runs
from render.store import open_store
from render.watcher import Watcher
from storyboard.plan.episode_plan import Choices, Plan
from storyboard.shot import Caps
from tests.acme.fixture import Acme
from tests.flows.mortal import ClosedCuttingRoom
from tests.projects import episode_file, scene, series_file, shot, write_project

TINY = {"master": {"width": 160, "height": 90, "fps": 24}}
AS_IT_IS = {"loudness": "none"}
"""Of a delivery: a master that is as loud as what is in it."""
FOUR_SECONDS_USD = Decimal("0.40")
"""What Acme asks for its shortest clip at 480p."""


def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of what this machine may have configured."""
    for name in [name for name in os.environ if name.startswith(("TAILFRAME", "ACME"))]:
        monkeypatch.delenv(name)


def buys_from(acme: Acme, monkeypatch: pytest.MonkeyPatch, **more: str) -> None:
    """This process buys from Acme, and asks it often."""
    plain_environment(monkeypatch)
    often = {"TAILFRAME_POLL_INTERVAL": "0.02", "TAILFRAME_CLIP_PATIENCE": "0.3"}
    for name, value in (acme.environment | often | more).items():
        monkeypatch.setenv(name, value)


@cache
def new_ledger() -> bytes:
    """A ledger in which nothing stands yet: making its tables takes a fifth of what a tiny run takes."""
    with tempfile.TemporaryDirectory() as folder:
        open_ledger(Path(folder) / "ledger.sqlite").close()
        return (Path(folder) / "ledger.sqlite").read_bytes()


def film(folder: Path, *scenes: Mapping[str, Any], provider: str = "acme", ledger: bool = True, **series: Any) -> Path:
    """A project of one tiny episode; without scenes, a chain of two shots and one that stands alone.

    Its ledger is there and empty, unless a test is about that.
    """
    defaults = {"provider": provider, "resolution": "480p", **series.pop("defaults", {})}
    written = series_file(defaults=defaults, delivery={**TINY, **series.pop("delivery", {})}, **series)
    episodes = {"e01": episode_file("e01", *(scenes or three_shots()))}
    project = write_project(folder, series=written, episodes=episodes)
    if ledger:
        (project / ".tailframe").mkdir(mode=0o700)
        (project / ".tailframe/ledger.sqlite").write_bytes(new_ledger())
    return project


def three_shots(**keys: Any) -> list[dict[str, Any]]:
    """`lamp/010`, `lamp/020` that continues it, and `shore/010`, each one second long and 40 cents at Acme."""
    return [
        scene(
            "lamp",
            shot("010", "{{ mara }} lights the lamp", **keys),
            shot("020", "{{ mara }} opens {{ logbook }}", **keys),
        ),
        scene("shore", shot("010", "{{ tomas }} rows against the swell", **keys), location="shore"),
    ]


def edit(project: Path, old: str, new: str, file: str = "episodes/e01.yaml") -> None:
    """Change one place of the YAML, as a producer does; AssertionError where the old text is not there."""
    path = project / file
    text = path.read_text()
    assert old in text, f"{file} does not say {old!r}"
    path.write_text(text.replace(old, new))


def produce(project: Path, *, watcher: Watcher | None = None, **asked: Any) -> Result:
    """One run of e01. `asked` are the options of the command, as `RunOptions` names them."""

    async def run() -> Result:
        async with (
            open_workspace(project, watcher=watcher) as workspace,
            begin(workspace, RunOptions(episode="e01", **asked)) as session,
        ):
            await session.make_all(session.production.make)
            return await session.finish()

    return asyncio.run(run())


def shoot(project: Path, *, watcher: Watcher | None = None, **asked: Any) -> Result:
    """The same without the cut, for tests of what is ordered, paid and fetched: that is half of a tiny run."""

    async def run() -> Result:
        async with (
            open_workspace(project, watcher=watcher) as workspace,
            begin(workspace, RunOptions(episode="e01", **asked)) as session,
        ):
            session.cutting_room = ClosedCuttingRoom()  # type: ignore[assignment]
            await session.make_all(session.production.make)
            return await _end_without_a_cut(session)

    return asyncio.run(run())


async def _end_without_a_cut(session: Session) -> Result:
    context, reading = session.context, session.reading
    outcomes = tuple(session.production.outcomes[shot.key] for shot in reading.episode.shots)
    told = await told_shortfall(context, reading, session.beyond, session.run_options.budget_usd)
    hours = told_hours(reading.episode, outcomes, session.run_options.orders_until)
    asked = frozenset(shot.key for shot in reading.plan.shots if shot.asked)
    result = concluded(outcomes, asked, None, told, hours)
    await context.write(runs.end_run, context.run, told_end(result, reading, session.run_options))
    return result


def plan(project: Path, *, budget_usd: Decimal | None = None, **choices: Any) -> Plan:
    """What the next run would do, read as `tailframe plan` reads it."""
    places = places_of(project, read_settings())
    ledger = open_ledger_read_only(places.ledger)
    try:
        return read_plan(
            project,
            "e01",
            ledger=ledger,
            store=open_store(places.store_url, cache=places.private / "cache"),
            environment=dict(os.environ),
            choices=Choices(**choices),
            caps=Caps(run=budget_usd),
        ).plan
    finally:
        if ledger is not None:
            ledger.close()


def actions(project: Path, **choices: Any) -> dict[str, str]:
    """What the next run would do with each shot."""
    return {each.key: each.action.value for each in plan(project, **choices).shots}


def states(result: Result) -> dict[str, str]:
    """How each shot stood at the end of a run."""
    return {outcome.key: outcome.state.value for outcome in result.outcomes}


def made(result: Result) -> list[str]:
    """The shots that the run made itself."""
    return [outcome.key for outcome in result.outcomes if outcome.made]


def manifest(project: Path) -> dict[str, Any]:
    """The manifest that lies beside the master."""
    written: dict[str, Any] = json.loads((project / "output/e01/manifest.json").read_text())
    return written


def pieces(project: Path) -> list[tuple[str, int, int]]:
    """Key, first frame and number of frames of each piece of the master, by the manifest."""
    return [
        (each["key"], round(each["start_s"] * 24), round(each["duration_s"] * 24))
        for each in manifest(project)["shots"]
    ]


def frames_in(clip: Path) -> int:
    """How many frames a player would show, counted by decoding."""
    with av.open(str(clip)) as container:
        assert container.streams.video[0].average_rate == Fraction(24)
        return sum(1 for _ in container.decode(video=0))


def master_of(project: Path) -> Path:
    """The finished episode."""
    return project / "output/e01/e01.mp4"


def forget_clips(project: Path) -> None:
    """Lose the store and the output, as a broken disk does; the ledger stays."""
    shutil.rmtree(project / ".tailframe/blobs")
    shutil.rmtree(project / "output")


def ledger_of(project: Path) -> Ledger:
    """The project's ledger; the caller closes it."""
    return open_ledger(places_of(project, read_settings()).ledger)


def takes_of(project: Path, key: str | None = None) -> tuple[Take, ...]:
    """The takes of the project, or of one of its shots, by number."""
    with ledger_of(project) as ledger:
        return ledger.read(queries.takes, "lighthouse", shot=None if key is None else f"e01/{key}")


def circled(project: Path, key: str) -> int | None:
    """The number of the take that the shot's circle is on."""
    with ledger_of(project) as ledger:
        on = {circle.shot: circle.take for circle in ledger.read(queries.circles, "lighthouse")}.get(f"e01/{key}")
        return None if on is None else ledger.read(queries.take, on).number


def money(project: Path) -> tuple[Decimal, Decimal]:
    """What the episode has spent, and what it holds reserved."""
    with ledger_of(project) as ledger:
        return ledger.read(queries.money, "lighthouse", "e01")
