"""What a wording says, for people."""

from __future__ import annotations

from storyboard.shot import Wording


def plain(wording: Wording) -> str:
    """The wording as a person reads it, without any tokens."""
    return "".join(part if isinstance(part, str) else part.label for part in wording)
