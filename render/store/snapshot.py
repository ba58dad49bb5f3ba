"""A project's files as they were at one moment: a tree of blobs, itself a blob, named by its hash.

    {"files": {"episodes/e01.yaml": sha256, "series.yaml": sha256, …}, "version": 1}

Two snapshots of the same files have the same name on every machine.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from render.concurrency.parallel import side_by_side
from render.errors import StoreError
from render.store.atomic_files import disk_errors, whole_folder
from render.store.blob_store import Store
from render.store.digests import is_digest
from render.store.safe_names import why_unsafe_together
from storyboard.identity import canonical

VERSION: Final = 1
_READS: Final = 3


def take_snapshot(root: Path, files: Sequence[str], store: Store) -> str:
    """Keep these files of the project at `root` (paths relative to it, forward slashes); returns the snapshot's name.

    Each file is kept as one reading found it: one that is being saved meanwhile is read again. Raises StoreError where
    a file cannot be read, leads out of the project, or changes all the time.
    """
    names = sorted(set(files))
    _check_names(names, "the project")
    kept = side_by_side(lambda name: _keep(root, name, store), names)
    return store.put(canonical({"version": VERSION, "files": dict(zip(names, kept, strict=True))}))


def files_of(snapshot: str, store: Store) -> Mapping[str, str]:
    """The snapshot's files: path to sha256, in the paths' order. Raises StoreError."""
    return parse_tree(store.get(snapshot), f"snapshot {snapshot}")


def checkout(snapshot: str, store: Store, target: Path) -> None:
    """Write a snapshot's files into `target`, which may only exist empty: all of them, or none.

    Raises StoreError.
    """
    files = files_of(snapshot, store)
    with disk_errors(f"write {target}"), whole_folder(target) as folder:
        side_by_side(lambda item: store.fetch(item[1], folder / item[0]), files.items())


def parse_tree(tree: bytes, what: str) -> Mapping[str, str]:
    """A tree's files, path to sha256, checked: it may come from an archive that someone else made.

    Raises StoreError, in which `what` names the tree.
    """
    try:
        read = json.loads(tree)
    except (ValueError, RecursionError):
        raise StoreError(f"{what} is no list of files") from None
    if not isinstance(read, dict) or read.get("version") != VERSION:
        raise StoreError(f"{what} is of a version that this Tailframe does not know; a newer one may")
    files = read.get("files")
    if set(read) != {"version", "files"} or not isinstance(files, dict):
        raise StoreError(f"{what} is no list of files")
    if not all(isinstance(sha256, str) and is_digest(sha256) for sha256 in files.values()):
        raise StoreError(f"{what} names a file without its sha256")
    _check_names(files, what)
    return dict(sorted(files.items()))


def _check_names(names: Sequence[str] | Mapping[str, str], what: str) -> None:
    if problem := why_unsafe_together(names):
        raise StoreError(f"{what} has a file whose name is refused: {problem}")


def _keep(root: Path, name: str, store: Store) -> str:
    file = root / name
    with disk_errors(f"read {file}"):
        if not file.resolve(strict=True).is_relative_to(root.resolve()):
            raise StoreError(f"{name} is a link that leads out of the project; copy the file into it")
        for _ in range(_READS):
            before = file.stat()
            sha256 = store.put_file(file)
            after = file.stat()
            if (before.st_ino, before.st_size, before.st_mtime_ns) == (after.st_ino, after.st_size, after.st_mtime_ns):
                return sha256
    raise StoreError(f"{name} changed each time it was read", "Run the same command again when it is saved")
