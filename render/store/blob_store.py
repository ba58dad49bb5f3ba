"""A blob store holds bytes by the hash of their content: written once, never changed, checked when they come out."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Protocol


class Store(Protocol):
    """Blobs by their sha256 (64 lower-case hex digits). Every method is blocking; call it from a thread.

    Errors are `StoreError`: a missing blob, one whose bytes do not match its name, no space, no access.
    """

    @property
    def url(self) -> str:
        """Where it is, without secrets."""
        ...

    @property
    def shared(self) -> bool:
        """Whether other machines can see it."""
        ...

    def put(self, data: bytes) -> str:
        """Keep these bytes; returns their sha256. Already there: nothing is written.

        Whatever is put, by any of these methods, counts as put just now: it is not collected for a day, though it was
        there for a year (`render.garbage_collection`).
        """
        ...

    def put_file(self, path: Path) -> str:
        """Keep a file's bytes (streamed, the file is left as it is); returns their sha256."""
        ...

    def put_made(self, path: Path, *, known: str | None = None) -> str:
        """Keep a file that this process made and nobody else knows of; returns its sha256. The file is gone then.

        It is not copied where it can be moved, so `put_file` is for all other files. `known` is its sha256, where this
        process has read it whole since it was finished: it is not read again.
        """
        ...

    def note_user(self, run: str) -> None:
        """Leave the name of a run whose ledger refers to blobs here: nobody collects any without knowing that run."""
        ...

    def has(self, sha256: str) -> bool:
        """Whether the blob is there."""
        ...

    def get(self, sha256: str) -> bytes:
        """The blob's bytes, checked."""
        ...

    def size(self, sha256: str) -> int:
        """How many bytes the blob has."""
        ...

    def read_range(self, sha256: str, start: int, end: int) -> bytes:
        """The bytes from `start` on, before `end`; fewer where the blob ends first. Not checked: nobody read the rest.

        For players, which skip to and fro in a film. Nothing is fetched beyond what is asked for.
        """
        ...

    def fetch(self, sha256: str, target: Path) -> None:
        """Write a copy of the blob to `target`: checked, whole or not at all.

        Parents are made, an existing file is replaced. Whoever writes into the copy never changes the blob.
        """
        ...

    def copy_into(self, sha256: str, file: BinaryIO) -> None:
        """Write the blob's bytes into an open, empty file, checked as `fetch` does. OSError where that file fails."""
        ...

    def local_path(self, sha256: str, suffix: str = "") -> Path:
        """A read-only local file with these bytes, fetched and cached if the store is elsewhere.

        `suffix` (".mp4") gives the name an ending for tools that look at it. Do not write to it, do not move it.
        """
        ...

    def place(self, sha256: str) -> str:
        """Where the blob lies or would lie: a file, or an `s3://` address. Asks nobody."""
        ...

    def link(self, sha256: str, lifetime: timedelta, *, filename: str | None = None) -> str | None:
        """A public https link that lives so long; None where the store cannot give one.

        Whoever follows it is told that the file is called `filename`, and what sort of file that is.
        """
        ...
