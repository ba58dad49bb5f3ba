"""How a clip's picture is encoded: what two clips must share before one can be copied after the other."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from render.errors import MediaError
from render.media.av_input import need_picture, opened, pixel_ratio_of
from render.media.displayed_frame import turn_of
from render.media.facts_cache import FactsCache

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

FULL_RANGE = 2
"""The range of colours in which black is 0, as ffmpeg numbers it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamSignature:
    """Everything that must agree before two clips' pictures can be copied one after the other."""

    codec: str
    profile: str
    level: int
    width: int  # as coded
    height: int
    fps: Fraction
    time_base: Fraction
    pix_fmt: str
    pixel_ratio: Fraction
    colours: tuple[int, int, int, int]  # range, matrix, primaries, transfer, as H.273 numbers them
    parameter_sets: str  # sha256 of the decoder's set-up bytes
    turn: tuple[int, int, int, int]  # signs of the display matrix
    index: int  # of the stream in its file
    start: Fraction  # seconds into the file at which the picture begins
    tag: str = ""  # how the container calls the codec
    bits: int = 8  # of a sample
    halved_chroma: bool = True  # 4:2:0
    alpha: bool = False
    veiled: bool = False  # its transparency is kept beside the picture, as WebM does: few decoders read it
    rgb: bool = False
    interlaced: bool = False

    @property
    def full_range(self) -> bool:
        """Whether black is 0, and not 16."""
        return self.colours[0] == FULL_RANGE or self.pix_fmt.startswith("yuvj")


_CLIPS = FactsCache(StreamSignature, "signature-1")


def signature(path: Path) -> StreamSignature:
    """How the clip's picture is encoded, by its first frame. Raises MediaError where none can be decoded."""
    with opened(path) as media:
        stream = need_picture(media, path)
        frame = _first(media, stream)
        if frame is None:
            raise MediaError(f"{path.name} holds no frame that can be decoded", "Fetch it again")
        return signature_of(stream, frame)


def signature_of_clip(path: Path, sha256: str) -> StreamSignature:
    """The same of a clip whose bytes are known by their hash: it is opened once, and remembered by that."""
    found = _CLIPS.find(sha256)
    if found is None:
        found = signature(path)
        _CLIPS.keep(sha256, found)
    return found


def _first(media: InputContainer, stream: VideoStream) -> VideoFrame | None:
    """A frame from the very beginning: the first key frame, of which no other has to be decoded; else the first."""
    stream.thread_type = "NONE"
    for packet in media.demux(stream):
        alone = [*packet.decode(), *stream.decode(None)] if packet.is_keyframe and packet.size else []
        if alone:
            return alone[0]
        break
    media.seek(stream.start_time or 0, stream=stream)
    return next(media.decode(stream), None)


def signature_of(stream: VideoStream, frame: VideoFrame) -> StreamSignature:
    """The same of a clip that is open; `frame` is any of its frames."""
    codec, parts = stream.codec_context, frame.format.components
    veiled = stream.metadata.get("alpha_mode") == "1"
    return StreamSignature(
        codec=codec.name,
        profile=str(codec.profile),
        level=codec.level,
        width=codec.width,
        height=codec.height,
        fps=stream.average_rate or Fraction(0),
        time_base=stream.time_base or Fraction(0),
        pix_fmt=codec.pix_fmt or "",
        pixel_ratio=pixel_ratio_of(stream),
        colours=(codec.color_range, codec.colorspace, codec.color_primaries, codec.color_trc),
        parameter_sets=hashlib.sha256(codec.extradata or b"").hexdigest(),
        turn=turn_of(frame),
        index=stream.index,
        start=Fraction(stream.start_time or 0) * (stream.time_base or 0),
        tag=codec.codec_tag,
        bits=max(part.bits for part in parts),
        halved_chroma=_is_halved(frame),
        alpha=veiled or any(part.is_alpha for part in parts),
        veiled=veiled,
        rgb=frame.format.is_rgb,
        interlaced=frame.interlaced_frame,
    )


def _is_halved(frame: VideoFrame) -> bool:
    chroma = [part for part in frame.format.components if part.is_chroma]
    half = (-(-frame.width // 2), -(-frame.height // 2))
    return bool(chroma) and all((part.width, part.height) == half for part in chroma)
