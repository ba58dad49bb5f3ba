"""Snapshots: a project's files at one moment, by one name everywhere, and nothing but them when they come back."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.errors import StoreError
from render.store import LocalStore, Store
from render.store.safe_names import why_unsafe, why_unsafe_together
from render.store.snapshot import checkout, files_of, take_snapshot

FILES = {"series.yaml": b"series: lighthouse\n", "episodes/e01.yaml": b"episode: e01\n", "references/a.png": b"\x89PNG"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project's folder."""
    root = tmp_path / "project"
    for name, content in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    (root / "notes.txt").write_text("not part of it")
    return root


def contents(folder: Path) -> dict[str, bytes]:
    """Every file under a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_a_snapshot_gives_back_the_named_files_and_no_others(store: Store, project: Path, tmp_path: Path) -> None:
    """What was snapshot comes back byte for byte, whatever happened to the project since."""
    snapshot = take_snapshot(project, list(FILES), store)
    (project / "series.yaml").write_text("series: changed\n")
    checkout(snapshot, store, tmp_path / "run" / "project")
    assert contents(tmp_path / "run" / "project") == FILES
    assert list(files_of(snapshot, store)) == sorted(FILES)


def test_the_same_files_have_the_same_name(project: Path, tmp_path: Path) -> None:
    """Order, repetition and place do not matter; one byte does."""
    first, second = LocalStore(tmp_path / "first"), LocalStore(tmp_path / "second")
    snapshot = take_snapshot(project, list(FILES), first)
    moved = project.rename(tmp_path / "moved")
    assert take_snapshot(moved, [*reversed(list(FILES)), "series.yaml"], second) == snapshot
    (moved / "series.yaml").write_bytes(FILES["series.yaml"] + b" ")
    assert take_snapshot(moved, list(FILES), second) != snapshot


def test_a_checkout_never_mixes_with_what_is_there(project: Path, tmp_path: Path) -> None:
    """A folder with something in it is refused and left alone; an empty one is filled."""
    store = LocalStore(tmp_path / "blobs")
    snapshot = take_snapshot(project, list(FILES), store)
    with pytest.raises(StoreError, match="already is something in that folder"):
        checkout(snapshot, store, project)
    assert (project / "notes.txt").exists()
    (tmp_path / "empty").mkdir()
    checkout(snapshot, store, tmp_path / "empty")
    assert contents(tmp_path / "empty") == FILES


def test_a_checkout_is_whole_or_not_at_all(project: Path, tmp_path: Path) -> None:
    """Where one blob is missing nothing is left behind."""
    store = LocalStore(tmp_path / "blobs")
    snapshot = take_snapshot(project, list(FILES), store)
    store.local_path(files_of(snapshot, store)["references/a.png"]).unlink()
    with pytest.raises(StoreError, match="is not in the store"):
        checkout(snapshot, store, tmp_path / "run" / "target")
    assert list((tmp_path / "run").iterdir()) == []


def test_a_file_that_leads_out_of_the_project_is_refused(project: Path, tmp_path: Path) -> None:
    """A link to a private file does not put that file into an archive."""
    (tmp_path / "secret").write_text("private")
    (project / "references" / "b.png").symlink_to(tmp_path / "secret")
    with pytest.raises(StoreError, match="leads out of the project"):
        take_snapshot(project, ["references/b.png"], LocalStore(tmp_path / "blobs"))


def test_a_file_that_is_not_there_is_named(project: Path, tmp_path: Path) -> None:
    """The error says which."""
    with pytest.raises(StoreError, match=r"episodes/e02\.yaml"):
        take_snapshot(project, ["episodes/e02.yaml"], LocalStore(tmp_path / "blobs"))


def test_a_file_that_is_saved_meanwhile_is_never_half_of_each(project: Path, tmp_path: Path) -> None:
    """A snapshot holds one of the versions that were there, not a mixture of two."""
    store, stop = LocalStore(tmp_path / "blobs"), threading.Event()
    versions = [bytes([letter]) * 300_000 for letter in b"ab"]

    def keep_saving() -> None:
        turn = 0
        while not stop.is_set():
            (tmp_path / "new").write_bytes(versions[turn % 2])
            (tmp_path / "new").replace(project / "series.yaml")
            turn += 1
            stop.wait(0.02)

    (project / "series.yaml").write_bytes(versions[0])
    snapshot = take_snapshot(project, ["series.yaml"], store)
    saving = threading.Thread(target=keep_saving)
    saving.start()
    try:
        for _ in range(10):
            with suppress(StoreError):  # it may say that the file changes all the time
                snapshot = take_snapshot(project, ["series.yaml"], store)
            assert store.get(files_of(snapshot, store)["series.yaml"]) in versions
    finally:
        stop.set()
        saving.join()


HOSTILE = [
    "/etc/passwd",
    "../up",
    "a/../../b",
    "a//b",
    "./a",
    "a/",
    "",
    "C:/x",
    "a\\b",
    ".git/config",
    "references/.envrc",
    "a\nb",
    "a\0b",
    "\ud800",
    "x" * 256,
    "d/" * 600 + "x",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_tree_from_elsewhere_cannot_name_a_file_outside(name: str, tmp_path: Path) -> None:
    """Trees come with archives from anywhere: one bad name and nothing of it is written."""
    assert why_unsafe(name) is not None
    store = LocalStore(tmp_path / "blobs")
    blob = store.put(b"payload")
    tree = store.put(json.dumps({"version": 1, "files": {"fine": blob, name: blob}}).encode())
    with pytest.raises(StoreError, match="name is refused"):
        checkout(tree, store, tmp_path / "target")
    assert not (tmp_path / "target").exists()


@pytest.mark.parametrize(
    "tree",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"version":2,"files":{}}',
        b'{"version":1}',
        b'{"version":1,"files":{"a":"b"}}',
        b'{"version":1,"files":{"a":1}}',
        b'{"version":1,"files":{},"more":1}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_tree_is_refused(tree: bytes, tmp_path: Path) -> None:
    """A blob that is no snapshot is an error and not an empty project."""
    store = LocalStore(tmp_path / "blobs")
    with pytest.raises(StoreError, match="snapshot"):
        files_of(store.put(tree), store)


def test_a_name_is_a_file_or_a_folder_and_not_both() -> None:
    """Such a pair cannot be written, and says so before anything is."""
    assert why_unsafe_together(["a/b", "a/c", "d"]) is None
    assert "both a file and the folder" in (why_unsafe_together(["a", "a/b"]) or "")


@given(st.text(max_size=40))
def test_a_name_that_passes_stays_inside_its_folder(name: str) -> None:
    """Whatever the name, either it is refused or it lies under the folder it is joined to."""
    if why_unsafe(name) is None:
        folder = Path("/somewhere/target")
        assert (folder / name).resolve().is_relative_to(folder)
        assert (folder / name).resolve() != folder
