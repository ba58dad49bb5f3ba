"""Links that lead out of a project: nothing is written through them, nothing outside is named, and it is said early."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.cli.project_access import file_to_write
from flows.run.boundaries import refuse_links_out
from flows.settings import places_of, read_settings
from render.episode.manifest import from_json
from render.episode.output_folder import publish
from render.store import open_store
from storyboard.errors import LeadsOut
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import film, plain_environment, produce
from tests.flows.runs import command
from tests.projects import episode_file, scene, series_file, shot, write_project
from tests.thinning import one_in

WRITTEN = (
    ".tailframe",
    ".tailframe/blobs",
    ".tailframe/blobs/ab",
    ".tailframe/ledger.sqlite",
    ".tailframe/logs",
    ".tailframe/owners",
    ".tailframe/scratch",
    "archive",
    "archive/lighthouse",
    "archive/lighthouse/e01",
    "output",
    "output/e01",
    "output/e01/clips",
    "output/e01/clips/lamp",
)
"""What a run writes in a project, at every level."""


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    plain_environment(monkeypatch)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder beside the project, with things that are nobody's business."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret-plan.png").write_bytes(b"not yours")
    (folder / "secret.mp4").write_bytes(b"not yours")
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """One shot, for nothing."""
    return film(tmp_path, scene("lamp", shot("010", "{{ mara }} lights the lamp")), provider="animatic", ledger=False)


def lead(project: Path, name: str, to: Path) -> None:
    """Put a link there."""
    (project / name).parent.mkdir(parents=True, exist_ok=True)
    (project / name).symlink_to(to, target_is_directory=True)


def untouched(outside: Path) -> bool:
    """Whether nothing was written there."""
    return {each.name for each in outside.iterdir()} == {"secret-plan.png", "secret.mp4"}


@pytest.mark.parametrize("name", WRITTEN)
def test_nothing_is_made_where_it_would_be_written_elsewhere(project: Path, outside: Path, name: str) -> None:
    """Each folder that a run writes, as a link out: refused with a remedy before anything is made, and untouched."""
    lead(project, name, outside / "not-there" if name.endswith("sqlite") else outside)

    with pytest.raises(LeadsOut) as refused:
        produce(project)

    assert refused.value.link == name
    assert "TAILFRAME_" in str(refused.value) or "move the whole project" in str(refused.value)
    assert untouched(outside)
    assert "secret" not in str(refused.value)


COMMANDS = ("plan e01", "status e01", "preview e01", "reconcile", "migrate")


@one_in(5)
@pytest.mark.parametrize("asked", COMMANDS)
def test_every_command_says_so(project: Path, outside: Path, asked: str) -> None:
    """The same sentence, and the exit code of what a producer has to mend."""
    lead(project, ".tailframe", outside)

    name, *rest = asked.split()
    code, said = command(name, project, *rest)

    assert code == 2, said
    assert "'.tailframe' is a link that leads out of the project" in said
    assert untouched(outside)


def test_a_mistake_writes_its_log_elsewhere(project: Path, outside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong, no log goes through a link."""
    from flows.cli.exits import _write_log

    monkeypatch.setenv("XDG_STATE_HOME", str(outside.parent / "state"))
    lead(project, ".tailframe", outside)

    assert str(outside.parent / "state") in _write_log(RuntimeError("a mistake"), project)
    assert untouched(outside)


def test_a_link_that_stays_inside_is_a_producers_own_business(project: Path) -> None:
    """Only what leads out of the project is refused."""
    (project / "masters").mkdir()
    lead(project, "output", project / "masters")

    assert produce(project).exit_code == 0
    assert (project / "masters" / "e01" / "e01.mp4").is_file()


def test_a_project_that_is_reached_through_a_link_is_a_project(project: Path, tmp_path: Path) -> None:
    """The link above it leads to it, and not out of it."""
    (tmp_path / "by-another-name").symlink_to(project)

    assert produce(tmp_path / "by-another-name").exit_code == 0


def test_an_operator_may_name_any_place(project: Path, outside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clips and archives lie where the variables say, by links too: these are not a project's words."""
    (project.parent / "disk").symlink_to(outside)
    for name, place in (("STORE", "blobs"), ("ARCHIVE", "finished")):
        monkeypatch.setenv(f"TAILFRAME_{name}_URL", str(project.parent / "disk" / place))

    assert produce(project).exit_code == 0
    assert (outside / "blobs").is_dir()
    assert (outside / "finished" / "lighthouse" / "e01").is_dir()


def test_a_link_that_comes_while_a_run_goes_on_is_not_written_through(project: Path, outside: Path) -> None:
    """It is looked for right before each writing: into the output, into the archive, into the store."""
    assert produce(project).exit_code == 0
    manifest = from_json((project / "output/e01/manifest.json").read_bytes())
    places = places_of(project, read_settings())
    store = open_store(places.store_url, cache=places.private / "cache", within=project)
    sheet = project / "output/e01/contact_sheet.jpg"
    (project / "output/e01/clips/lamp").rename(project / "was")
    lead(project, "output/e01/clips/lamp", outside)

    with pytest.raises(LeadsOut, match="'output/e01/clips/lamp'"):
        publish(store, manifest, sheet, project / "output/e01", within=project)
    (project / ".tailframe/blobs/.incoming").rename(project / "was-incoming")
    lead(project, ".tailframe/blobs/.incoming", outside)
    with pytest.raises(LeadsOut, match=r"'\.tailframe/blobs/\.incoming'"):
        store.put(b"something new")

    assert untouched(outside)


def test_clips_of_earlier_cuts_are_removed_from_the_project_only(project: Path, outside: Path) -> None:
    """A folder of clips that is a link keeps its files, wherever they are."""
    assert produce(project).exit_code == 0
    lead(project, "output/e01/clips/shore", outside)

    assert produce(project).exit_code == 0
    assert untouched(outside)


def test_a_master_that_is_a_link_is_replaced_by_the_master(project: Path, outside: Path) -> None:
    """The link goes, and what it led to stays: also where the bytes there are the right ones."""
    assert produce(project).exit_code == 0
    master = project / "output/e01/e01.mp4"
    master.rename(outside / "e01.mp4")
    master.symlink_to(outside / "e01.mp4")
    before = (outside / "e01.mp4").stat()

    assert produce(project).exit_code == 0

    assert master.is_file()
    assert not master.is_symlink()
    assert (outside / "e01.mp4").stat().st_mtime_ns == before.st_mtime_ns


def test_a_blob_is_not_read_through_a_link_that_somebody_laid(project: Path, outside: Path) -> None:
    """The store's names with an ending are links of its own making; another one there is replaced, not followed."""
    store = open_store(project / ".tailframe" / "blobs", cache=project / "cache", within=project)
    sha256 = store.put(b"a picture")
    lead(project, f".tailframe/blobs/.named/{sha256}.png", outside / "secret-plan.png")

    assert store.local_path(sha256, ".png").read_bytes() == b"a picture"
    assert untouched(outside)


@pytest.mark.parametrize("source", ["references/secret-plam.png", "references/secret-plan.png", "references/x.png"])
def test_nothing_outside_is_named_in_an_error(tmp_path: Path, outside: Path, source: str) -> None:
    """`references` that leads out: the error is the same whether the file is there, nearly there, or not at all."""
    cast = {"mara": {"description": "keeper", "references": [source]}}
    written = series_file(cast=cast, locations={}, props={}, styles={})
    episode = episode_file("e01", scene("lamp", shot("010"), location=None), style=None)
    project = write_project(tmp_path, series=written, episodes={"e01": episode})
    (project / "references").rename(project / "was")
    lead(project, "references", outside)

    told = tailframe("check", project)

    assert told.exit_code == 2
    assert "'references' is a link that leads out of the project; copy the folder into it" in told.output
    assert told.output.replace(source, "").count("secret") == 0


def test_no_episode_outside_is_named(project: Path, outside: Path) -> None:
    """`episodes` that leads out."""
    (outside / "secret.yml").touch()
    (project / "episodes").rename(project / "was")
    lead(project, "episodes", outside)

    told = tailframe("check", project)

    assert (told.exit_code, "secret" in told.output) == (2, False), told.output
    assert "episodes:1:1: this is a link that leads out of the project; copy the folder into it" in told.output


def test_the_doctor_looks_at_links_too(project: Path, outside: Path) -> None:
    """Which one, and what to do."""
    assert "good project links" in " ".join(tailframe("doctor", project).output.split())
    lead(project, "output", outside)

    told = " ".join(tailframe("doctor", project).output.split())

    assert "wrong project links output leads out of the project: no run begins" in told
    assert "move the whole project" in told


def test_a_link_to_itself_is_told(project: Path) -> None:
    """It leads nowhere, and nothing can be written through it."""
    (project / "output").symlink_to("output")

    with pytest.raises(LeadsOut, match="'output'"):
        refuse_links_out(places_of(project, read_settings()))


def test_a_project_that_is_named_by_a_short_path_is_written_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a producer types it who stands beside it."""
    (tmp_path / "film").mkdir()
    monkeypatch.chdir(tmp_path)
    usual = tmp_path / "film" / "output" / "e01" / "e01-storyboard.pdf"
    assert file_to_write(None, usual, Path("film"), ".pdf") == usual
