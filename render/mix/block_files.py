"""Blocks of a track as files: FLAC of 24 bits, lossless and small, with 18 dB of headroom over full scale.

A sample of 16 bits goes through it unchanged. Measured on music and noise, FLAC takes a seventh to a third of what raw
24 bits do, in less time than zlib.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from render.errors import MediaError
from render.media.sound_samples import CHANNELS, SOUND_RATE
from render.mix.source_samples import Samples

STEPS = 1 << 20
"""Steps of a stored sample from silence to full scale; 24 bits reach eight times as far."""

_MOST = (1 << 23) - 1
_FRAME = 4608

Fixed = NDArray[np.int32]
"""Rows of a left and a right sample, in steps."""


def fixed(samples: Samples) -> Fixed:
    """The samples in steps, to the nearest; what is louder than the headroom is cut off there."""
    steps: Fixed = np.clip(np.rint(samples * np.float32(STEPS)), -_MOST, _MOST).astype(np.int32)
    return steps


def floating(samples: Fixed) -> Samples:
    """The same at a full scale of 1."""
    return samples.astype(np.float32) / np.float32(STEPS)


def write_block(samples: Fixed, target: Path) -> None:
    """Write a block."""
    import av
    from av.audio.frame import AudioFrame

    shifted = np.ascontiguousarray(samples << 8)
    with av.open(str(target), "w", format="flac", options={"fflags": "+bitexact"}) as container:
        stream: Any = container.add_stream("flac", rate=SOUND_RATE, layout="stereo", format="s32")
        for at in range(0, len(shifted), _FRAME):
            part = shifted[at : at + _FRAME].reshape(1, -1)
            frame = AudioFrame.from_ndarray(part, format="s32", layout="stereo")
            frame.sample_rate, frame.pts = SOUND_RATE, at
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def read_block(path: Path, samples: int) -> Fixed:
    """A block of so many samples. Raises MediaError where the file holds anything else."""
    import av

    parts = []
    try:
        with av.open(str(path), format="flac") as container:
            for frame in container.decode(audio=0):
                parts.append(np.frombuffer(bytes(frame.planes[0])[: frame.samples * 4 * CHANNELS], np.int32))
    except (av.error.FFmpegError, IndexError) as error:
        raise MediaError(f"a kept block of sound cannot be read: {error}", "Delete it, and cut again") from error
    found = np.concatenate(parts).reshape(-1, CHANNELS) >> 8 if parts else np.zeros((0, CHANNELS), np.int32)
    if len(found) != samples:
        raise MediaError(f"a kept block of sound has {len(found)} samples instead of {samples}", "Cut it again")
    return found
