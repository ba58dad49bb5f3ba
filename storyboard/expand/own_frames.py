"""A shot's own first and last frame as they are written, and what continuity can still mean beside them."""

from __future__ import annotations

from collections.abc import Callable

from storyboard.errors import Position
from storyboard.expand.bible_lookup import own_take, short_name
from storyboard.expand.inheritance import Place
from storyboard.model import FrameItem
from storyboard.shot import ContinuityMode, MediaKind, Reference, Role

Asked = tuple[ContinuityMode, str | None]
"""How a shot begins where another ended, and the key of that one."""

Blame = Callable[[Place, Position, str], None]
"""Notes a mistake of this shot."""


def frame_of(place: Place, role: Role) -> Reference | None:
    """The picture that a shot names as its first or last one; `role` is called as its key in the YAML."""
    item: FrameItem | None = getattr(place.shot, role.value)
    if item is None:
        return None
    own = own_take(item)
    source = own.called if own else item.source or ""
    name = short_name(source, own)
    return Reference(
        kind=MediaKind.IMAGE,
        role=role,
        name=name,
        label=name,
        source=source,
        required=True,
        at=place.at(role.value),
        own=own,
    )


def continuity_beside(place: Place, asked: Callable[[], Asked], blame: Blame) -> Asked:
    """What the shot continues, and how, given the frames that it names; without them, what is `asked`.

    An own first frame takes the place of continuity. Beside a last frame, what is continued is sent as the literal
    first one, whatever mode falls down to the shot.
    """
    if place.shot.first_frame is not None:
        _refuse_continuity(place, blame)
        return ContinuityMode.NONE, None
    mode, predecessor = asked()
    if place.shot.last_frame is None:
        return mode, predecessor
    written = place.shot.continuity
    if written in {ContinuityMode.TAIL_FRAME, ContinuityMode.TAIL_CLIP}:
        message = (
            f"`last_frame` and `continuity: {written}` contradict each other, as a last frame goes with a literal "
            "first one; write `continuity: first_frame`, or leave it out"
        )
        blame(place, place.at("continuity"), message)
    elif predecessor is None and place.shot.continues is None and written in {None, ContinuityMode.NONE}:
        message = (
            "a last frame needs a first; write `first_frame` beside it, or let the shot continue another, on whose "
            "last frame it then begins"
        )
        blame(place, place.at("last_frame"), message)
    return (mode, None) if predecessor is None else (ContinuityMode.FIRST_FRAME, predecessor)


def _refuse_continuity(place: Place, blame: Blame) -> None:
    """What is written on the shot itself is held to; what falls down to it gives way."""
    mode, continues = place.shot.continuity, place.shot.continues
    if mode not in {None, ContinuityMode.NONE}:
        message = f"`first_frame` and `continuity: {mode}` contradict each other, as a shot begins on one picture"
        blame(place, place.at("continuity"), f"{message}; keep one")
    if continues is not None:
        message = f"`first_frame` and `continues: {continues}` contradict each other, as a shot begins on one picture"
        blame(place, place.at("continues"), f"{message}; keep one")
