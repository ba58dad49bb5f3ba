"""Files and folders that appear whole or not at all, whatever dies while they are written.

Everything is first made under a temporary name beside its place, brought to the disk, and then renamed. The maker
holds a lock on the temporary name for as long as it lives; so whoever comes next can tell the leftovers of a killed
process, which `sweep` removes, from the work of a living one.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from render.errors import StoreError, StoreUnavailable

_PREFIX, _SUFFIX = ".tailframe-", ".part"
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_ACCESS = {errno.EACCES, errno.EPERM, errno.EROFS}
_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
_NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS}


@dataclass(frozen=True, slots=True)
class PartFile:
    """A file on its way: write to `file`, then publish it under its name."""

    path: Path
    file: BinaryIO

    def publish(self, target: Path) -> None:
        """Give it its name, in place of whatever has that name now."""
        self._to_disk()
        self.path.replace(target)
        _sync_folder(target.parent)

    def publish_new(self, target: Path) -> bool:
        """Give it its name only if nothing has that name yet; False where something has."""
        self._to_disk()
        try:
            target.hardlink_to(self.path)
        except FileExistsError:
            return False
        except OSError as error:
            if error.errno not in _NO_HARD_LINKS:
                raise
            return self._publish_new_under_lock(target)
        _sync_folder(target.parent)
        return True

    def _publish_new_under_lock(self, target: Path) -> bool:
        """For file systems without hard links (exFAT, some network shares)."""
        with folder_lock(target.parent):
            if target.exists():
                return False
            self.publish(target)
            return True

    def _to_disk(self) -> None:
        self.file.flush()
        os.fsync(self.file.fileno())


def link_new(file: Path, target: Path) -> bool:
    """Give a whole, read-only file a second name, if nothing has that yet; False where something has, or it cannot be.

    Two names on one disk are one file: whoever writes through one of them changes both. So this is for files that
    nobody ever writes into.
    """
    if not stat.S_ISREG(file.lstat().st_mode) or file.lstat().st_mode & _WRITABLE:
        return False
    try:
        target.hardlink_to(file)
    except OSError as error:
        if error.errno not in {*_NO_HARD_LINKS, errno.EXDEV, errno.EEXIST}:
            raise
        return False
    _sync_folder(target.parent)
    return True


@contextmanager
def part_file(folder: Path, *, mode: int = 0o666) -> Iterator[PartFile]:
    """A new file under a temporary name in `folder`; it is gone after the block unless it was published.

    `mode` is narrowed by the umask, as for any new file.
    """
    path, descriptor = _create_locked(folder, mode)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield PartFile(path, file)
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def whole_file(target: Path) -> Iterator[BinaryIO]:
    """Write `target` (parents are made, an existing file is replaced) so that it is only ever seen whole."""
    make_folder(target.parent)
    sweep(target.parent)
    with part_file(target.parent) as part:
        yield part.file
        part.publish(target)


def move_to_disk(file: BinaryIO, path: Path, target: Path) -> bool:
    """Bring a finished file (open, at `path`) to the disk, and give it the name `target`; False on another disk."""
    os.fsync(file.fileno())
    try:
        path.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        return False
    _sync_folder(target.parent)
    return True


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """A new folder to fill, which becomes `target` at the end of the block. `target` may only exist empty."""
    target.parent.mkdir(parents=True, exist_ok=True)
    sweep(target.parent)
    part = target.parent / _part_name()
    part.mkdir()
    with _locked(os.open(part, os.O_RDONLY)):
        try:
            yield part
            _sync_folder(part)
            part.rename(target)
            _sync_folder(target.parent)
        finally:
            shutil.rmtree(part, ignore_errors=True)


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Hold `folder` against every other holder, on this machine and where the file system knows locks elsewhere."""
    with _locked(os.open(folder, os.O_RDONLY)):
        yield


def sweep(folder: Path) -> None:
    """Remove what killed writers left in `folder`. What a living one still writes is locked, and stays."""
    for leftover in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        with suppress(OSError):
            _remove_unless_locked(leftover)


def make_folder(folder: Path) -> None:
    """Make a folder and its parents so that they outlast a power cut."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


@contextmanager
def disk_errors(doing: str) -> Iterator[None]:
    """Turn what the operating system says into a StoreError with a remedy. `doing`: "write /blobs/ab12"."""
    try:
        yield
    except OSError as error:
        happened, remedy = _what_and_remedy(error)
        kind = StoreUnavailable if error.errno in _NO_SPACE else StoreError
        raise kind(f"cannot {doing}: {happened}", remedy) from error


def _what_and_remedy(error: OSError) -> tuple[str, str]:
    if error.errno in _NO_SPACE:
        return "there is no space left", "Make room there, then run the same command again"
    if error.errno in _NO_ACCESS:
        return os.strerror(error.errno or 0).lower(), "Let this user read and write there, then run it again"
    if error.errno in {errno.ENOTDIR, errno.EEXIST}:
        return "a file stands where a folder is needed", "Move it away, or choose another place"
    if error.errno == errno.ENOTEMPTY:
        return "there already is something in that folder", "Choose another place"
    return error.strerror or str(error), ""


def _create_locked(folder: Path, mode: int) -> tuple[Path, int]:
    while True:
        path = folder / _part_name()
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, mode)
        _lock(descriptor)
        if os.fstat(descriptor).st_nlink:
            return path, descriptor
        os.close(descriptor)  # a sweep came between creating and locking


def _remove_unless_locked(leftover: Path) -> None:
    with _locked(os.open(leftover, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), wait=False):
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink()


def _part_name() -> str:
    return f"{_PREFIX}{secrets.token_hex(8)}{_SUFFIX}"


@contextmanager
def _locked(descriptor: int, *, wait: bool = True) -> Iterator[None]:
    try:
        if wait:
            _lock(descriptor)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    """Lock where the file system can; where it cannot, `sweep` cannot either, and leaves everything alone."""
    with suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
