"""Keeps strangers' JSON from filling the memory: what is little but brackets takes a hundred times its size to read."""

from __future__ import annotations

from typing import Any, Final

MOST_ENTRIES: Final = 10_000
"""Of one list. Many times the shots of the longest episode."""

TOO_MUCH: Final = "it holds more than the longest episode has"

_MOST_BRACKETS: Final = 1_000_000
_MOST_COMMAS: Final = 2_000_000


def is_crowded(content: bytes) -> bool:
    """Whether this JSON has more in it than may be read."""
    return content.count(b"[") + content.count(b"{") > _MOST_BRACKETS or content.count(b",") > _MOST_COMMAS


def few(written: Any) -> Any:
    """For pydantic, before anything in a list is looked at, as every mistake in it would be kept. Else ValueError."""
    if isinstance(written, list | dict) and len(written) > MOST_ENTRIES:
        raise ValueError(TOO_MUCH)
    return written
