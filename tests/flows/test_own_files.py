"""A producer's own files in the output folder: a run keeps them, says where they are, and comes to its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from render.watcher import Unwatched
from tests.flows.episodes import film, plain_environment, produce
from tests.projects import scene, shot


class Told(Unwatched):
    """Remembers what a person should read."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One shot, drawn for nothing."""
    plain_environment(monkeypatch)
    return film(tmp_path, scene("lamp", shot("010")), provider="animatic")


def test_what_lay_there_before_the_first_cut_is_kept(project: Path) -> None:
    """A sheet, a manifest, a master and a clip of somebody's own, or a folder or a link in place of one."""
    output = project / "output/e01"
    (output / "clips/lamp/010.mp4").mkdir(parents=True)
    for name in ("contact_sheet.jpg", "manifest.json", "clips/lamp/010.mp4/notes.txt"):
        (output / name).write_bytes(b"mine")
    (output / "e01.mp4").symlink_to("nowhere")
    told = Told()

    assert produce(project, watcher=told).exit_code == 0

    for name in ("contact_sheet.kept-1.jpg", "manifest.kept-1.json", "clips/lamp/010.kept-1.mp4/notes.txt"):
        assert (output / name).read_bytes() == b"mine"
    assert (output / "e01.kept-1.mp4").is_symlink()
    assert sum("beside it now" in note for note in told.notes) == 4
    assert all((output / name).is_file() for name in ("contact_sheet.jpg", "e01.mp4", "clips/lamp/010.mp4"))


def test_a_sheet_that_was_retouched_is_kept_though_nothing_else_changed(project: Path) -> None:
    """The next run draws ours again; one that finds all as it left it says nothing."""
    assert produce(project).exit_code == 0
    sheet = project / "output/e01/contact_sheet.jpg"
    ours, told = sheet.read_bytes(), Told()
    assert produce(project, watcher=told).exit_code == 0
    assert not [note for note in told.notes if "beside it now" in note]
    sheet.write_bytes(b"retouched")

    assert produce(project, watcher=told).exit_code == 0

    assert (sheet.read_bytes(), sheet.with_name("contact_sheet.kept-1.jpg").read_bytes()) == (ours, b"retouched")


def test_a_sheet_of_an_earlier_version_is_nobodys_own(project: Path) -> None:
    """It was kept in no store; drawn again it is the same, so nothing is said and nothing left lying about."""
    assert produce(project).exit_code == 0
    sheet, told = project / "output/e01/contact_sheet.jpg", Told()
    blobs = project / ".tailframe/blobs"
    (blob,) = [each for each in blobs.glob("??/*") if each.read_bytes() == sheet.read_bytes()]
    blob.unlink()

    assert produce(project, watcher=told).exit_code == 0

    assert not [note for note in told.notes if "beside it now" in note]
    assert [each.name for each in sheet.parent.glob("*.jpg")] == [sheet.name]
