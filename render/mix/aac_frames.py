"""AAC in blocks: each is encoded by itself with some frames before it, and what is spliced of them is one stream.

A frame of AAC-LC depends on nothing but the frame before it, with which it overlaps. Encoded with a run-up, the frames
of a block meet those of the block before as they would in one encode; decoding both shows the same error at the splice
as elsewhere, from four frames of run-up on. So one changed second costs one block, and blocks are encoded side by side.

ffmpeg's coder `fast` is used: at this rate it takes half the time of `twoloop`, and its error is smaller.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from render.errors import MediaError
from render.media.sound_samples import CHANNELS, SOUND_RATE
from render.mix.source_samples import Samples

RECIPE = "aac-lc-192k-fast-1"
"""Changes with anything here that changes what is heard."""

FRAME = 1024
"""Samples that a frame brings."""

RUN_UP = 24
"""Frames that are encoded before a block and left out: half a second, in which the coder finds its rate."""

AHEAD = 2 * FRAME
"""Samples after a block that its last frames look at."""

_BITS = 192_000
_ADTS = 7  # bytes of a frame's header
_HEAD = 0xFFF1 << 40 | 1 << 38 | 3 << 34 | CHANNELS << 30 | 0x7FF << 2  # without the length
_LENGTH_AT, _MOST = 13, 0x1FFF  # on which of its bits that lies, and the most that it can be
_CONFIG = bytes.fromhex("1190")  # AAC-LC at 48 kHz in stereo


def encode(samples: Samples) -> list[bytes]:
    """Its frames. Frame 0 leads in; frame n brings the samples from (n - 1) * `FRAME` on."""
    from av.audio.codeccontext import AudioCodecContext
    from av.audio.frame import AudioFrame

    coder: Any = AudioCodecContext.create("aac", "w")
    coder.sample_rate, coder.layout, coder.format, coder.bit_rate = SOUND_RATE, "stereo", "fltp", _BITS
    coder.options, coder.flags = {"aac_coder": "fast", "aac_pns": "0"}, coder.flags | _bitexact()
    frames: list[bytes] = []
    planar = np.ascontiguousarray(samples.T)
    for at in range(0, planar.shape[1], FRAME):
        part = np.ascontiguousarray(planar[:, at : at + FRAME])
        frame = AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts = SOUND_RATE, at
        frames += map(bytes, coder.encode(frame))
    return [*frames, *map(bytes, coder.encode(None))]


def _bitexact() -> int:
    from av.codec.context import Flags

    return int(Flags.bitexact)


def decode(frames: Iterable[bytes]) -> Samples:
    """The samples of frames that follow each other; those of the first `FRAME` fade in from nothing."""
    from av.audio.codeccontext import AudioCodecContext
    from av.packet import Packet

    coder: Any = AudioCodecContext.create("aac", "r")
    coder.extradata = _CONFIG
    decoded = [frame for each in frames for frame in coder.decode(Packet(each))]
    decoded += coder.decode(None)
    heard = np.zeros((sum(frame.samples for frame in decoded), CHANNELS), np.float32)
    at = 0
    for frame in decoded:
        for side in range(CHANNELS):
            plane = np.frombuffer(frame.planes[side], np.float32, frame.samples)
            heard[at : at + frame.samples, side] = plane
        at += frame.samples
    return heard


def as_adts(frames: Sequence[bytes]) -> bytes:
    """Frames one after another, each with the header that tells its length."""
    return b"".join(_header(len(each)) + each for each in frames)


def from_adts(content: bytes) -> Iterator[bytes]:
    """The frames again. Raises MediaError where the content is damaged."""
    at = 0
    while at < len(content):
        head = int.from_bytes(content[at : at + _ADTS])
        length = head >> _LENGTH_AT & _MOST
        if length <= _ADTS or head ^ length << _LENGTH_AT != _HEAD or at + length > len(content):
            raise MediaError("a kept block of encoded sound is damaged", "Delete it, and cut again")
        yield content[at + _ADTS : at + length]
        at += length


def _header(size: int) -> bytes:
    return (_HEAD | size + _ADTS << _LENGTH_AT).to_bytes(_ADTS)


def write_m4a(frames: Iterable[bytes], samples: int, target: Path) -> None:
    """Write the frames of so many samples as one stream (.m4a), such that the first sample is heard at 0."""
    import av
    from av.packet import Packet

    left = samples + FRAME
    options = {"fflags": "+bitexact", "movie_timescale": str(SOUND_RATE)}  # so that it ends on its sample
    with av.open(str(target), "w", format="ipod", options=options) as container:
        stream: Any = container.add_stream("aac", rate=SOUND_RATE, layout="stereo")
        stream.bit_rate = _BITS
        stream.codec_context.flags |= _bitexact()
        at, tick = -FRAME, Fraction(1, SOUND_RATE)
        for each in frames:
            packet = Packet(each)
            packet.stream, packet.time_base = stream, tick
            packet.pts = packet.dts = at
            packet.duration = min(FRAME, left)
            at, left = at + FRAME, left - FRAME
            container.mux(packet)
