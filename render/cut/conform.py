"""Brings one clip to the master's format: its size, its frame rate, an exact number of frames. Once, when it arrives.

The sound stays in the original clip, from which the join decodes it: a conformed piece is a picture only.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from render.cut import house_encoder
from render.media.colour_conversion import brought, scaled
from render.media.ffmpeg import Progress, run
from render.media.graph import Stream
from render.media.signature import StreamSignature, signature
from storyboard.framing import Framing, framing
from storyboard.shot import MasterFormat
from storyboard.takes import ClipFacts

_RECIPE, _RECIPE_OF_OTHERS = "conform-1", "conform-2"
"""Change with anything below that changes pictures: pieces kept under the old name are then not used any more. The
second is for clips that are not ordinary (see `render.media.colour_conversion`)."""


def conform_key(clip_sha256: str, frames: int, master: MasterFormat, *, ordinary: bool = True) -> str:
    """The name under which a conformed piece is kept: the same key always means the same picture.

    `ordinary` says of the clip what `render.media.colour_conversion.is_ordinary` does.
    """
    recipe = _RECIPE if ordinary else _RECIPE_OF_OTHERS
    return f"{recipe}:{house_encoder.RECIPE}:{clip_sha256}:{frames}:{master.width}x{master.height}:{master.fps}"


async def conform(
    clip: Path,
    facts: ClipFacts,
    frames: int,
    master: MasterFormat,
    target: Path,
    *,
    what: str = "",
    progress: Progress | None = None,
) -> None:
    """Write the first `frames` frames of the master's time that the clip fills to `target` (.mp4), without sound.

    A clip whose ratio is a little off is cropped, another is padded with black. Where the clip is too short its last
    frame is held; whether that is too much is for the checks to say. Raises MediaError, in which `what` names the shot.
    """
    encoded = await asyncio.to_thread(signature, clip)
    exact = in_master_format(clip, facts, encoded, master, what=what).filter("trim", end_frame=frames)
    graph = house_encoder.output(exact, None, target, master)
    await run(graph, what=f"conform {what or clip.name}", total_s=float(frames / master.fps), progress=progress)


def in_master_format(
    clip: Path, facts: ClipFacts, encoded: StreamSignature, master: MasterFormat, *, what: str = ""
) -> Stream:
    """The clip's picture at the master's size and rate, with its last frame held for ever: trim it to what is used."""
    timed = _timed(brought(clip, encoded, what), facts).filter("fps", fps=str(master.fps), round="near")
    return _framed(timed, facts, encoded, master).filter("tpad", stop_mode="clone", stop=-1)


def _timed(video: Stream, facts: ClipFacts) -> Stream:
    """Frame times counted from the first frame, as the facts have them, free of the container's rounding."""
    if facts.frame_times_us is None:
        return video.filter("settb", f"{facts.fps.denominator}/{facts.fps.numerator}").filter("setpts", "N")
    return video.filter("setpts", "PTS-STARTPTS").filter("settb", "1/1000000")


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
