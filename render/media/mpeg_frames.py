"""Walks through MP3 and ADTS sound from frame to frame, by the frames' own headers alone. Pure: bytes in, facts out.

Neither has an index, and most have no header that tells their length. So a file that ends half-way looks like a
shorter one, unless somebody looks whether its last frame is all there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

_MP3_KBIT: dict[tuple[bool, int], Sequence[int]] = {  # by (MPEG-1, layer); index 0 is a rate that is not told
    (True, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_MP3_HZ = (44_100, 48_000, 32_000)
_ADTS_HEADER = 7
_HEAD = 8  # what a frame is recognised by
_MOST_STRAY = 1 << 20  # bytes without a frame; whatever follows is not looked at
_ID3V2_HEADER = 10
_APE_HEADER = 32
_ID3V1_BYTES = 128


class Bytes(Protocol):
    """What is walked through: bytes, or a file mapped into memory."""

    def __len__(self) -> int: ...
    def __getitem__(self, place: slice, /) -> bytes: ...
    def find(self, sought: bytes, start: int, /) -> int: ...


@dataclass(frozen=True, slots=True)
class Walk:
    """What was met. Places are in bytes from the start of the file."""

    frames: int
    first: int | None  # where the first frame begins
    missing: int  # bytes of the last frame that are not there
    stray: int | None  # where something between two frames is neither a frame nor a tag


def walk_mp3(data: Bytes) -> Walk | None:
    """Through MP3 (or MP2, MP1). None where its frames do not tell their lengths."""
    return _walk(data, mp3_frame_bytes)


def walk_adts(data: Bytes) -> Walk | None:
    """Through AAC in ADTS."""
    return _walk(data, adts_frame_bytes)


def mp3_frame_bytes(header: bytes) -> int | None:
    """How many bytes a frame has by its first four; None where they begin none, or one that does not tell."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    version, layer = header[1] >> 3 & 3, 4 - (header[1] >> 1 & 3)
    rate, hertz = header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or layer == 4 or rate in {0, 15} or hertz == 3:
        return None
    bits = _MP3_KBIT[version == 3, layer][rate] * 1000
    sampling = _MP3_HZ[hertz] >> {3: 0, 2: 1, 0: 2}[version]
    padding = header[2] >> 1 & 1
    if layer == 1:
        return (12 * bits // sampling + padding) * 4
    return (72 if layer == 3 and version != 3 else 144) * bits // sampling + padding


def adts_frame_bytes(header: bytes) -> int | None:
    """How many bytes a frame has by its first seven; None where they begin none."""
    if len(header) < _ADTS_HEADER or header[0] != 0xFF or header[1] & 0xF6 != 0xF0:
        return None
    length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
    return length if length >= _ADTS_HEADER else None


def _walk(data: Bytes, frame_bytes: Callable[[bytes], int | None]) -> Walk | None:
    place, frames, first, missing, stray, doubt = 0, 0, None, 0, None, None
    while place < len(data) and (doubt is None or place - doubt < _MOST_STRAY):
        length = frame_bytes(data[place : place + _HEAD])
        if length is not None and (doubt is None or _leads_on(data, place, length, frame_bytes)):
            stray = doubt if frames and stray is None else stray
            first, doubt = place if first is None else first, None
            frames, place = frames + 1, place + length
            missing = max(0, place - len(data))
        elif (tag := _tag_bytes(data[place : place + _APE_HEADER])) is not None:
            place += tag
        else:
            doubt, place = place if doubt is None else doubt, _next_start(data, place)
    return Walk(frames=frames, first=first, missing=missing, stray=stray) if frames else None


def _next_start(data: Bytes, place: int) -> int:
    """Where the next frame could begin: all begin with the same eight bits."""
    found = data.find(b"\xff", place + 1)
    return len(data) if found < 0 else found


def _leads_on(data: Bytes, place: int, length: int, frame_bytes: Callable[[bytes], int | None]) -> bool:
    """Whether another frame, or the end, stands where this one ends: any bytes may look like one header."""
    after = place + length
    return after == len(data) or frame_bytes(data[after : after + _HEAD]) is not None


def _tag_bytes(head: bytes) -> int | None:
    """How long a tag is that begins here; None where none does."""
    if head.startswith(b"ID3") and len(head) >= _ID3V2_HEADER:
        size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
        return _ID3V2_HEADER + size + (_ID3V2_HEADER if head[5] & 0x10 else 0)
    if head.startswith(b"TAG"):
        return _ID3V1_BYTES
    if head.startswith(b"APETAGEX") and len(head) >= _APE_HEADER:
        holds_header = head[23] & 0x20  # its own header, of which the size says nothing
        return int.from_bytes(head[12:16], "little") + _APE_HEADER if holds_header else _APE_HEADER
    return None
