"""A series is made by workers that share nothing but ledger and store: each shot once, and never above a cap."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from mypy_boto3_s3.client import S3Client

from render.ledger import open_ledger, queries
from storyboard.takes import TakeState
from tests.flows.accounts import MARA, SHOT_S, Account, sandbox
from tests.flows.prefect.several_workers import WORKERS, SeveralWorkers, several_workers
from tests.postgres import _database, postgres_server, postgres_template
from tests.projects import episode_file, png, scene, series_file, shot, write_project
from tests.s3 import s3_client, s3_endpoint
from tests.thinning import drill

__all__ = ["postgres_server", "postgres_template", "s3_client", "s3_endpoint"]

VENDOR = "evolink"
STORY = ("chain/010", "chain/020", "alone/010")
"""The shots of an episode. The third needs no other, so that it could be bought before the second."""

EPISODES = [f"e{number:02}" for number in range(1, 13)]
patient = pytest.mark.timeout(1200)


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with sandbox(tmp_path_factory.mktemp("sandbox"), job_seconds=0.5) as standing:
        yield Account(standing, VENDOR)


@pytest.fixture(scope="module")
def ledger_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    yield from _database(postgres_server, f"TEMPLATE {postgres_template} STRATEGY file_copy")


@pytest.fixture(scope="module")
def studio(
    tmp_path_factory: pytest.TempPathFactory, ledger_url: str, s3_client: S3Client, s3_endpoint: str, account: Account
) -> Iterator[SeveralWorkers]:
    with several_workers(tmp_path_factory.mktemp("studio"), ledger_url, s3_client, s3_endpoint, account) as made:
        yield made


def written(folder: Path, *, long: bool = False) -> Path:
    """The series; with `long` it has one more episode, of five shots in four chains."""
    episodes = {id_: episode_file(id_, *scenes(id_), style=None) for id_ in EPISODES}
    if long:
        more = [shot(f"0{number}0", f"{{{{ mara }}}} counts to {number}", duration=SHOT_S, continuity="none")
                for number in range(1, 4)]  # fmt: skip
        episodes["long"] = episode_file("long", *scenes("long")[:1], scene("many", *more, location=None), style=None)
    series = series_file(
        series="harbour",
        cast={"mara": {"name": "Mara", "references": [MARA]}},
        locations=None,
        props=None,
        styles=None,
        defaults={"provider": VENDOR, "resolution": "480p"},
        delivery={"master": {"width": 160, "height": 90, "fps": 8}},
    )
    return write_project(folder, series=series, episodes=episodes, files={MARA: png(400, 400)})


def scenes(episode: str) -> list[dict[str, Any]]:
    def one(key: str, **more: object) -> dict[str, Any]:
        return shot(key.partition("/")[2], f"{{{{ mara }}}} waits for {episode} {key}", duration=SHOT_S, **more)

    chain = scene("chain", one(STORY[0]), one(STORY[1], continuity="tail_frame"), location=None)
    return [chain, scene("alone", one(STORY[2]), location=None)]


def takes(studio: SeveralWorkers) -> Counter[str]:
    """How many takes each shot has that was paid for."""
    ledger = open_ledger(studio.ledger_url)
    try:
        return Counter(take.shot for take in ledger.read(queries.takes, "harbour", states=(TakeState.DONE,)))
    finally:
        ledger.close()


def money(studio: SeveralWorkers) -> tuple[Decimal, Decimal]:
    """What the ledger says is spent and reserved."""
    ledger = open_ledger(studio.ledger_url)
    try:
        return ledger.read(queries.money, "harbour")
    finally:
        ledger.close()


@pytest.fixture(scope="module")
def name(studio: SeveralWorkers, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The series, pushed; its folder is gone."""
    project = written(tmp_path_factory.mktemp("desk"))
    pushed = studio.command("push", project)
    shutil.rmtree(project)
    return pushed


@drill
@patient
def test_a_cap_that_covers_half_buys_the_first_half_in_story_order(
    studio: SeveralWorkers, account: Account, name: str
) -> None:
    """Whichever worker is faster: just the shots that fit, each once, the cap held, and the account tells it."""
    budget = 17 * account.shot_usd
    run = studio.make("series/series", project=name, budget_usd=float(budget), until_budget=True)
    assert (run["state_type"], run["state_name"]) == ("COMPLETED", "BudgetReached"), run["state"]["message"]
    wanted = [f"{episode}/{key}" for episode in EPISODES for key in STORY][:17]
    assert takes(studio) == Counter(wanted)
    assert money(studio) == (budget, 0)
    assert (account.charged_usd(), account.creates()) == (budget, 17)

    told = run["state"]["message"].splitlines()
    assert told[0].startswith(f"5 of 12 episodes are done; ${budget} spent, $0.00 reserved")
    assert [line.partition(",")[0] for line in told[1:]] == [
        *(f"{each}: done" for each in EPISODES[:5]),
        "e06: budgetreached",
        *(f"{each}: stopped" for each in EPISODES[6:]),
    ]
    assert "2 of 3 shots" in told[6]
    assert [child["parameters"]["episode"] for child in sorted(studio.children(run), key=_episode)] == EPISODES[:6]


@drill
@patient
def test_without_a_cap_all_is_complete_and_nothing_bought_twice(
    studio: SeveralWorkers, account: Account, name: str
) -> None:
    """What is done starts no run; a child that is called dead is asked for again, and pays for nothing again."""
    begun = studio.begin("series/series", project=name)
    (victim,) = _until(lambda: [each for each in studio.children({"id": begun}) if each["state_type"] == "RUNNING"])[:1]
    studio.ask("POST", f"/flow_runs/{victim['id']}/set_state", json={"state": {"type": "CRASHED"}, "force": True})
    run = studio.until(begun, frozenset({"COMPLETED", "FAILED"}), within_s=540)
    assert (run["state_type"], run["state_name"]) == ("COMPLETED", "Completed"), run["state"]["message"]
    assert takes(studio) == Counter(f"{episode}/{key}" for episode in EPISODES for key in STORY)
    assert money(studio) == (account.charged_usd(), 0) == (36 * account.shot_usd, 0)
    children = studio.children(run)
    dead = Counter(_episode(child) for child in children if child["state_type"] == "CRASHED")
    assert dead[_episode(victim)] == 1
    told = [(_episode(child), child["state_name"], child["state"]["message"]) for child in children]
    assert Counter(map(_episode, children)) == dead + Counter(EPISODES[5:]), told
    assert "nothing to do" in run["state"]["message"].splitlines()[1]
    assert sum((studio.home(worker) / "work/projects").is_dir() for worker in WORKERS) > 1, "they shared the work"


@drill
@patient
def test_a_series_that_is_done_starts_nothing(studio: SeveralWorkers, account: Account, name: str) -> None:
    """Not for the same files, nor for others in which nothing of these episodes changed."""
    before = account.creates()
    run = studio.make("series/series", project=name)
    assert run["state_type"] == "COMPLETED"
    assert (studio.children(run), account.creates()) == ([], before)


@drill
@patient
def test_one_long_episode_is_spread_over_several_workers(
    studio: SeveralWorkers, account: Account, tmp_path: Path
) -> None:
    """Its chains stay whole, each shot is bought once, the cut is the last of its runs; other episodes start none."""
    pushed = json.loads(studio.command("push", written(tmp_path, long=True), "--json"))
    before = account.creates()
    run = studio.make("series/series", project=pushed["project"], spread=3)
    assert run["state_name"] == "Completed", run["state"]["message"]
    children = sorted(studio.children(run), key=lambda child: child["start_time"])
    groups = [set(child["parameters"]["shots"]) for child in children[:-1]]
    assert len(groups) == 3
    assert sorted(key for group in groups for key in group) == [*STORY[:2], "many/010", "many/020", "many/030"]
    assert set(STORY[:2]) in groups
    assert children[-1]["parameters"]["shots"] is None
    assert account.creates() == before + 5
    assert takes(studio)["long/chain/020"] == 1


@drill
@patient
def test_a_project_from_git_is_made_by_a_worker(studio: SeveralWorkers, tmp_path: Path) -> None:
    """A clone by a pull step is enough; nothing that must last lies in it."""
    project = write_project(tmp_path / "films", series=series_file(series="shore", title="The Shore"))
    for command in (("init", "-q", "-b", "main"), ("add", "."), ("commit", "-qm", "The shore")):
        who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com")
        subprocess.run(["git", *who, *command], cwd=project.parent, check=True)
    produce = studio.ask("GET", "/deployments/name/produce/produce")
    clone = {"id": "clone", "repository": f"file://{project.parent}", "branch": "main"}
    steps = [
        {"prefect.deployments.steps.git_clone": clone},
        {"flows.prefect.checkout.enter_checkout": {"projects": "{{ clone.directory }}"}},
    ]
    kept = ("flow_id", "entrypoint", "parameter_openapi_schema", "job_variables", "work_pool_name", "work_queue_name")
    studio.ask(
        "POST", "/deployments/", json={"name": "git", "pull_steps": steps, **{key: produce[key] for key in kept}}
    )
    run = studio.make("produce/git", project=project.name, episode="e01")
    assert run["state_type"] == "COMPLETED", run["state"]["message"]
    assert studio.command("status", project).count("done") >= 3


def _episode(child: dict[str, Any]) -> str:
    return str(child["parameters"]["episode"])


def _until(found: Any) -> Any:
    """What is found, once something is."""
    deadline = time.monotonic() + 300
    while not (there := found()):
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.2)
    return there
