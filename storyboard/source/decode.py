"""From the bytes of a file to its text and lines, or to one sentence about why that cannot be."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from storyboard.errors import Mistake, Position
from storyboard.text.printable import printable

MOST_BYTES = 1024 * 1024
"""Bytes of one YAML file at most."""

_LONGEST_EXCERPT = 160
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # as YAML's scanner counts lines
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_HALF = re.compile("[\ud800-\udfff]")
_WIDE_MARKS = {  # the longer marks first: one of them begins like a shorter one
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


class Unreadable(Exception):
    """A file's text cannot be read, or not beyond some place. `mistakes` say where and why."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class Text:
    """The text of one file, able to show any of its lines."""

    name: str  # relative to the project, with forward slashes
    content: str = field(repr=False)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines without their breaks."""
        return tuple(_LINE_BREAK.split(self.content))

    def excerpt(self, position: Position) -> str:
        """The line of a position, printable, as wide as it is written and cut where it is very long."""
        if not 1 <= position.line <= len(self.lines):
            return ""
        line = printable(self.lines[position.line - 1])
        most = max(_LONGEST_EXCERPT, position.column + 40)
        return line if len(line) <= most else line[:most] + "…"

    def position(self, offset: int) -> Position:
        """Where the character at this offset stands."""
        before = _LINE_BREAK.split(self.content[:offset])
        return Position(self.name, len(before), len(before[-1]) + 1)

    def mistake(self, at: Position, message: str) -> Mistake:
        """A mistake in this file, with its line."""
        return Mistake(at, message, self.excerpt(at))


def joined(word: str) -> str:
    """The text with each pair of surrogates as the character that it stands for, as JSON writes emoji."""
    return _PAIR.sub(lambda pair: pair.group().encode("utf-16", "surrogatepass").decode("utf-16"), word)


def unprintable(sign: str) -> str:
    """What a sign is that no text may hold, with the remedy."""
    code = ord(sign)
    if _HALF.match(sign):
        return f"U+{code:04X}, which is half of a character; write the character itself, or both of its escapes"
    if sign == "\ufeff":
        return "a byte order mark (U+FEFF), as where two files were joined; remove it"
    return f"the control character U+{code:04X}; remove it"


def decode(raw: bytes, name: str) -> Text:
    """The text of a file. Raises Unreadable for anything but printable UTF-8 of at most `MOST_BYTES`."""
    if len(raw) > MOST_BYTES:
        raise Unreadable(Mistake(Position(name), f"the file is larger than {MOST_BYTES // 1024} KiB; split it up"))
    for mark, encoding in _WIDE_MARKS.items():
        if raw.startswith(mark):
            raise Unreadable(Mistake(Position(name), f"the file is {encoding}; save it as UTF-8"))
    try:
        text = Text(name, raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Unreadable(_not_utf8(raw, error, name)) from None
    odd = UNPRINTABLE.search(text.content)
    if odd is not None:
        raise Unreadable(_odd_character(text, odd))
    return text


def _not_utf8(raw: bytes, error: UnicodeDecodeError, name: str) -> Mistake:
    if b"\x00" in raw[:4]:
        return Mistake(Position(name), "the file is not text (is it UTF-16?); save it as UTF-8")
    readable = Text(name, error.object.decode("utf-8", errors="replace"))
    at = readable.position(len(error.object[: error.start].decode("utf-8")))
    byte = error.object[error.start]
    guess = _other_encoding(error.object[error.start : error.start + 2])
    return readable.mistake(at, f"byte 0x{byte:02x} is not UTF-8 (is the file {guess}?); save it as UTF-8")


def _other_encoding(read: bytes) -> str:
    """What was probably meant by a byte that is not UTF-8 and the one behind it."""
    if len(read) > 1 and read[1] >= 0x80:
        return "GBK, Shift-JIS or Windows-1251"
    return "Windows-1252" if 0x80 <= read[0] < 0xA0 else "Latin-1"


def _odd_character(text: Text, odd: re.Match[str]) -> Mistake:
    code = ord(odd.group())
    if code == 0 and odd.start() < 4:
        return text.mistake(Position(text.name), "the file is not text (is it UTF-16?); save it as UTF-8")
    at = text.position(odd.start())
    if odd.group() == "\ufeff":
        return text.mistake(at, f"here stands {unprintable(odd.group())}")
    return text.mistake(at, f"the invisible control character U+{code:04X} is not allowed here; remove it")
