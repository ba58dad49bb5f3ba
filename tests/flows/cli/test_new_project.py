"""A new project is whole: it loads without a mistake, teaches what it shows, and carries its own name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.cli.new_project import new_project, slug
from flows.errors import CannotStart
from storyboard.loading import load_project
from storyboard.schema import schemas


def test_a_new_project_loads_without_a_mistake(tmp_path: Path) -> None:
    """What is copied is a series of four shots whose files are all there."""
    new_project(tmp_path / "boats")
    project = load_project(tmp_path / "boats")
    assert project.series.series == "boats"
    assert sum(len(scene.shots) for scene in project.episodes["e01"].scenes) == 4
    assert len(project.series.cast) == 2
    assert len(project.series.locations) == 2


def test_the_template_itself_is_a_project() -> None:
    """The files that are copied are kept valid in their own place."""
    load_project(Path("flows/template"))


@pytest.mark.parametrize(
    ("folder", "name"),
    [("My series!", "my-series"), ("010", "010"), ("Über", "ber"), ("U\u0308ber", "ber"), ("…", "series")],
)
def test_the_series_is_named_after_its_folder(tmp_path: Path, folder: str, name: str) -> None:
    """Any folder's name gives a name that the model takes."""
    new_project(tmp_path / folder)
    assert load_project(tmp_path / folder).series.series == name
    assert slug(folder) == name


def test_a_name_and_a_title_can_be_given(tmp_path: Path) -> None:
    """Both stand in the series as they were given, quotes and all."""
    new_project(tmp_path / "x", name="lamp", title='The "Last" Lamp: ä \\1')
    series = load_project(tmp_path / "x").series
    assert (series.series, series.title) == ("lamp", 'The "Last" Lamp: ä \\1')


def test_editors_find_their_schemas(tmp_path: Path) -> None:
    """Each file's first line names a schema that lies in the project and is the models' own."""
    new_project(tmp_path / "x")
    for file in (tmp_path / "x/series.yaml", tmp_path / "x/episodes/e01.yaml"):
        first = file.read_text(encoding="utf-8").splitlines()[0]
        schema = (file.parent / first.partition("$schema=")[2]).resolve()
        assert json.loads(schema.read_text(encoding="utf-8")) == schemas()[schema.name]


def test_what_tailframe_makes_is_kept_out_of_git(tmp_path: Path) -> None:
    """The ledger and the output are named in the project's .gitignore."""
    new_project(tmp_path / "x")
    assert ".tailframe/" in (tmp_path / "x/.gitignore").read_text(encoding="utf-8")


def test_nothing_is_written_over(tmp_path: Path) -> None:
    """A folder with anything in it, or a file, is left as it is and named."""
    (tmp_path / "notes.txt").write_text("mine")
    for target in (tmp_path, tmp_path / "notes.txt"):
        with pytest.raises(CannotStart, match="is not empty"):
            new_project(target)
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    """A folder made beforehand is used."""
    new_project(tmp_path)
    load_project(tmp_path)


def test_the_template_is_small() -> None:
    """A new project does not weigh on anyone's disk or repository."""
    assert sum(file.stat().st_size for file in Path("flows/template").rglob("*.webp")) < 150_000


def test_what_a_file_manager_leaves_in_a_folder_is_nothing(tmp_path: Path) -> None:
    """A folder that was only looked at is an empty one; one with anybody's work in it is not."""
    for name in (".DS_Store", "._boats", "Thumbs.db", "desktop.ini"):
        (tmp_path / name).write_bytes(b"x")
    new_project(tmp_path, name="boats")
    assert load_project(tmp_path).series.series == "boats"
    (tmp_path / "other").mkdir()
    (tmp_path / "other/.env").write_text("x")
    with pytest.raises(CannotStart):
        new_project(tmp_path / "other")
