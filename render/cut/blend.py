"""Draws a transition: two pictures that go over into each other, frame by frame, in the master's format.

Of a transition of N frames, frame i (from 1) shows i/(N+1) of the picture that comes: it never repeats what stands
before or after it. A dip goes to its colour over its first half, and from it over its second.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from render.cut.conform import ClipPart, conformed_part
from render.cut.house_encoder import in_format, output
from render.media.ffmpeg import Progress, run
from render.media.graph import Stream, invented, merge
from storyboard.edit import TransitionKind
from storyboard.shot import MasterFormat

_RECIPE = "blend-1"
"""Changes with anything below that changes pictures."""

_HOW: Mapping[TransitionKind, str] = MappingProxyType(
    {
        TransitionKind.DISSOLVE: "fade",
        TransitionKind.DIP_TO_BLACK: "fade",
        TransitionKind.DIP_TO_WHITE: "fade",
        TransitionKind.WIPE_LEFT: "wipeleft",
        TransitionKind.WIPE_RIGHT: "wiperight",
        TransitionKind.WIPE_UP: "wipeup",
        TransitionKind.WIPE_DOWN: "wipedown",
    }
)
"""What ffmpeg's `xfade` calls each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """A transition of so many frames from one part of a clip to another; None is black, or white.

    Each part is as long as the transition; of a dip each is as long as its own half.
    """

    kind: TransitionKind
    frames: int
    first: ClipPart | None
    second: ClipPart | None

    def key(self, first: str, second: str) -> str:
        """The name under which it is kept, by those of its two parts."""
        said = f"{self.kind} of {self.frames} from {first} to {second}"
        return f"{_RECIPE}:{hashlib.sha256(said.encode()).hexdigest()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """What is shown of each of the two pictures before they are blended, and the format of what comes of it."""

    seen: MasterFormat
    going: Callable[[Stream], Stream]
    coming: Callable[[Stream], Stream]


async def blend(
    drawn: Blend,
    master: MasterFormat,
    target: Path,
    *,
    what: str = "",
    progress: Progress | None = None,
    views: Views | None = None,
    cwd: Path | None = None,
) -> None:
    """Write a transition to `target` (.mp4), without sound. Raises MediaError, in which `what` names the transition.

    With `views` only a part of each picture is blended; ffmpeg runs in `cwd` then, where these may find their files.
    """
    views = views or Views(seen=master, going=_whole, coming=_whole)
    graph = output(await _picture(drawn, master, views, what), None, target, views.seen)
    await run(
        graph, what=f"draw {what or drawn.kind}", total_s=float(drawn.frames / master.fps), progress=progress, cwd=cwd
    )


def _whole(picture: Stream) -> Stream:
    return picture


async def _picture(drawn: Blend, master: MasterFormat, views: Views, what: str) -> Stream:
    first, second, kind, seen = drawn.first, drawn.second, drawn.kind, views.seen
    going = coming = None
    if first is not None:
        going = views.going(in_format(await conformed_part(first, master, what=what), master))
    if second is not None:
        coming = views.coming(in_format(await conformed_part(second, master, what=what, again=True), master))
    if kind.dips:
        halves = []
        if first is not None:
            halves.append(_mixed(going, None, first.shown.frames, kind, seen))
        if second is not None:
            halves.append(_mixed(None, coming, second.shown.frames, kind, seen))
        return halves[0] if len(halves) == 1 else merge(halves, "concat", n=2, v=1, a=0)
    return _mixed(going, coming, drawn.frames, kind, seen)


def _mixed(
    going: Stream | None, coming: Stream | None, frames: int, kind: TransitionKind, master: MasterFormat
) -> Stream:
    """Each stream is led in by a frame that is left out again, as `xfade` begins with the first picture alone."""
    first = going if going is not None else _plain(kind, master)
    second = coming if coming is not None else _plain(kind, master, again=True)
    pair = [_led_in(each, frames, master) for each in (first, second)]
    lasts = str(float((frames + 1) / master.fps))
    both = merge(pair, "xfade", transition=_HOW[kind], duration=lasts, offset=0)
    return both.filter("trim", start_frame=1, end_frame=frames + 1).filter("setpts", "PTS-STARTPTS")


def _led_in(video: Stream, frames: int, master: MasterFormat) -> Stream:
    led = video.filter("tpad", start=1, start_mode="clone", stop=1, stop_mode="clone")
    return led.filter("trim", end_frame=frames + 2).filter("settb", str(1 / master.fps)).filter("setpts", "N")


def _plain(kind: TransitionKind, master: MasterFormat, *, again: bool = False) -> Stream:
    """The colour that a transition goes through. `again` is for the second in one graph, which knows its inputs by how
    they are written."""
    colour = "white" if kind is TransitionKind.DIP_TO_WHITE else "black"
    made = invented(f"color=c={colour}:s={master.width}x{master.height}:r={master.fps}{':sar=1' if again else ''}")
    return in_format(made, master)
