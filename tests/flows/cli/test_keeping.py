"""What is kept for good: a series that begins, an episode that is archived, checked, brought back and cut again."""

import asyncio
import hashlib
import shutil
from pathlib import Path

import pytest

from flows.run.beginning import begin
from flows.run.session import RunOptions
from flows.run.workspace import open_workspace
from tests.flows.cli.in_process import tailframe
from tests.flows.runs import tiny_project


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TAILFRAME_LEDGER_URL", "TAILFRAME_STORE_URL", "TAILFRAME_ARCHIVE_URL", "TAILFRAME_DEBUG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def produced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose episode is made and archived."""
    project = tiny_project(tmp_path_factory.mktemp("produced"))

    async def make() -> None:
        async with open_workspace(project) as workspace, begin(workspace, RunOptions(episode="e01")) as session:
            await session.make_all(session.production.make)
            await session.finish()

    asyncio.run(make())
    return project


def test_a_new_series_is_without_mistakes(tmp_path: Path) -> None:
    """What `new` writes passes `check`, and standard output names the folder, for scripts."""
    done = tailframe("new", tmp_path / "gulls", "--title", "Gulls")
    assert (done.exit_code, done.stdout) == (0, f"{tmp_path / 'gulls'}\n")
    assert tailframe("check", tmp_path / "gulls").exit_code == 0
    assert "Gulls" in (tmp_path / "gulls/series.yaml").read_text()


def test_a_new_series_overwrites_nothing(tmp_path: Path) -> None:
    """A folder with something in it is left as it is."""
    (tmp_path / "mine.txt").touch()
    assert tailframe("new", tmp_path).exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_whole_archive_is_told_whole(produced: Path) -> None:
    """Nothing on standard output, and 0."""
    done = tailframe("verify", produced / "archive/lighthouse/e01")
    assert (done.exit_code, done.stdout) == (0, "")


def test_a_flipped_byte_is_found(produced: Path, tmp_path: Path) -> None:
    """The damaged file is named, and the command ends with 1."""
    restored = tmp_path / "copy"
    shutil.copytree(produced / "archive", restored)
    (master,) = restored.rglob("e01.mp4")
    master.chmod(0o600)
    content = bytearray(master.read_bytes())
    content[len(content) // 2] ^= 1
    master.write_bytes(content)
    done = tailframe("verify", restored / "lighthouse/e01")
    assert done.exit_code == 1
    assert done.stdout.startswith("e01.mp4: ")


def test_what_is_restored_is_never_paid_for_again(produced: Path, tmp_path: Path) -> None:
    """An archive alone gives back the project, the identical master, and takes that the next plan reuses."""
    restored = tmp_path / "restored"
    done = tailframe("restore", produced / "archive/lighthouse/e01", restored)
    assert (done.exit_code, done.stdout) == (0, f"{restored}\n"), done.stderr
    assert sha256(restored / "output/e01/e01.mp4") == sha256(produced / "output/e01/e01.mp4")
    plan = tailframe("plan", restored, "e01").stdout
    assert plan.splitlines()[-1].startswith("lighthouse e01: 4 reuse; $0.00")


def test_restored_clips_go_to_the_store_that_is_set(
    produced: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a store elsewhere, the restored takes are whole there too."""
    monkeypatch.setenv("TAILFRAME_STORE_URL", str(tmp_path / "blobs"))
    assert tailframe("restore", produced / "archive/lighthouse/e01", tmp_path / "restored").exit_code == 0
    assert "4 done" in tailframe("status", tmp_path / "restored", "e01").stdout


def test_a_folder_that_is_no_archive_is_told_so(tmp_path: Path) -> None:
    """A wrong address is an error with its name, not an accident."""
    done = tailframe("verify", tmp_path)
    assert done.exit_code == 1
    assert "did not expect" not in done.stderr


def test_the_cut_is_made_again_from_the_circled_takes(produced: Path) -> None:
    """The same takes give the same master, whose path is the result."""
    before = sha256(produced / "output/e01/e01.mp4")
    done = tailframe("cut", produced, "e01")
    assert (done.exit_code, done.stdout) == (0, f"{produced / 'output/e01/e01.mp4'}\n"), done.stderr
    assert sha256(produced / "output/e01/e01.mp4") == before


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
