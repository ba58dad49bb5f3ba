"""`tailframe gc`: what is in use stays; what goes can be made again; and no paid clip ever goes."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from flows.settings import places_of, read_settings
from render.garbage_collection.recipe_kinds import KINDS, kind_of
from render.ledger import open_ledger, runs
from render.store import Store, open_store
from tests.flows.cli.in_process import make, tailframe
from tests.flows.episodes import plain_environment, produce
from tests.flows.finished_episode import finished, finished_copy
from tests.projects import write_project
from tests.render.store.old_blobs import LONG, make_all_old, make_old, make_user_old
from tests.thinning import exhaustive, stride

__all__ = ["finished", "finished_copy"]

SHOTS = 3
RUN = "ab" * 16


def store_of(project: Path) -> Store:
    """Where its clips are."""
    places = places_of(project, read_settings())
    return open_store(places.store_url, cache=places.private / "cache")


def gc(project: Path, *flags: str) -> dict[str, object]:
    """What the command does, or would do."""
    done = tailframe("gc", project, "--json", *flags)
    assert done.exit_code == 0, done.output
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def stays(answer: dict[str, object]) -> dict[str, int]:
    """How many blobs stay for each reason."""
    return {reason: amount["count"] for reason, amount in answer["stays"].items() if amount["count"]}  # type: ignore[attr-defined]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A series with the clip of one take, and a run that left its name."""
    plain_environment(monkeypatch)
    project = write_project(tmp_path)
    make(project, "lamp/010")
    places = places_of(project, read_settings())
    with closing(open_ledger(places.ledger)) as ledger:
        ledger.write(runs.begin_run, "lighthouse", "e01", "0" * 64, caps=None, run=RUN)
    store_of(project).note_user(RUN)
    make_user_old(store_of(project), RUN)
    return project


def test_nothing_is_removed_unless_somebody_says_so(project: Path) -> None:
    """It tells what would go, by reason, in lines and as JSON; what is old and unreferenced goes with --delete."""
    store = store_of(project)
    old, young = store.put(b"nobody's"), store.put(b"nobody's yet")
    make_all_old(store, LONG / 2)
    store.put(b"nobody's yet")
    answer = gc(project)
    assert stays(answer) == {"named": 1, "young": 1}
    assert answer["goes"]["unreferenced"] == {"count": 1, "bytes": 8}  # type: ignore[index]
    assert answer["removed"] is None
    shown = tailframe("gc", project)
    assert "goes 1 blobs of 0.0 kB: nothing refers to" in shown.stdout
    assert "--delete removes it" in shown.stderr
    assert store.has(old)

    assert gc(project, "--older-than", "90", "--delete")["removed"] == {**_NOTHING}
    assert gc(project, "--delete")["removed"] == {**_NOTHING, "blobs": 1, "bytes": 8}
    assert (store.has(old), store.has(young)) == (False, True)
    assert gc(project, "--delete")["removed"] == {**_NOTHING}


_NOTHING = {"recipes": 0, "blobs": 0, "bytes": 0, "leftovers": 0}


@pytest.mark.parametrize("end", ["failed", "unknown"])
def test_what_may_be_the_clip_of_an_order_that_is_out_stays(project: Path, end: str) -> None:
    """A clip is put before its take says so, and its process may have died between the two."""
    make(project, "lamp/020", end)  # type: ignore[arg-type]
    orphan = store_of(project).put(b"a clip that nobody wrote down")
    make_all_old(store_of(project), LONG / 2)
    if end == "unknown":
        with closing(sqlite3.connect(project / ".tailframe/ledger.sqlite")) as books, books:
            books.execute("UPDATE takes SET submitted_at = '2020-01-01 00:00:00.000000' WHERE state = 'unknown'")
    gc(project, "--delete")
    assert store_of(project).has(orphan) is (end == "unknown")


def test_a_store_that_runs_of_another_ledger_used_is_left_alone(project: Path) -> None:
    """A ledger that was lost and begun anew, a copy, a backup: what it does not know may be paid for."""
    store = store_of(project)
    orphan = store.put(b"a clip of tomorrow's run")
    store.note_user("cd" * 16)
    make_all_old(store, LONG / 2)
    assert "1 run of other ledgers used the store" in str(gc(project)["obstacle"])
    for flags in ((), ("--only-these",)):
        refused = tailframe("gc", project, "--delete", *flags)
        assert refused.exit_code == 1
        assert "cdcd" in refused.stderr
    assert store.has(orphan)


def test_a_store_that_others_may_share_needs_a_persons_word(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its address anybody can use it: every project has to be named, and then nothing of any goes."""
    monkeypatch.setenv("TAILFRAME_STORE_URL", str(tmp_path / "shared"))
    other = write_project(tmp_path / "other")
    clips = [make(project, "lamp/020").clip, make(other, "lamp/010").clip]
    store = store_of(project)
    orphan = store.put(b"nobody's")
    make_all_old(store)
    refused = tailframe("gc", project, "--delete")
    assert (refused.exit_code, "other ledgers may use the store" in refused.stderr) == (2, True)
    assert stays(gc(project, "--also", str(other))) == {"named": 2, "earlier": 1}
    assert gc(project, "--also", str(other), "--only-these", "--delete")["removed"] == {
        **_NOTHING,
        "blobs": 1,
        "bytes": 8,
    }
    assert all(clip is not None and store.has(clip.sha256) for clip in clips)
    assert not store.has(orphan)


def test_what_was_put_before_runs_left_names_stays_without_a_persons_word(project: Path) -> None:
    """Nobody can tell whose it is: an earlier version left none."""
    store = store_of(project)
    orphan = store.put(b"of before")
    make_old(store, orphan, 2 * LONG)
    assert stays(gc(project, "--delete")) == {"named": 1, "earlier": 1}
    assert store.has(orphan)
    gc(project, "--only-these", "--delete")
    assert not store.has(orphan)


def test_scratch_of_dead_processes_goes(project: Path) -> None:
    """What is older than a day, and than every process that lives; the rest stays."""
    scratch = project / ".tailframe/scratch"
    for name in ("cut-old", "cut-new"):
        (scratch / name).mkdir(parents=True)
        (scratch / name / "part.mp4").write_bytes(b"half")
    for path in (scratch / "cut-old/part.mp4", scratch / "cut-old"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    assert gc(project)["goes"]["scratch"] == 1  # type: ignore[index]
    assert gc(project, "--delete")["removed"] == {**_NOTHING, "leftovers": 1}
    assert [each.name for each in scratch.iterdir()] == ["cut-new"]


def test_nothing_was_ever_made_so_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a ledger nobody can say what is referred to, and none is made for it."""
    plain_environment(monkeypatch)
    project = write_project(tmp_path)
    refused = tailframe("gc", project, "--delete", "--only-these")
    assert refused.exit_code == 2
    assert not (project / ".tailframe/ledger.sqlite").exists()


# What follows has a whole episode.


@pytest.fixture
def episode(finished_copy: Path) -> Path:
    """A finished episode."""
    return finished_copy


def weeks_later(project: Path) -> None:
    """Let everything that was made have been made long ago, and nobody have wanted it since."""
    make_all_old(store_of(project))
    with closing(sqlite3.connect(project / ".tailframe/ledger.sqlite")) as books, books:
        books.execute("UPDATE derived SET at = datetime('now', '-40 days') || '.000000', used_at = NULL")


def days_later(project: Path) -> None:
    """Let the store be two days older."""
    make_all_old(store_of(project), LONG / 20)


def master_of(project: Path) -> str:
    """The sha256 of the master, as the manifest names it."""
    return str(json.loads((project / "output/e01/manifest.json").read_text())["master"]["sha256"])


def recipes_of(project: Path) -> set[str]:
    """The recipes that the ledger remembers."""
    with closing(sqlite3.connect(project / ".tailframe/ledger.sqlite")) as books:
        return {key for (key,) in books.execute("SELECT key FROM derived")}


@exhaustive
def test_all_that_a_cut_remembers_is_of_a_kind_that_is_known(episode: Path) -> None:
    """Else it would be kept for ever: say in `recipe_kinds` whether it can be made again."""
    assert {kind_of(key).name for key in recipes_of(episode)} <= KINDS.keys()
    assert len({kind_of(key).name for key in recipes_of(episode)}) > 4


@exhaustive
def test_what_is_wanted_stays_and_a_cut_says_that_it_is_wanted(episode: Path) -> None:
    """However old: a cut of today keeps everything that it asked for another month. What it did not need may go."""
    weeks_later(episode)
    shutil.rmtree(episode / "output")
    assert tailframe("cut", episode, "e01").exit_code == 0
    answer = gc(episode, "--delete")
    assert answer["removed"]["blobs"] == 0  # type: ignore[index]
    days_later(episode)
    gc(episode, "--delete")
    before = recipes_of(episode)
    shutil.rmtree(episode / "output")
    assert tailframe("cut", episode, "e01").exit_code == 0
    assert recipes_of(episode) == before, "nothing was made again"


@exhaustive
def test_what_nobody_wants_goes_a_day_later_and_is_made_again(episode: Path) -> None:
    """Takes and their clips stay, the output folder too, and the next cut is the same to the letter."""
    master, output = master_of(episode), sorted((episode / "output/e01").rglob("*"))
    weeks_later(episode)
    shutil.rmtree(episode / "archive")
    first = gc(episode, "--delete")
    assert first["removed"]["recipes"] > 5  # type: ignore[index]
    assert store_of(episode).has(master)
    days_later(episode)
    assert gc(episode, "--delete")["removed"]["blobs"] > 3  # type: ignore[index]
    assert sorted((episode / "output/e01").rglob("*")) == output
    for _ in range(2):
        assert tailframe("cut", episode, "e01").exit_code == 0
        assert master_of(episode) == master
        assert not [*(episode / "output").rglob("*.kept-*")]
        shutil.rmtree(episode / "output")
    assert produce(episode).exit_code == 0
    with closing(sqlite3.connect(episode / ".tailframe/ledger.sqlite")) as books:
        assert books.execute("SELECT count(*) FROM takes").fetchone() == (SHOTS,)


@exhaustive
def test_a_cut_beside_a_collection_comes_out_whole(episode: Path) -> None:
    """Real processes, over and over: whatever goes while the cut asks for it, the cut has its files."""
    master, command = master_of(episode), [sys.executable, "-m", "flows.cli"]
    for _ in range(3):
        weeks_later(episode)
        shutil.rmtree(episode / "output", ignore_errors=True)
        with subprocess.Popen([*command, "cut", str(episode), "e01"], stderr=subprocess.PIPE, text=True) as cut:
            while cut.poll() is None:
                done = subprocess.run([*command, "gc", str(episode), "--delete"], capture_output=True, check=False)
                assert done.returncode == 0, done.stderr
            assert cut.returncode == 0, cut.communicate()[1]
        assert master_of(episode) == master
        days_later(episode)
    assert subprocess.run([*command, "verify", str(episode / "archive/lighthouse/e01")], check=False).returncode == 0


KILLED_AT = """
import os, signal, sys
from flows.cli.commands import run
left = int(sys.argv.pop(1))
def counted(event, arguments):
    global left
    if event in {"os.rename", "os.remove", "os.utime", "sqlite3.connect"} and ".tailframe" in str(arguments):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(counted)
run()
"""


@exhaustive
@pytest.mark.parametrize("moment", range(1, 60, stride(1) * 6))
def test_a_killed_collection_leaves_a_store_that_serves(episode: Path, moment: int) -> None:
    """At whatever step it dies, in the first gc or the second: the next one ends well, and so does a cut."""
    master = master_of(episode)
    weeks_later(episode)
    for _ in range(2):
        killed = [sys.executable, "-c", KILLED_AT, str(moment), "gc", str(episode), "--delete"]
        subprocess.run(killed, capture_output=True, check=False, timeout=120)
        days_later(episode)
    shutil.rmtree(episode / "output")
    assert tailframe("cut", episode, "e01").exit_code == 0
    assert master_of(episode) == master
    gc(episode, "--delete")
    assert not [*(episode / ".tailframe/blobs/.condemned").glob("*")]
    assert tailframe("cut", episode, "e01").exit_code == 0
