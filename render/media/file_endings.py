"""Whether a file ends where it says that it ends: by its own structure, before anything of it is decoded.

A length in seconds that a header states may be wrong. Bytes that a file points at and that are not there were lost.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from render.media.mpeg_frames import Walk, walk_adts, walk_mp3

_ANY_SIZE = 0x7FFF_F000  # what writers put into a WAV's header while they do not know how much will come, and above
_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"moof", b"free", b"skip", b"wide", b"sidx", b"mfra", b"meta", b"uuid"})
_SEGMENT = b"\x18\x53\x80\x67"  # of Matroska
_LAST_PAGE = 4  # the flag of an Ogg page after which its stream ends
_OGG_PAGE_BYTES = 65_307  # at most
_XING_COUNTS_BYTES = 2


def what_is_missing(path: Path, demuxer: str) -> str | None:
    """What the file's own structure says is not there, as the end of a sentence; None where it ends as it should.

    `demuxer` is that of the container (see `render.media.containers`); one that says nothing of its end is not judged.
    """
    look = _LOOKS.get(demuxer)
    if look is None or path.stat().st_size == 0:
        return None
    with path.open("rb") as file:
        return look(file, os.fstat(file.fileno()).st_size)


def stated_end(path: Path, demuxer: str) -> int | None:
    """Where an AVI or a Matroska file says that it ends, in bytes; None where it does not say."""
    find = {"avi": _avi_end, "matroska": _matroska_end}.get(demuxer)
    if find is None:
        return None
    with path.open("rb") as file:
        return find(file)


def _wav(file: BinaryIO, held: int) -> str | None:
    place = 12
    while place + 8 <= held:
        file.seek(place)
        head = file.read(8)
        size = int.from_bytes(head[4:], "little")
        if head[:4] == b"data":
            return _cut(place + 8 + size, held) if size < _ANY_SIZE else None
        place += 8 + size + size % 2
    return None


def _avi(file: BinaryIO, held: int) -> str | None:
    return _cut(_avi_end(file) or 0, held)


def _avi_end(file: BinaryIO) -> int | None:
    size = int.from_bytes(file.read(8)[4:], "little")
    return 8 + size if size else None


def _iso_media(file: BinaryIO, held: int) -> str | None:
    """MP4 and its family: boxes one after the other. What follows them, and is none, does not count."""
    place = 0
    while place + 8 <= held:
        file.seek(place)
        head = file.read(16)
        size, name = int.from_bytes(head[:4], "big"), head[4:8]
        if size == 1:
            size = int.from_bytes(head[8:], "big")
        if name not in _BOXES or size < 8:
            return None
        place += size
    return _cut(place, held)


def _matroska(file: BinaryIO, held: int) -> str | None:
    return _cut(_matroska_end(file) or 0, held)


def _matroska_end(file: BinaryIO) -> int | None:
    """Of the one segment that holds everything; a stream that was still being written does not say how large it is."""
    head = file.read(4096)
    at = head.find(_SEGMENT)
    if at < 0 or at + 12 > len(head) or not head[at + 4]:
        return None
    at += len(_SEGMENT)
    width = 9 - head[at].bit_length()
    size = int.from_bytes(head[at : at + width], "big") & ((1 << 7 * width) - 1)
    return None if size == (1 << 7 * width) - 1 else at + width + size


def _ogg(file: BinaryIO, held: int) -> str | None:
    file.seek(max(0, held - _OGG_PAGE_BYTES))
    tail = file.read()
    at = tail.rfind(b"OggS")
    if at < 0 or len(tail) < at + 27:
        return "its last page"
    sizes = tail[at + 27 : at + 27 + tail[at + 26]]
    if len(sizes) < tail[at + 26] or at + 27 + len(sizes) + sum(sizes) > len(tail):
        return "the end of its last page"
    return None if tail[at + 5] & _LAST_PAGE else "its last page"


def _mp3(file: BinaryIO, held: int) -> str | None:
    with _mapped(file) as data:
        walk = walk_mp3(data)
        if walk is None or walk.first is None:
            return None
        counted = _counted_bytes(data[walk.first : walk.first + 256])
        return _walked(walk) or (_cut(counted, held) if counted else None)


def _counted_bytes(frame: bytes) -> int | None:
    """How much sound there is by the header that encoders put into a first, silent frame; None where there is none."""
    at = max(frame.find(b"Xing"), frame.find(b"Info"))
    if at < 0 or not frame[at + 7] & _XING_COUNTS_BYTES:
        return None
    at += 8 + 4 * (frame[at + 7] & 1)  # the number of frames stands before
    return int.from_bytes(frame[at : at + 4], "big")


def _adts(file: BinaryIO, _: int) -> str | None:
    with _mapped(file) as data:
        walk = walk_adts(data)
        return _walked(walk) if walk else None


def _walked(walk: Walk) -> str | None:
    if walk.missing:
        return f"{walk.missing:,} bytes of its last frame"
    return None if walk.stray is None else f"sound at byte {walk.stray:,}: something else stands there"


def _mapped(file: BinaryIO) -> mmap.mmap:
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _cut(needed: int, held: int) -> str | None:
    return f"{needed - held:,} of at least {needed:,} bytes" if needed > held else None


_LOOKS: dict[str, Callable[[BinaryIO, int], str | None]] = {
    "wav": _wav,
    "avi": _avi,
    "mov": _iso_media,
    "matroska": _matroska,
    "ogg": _ogg,
    "mp3": _mp3,
    "aac": _adts,
}
