"""Opens what is a plain file, and nothing else: a pipe would hang its reader, a device never end, a link lead away.

Folders of archives, stores and projects may be other people's. What a name is, is asked of the file that was opened, so
that nothing can be put in its place between the question and the reading.
"""

from __future__ import annotations

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path

_FILE = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC  # a pipe that nobody writes to opens at once
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_OTHERWISE = {errno.ELOOP, errno.EMLINK, errno.ENXIO, errno.ENODEV, errno.EOPNOTSUPP}
"""How systems refuse to open links, sockets, and devices without anything behind them."""


_NOT_PLAIN = "it is no plain file. Put the file itself there, or take away what stands there"


class NoPlainFile(OSError):
    """What has this name is a link, a folder, a pipe, a socket or a device."""

    def __init__(self, path: Path, what: str = _NOT_PLAIN) -> None:
        super().__init__(errno.EINVAL, what)
        self.filename = str(path)


def open_plain(path: Path, *, links: bool = False) -> BufferedReader:
    """A plain file to read. The last part of its path may be a link only where `links` says so.

    Raises NoPlainFile, and OSError as `open` does.
    """
    return _plain(path, _opened(path, path, _FILE | (0 if links else os.O_NOFOLLOW)))


def open_within(root: Path, name: str) -> BufferedReader:
    """The plain file of this name (forward slashes) within `root`, with no link on the way from there.

    Raises NoPlainFile, and OSError as `open` does.
    """
    *folders, last = name.split("/")
    folder = os.open(root, _FOLDER)
    try:
        for each in folders:
            inner = _opened(root / name, each, _FOLDER | os.O_NOFOLLOW, folder)
            os.close(folder)
            folder = inner
        return _plain(root / name, _opened(root / name, last, _FILE | os.O_NOFOLLOW, folder))
    finally:
        os.close(folder)


def read_plain(path: Path, *, most_bytes: int) -> bytes:
    """All bytes of a plain file, links followed; NoPlainFile where there are more than so many."""
    with open_plain(path, links=True) as file:
        return read_bounded(path, file, most_bytes)


def read_bounded(path: Path, file: BufferedReader, most_bytes: int) -> bytes:
    """All bytes of an open file. Memory is not a stranger's to fill: NoPlainFile where there are more than so many."""
    content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise NoPlainFile(path, f"it is larger than {most_bytes} bytes, which none of ours is")
    return content


def _opened(shown: Path, path: Path | str, flags: int, folder: int | None = None) -> int:
    try:
        return os.open(path, flags, dir_fd=folder)
    except OSError as error:
        if error.errno in _OTHERWISE:
            raise NoPlainFile(shown) from None
        if error.errno == errno.ENOTDIR and flags & os.O_NOFOLLOW and flags & os.O_DIRECTORY:
            raise NoPlainFile(shown) from None
        raise


def _plain(path: Path, descriptor: int) -> BufferedReader:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NoPlainFile(path)
    return os.fdopen(descriptor, "rb")
