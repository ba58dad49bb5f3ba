"""Restoring: the identical project on an empty machine, checked on the way, whole or not at all."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from render.episode.archive import ArchivedEpisode, archive_episode, restore
from render.episode.archive.layout import ArchivedFile, contents_to_json
from render.episode.archive.take_records import books_json
from render.episode.archive_errors import ArchiveError
from render.episode.manifest import to_json
from render.errors import RenderError
from render.store import LocalStore, files_of
from render.store.digests import sha256_of
from tests.render.episode.archive.episode import PROJECT, FinishedEpisode
from tests.thinning import one_in


def test_a_restored_project_is_the_same_to_the_byte(
    finished: FinishedEpisode, archive_url: str, tmp_path: Path
) -> None:
    """YAML, references, master, manifest, sheet and every blob are as they were; the takes are handed back."""
    archive_episode(finished.parts, archive_url, finished.store)
    target = tmp_path / "empty machine" / "project"
    restored = restore(f"{archive_url}/lighthouse/e01", target)
    books = restored.books
    assert books_json(books.takes, books.circles, books.links, books.notes) == finished.parts.takes
    assert restored.manifest == finished.parts.manifest
    for name, content in PROJECT.items():
        assert (target / name).read_bytes() == content
    before, after = finished.root / "output" / "e01", target / "output" / "e01"
    for name in ("e01.mp4", "manifest.json", "contact_sheet.jpg", "report.html"):
        assert (after / name).read_bytes() == (before / name).read_bytes()
    store = LocalStore(target / ".tailframe" / "blobs")
    for clip in restored.manifest.clips():
        assert (after / clip.path).read_bytes() == store.get(clip.sha256) == finished.store.get(clip.sha256)
    for shot in restored.manifest.shots:
        assert all(store.whole(reference.sha256) for reference in shot.references)
        assert shot.tail_frame is None or store.whole(shot.tail_frame.sha256)
    assert set(files_of(restored.manifest.snapshot, store)) == set(PROJECT)
    assert {path.name for path in target.iterdir()} == {"series.yaml", "episodes", "references", "output", ".tailframe"}
    assert [path.name for path in target.parent.iterdir()] == ["project"]


def test_a_restored_project_can_be_archived_again_as_the_same(finished: FinishedEpisode, tmp_path: Path) -> None:
    """The round trip loses nothing: the second archive is the first."""
    archived = archive_episode(finished.parts, tmp_path / "archive", finished.store)
    restore(archived.url, tmp_path / "restored")
    again = FinishedEpisode.make(tmp_path / "restored")
    assert archive_episode(again.parts, tmp_path / "archive", again.store).already_there
    elsewhere = archive_episode(again.parts, tmp_path / "second archive", again.store)
    assert elsewhere.manifest_sha256 == archived.manifest_sha256


@pytest.fixture
def archived(finished: FinishedEpisode, tmp_path: Path) -> ArchivedEpisode:
    """The episode, archived in a folder."""
    return archive_episode(finished.parts, tmp_path / "archive", finished.store)


@one_in(5)
@pytest.mark.parametrize(
    "name", ["e01.mp4", "takes.json", "contents.json", "manifest.json", "snapshot.json", "project/series.yaml"]
)
@pytest.mark.parametrize("damage", ["flipped", "short", "long", "gone"])
def test_a_damaged_archive_restores_nothing(archived: ArchivedEpisode, tmp_path: Path, name: str, damage: str) -> None:
    """The error names the archive; no folder, whole or half, is left behind."""
    file = Path(archived.url) / name
    content = file.read_bytes()
    file.unlink()
    damaged = {"flipped": bytes([content[0] ^ 1]) + content[1:], "short": content[:-1], "long": content + b"x"}
    if damage != "gone":
        file.write_bytes(damaged[damage])
    with pytest.raises(RenderError) as refusal:
        restore(archived.url, tmp_path / "machine" / "target")
    assert archived.url in str(refusal.value)
    assert not (tmp_path / "machine").exists() or list((tmp_path / "machine").iterdir()) == []


def test_a_target_with_something_in_it_is_refused(archived: ArchivedEpisode, tmp_path: Path) -> None:
    """Nobody's project is written over."""
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "series.yaml").write_text("mine")
    with pytest.raises(ArchiveError, match="is not empty"):
        restore(archived.url, tmp_path / "target")
    assert (tmp_path / "target" / "series.yaml").read_text() == "mine"


def test_a_killed_restore_leaves_no_project_and_the_next_one_completes(
    archived: ArchivedEpisode, tmp_path: Path
) -> None:
    """SIGKILL in the middle: no target, and the next run sweeps the rest away and restores."""
    target = tmp_path / "machine" / "target"
    code = """
        import os, signal, sys
        from pathlib import Path
        from render.episode.archive import restore

        restore(sys.argv[1], Path(sys.argv[2]), progress=lambda _: os.kill(os.getpid(), signal.SIGKILL))
        """
    command = [sys.executable, "-c", textwrap.dedent(code), archived.url, str(target)]
    killed = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=os.environ)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert not target.exists()
    assert list(target.parent.iterdir()) != []
    restore(archived.url, target)
    assert list(target.parent.iterdir()) == [target]


def test_an_archive_made_to_write_elsewhere_writes_nothing(archived: ArchivedEpisode, tmp_path: Path) -> None:
    """Names in a forged list of contents never lead out of the project, and never take another file's place."""
    folder = Path(archived.url)
    contents = folder / "contents.json"
    listed = [ArchivedFile(**entry) for entry in json.loads(contents.read_text())["files"]]
    payload = b"payload"
    for name in (
        "../../escaped",
        "/escaped",
        "project/../../escaped",
        "project/.git/config",
        "project/.tailframe/ledger.sqlite",
        "project/output/e01/e01.mp4",
        "manifest.json",
    ):
        contents.chmod(0o644)
        contents.write_bytes(contents_to_json([*listed, ArchivedFile(name, sha256_of(payload), len(payload))]))
        with pytest.raises(RenderError, match=r"refused|two files|damaged"):
            restore(archived.url, tmp_path / "machine" / "target")
        assert not (tmp_path / "machine").exists()


def test_a_manifest_made_to_write_elsewhere_is_refused(finished: FinishedEpisode, tmp_path: Path) -> None:
    """A forged manifest may be true to its own hash; its names are checked all the same."""
    text = to_json(finished.parts.manifest).replace('"episode": "e01"', '"episode": "../../.."')
    folder = tmp_path / "archive" / sha256_of(text.encode())
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(text)
    with pytest.raises(ArchiveError, match="episode"):
        restore(folder, tmp_path / "target")
    assert not (tmp_path / "target").exists()
