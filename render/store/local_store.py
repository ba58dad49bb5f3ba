"""A blob store in a folder: `ab/cd…` holds the bytes whose sha256 begins with abcd.

A blob is written beside the others under a temporary name, brought to the disk and renamed, and is read-only from
then on. Any number of processes may write the same blob at once, and any of them may be killed.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from render.errors import StoreError
from render.store.atomic_files import disk_errors, folder_lock, make_folder, move_to_disk, part_file, sweep, whole_file
from render.store.blob_ages import USERS, needs_renewal, user_name
from render.store.digests import Digesting, checked_digest, copy_stream, digest_of, sha256_of, sha256_of_file
from render.store.known_digests import read_digest, remember_written
from render.store.plain_files import NoPlainFile, open_plain
from render.store.range_copy import copy_range
from storyboard.paths import refuse_link_out

_SUFFIX = re.compile(r"(\.[A-Za-z0-9]{1,16})?")
Fill = Callable[[Callable[[bytes], object]], object]
"""Something that writes a whole blob with the function it is given."""

_Stamp = tuple[int, int, int, int]
"""Inode, bytes, and when its bytes and anything of it last changed: a file that was not touched keeps it."""

_MOVED = 3  # so many of these stay where a file is only given another name


class LocalStore:
    """Blobs in a folder of this machine. Safe to share between threads."""

    def __init__(self, root: Path, *, within: Path | None = None) -> None:
        self._root = root.expanduser().absolute()
        self._within = within
        self._incoming = self._root / ".incoming"
        self._named = self._root / ".named"
        self._swept = False
        self._found_whole: dict[str, _Stamp] = {}

    def __repr__(self) -> str:
        return f"LocalStore({self.url!r})"

    @property
    def url(self) -> str:
        """The folder."""
        return str(self._root)

    @property
    def shared(self) -> bool:
        """A folder is this machine's own, as far as anyone can tell."""
        return False

    def put(self, data: bytes) -> str:
        """Keep these bytes; a damaged blob of the same name is replaced."""
        sha256 = sha256_of(data)
        if not self.keeps(sha256):
            self._write(lambda write: write(data))
        return sha256

    def put_file(self, path: Path) -> str:
        """Keep a file's bytes. The name returned is that of the bytes kept, even if the file changes meanwhile."""
        with disk_errors(f"read {path}"):
            sha256 = sha256_of_file(path)
            if self.keeps(sha256):
                return sha256
            source = open_plain(path, links=True)
        with source:
            return self._write(lambda write: copy_stream(source, write))

    def put_made(self, path: Path, *, known: str | None = None) -> str:
        """Keep a file of this process's own by giving it the blob's name; where that is on another disk, by a copy."""
        with disk_errors(f"keep {path}"):
            with open_plain(path) as file:
                stamp, sha256 = _stamp(path), known or digest_of(file)
                if not self.keeps(sha256) and not self._move(path, file, sha256, stamp):
                    sha256 = self._write(lambda write: copy_stream(_rewound(file), write))
            path.unlink(missing_ok=True)
        return sha256

    def receive(self, sha256: str, fill: Fill, *, source: str) -> None:
        """Keep what `fill` writes, if it is this blob; StoreError and nothing kept if it is not.

        `source` says where the bytes come from.
        """
        self._write(fill, expected=checked_digest(sha256), source=source)

    def note_user(self, run: str) -> None:
        """Leave the run's name in a file of its own, which is empty."""
        note = self._root / USERS / user_name(run)
        with disk_errors(f"write {note}"):
            self._refuse_link_out(note)
            make_folder(note.parent)
            note.touch()

    def keeps(self, sha256: str) -> bool:
        """Whether the blob is there and undamaged; it counts as put just now then, and is not collected for a day."""
        return self.whole(sha256) and self._is_young(sha256)

    def has(self, sha256: str) -> bool:
        """Whether a blob of this name is there, whole or not."""
        return _is_plain(self._blob(sha256))

    def whole(self, sha256: str) -> bool:
        """Whether the blob is there and undamaged. Read once a day at most, as long as the file is not touched."""
        blob = self._blob(sha256)
        with disk_errors(f"read {blob}"):
            try:
                stamp = _stamp(blob)
                if self._found_whole.get(sha256) == stamp:
                    return True
                if read_digest(blob, links=False) != sha256:
                    return False
            except (FileNotFoundError, NoPlainFile):
                return False
        self._found_whole[sha256] = stamp
        return True

    def get(self, sha256: str) -> bytes:
        """The blob's bytes, checked."""
        blob = self._blob(sha256)
        with disk_errors(f"read {blob}"):
            try:
                with open_plain(blob) as file:
                    data = file.read()
            except FileNotFoundError:
                raise missing(sha256, self.url) from None
        if sha256_of(data) != sha256:
            raise damaged(str(blob), len(data))
        return data

    def size(self, sha256: str) -> int:
        """Of its file."""
        with self._opened(sha256) as file:
            return os.fstat(file.fileno()).st_size

    def read_range(self, sha256: str, start: int, end: int) -> bytes:
        """A part of its file."""
        with self._opened(sha256) as file:
            file.seek(start)
            return file.read(max(0, end - start))

    def fetch(self, sha256: str, target: Path) -> None:
        """Write a copy of the blob to `target`; checked on the way, unless it was before and was not touched since."""
        with disk_errors(f"copy {self._blob(sha256)} to {target}"), whole_file(target) as file:
            self.copy_into(sha256, file)

    def copy_into(self, sha256: str, file: BinaryIO) -> None:
        """Write the blob into an open, empty file, in the same way."""
        blob = self._blob(sha256)
        try:
            source = open_plain(blob)
        except FileNotFoundError:
            raise missing(sha256, self.url) from None
        with source:
            if not self._copy_known(sha256, source, file):
                digesting = Digesting(file.write)
                copy_stream(_rewound(source), digesting.write)
                if digesting.sha256 != sha256:
                    raise damaged(str(blob), digesting.bytes)

    def place(self, sha256: str) -> str:
        """Its file."""
        return str(self._blob(sha256))

    def local_path(self, sha256: str, suffix: str = "") -> Path:
        """The blob itself, or with a suffix a link to it; checked once for as long as the file is not touched."""
        if not _SUFFIX.fullmatch(suffix):
            raise StoreError(f"{suffix!r} is not an ending for a file name: one such as '.mp4' is")
        if not self.whole(sha256):
            raise self._unusable(sha256)
        return self._link_to(sha256, suffix) if suffix else self._blob(sha256)

    def link(self, sha256: str, lifetime: timedelta, *, filename: str | None = None) -> str | None:  # noqa: ARG002
        """None: nobody else can read this folder."""
        return None

    @contextmanager
    def _opened(self, sha256: str) -> Iterator[BinaryIO]:
        blob = self._blob(sha256)
        with disk_errors(f"read {blob}"):
            try:
                file = open_plain(blob)
            except FileNotFoundError:
                raise missing(sha256, self.url) from None
            with file:
                yield file

    def _blob(self, sha256: str) -> Path:
        checked_digest(sha256)
        return self._root / sha256[:2] / sha256[2:]

    def _is_young(self, sha256: str) -> bool:
        """Whether a blob is young, or could be made so. Not where it is another user's, or is collected this moment."""
        blob = self._blob(sha256)
        with disk_errors(f"read {blob}"):
            try:
                if not needs_renewal(timedelta(seconds=time.time() - blob.lstat().st_mtime)):
                    return True
                with folder_lock(blob.parent):  # a collection looks and removes under it: never between these two
                    os.utime(blob, follow_symlinks=False)
                    status = blob.lstat()
            except (FileNotFoundError, PermissionError):
                return False
            self._found_whole[sha256] = _stamp_of(status)
            remember_written({blob: (sha256, status)})
        return True

    def _write(self, fill: Fill, *, expected: str | None = None, source: str = "") -> str:
        with disk_errors(f"write into {self._root}"):
            self._make_ready()
            with part_file(self._incoming, mode=0o444) as part:
                digesting = Digesting(part.file.write)
                fill(digesting.write)
                if expected not in (None, digesting.sha256):
                    raise damaged(source, digesting.bytes)
                blob = self._blob(digesting.sha256)
                self._refuse_link_out(blob)
                make_folder(blob.parent)
                part.publish(blob)
            self._found_whole[digesting.sha256] = _stamp(blob)
        return digesting.sha256

    def _move(self, path: Path, file: BinaryIO, sha256: str, stamp: _Stamp) -> bool:
        """Give a file that was just read the blob's name. False where it is on another disk, or was touched."""
        self._make_ready()
        blob = self._blob(sha256)
        self._refuse_link_out(blob)
        make_folder(blob.parent)
        path.chmod(stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o444)
        if _stamp(path)[:_MOVED] != stamp[:_MOVED] or not move_to_disk(file, path, blob):
            return False
        self._found_whole[sha256] = _stamp(blob)
        return True

    def _copy_known(self, sha256: str, blob: BinaryIO, target: BinaryIO) -> bool:
        """Copy what was found whole and is untouched since. False where that is not so, and nothing is copied."""
        known, size = self._found_whole.get(sha256), os.fstat(blob.fileno()).st_size
        if known is None or _stamp_of(os.fstat(blob.fileno())) != known or not copy_range(blob, target, size):
            return False
        if _stamp_of(os.fstat(blob.fileno())) == known:
            return True
        target.truncate(0)
        return False

    def _unusable(self, sha256: str) -> StoreError:
        blob = self._blob(sha256)
        return damaged(str(blob), blob.stat().st_size) if _is_plain(blob) else missing(sha256, self.url)

    def _refuse_link_out(self, path: Path) -> None:
        if self._within is not None:
            refuse_link_out(self._within, path.parent)

    def _make_ready(self) -> None:
        self._refuse_link_out(self._incoming / "any")
        make_folder(self._incoming)
        if not self._swept:
            self._swept = True
            sweep(self._incoming)

    def _link_to(self, sha256: str, suffix: str) -> Path:
        """A relative symbolic link, so that it follows a blob that was mended and a store that was moved."""
        link = self._named / f"{sha256}{suffix}"
        target = Path("..") / sha256[:2] / sha256[2:]
        with disk_errors(f"write {link}"):
            self._refuse_link_out(link)
            self._named.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                link.symlink_to(target)
            if not link.is_symlink() or link.readlink() != target:
                self._name_anew(link, target)
        return link

    def _name_anew(self, link: Path, target: Path) -> None:
        """Something else has the name: whoever put it there, it is not what is asked for."""
        part = self._named / f".{secrets.token_hex(8)}"
        part.symlink_to(target)
        part.replace(link)


def missing(sha256: str, url: str) -> StoreError:
    """What to say where a store has no such blob."""
    return StoreError(
        f"blob {sha256} is not in the store {url}",
        "Check that TAILFRAME_STORE_URL names the store that this project was made with",
    )


def damaged(place: str, size: int) -> StoreError:
    """What to say where a blob's bytes are not those that its name promises."""
    return StoreError(
        f"{place} is damaged: its {size} bytes are not those of its name",
        "Remove it and run the same command again; what can be had again is then fetched again",
    )


def _is_plain(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def _stamp(path: Path) -> _Stamp:
    return _stamp_of(path.lstat())


def _stamp_of(status: os.stat_result) -> _Stamp:
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _rewound(file: BinaryIO) -> BinaryIO:
    file.seek(0)
    return file
