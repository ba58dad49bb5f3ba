"""Finds the tree that an archive's address names."""

from __future__ import annotations

from pathlib import Path

from render.episode.archive.tree import ObjectTree
from render.store import folder_of


def open_tree(url: str | Path, *, within: Path | None = None) -> ObjectTree:
    """The tree at a folder or at `s3://bucket/prefix`. Nothing is read or written yet."""
    text = str(url)
    if (address := text.strip().rstrip("/")).startswith("s3:"):
        from render.episode.archive.bucket_tree import BucketTree
        from render.store.s3_bucket import Bucket

        return BucketTree(Bucket(address))
    from render.episode.archive.folder_tree import FolderTree

    return FolderTree(folder_of(text, "archive"), within=within)
