"""Which bytes of a file an HTTP request asks for (RFC 9110, one range), and with which answer they go out. Pure."""

import re
from dataclasses import dataclass

__all__ = ["Part", "Unsatisfiable", "part_asked_for"]

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


class Unsatisfiable(Exception):
    """No byte of the file lies in the range: 416."""


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes from `start` on, before `end`, of a file of so many."""

    start: int
    end: int
    whole: int
    partial: bool  # the answer is 206

    @property
    def headers(self) -> dict[str, str]:
        """What an answer says of it."""
        told = {"accept-ranges": "bytes", "content-length": str(self.end - self.start)}
        return told | ({"content-range": f"bytes {self.start}-{self.end - 1}/{self.whole}"} if self.partial else {})


def part_asked_for(asked: str | None, if_range: str | None, etag: str, size: int) -> Part:
    """The part of a file that a request with these headers gets; several ranges, or what is none, get all of it.

    A range that was asked for of another version gets all of this one. Raises Unsatisfiable.
    """
    match = _RANGE.fullmatch(asked.strip()) if asked else None
    if match is None or not (match[1] or match[2]) or (if_range is not None and if_range.strip() != etag):
        return Part(0, size, size, partial=False)
    if not match[1]:
        start, end = max(0, size - int(match[2])), size
    else:
        start, end = int(match[1]), min(size, int(match[2]) + 1) if match[2] else size
        if match[2] and int(match[2]) < start:
            return Part(0, size, size, partial=False)
    if start >= end:
        raise Unsatisfiable
    return Part(start, end, size, partial=True)
