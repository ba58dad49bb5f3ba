"""When the lines of a shot are heard: as written or measured, else spread over the shot. Pure.

A line's own file or its written beginning is believed first. What has neither is laid on the speech that was measured
in the clip, else on the time that is left, each line in proportion to what there is to read of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from storyboard.captions.caption import Heard, Interval

_SNAP = Fraction(1, 3)
"""A pause in the speech is where one line ends and the next begins, where it lies within this part of a line of the
place that their lengths tell."""

_SOME = Fraction(1, 1000)


@dataclass(frozen=True, slots=True)
class SpokenPlace:
    """When a line is heard, in seconds after its shot's picture begins. `known`: its end is heard, not reckoned."""

    start_s: Fraction
    end_s: Fraction
    known: bool


def spoken_places(
    needs_s: Sequence[Fraction],
    heard: Sequence[Heard | None],
    shot_s: Fraction,
    speech: Sequence[Interval] = (),
) -> tuple[SpokenPlace, ...]:
    """Where each line of a shot lies, in the order of the lines.

    `needs_s` are the seconds that reading each of them takes; `heard`, beside them, what is known; `shot_s` is how long
    the shot's picture lasts, and `speech` what was measured in its clip. Lines without a place lie between those before
    and after them in the storyboard that have one.
    """
    found: dict[int, SpokenPlace] = {}
    for place, known in enumerate(heard):
        if known is not None:
            found[place] = _known(known, needs_s[place])
    for first, last in _runs(heard):
        begin = max((found[each].end_s for each in range(first) if each in found), default=Fraction(0))
        end = min((found[each].start_s for each in range(last, len(heard)) if heard[each] is not None), default=shot_s)
        room = Interval(min(begin, max(end, Fraction(0))), max(end, Fraction(0)))
        for place, span in zip(range(first, last), _laid(needs_s[first:last], room, speech), strict=True):
            found[place] = span
    return tuple(found[place] for place in range(len(heard)))


def _known(known: Heard, need_s: Fraction) -> SpokenPlace:
    length_s = known.length_s if known.length_s is not None else need_s
    return SpokenPlace(known.start_s, known.start_s + length_s, known.length_s is not None)


def _runs(heard: Sequence[Heard | None]) -> Iterator[tuple[int, int]]:
    """Each stretch of lines without a place, from the first to before the last."""
    first: int | None = None
    for place, known in enumerate((*heard, Heard(Fraction(0)))):
        if known is None and first is None:
            first = place
        elif known is not None and first is not None:
            yield first, place
            first = None


def _laid(needs_s: Sequence[Fraction], room: Interval, speech: Sequence[Interval]) -> list[SpokenPlace]:
    weights = [max(each, _SOME) for each in needs_s]
    said = [
        Interval(max(each.start_s, room.start_s), min(each.end_s, room.end_s))
        for each in speech
        if each.start_s < room.end_s and each.end_s > room.start_s
    ]
    if not said:
        ends = _shares(weights, room.start_s, room.length_s)
        return [SpokenPlace(start, end, known=False) for start, end in pairwise((room.start_s, *ends))]
    return _on_speech(weights, said)


def _shares(weights: Sequence[Fraction], start_s: Fraction, length_s: Fraction) -> list[Fraction]:
    """Where each share of a stretch ends."""
    total, so_far, ends = sum(weights), Fraction(0), []
    for weight in weights:
        so_far += weight
        ends.append(start_s + length_s * so_far / total)
    return ends


def _on_speech(weights: Sequence[Fraction], said: Sequence[Interval]) -> list[SpokenPlace]:
    """Lines in proportion on what is spoken alone, parted in the pauses where those are near."""
    total_s = sum((each.length_s for each in said), Fraction(0))
    ends = _shares(weights, Fraction(0), total_s)
    pauses, so_far = [], Fraction(0)
    for each in said[:-1]:
        so_far += each.length_s
        pauses.append(so_far)
    cuts = [Fraction(0)]
    for place, end in enumerate(ends[:-1]):
        near_s = _SNAP * min(weights[place], weights[place + 1]) * total_s / sum(weights)
        near = min(pauses, key=lambda pause, at=end: abs(pause - at), default=end)  # type: ignore[misc]
        cuts.append(near if abs(near - end) <= near_s else end)
    cuts.append(total_s)
    return [
        SpokenPlace(_at(said, start, ends=False), _at(said, end, ends=True), known=True)
        for start, end in pairwise(cuts)
    ]


def _at(said: Sequence[Interval], spoken_s: Fraction, *, ends: bool) -> Fraction:
    """When so much of the speech was heard; in a pause, its beginning for what ends there, else its end."""
    for each in said:
        if spoken_s < each.length_s or (ends and spoken_s == each.length_s):
            return each.start_s + spoken_s
        spoken_s -= each.length_s
    return said[-1].end_s
