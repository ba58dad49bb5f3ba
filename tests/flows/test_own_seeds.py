"""An order without a producer's seed has one of Tailframe's own: kept, shown, and known again in a vendor's list."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from storyboard.own_seed import own_seed
from storyboard.takes import TakeState
from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import (
    actions,
    buys_from,
    film,
    manifest,
    money,
    plain_environment,
    produce,
    shoot,
    states,
    takes_of,
)
from tests.projects import scene, shot
from tests.thinning import exhaustive, one_in

LOST = {"on": "create", "do": "drop", "when": "after"}


@pytest.fixture
def seeds(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> Acme:
    """An Acme whose list tells of each job its seed, and no prompt."""
    buys_from(acme, monkeypatch)
    acme.restart(lists_seeds=True)
    return acme


def one_shot(folder: Path, **written: Any) -> Path:
    return film(folder, scene("lamp", shot("010", "{{ mara }} lights the lamp", **written)))


def as_earlier_versions_wrote(project: Path) -> None:
    """Take out of each order in the ledger what they did not know."""
    with closing(sqlite3.connect(project / ".tailframe" / "ledger.sqlite")) as books, books:
        for take_id, text in books.execute("SELECT id, request_json FROM takes").fetchall():
            order = json.loads(text)
            del order["own_seed"], order["auto_length"]
            earlier = json.dumps(order | {"seed": None})
            books.execute("UPDATE takes SET request_json = ? WHERE id = ?", (earlier, take_id))


def test_two_lost_takes_of_one_shot_find_their_very_jobs(seeds: Acme, tmp_path: Path) -> None:
    """They are the same but for their seeds, which the list tells: nobody has to look, and nothing is paid twice."""
    seeds.script(**LOST, times=2)
    project = one_shot(tmp_path, takes=2)
    assert states(shoot(project)) == {"lamp/010": "unknown"}

    result = shoot(project)

    assert (result.exit_code, states(result)) == (0, {"lamp/010": "done"})
    jobs = {job.id: job for job in seeds.jobs()}
    assert len(jobs) == len(seeds.heard("create")) == 2
    for take in takes_of(project):
        assert take.job_id is not None
        assert jobs[take.job_id].body["seed"] == own_seed(take.wish, take.variation)
    assert money(project) == (seeds.charged_usd(), 0)


@exhaustive
def test_a_job_with_another_seed_is_left_to_its_owner(seeds: Acme, tmp_path: Path) -> None:
    """The order never arrived, and somebody else ordered at that very moment: nothing of theirs is taken."""
    seeds.script(on="create", do="drop")
    project = one_shot(tmp_path / "ours")
    assert states(shoot(project)) == {"lamp/010": "unknown"}
    other = film(tmp_path / "theirs", scene("lamp", shot("010", "{{ mara }} sleeps")))
    assert shoot(other).exit_code == 0

    assert states(shoot(project)) == {"lamp/010": "unknown"}
    assert [take.job_id for take in takes_of(project)] == [None]


def test_a_producers_own_seed_is_sent_as_it_is(seeds: Acme, tmp_path: Path) -> None:
    """Nothing stands in its place, and it is told apart wherever seeds are shown."""
    project = one_shot(tmp_path, seed=7)
    assert produce(project).exit_code == 0
    assert [job.body["seed"] for job in seeds.jobs()] == [7]
    (take,) = json.loads(tailframe("takes", project, "e01", "lamp/010", "--json").stdout)["takes"]
    assert (take["parameters"]["seed"], take["parameters"]["own_seed"]) == (7, False)
    assert "seed 7" in tailframe("takes", project, "e01", "lamp/010").stdout
    (line,) = manifest(project)["shots"]
    assert (line["seed"], line["own_seed"]) == (7, False)


def test_it_is_shown_wherever_takes_are(seeds: Acme, tmp_path: Path) -> None:
    """In `status` and `takes`, for people and scripts, and in the manifest; it is what the vendor was sent."""
    project = one_shot(tmp_path)
    assert produce(project).exit_code == 0
    (job,) = seeds.jobs()
    seed = job.body["seed"]
    assert seed is not None

    (status,) = json.loads(tailframe("status", project, "e01", "--json").stdout)["shots"]
    (take,) = json.loads(tailframe("takes", project, "e01", "lamp/010", "--json").stdout)["takes"]
    (line,) = manifest(project)["shots"]
    assert [(each["seed"], each["own_seed"]) for each in (status["takes"][0], take["parameters"], line)] == [
        (seed, True)
    ] * 3
    assert f"seed {seed} (own)" in " ".join(tailframe("status", project, "e01").stdout.split())
    told = " ".join(tailframe("takes", project, "e01", "lamp/010").stdout.split())
    assert f"seed {seed} (Tailframe's own)" in told


def test_a_retake_has_another_seed_and_needs_no_edit(seeds: Acme, tmp_path: Path) -> None:
    """Only a seed that a producer wrote stands in a retake's way."""
    project = one_shot(tmp_path)
    for options in ({}, {"new_take": True}):
        assert shoot(project, **options).exit_code == 0
    first, second = (job.body["seed"] for job in seeds.jobs())
    assert first != second


@one_in(3, first=1)
@pytest.mark.parametrize("state", ["done", "unknown", "submitted"])
def test_takes_of_an_earlier_version_are_carried_on_as_before(
    state: str, acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their orders had no seed: a good one serves, a lost one is found, one that is out is followed, each once paid."""
    buys_from(acme, monkeypatch)
    project = one_shot(tmp_path)
    if state == "unknown":
        acme.script(**LOST)
    if state == "submitted":
        acme.script(on="poll", do="answer", status=401, code="bad_key", times=None)
    produce(project)
    acme.forgive()
    (take,) = takes_of(project)
    assert take.state is TakeState(state)
    as_earlier_versions_wrote(project)
    before = takes_of(project)[0].fingerprint

    assert set(actions(project).values()) <= {"reuse", "resume", "unknown"}
    assert produce(project).exit_code == 0

    (take,) = takes_of(project)
    assert (take.state, take.fingerprint) == (TakeState.DONE, before)
    assert len(acme.jobs()) == len(acme.heard("create")) == 1
    assert money(project) == (acme.charged_usd(), 0)
    status = json.loads(tailframe("status", project, "e01", "--json").stdout)
    assert [(each["seed"], each["own_seed"]) for each in status["shots"][0]["takes"]] == [(None, False)]
    if state != "done":
        assert "seed" not in manifest(project)["shots"][0]


def test_an_order_that_is_out_from_an_earlier_version_is_this_very_order(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes to ask for the same, to the letter, follows it: a seed of our own makes no second order."""
    buys_from(acme, monkeypatch)
    project = one_shot(tmp_path)
    assert shoot(project).exit_code == 0
    as_earlier_versions_wrote(project)
    (take,) = takes_of(project)
    with closing(sqlite3.connect(project / ".tailframe" / "ledger.sqlite")) as books, books:
        books.execute(f"UPDATE takes SET wish = '{64 * 'e'}'")
        books.execute("DELETE FROM circles")

    assert shoot(project).exit_code == 0

    assert len(acme.jobs()) == 1
    assert [each.rival for each in takes_of(project) if each.id != take.id] == [take.id]


def test_an_animatic_looks_as_it_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes seeds, draws by what a producer wrote alone, and is given none: what costs nothing is never lost."""
    plain_environment(monkeypatch)
    project = film(tmp_path, scene("lamp", shot("010", duration=1)), provider="animatic")
    assert shoot(project).exit_code == 0
    (status,) = json.loads(tailframe("status", project, "e01", "--json").stdout)["shots"]
    assert (status["takes"][0]["seed"], status["takes"][0]["own_seed"]) == (None, False)
