"""Which container a file is, by its first bytes.

A file's name proves nothing, and ffmpeg's own guess may settle on a playlist that opens other files and links. So
every file is named here first, and only these containers are ever opened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from render.errors import MediaError
from render.media.unsupported import is_avif, what_it_is
from storyboard.shot import MediaKind

_HEAD_BYTES = 256


@dataclass(frozen=True, slots=True)
class Container:
    """A file format: its plain name, what it holds, and the demuxer of ffmpeg that reads it (None: Pillow reads it)."""

    name: str
    kind: MediaKind
    demuxer: str | None = None


JPEG = Container("jpeg", MediaKind.IMAGE)
PNG = Container("png", MediaKind.IMAGE)
WEBP = Container("webp", MediaKind.IMAGE)
GIF = Container("gif", MediaKind.IMAGE)
BMP = Container("bmp", MediaKind.IMAGE)
TIFF = Container("tiff", MediaKind.IMAGE)
AVIF = Container("avif", MediaKind.IMAGE)
MP4 = Container("mp4", MediaKind.VIDEO, "mov")
MOV = Container("mov", MediaKind.VIDEO, "mov")
M4A = Container("m4a", MediaKind.AUDIO, "mov")
WEBM = Container("webm", MediaKind.VIDEO, "matroska")
AVI = Container("avi", MediaKind.VIDEO, "avi")
WAV = Container("wav", MediaKind.AUDIO, "wav")
MP3 = Container("mp3", MediaKind.AUDIO, "mp3")
FLAC = Container("flac", MediaKind.AUDIO, "flac")
OGG = Container("ogg", MediaKind.AUDIO, "ogg")
AAC = Container("aac", MediaKind.AUDIO, "aac")

_SIGNATURES: tuple[tuple[bytes, Container], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF8", GIF),
    (b"BM", BMP),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"\x1aE\xdf\xa3", WEBM),
    (b"fLaC", FLAC),
    (b"OggS", OGG),
    (b"ID3", MP3),
)
_RIFF = {b"WEBP": WEBP, b"WAVE": WAV, b"AVI ": AVI}
_ATOMS = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})


def container_of(path: Path) -> Container:
    """The container of a file, by its first bytes. Raises MediaError where it is none that Tailframe opens."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise MediaError(f"{path.name} cannot be read: {error}", "Check that the file is there") from error
    for recognise in _RECOGNISERS:
        if found := recognise(head):
            return found
    raise MediaError(
        f"{path.name} is no image, video or sound that can be used here{_what_else(head)}",
        f"Valid formats are: {', '.join(sorted(_NAMES))}",
    )


def _what_else(head: bytes) -> str:
    known = what_it_is(head)
    return f": it is {known[0]}. {known[1]}" if known else f" ({len(head)} bytes looked at)"


def demuxer_of(path: Path) -> str:
    """The demuxer that reads a video or sound file. Raises MediaError for an image, or for anything else."""
    found = container_of(path)
    if found.demuxer is None:
        raise MediaError(f"{path.name} is a {found.name} image, and a video or a sound is needed here")
    return found.demuxer


def _by_signature(head: bytes) -> Container | None:
    return next((container for start, container in _SIGNATURES if head.startswith(start)), None)


def _riff(head: bytes) -> Container | None:
    return _RIFF.get(head[8:12]) if head[:4] in {b"RIFF", b"RF64"} else None


def _iso_media(head: bytes) -> Container | None:
    """MP4, QuickTime and their family: the first box says which; old QuickTime files have no such box."""
    if head[4:8] in _ATOMS:
        return MOV
    if head[4:8] != b"ftyp" or what_it_is(head):
        return None
    if is_avif(head):
        return AVIF
    brand = head[8:12]
    if brand.startswith(b"M4A"):
        return M4A
    return MOV if brand == b"qt  " else MP4


def _mpeg_sound(head: bytes) -> Container | None:
    """MP3 or AAC without a header of its own: eleven or twelve set bits, then the layer (0 for AAC)."""
    if len(head) < 2 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    return AAC if head[1] & 0x06 == 0 else MP3


_RECOGNISERS: tuple[Callable[[bytes], Container | None], ...] = (_by_signature, _riff, _iso_media, _mpeg_sound)
_NAMES = {c.name for _, c in _SIGNATURES} | {c.name for c in _RIFF.values()} | {"mp4", "mov", "m4a", "aac"}
