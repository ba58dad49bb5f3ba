"""What a page's form sends: read under limits, each field once, all of it text."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from flows.errors import UsageError

__all__ = ["Form", "FormRefused", "read_form"]

MOST_BYTES = 256 * 1024
"""Of a form: a drawing of the most strokes fits."""

MOST_FIELDS = 40

READ_WITHIN_S = 10.0
"""Seconds for a form to come in."""


class FormRefused(Exception):
    """A form that is not read. `status` is what the browser is told."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


@dataclass(frozen=True, slots=True)
class Form:
    """Fields by their names."""

    fields: dict[str, str]

    def text(self, name: str, most: int) -> str:
        """A text of at most so many characters; empty where there is none. Raises UsageError for a longer one."""
        value = self.fields.get(name, "").strip()
        if len(value) > most:
            raise UsageError(f"{name!r} has {len(value):,} characters; {most:,} are the most")
        return value

    def needed(self, name: str, most: int = 200) -> str:
        """A text that has to be there. Raises UsageError where it is not."""
        value = self.text(name, most)
        if not value:
            raise UsageError(f"{name!r} is missing")
        return value

    def number(self, name: str) -> int | None:
        """A whole number that is not negative; None where there is none. Raises UsageError for anything else."""
        value = self.text(name, 12)
        if not value:
            return None
        if not (value.isascii() and value.isdigit()):
            raise UsageError(f"{name!r} is no whole number")
        return int(value)

    def flag(self, name: str) -> bool:
        """Whether a box is ticked."""
        return self.fields.get(name, "") in {"1", "on", "true"}


async def read_form(request: Request, *, within_s: float = READ_WITHIN_S) -> Form:
    """The fields of a form, be it plain or JSON. Raises FormRefused where it is too long, too slow, or neither."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await _body(request, within_s)
    try:
        if kind == "application/x-www-form-urlencoded":
            return Form(_once(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)))
        if kind == "application/json":
            return Form(_texts(json.loads(body or b"{}")))
    except (ValueError, RecursionError):
        raise FormRefused(400, "The form cannot be read.") from None
    raise FormRefused(415, "A form comes as application/x-www-form-urlencoded or application/json.")


async def _body(request: Request, within_s: float) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(within_s):
            async for piece in request.stream():
                body += piece
                if len(body) > MOST_BYTES:
                    raise FormRefused(413, "The form is too long.")
    except (TimeoutError, ClientDisconnect):
        raise FormRefused(408, "The form came too slowly.") from None
    return bytes(body)


def _once(pairs: list[tuple[str, str]]) -> dict[str, str]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field comes twice")
    return fields


def _texts(value: Any) -> dict[str, str]:
    """A JSON object of texts; numbers and truths count as their texts, and a list or an object as its JSON."""
    if not isinstance(value, dict) or len(value) > MOST_FIELDS:
        raise ValueError("no object of fields")
    return {str(name): _text(each) for name, each in value.items() if each is not None and each is not False}


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "1" if value is True else json.dumps(value)
