"""Own takes that cannot be sent: of shots that there are not, of the shot itself, or of one that needs it in turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial

from storyboard.continuity.chains import Cycle, ordered
from storyboard.errors import Position
from storyboard.shot import Reference, Shot
from storyboard.text.suggestions import did_you_mean

Blame = Callable[[str, Position, str], None]
"""Notes a mistake of the shot with this key."""


def without_wrong_takes(shots: Sequence[Shot], blame: Blame) -> tuple[Shot, ...]:
    """The shots as they can be ordered: what is wrong with their own takes is blamed, and left out."""
    keys = [shot.key for shot in shots]
    sound = {shot.key: _without(shot, lambda shot, each: _problem(shot, each, keys), blame) for shot in shots}
    while True:
        try:
            ordered({key: shot.needs for key, shot in sound.items()})
        except Cycle as cycle:
            key = next(key for key in cycle.keys if any(own.take is None for own in sound[key].own_takes))
            told = f"shots need each other in a circle: {' needs '.join((*cycle.keys, cycle.keys[0]))}"
            sound[key] = _without(sound[key], partial(_told_if_open, told), blame)
        else:
            return tuple(sound.values())


def with_used_lengths(shots: Sequence[Shot]) -> tuple[Shot, ...]:
    """The shots, each own clip with the seconds that the cut uses of it."""
    lengths_s = {shot.key: shot.duration_s for shot in shots}

    def told(each: Reference) -> Reference:
        if each.own is None or each.own.frame is not None:
            return each
        return replace(each, used_s=lengths_s.get(each.own.shot))

    return tuple(replace(shot, references=tuple(map(told, shot.references))) for shot in shots)


def _without(shot: Shot, problem: Callable[[Shot, Reference], str | None], blame: Blame) -> Shot:
    def fits(reference: Reference) -> bool:
        told = problem(shot, reference)
        if told is not None:
            blame(shot.key, reference.at or shot.at, told)
        return told is None

    return replace(
        shot,
        references=tuple(filter(fits, shot.references)),
        first_frame=shot.first_frame if shot.first_frame and fits(shot.first_frame) else None,
        last_frame=shot.last_frame if shot.last_frame and fits(shot.last_frame) else None,
    )


def _problem(shot: Shot, reference: Reference, keys: Sequence[str]) -> str | None:
    own = reference.own
    if own is None:
        return None
    if own.shot not in keys:
        return f"there is no shot {own.shot!r}{did_you_mean(own.shot, [key for key in keys if key != shot.key])}"
    if own.shot == shot.key and own.take is None:
        return "a shot cannot be sent the take that it is to make; name an earlier one by its number, as in `take: 1`"
    return _beyond_the_cut(reference)


def _beyond_the_cut(reference: Reference) -> str | None:
    """A part that begins before the clip does, as far as that is known before there is one."""
    window, used_s, own = reference.window, reference.used_s, reference.own
    if window is None or used_s is None or own is None:
        return None
    earliest = min(window.start_s, window.end_s or Decimal(0))
    if earliest >= -used_s:
        return None
    return f"the cut uses {used_s} s of {own.shot}, and there is no second {earliest} of them, counted from their end"


def _told_if_open(told: str, _: Shot, reference: Reference) -> str | None:
    """This is wrong with whatever take the other shot will have."""
    return told if reference.own is not None and reference.own.take is None else None
