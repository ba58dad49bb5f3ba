"""Decodes a film or a sound from its first packet to its last, and says what was met on the way.

A header may promise more than there is, so only what was decoded counts. Nothing is kept of the frames, so a long film
takes time and no memory.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from render.errors import Damaged
from render.media.av_input import MOST_SECONDS
from render.media.mpeg_frames import adts_frame_bytes, mp3_frame_bytes
from render.media.signature import StreamSignature, signature_of

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

Progress = Callable[[float], None]

MOST_FRAMES = MOST_SECONDS * 120
"""Frames of the longest clip that is decoded, at 120 a second."""

_FRAME_HEADERS = {"mp3": mp3_frame_bytes, "aac": adts_frame_bytes}
_SMALLEST_SAMPLE = 64  # bytes of all channels of a WAV at one moment, and more


def frames_in(packet: Packet[Any], demuxer: str) -> list[VideoFrame] | list[AudioFrame]:
    """What a packet holds, decoded. Tags between frames, and the odd bytes at a WAV's end, come as packets too.

    Raises what PyAV raises for a frame that cannot be decoded.
    """
    from av.error import InvalidDataError

    try:
        return packet.decode()
    except InvalidDataError:
        if _is_frame(packet, demuxer):
            raise
        return []


def _is_frame(packet: Packet[Any], demuxer: str) -> bool:
    if demuxer == "wav":
        return packet.size >= _SMALLEST_SAMPLE
    frame_bytes = _FRAME_HEADERS.get(demuxer)
    return frame_bytes is None or frame_bytes(bytes(packet)[:8]) is not None


@dataclass(slots=True)
class Watched:
    """What decoding a file has told of its picture and its sound."""

    size: tuple[int, int] | None = None  # coded
    encoded: StreamSignature | None = None
    times: list[int] = field(default_factory=list)  # starts of frames, in ticks
    last_ticks: int = 0  # how long the last frame says it lasts
    heard_s: Fraction = Fraction(0)
    channels: int = 0  # the most that its sound has
    ends_s: float = 0.0  # when the last packet ends

    def picture_lasts(self, tick_s: Fraction) -> Fraction:
        """Seconds of an irregular picture: to the start of its last frame, and what that frame lasts."""
        span = self.times[-1] - self.times[0]
        return (span + (self.last_ticks or span // max(1, len(self.times) - 1))) * tick_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One decoding of one open file: of its picture, its sound, or both."""

    container: InputContainer
    path: Path
    picture: VideoStream | None
    sound: AudioStream | None
    most_frames: int = MOST_FRAMES
    patience_s: float | None = None  # of this machine's time; None: as long as it takes
    progress: Progress | None = None  # is told the share of the file that was read, 0 to 1

    def whole(self) -> Watched:
        """Decode it to its end. Raises Damaged, or what PyAV raises where it cannot be read."""
        if self.picture is not None:  # an index says it before anything is decoded
            self._refuse_too_long(len(self.picture.index_entries))
        watched, begun, held = Watched(), time.monotonic(), self.path.stat().st_size
        for packet in self.container.demux(self.streams):
            self._count(packet, watched)
            for frame in self._decoded(packet, watched):
                if self.picture is not None and packet.stream.index == self.picture.index:
                    self._see(frame, self.picture, watched)  # type: ignore[arg-type]
                else:
                    self._hear(frame, watched)  # type: ignore[arg-type]
            if self.patience_s is not None and time.monotonic() - begun > self.patience_s:
                raise Damaged(f"{self.path.name} takes longer than {self.patience_s:g} s to decode", "slow")
            if self.progress and packet.pos:
                self.progress(min(1.0, max(0, packet.pos) / held))
        self._refuse_cut_off()
        return watched

    @property
    def streams(self) -> list[Stream]:
        """What is decoded of the file."""
        return [stream for stream in (self.picture, self.sound) if stream is not None]

    def _count(self, packet: Packet[Stream], watched: Watched) -> None:
        says_so_at_its_end = self.container.format.name == "wav"  # where it does not know its length
        if packet.is_corrupt and not says_so_at_its_end:
            raise Damaged(f"{self.path.name} is cut off or damaged", "truncated")
        if packet.size and packet.pts is not None and packet.time_base:
            watched.ends_s = max(watched.ends_s, float((packet.pts + (packet.duration or 0)) * packet.time_base))

    def _decoded(self, packet: Packet[Stream], watched: Watched) -> list[VideoFrame] | list[AudioFrame]:
        from av.error import FFmpegError

        try:
            return frames_in(packet, self.container.format.name)
        except FFmpegError as error:
            at = f"{watched.ends_s:.1f} s into it"
            raise Damaged(f"{self.path.name} is cut off or damaged {at}: {error.strerror}", "corrupt") from error

    def _see(self, frame: VideoFrame, picture: VideoStream, watched: Watched) -> None:
        name, size = self.path.name, (frame.width, frame.height)
        if watched.size is None:
            watched.size, watched.encoded = size, signature_of(picture, frame)
        if frame.is_corrupt:
            raise Damaged(f"{name} is damaged at frame {len(watched.times)}", "corrupt")
        if size != watched.size:
            raise Damaged(f"{name} changes its size from {watched.size} to {size} midway", "size_changes")
        watched.times.append(frame.pts if frame.pts is not None else len(watched.times))
        self._refuse_too_long(len(watched.times))
        watched.last_ticks = frame.duration or 0

    def _refuse_too_long(self, frames: int) -> None:
        if frames > self.most_frames:
            raise Damaged(f"{self.path.name} has more than {self.most_frames:,} frames", "too_long")

    def _hear(self, frame: AudioFrame, watched: Watched) -> None:
        if frame.is_corrupt:
            raise Damaged(f"the sound of {self.path.name} is damaged {float(watched.heard_s):.1f} s into it", "corrupt")
        watched.heard_s += Fraction(frame.samples, frame.sample_rate)
        watched.channels = max(watched.channels, len(frame.layout.channels))

    def _refuse_cut_off(self) -> None:
        """The index at a file's start may point beyond the file's end."""
        held = self.path.stat().st_size
        needed = max((entry.pos + entry.size for stream in self.streams for entry in stream.index_entries), default=0)
        if needed > held:
            raise Damaged(f"{self.path.name} is cut off: {held:,} of at least {needed:,} bytes are there", "truncated")
