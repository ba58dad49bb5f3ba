"""Which shot each one continues, and how: as it is written, or as it falls down to it; chains are drawn of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from storyboard.continuity.chains import Cycle, Link, resolve
from storyboard.expand.inheritance import Inherited, Place
from storyboard.expand.own_frames import Blame, continuity_beside
from storyboard.shot import TAIL_CLIP_S, Continuity, ContinuityMode, Shot, Use
from storyboard.shot_key import local_key
from storyboard.text.suggestions import did_you_mean

DEFAULT_MAX_CHAIN = 4
"""Links after which a chain is re-anchored, where the storyboard says nothing."""


def continuities(found: Sequence[Place], shots: Mapping[str, Shot], blame: Blame) -> Mapping[str, Continuity]:
    """By key, what each shot continues and how. What is wrong is blamed, and goes without."""
    links = [_link(place, shots, blame) for place in found]
    by_key = {place.key: place for place in found}
    while True:
        try:
            return resolve(links)
        except Cycle as cycle:
            place = by_key[cycle.keys[0]]
            blame(place, place.at("continues"), f"shots continue each other in a circle: {cycle}")
            links = [replace(link, predecessor=None) if link.key in cycle.keys else link for link in links]


def link_by_place(place: Place) -> ContinuityMode | None:
    """How the shot continues the one before it, if there is one in its scene; None where it says itself how it begins.

    Where a shot stands may change: then it is the link that changes, and not what is wanted of the shot.
    """
    written = place.shot
    if written.first_frame is not None or written.last_frame is not None or _is_made_of_another(place):
        return None
    asked = place.inherit("continuity")
    if written.continues is not None or (asked.own and asked.value is not None):
        return None
    mode = ContinuityMode.TAIL_FRAME if asked.value is None else ContinuityMode(asked.value)
    return None if mode is ContinuityMode.NONE else mode


def _link(place: Place, shots: Mapping[str, Shot], blame: Blame) -> Link:
    mode, predecessor = continuity_beside(place, lambda: _asked(place, shots, blame), blame)
    if mode is ContinuityMode.TAIL_CLIP and predecessor is not None:
        before_s = shots[predecessor].duration_s
        tail_s = shots[place.key].tail_clip_s
        if before_s is not None and before_s < tail_s:
            blame(place, place.inherited_at("continuity"), _too_short_a_tail(predecessor, before_s, tail_s))
    return Link(place.key, mode, predecessor, place.value("max_chain", DEFAULT_MAX_CHAIN))


def _asked(place: Place, shots: Mapping[str, Shot], blame: Blame) -> tuple[ContinuityMode, str | None]:
    """The mode, and the shot to continue. What the shot says itself is held to; what falls down to it adapts."""
    asked = place.inherit("continuity")
    mode = ContinuityMode.TAIL_FRAME if asked.value is None else ContinuityMode(asked.value)
    named = place.shot.continues
    if named is not None:
        return _named(place, named, asked, shots, blame)
    if mode is ContinuityMode.NONE or (_is_made_of_another(place) and not (asked.own and asked.value)):
        return ContinuityMode.NONE, None
    if place.shot_index > 0:
        return mode, local_key(place.scene.id, place.scene.shots[place.shot_index - 1].id)
    if asked.own and asked.value is not None:
        message = "this is the first shot of its scene; name the shot that it continues with `continues: SCENE/SHOT`"
        blame(place, place.at("continuity"), message)
    return ContinuityMode.NONE, None


def _named(
    place: Place, named: str, asked: Inherited, shots: Mapping[str, Shot], blame: Blame
) -> tuple[ContinuityMode, str | None]:
    at = place.at("continues")
    if named == place.key:
        blame(place, at, "a shot cannot continue itself")
        return ContinuityMode.NONE, None
    if named not in shots:
        others = [key for key in shots if key != place.key]
        blame(place, at, f"there is no shot {named!r}{did_you_mean(named, others)}")
        return ContinuityMode.NONE, None
    if asked.value is ContinuityMode.NONE and asked.own:
        blame(place, at, f"`continues: {named}` and `continuity: none` contradict each other; keep one")
    if asked.value in (None, ContinuityMode.NONE):
        return ContinuityMode.TAIL_FRAME, named
    return ContinuityMode(asked.value), named


def _too_short_a_tail(predecessor: str, before_s: Decimal, tail_s: Decimal) -> str:
    if tail_s == TAIL_CLIP_S:
        least = f"a tail clip has at least {tail_s} s, and {predecessor} lasts {before_s} s"
        return f"{least}; write `continuity: tail_frame`"
    asked = f"a tail clip of {tail_s} s is asked for, and {predecessor} lasts {before_s} s"
    return f"{asked}; write a shorter `tail_clip_s`, or `continuity: tail_frame`"


def _is_made_of_another(place: Place) -> bool:
    """Whether the shot changes a film or goes on from its end: then that says how it begins, unless it says more."""
    return any(each.use in {Use.EDIT, Use.EXTEND} for each in place.shot.references)
