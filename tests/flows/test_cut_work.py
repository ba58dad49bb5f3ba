"""What `tailframe cut` makes, and what it finds: nothing is made twice, and the cut is the same as from nothing."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from flows.run.recut import cut_again
from render.episode.cut_work import CutWork
from render.watcher import Unwatched
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import produce
from tests.flows.finished_episode import finished, finished_copy
from tests.thinning import exhaustive

__all__ = ["finished", "finished_copy"]

SHOTS = 3


@pytest.fixture
def project(finished_copy: Path) -> Path:
    """A finished episode."""
    return finished_copy


def cut(project: Path) -> CutWork:
    """Cut again; what that made."""
    result = asyncio.run(cut_again(project, "e01", watcher=Unwatched()))
    assert result.assembly is not None
    return result.assembly.work


def kept(project: Path, kind: str) -> dict[str, str]:
    """The blobs of this kind of recipe that the ledger remembers."""
    with closing(sqlite3.connect(project / ".tailframe/ledger.sqlite")) as books:
        return dict(books.execute("SELECT key, sha256 FROM derived WHERE key LIKE ?", (f"{kind}:%",)).fetchall())


def forget(project: Path, *kinds: str) -> None:
    """Let the ledger forget what these kinds of recipe gave, and the output be lost, so that all of it is needed."""
    with closing(sqlite3.connect(project / ".tailframe/ledger.sqlite")) as books, books:
        for kind in kinds:
            assert books.execute("DELETE FROM derived WHERE key LIKE ?", (f"{kind}:%",)).rowcount
    shutil.rmtree(project / "output")


def blob(project: Path, sha256: str) -> Path:
    return project / ".tailframe/blobs" / sha256[:2] / sha256[2:]


def output(project: Path) -> dict[str, bytes]:
    """The files of the output folder; of the manifest all but the moment at which it was made."""
    folder = project / "output/e01"
    files = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    manifest = json.loads(files["manifest.json"])
    return files | {"manifest.json": json.dumps({**manifest, "created_at": None}).encode()}


def counts(work: CutWork, what: str) -> tuple[int, int, int]:
    part = work.of(what)
    return part.copied, part.made, part.reused


@exhaustive
def test_frames_that_were_taken_when_clips_came_are_not_taken_again(project: Path) -> None:
    """A run takes them while other shots are made; the cut finds them all, and copies the pictures."""
    before = output(project)
    forget(project, "master")
    work = cut(project)
    assert (work.cut, counts(work, "pieces")) == (True, (SHOTS, 0, 0))
    assert (counts(work, "tail frames"), counts(work, "thumbnails")) == ((0, 0, SHOTS), (0, 0, SHOTS))
    assert output(project) == before


def test_a_cut_from_nothing_is_the_same(project: Path) -> None:
    """Master, contact sheet, manifest and clips, byte for byte, with every frame taken anew."""
    before = output(project)
    forget(project, "master", "frame", "thumbnail")
    work = cut(project)
    assert (counts(work, "tail frames"), counts(work, "thumbnails")) == ((0, SHOTS, 0), (0, SHOTS, 0))
    assert output(project) == before


@pytest.mark.parametrize(("kind", "what"), [("thumbnail", "thumbnails"), ("frame", "tail frames")])
def test_a_still_whose_blob_is_gone_is_made_again(project: Path, kind: str, what: str) -> None:
    """That one alone, with the same bytes."""
    before, stills = output(project), kept(project, kind)
    lost = next(iter(stills.values()))
    forget(project, "master")
    blob(project, lost).unlink()
    assert counts(cut(project), what) == (0, 1, SHOTS - 1)
    assert blob(project, lost).is_file()
    assert (kept(project, kind), output(project)) == (stills, before)


def test_a_new_take_makes_its_own_frames_alone(project: Path) -> None:
    """Of the shots that did not change nothing is made: their blobs are the very files of before."""
    before = {sha256: blob(project, sha256).stat().st_mtime_ns for sha256 in kept(project, "thumbnail").values()}
    assert produce(project, new_take=True, shots=frozenset({"shore/010"})).exit_code == 0
    stills = kept(project, "thumbnail")
    assert len(stills) == SHOTS + 1
    assert {sha256: blob(project, sha256).stat().st_mtime_ns for sha256 in before} == before
    forget(project, "master", "frame", "thumbnail")
    cut(project)
    assert kept(project, "thumbnail").items() < stills.items()


def test_a_master_that_stands_is_not_cut_again(project: Path) -> None:
    """It says so, and its thumbnails are not even looked for."""
    before = {path: path.stat().st_mtime_ns for path in (project / "output").rglob("*") if path.is_file()}
    done = tailframe("cut", project, "e01")
    assert (done.exit_code, done.stdout) == (0, f"{project / 'output/e01/e01.mp4'}\n")
    assert "master: not cut again, it stands as it was\ntail frames: 3 reused\n" in done.stderr
    assert "thumbnails" not in done.stderr
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_a_cut_says_what_it_made(project: Path) -> None:
    """One line a kind of part."""
    forget(project, "master", "thumbnail")
    said = tailframe("cut", project, "e01").stderr
    assert "master: cut now\npieces: 3 copied\ntail frames: 3 reused\nthumbnails: 3 made\n" in said


def test_what_lies_in_the_output_is_nobody_elses(project: Path) -> None:
    """A producer who writes into a file there changes neither the store nor the archive."""
    cut(project)
    for file in [each for each in (project / "output").rglob("*") if each.suffix in {".mp4", ".jpg"}]:
        status = file.stat()
        assert status.st_nlink == 1
        with file.open("r+b") as opened:
            opened.write(b"graded by hand")
    archived = next((project / "archive/lighthouse/e01").glob("*/e01.mp4"))
    assert tailframe("verify", archived.parent).exit_code == 0
    assert cut(project).cut is False
    assert (project / "output/e01/e01.kept-1.mp4").read_bytes().startswith(b"graded by hand")


@exhaustive
def test_a_cut_loads_no_web_server_and_no_http_client() -> None:
    """It asks nobody, so it does not wait for what asking takes."""
    heavy = ("httpx", "starlette", "uvicorn", "prefect", "boto3", "rich")
    code = f"import sys, flows.run.recut; print([name for name in {heavy} if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"
