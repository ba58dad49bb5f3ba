"""Takes exact frames out of clips: the true last one, or any other by its number.

Times lie: sound may be longer than the picture, frames irregular, the header rounded. So the last frame is found by
decoding from the last key frame to the end, and any other by the order of the packets' own times. Frames count from 0
in the order in which they are shown, and come out as a player shows them; HDR and its like as the master does.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from PIL import Image

from render.errors import MediaError
from render.media.av_input import need_picture, opened, pixel_ratio_of
from render.media.chosen_frames import chosen_frames, frame_times, from_start
from render.media.colour_conversion import brought, in_bt709, is_ordinary, matrix_of
from render.media.displayed_frame import displayed, displayed_size
from render.media.ffmpeg import run, run_from_thread
from render.media.graph import PRECISE, Stream, sink
from render.media.signature import StreamSignature, signature, signature_of
from render.media.stream_traits import traits_of
from storyboard.bind.fits import FRAME_SLACK_S
from storyboard.film_traits import Trait
from storyboard.shot import Window

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream


def extract_frame(clip: Path, index: int | None, target: Path) -> None:
    """Write frame `index` of the clip (None: the last one) to `target` as PNG. Raises MediaError where there is none.

    The last frame of an ordinary clip costs about the same however long the clip is. Others go through ffmpeg, which is
    waited for: not to be called where an event loop runs.
    """
    if index is not None:
        save_png(frames_shown(clip, [index], target.parent)[index], target)
        return
    with opened(clip) as container:
        stream = need_picture(container, clip)
        frame = _last(container, stream)
        if frame is None:
            raise MediaError(f"{clip.name} holds no frame that can be decoded", "Fetch it again")
        place = None if is_ordinary(signature_of(stream, frame)) else _place(container, stream, frame)
        picture = _shown(stream, frame, place, clip, target.parent)
    save_png(picture, target)


def frames_shown(clip: Path, indexes: Collection[int], scratch: Path) -> dict[int, Image.Image]:
    """These frames as pictures, by their number, from one pass over the clip. See `extract_frame`.

    `scratch` is a folder for what ffmpeg writes on the way.
    """
    with opened(clip) as container:
        stream = need_picture(container, clip)
        frames = chosen_frames(container, stream, indexes, clip)
        return {index: _shown(stream, frame, index, clip, scratch) for index, frame in frames.items()}


def save_png(picture: Image.Image, target: Path) -> None:
    """Write a frame as PNG, whole or not at all. The same picture gives the same bytes."""
    part = target.with_name(f".{target.stem}.{token_hex(4)}.part")
    try:
        picture.save(part, format="PNG", compress_level=3)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _shown(stream: VideoStream, frame: VideoFrame, index: int | None, clip: Path, scratch: Path) -> Image.Image:
    """The frame as a picture. Its number is known, unless it is ordinary."""
    encoded = signature_of(stream, frame)
    if index is None or is_ordinary(encoded):
        return displayed(frame, pixel_ratio_of(stream))
    return _brought(clip, encoded, index, scratch)


def _last(container: InputContainer, stream: VideoStream) -> VideoFrame | None:
    container.seek(_end_of(container, stream), stream=stream)
    return _newest(container.decode(stream)) or _newest(from_start(container, stream))


def _end_of(container: InputContainer, stream: VideoStream) -> int:
    """A time at or after the last frame, in ticks; seeking there lands on the last key frame."""
    start = stream.start_time or 0
    if stream.duration:
        return start + stream.duration
    tick_s = stream.time_base or Fraction(1, 90_000)
    return start + int(Fraction(container.duration or 0, 1_000_000) / tick_s)


def _newest(frames: Iterator[VideoFrame]) -> VideoFrame | None:
    newest = None
    for frame in frames:
        newest = frame
    return newest


def _place(container: InputContainer, stream: VideoStream, frame: VideoFrame) -> int:
    """How many frames are shown before this one."""
    container.seek(stream.start_time or 0, stream=stream)
    times = sorted(frame_times(container, stream))
    return len(times) - 1 if frame.pts is None else bisect_right(times, frame.pts) - 1


def _brought(clip: Path, encoded: StreamSignature, index: int, scratch: Path) -> Image.Image:
    """The frame in the master's colours, by the same graph as a conformed piece."""
    width, height = displayed_size(encoded.width, encoded.height, encoded.pixel_ratio, encoded.turn)
    shown = brought(clip, encoded, only=range(index, index + 1))
    matrix = matrix_of(encoded)
    seen = shown.filter("scale", w=width, h=height, in_color_matrix=matrix, out_range="pc", flags=PRECISE)
    part = scratch / f".frame-{token_hex(8)}.rgb"
    options = {"c:v": "rawvideo", "pix_fmt": "rgb24", "fps_mode": "passthrough"}
    try:
        graph = sink([seen.filter("format", "rgb24")], part, format="rawvideo", **options)
        run_from_thread(graph, what=f"show frame {index} of {clip.name}")
        return Image.frombytes("RGB", (width, height), part.read_bytes())
    finally:
        part.unlink(missing_ok=True)


async def extract_tail_clip(clip: Path, end_index: int | None, seconds: float, target: Path) -> None:
    """Write the last `seconds` up to and with frame `end_index` (None: the last one) to `target`, an MP4 without sound.

    Never less, because vendors refuse a reference that is too short; a clip that is shorter gives what it has. The
    frames are the clip's own, as displayed.
    """
    first, after = await asyncio.to_thread(_window, clip, end_index, seconds)
    encoded = await asyncio.to_thread(signature, clip)
    shown = brought(clip, encoded, only=range(first, after)).filter("setpts", "PTS-STARTPTS")
    square = _square(shown, encoded)
    options = {"c:v": "libx264", "crf": 16, "preset": "veryfast", "pix_fmt": "yuv420p", "fps_mode": "passthrough"}
    graph = sink([square], target, format="mp4", movflags="+faststart", **options)
    await run(graph, what=f"take the last {seconds:g} s of {clip.name}")


@dataclass(frozen=True, slots=True)
class FilmPart:
    """Some frames of a film, and when they begin and end, in seconds as ffmpeg counts them (see `source`)."""

    frames: range
    starts_s: Fraction
    ends_s: Fraction


def frames_within(film: Path, window: Window) -> FilmPart:
    """The frames that lie whole within a part, which counts from the film's first frame and has both ends.

    So it is never longer than it says, and a vendor's longest holds. Raises MediaError where no frame lies in it.
    """
    with opened(film) as container:
        stream = need_picture(container, film)
        tick_s = stream.time_base or Fraction(1, 90_000)
        times = sorted(frame_times(container, stream))
        zero_s = Fraction(container.start_time or 0, 1_000_000)
    ends = [*times[1:], times[-1] + _lasting(times, tick_s)] if times else []
    begin, end = (Fraction(each or 0) / tick_s + (times[0] if times else 0) for each in (window.start_s, window.end_s))
    slack = FRAME_SLACK_S / tick_s
    first = bisect_left(times, begin - slack)
    after = max(first, bisect_right(ends, end + slack))
    if first == after:
        raise MediaError(f"no frame of {film.name} lies between {window.start_s} s and {window.end_s} s")
    return FilmPart(range(first, after), times[first] * tick_s - zero_s, ends[after - 1] * tick_s - zero_s)


def _square(shown: Stream, encoded: StreamSignature) -> Stream:
    """With square pixels; what is not ordinary, in BT.709 as well, and says so."""
    wide, high = "trunc(iw*sar/2)*2", "trunc(ih/2)*2"
    if set(traits_of(encoded)) - {Trait.TURNED, Trait.CODEC}:
        return in_bt709(shown, encoded, wide, high)
    return shown.filter("scale", w=wide, h=high, flags="bicubic").filter("setsar", 1)


def _window(clip: Path, end_index: int | None, seconds: float) -> tuple[int, int]:
    """The frames of a tail, as first and one after last."""
    with opened(clip) as container:
        stream = need_picture(container, clip)
        tick_s = stream.time_base or Fraction(1, 90_000)
        times = sorted(frame_times(container, stream))
    last = len(times) - 1 if end_index is None else end_index
    if not 0 <= last < len(times):
        raise MediaError(f"{clip.name} has no frame {end_index}: it has {len(times)}, counted from 0")
    begin = times[last] + _lasting(times, tick_s) - Fraction(seconds) / tick_s
    return max(0, bisect_right(times, begin) - 1), last + 1


def _lasting(times: list[int], tick_s: Fraction) -> int:
    """How many ticks the last frame of a tail lasts for certain: a step where all are alike, else nothing."""
    steps = [later - earlier for earlier, later in pairwise(times)] or [0]
    even = (max(steps) - min(steps)) * tick_s <= Fraction(1, 1000)
    return min(steps) if even else 0
