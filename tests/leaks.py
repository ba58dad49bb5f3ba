"""Looks for secrets where none may be: in every dress that a text, a file or a database may have put on them."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote


def dresses(secret: str) -> tuple[bytes, ...]:
    """How a secret may look: as it is, without its prefix, quoted for a link, in hexadecimal, within base64."""
    core = secret.partition("-")[2] or secret
    shown = [core, quote(core, safe=""), core.encode().hex()]
    shown += [base64.b64encode(b"\0" * before + core.encode()).decode()[4:-6] for before in range(3)]
    shown += [each.translate(str.maketrans("+/", "-_")) for each in shown]
    return tuple(dict.fromkeys(each.encode().lower() for each in shown))


def shows(content: str | bytes, secret: str) -> bool:
    """Whether a secret, or nearly all of it, can be read here."""
    told = (content.encode("utf-8", "replace") if isinstance(content, str) else content).lower()
    return any(dress in told for dress in dresses(secret))


def files_that_show(secret: str, *folders: Path) -> list[str]:
    """The files below these folders that hold a secret, byte for byte or in a name."""
    return [str(path) for path in _below(folders) if shows(path.name, secret) or shows(path.read_bytes(), secret)]


def _below(folders: tuple[Path, ...]) -> Iterator[Path]:
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                yield path


def files_that_match(pattern: re.Pattern[bytes], *folders: Path) -> list[str]:
    """The files below these folders in which a pattern is found."""
    return [str(path) for path in _below(folders) if pattern.search(path.read_bytes())]
