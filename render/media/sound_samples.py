"""Sound as samples: interleaved 32-bit floats in stereo at 48 kHz, by the one path that all sound of a master goes.

What a vendor is sent of a song, and what the master has of it, are therefore the same samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from render.media.av_input import need_sound, opened
from render.media.decoding import frames_in
from render.media.mixdown import Stereo

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

SOUND_RATE = 48_000
"""Samples a second."""

CHANNELS = 2
"""Stereo: left, then right."""

SAMPLE_BYTES = 4 * CHANNELS  # 32-bit floats
_BLOCK_BYTES = SOUND_RATE * SAMPLE_BYTES


def sound_alone(source: Path) -> Iterator[bytes]:
    """All of a file's sound from its first sample to its last.

    Raises MediaError where it has none, or cannot be decoded.
    """
    stereo = Stereo(SOUND_RATE)
    with opened(source) as container:
        for packet in container.demux(need_sound(container, source)):
            for frame in frames_in(packet, container.format.name):
                yield from map(bytes_of, stereo.feed(frame))  # type: ignore[arg-type]
        yield from map(bytes_of, stereo.feed(None))


def song_part(path: Path, start: int, end: int) -> Iterator[bytes]:
    """The samples of a song from number `start` to before number `end`; silence where it has ended."""
    return exactly(sound_alone(path), start, end - start)


def exactly(sound: Iterator[bytes], start: int, samples: int) -> Iterator[bytes]:
    """So many samples of this from number `start` on, in blocks; silence where there are no more."""
    skip, left = start * SAMPLE_BYTES, samples * SAMPLE_BYTES
    for block in sound:
        if left <= 0:
            return
        part = block[skip : skip + left]
        skip = max(0, skip - len(block))
        left -= len(part)
        if part:
            yield part
    while left > 0:
        yield bytes(min(left, _BLOCK_BYTES))
        left -= _BLOCK_BYTES


def bytes_of(frame: AudioFrame) -> bytes:
    """The samples of a frame, without the padding that a plane may end with."""
    return bytes(frame.planes[0])[: frame.samples * SAMPLE_BYTES]
