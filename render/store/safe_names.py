"""Which names may become files: those in snapshots and archives come from outside, and are only text until then."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

_MOST_BYTES, _MOST_BYTES_OF_A_PART = 1024, 255


def why_unsafe(name: str) -> str | None:
    """Why this is not a plain relative path with forward slashes, as the end of a sentence; None where it is one.

    Names with a leading dot are refused too: `.git/config` or `.envrc` can make other programs run things.
    """
    parts = name.split("/")
    if not name.isprintable() or not _fits(name, parts):
        return "is too long or has characters that cannot be seen"
    if "\\" in name or name[1:2] == ":":
        return "is a path of Windows; write forward slashes, and begin at the project"
    if any(part in {"", ".", ".."} for part in parts):
        return "is no plain relative path"
    if any(part.startswith(".") for part in parts):
        return "names something hidden"
    return None


def why_unsafe_together(names: Iterable[str]) -> str | None:
    """Why these cannot all be files of one folder, as a sentence; None where they can."""
    files = set(names)
    for name in sorted(files):
        if problem := why_unsafe(name):
            return f"{name[:200]!r} {problem}"
        for parent in PurePosixPath(name).parents:
            if str(parent) in files:
                return f"{str(parent)!r} is both a file and the folder of {name!r}"
    return None


def _fits(name: str, parts: list[str]) -> bool:
    try:
        lengths = [len(part.encode()) for part in parts]
    except UnicodeEncodeError:
        return False
    return len(name.encode()) <= _MOST_BYTES and max(lengths) <= _MOST_BYTES_OF_A_PART
