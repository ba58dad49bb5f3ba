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

from render.media.av_input import opened, picture_of, sound_of
from render.media.mixdown import Stereo
from render.media.sound_samples import CHANNELS, SAMPLE_BYTES, SOUND_RATE, bytes_of
from storyboard.timeline.master_timeline import Timeline

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

DUCK_DB = -12
"""How much softer a clip is under music for which it is ducked, in decibels."""

_DUCKED = 10 ** (DUCK_DB / 20)
_RISE_SAMPLES = SOUND_RATE // 2
_FADE_SAMPLES = SOUND_RATE // 200  # 5 ms
_GAP_SAMPLES = SOUND_RATE // 20  # a hole in the sound that is worth keeping
_BLOCK_BYTES = SOUND_RATE * SAMPLE_BYTES


def samples_at(frame: int, fps: Fraction) -> int:
    """The sample, from 0 and of `SOUND_RATE` a second, at which a frame of the master begins."""
    return round(frame * SOUND_RATE / fps)


def soundtrack(
    sources: Sequence[Path | None], timeline: Timeline, lowered: Sequence[int] | None = None
) -> Iterator[bytes]:
    """The sound of each piece in its span of the timeline, from the file it comes from (None: silence).

    Where a span begins before the one before it ends, one sound fades into the other for so long. For so many samples
    from its beginning (`lowered`, beside `sources`) a piece is softer by `DUCK_DB`; after them it comes up over half a
    second. Interleaved 32-bit floats in stereo at 48 kHz, in blocks of a second.
    """
    edges = [(samples_at(span.start, timeline.fps), samples_at(span.end, timeline.fps)) for span in timeline.spans]
    after = [*(begin for begin, _ in edges[1:]), samples_at(timeline.frames, timeline.fps)]
    under = bytearray()  # what is heard on of the piece before, from the start of this one
    for number, (source, (begin, end), following) in enumerate(zip(sources, edges, after, strict=True)):
        softer = lowered[number] if lowered else 0
        rising, falling = len(under) // SAMPLE_BYTES, max(0, end - following)
        heard = _piece(source, end - begin, softer, rising=rising, falling=falling)
        alone = (following - begin) * SAMPLE_BYTES
        heard.extend(bytes(max(0, alone - len(heard), len(under) - len(heard))))
        _add(heard, under)
        for start in range(0, alone, _BLOCK_BYTES):
            yield bytes(heard[start : min(start + _BLOCK_BYTES, alone)])
        under = heard[alone:]


def _piece(source: Path | None, samples: int, softer: int, *, rising: int, falling: int) -> bytearray:
    """So many samples of it: fading in over the first `rising` and out over the last `falling` of them."""
    heard = _decoded(source, samples) if source else bytearray()
    _lower(heard, softer)
    edge = min(_FADE_SAMPLES, len(heard) // SAMPLE_BYTES // 2)
    _fade(heard, edge, edge)
    heard.extend(bytes(samples * SAMPLE_BYTES - len(heard)))
    _fade(heard, rising, falling)
    return heard


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
            yield bytes_of(ready)[early * SAMPLE_BYTES :]
            at += max(0, ready.samples - early)
            early = max(0, early - ready.samples)
    for ready in stereo.feed(None):
        yield bytes_of(ready)


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


def _fade(heard: bytearray, rising: int, falling: int) -> None:
    """In over so many samples from the start, and out over so many to the end, in place."""
    for samples, at_end in ((rising, False), (falling, True)):
        size = samples * SAMPLE_BYTES
        part = slice(len(heard) - size, None) if at_end else slice(size)
        edge = array("f", bytes(heard[part]))
        for at in range(len(edge)):
            edge[-1 - at if at_end else at] *= (at // CHANNELS) / samples
        heard[part] = edge.tobytes()


def _lower(heard: bytearray, samples: int) -> None:
    """Make so many samples from the start softer, and lead up to what follows, in place."""
    part = slice((samples + _RISE_SAMPLES) * SAMPLE_BYTES if samples else 0)
    wave = array("f", bytes(heard[part]))
    soft = samples * CHANNELS
    for at in range(soft, len(wave)):
        wave[at] *= _DUCKED + (1 - _DUCKED) * ((at - soft) // CHANNELS) / _RISE_SAMPLES
    wave[:soft] = array("f", (each * _DUCKED for each in wave[:soft]))
    heard[part] = wave.tobytes()


def _add(heard: bytearray, under: bytearray) -> None:
    """Mix what is still heard of the piece before under the start of this one, in place."""
    mixed = array("f", bytes(heard[: len(under)]))
    for at, each in enumerate(array("f", bytes(under))):
        mixed[at] += each
    heard[: len(under)] = mixed.tobytes()
