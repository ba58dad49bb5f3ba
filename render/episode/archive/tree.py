"""What an archive is written to: named objects that are written once. A folder, or a prefix of an S3 bucket."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from render.episode.archive_errors import ArchiveError

MOST_BYTES_OF_A_RECORD = 64 << 20
"""The largest manifest, list of contents or `takes.json` that is read: memory is not an archive's to fill."""


@dataclass(frozen=True, slots=True)
class Vouched:
    """A file whose owner vouches for its bytes, so that nobody has to read them once more.

    `copy` writes them into an open, empty file, and raises StoreError where they are not whole. `shared`: it is
    read-only, is never written into, and could be made again; so a second name for it does as well as a copy.
    """

    copy: Callable[[BinaryIO], object]
    shared: bool = False


class ObjectTree(Protocol):
    """Objects by plain relative names with forward slashes. Every method is blocking; threads may share one tree.

    Raises StoreError where disk, network or permissions fail, ArchiveError where an object has other bytes than the
    ones given.
    """

    @property
    def url(self) -> str:
        """Where it is, without secrets: a folder's path, or `s3://bucket/prefix`."""
        ...

    def put_file(self, name: str, file: Path, sha256: str, vouched: Vouched | None = None) -> bool:
        """Write a file's bytes, whole or not at all; False if they are there already.

        Where nobody vouches for them, what was written is read once more.
        """
        ...

    def put_if_absent(self, name: str, content: bytes) -> bool:
        """Write a record unless something has that name, whatever it is; then False."""
        ...

    def replace(self, name: str, content: bytes, *, seen: bytes) -> bool:
        """Write a record in place of `seen`; False if it is another by now."""
        ...

    def get(self, name: str) -> bytes | None:
        """A record's bytes, at most `MOST_BYTES_OF_A_RECORD`; None if there is none."""
        ...

    def read_into(self, name: str, write: Callable[[bytes], object]) -> None:
        """Pass an object's bytes to `write`, chunk by chunk."""
        ...

    def list(self) -> Mapping[str, int]:
        """The size in bytes of every object, by its name; -1 for what is there and is no plain file."""
        ...


def already_different(where: str) -> ArchiveError:
    """What to say where another file stands in an archived one's place."""
    return ArchiveError(
        f"{where} is already there with other bytes, and an archive is never written over",
        "If its folder has no manifest.json, it is what is left of an archive that was never finished: remove the "
        "folder and archive again",
    )
