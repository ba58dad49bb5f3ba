"""Collecting in both stores: ages by the store's own clock, and nothing goes that was put again."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from render.errors import StoreError
from render.store import LocalStore, Store, open_store
from render.store.collection import BlobCollection, collection_at
from render.store.local_collection import LocalCollection
from tests.render.store.old_blobs import LONG, age_of, make_old
from tests.s3 import TestBucket
from tests.thinning import exhaustive

DAY = timedelta(days=1)


@pytest.fixture
def collection(store: Store) -> BlobCollection:
    """The same place, to collect in."""
    return collection_at(store.url)


def names(collection: BlobCollection) -> list[str]:
    """Every blob's name."""
    return [blob.sha256 for blob in collection.blobs()]


def test_blobs_are_listed_with_their_sizes_and_ages(store: Store, collection: BlobCollection) -> None:
    """All of them and nothing else that lies there, by the clock that says what time it is."""
    old, new = store.put(b"an old lamp"), store.put(b"a lamp")
    store.note_user("run-1")
    store.local_path(new, ".txt")
    make_old(store, old)
    found = {blob.sha256: blob for blob in collection.blobs()}
    assert {name: blob.bytes for name, blob in found.items()} == {old: 11, new: 6}
    assert LONG - DAY < collection.now() - found[old].at < LONG + DAY
    assert abs(collection.now() - found[new].at) < timedelta(minutes=1)


def test_what_is_put_again_is_young_again(store: Store, tmp_path: Path) -> None:
    """By each way of putting; what was put within half a day is left as it is."""
    file = tmp_path / "file"

    def from_file(put: Callable[[Path], str]) -> str:
        file.write_bytes(b"lamp")
        return put(file)

    for again in (lambda: store.put(b"lamp"), lambda: from_file(store.put_file), lambda: from_file(store.put_made)):
        sha256 = store.put(b"lamp")
        make_old(store, sha256, timedelta(hours=13))
        assert again() == sha256
        assert age_of(store, sha256) < timedelta(hours=1)
        make_old(store, sha256, timedelta(hours=11))
        assert again() == sha256
        assert age_of(store, sha256) > timedelta(hours=10)
    assert store.get(sha256) == b"lamp"


def test_only_what_is_old_as_it_stands_is_removed(store: Store, collection: BlobCollection) -> None:
    """What was put again since it was listed stays, and so does what nobody asked to remove."""
    gone, again, other = (store.put(text) for text in (b"gone", b"again", b"other"))
    for each in (gone, again, other):
        make_old(store, each)
    before = collection.now() - DAY
    store.put(b"again")
    removed = [blob.sha256 for blob in collection.remove({gone, again, "0" * 64}, before=before)]
    assert removed == [gone]
    assert sorted(names(collection)) == sorted([again, other])
    assert not store.has(gone)
    assert store.put(b"gone") == gone
    assert store.get(gone) == b"gone"


def test_renewing_passes_over_what_is_gone(store: Store, collection: BlobCollection) -> None:
    """The others are young then, with the bytes that they had."""
    kept = store.put(b"kept")
    make_old(store, kept)
    collection.renew([kept, "0" * 64])
    assert age_of(store, kept) < DAY
    assert store.get(kept) == b"kept"


def test_runs_leave_their_names(store: Store, collection: BlobCollection) -> None:
    """Once each, and they can be forgotten; nothing that is no name of a run becomes a path."""
    for run in ("ab12", "cd34", "ab12"):
        store.note_user(run)
    assert collection.users().keys() == {"ab12", "cd34"}
    assert all(isinstance(at, datetime) and at.tzinfo is not None for at in collection.users().values())
    collection.forget_users(["ab12", "never"])
    assert collection.users().keys() == {"cd34"}
    with pytest.raises(StoreError, match="cannot be the name of a run"):
        store.note_user("../../etc/x")


def test_an_empty_place_has_nothing_to_collect(tmp_path: Path, bucket: TestBucket) -> None:
    """Nothing was put, nothing is there, and nothing fails."""
    for url in (tmp_path / "none", bucket.url):
        collection = collection_at(str(url))
        assert (names(collection), collection.users(), collection.sweep(before=datetime.now(UTC))) == ([], {}, 0)


def test_a_blob_that_cannot_be_made_young_is_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another user's file may be replaced and not touched; what was put counts all the same."""
    store = LocalStore(tmp_path / "blobs")
    sha256 = store.put(b"lamp")
    make_old(store, sha256)
    inode = Path(store.place(sha256)).stat().st_ino
    monkeypatch.setattr(os, "utime", _refuse)
    assert store.put(b"lamp") == sha256
    monkeypatch.undo()
    assert age_of(store, sha256) < DAY
    assert Path(store.place(sha256)).stat().st_ino != inode
    assert stat.S_IMODE(Path(store.place(sha256)).stat().st_mode) & 0o222 == 0


def _refuse(*_: object, **__: object) -> None:
    raise PermissionError(1, "Operation not permitted")


def test_what_a_killed_collection_moved_aside_is_put_back(tmp_path: Path) -> None:
    """A blob is never lost between its place and its end, whether it was to go or not."""
    store = LocalStore(tmp_path / "blobs")
    lost, written = store.put(b"lost"), store.put(b"written anew")
    aside = tmp_path / "blobs/.condemned"
    aside.mkdir()
    for each in (lost, written):
        Path(store.place(each)).rename(aside / each)
    store.put(b"written anew")
    LocalCollection(tmp_path / "blobs").sweep(before=datetime.now(UTC))
    assert [store.get(each) for each in (lost, written)] == [b"lost", b"written anew"]
    assert [*aside.iterdir()] == []


def test_links_are_followed_nowhere(tmp_path: Path) -> None:
    """Neither a folder nor a blob that is a link is a blob of this store."""
    store, other = LocalStore(tmp_path / "blobs"), LocalStore(tmp_path / "other")
    outside = other.put(b"outside")
    (tmp_path / "blobs").mkdir()
    (tmp_path / "blobs" / outside[:2]).symlink_to(tmp_path / "other" / outside[:2])
    make_old(other, outside)
    collection = collection_at(store.url)
    assert names(collection) == []
    assert collection.users() == {}


def test_leftovers_of_dead_processes_go_and_those_of_living_ones_stay(tmp_path: Path, bucket: TestBucket) -> None:
    """Half-written files without a lock, names of blobs that are gone, and uploads that nobody finished."""
    store = LocalStore(tmp_path / "blobs")
    sha256 = store.put(b"lamp")
    store.local_path(sha256, ".txt")
    Path(store.place(sha256)).unlink()
    (tmp_path / "blobs/.incoming/.tailframe-00.part").write_bytes(b"half")
    assert LocalCollection(tmp_path / "blobs").sweep(before=datetime.now(UTC)) == 2
    place = {"Bucket": bucket.name, "Key": f"studio/tailframe/{sha256[:2]}/{sha256[2:]}"}
    bucket.client.create_multipart_upload(**place)
    bucket.client.create_multipart_upload(Bucket=bucket.name, Key="somebody/else")
    assert collection_at(bucket.url).sweep(before=datetime.now(UTC)) == 1


def test_a_writer_whose_blob_is_removed_this_moment_writes_it_anew(tmp_path: Path) -> None:
    """Two processes at once, over and over: whatever was put is there, whoever came first."""
    code = """
        import os, sys
        from datetime import datetime, timedelta, UTC
        from render.store.local_collection import LocalCollection
        collection, names = LocalCollection(__import__("pathlib").Path(sys.argv[1])), sys.argv[2:]
        print("ready", flush=True)
        sys.stdin.readline()
        parent = os.getppid()
        while os.getppid() == parent:
            gone = list(collection.remove(names, before=datetime.now(UTC) - timedelta(days=1)))
    """
    store = LocalStore(tmp_path / "blobs")
    texts = [f"lamp {number}".encode() for number in range(4)]
    named = [store.put(text) for text in texts]
    command = [sys.executable, "-c", textwrap.dedent(code), store.url, *named]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as collector:
        assert collector.stdin is not None
        assert collector.stdout is not None
        collector.stdout.readline()
        collector.stdin.write("go\n")
        collector.stdin.flush()
        try:
            for _ in range(100):
                _put_and_read(store, named, texts)
        finally:
            collector.kill()


def _put_and_read(store: LocalStore, named: list[str], texts: list[bytes]) -> None:
    for each, text in zip(named, texts, strict=True):
        if store.has(each):
            _age(store, each)
        assert store.put(text) == each
        assert store.get(each) == text


def _age(store: LocalStore, sha256: str) -> None:
    try:
        make_old(store, sha256)
    except FileNotFoundError:
        return


@exhaustive
def test_a_bucket_of_thousands_is_collected_in_pages(bucket: TestBucket, tmp_path: Path) -> None:
    """More than one page of a listing, in one folder of blobs too, and more than one request of removals."""
    collection, rest = collection_at(bucket.url), [f"{number:062x}" for number in range(1_300)]
    for name in rest:
        bucket.client.put_object(Bucket=bucket.name, Key=f"studio/tailframe/ab/{name}", Body=b"x")
    store = open_store(bucket.url, cache=tmp_path / "cache")
    kept = f"ab{rest[7]}"
    for name in rest:
        make_old(store, f"ab{name}")
    gone = {f"ab{name}" for name in rest} - {kept}
    assert len(names(collection)) == 1_300
    removed = [blob.sha256 for blob in collection.remove(gone, before=collection.now() - DAY)]
    assert set(removed) == gone
    assert names(collection) == [kept]
