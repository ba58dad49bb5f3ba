"""Writes a tall picture as one JPEG, of which only a strip is ever in memory.

Each strip is encoded by itself with a restart marker before every row of blocks, at which a decoder begins anew; so
what was encoded can be put behind each other, with the markers counted on and the height in the first header (ITU-T
T.81, B.2.1 and F.1.1.5). Every strip has the same tables, as none is made for its picture.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from PIL import Image

TALLEST = 65_535
"""Rows that a JPEG can have."""

_BLOCK = 16  # rows that are encoded together, where colours have half of their size
_FRAME, _SCAN, _END = 0xC0, 0xDA, b"\xff\xd9"
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")  # in what is encoded a byte FF is followed by 00, or begins a marker


def write_strips(strips: Iterable[Image.Image], height: int, target: Path, *, quality: int) -> None:
    """Write strips of one width, from the top to the bottom, `height` rows in all. OSError where it cannot be written.

    The last rows are repeated below those that are shown, where they fill no whole block.
    """
    count = itertools.count()

    def counted(_: object = None) -> bytes:
        return bytes([0xFF, 0xD0 + next(count) % 8])

    with target.open("wb") as file:
        for number, strip in enumerate(_whole_blocks(strips)):
            head, scan = _encoded(strip, quality)
            file.write(counted() if number else _of_height(head, height))
            file.write(_RESTART.sub(counted, scan))
        file.write(_END)


def _whole_blocks(strips: Iterable[Image.Image]) -> Iterator[Image.Image]:
    """The same rows in strips of whole blocks; the last one may have fewer."""
    left: Image.Image | None = None
    for strip in strips:
        joined = strip if left is None else _below(left, strip)
        whole = joined.height // _BLOCK * _BLOCK
        if whole:
            yield joined.crop((0, 0, joined.width, whole))
        left = joined.crop((0, whole, joined.width, joined.height)) if whole < joined.height else None
    if left is not None:
        yield left


def _below(above: Image.Image, strip: Image.Image) -> Image.Image:
    joined = Image.new(strip.mode, (strip.width, above.height + strip.height))
    joined.paste(above, (0, 0))
    joined.paste(strip, (0, above.height))
    return joined


def _encoded(strip: Image.Image, quality: int) -> tuple[bytes, bytes]:
    """All that stands before what is encoded, and that."""
    kept = io.BytesIO()
    strip.save(kept, format="JPEG", quality=quality, subsampling="4:2:0", restart_marker_rows=1)
    content = kept.getvalue()
    place = _segment(content, _SCAN)
    begin = place + 2 + int.from_bytes(content[place + 2 : place + 4])
    return content[:begin], content[begin : -len(_END)]


def _of_height(head: bytes, height: int) -> bytes:
    """The same header for a picture of another height."""
    at = _segment(head, _FRAME) + 5
    return head[:at] + height.to_bytes(2) + head[at + 2 :]


def _segment(content: bytes, marker: int) -> int:
    """Where a segment of a JPEG's header begins."""
    at = 2
    while content[at + 1] != marker:
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return at
