"""Copies a file within the system, which never passes through this process; blocks are shared where the disk can."""

from __future__ import annotations

import errno
import os
from typing import BinaryIO, Final

_AT_ONCE: Final = 1 << 30
_CANNOT: Final = {errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM, errno.EBADF, errno.EISDIR}
"""How systems say that they cannot copy so, between these two files or at all."""


def copy_range(source: BinaryIO, target: BinaryIO, size: int) -> bool:
    """Copy the first `size` bytes of an open file into an empty one; False where the system cannot do it.

    Then, and where the file ends before, `target` is empty again. What it is given are copies, however the disk keeps
    them: whoever writes into one changes no other. Raises OSError as writing does.
    """
    if not hasattr(os, "copy_file_range"):
        return False
    done = 0
    try:
        while done < size:
            copied = os.copy_file_range(source.fileno(), target.fileno(), min(size - done, _AT_ONCE), done, done)
            if copied == 0:
                break
            done += copied
    except OSError as error:
        if error.errno not in _CANNOT:
            raise
    if done < size:
        target.truncate(0)
    return done == size
