"""Markers for editors, in the EDL that DaVinci Resolve writes and reads: Timelines, Import, Timeline Markers from EDL.

Each marker is an event of one frame, and below it a line: what is noted, then `|C:` its colour, `|M:` its name, and
`|D:` its length. Resolve keeps one marker a frame, and takes a line that begins with a digit for another event.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from storyboard.text.printable import one_line

_FIRST_HOUR = 1
"""Where a programme begins, as timelines do unless somebody says otherwise: at 01:00:00:00."""

_NOTED, _WISHED = "ResolveColorYellow", "ResolveColorRed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What is marked on one frame of the master, from 0. `wish`: somebody asks for another take there."""

    frame: int
    name: str
    words: str
    wish: bool = False


def marker_edl(title: str, markers: Sequence[Marker], fps: Fraction) -> str:
    """The whole file; markers on one frame become one."""
    by_frame: dict[int, list[Marker]] = {}
    for marker in sorted(markers, key=lambda each: each.frame):
        by_frame.setdefault(marker.frame, []).append(marker)
    events = [_event(number, each, fps) for number, each in enumerate(by_frame.values(), start=1)]
    return "\n".join([f"TITLE: {one_line(title)}", "FCM: NON-DROP FRAME", "", *events, ""])


def timecode(frame: int, fps: Fraction) -> str:
    """`HH:MM:SS:FF` of a frame of the master; frames count as they do at the next whole rate, and none is dropped."""
    rate = -(-fps.numerator // fps.denominator)
    seconds, frames = divmod(frame + _FIRST_HOUR * 3600 * rate, rate)
    return f"{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{frames:02}"


def _event(number: int, markers: Sequence[Marker], fps: Fraction) -> str:
    begin, end = timecode(markers[0].frame, fps), timecode(markers[0].frame + 1, fps)
    words = _plain(" / ".join(each.words for each in markers))
    name = _plain(", ".join(dict.fromkeys(each.name for each in markers)))
    colour = _WISHED if any(each.wish for each in markers) else _NOTED
    times = f"{number:03}  001      V     C        {begin} {end} {begin} {end}  "
    return f"{times}\n{words} |C:{colour} |M:{name} |D:1\n"


def _plain(text: str) -> str:
    """On one line, without the sign that parts a line, and not like the beginning of an event."""
    line = one_line(text).replace("|", "/")
    return f"- {line}" if line[:1].isdigit() else line
