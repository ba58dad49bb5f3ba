"""Holds a delivered clip against what was ordered. Pure: the clip was measured before."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from storyboard.request import Request
from storyboard.takes import ClipFacts

HELD_AT_MOST = 2
"""Frames by which a clip may be short without anybody being told twice: the cut holds its last one."""

LEAST_SHARE = Fraction(1, 2)
"""A clip that fills less than this of its shot is no take of it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a clip that is not as ordered. A fatal one makes it unusable."""

    code: str
    message: str
    fatal: bool = False


def check_clip(facts: ClipFacts, request: Request) -> tuple[Finding, ...]:
    """Everything that is not as ordered, in the order in which a person would care."""
    return (*_length(facts, request), *_size(facts, request), *_sound(facts, request))


def _length(facts: ClipFacts, request: Request) -> tuple[Finding, ...]:
    wanted_s = request.duration_s
    if wanted_s is None or facts.duration_s >= wanted_s:
        return ()
    missing = (Fraction(wanted_s) - Fraction(facts.duration_s)) * request.fps
    if missing < HELD_AT_MOST + Fraction(1, 2):
        return ()
    told = f"is {facts.duration_s} s long and the shot {wanted_s} s"
    if Fraction(facts.duration_s) < LEAST_SHARE * Fraction(wanted_s):
        return (Finding("too_short", f"{told}, less than half of it", fatal=True),)
    return (Finding("short", f"{told}: the cut holds its last frame for the rest"),)


def _size(facts: ClipFacts, request: Request) -> tuple[Finding, ...]:
    if (facts.width, facts.height) == (request.width, request.height):
        return ()
    ordered = f"{request.width}x{request.height}"
    return (Finding("size", f"is {facts.width}x{facts.height} where {ordered} was ordered: the cut fits it"),)


def _sound(facts: ClipFacts, request: Request) -> tuple[Finding, ...]:
    if request.audio and facts.audio_s is None:
        return (Finding("silent", "has no sound, though sound was ordered"),)
    return ()
