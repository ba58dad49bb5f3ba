"""Files that people take for pictures and that are not opened here: what each is, and what to do with it.

A HEIC picture is a file of the same family as MP4, a camera's raw file begins like a TIFF, and a page that was saved as
`portrait.jpg` is a text: said as "it holds video" or "damaged", that would help nobody.
"""

from __future__ import annotations

from collections.abc import Iterator

_EXPORT = "Open it and export it as JPEG or PNG"
_PHONE = (
    "Export it as JPEG or PNG (in Photos: File, Export). For the next ones, Settings, Camera, Formats, "
    "Most Compatible makes the phone save JPEG"
)
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_AVIF = frozenset({b"avif", b"avis"})
_GENERAL = frozenset({b"mif1", b"msf1"})  # brands of the whole family: the others say which of it
_BEGINNINGS = (
    (b"\xff\x0a", "a JPEG XL picture", _EXPORT),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture", _EXPORT),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture", _EXPORT),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture", _EXPORT),
    (b"8BPS", "a Photoshop document", _EXPORT),
    (b"\x76\x2f\x31\x01", "an OpenEXR picture", _EXPORT),
    (b"#?RADIANCE", "a Radiance HDR picture", _EXPORT),
    (b"\0\0\x01\0", "an icon", _EXPORT),
    (b"%PDF", "a PDF document", "Export its page as PNG"),
    (b"II*\0\x10\0\0\0CR", "a camera's raw file", "Develop it, and export it as JPEG or PNG"),
    (b"FUJIFILMCCD-RAW", "a camera's raw file", "Develop it, and export it as JPEG or PNG"),
)


def what_it_is(head: bytes) -> tuple[str, str] | None:
    """By a file's first bytes: what it is, and what to do with it; None where it is none of these."""
    if found := _iso_picture(head):
        return found
    for begins, name, remedy in _BEGINNINGS:
        if head.startswith(begins):
            return name, remedy
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return "a web page, saved under this name", "Open the link in a browser, and save the picture itself"
    if text.startswith(b"<svg") or (text.startswith(b"<?xml") and b"<svg" in text):
        return "an SVG drawing", "Export it as PNG"
    return None


def _iso_picture(head: bytes) -> tuple[str, str] | None:
    """A still picture in the family of MP4, other than AVIF: its brands say so."""
    if head[4:8] != b"ftyp":
        return None
    first, *others = _brands(head)
    if first in _HEIC or (first in _GENERAL and not _HEIC.isdisjoint(others)):
        return "a HEIC picture, as phones save them", _PHONE
    if first in _GENERAL and _AVIF.isdisjoint(others):
        return "a HEIF picture, as phones save them", _PHONE
    return None


def is_avif(head: bytes) -> bool:
    """Whether an ISO file is an AVIF picture: by its first brand, or, where that is a general one, by any other."""
    first, *others = _brands(head)
    return head[4:8] == b"ftyp" and (first in _AVIF or (first in _GENERAL and not _AVIF.isdisjoint(others)))


def _brands(head: bytes) -> Iterator[bytes]:
    """The first brand of an ISO file, then those that it is compatible with."""
    yield head[8:12]
    for at in range(16, min(int.from_bytes(head[:4], "big"), len(head)) - 3, 4):
        yield head[at : at + 4]
