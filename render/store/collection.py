"""What garbage collection asks of a store, beside what runs ask of it: ages, and the right to remove."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

from render.store import folder_of
from render.store.blob_ages import StoredBlob


class BlobCollection(Protocol):
    """The same place as a `Store`, for whoever removes what nothing refers to. Blocking. Errors are `StoreError`."""

    def now(self) -> datetime:
        """What time it is where the blobs are (aware, UTC), by the clock that says when they were put."""
        ...

    def blobs(self) -> Iterator[StoredBlob]:
        """Every blob, in the order of their names. What else lies there is not told of."""
        ...

    def renew(self, sha256s: Collection[str]) -> None:
        """Let these count as put just now. What is not there any more is passed over."""
        ...

    def remove(self, sha256s: Collection[str], *, before: datetime) -> Iterator[StoredBlob]:
        """Remove those of them that were put before, as each stands now; tells of each, once it is gone."""
        ...

    def sweep(self, *, before: datetime) -> int:
        """Remove half-written files and uploads of dead processes, begun before; returns how many."""
        ...

    def users(self) -> Mapping[str, datetime]:
        """The runs that left their names, and when."""
        ...

    def forget_users(self, runs: Collection[str]) -> None:
        """Remove the names of these runs."""
        ...


def collection_at(url: str, *, within: Path | None = None) -> BlobCollection:
    """The collection of the store at `url`, as for `open_store`."""
    if (address := url.strip()).startswith("s3://"):
        from render.store.s3_collection import S3Collection

        return S3Collection(address)
    from render.store.local_collection import LocalCollection

    return LocalCollection(folder_of(url, "store"), within=within)
