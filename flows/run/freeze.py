"""Freezes a project: what is shown, agreed to and made are then the same files, whatever is written meanwhile."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from render.store import Store
from render.store.snapshot import checkout, take_snapshot
from storyboard.loading import load_project

__all__ = ["checked_out", "freeze"]


def freeze(root: Path, store: Store) -> str:
    """Keep all that the project's YAML names, as it is now; returns the snapshot's name, a SHA-256 in hexadecimal.

    Raises InvalidProject where the YAML cannot be read, StoreError where a file cannot.
    """
    return take_snapshot(root, load_project(root).files(), store)


@contextlib.contextmanager
def checked_out(snapshot: str, store: Store, scratch: Path) -> Iterator[Path]:
    """A folder with the snapshot's files, removed at the end. Raises StoreError where the store lacks them."""
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="snapshot-", dir=scratch) as folder:
        frozen = Path(folder) / "project"
        checkout(snapshot, store, frozen)
        yield frozen
