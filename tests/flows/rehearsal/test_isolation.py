"""`rehearse --fresh` removes what rehearsals made, and nothing that a producer put among it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flows.cli.rehearse_cmd import SHOWN, staying
from flows.rehearsal import RehearsalEnvironment, rehearsal_environment
from render.episode.output_folder import publish
from tests.flows.episodes import film, plain_environment
from tests.projects import scene, shot
from tests.render.episode.archive.episode import FinishedEpisode


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One shot, which nobody makes here."""
    plain_environment(monkeypatch)
    return film(tmp_path, scene("lamp", shot("010")), provider="evolink", ledger=False)


@contextmanager
def room_of(project: Path, *, fresh: bool = False) -> Iterator[RehearsalEnvironment]:
    with rehearsal_environment(project, faults=[], job_seconds=0.05, fresh=fresh) as environment:
        yield environment


def test_a_fresh_room_keeps_what_a_producer_put_there(project: Path, tmp_path: Path) -> None:
    """Of the output goes what its manifest names, unchanged; notes, a graded clip and a folder stay, and are told."""
    with room_of(project) as environment:
        private = environment.places.private
    made = FinishedEpisode.make(tmp_path / "made", clip_bytes=1000)
    made.store.put_file(made.parts.master)
    output = private / "output/e01"
    publish(made.store, made.parts.manifest, made.parts.contact_sheet or tmp_path, output, within=project)
    shutil.copytree(made.store.url, private / "blobs", dirs_exist_ok=True)
    own = [private / "notes.txt", output / "clips/lamp/020.mp4", output / "graded/010.mp4", private / "mine/a"]
    for file in own:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"mine")

    with room_of(project, fresh=True) as environment:
        assert environment.stays == tuple(sorted(own))

    assert [file.read_bytes() for file in own] == [b"mine"] * len(own)
    left = {file for file in private.rglob("*") if file.is_file() and file.parent.name != "sandbox"}
    assert left == {*own, private / "lock"}


def test_an_output_that_is_a_link_within_the_project_is_not_emptied(project: Path) -> None:
    """It may lead to the real one."""
    with room_of(project) as environment:
        private = environment.places.private
    made = FinishedEpisode.make(project, clip_bytes=1000)
    (private / "output").symlink_to(project / "output")
    with room_of(project, fresh=True):
        assert made.parts.master.is_file()


def test_of_many_files_that_stay_some_are_told() -> None:
    """A folder of thousands floods no terminal."""
    paths = [Path(f"notes/{number}") for number in range(SHOWN + 3)]
    assert list(staying(paths[:1])) == ["notes/0 was not made by a rehearsal; it stays"]
    assert len(list(staying(paths))) == SHOWN + 1
    assert list(staying(paths))[-1] == "so do 3 more beside it"
