"""Keeps lines that run from right to left in order where a player supposes that every line runs from left to right."""

from __future__ import annotations

from storyboard.languages import is_right_to_left

EMBEDDING, END_OF_EMBEDDING = "\u202b", "\u202c"
"""Right-to-left embedding and its end. Isolates would be the newer way; televisions show these as boxes."""


def in_order(line: str, language: str) -> str:
    """The line, logically ordered as it is, with signs around it that hold its direction.

    Without them a full stop, a number or a Latin word at its end would jump to the other side of the picture.
    """
    return f"{EMBEDDING}{line}{END_OF_EMBEDDING}" if is_right_to_left(language) else line
