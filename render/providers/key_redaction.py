"""Takes a key out of what a vendor says, in whatever dress it comes back. Pure.

Vendors repeat a request's headers in their errors: whole, without the key's prefix, quoted for a link, or in base64.
And what they say is shown, logged and kept.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

CONCEALED = "[key]"
SHORTEST = 8
"""Less of a key gives nothing away, and might be a word."""

_PREFIX = re.compile(r"[A-Za-z]{1,8}[-_]")


@dataclass(frozen=True, slots=True)
class Secret:
    """A key that must not be shown."""

    key: str = field(repr=False)
    _dresses: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        dresses = sorted({each for each in _dresses(self.key) if len(each) >= SHORTEST} | {self.key}, key=len)
        pattern = re.compile("|".join(map(re.escape, reversed(dresses))), re.IGNORECASE)
        object.__setattr__(self, "_dresses", pattern)

    def out_of(self, text: str) -> str:
        """The text, with `[key]` wherever the key was."""
        return self._dresses.sub(CONCEALED, text)

    def out_of_bytes(self, content: bytes) -> bytes:
        """The same for bytes of any encoding that writes plain letters as ASCII does."""
        return self.out_of(content.decode("latin-1")).encode("latin-1")


def _dresses(key: str) -> Iterator[str]:
    core = _PREFIX.sub("", key, count=1) if _PREFIX.match(key) else key
    for text in (key, core):
        yield text
        yield quote(text, safe="")
        yield text.encode().hex()
    yield from _in_base64(core.encode())


def _in_base64(content: bytes) -> Iterator[str]:
    """What base64 makes of the content within a longer text: three spellings, by how much stands before it."""
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + content).decode()
        certain = encoded[-(-before * 8 // 6) : (before + len(content)) * 8 // 6]
        yield certain
        yield certain.translate(str.maketrans("+/", "-_"))
