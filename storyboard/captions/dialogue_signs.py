"""Who speaks, as a caption shows it: a dash before each of two lines, or a name before one. Pure."""

from __future__ import annotations

from storyboard.languages import primary


def dashed(line: str, language: str) -> str:
    """A line of one of two people who stand in one caption."""
    blank = "" if primary(language) in {"ja", "zh"} else " "
    return f"-{blank}{line}"


def labelled(text: str, speaker: str, language: str) -> str:
    """A text that begins with who says it, as captions for the deaf and hard of hearing do."""
    name = " ".join(speaker.split())
    return f"（{name}）{text}" if primary(language) in {"ja", "zh"} else f"[{name}] {text}"
