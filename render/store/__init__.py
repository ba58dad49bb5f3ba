"""Where are bytes kept? `open_store` gives the store at an address; a snapshot keeps a project's files in it."""

from __future__ import annotations

import re
from pathlib import Path

from render.errors import StoreError
from render.store.blob_store import Store
from render.store.local_store import LocalStore
from render.store.snapshot import checkout, files_of, take_snapshot

__all__ = ["LocalStore", "Store", "checkout", "files_of", "open_store", "take_snapshot"]

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+:/+)")


def open_store(url: str | Path, *, cache: Path, within: Path | None = None) -> Store:
    """The store at `url`: a folder, or `s3://bucket/prefix`. `cache` is a folder for local copies of remote blobs.

    `within` is the project whose own folder it is: no link that leads out of the project is then written through.
    Nothing is read or written yet. Raises StoreError where the address has another form.
    """
    text = str(url)
    if (address := text.strip()).startswith("s3://"):
        from render.store.s3_bucket import Bucket
        from render.store.s3_store import S3Store

        return S3Store(Bucket(address), cache=LocalStore(cache))
    return LocalStore(folder_of(text, "store"), within=within)


def folder_of(url: str, what: str) -> Path:
    """The folder that an address names; StoreError where it names something else (or was taken for a path before)."""
    scheme = _SCHEME.match(url.lstrip())
    if scheme or not url.strip():
        shown = f"{scheme[1]}…" if scheme else "an empty address"
        raise StoreError(f"the {what} cannot be at {shown}", "Valid forms are: a folder, or s3://bucket/prefix")
    try:
        return Path(url).expanduser().absolute()
    except RuntimeError:
        raise StoreError(f"the {what} cannot be at {url}: there is no such home here", "Write the whole path") from None
