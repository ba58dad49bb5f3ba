"""A worker needs a snapshot's name and nothing else; what it fetched is whole, its own, and kept within a bound."""

from __future__ import annotations

import asyncio
import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from flows.errors import SettingsError, UsageError
from flows.prefect.checkout import enter_checkout
from flows.prefect.project_source import project_folder
from flows.prefect.series_source import series_source
from flows.run.local_copies import keep_copies_within_bound
from flows.run.options import RunOptions
from flows.run.push import push
from flows.run.snapshot_project import as_named
from flows.run.workspace import open_workspace, workspace_of
from flows.settings import places_of, read_settings
from render.concurrency.process_lock import Owner, oldest_alive
from render.errors import StoreError
from render.store.snapshot import files_of
from storyboard.errors import NoSuchName
from tests.flows.cli.in_process import tailframe
from tests.projects import write_project

UNNAMED = {"references/extra/sketch.png", "references/music/theme.wav"}
"""Files of the small project that its YAML does not name: they are no part of it."""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose ledger, store and archive lie elsewhere, as a worker's environment names them."""
    for name in ("TAILFRAME_CACHE_GB", "TAILFRAME_PROJECTS"):
        monkeypatch.delenv(name, raising=False)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setenv("TAILFRAME_LEDGER_URL", f"sqlite:///{elsewhere}/ledger.sqlite")
    monkeypatch.setenv("TAILFRAME_STORE_URL", str(elsewhere / "blobs"))
    monkeypatch.setenv("TAILFRAME_ARCHIVE_URL", str(elsewhere / "archive"))
    monkeypatch.setenv("TAILFRAME_ALLOW_LOCAL_STORE", "1")
    monkeypatch.setenv("TAILFRAME_WORK_DIR", str(tmp_path / "work"))
    return write_project(tmp_path / "film")


def pushed(project: Path) -> str:
    with workspace_of(project).writing() as workspace:
        return push(workspace).name


def fetched(name: str) -> Path:
    return asyncio.run(project_folder(name))


def contents(folder: Path) -> dict[str, bytes]:
    """All that a producer wrote, and the YAML names."""
    files = (each for each in folder.rglob("*") if each.is_file() and ".tailframe" not in each.parts)
    found = {each.relative_to(folder).as_posix(): each.read_bytes() for each in files}
    return {name: content for name, content in found.items() if name not in UNNAMED}


def test_a_worker_has_what_was_pushed_and_its_runs_keep_out_of_it(project: Path, tmp_path: Path) -> None:
    """Every file as it was; locks and scratch are those of the whole work folder, for all snapshots."""
    name = pushed(project)
    folder = fetched(name)
    assert folder == tmp_path / "work/projects" / name.removeprefix("snapshot:")
    assert contents(folder) == contents(project)
    assert set(contents(folder)) == set(files_of(folder.name, workspace_of(project).store))

    async def run() -> tuple[float | None, bool]:
        async with open_workspace(folder):
            return oldest_alive(tmp_path / "work/owners"), (folder / ".tailframe").exists()

    alive, own = asyncio.run(run())
    assert alive is not None
    assert not own
    assert oldest_alive(tmp_path / "work/owners") is None


def test_two_runs_that_fetch_at_once_find_the_same_whole_folder(project: Path) -> None:
    """Both have it, nobody meets half of it, and nothing is left beside it."""
    name, waiting = pushed(project), threading.Barrier(4)

    def fetch(_: int) -> Path:
        waiting.wait(10)
        return fetched(name)

    with ThreadPoolExecutor(4) as pool:
        (folder,) = set(pool.map(fetch, range(4)))
    assert contents(folder) == contents(project)
    assert [each.name for each in folder.parent.iterdir() if not each.name.startswith(".")] == [folder.name]
    assert list(folder.parent.glob("*.part")) == []


def test_a_file_that_somebody_changed_is_as_it_was_again(project: Path) -> None:
    """What is made is what was pushed, whatever became of the folder meanwhile."""
    name = pushed(project)
    folder = fetched(name)
    (folder / "series.yaml").unlink()
    episode = folder / "episodes" / "e01.yaml"
    episode.chmod(0o644)
    episode.write_text("something else")
    assert contents(fetched(name)) == contents(project)


@pytest.mark.parametrize("name", ["snapshot:", "snapshot:6d1a", "snapshot:" + "G" * 64])
def test_a_name_that_is_none_says_how_one_looks(project: Path, name: str) -> None:
    """Before anything is asked of a store."""
    with pytest.raises(UsageError, match="names no snapshot"):
        fetched(name)


def test_a_snapshot_that_the_store_lacks_says_what_to_do(project: Path) -> None:
    """It was pushed to another one, or never."""
    with pytest.raises(StoreError, match="tailframe push"):
        fetched("snapshot:" + "0" * 64)


def test_nothing_that_must_last_lies_in_the_work_folder(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither where nobody named a place nor where somebody named one in there; all are told at once."""
    name = pushed(project)
    monkeypatch.delenv("TAILFRAME_LEDGER_URL")
    monkeypatch.setenv("TAILFRAME_STORE_URL", str(tmp_path / "work/blobs"))
    monkeypatch.delenv("TAILFRAME_ARCHIVE_URL")
    with pytest.raises(SettingsError) as refused:
        fetched(name)
    assert set(refused.value.problems) == {"TAILFRAME_LEDGER_URL", "TAILFRAME_STORE_URL", "TAILFRAME_ARCHIVE_URL"}
    assert "names a store in the work folder" in refused.value.problems["TAILFRAME_STORE_URL"]


def test_a_run_of_a_named_snapshot_freezes_nothing_anew(project: Path) -> None:
    """Unless it was given another one; that of a folder is frozen when it begins."""
    name = "snapshot:" + "a" * 64
    assert as_named(name, RunOptions(episode="e01")).snapshot == "a" * 64
    assert as_named(name, RunOptions(episode="e01", snapshot="b" * 64)).snapshot == "b" * 64
    assert as_named(str(project), RunOptions(episode="e01")).snapshot is None


def test_other_machines_are_told_a_name_and_this_one_a_folder_that_has_its_own_ledger(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One snapshot for all runs of a series either way; an episode that there is not is told with those there are."""
    name = pushed(project)
    elsewhere = asyncio.run(series_source(str(project)))
    assert (elsewhere.project, elsewhere.option) == (name, None)
    assert asyncio.run(series_source(name)).snapshot == elsewhere.snapshot == name.removeprefix("snapshot:")
    monkeypatch.delenv("TAILFRAME_LEDGER_URL")
    here = asyncio.run(series_source(str(project)))
    assert (here.project, here.option) == (str(project), elsewhere.snapshot)
    assert here.named([]) == ("e01",)
    with pytest.raises(NoSuchName, match="e01"):
        here.named(["e1"])


def test_projects_that_nobody_wants_any_more_go_when_a_run_begins(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Down to the bound; what a live run may use stays, whoever asked for it."""
    monkeypatch.setenv("TAILFRAME_CACHE_GB", "0.000001")
    before = fetched(pushed(project))
    (project / "episodes/e01.yaml").write_bytes((project / "episodes/e01.yaml").read_bytes() + b"\n")
    now = fetched(pushed(project))
    long_ago = time.time() - 5 * 3600
    os.utime(before.parent / ".used" / before.name, (long_ago, long_ago))

    living = Owner.acquire(tmp_path / "work/owners")
    os.utime(tmp_path / "work/owners" / living.name, (long_ago - 60, long_ago - 60))
    keep_copies_within_bound(places_of(now, read_settings()), read_settings())
    assert before.exists(), "a run that began before it was wanted lives still"
    living.release()
    keep_copies_within_bound(places_of(now, read_settings()), read_settings())
    assert not before.exists()
    assert now.exists()


def test_a_clone_of_a_repository_is_made_as_it_stands(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative project begins in the clone; the clone is gone after the run, so nothing of the run lies there."""
    monkeypatch.setenv("TAILFRAME_PROJECTS", "")
    monkeypatch.chdir(tmp_path)
    enter_checkout("film")
    assert Path.cwd() != tmp_path
    folder = fetched("project")
    assert folder.is_relative_to(tmp_path / "work/projects")
    assert contents(folder) == contents(project)


def test_the_command_prints_the_name_and_the_ledger_remembers_it(project: Path) -> None:
    """On standard output alone, for scripts; what it holds is for people."""
    done = tailframe("push", project)
    assert (done.exit_code, done.stdout) == (0, f"{pushed(project)}\n")
    assert "lighthouse: 9 files" in done.stderr
    assert json.loads(tailframe("push", project, "--json").stdout)["project"] == done.stdout.strip()
    with workspace_of(project).reading() as workspace:
        assert workspace.ledger is not None
        kept = workspace.ledger.read(lambda tx: tx.rows("SELECT id, series FROM snapshots"))
    assert [(row["id"], row["series"]) for row in kept] == [(done.stdout.strip()[9:], "lighthouse")]


def test_a_project_with_mistakes_is_not_pushed(project: Path) -> None:
    """All of them are told, as `check` tells them, and no name is printed."""
    (project / "references/cast/mara.png").unlink()
    (project / "references/props/logbook.png").write_bytes(b"no picture")
    done = tailframe("push", project)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "2 mistakes to mend" in done.stderr


def test_what_others_cannot_see_is_not_pushed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger in a file and a store in a folder are told at once, and with what would let them be."""
    monkeypatch.delenv("TAILFRAME_ALLOW_LOCAL_STORE")
    done = tailframe("push", project)
    assert (done.exit_code, done.stdout) == (2, "")
    for words in ("TAILFRAME_LEDGER_URL", "TAILFRAME_STORE_URL", "TAILFRAME_ALLOW_LOCAL_STORE=1"):
        assert words in done.stderr
