"""What a health check finds: one thing that was looked at, how it stands, and what to do where it is not good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable


class Health(StrEnum):
    """How one thing that was looked at stands."""

    GOOD = "good"
    LOOK = "look"  # work can go on, and a person should know
    WRONG = "wrong"  # work fails, now or later
    ABSENT = "absent"  # not set up, which is nobody's mistake


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. Never holds a key, nor a link that is signed."""

    what: str  # one or two words: "key", "balance"
    health: Health
    value: str
    remedy: str = ""  # what to do now, where it is not good


@runtime_checkable
class Examinable(Protocol):
    """A provider with a health check, for `tailframe doctor`. No provider has to have one."""

    async def examine(self) -> Sequence[Finding]:
        """Look at the vendor without ordering anything: is it there, is the key good, what is left. Costs nothing.

        A vendor that cannot be reached is a finding, and not raised.
        """
        ...


def good(what: str, value: str) -> Finding:
    """A finding that all is as it should be."""
    return Finding(what, Health.GOOD, value)


def look(what: str, value: str, remedy: str) -> Finding:
    """A finding that work can go on with, and that a person should know of."""
    return Finding(what, Health.LOOK, value, remedy)


def wrong(what: str, value: str, remedy: str) -> Finding:
    """A finding that makes work fail, now or later."""
    return Finding(what, Health.WRONG, value, remedy)
