"""Which characters a font file can show, read from its own character map.

A font asked for a character that it lacks draws an empty box without a word; asking its map first is the only way to
know. Follows the OpenType specification, "cmap": the subtable formats 4 and 12 cover every font in ordinary use.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from dataclasses import dataclass
from typing import BinaryIO

_PREFERENCE = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3), (0, 2), (0, 1), (0, 0))  # (platform, encoding), widest first


@dataclass(frozen=True, slots=True)
class Coverage:
    """The characters of one font, as sorted ranges that do not overlap."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __contains__(self, character: str) -> bool:
        """Whether the font has a glyph for this one character."""
        code = ord(character)
        place = bisect_left(self.ends, code)
        return place < len(self.ends) and self.starts[place] <= code


def read_coverage(file: BinaryIO) -> Coverage:
    """Read what a font covers; a file that is no outline font, or is damaged, covers nothing."""
    try:
        tables = _tables(file)
        if "cmap" not in tables or not tables.keys() & {"glyf", "CFF ", "CFF2"}:
            return Coverage((), ())
        offset, length = tables["cmap"]
        file.seek(offset)
        return _coverage(_best_subtable(file.read(length)))
    except (struct.error, IndexError, OSError):
        return Coverage((), ())


def _tables(file: BinaryIO) -> dict[str, tuple[int, int]]:
    """Where each table of the (first) font lies: tag -> offset and length in bytes."""
    start = 0
    if file.read(4) == b"ttcf":
        file.seek(12)
        (start,) = struct.unpack(">I", file.read(4))
    file.seek(start + 4)
    (count,) = struct.unpack(">H6x", file.read(8))
    records = (struct.unpack(">4s4xII", file.read(16)) for _ in range(count))
    return {tag.decode("latin-1"): (offset, length) for tag, offset, length in records}


def _best_subtable(cmap: bytes) -> bytes:
    (count,) = struct.unpack_from(">2xH", cmap)
    subtables = {}
    for place in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", cmap, 4 + 8 * place)
        subtables[platform, encoding] = cmap[offset:]
    for wanted in _PREFERENCE:
        if wanted in subtables:
            return subtables[wanted]
    return b""


def _coverage(subtable: bytes) -> Coverage:
    layout = struct.unpack_from(">H", subtable)[0] if subtable else None
    readers = {4: _segments, 12: _groups}
    ranges = readers[layout](subtable) if layout in readers else []
    return Coverage(tuple(first for first, _ in ranges), tuple(last for _, last in ranges))


def _groups(subtable: bytes) -> list[tuple[int, int]]:
    """Format 12: groups of 32-bit codes."""
    (count,) = struct.unpack_from(">12xI", subtable)
    groups = (struct.unpack_from(">III", subtable, 16 + 12 * place) for place in range(count))
    return sorted((first, last) for first, last, _ in groups)


def _segments(subtable: bytes) -> list[tuple[int, int]]:
    """Format 4: segments of 16-bit codes, some of them with holes that map to the missing glyph."""
    count = struct.unpack_from(">6xH", subtable)[0] // 2
    ends = struct.unpack_from(f">{count}H", subtable, 14)
    starts = struct.unpack_from(f">{count}H", subtable, 16 + 2 * count)
    offsets_at = 16 + 6 * count
    offsets = struct.unpack_from(f">{count}H", subtable, offsets_at)
    ranges = []
    reached = -1
    for place, (first, last, offset) in enumerate(zip(starts, ends, offsets, strict=True)):
        if not reached < first <= last:  # no font is made so; read, many segments over one stretch would take for ever
            continue
        reached = last
        if offset == 0:
            ranges.append((first, last))
            continue
        glyphs_at = offsets_at + 2 * place + offset
        glyphs = struct.unpack_from(f">{last - first + 1}H", subtable, glyphs_at) if first != 0xFFFF else ()
        ranges += [(first + step, first + step) for step, glyph in enumerate(glyphs) if glyph]
    return sorted(ranges)
