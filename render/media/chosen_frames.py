"""Decodes frames of a clip that are chosen by their number, in one pass, and no more of the clip than they need.

Frames count from 0 in the order in which they are shown, by the packets' own times. From the key frame before it, each
frame may need all that lie between; but an H.264 picture that says that no other is predicted from it is needed by
nobody, and is passed over unless it is chosen: about half of what encoders write.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from render.errors import MediaError

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream


def chosen_frames(
    container: InputContainer, stream: VideoStream, chosen: Collection[int], clip: Path
) -> dict[int, VideoFrame]:
    """These frames by their number. Raises MediaError where there is no such frame in `clip`, which is open."""
    packets = [(time, key) for time, key in _shown(container, stream)]
    times, keys = sorted(time for time, _ in packets), sorted(time for time, key in packets if key)
    for index in chosen:
        if not 0 <= index < len(times):
            raise MediaError(f"{clip.name} has no frame {index}: it has {len(times)}, counted from 0")
    numbers = {times[index]: index for index in sorted(chosen)}
    found: dict[int, VideoFrame] = {}
    for _, together in groupby(sorted(numbers), key=lambda time: bisect_right(keys, time)):
        for frame in _passing(container, stream, set(together)):
            assert frame.pts is not None
            found[numbers[frame.pts]] = frame
    return {index: found[index] if index in found else _counted(container, stream, index, clip) for index in chosen}


def frame_times(container: InputContainer, stream: VideoStream) -> Iterator[int]:
    """When each shown frame begins, in ticks, by the packets alone: nothing is decoded. In the order of the file."""
    return (time for time, _ in _shown(container, stream))


def from_start(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Every frame, from the first one."""
    container.seek(stream.start_time or 0, stream=stream)
    return container.decode(stream)


def _shown(container: InputContainer, stream: VideoStream) -> Iterator[tuple[int, bool]]:
    """Of each packet that is shown, when, and whether it is a key frame."""
    for packet in container.demux(stream):
        if packet.pts is not None and packet.size and not packet.is_discard:
            yield packet.pts, packet.is_keyframe


def _passing(container: InputContainer, stream: VideoStream, due: set[int]) -> Iterator[VideoFrame]:
    """The frames of these times, which share the key frame before them, as far as they come where they should."""
    last, waiting = max(due), set(due)
    container.seek(min(due), stream=stream)
    skips = stream.codec_context.name == "h264"
    try:
        for packet in container.demux(stream):
            if skips:
                stream.codec_context.skip_frame = "DEFAULT" if packet.pts in due or packet.pts is None else "NONREF"
            for frame in packet.decode():
                if frame.pts in waiting and not (skips and frame.interlaced_frame):  # a half may have been passed over
                    waiting.remove(frame.pts)
                    yield frame
                elif frame.pts is not None and frame.pts > last:
                    return
            if not waiting:
                return
    finally:
        stream.codec_context.skip_frame = "DEFAULT"


def _counted(container: InputContainer, stream: VideoStream, index: int, clip: Path) -> VideoFrame:
    """The slow way, for clips whose key frames or times mislead."""
    for place, frame in enumerate(from_start(container, stream)):
        if place == index:
            return frame
    raise MediaError(f"{clip.name} ends before frame {index}", "Fetch it again")
