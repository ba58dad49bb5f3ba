"""Holds a delivered clip against what was ordered. Pure: facts in, findings out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from storyboard.continuity.timing import HELD_AT_MOST
from storyboard.film_traits import UNSEEN, conversions
from storyboard.framing import AUTO, Framing, framing
from storyboard.request import Request
from storyboard.shot import MasterFormat
from storyboard.takes import ClipFacts

SAME_SIZE = Fraction(3, 4)
"""The share of the pixels asked for with which a clip is of the size that was bought. Vendors name sizes by a word
(`480p`), and few say which pixels they mean by it."""

APART = Decimal("0.04")
"""How far the picture that a clip begins or ends on may be from the one asked for, by `render.media.likeness`. Ordinary
compression stays below half of it."""

STEREO = 2
"""Channels of a master's sound."""

_LENGTH_SLACK_S = Decimal("0.25")  # vendors round to their own frame grid
_SOUND_SLACK_S = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a clip that a producer should know. A fatal one makes it unusable."""

    code: str
    message: str
    fatal: bool = False


def check_clip(facts: ClipFacts, request: Request) -> tuple[Finding, ...]:
    """What is not as it was ordered, the gravest first. Nothing found: an empty tuple."""
    shown = (*_size(facts, request), *_rate(facts), *_picture(facts))
    ends = _ends(facts, request)
    found = (*_frames(facts), *_length(facts, request), *ends, *shown, *_sound(facts, request))
    return tuple(sorted(found, key=lambda finding: not finding.fatal))


def _frames(facts: ClipFacts) -> tuple[Finding, ...]:
    if facts.frames > 1 or facts.duration_s <= Decimal("0.1"):
        return ()
    return (Finding("still", "it holds a single frame; make it again with --new-take", fatal=True),)


def _length(facts: ClipFacts, request: Request) -> tuple[Finding, ...]:
    """A clip that does not fill its shot is a finding beyond the two frames that the cut may hold."""
    wanted_s = request.billed_s if request.duration_s is None else request.duration_s
    missing_s = wanted_s - facts.duration_s
    if request.duration_s is None:
        return ()
    if missing_s > HELD_AT_MOST / Fraction(request.fps):
        message = (
            f"it is {facts.duration_s:.2f} s long and the shot uses {wanted_s} s: its last frame would stand still"
        )
        return (Finding("too_short", f"{message}. Shorten the shot, or make it again"),)
    if facts.duration_s + _LENGTH_SLACK_S < request.billed_s:
        return (Finding("less_than_bought", f"{request.billed_s} s were bought and {facts.duration_s:.2f} s came"),)
    return ()


def _ends(facts: ClipFacts, request: Request) -> tuple[Finding, ...]:
    """A clip that does not begin, or end, on the picture that was sent for it."""
    found = []
    asked = zip(("begin", "end"), (facts.first_apart, facts.last_apart), request.references, strict=False)
    for what, far, picture in asked:
        if far is not None and far > APART:
            message = f"it does not {what} on {picture.source}: they differ by {far:.2f} of 1, where {APART} is alike"
            found.append(Finding(f"{what}s_apart", f"{message}. Look at both before you trust this take"))
    return tuple(found)


def _size(facts: ClipFacts, request: Request) -> tuple[Finding, ...]:
    if (facts.width, facts.height) == (request.width, request.height):
        return ()
    came, asked = f"{facts.width}x{facts.height}", f"{request.width}x{request.height}"
    how = framing(facts.width, facts.height, MasterFormat(request.width, request.height, request.fps))
    if request.aspect_ratio == AUTO:
        return (Finding("bars", f"the vendor chose {came}: black will stand beside it"),) if how is Framing.PAD else ()
    if how is Framing.PAD:
        return (Finding("wrong_ratio", f"it is {came} where {asked} was asked for: black will stand beside it"),)
    share = Fraction(facts.width * facts.height, request.width * request.height)
    if share < Fraction(1, 2):
        return (Finding("too_small", f"it is {came} where {asked} was asked for, and will look soft"),)
    if share < SAME_SIZE:
        return (Finding("other_size", f"it is {came} where {asked} was asked for; the cut enlarges it"),)
    return ()


def _rate(facts: ClipFacts) -> tuple[Finding, ...]:
    if facts.frame_times_us is None:
        return ()
    return (Finding("irregular", "its frames come at irregular times; the cut shows each at the nearest frame"),)


def _picture(facts: ClipFacts) -> tuple[Finding, ...]:
    """What the cut and tail frames change in it, so that it is as the master's."""
    done = conversions(set(facts.traits) - UNSEEN)
    return (Finding("converted", f"in the cut and in what continues it, {done}"),) if done else ()


def _sound(facts: ClipFacts, request: Request) -> tuple[Finding, ...]:
    if request.audio and facts.audio_s is None:
        return (Finding("silent", "sound was asked for and it has none"),)
    return (*_channels(facts), *(_ends_early(facts) if request.audio else ()))


def _channels(facts: ClipFacts) -> tuple[Finding, ...]:
    if (facts.audio_channels or 0) <= STEREO:
        return ()
    return (Finding("surround", f"its sound has {facts.audio_channels} channels; the cut mixes them down to stereo"),)


def _ends_early(facts: ClipFacts) -> tuple[Finding, ...]:
    if facts.audio_s is None:
        return ()
    if facts.audio_s + _SOUND_SLACK_S < facts.duration_s:
        return (Finding("sound_ends_early", f"its sound ends after {facts.audio_s:.2f} of {facts.duration_s:.2f} s"),)
    return ()
