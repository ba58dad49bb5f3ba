"""Transitions as they lie over the cuts of a master, in frames, and what each takes of which clip. Pure.

A transition never moves a cut: it lies over it, and takes its frames from what was bought beyond the cut. It stands in
the middle where both clips have enough there, else further to the side that has more. What neither has is held: the
last frame of the one, the first of the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from storyboard.continuity.timing import nearest_frame
from storyboard.edit import CUT, Transition, TransitionKind
from storyboard.timeline.master_timeline import Seam, Timeline
from storyboard.timeline.source_range import Footage


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A piece beside a transition: how many frames it has in the master, its ways in and out, and what its clip has.

    `footage` is None of what is no clip, a slate: whatever it lacks is held, and nobody misses it.
    """

    frames: int
    into: Transition
    out_of: Transition
    footage: Footage | None


def sides(timeline: Timeline, ways: Sequence[Transition], footages: Sequence[Footage | None]) -> tuple[Side, ...]:
    """The pieces of a master. `ways` are the transitions into each of them, and the one after the last."""
    return tuple(
        Side(frames=span.frames, into=into, out_of=out_of, footage=footage)
        for span, into, out_of, footage in zip(timeline.spans, ways[:-1], ways[1:], footages, strict=True)
    )


def seams_of(timeline: Timeline, pieces: Sequence[Side]) -> tuple[Seam, ...]:
    """Every transition of a master, in order of time."""
    return tuple(_seams(timeline, pieces))


def seam_between(number: int, cut: int, first: Side | None, second: Side | None, timeline: Timeline) -> Seam | None:
    """The transition between two neighbours, None where there is a cut; where a side is None there is black or white.

    It follows from these two alone, so it is known as soon as both clips are there.
    """
    way = second.into if second is not None else first.out_of if first is not None else CUT
    frames = min((_room(side, way, timeline) for side in (first, second) if side is not None), default=0)
    if way.kind is TransitionKind.CUT or frames < 1:
        return None
    before, held_out, held_in = _laid(way.kind, frames, first, second)
    return Seam(
        number=number,
        kind=way.kind,
        cut=cut,
        before=before,
        after=frames - before,
        held_out=held_out,
        held_in=held_in,
    )


def shortened(timeline: Timeline, pieces: Sequence[Side]) -> Iterator[tuple[int, int, int]]:
    """Transitions for which a piece turned out too short: their number, their frames, and those that were written."""
    laid = {seam.number: seam.frames for seam in seams_of(timeline, pieces)}
    for number, way in enumerate([*(side.into for side in pieces), *(side.out_of for side in pieces[-1:])]):
        written = _frames(way, timeline)
        if laid.get(number, 0) < written:
            yield number, laid.get(number, 0), written


def held_note(seam: Seam, timeline: Timeline) -> str:
    """What a producer should know of a transition between two clips that holds a frame of one of them, or of both."""
    first, second = timeline.keys[seam.number - 1], timeline.keys[seam.number]
    held = [
        f"the last frame of {first} for {seam.held_out} frames" if seam.held_out else "",
        f"the first frame of {second} for {seam.held_in} frames" if seam.held_in else "",
    ]
    return (
        f"the {seam.kind} into {second} holds {' and '.join(filter(None, held))}, as there is no more of it; an "
        f"earlier `out` of {first} or a later `in` of {second} leaves it some"
    )


def _seams(timeline: Timeline, pieces: Sequence[Side]) -> Iterator[Seam]:
    beside = [None, *pieces, None]
    cuts = [*(span.start for span in timeline.spans), timeline.frames]
    for number, (first, second, cut) in enumerate(zip(beside, beside[1:], cuts, strict=False)):
        seam = seam_between(number, cut, first, second, timeline)
        if seam is not None:
            yield seam


def _frames(way: Transition, timeline: Timeline) -> int:
    return nearest_frame(way.length_s, timeline.fps)


def _room(side: Side, way: Transition, timeline: Timeline) -> int:
    """How long this transition can be beside that piece: where both of its own do not fit, they share it."""
    wanted = _frames(way, timeline)
    both = _frames(side.into, timeline) + _frames(side.out_of, timeline)
    return wanted if both <= side.frames else side.frames * wanted // both


def _laid(kind: TransitionKind, frames: int, first: Side | None, second: Side | None) -> tuple[int, int, int]:
    """How many of its frames come before the cut, and for how many each clip is held: the least, nearest the middle."""
    if first is None or second is None:
        return (0 if first is None else frames), 0, 0
    if kind.dips:
        return frames // 2, 0, 0

    def held(before: int) -> tuple[int, int]:
        return _lacking(frames - before, _after(first)), _lacking(before, _before(second))

    before = min(range(frames + 1), key=lambda each: (sum(held(each)), abs(2 * each - frames), each))
    return before, *held(before)


def _after(side: Side) -> int | None:
    return None if side.footage is None else side.footage.after


def _before(side: Side) -> int | None:
    return None if side.footage is None else side.footage.before


def _lacking(wanted: int, there: int | None) -> int:
    """Frames that are not there; None says that a frame is held anyhow."""
    return 0 if there is None else max(0, wanted - there)
