"""How old a blob counts as: whatever was put lately, anew or once more, is not collected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from render.errors import StoreError

YOUNG: Final = timedelta(days=1)
"""A blob that was put within it is never collected; see `render.garbage_collection`."""

RENEWED_AFTER: Final = YOUNG / 2
"""What is put once more and is older than this is made young again; so it stays for half a day at the very least."""

USERS: Final = ".runs"
"""The folder of a store in which each run leaves its name, since its ledger refers to blobs there."""


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """A blob as its store lists it, and when it was put by the store's own clock (aware, UTC)."""

    sha256: str
    bytes: int
    at: datetime


def needs_renewal(age: timedelta) -> bool:
    """Whether a blob of this age has to be made young where it is put once more. One of the future does: clocks err."""
    return not timedelta(0) <= age < RENEWED_AFTER


def user_name(run: str) -> str:
    """A run's id as the name of a file or a key. Raises StoreError where it is none."""
    if not run.replace("-", "").isalnum() or not run.isascii() or len(run) > 100:
        raise StoreError(f"{run[:80]!r} cannot be the name of a run")
    return run
