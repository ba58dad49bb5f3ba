"""What garbage collection does in a folder: list with ages, renew, remove. Runs do none of it but renew.

A blob is looked at and removed under a lock on its folder, under which a writer that finds it there makes it young.
It is first moved aside, which happens at once or not at all, and looked at once more: whoever wrote it anew before
that, which needs no lock, has made it young, and it is moved back; whoever comes later finds none, and writes it
anew.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from render.store.atomic_files import disk_errors, folder_lock, link_new, make_folder, part_file, sweep
from render.store.blob_ages import USERS, StoredBlob
from storyboard.paths import refuse_link_out

_FOLDER: Final = re.compile(r"[0-9a-f]{2}")
_REST: Final = re.compile(r"[0-9a-f]{62}")
_ASIDE: Final = ".condemned"


class LocalCollection:
    """A `BlobCollection` in a folder. Links are followed nowhere, and left alone."""

    def __init__(self, root: Path, *, within: Path | None = None) -> None:
        self._root, self._within = root, within

    def now(self) -> datetime:
        """By a file that is written for it: that is the clock of the disk, wherever it is."""
        incoming = self._root / ".incoming"
        with disk_errors(f"write into {self._root}"):
            self._refuse_link_out(incoming / "any")
            make_folder(incoming)
            with part_file(incoming) as part:
                part.file.write(b"now")
                part.file.flush()
                return _when(os.fstat(part.file.fileno()))

    def blobs(self) -> Iterator[StoredBlob]:
        """By reading the folders."""
        with disk_errors(f"read {self._root}"):
            folders = sorted(each for each in _entries(self._root) if _FOLDER.fullmatch(each.name))
            for folder in folders:
                for name, status in sorted(_files(folder).items()):
                    if _REST.fullmatch(name):
                        yield StoredBlob(f"{folder.name}{name}", status.st_size, _when(status))

    def renew(self, sha256s: Collection[str]) -> None:
        """By giving each the time of now."""
        for sha256 in sha256s:
            blob = self._blob(sha256)
            with disk_errors(f"keep {blob}"), suppress(FileNotFoundError):
                os.utime(blob, follow_symlinks=False)

    def remove(self, sha256s: Collection[str], *, before: datetime) -> Iterator[StoredBlob]:
        """One after the other."""
        for sha256 in sorted(sha256s):
            if (gone := self._remove(sha256, before)) is not None:
                yield gone

    def sweep(self, *, before: datetime) -> int:  # noqa: ARG002 - what nobody holds a lock on is dead, however young
        """Half-written files, and names of blobs that are gone. What a killed collection left aside is put back."""
        count = 0
        with disk_errors(f"sweep {self._root}"):
            incoming = self._root / ".incoming"
            count += len(_files(incoming))
            sweep(incoming)
            count -= len(_files(incoming))
            for name in _files(self._root / _ASIDE):
                self._put_back(name)
            for link in _entries(self._root / ".named"):
                if link.is_symlink() and not link.exists():
                    link.unlink(missing_ok=True)
                    count += 1
        return count

    def users(self) -> Mapping[str, datetime]:
        """By their files."""
        with disk_errors(f"read {self._root / USERS}"):
            return {name: _when(status) for name, status in _files(self._root / USERS).items()}

    def forget_users(self, runs: Collection[str]) -> None:
        """By removing their files."""
        for run in runs:
            note = self._root / USERS / run
            with disk_errors(f"remove {note}"):
                note.unlink(missing_ok=True)

    def _remove(self, sha256: str, before: datetime) -> StoredBlob | None:
        blob, aside = self._blob(sha256), self._root / _ASIDE / sha256
        with disk_errors(f"remove {blob}"):
            self._refuse_link_out(aside)
            self._refuse_link_out(blob)
            make_folder(aside.parent)
            try:
                with folder_lock(blob.parent):
                    return self._move_and_remove(sha256, blob, aside, before)
            except FileNotFoundError:
                return None

    def _move_and_remove(self, sha256: str, blob: Path, aside: Path, before: datetime) -> StoredBlob | None:
        status = blob.lstat()
        if not stat.S_ISREG(status.st_mode) or _when(status) >= before:
            return None
        blob.rename(aside)
        status = aside.lstat()
        if _when(status) >= before:  # somebody wrote it anew this moment, which nobody locks for
            self._put_back(sha256)
            return None
        aside.unlink()
        return StoredBlob(sha256, status.st_size, _when(status))

    def _put_back(self, sha256: str) -> None:
        """Give a blob that was moved aside its place again, unless it was written anew meanwhile."""
        aside, blob = self._root / _ASIDE / sha256, self._blob(sha256)
        make_folder(blob.parent)
        if not link_new(aside, blob) and not blob.exists():
            aside.rename(blob)
        aside.unlink(missing_ok=True)

    def _blob(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256[2:]

    def _refuse_link_out(self, path: Path) -> None:
        if self._within is not None:
            refuse_link_out(self._within, path.parent)


def _entries(folder: Path) -> list[Path]:
    """What lies in a folder; nothing where there is none, or a link in its place."""
    return [*folder.iterdir()] if folder.is_dir() and not folder.is_symlink() else []


def _files(folder: Path) -> dict[str, os.stat_result]:
    """The plain files in a folder, by name."""
    if folder.is_symlink() or not folder.is_dir():
        return {}
    found = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(status.st_mode):
                    found[entry.name] = status
    return found


def _when(status: os.stat_result) -> datetime:
    return datetime.fromtimestamp(status.st_mtime, UTC)
