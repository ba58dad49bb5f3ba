"""Whether an archive can be written as it has to be, found out before anything is paid for.

What is tried is what archiving does: a write under a name that is free, one under a name that is taken, which must not
succeed, and a read of what was written. A folder keeps nothing of it; a bucket one small object, always the same, since
nothing in an archive is ever deleted.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from render.episode.archive.find_tree import open_tree
from render.episode.archive.folder_tree import FolderTree
from render.episode.archive.tree import ObjectTree
from render.errors import StoreError
from render.store import folder_of
from render.store.atomic_files import disk_errors
from render.store.s3_errors import NOT_SUPPORTED
from storyboard.paths import refuse_link_out

NAME: Final = "tailframe-doctor"
TRIAL: Final = b"tailframe doctor\n"
_OTHER: Final = b"another doctor\n"
_NO_ETAG: Final = f'"{"0" * 32}"'


def try_archive(url: str, *, within: Path | None = None) -> None:
    """Raises StoreError where episodes could not be written there, or what is there could be written over.

    `within` is the project whose own folder it is; LeadsOut where a link leads out of it.
    """
    if url.strip().startswith("s3:"):
        _try_bucket(url)
        return
    folder = folder_of(url, "archive")
    if within is not None:
        refuse_link_out(within, folder)
    there = next(each for each in (folder, *folder.parents) if each.is_dir())
    with disk_errors(f"write {there}"), tempfile.TemporaryDirectory(prefix=f".{NAME}-", dir=there) as trial:
        _try_tree(FolderTree(Path(trial)), f"the folder {there}")


def _try_bucket(url: str) -> None:
    from render.episode.archive.bucket_tree import BucketTree
    from render.store.s3_bucket import Bucket

    tree = open_tree(url)
    assert isinstance(tree, BucketTree)
    _try_tree(tree, tree.url)
    if Bucket(tree.url).put(NAME, TRIAL, replacing=_NO_ETAG):
        raise StoreError(f"cannot write {tree.url} safely: {NOT_SUPPORTED[0]}", NOT_SUPPORTED[1])


def _try_tree(tree: ObjectTree, where: str) -> None:
    tree.put_if_absent(NAME, TRIAL)
    if tree.put_if_absent(NAME, _OTHER):
        raise StoreError(f"cannot write {where} safely: {NOT_SUPPORTED[0]}", NOT_SUPPORTED[1])
    if tree.get(NAME) != TRIAL:
        raise StoreError(
            f"cannot use {where}: what was written there is not what is read",
            "Check whether another program changes what is in it, or name another place",
        )
