"""The parts of a picture's file: those that show the picture, and those that only speak of it, like a place or a name.

JPEG, PNG and WebP are chains of parts that say how long they are. So a file can be looked through without decoding it,
one that was cut off is found, and what only speaks of the picture can be left out without touching a pixel.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from render.errors import MediaError
from render.media.containers import AVIF, JPEG, PNG, WEBP, Container

Held: TypeAlias = bytes | mmap.mmap
"""A file's bytes, in memory or mapped into it."""

_PNG_SHOWN = frozenset(
    {b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"sBIT", b"bKGD", b"hIST", b"pHYs"}
    | {b"acTL", b"fcTL", b"fdAT"}
)
_WEBP_SHOWN = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP", b"ANIM", b"ANMF"})
_AVIF_HEAD_BYTES = 65_536
_WEBP_SPEAKS = 0x04 | 0x08  # in the flags of VP8X: there are XMP, EXIF
_APPLICATION_SHOWN = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_SCAN, _END, _COMMENT = 0xDA, 0xD9, 0xFE
_BARE_MARKERS = frozenset({0x01, _END})  # without a length and anything of their own
_NEXT_MARKER = re.compile(rb"\xff+[\x01-\xcf\xd8-\xfe]")  # within a scan a 0 or a restart mark may follow 0xFF


_REMEDY = "Copy it again, or save it again as PNG or JPEG"


@dataclass(frozen=True, slots=True)
class Part:
    """One segment or chunk, with its head, from byte `start` to before byte `end`."""

    name: str
    start: int
    end: int
    shows: bool  # the picture is not the same without it


class _CutOff(Exception):
    """The file ends within a part, or has something else where a part must begin."""


def look_through(path: Path, container: Container) -> list[Part]:
    """The parts of a picture's file, in order; none for formats other than JPEG, PNG and WebP.

    A JPEG is followed to its first scan only, as what lies between scans takes long to walk through. Raises
    MediaError where the file ends before its picture does.
    """
    with _mapped(path) as held:
        parts = _parts(held, container, path)
        if container is JPEG and held[-2:] == b"\xff\xd9":
            return list(_until_scan(parts))
        return list(parts)


def without_metadata(path: Path, container: Container) -> bytes:
    """The same picture, to the last bit, in a file of nothing else. Raises MediaError where the file is cut off."""
    with _mapped(path) as held:
        kept = [each for each in _parts(held, container, path) if each.shows]
        written = bytearray().join(held[each.start : each.end] for each in kept)
    if container is WEBP:
        written[4:8] = (len(written) - 8).to_bytes(4, "little")
        if written[12:16] == b"VP8X":
            written[20] &= ~_WEBP_SPEAKS
    return bytes(written)


def code_points(path: Path, container: Container) -> tuple[int, int] | None:
    """The primaries and the transfer that a PNG or an AVIF names by their numbers in H.273; None where it does not."""
    with _mapped(path) as held:
        if container is AVIF:
            at = held.find(b"colrnclx", 0, _AVIF_HEAD_BYTES)
            points = held[at + 8 : at + 12] if at >= 0 else b""
            return (points[1], points[3]) if len(points) == 4 else None
        if container is PNG:
            chunk = next((each for each in _parts(held, container, path) if each.name in {"cICP", "IDAT"}), None)
            if chunk is not None and chunk.name == "cICP" and chunk.end - chunk.start >= 16:
                return held[chunk.start + 8], held[chunk.start + 9]
    return None


def bit_depth(path: Path) -> int:
    """Bits of one sample of a PNG, by its head."""
    with _mapped(path) as held:
        return _bytes(held, 24, 1)[0]


@contextmanager
def _mapped(path: Path) -> Iterator[Held]:
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            yield b""
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
            yield held


def _parts(held: Held, container: Container, path: Path) -> Iterator[Part]:
    walk = _WALKS.get(container)
    if walk is None:
        return
    try:
        end = 0
        for part in walk(held):
            yield part
            end = part.end
    except _CutOff:
        raise MediaError(f"{path.name} cannot be read as an image: it is cut off or damaged", _REMEDY) from None
    if end < len(held):
        yield Part("after its end", end, len(held), shows=False)


def _until_scan(parts: Iterator[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        if part.name == f"{_SCAN:02X}":
            return


def _jpeg(held: Held) -> Iterator[Part]:
    """Segments: 0xFF, a marker, and but for a few its length; a scan's own bytes go to the next marker."""
    yield Part("start", 0, 2, shows=True)
    at, marker = 2, 0
    while True:
        found = _NEXT_MARKER.search(held, at)
        if found is None:
            raise _CutOff
        if found.start() > at:
            yield Part("scan" if marker == _SCAN else "between", at, found.start(), shows=marker == _SCAN)
        marker, at = held[found.end() - 1], found.end()
        if marker not in _BARE_MARKERS:
            at = _within(held, at + int.from_bytes(_bytes(held, at, 2), "big"))
        yield Part(f"{marker:02X}", found.start(), at, shows=_is_shown(marker, held, found.end()))
        if marker == _END:
            return


def _is_shown(marker: int, held: Held, at: int) -> bool:
    """Tables, frames and scans are the picture; of what applications wrote, the colours alone are."""
    if marker in _APPLICATION_SHOWN:
        begins = _APPLICATION_SHOWN[marker]
        return held[at + 2 : at + 2 + len(begins)] == begins
    return not (0xE0 <= marker <= 0xEF or marker == _COMMENT)


def _png(held: Held) -> Iterator[Part]:
    """Chunks: a length, a name of which a capital letter says that it is needed, the content, and a checksum."""
    yield Part("start", 0, 8, shows=True)
    at = 8
    while True:
        name = _bytes(held, at + 4, 4)
        end = _within(held, at + 12 + int.from_bytes(held[at : at + 4], "big"))
        yield Part(name.decode("latin-1"), at, end, shows=name[:1].isupper() or name in _PNG_SHOWN)
        if name == b"IEND":
            return
        at = end


def _webp(held: Held) -> Iterator[Part]:
    """Chunks of RIFF: a name, a length, the content, and a byte where the length is odd."""
    last = _within(held, 8 + int.from_bytes(_bytes(held, 4, 4), "little"))
    yield Part("start", 0, 12, shows=True)
    at = 12
    while at + 8 <= last:
        name, length = held[at : at + 4], int.from_bytes(held[at + 4 : at + 8], "little")
        end = min(_within(held, at + 8 + length) + length % 2, len(held))
        yield Part(name.decode("latin-1"), at, end, shows=name in _WEBP_SHOWN)
        at = end


def _bytes(held: Held, at: int, count: int) -> bytes:
    found = held[at : at + count]
    if len(found) < count:
        raise _CutOff
    return found


def _within(held: Held, end: int) -> int:
    if end > len(held):
        raise _CutOff
    return end


_WALKS: dict[Container, Callable[[Held], Iterator[Part]]] = {JPEG: _jpeg, PNG: _png, WEBP: _webp}
