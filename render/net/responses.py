"""Reads what a vendor answers, under limits: its size, its depth and its shape are all untrusted."""

from __future__ import annotations

import json
from collections.abc import AsyncIterable, Callable, Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from render.net.content_codings import BrokenCoding, UnknownCoding, unpacker
from render.redaction import redact_for_display, redact_known
from storyboard.text.printable import one_line

MAX_ANSWER_BYTES = 1024 * 1024
MAX_WORDS_CHARACTERS = 500
_READ_CHARACTERS = 16 * MAX_WORDS_CHARACTERS
"""Of a vendor's words, before links and signatures make them shorter. Longer ones could be written so that looking for
secrets in them takes hours."""

Json = Any
"""What JSON can hold. Numbers with a point are `Decimal`: some of them are money. So are those that no machine counts
with, of thousands of digits or none at all: whoever needs the number refuses it, and nobody else is kept from the rest
of the answer.
"""

MOST_DIGITS = 200
"""Digits of the longest number that is read as an `int`; no job's id is longer."""


class Unreadable(ValueError):
    """An answer that is not what the vendor documents."""


async def read_body(pieces: AsyncIterable[bytes], coding: str, body: bytearray) -> None:
    """Fill `body` with an answer's bytes, unpacked where they come packed; what had come before an error stays in it.

    The bound holds for what comes out: a few thousand bytes may be packed so that they fill a machine's memory.
    Raises Unreadable where there are too many, or where they are packed in a way that is not unpacked here.
    """
    try:
        unpack, came = unpacker(coding), 0
        async for piece in pieces:
            came += len(piece)
            for part in unpack.feed(piece):
                body += part
                _refuse_too_large(len(body))
            _refuse_too_large(came)
        body += unpack.finish()
    except UnknownCoding as error:
        raise Unreadable(f"it came in the coding {words(str(error))!r}, which was not asked for") from None
    except BrokenCoding as error:
        raise Unreadable(f"it came packed, and cannot be unpacked: {error}") from None


def _refuse_too_large(size: int) -> None:
    if size > MAX_ANSWER_BYTES:
        raise Unreadable(f"the answer is larger than {MAX_ANSWER_BYTES} bytes")


def read_json(body: bytes, content_type: str) -> Json:
    """The answer's JSON; raises Unreadable with the beginning of what was there instead."""
    if "html" in content_type.lower():
        raise Unreadable(f"a web page came in place of JSON: {shown(body)}")
    try:
        return json.loads(body, parse_float=_decimal, parse_int=_whole, parse_constant=Decimal)
    except (ValueError, RecursionError, ArithmeticError):
        raise Unreadable(f"not JSON that can be read: {shown(body)}") from None


def without(told: Json, conceal: Callable[[str], str]) -> Json:
    """The same with every text in it concealed."""
    try:
        return _concealed(told, conceal)
    except RecursionError:
        raise Unreadable("JSON that is too deep to be read") from None


def _concealed(told: Json, conceal: Callable[[str], str]) -> Json:
    if isinstance(told, str):
        return conceal(told)
    if isinstance(told, list):
        return [_concealed(each, conceal) for each in told]
    if isinstance(told, dict):
        return {conceal(key): _concealed(value, conceal) for key, value in told.items()}
    return told


def _whole(text: str) -> int | Decimal:
    return int(text) if len(text) <= MOST_DIGITS else _decimal(text)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # its exponent alone is larger than any
        return Decimal("-Infinity" if text.startswith("-") else "Infinity")


def read_job_id(value: Json) -> str:
    """A job id as text. Kept as the vendor wrote it, so long as it can stand in a link and in a ledger."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not text or len(text) > 200 or not text.isprintable() or " " in text or text.strip(".") == "":
        raise Unreadable(f"no job id in the answer, but {value!r:.100}")
    return text


def read_url(value: Json) -> str:
    """A link as text; whether it may be followed is decided where it is followed."""
    if not isinstance(value, str) or not value:
        raise Unreadable(f"no link in the answer, but {value!r:.100}")
    return value


def shown(body: bytes) -> str:
    """The beginning of an answer, fit to be shown on a terminal."""
    return words(body[:200].decode("utf-8", "replace")) or "nothing"


def words(text: str, secrets: Iterable[str] = ()) -> str:
    """A vendor's words, fit to keep and to show: on one line, short, without secrets and without signatures."""
    text = one_line(redact_for_display(redact_known(text, secrets)[:_READ_CHARACTERS]))
    return text if len(text) <= MAX_WORDS_CHARACTERS else text[: MAX_WORDS_CHARACTERS - 1] + "…"
