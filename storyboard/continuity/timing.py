"""Seconds to frames: where each shot stands on the master's grid, and which frame of a clip a cut ends on.

Cuts fall on frames. A shot's end is the running total of the lengths so far, rounded to the grid once, so the error of
one shot never adds to the next. Shots of length `auto` count the whole frames they delivered and are kept out of the
running total, so a clip that turns out longer moves the shots after it by whole frames and changes none of them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Any

from storyboard.edit import Edit
from storyboard.shot import Episode, Shot
from storyboard.takes import ClipFacts
from storyboard.timeline.master_timeline import Span
from storyboard.timeline.source_range import Footage

HELD_AT_MOST = 2
"""Frames of the master. The cut holds the last frame of a clip that is so much too short, and says so; more is seen."""

AUTO_S = Decimal(5)
"""Seconds that a slate or an animatic lasts in place of a shot whose length the vendor decides."""

_HALF = Fraction(1, 2)
_MICROSECONDS = 1_000_000
_RATE = re.compile("[1-9][0-9]{0,8}(/[1-9][0-9]{0,8})?")


def nearest_frame(seconds: Decimal | Fraction, fps: Fraction) -> int:
    """The frame edge nearest to a time, halves away from zero, as ffmpeg's `round=near` has it."""
    return floor(Fraction(seconds) * fps + _HALF)


def frame_count(duration_s: Decimal | Fraction, fps: Fraction) -> int:
    """How many frames a length takes by itself, wherever it stands; never none."""
    return max(1, nearest_frame(duration_s, fps))


def spans(
    durations: Sequence[Decimal | Fraction | None], fps: Fraction, auto_frames: Sequence[int | None] | None = None
) -> tuple[Span, ...]:
    """Place shots of these lengths one after another. A length of None is `auto`: `auto_frames` says what it delivered.

    `auto_frames` runs beside `durations`; what it says of a shot with a written length is not read.
    """
    delivered: Sequence[int | None] = auto_frames if auto_frames is not None else [None] * len(durations)
    fixed_s, auto, start = Fraction(0), 0, 0
    placed: list[Span] = []
    for duration_s, frames in zip(durations, delivered, strict=True):
        if duration_s is None:
            auto += frames or 0
        else:
            fixed_s += Fraction(duration_s)
        end = nearest_frame(fixed_s, fps) + auto
        placed.append(Span(start, end - start))
        start = end
    return tuple(placed)


def frame_slots(clip: ClipFacts, fps: Fraction, speed: Fraction = Fraction(1)) -> int:
    """How many frames of the master's grid the whole clip fills at this speed; at least one."""
    return max(1, nearest_frame(_length_s(clip) / speed, fps))


def used_frames(episode: Episode, key: str, clip: ClipFacts | None) -> int:
    """How many frames of the master this shot takes. For `auto` those of its clip; 0 while there is none."""
    shot = episode.shot(key)
    if shot.cut_s is None:
        return _auto_frames(shot.edit, clip, episode.master.fps) if clip else 0
    return _placed(_TheseShots(episode.shots), episode.master.fps)[shot.index].frames


@dataclass(frozen=True, slots=True, eq=False)
class _TheseShots:
    """The very shots of one episode, not others that are equal: to compare them takes as long as to place them."""

    shots: tuple[Shot, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _TheseShots) and self.shots is other.shots

    def __hash__(self) -> int:
        return id(self.shots)


@lru_cache(maxsize=8)
def _placed(these: _TheseShots, fps: Fraction) -> tuple[Span, ...]:
    """The plan asks once for every shot; placing an episode anew each time would grow with its square."""
    return spans([each.cut_s for each in these.shots], fps)


def _auto_frames(edit: Edit, clip: ClipFacts, fps: Fraction) -> int:
    """Of a shot that is as long as its clip: from its in-point to the end, or to so long before that."""
    end = frame_slots(clip, fps, edit.speed) + nearest_frame((edit.out_s or 0) / edit.speed, fps)
    moving = max(1, end - nearest_frame(edit.in_s / edit.speed, fps))
    return moving + nearest_frame(edit.hold_first_s, fps) + nearest_frame(edit.hold_last_s, fps)


def footage(edit: Edit, frames: int, clip: ClipFacts, fps: Fraction) -> Footage:
    """The part of its clip that is shown by a shot which takes so many frames of the master."""
    return footage_of(edit, frames, _length_s(clip), fps)


def footage_of(edit: Edit, frames: int, lasts_s: Fraction, fps: Fraction) -> Footage:
    """The same of a clip that lasts so many seconds."""
    first, last = nearest_frame(edit.hold_first_s, fps), nearest_frame(edit.hold_last_s, fps)
    return Footage(
        first=nearest_frame(edit.in_s / edit.speed, fps),
        slots=max(1, frames - first - last),
        available=max(1, nearest_frame(lasts_s / edit.speed, fps)),
        hold_first=first,
        hold_last=last,
        speed=edit.speed,
    )


def tail_index(clip: ClipFacts, end: int, fps: Fraction, speed: Fraction = Fraction(1)) -> int:
    """The frame of the clip that is on screen when the cut leaves it after `end` slots of it.

    Follows ffmpeg's `fps=…:round=near`: each decoded frame goes to the slot nearest to its time, and a slot shows the
    last frame whose slot is not later. A clip that is not trimmed ends on its last decoded frame. Counts from 0.
    """
    last = clip.frames - 1
    if end >= frame_slots(clip, fps, speed):
        return last
    times = range(clip.frames)
    shown = bisect_right(times, end - 1, key=lambda index: nearest_frame(_time_s(clip, index) / speed, fps))
    return min(max(shown - 1, 0), last)


def tail_of(edit: Edit, frames: int, clip: ClipFacts, fps: Fraction) -> int:
    """The last frame of its clip that is shown by a shot which takes so many frames of the master."""
    return tail_index(clip, footage(edit, frames, clip, fps).end, fps, edit.speed)


def acceptable_tails(shot: Shot, clip: ClipFacts, fps: Fraction) -> frozenset[int]:
    """Every tail frame that this shot may have, wherever it stands in the episode.

    A length off the frame grid takes one frame more or less depending on what runs before it. A successor made on
    either tail is as good, else moving one cut early in an episode would call every later chain stale.
    """
    if shot.cut_s is None:
        return frozenset({tail_of(shot.edit, _auto_frames(shot.edit, clip, fps), clip, fps)})
    exact = shot.cut_s * fps
    return frozenset(tail_of(shot.edit, max(1, frames), clip, fps) for frames in {floor(exact), ceil(exact)})


def _time_s(clip: ClipFacts, index: int) -> Fraction:
    if clip.frame_times_us is None:
        return index / clip.fps
    return Fraction(clip.frame_times_us[index] - clip.frame_times_us[0], _MICROSECONDS)


def _length_s(clip: ClipFacts) -> Fraction:
    """Seconds of the picture, from its first frame: exact where the rate is constant, as a container rounds."""
    if clip.frame_times_us is None and clip.fps:
        return clip.frames / clip.fps
    return Fraction(clip.duration_s)


def rate_from(text: str) -> Fraction:
    """Frames per second as `str` writes a Fraction: "24", "24000/1001".

    Raises ValueError for any other text: to read "1e999999999" would take a machine's memory.
    """
    if not _RATE.fullmatch(text):
        raise ValueError("no rate of frames per second")
    return Fraction(text)


def with_rate(written: Any) -> Any:
    """A mapping from JSON with its text under `fps` read by `rate_from`, which may raise; anything else as it is."""
    match written:
        case {"fps": str(fps)}:
            return {**written, "fps": rate_from(fps)}
    return written
