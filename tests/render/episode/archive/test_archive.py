"""Archiving: complete, immutable, and unharmed by whatever kills it. In a folder and in a bucket."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from render.episode.archive import archive_episode, open_tree, resolve, verify
from render.episode.archive_errors import ArchiveError
from render.episode.manifest import to_json
from render.errors import StoreError
from render.store.atomic_files import link_new
from tests.render.episode.archive.episode import FinishedEpisode
from tests.thinning import exhaustive, one_in

ARCHIVE_IN_A_PROCESS = textwrap.dedent(
    """
    import os, signal, sys
    from pathlib import Path
    from render.episode.archive import archive_episode
    from tests.render.episode.archive.episode import FinishedEpisode

    url, studio, dies_at = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])

    def progress(fraction):
        if fraction >= dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    finished = FinishedEpisode.make(studio)
    print(archive_episode(finished.parts, url, finished.store, progress=progress).already_there)
    """
)


def archiving(url: str, studio: Path, *, dies_at: float) -> subprocess.Popen[str]:
    """A process that archives the episode, and kills itself when so much is copied (2.0: never)."""
    command = [sys.executable, "-c", ARCHIVE_IN_A_PROCESS, url, str(studio), str(dies_at)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ)


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """How it ended, and what it said."""
    output, errors = process.communicate(timeout=60)
    return process.returncode, output.strip(), errors


def test_what_was_made_shares_the_stores_bytes_and_what_was_bought_does_not(
    finished: FinishedEpisode, tmp_path: Path
) -> None:
    """A master can be made again, so on one disk it is written once; of a clip there are two. All are read-only."""
    finished.store.put_file(finished.parts.master or tmp_path)
    archived = Path(archive_episode(replace(finished.parts, master=None), tmp_path / "archive", finished.store).url)
    manifest = finished.parts.manifest
    (clip, *_) = manifest.clips()
    for path, sha256, shared in ((manifest.master.path, manifest.master.sha256, True), (clip.path, clip.sha256, False)):
        file, blob = archived / path, finished.store.local_path(sha256)
        assert file.samefile(blob) is shared
        assert (file.read_bytes(), file.stat().st_mode & 0o222) == (blob.read_bytes(), 0)
    assert verify(str(archived)) == ()


def test_a_file_that_may_be_written_gets_no_second_name(tmp_path: Path) -> None:
    """Nor one whose name is taken, or what is no file."""
    (file := tmp_path / "file").write_bytes(b"bytes")
    assert not link_new(file, tmp_path / "other")
    file.chmod(0o444)
    assert link_new(file, tmp_path / "other")
    assert not link_new(file, tmp_path / "other")
    (tmp_path / "link").symlink_to(file)
    assert not link_new(tmp_path / "link", tmp_path / "third")


def test_an_archive_holds_everything_the_episode_was_made_of(finished: FinishedEpisode, archive_url: str) -> None:
    """Master, clips, tail frames, references, YAML, takes and what a producer opens, under the manifest's hash."""
    archived = archive_episode(finished.parts, archive_url, finished.store)
    manifest = finished.parts.manifest
    sha256 = finished.version
    assert archived.manifest_sha256 == sha256
    assert not archived.already_there
    assert archived.url == f"{archive_url}/lighthouse/e01/{sha256}"
    tree = open_tree(archived.url)
    clips = [clip.path for clip in manifest.clips()]
    tails = [f"tail_frames/{shot.tail_frame.sha256}.png" for shot in manifest.shots if shot.tail_frame]
    assert set(tree.list()) == {
        "manifest.json",
        "contents.json",
        "snapshot.json",
        "takes.json",
        "e01.mp4",
        "contact_sheet.jpg",
        "report.html",
        "project/series.yaml",
        "project/episodes/e01.yaml",
        "project/references/cast/mara.png",
        f"references/{manifest.shots[0].references[0].sha256}",
        *clips,
        *tails,
    }
    assert tree.get("manifest.json") == to_json(manifest).encode()
    assert tree.get("takes.json") == finished.parts.takes.encode()
    assert tree.get("e01.mp4") == finished.parts.master.read_bytes()
    assert verify(archived.url) == ()


def test_progress_goes_from_nothing_to_one(finished: FinishedEpisode, archive_url: str) -> None:
    """It never goes back, and ends at one."""
    told: list[float] = []
    archive_episode(finished.parts, archive_url, finished.store, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 5


def test_archiving_the_same_again_writes_nothing_and_says_so(finished: FinishedEpisode, archive_url: str) -> None:
    """The second time is a no-op, also when something else has changed meanwhile."""
    first = archive_episode(finished.parts, archive_url, finished.store)
    again = archive_episode(replace(finished.parts, takes="{}"), archive_url, finished.store)
    assert again == replace(first, already_there=True)
    assert open_tree(first.url).get("takes.json") == finished.parts.takes.encode()


def test_a_second_version_lies_beside_the_first(finished: FinishedEpisode, archive_url: str) -> None:
    """Another cut has a folder of its own; the first stays whole, and the newest is the one that is named."""
    first = archive_episode(finished.parts, archive_url, finished.store)
    second = archive_episode(finished.cut_again(hours_later=1), archive_url, finished.store)
    assert first.url != second.url
    assert verify(first.url) == verify(second.url) == ()
    assert resolve(f"{archive_url}/lighthouse/e01") == second.url
    assert resolve(f"{archive_url}/lighthouse/e01/") == second.url
    assert resolve(first.url) == first.url


def test_an_older_version_archived_late_does_not_become_the_newest(finished: FinishedEpisode, archive_url: str) -> None:
    """The newest is the one that was cut last, in whatever order they were archived."""
    second = archive_episode(finished.cut_again(hours_later=1), archive_url, finished.store)
    archive_episode(finished.parts, archive_url, finished.store)
    assert resolve(f"{archive_url}/lighthouse/e01") == second.url


@one_in(4, first=1)
@pytest.mark.parametrize("dies_at", [0.01, 1.0])
def test_a_killed_archive_leaves_no_manifest_and_is_completed_by_running_again(
    finished: FinishedEpisode, archive_url: str, dies_at: float
) -> None:
    """SIGKILL anywhere: what is there is not taken for an archive, and the next run makes it one."""
    assert ended(archiving(archive_url, finished.root, dies_at=dies_at))[0] == -signal.SIGKILL
    version = f"{archive_url}/lighthouse/e01/{finished.version}"
    left = open_tree(version).list()
    assert left
    assert "manifest.json" not in left
    assert any(finding.name == "manifest.json" for finding in verify(version))
    with pytest.raises(ArchiveError, match="there is no archived episode"):
        resolve(f"{archive_url}/lighthouse/e01")
    archived = archive_episode(finished.parts, archive_url, finished.store)
    assert verify(archived.url) == ()
    assert resolve(f"{archive_url}/lighthouse/e01") == archived.url
    assert list(Path(archive_url).glob(".incoming/*")) == []


def test_a_pointer_that_was_never_written_is_written_by_the_next_run(finished: FinishedEpisode, tmp_path: Path) -> None:
    """Whoever dies between the manifest and the pointer has archived the episode; running again names it."""
    archive_episode(finished.parts, tmp_path / "archive", finished.store)
    (tmp_path / "archive" / "lighthouse" / "e01" / "latest.json").unlink()
    assert archive_episode(finished.parts, tmp_path / "archive", finished.store).already_there
    assert verify(tmp_path / "archive" / "lighthouse" / "e01") == ()


@exhaustive
def test_two_processes_archive_the_same_at_once(finished: FinishedEpisode, archive_url: str) -> None:
    """Both end well, and there is one whole archive."""
    both = [archiving(archive_url, finished.root, dies_at=2.0) for _ in range(2)]
    for process in both:
        status, _, errors = ended(process)
        assert status == 0, errors
    assert verify(f"{archive_url}/lighthouse/e01") == ()


def test_a_file_already_there_with_other_bytes_is_an_error(finished: FinishedEpisode, archive_url: str) -> None:
    """An archive is never written over, not even an unfinished one; the error names the file."""
    version = f"lighthouse/e01/{finished.version}"
    clip = next(finished.parts.manifest.clips()).path
    open_tree(archive_url).put_if_absent(f"{version}/{clip}", b"something else")
    with pytest.raises(ArchiveError, match=f"{clip} is already there with other bytes"):
        archive_episode(finished.parts, archive_url, finished.store)
    assert open_tree(archive_url).get(f"{version}/{clip}") == b"something else"
    assert open_tree(archive_url).get(f"{version}/manifest.json") is None


def test_a_damaged_manifest_in_the_way_is_an_error(finished: FinishedEpisode, archive_url: str) -> None:
    """What is there under this version's name and is not this version is not taken for it."""
    version = f"lighthouse/e01/{finished.version}"
    open_tree(archive_url).put_if_absent(f"{version}/manifest.json", b"{}")
    with pytest.raises(ArchiveError, match=r"manifest\.json is damaged"):
        archive_episode(finished.parts, archive_url, finished.store)


def test_a_damaged_latest_is_mended_by_the_next_archive(finished: FinishedEpisode, archive_url: str) -> None:
    """The pointer is no record of its own: it is written anew."""
    open_tree(archive_url).put_if_absent("lighthouse/e01/latest.json", b"\xff")
    with pytest.raises(ArchiveError, match="Name a version in full"):
        resolve(f"{archive_url}/lighthouse/e01")
    archived = archive_episode(finished.parts, archive_url, finished.store)
    assert resolve(f"{archive_url}/lighthouse/e01") == archived.url


def test_what_is_missing_stops_the_archive_before_it_begins(finished: FinishedEpisode, archive_url: str) -> None:
    """A clip that the store lost is named, and nothing is written."""
    clip = next(finished.parts.manifest.clips())
    finished.store.local_path(clip.sha256).unlink()
    with pytest.raises(StoreError, match=clip.sha256):
        archive_episode(finished.parts, archive_url, finished.store)
    finished.parts.master.write_bytes(b"another cut")
    with pytest.raises((StoreError, ArchiveError)):
        archive_episode(finished.parts, archive_url, finished.store)
    if Path(archive_url).is_absolute():
        assert not Path(archive_url).exists()


def test_a_master_that_is_not_the_manifests_is_refused(finished: FinishedEpisode, tmp_path: Path) -> None:
    """A manifest never names a film that it does not lie beside."""
    finished.parts.master.write_bytes(b"another cut")
    with pytest.raises(ArchiveError, match="is not the master that its manifest names"):
        archive_episode(finished.parts, tmp_path / "archive", finished.store)


@pytest.mark.parametrize("name", ["manifest.json", "e01.mp4", "project/series.yaml", "../x", ".hidden"])
def test_an_extra_file_takes_no_other_ones_name(finished: FinishedEpisode, tmp_path: Path, name: str) -> None:
    """What is added beside the episode never stands in for a part of it."""
    parts = replace(finished.parts, extras={name: finished.parts.master})
    with pytest.raises(ArchiveError, match="name"):
        archive_episode(parts, tmp_path / "archive", finished.store)


def test_a_wrong_bucket_is_said_so(finished: FinishedEpisode, bucket: object) -> None:
    """The address in the error is the one that was given."""
    with pytest.raises(StoreError, match=r"s3://no-such-bucket/films/.*there is no such bucket"):
        archive_episode(finished.parts, "s3://no-such-bucket/films", finished.store)


def test_an_address_of_another_form_is_refused(finished: FinishedEpisode) -> None:
    """A mistyped address is not a folder of that name."""
    with pytest.raises(StoreError, match=r"the archive cannot be at ftp://…. Valid forms are"):
        archive_episode(finished.parts, "ftp://host/films", finished.store)
