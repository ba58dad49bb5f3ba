"""Makes blobs old, as nobody can wait for days."""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from moto.s3.models import s3_backends

from render.store import Store

LONG = timedelta(days=40)


def make_old(store: Store, sha256: str, age: timedelta = LONG) -> None:
    """Let this blob have been put so long ago."""
    _set_age(store.place(sha256), age)


def make_user_old(store: Store, run: str, age: timedelta = LONG) -> None:
    """Let this run have left its name so long ago."""
    _set_age(f"{store.url}/.runs/{run}", age)


def make_all_old(store: Store, age: timedelta = LONG) -> None:
    """Let every blob have been put so long ago. Names that runs left are older, as they come first."""
    if store.url.startswith("s3://"):
        address = urlsplit(store.url)
        for key, held in _bucket(address.netloc).items():
            if key.startswith(address.path.lstrip("/")):
                then = age * (2 if "/.runs/" in key else 1)
                held.last_modified = datetime.utcnow() - then  # noqa: DTZ003 - moto's own times are such
        return
    for file in Path(store.url).rglob("*"):
        if file.is_file() and not file.is_symlink():
            _set_age(str(file), age * (2 if file.parent.name == ".runs" else 1))


def age_of(store: Store, sha256: str) -> timedelta:
    """How old the blob is."""
    place = store.place(sha256)
    if not place.startswith("s3://"):
        return timedelta(seconds=time.time() - Path(place).lstat().st_mtime)
    address = urlsplit(place)
    held = _bucket(address.netloc)[address.path.lstrip("/")]
    found: timedelta = datetime.utcnow() - held.last_modified  # noqa: DTZ003
    return found


def _set_age(place: str, age: timedelta) -> None:
    if place.startswith("s3://"):
        address = urlsplit(place)
        held = _bucket(address.netloc)[address.path.lstrip("/")]
        held.last_modified = datetime.utcnow() - age  # noqa: DTZ003
    else:
        then = time.time() - age.total_seconds()
        os.utime(place, (then, then))


def _bucket(name: str):  # type: ignore[no-untyped-def]
    return s3_backends["123456789012"]["aws"].buckets[name].keys
