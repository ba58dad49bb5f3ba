"""Which part of a film or a sound is sent: the one that is written, else the one that its use makes plain.

Where nothing is written the whole file is meant, and of an own clip what the cut uses of it. Of what goes on (`use:
extend`) the end is sent. Longer than a vendor takes is otherwise an error that shows how to write a part: which of a
song's minutes matter, nobody but its producer knows.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal

from storyboard.bind.fits import CannotFit, longest_s
from storyboard.capabilities import MediaLimits
from storyboard.request import ReferenceFacts
from storyboard.shot import Reference, Role, Use, Window
from storyboard.text.decimals import plain_decimal

_PLAIN = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./?&=~+:-]*")
_ROUNDED_S = Decimal("0.1")  # by which the seconds of another shot may be longer than was asked for: less than a frame


def window_of(reference: Reference, facts: ReferenceFacts, limits: MediaLimits) -> Window | None:
    """The part that is sent, counted from the beginning, with both ends; None: the whole file. Raises CannotFit."""
    lasts_s, longest = facts.duration_s, longest_s(limits)
    if lasts_s is None:
        return None
    if reference.window is not None:
        return _written(reference, reference.window, lasts_s)
    if reference.role is Role.CONTINUITY:
        return _tail(reference, lasts_s, limits)
    end_s = _used_s(reference, lasts_s)
    start_s = Decimal(0)
    if longest is not None and end_s > longest:
        if reference.use is not Use.EXTEND:
            raise _too_long(reference, end_s, longest)
        start_s = end_s - longest
    if end_s - start_s == lasts_s:
        return None
    _refuse_short(reference, end_s - start_s, limits)
    return Window(start_s, end_s)


def expected_s(reference: Reference, limits: MediaLimits) -> Decimal | None:
    """The most seconds of a reference that will be sent, of one that is not there yet; None where nothing says."""
    if reference.window is not None:
        return reference.window.length_s
    longest = longest_s(limits)
    if reference.use is Use.EXTEND and reference.used_s is not None and longest is not None:
        return min(reference.used_s, longest)
    return reference.used_s


def refuse_expected(reference: Reference, limits: MediaLimits) -> None:
    """Refuse a reference that is not there yet, where its length is known all the same. Raises CannotFit."""
    lasts_s, longest = expected_s(reference, limits), longest_s(limits)
    if lasts_s is None:
        return
    if longest is not None and lasts_s > longest:
        raise _too_long(reference, lasts_s, longest)
    _refuse_short(reference, lasts_s, limits)


def _refuse_short(reference: Reference, lasts_s: Decimal, limits: MediaLimits) -> None:
    if limits.min_s is not None and lasts_s < limits.min_s:
        raise CannotFit(
            f"{_said(lasts_s)} of {reference.source} would be sent, and at least {limits.min_s} s are asked for",
            f"Say which part is meant: `{_line(reference, limits.min_s)}`",
        )


def _written(reference: Reference, window: Window, lasts_s: Decimal) -> Window | None:
    """The part that is written. Of an own clip, what counts from the end counts from that of what the cut uses."""
    part = window.within(_used_s(reference, lasts_s))
    end_s = part.end_s if part.end_s is not None else lasts_s
    if part.start_s < 0 or part.start_s >= lasts_s or end_s > lasts_s:
        raise CannotFit(
            f"{reference.source} lasts {_said(lasts_s)}, and the part that is meant ({_spelled(window)}) is not in it",
            f"Write a part between 0 and {plain_decimal(lasts_s)}; without `to` it goes on to the end",
        )
    if part.start_s >= end_s:
        raise CannotFit(
            f"{reference.source} lasts {_said(lasts_s)}, and the part that is meant ({_spelled(window)}) is empty: it "
            f"begins at {_said(part.start_s)} and ends at {_said(end_s)}",
            "Let `from` come before `to`",
        )
    return None if not part.start_s and end_s == lasts_s else Window(part.start_s, end_s)


def _used_s(reference: Reference, lasts_s: Decimal) -> Decimal:
    """The seconds of a file that count: of an own clip those that the cut uses."""
    return lasts_s if reference.used_s is None else min(reference.used_s, lasts_s)


def _tail(reference: Reference, lasts_s: Decimal, limits: MediaLimits) -> Window | None:
    """The last seconds of the shot before; what whole frames make longer than was asked for falls away in front."""
    longest = longest_s(limits)
    if limits.min_s is not None and lasts_s < limits.min_s:
        problem = f"{_said(lasts_s)} of {reference.source} would be sent, and at least {limits.min_s} s are asked for"
        raise CannotFit(problem, f"Write `tail_clip_s: {plain_decimal(limits.min_s)}`, or another continuity")
    if longest is None or lasts_s <= longest:
        return None
    if lasts_s > longest + _ROUNDED_S:
        problem = f"{_said(lasts_s)} of {reference.source} would be sent, and at most {longest} s are taken"
        raise CannotFit(problem, f"Write `tail_clip_s: {plain_decimal(longest)}`, or another continuity")
    return Window(lasts_s - longest, lasts_s)


def _too_long(reference: Reference, lasts_s: Decimal, longest: Decimal) -> CannotFit:
    return CannotFit(
        f"{reference.source} lasts {_said(lasts_s)}, and at most {longest} s are taken",
        f"Say which part is meant: `{_line(reference, longest)}`",
    )


def _line(reference: Reference, end_s: Decimal) -> str:
    """The reference as it can be written, with its first seconds as the part that is meant."""
    if reference.own is None:
        what = f"source: {_scalar(reference.source)}"
    else:
        take = "" if reference.own.take is None else f", take: {reference.own.take}"
        what = f"shot: {reference.own.shot}{take}"
    return f"{{{what}, from: 0, to: {plain_decimal(end_s)}}}"


def _scalar(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _spelled(window: Window) -> str:
    """As it is written: `from: 12.5, to: -3`."""
    to = "" if window.end_s is None else f", to: {plain_decimal(window.end_s)}"
    return f"from: {plain_decimal(window.start_s)}{to}"


def _said(seconds: Decimal) -> str:
    return f"{plain_decimal(seconds)} s"
