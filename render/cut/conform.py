"""Brings one clip to the master's format: its size, its frame rate, an exact number of frames. Once, when it arrives.

The sound stays in the original clip, from which the join decodes it: a conformed piece is a picture only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from render.cut import house_encoder
from render.media.colour_conversion import brought, scaled
from render.media.ffmpeg import Progress, run
from render.media.graph import Stream, source
from render.media.signature import StreamSignature, signature_of_clip
from storyboard.framing import Framing, framing
from storyboard.shot import MasterFormat
from storyboard.takes import ClipFacts
from storyboard.timeline.source_range import Shown

_RECIPE, _RECIPE_OF_OTHERS, _RECIPE_OF_PARTS = "conform-1", "conform-2", "part-1"
"""Change with anything below that changes pictures: pieces kept under the old name are then not used any more. The
second is for clips that are not ordinary (see `render.media.colour_conversion`), the third for parts of clips, held
frames, and clips that are played at another speed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipPart:
    """What is seen of one clip: its file, which of its slots, and at which speed they are counted.

    `clip` is None for a file that `house_encoder` wrote in the master's format.
    """

    path: Path
    clip: ClipFacts | None
    shown: Shown
    speed: Fraction = Fraction(1)
    ordinary: bool = True  # see `render.media.colour_conversion.is_ordinary`

    def key(self, name: str, master: MasterFormat) -> str:
        """The name under which it is kept once it is conformed: the same key always means the same picture.

        `name` stands for the file of a slate, whose looks follow from it.
        """
        what = self.clip.sha256 if self.clip is not None else name
        shown = self.shown
        recipe = _RECIPE if self.ordinary else _RECIPE_OF_OTHERS
        part = f"{shown.slots}"
        if self.clip is None or self.speed != 1 or shown.first or shown.held_before or shown.held_after:
            recipe = f"{_RECIPE_OF_PARTS}:{recipe}"
            part = f"{shown.first}+{shown.slots}:{shown.held_before}+{shown.held_after}:{self.speed}"
        return f"{recipe}:{house_encoder.RECIPE}:{what}:{part}:{master.width}x{master.height}:{master.fps}"


async def conform(
    part: ClipPart, master: MasterFormat, target: Path, *, what: str = "", progress: Progress | None = None
) -> None:
    """Write this part of a clip to `target` (.mp4) in the master's format, without sound.

    A clip whose ratio is a little off is cropped, another is padded with black. Where the clip is too short its last
    frame is held; whether that is too much is for the checks to say. Raises MediaError, in which `what` names the shot.
    """
    exact = await conformed_part(part, master, what=what)
    graph = house_encoder.output(exact, None, target, master)
    total_s = float(part.shown.frames / master.fps)
    await run(graph, what=f"conform {what or part.path.name}", total_s=total_s, progress=progress)


async def conformed_part(part: ClipPart, master: MasterFormat, *, what: str = "", again: bool = False) -> Stream:
    """The part as a picture in a graph: so many frames at the master's size and rate, the first of them at 0.

    `again` is for the second of two parts in one graph, which may be of one file.
    """
    shown = part.shown
    if part.clip is None:
        own = source(part.path, **_APART if again else {}).video
        video = own.filter("settb", str(1 / master.fps)).filter("setpts", "N").filter("tpad", **_HELD_ON)
    else:
        encoded = await asyncio.to_thread(signature_of_clip, part.path, part.clip.sha256)
        video = in_master_format(part.path, part.clip, encoded, master, what=what, speed=part.speed, again=again)
    video = video.filter(
        "trim", **({"start_frame": shown.first} if shown.first else {}), end_frame=shown.first + shown.slots
    )
    if shown.first:
        video = video.filter("setpts", "PTS-STARTPTS")
    if shown.held_before or shown.held_after:
        held = {"start": shown.held_before, "stop": shown.held_after}
        video = video.filter("tpad", start_mode="clone", stop_mode="clone", **held)
    return video


_HELD_ON: Mapping[str, object] = {"stop_mode": "clone", "stop": -1}
_APART: Mapping[str, object] = {"stream_loop": 0}  # changes nothing: a graph knows its inputs by how they are written


def in_master_format(
    clip: Path,
    facts: ClipFacts,
    encoded: StreamSignature,
    master: MasterFormat,
    *,
    what: str = "",
    speed: Fraction = Fraction(1),
    again: bool = False,
) -> Stream:
    """The clip's picture at the master's size and rate, with its last frame held for ever: trim it to what is used.

    `again` is for the second of two clips in one graph, which may be the same.
    """
    video = brought(clip, encoded, what, input_options=_APART if again else {})
    timed = _timed(video, facts, speed).filter("fps", fps=str(master.fps), round="near")
    return _framed(timed, facts, encoded, master).filter("tpad", **_HELD_ON)


def _timed(video: Stream, facts: ClipFacts, speed: Fraction) -> Stream:
    """Frame times counted from the first frame, as the facts have them, free of the container's rounding.

    At another speed they are counted in a unit in which each of them is whole, or nearly so.
    """
    faster, slower = speed.numerator, speed.denominator
    if facts.frame_times_us is None:
        unit = 1 / (facts.fps * faster)
        return video.filter("settb", f"{unit.numerator}/{unit.denominator}").filter(
            "setpts", "N" if slower == 1 else f"N*{slower}"
        )
    timed = video.filter("setpts", "PTS-STARTPTS").filter("settb", f"1/{1_000_000 * faster}")
    return timed if speed == 1 else timed.filter("setpts", f"PTS*{slower}/{faster}")


def _framed(video: Stream, facts: ClipFacts, encoded: StreamSignature, master: MasterFormat) -> Stream:
    """The picture at the master's size, in the master's colours. ffmpeg has turned it already."""
    width, height = scaled_size(facts.width, facts.height, master)
    sized = scaled(video, encoded, width, height).filter("setsar", 1)
    if (width, height) == (master.width, master.height):
        return sized
    if framing(facts.width, facts.height, master) is Framing.CROP:
        return sized.filter("crop", master.width, master.height)
    return sized.filter("pad", master.width, master.height, "trunc((ow-iw)/4)*2", "trunc((oh-ih)/4)*2", "black")


def scaled_size(width: int, height: int, master: MasterFormat) -> tuple[int, int]:
    """Width and height to scale a clip of this displayed size to, before a crop or a pad; even, as 4:2:0 wants it."""
    how = framing(width, height, master)
    if how is Framing.WHOLE:
        return master.width, master.height
    wide = width * master.height > height * master.width
    if wide == (how is Framing.CROP):
        return max(2, 2 * round(width * master.height / height / 2)), master.height
    return master.width, max(2, 2 * round(height * master.width / width / 2))
