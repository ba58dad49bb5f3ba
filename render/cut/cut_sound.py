"""The master's sound as one stream of samples: each clip's own, cut or padded to the exact length of its picture.

Where a picture ends is rounded to a sample from the start of the master, not piece by piece, so sound and picture
never drift apart. At each seam the sound fades over a few milliseconds, because a wave cut anywhere clicks.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from render.cut.house_encoder import SOUND_RATE
from render.media.av_input import need_sound, opened, picture_of, sound_of
from render.media.decoding import frames_in
from render.media.mixdown import Stereo
from storyboard.continuity.master_timeline import Timeline

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

CHANNELS = 2
"""Stereo: left, then right."""

SAMPLE_BYTES = 4 * CHANNELS  # 32-bit floats
_FADE_SAMPLES = SOUND_RATE // 200  # 5 ms
_GAP_SAMPLES = SOUND_RATE // 20  # a hole in the sound that is worth keeping
_BLOCK_BYTES = SOUND_RATE * SAMPLE_BYTES


def samples_at(frame: int, fps: Fraction) -> int:
    """The sample, from 0 and of `SOUND_RATE` a second, at which a frame of the master begins."""
    return round(frame * SOUND_RATE / fps)


def soundtrack(sources: Sequence[Path | None], timeline: Timeline) -> Iterator[bytes]:
    """The sound of each piece in its span of the timeline, from the file it comes from (None: silence).

    Interleaved 32-bit floats in stereo at 48 kHz, in blocks of a second.
    """
    for source, span in zip(sources, timeline.spans, strict=True):
        begin, end = samples_at(span.start, timeline.fps), samples_at(span.end, timeline.fps)
        yield from _piece(source, end - begin)


def _piece(source: Path | None, samples: int) -> Iterator[bytes]:
    heard = _decoded(source, samples) if source else bytearray()
    _fade(heard)
    heard.extend(bytes(samples * SAMPLE_BYTES - len(heard)))
    for start in range(0, len(heard), _BLOCK_BYTES):
        yield bytes(heard[start : start + _BLOCK_BYTES])


def _decoded(source: Path, samples: int) -> bytearray:
    """The first `samples` samples that go with the picture, fewer where the sound ends before."""
    wanted, heard = samples * SAMPLE_BYTES, bytearray()
    with opened(source) as container:
        stream = sound_of(container)
        if stream is None:
            return heard
        for block in _in_step(container, stream):
            heard += block
            if len(heard) >= wanted:
                break
    return heard[:wanted]


def sound_alone(source: Path) -> Iterator[bytes]:
    """All of a file's sound from its first sample to its last, as interleaved 32-bit floats in stereo at 48 kHz.

    Raises MediaError where it has none, or cannot be decoded.
    """
    stereo = Stereo(SOUND_RATE)
    with opened(source) as container:
        for packet in container.demux(need_sound(container, source)):
            for frame in frames_in(packet, container.format.name):
                yield from map(_bytes, stereo.feed(frame))  # type: ignore[arg-type]
        yield from map(_bytes, stereo.feed(None))


def _in_step(container: InputContainer, stream: AudioStream) -> Iterator[bytes]:
    """The sound from the picture's first frame on, with silence where it has a hole, and without what runs ahead."""
    stereo = Stereo(SOUND_RATE)
    picture_start_s, at = _picture_start_s(container), 0
    for frame in container.decode(stream):
        due = _due(frame, picture_start_s)
        if due - at > (_GAP_SAMPLES if at else 0):
            yield bytes((due - at) * SAMPLE_BYTES)
            at = due
        early = max(0, -due) if at == 0 else 0
        for ready in stereo.feed(frame):
            yield _bytes(ready)[early * SAMPLE_BYTES :]
            at += max(0, ready.samples - early)
            early = max(0, early - ready.samples)
    for ready in stereo.feed(None):
        yield _bytes(ready)


def _picture_start_s(container: InputContainer) -> Fraction:
    picture = picture_of(container)
    if picture is None or picture.time_base is None:
        return Fraction(0)
    return (picture.start_time or 0) * picture.time_base


def _due(frame: AudioFrame, picture_start_s: Fraction) -> int:
    """The sample at which this frame should be heard; 0 is the picture's first frame."""
    if frame.pts is None or frame.time_base is None:
        return 0
    return round((frame.pts * frame.time_base - picture_start_s) * SOUND_RATE)


def _bytes(frame: AudioFrame) -> bytes:
    """Without the padding that a plane may end with."""
    return bytes(frame.planes[0])[: frame.samples * SAMPLE_BYTES]


def _fade(heard: bytearray) -> None:
    """In at the start and out at the end, in place."""
    edge = min(_FADE_SAMPLES, len(heard) // SAMPLE_BYTES // 2)
    size = edge * SAMPLE_BYTES
    if not edge:
        return
    head, tail = array("f", bytes(heard[:size])), array("f", bytes(heard[-size:]))
    for at in range(edge * CHANNELS):
        head[at] *= (at // CHANNELS) / edge
        tail[-1 - at] *= (at // CHANNELS) / edge
    heard[:size], heard[-size:] = head.tobytes(), tail.tobytes()
