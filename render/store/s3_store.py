"""A blob store in an S3 bucket, with a folder of this machine for copies: what studios with several machines share."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from render.store.atomic_files import disk_errors
from render.store.blob_ages import USERS, needs_renewal, user_name
from render.store.digests import checked_digest, sha256_of, sha256_of_file
from render.store.local_store import LocalStore, missing
from render.store.s3_bucket import Bucket
from render.store.usage_marks import UsageMarks


class S3Store:
    """Blobs under a prefix of a bucket. Safe to share between threads.

    Whatever passes through is kept in `cache` too, so that a clip that was just uploaded is not downloaded for the
    cut. The cache may be removed whenever nothing runs; what was wanted of it when is noted, so that it can be kept
    within a bound (`render.store.bounded_cache`).
    """

    def __init__(self, bucket: Bucket, *, cache: LocalStore) -> None:
        self._bucket, self._cache = bucket, cache
        self._marks = UsageMarks(Path(cache.url))

    def __repr__(self) -> str:
        return f"S3Store({self.url!r})"

    @property
    def url(self) -> str:
        """`s3://bucket/prefix`."""
        return self._bucket.url

    @property
    def shared(self) -> bool:
        """Other machines see it."""
        return True

    def put(self, data: bytes) -> str:
        """Keep these bytes."""
        self._marks.note(sha256_of(data))
        return self._send(self._cache.put(data))

    def put_file(self, path: Path) -> str:
        """Keep a file's bytes. What is uploaded is the cache's copy, which nobody changes meanwhile."""
        self._marks.note(sha256 := self._cache.put_file(path))
        return self._send(sha256 if self._cache.has(sha256) else self._cache.put_file(path))

    def put_made(self, path: Path, *, known: str | None = None) -> str:
        """Keep a file of this process's own, which becomes the cache's copy."""
        with disk_errors(f"keep {path}"):
            sha256 = known or sha256_of_file(path, links=False)
        self._marks.note(sha256)
        return self._send(self._cache.put_made(path, known=sha256))

    def note_user(self, run: str) -> None:
        """Leave the run's name in an object of its own, which is empty."""
        self._bucket.put(f"{USERS}/{user_name(run)}", b"")

    def has(self, sha256: str) -> bool:
        """Whether the bucket holds the blob; the cache does not count, since nobody else sees it."""
        return self._bucket.head(_key(sha256)) is not None

    def get(self, sha256: str) -> bytes:
        """The blob's bytes, checked."""
        self._bring(sha256)
        return self._cache.get(sha256)

    def size(self, sha256: str) -> int:
        """Of its object."""
        stored = self._bucket.head(_key(sha256))
        if stored is None:
            raise missing(sha256, self.url)
        return stored.bytes

    def read_range(self, sha256: str, start: int, end: int) -> bytes:
        """A part of its object, and nothing else of it; the cache has no part in that."""
        part = self._bucket.read_range(_key(sha256), start, end)
        if part is None:
            raise missing(sha256, self.url)
        return part

    def fetch(self, sha256: str, target: Path) -> None:
        """Write a copy of the blob to `target`, checked."""
        self._bring(sha256)
        self._cache.fetch(sha256, target)

    def copy_into(self, sha256: str, file: BinaryIO) -> None:
        """Write the blob into an open, empty file, checked."""
        self._bring(sha256)
        self._cache.copy_into(sha256, file)

    def local_path(self, sha256: str, suffix: str = "") -> Path:
        """The cache's copy of the blob."""
        self._bring(sha256)
        return self._cache.local_path(sha256, suffix)

    def place(self, sha256: str) -> str:
        """Its object's address."""
        return f"{self.url}/{_key(sha256)}"

    def link(self, sha256: str, lifetime: timedelta, *, filename: str | None = None) -> str | None:
        """A signed link, for seven days at most."""
        return self._bucket.link(_key(sha256), lifetime, filename=filename)

    def _send(self, sha256: str) -> str:
        file = self._cache.local_path(sha256)
        key = _key(sha256)
        stored = self._bucket.head(key)
        if stored is None or stored.bytes != file.stat().st_size:
            self._bucket.upload(key, file, sha256, overwrite=stored is not None)
        elif needs_renewal(stored.age) and not self._bucket.renew_object(key):
            self._bucket.upload(key, file, sha256)
        return sha256

    def _bring(self, sha256: str) -> None:
        self._marks.note(checked_digest(sha256))
        if self._cache.whole(sha256):
            return
        if not self.has(sha256):
            raise missing(sha256, self.url)
        self._cache.receive(
            sha256, lambda write: self._bucket.read_into(_key(sha256), write), source=f"{self.url}/{_key(sha256)}"
        )


def _key(sha256: str) -> str:
    checked_digest(sha256)
    return f"{sha256[:2]}/{sha256[2:]}"
