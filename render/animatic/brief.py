"""The brief of one animatic: what is drawn of a request, and on which of its frames. Pure."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from render.animatic.camera import Move, Size, read_move, read_size
from storyboard.continuity.timing import AUTO_S, frame_count
from storyboard.request import Request

_CLEAR_S = 0.25  # the end of a shot that no subtitle covers, so that the tail frame carries none into the next


@dataclass(frozen=True, slots=True)
class Cue:
    """A subtitle, shown from frame `start` to before frame `end`; frames count from 0."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Setup:
    """One framing, from frame `start` to before frame `end`."""

    start: int
    end: int
    size: Size
    side: float  # where the eye rests, from -1 (left) to 1 (right)
    move: Move

    def progress(self, frame: int) -> float:
        """How far into the setup a frame is, 0 at its first and 1 at its last."""
        return (frame - self.start) / max(1, self.end - self.start - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """Everything that is drawn of one shot, apart from its art. Sizes are in pixels, frames count from 0."""

    key: str
    title: str
    prompt: str
    width: int
    height: int
    fps: Fraction
    frames: int
    beats: tuple[int, ...]  # frames on which the picture changes, the first one not included
    cues: tuple[Cue, ...]
    setups: tuple[Setup, ...]
    shade: int  # 0 to 359: the hue of a card without art, the same for the same wish

    @property
    def duration_s(self) -> float:
        """How long the shot lasts, in seconds."""
        return float(self.frames / self.fps)


def brief(request: Request) -> Brief:
    """Read a request as a brief. The same request always gives the same brief."""
    frames = frame_count(request.duration_s or AUTO_S, request.fps)
    beats = _beat_frames(request, frames)
    chance = _chance(request)
    return Brief(
        key=request.slate.get("key") or request.shot,
        title=request.slate.get("title", ""),
        prompt=request.prompt,
        width=request.width,
        height=request.height,
        fps=request.fps,
        frames=frames,
        beats=beats,
        cues=_cues(request.slate.get("line", ""), frames, request.fps),
        setups=_setups(request.slate.get("camera", ""), (0, *beats), frames, chance),
        shade=chance[1] * 360 // 256,
    )


def _chance(request: Request) -> bytes:
    """What stands in for chance: fixed for a wish and a variation, so a take can be drawn again to the pixel."""
    return hashlib.sha256(f"{request.wish} {request.variation} {request.written_seed}".encode()).digest()


def _beat_frames(request: Request, frames: int) -> tuple[int, ...]:
    times = json.loads(request.slate.get("beats") or "[]")
    grid = {math.floor(Fraction(str(time)) * request.fps + Fraction(1, 2)) for time in times}
    return tuple(sorted(frame for frame in grid if 0 < frame < frames))


def _cues(line: str, frames: int, fps: Fraction) -> tuple[Cue, ...]:
    """Share the shot's time between its lines by their length; the end stays clear."""
    lines = [text for text in line.splitlines() if text.strip()]
    end = max(1, frames - max(2, round(_CLEAR_S * fps)))
    weights = [len(text) + 12 for text in lines]
    edges = [round(end * sum(weights[:place]) / sum(weights)) for place in range(len(lines) + 1)] if lines else []
    return tuple(Cue(text, *edges[place : place + 2]) for place, text in enumerate(lines))


def _setups(camera: str, starts: Sequence[int], frames: int, chance: bytes) -> tuple[Setup, ...]:
    """A framing for each beat: the words decide the first and every move; later ones go nearer and away again."""
    first = read_size(camera) or (Size.WIDE, Size.MEDIUM, Size.MEDIUM, Size.CLOSE)[chance[2] % 4]
    cycle = {
        Size.WIDE: (Size.WIDE, Size.MEDIUM, Size.CLOSE),
        Size.MEDIUM: (Size.MEDIUM, Size.CLOSE, Size.WIDE),
        Size.CLOSE: (Size.CLOSE, Size.WIDE, Size.MEDIUM),
    }[first]
    ends = (*starts[1:], frames)
    return tuple(
        Setup(
            start,
            end,
            cycle[place % 3],
            (chance[3 + place % 20] / 255 * 2 - 1) * (1 if place % 2 else -1),
            read_move(camera, chance[4 + place % 20] / 256),
        )
        for place, (start, end) in enumerate(zip(starts, ends, strict=True))
    )
