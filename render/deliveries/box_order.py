"""Whether an MP4 or a QuickTime file can begin to play before all of it is there: its index stands before its media."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_HEAD = 8
_LARGE = 16  # bytes of the head of a box whose size needs 64 bits


def is_faststart(file: Path) -> bool:
    """Whether `moov` stands before `mdat`."""
    order = [name for name in boxes(file) if name in {b"moov", b"mdat"}]
    return order[:1] == [b"moov"]


def boxes(file: Path) -> Iterator[bytes]:
    """The names of the boxes at the top of the file, in order."""
    held, place = file.stat().st_size, 0
    with file.open("rb") as opened:
        while place + _HEAD <= held:
            opened.seek(place)
            head = opened.read(_LARGE)
            size = int.from_bytes(head[:4], "big")
            yield head[4:8]
            if size == 1:
                size = int.from_bytes(head[8:16], "big")
            place += size if size >= _HEAD else held
