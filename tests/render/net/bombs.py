"""Small bodies that unpack to a gigabyte."""

from __future__ import annotations

import gzip

UNPACKED_BYTES = 1024**3


def bomb(layers: int) -> bytes:
    """A gigabyte of zeros, packed so many times over: about a megabyte by one layer, a few thousand bytes by two."""
    part = gzip.compress(bytes(1024**2), mtime=0)
    body = part * (UNPACKED_BYTES // 1024**2)
    for _ in range(layers - 1):
        body = gzip.compress(body, mtime=0)
    return body
