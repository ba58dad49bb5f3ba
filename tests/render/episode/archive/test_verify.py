"""Verifying: every file that is not as it was written is named, and nothing else is."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from render.episode.archive import ArchivedEpisode, Problem, archive_episode, open_tree, verify
from render.episode.archive_errors import ArchiveError
from render.store.digests import sha256_of
from tests.render.episode.archive.episode import FinishedEpisode
from tests.s3 import TestBucket

Damage = Callable[[Path], object]


@pytest.fixture
def archived(finished: FinishedEpisode, tmp_path: Path) -> ArchivedEpisode:
    """The episode, archived in a folder."""
    return archive_episode(finished.parts, tmp_path / "archive", finished.store)


def flip_a_bit(file: Path) -> None:
    """What a failing disk does."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.chmod(0o644)
    file.write_bytes(content)


def cut_short(file: Path) -> None:
    """What a copy that broke off does."""
    file.chmod(0o644)
    os.truncate(file, file.stat().st_size - 1)


def test_a_flipped_bit_is_found_in_every_file(archived: ArchivedEpisode) -> None:
    """Whichever file it is in, that file is named as damaged, and no other."""
    folder = Path(archived.url)
    for name in open_tree(archived.url).list():
        file = folder / name
        whole = file.read_bytes()
        flip_a_bit(file)
        assert [(finding.name, finding.problem) for finding in verify(archived.url)] == [(name, Problem.DAMAGED)]
        file.write_bytes(whole)
    assert verify(archived.url) == ()


@pytest.mark.parametrize(
    "name", ["e01.mp4", "takes.json", "snapshot.json", "project/series.yaml", "contents.json", "manifest.json"]
)
def test_a_missing_file_is_named(archived: ArchivedEpisode, name: str) -> None:
    """What is gone is found missing, and only that."""
    (Path(archived.url) / name).unlink()
    assert [(finding.name, finding.problem) for finding in verify(archived.url)] == [(name, Problem.MISSING)]


@pytest.mark.parametrize(
    ("damage", "problem", "words"),
    [
        (cut_short, Problem.SIZE, "has 149999 bytes instead of 150000"),
        (lambda file: (file.unlink(), file.symlink_to("/etc/hostname")), Problem.DAMAGED, "no plain file"),
        (lambda file: (file.unlink(), os.mkfifo(file)), Problem.DAMAGED, "no plain file"),
    ],
)
def test_a_master_that_is_something_else_is_named(
    archived: ArchivedEpisode, damage: Damage, problem: Problem, words: str
) -> None:
    """A wrong size is told without reading; what is no file is not even opened."""
    damage(Path(archived.url) / "e01.mp4")
    (finding,) = verify(archived.url)
    assert (finding.name, finding.problem) == ("e01.mp4", problem)
    assert words in str(finding)


def test_an_extra_file_is_named(archived: ArchivedEpisode) -> None:
    """What nobody archived is told too."""
    (Path(archived.url) / "clips" / "more.mp4").write_bytes(b"smuggled")
    (finding,) = verify(archived.url)
    assert (finding.name, finding.problem) == ("clips/more.mp4", Problem.EXTRA)


def test_all_findings_come_at_once(archived: ArchivedEpisode) -> None:
    """One look tells everything, sorted by name."""
    folder = Path(archived.url)
    flip_a_bit(folder / "takes.json")
    (folder / "e01.mp4").unlink()
    (folder / "added").write_bytes(b"")
    assert [finding.name for finding in verify(archived.url)] == ["added", "e01.mp4", "takes.json"]


def test_a_manifest_with_another_ones_name_is_damaged(archived: ArchivedEpisode) -> None:
    """A whole archive moved under another version's name is not that version."""
    elsewhere = Path(archived.url).with_name("1" * 64)
    Path(archived.url).rename(elsewhere)
    assert ("manifest.json", Problem.DAMAGED) in {(finding.name, finding.problem) for finding in verify(elsewhere)}


def test_a_forged_list_of_contents_does_not_hide_a_forged_master(archived: ArchivedEpisode) -> None:
    """Where the list of contents and the manifest differ, the manifest is believed."""
    folder = Path(archived.url)
    master = (folder / "e01.mp4").read_bytes()
    forged = b"x" * len(master)
    contents = (folder / "contents.json").read_text()
    for path, content in (("e01.mp4", forged), ("contents.json", _with_hash_of(contents, master, forged))):
        (folder / path).chmod(0o644)
        (folder / path).write_bytes(content)
    assert {finding.name for finding in verify(archived.url)} == {"contents.json", "e01.mp4"}


def _with_hash_of(contents: str, old: bytes, new: bytes) -> bytes:
    return contents.replace(sha256_of(old), sha256_of(new)).encode()


@pytest.mark.parametrize("entry", [{"name": 5}, {"sha256": 5}, {"bytes": "5"}, {"bytes": -1}, {"more": 5}])
def test_a_list_of_contents_that_is_none_is_told(archived: ArchivedEpisode, entry: dict[str, object]) -> None:
    """Whatever stands in its lines."""
    contents = Path(archived.url) / "contents.json"
    listed = json.loads(contents.read_text())
    listed["files"] = [{"name": "x", "sha256": "1" * 64, "bytes": 1} | entry]
    contents.chmod(0o644)
    contents.write_text(json.dumps(listed, indent=1) + "\n")
    assert ("contents.json", Problem.DAMAGED) in {(each.name, each.problem) for each in verify(archived.url)}


def test_damage_in_a_bucket_is_found(finished: FinishedEpisode, bucket: TestBucket) -> None:
    """In a bucket, too, every byte is read: same size, other bytes, gone and added."""
    archived = archive_episode(finished.parts, bucket.url, finished.store)
    prefix = archived.url.removeprefix(f"s3://{bucket.name}/")
    first, second = (clip.path for clip in finished.parts.manifest.clips())
    bucket.client.put_object(Bucket=bucket.name, Key=f"{prefix}/{first}", Body=b"x" * 50_000)
    bucket.client.delete_object(Bucket=bucket.name, Key=f"{prefix}/{second}")
    bucket.client.put_object(Bucket=bucket.name, Key=f"{prefix}/more", Body=b"")
    problems = {finding.name: finding.problem for finding in verify(archived.url)}
    assert problems == {first: Problem.DAMAGED, second: Problem.MISSING, "more": Problem.EXTRA}


@pytest.mark.parametrize("where", ["", "lighthouse", "lighthouse/e01", "lighthouse/e01/" + "1" * 64])
def test_no_archive_is_not_a_whole_archive(where: str, archive_url: str) -> None:
    """An address with nothing there is an error that says which addresses are meant."""
    with pytest.raises(ArchiveError, match=r"there is no archived episode at .*SERIES/EPISODE"):
        verify(f"{archive_url}/{where}")
