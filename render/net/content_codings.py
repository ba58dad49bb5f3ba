"""Content codings: a body that comes packed is unpacked in small steps, once, and nothing is ever asked for packed.

Hosts send codings all the same. An object store repeats the coding in which a file was uploaded (`aws-chunked`), though
the file is plain by then; a proxy compresses whatever passes. A header may also lie: what does not begin as its coding
begins is not packed, and is taken as it came.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

UNCHANGED = frozenset({"", "identity", "aws-chunked"})
"""Codings that leave the bytes as they are, once a server has taken its own framing off."""

STEP_BYTES = 64 * 1024
"""The most that one step unpacks to, whatever the packed bytes promise."""


class UnknownCoding(ValueError):
    """A body is packed in a way that is not unpacked here. The text is the coding as its host names it."""


class BrokenCoding(ValueError):
    """A packed body is damaged, or ends half-way."""


@dataclass(frozen=True, slots=True)
class _Coding:
    """How a coding begins, and what zlib calls it."""

    begins: Callable[[bytes], bool]
    window_bits: int


_GZIP = _Coding(lambda head: head == b"\x1f\x8b", 16 + zlib.MAX_WBITS)
_DEFLATE = _Coding(lambda head: head[0] & 0x0F == 8 and int.from_bytes(head, "big") % 31 == 0, zlib.MAX_WBITS)
_CODINGS = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": _DEFLATE}


class Unpacker:
    """One body on its way: `feed` takes what arrives, `finish` says whether it was whole."""

    def __init__(self, coding: _Coding | None) -> None:
        self._coding = coding
        self._head = b""  # too short yet to show whether it is packed
        self._stream = None if coding is None else zlib.decompressobj(coding.window_bits)
        self._begun = coding is None

    @property
    def packed(self) -> bool:
        """Whether the body is said to be packed: then its length says nothing of what comes out."""
        return self._coding is not None

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """What these bytes unpack to, in steps of `STEP_BYTES` at most. Raises BrokenCoding."""
        if not self._begun:
            piece = self._head + piece
            if len(piece) < 2:
                self._head = piece
                return
            self._begin(piece[:2])
        if self._stream is None:
            yield piece
        else:
            yield from self._unpack(piece, self._stream)

    def finish(self) -> bytes:
        """What was held back of a body of one byte. Raises BrokenCoding where a packed one ends half-way."""
        if not self._begun:
            return self._head
        if self._stream is not None and not self._stream.eof:
            raise BrokenCoding("it ends half-way")
        return b""

    def _begin(self, head: bytes) -> None:
        assert self._coding is not None
        self._begun = True
        if not self._coding.begins(head):
            self._stream = None

    def _unpack(self, piece: bytes, stream: zlib._Decompress) -> Iterator[bytes]:
        """A body may be several packed ones behind each other, with zeros to fill up its last block."""
        assert self._coding is not None
        while True:
            if stream.eof:
                piece = piece.lstrip(b"\0")
                if not piece:
                    return
                self._stream = stream = zlib.decompressobj(self._coding.window_bits)
            try:
                out = stream.decompress(piece, STEP_BYTES)
            except zlib.error as error:
                raise BrokenCoding(str(error)) from None
            if out:
                yield out
            piece = stream.unused_data if stream.eof else stream.unconsumed_tail
            if not piece and len(out) < STEP_BYTES:
                return


def unpacker(header: str) -> Unpacker:
    """What takes a body of this `Content-Encoding` in. Raises UnknownCoding: of several layers none is taken off."""
    named = [name for each in header.split(",") if (name := each.strip().lower()) not in UNCHANGED]
    if not named:
        return Unpacker(None)
    coding = _CODINGS.get(named[0]) if len(named) == 1 else None
    if coding is None:
        raise UnknownCoding(", ".join(named))
    return Unpacker(coding)
