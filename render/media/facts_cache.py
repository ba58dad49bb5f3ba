"""Remembers what files were found to hold, by their content: what was decoded whole once is not decoded again.

It lies with the user, beside no project (`XDG_CACHE_HOME`, else `~/.cache`), so that a project which may only be read,
or has no ledger, is looked at as fast as any other. It is a cache and nothing more: where it cannot be read or written,
or an entry is not exactly what was written, the file is decoded again. Only files that are whole are remembered.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import fields
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")

_DECODERS = ("av", "pillow")


class FactsCache(Generic[T]):
    """Values of one frozen dataclass by the sha256 of the file that they are of.

    `recipe` changes with how they are found. Other fields or other decoders are another recipe by themselves.
    """

    def __init__(self, type_: type[T], recipe: str) -> None:
        self._type = type_
        self._recipe = recipe

    def find(self, sha256: str) -> T | None:
        """What is remembered of a file; None where nothing is, or what is there is damaged."""
        try:
            seal, _, body = self._entry(sha256).read_bytes().partition(b"\n")
            if seal.decode("ascii", "replace") != self._seal(sha256, body):
                return None
            return self._adapter.validate_json(body, strict=False)
        except (OSError, RuntimeError, ValueError):
            return None

    def keep(self, sha256: str, value: T) -> None:
        """Remember it, where there is a place to; else it is looked for again the next time."""
        body = self._adapter.dump_json(value)
        with suppress(OSError, RuntimeError):
            entry = self._entry(sha256)
            entry.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            part = entry.with_name(f".{sha256}.{token_hex(4)}.part")
            try:
                part.write_bytes(self._seal(sha256, body).encode() + b"\n" + body)
                part.replace(entry)
            finally:
                part.unlink(missing_ok=True)

    def _entry(self, sha256: str) -> Path:
        return cache_folder() / self._name / sha256

    def _seal(self, sha256: str, body: bytes) -> str:
        """Ties an entry to its file and to what was written: half an entry, or another file's, does not match."""
        return hashlib.sha256(b"\n".join([self._name.encode(), sha256.encode(), body])).hexdigest()

    @cached_property
    def _name(self) -> str:
        known: Any = self._type
        said = [self._recipe, *(each.name for each in fields(known)), *map(version, _DECODERS)]
        return f"{self._type.__name__.lower()}-{hashlib.sha256(' '.join(said).encode()).hexdigest()[:12]}"

    @cached_property
    def _adapter(self) -> TypeAdapter[T]:
        from pydantic import TypeAdapter

        return TypeAdapter(self._type)


def cache_folder() -> Path:
    """Where the cache lies; it may be deleted at any time. Raises RuntimeError where there is no home."""
    chosen = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (chosen if chosen.is_absolute() else Path.home() / ".cache") / "tailframe"
