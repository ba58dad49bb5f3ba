"""An archive in an S3 bucket: every write says "only if nothing is there", and carries the SHA-256 of its bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from render.episode.archive.tree import MOST_BYTES_OF_A_RECORD, Vouched, already_different
from render.store.digests import Digesting
from render.store.s3_bucket import Bucket


class BucketTree:
    """An `ObjectTree` of keys under a bucket's prefix. Methods return and raise as that Protocol says."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    @property
    def url(self) -> str:
        """`s3://bucket/prefix`."""
        return self._bucket.url

    def put_file(self, name: str, file: Path, sha256: str, vouched: Vouched | None = None) -> bool:  # noqa: ARG002
        """Upload a file, which is read and checked on the way; False where its bytes are there already."""
        if self._bucket.head(name) is None and self._bucket.upload(name, file, sha256):
            return True
        if not self._is(name, sha256):
            raise already_different(f"{self.url}/{name}")
        return False

    def put_if_absent(self, name: str, content: bytes) -> bool:
        """Write a record; False where its name is taken."""
        return self._bucket.put(name, content)

    def replace(self, name: str, content: bytes, *, seen: bytes) -> bool:
        """Write a record in place of `seen`; False where it is another by now, which its etag shows."""
        found = self._bucket.get(name, limit_bytes=MOST_BYTES_OF_A_RECORD)
        return found is not None and found[0] == seen and self._bucket.put(name, content, replacing=found[1])

    def get(self, name: str) -> bytes | None:
        """A record's bytes; None where there is none."""
        found = self._bucket.get(name, limit_bytes=MOST_BYTES_OF_A_RECORD)
        return None if found is None else found[0]

    def read_into(self, name: str, write: Callable[[bytes], object]) -> None:
        """Pass an object's bytes to `write`, chunk by chunk."""
        self._bucket.read_into(name, write)

    def list(self) -> Mapping[str, int]:
        """Size in bytes of every object under the prefix, by its name."""
        return dict(self._bucket.list(""))

    def _is(self, name: str, sha256: str) -> bool:
        """Whether an object has these bytes: by the hash noted with it, else by reading it."""
        stored = self._bucket.head(name)
        if stored is None or stored.sha256 is not None:
            return stored is not None and stored.sha256 == sha256
        digesting = Digesting()
        self._bucket.read_into(name, digesting.write)
        return digesting.sha256 == sha256
