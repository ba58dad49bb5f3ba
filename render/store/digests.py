"""SHA-256 as the name of bytes: computing it, checking it, and taking it of what is copied."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

from render.errors import StoreError
from render.store.plain_files import open_plain

CHUNK_BYTES: Final = 1 << 20
_DIGEST = re.compile(r"[0-9a-f]{64}")


def is_digest(text: str) -> bool:
    """Whether this is a sha256 in the one form used here: 64 lower-case hex digits."""
    return _DIGEST.fullmatch(text) is not None


def checked_digest(text: str) -> str:
    """The same text; StoreError unless it is a sha256. Keeps anything else out of paths and keys."""
    if not is_digest(text):
        raise StoreError(f"{text[:80]!r} is not the name of a blob: 64 lower-case hex digits are")
    return text


def sha256_of(data: bytes) -> str:
    """The sha256 of these bytes."""
    return hashlib.sha256(data).hexdigest()


def sha256_of_file(path: Path, *, links: bool = True) -> str:
    """The sha256 of a plain file's bytes, streamed; NoPlainFile where there is something else."""
    with open_plain(path, links=links) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of(file: BinaryIO) -> str:
    """The sha256 of all bytes of an open file, read from its start."""
    digesting = Digesting()
    file.seek(0)
    copy_stream(file, digesting.write)
    return digesting.sha256


class Digesting:
    """Passes bytes on to `write`, and knows the sha256 and the number of those that went through."""

    def __init__(self, write: Callable[[bytes], object] | None = None) -> None:
        self._write, self._hash, self.bytes = write, hashlib.sha256(), 0

    def write(self, data: bytes) -> None:
        """Take note of the bytes and pass them on."""
        self._hash.update(data)
        self.bytes += len(data)
        if self._write is not None:
            self._write(data)

    @property
    def sha256(self) -> str:
        """The sha256 of all bytes so far."""
        return self._hash.hexdigest()


def copy_stream(source: BinaryIO, write: Callable[[bytes], object]) -> None:
    """Pass a stream on in chunks."""
    while chunk := source.read(CHUNK_BYTES):
        write(chunk)
