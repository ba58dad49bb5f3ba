"""What an error spoils."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """What an error spoils."""

    ATTEMPT = "attempt"
    SHOT = "shot"
    VENDOR = "vendor"
