"""How facts are measured: hashes over bytes, times to the microsecond."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def seconds(exact: Fraction) -> Decimal:
    """A time in seconds as the facts carry it: rounded to the microsecond."""
    return Decimal(round(exact * 1_000_000)).scaleb(-6)
