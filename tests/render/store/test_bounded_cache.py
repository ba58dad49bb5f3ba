"""Copies on this machine are kept within a bound, and nothing goes that a run may still want."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from pathlib import Path

import pytest

from render.store import open_store
from render.store.bounded_cache import BlobCopies, Folders, keep_within
from render.store.local_store import LocalStore
from render.store.s3_bucket import Bucket
from render.store.s3_store import S3Store
from render.store.usage_marks import NOTED_EVERY_S, UsageMarks
from tests.s3 import TestBucket
from tests.thinning import EVERY_MOMENT

LATER = time.time() + 24 * 3600
"""When everything that a test made was wanted long ago."""


@pytest.fixture
def cache(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "cache")


def used(folder: Path, name: str, *, ago_s: float) -> None:
    """Note that something was wanted so long ago."""
    UsageMarks(folder).note(name)
    at = time.time() - ago_s
    with contextlib.suppress(FileNotFoundError):  # it is removed already
        os.utime(folder / ".used" / name, (at, at))


def test_what_was_wanted_longest_ago_goes_first_and_no_more_than_must(cache: LocalStore, tmp_path: Path) -> None:
    """Whenever it came: the one that was wanted again stays."""
    first, second, third = (cache.put(bytes([each]) * 100) for each in range(3))
    for sha256, ago_s in ((first, 1000), (second, 3000), (third, 2000)):
        used(tmp_path / "cache", sha256, ago_s=ago_s)
    assert keep_within(250, [BlobCopies(tmp_path / "cache")], unused_since=LATER) == 100
    assert [cache.has(each) for each in (first, second, third)] == [True, False, True]


def test_what_a_live_run_wanted_stays_be_the_bound_passed(cache: LocalStore, tmp_path: Path) -> None:
    """It may be wanted again by that run, which knows where it lies."""
    before, since = cache.put(b"before"), cache.put(b"since")
    used(tmp_path / "cache", before, ago_s=4000)
    used(tmp_path / "cache", since, ago_s=3000)
    keep_within(0, [BlobCopies(tmp_path / "cache")], unused_since=time.time() - 3300)
    assert not cache.has(before)
    assert cache.has(since)


def test_a_copy_goes_with_its_names_and_comes_back_whole(bucket: TestBucket, tmp_path: Path) -> None:
    """The store fetches it again, under the same path, as if it had never been gone."""
    store = open_store(bucket.url, cache=tmp_path / "cache")
    film = store.local_path(store.put(b"a film"), ".mp4")
    assert keep_within(0, [BlobCopies(tmp_path / "cache")], unused_since=LATER) == 6
    assert not film.is_symlink()
    assert store.local_path(film.stem, ".mp4").read_bytes() == b"a film"


def test_a_file_that_is_being_read_is_read_to_its_end(cache: LocalStore, tmp_path: Path) -> None:
    """Its name goes, the open file does not."""
    blob = cache.local_path(cache.put(b"0123456789"))
    with blob.open("rb") as reading:
        assert reading.read(5) == b"01234"
        keep_within(0, [BlobCopies(tmp_path / "cache")], unused_since=LATER)
        assert not blob.exists()
        assert reading.read() == b"56789"


def test_folders_go_whole_and_by_the_same_bound(cache: LocalStore, tmp_path: Path) -> None:
    """A project that was wanted longer ago than a blob goes before it, with all that lies in it."""
    for name in ("old", "new"):
        (tmp_path / "projects" / name / "output").mkdir(parents=True)
        (tmp_path / "projects" / name / "output" / "film.mp4").write_bytes(bytes(100))
    blob = cache.put(bytes(100))
    used(tmp_path / "projects", "old", ago_s=3000)
    used(tmp_path / "projects", "new", ago_s=1000)
    used(tmp_path / "cache", blob, ago_s=2000)
    things = [BlobCopies(tmp_path / "cache"), Folders(tmp_path / "projects")]
    assert keep_within(200, things, unused_since=LATER) == 100
    assert [each.name for each in (tmp_path / "projects").iterdir() if each.name != ".used"] == ["new"]
    assert keep_within(100, things, unused_since=LATER) == 100
    assert not cache.has(blob)


def test_nothing_that_is_no_copy_is_removed(tmp_path: Path) -> None:
    """Files of somebody's own that came to lie there."""
    (tmp_path / "cache" / "ab").mkdir(parents=True)
    for name in ("ab/notes.txt", "README"):
        (tmp_path / "cache" / name).write_bytes(b"mine")
    assert keep_within(0, [BlobCopies(tmp_path / "cache")], unused_since=LATER) == 0
    assert (tmp_path / "cache/ab/notes.txt").exists()


def test_what_is_asked_for_while_it_is_chosen_to_go_stays(bucket: TestBucket, tmp_path: Path) -> None:
    """Whoever removes looks at each mark once more, and makes one way for good: it is gone before anybody looks."""
    long_ago = open_store(bucket.url, cache=tmp_path / "cache").put(b"a film")
    used(tmp_path / "cache", long_ago, ago_s=4000)
    (chosen,) = BlobCopies(tmp_path / "cache").every()
    store, begun = open_store(bucket.url, cache=tmp_path / "cache"), time.time()
    store.local_path(long_ago)
    assert not chosen.place.remove(chosen, unused_since=begun)
    assert chosen.path.exists()


def test_whoever_asks_for_a_copy_has_it_while_others_remove(bucket: TestBucket, tmp_path: Path) -> None:
    """A path that was given out is there when it is opened, however the two fall together."""
    place, cache, begun, over = Bucket(bucket.url), tmp_path / "cache", time.time(), threading.Event()
    blobs = [S3Store(place, cache=LocalStore(tmp_path / "elsewhere")).put(os.urandom(64)) for _ in range(3)]

    def remove() -> None:
        while not over.is_set():
            keep_within(0, [BlobCopies(cache)], unused_since=begun + 2 * NOTED_EVERY_S)

    removing = threading.Thread(target=remove)
    removing.start()
    try:
        for _ in range(200 if EVERY_MOMENT else 5):
            for sha256 in blobs:
                used(cache, sha256, ago_s=4000)
                another = S3Store(place, cache=LocalStore(cache))  # as another process has it, which noted nothing yet
                assert len(another.local_path(sha256).read_bytes()) == 64
    finally:
        over.set()
        removing.join()
