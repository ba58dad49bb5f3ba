"""Writes the music of a score as samples: each cue at its place in the master, silence between.

The music is decoded from its beginning, by the one path by which all sound of a master is decoded, so that a second of
it is the same samples wherever it is heard.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from render.cut.music_bed import write_loop
from render.cut.music_cues import Cue
from render.media.sound_samples import CHANNELS, SAMPLE_BYTES, SOUND_RATE, exactly, song_part

_BLOCK_BYTES = SOUND_RATE * SAMPLE_BYTES


def write_score(cues: Iterable[Cue], samples: int, target: Path) -> None:
    """Write so many samples, interleaved 32-bit floats in stereo at 48 kHz. Raises MediaError."""
    with target.open("w+b") as file:
        file.truncate(samples * SAMPLE_BYTES)
        for cue in cues:
            at = cue.begin
            for block in _heard(cue, min(cue.samples + cue.ringing, samples - cue.begin), target.parent):
                _add(file, at, block)
                at += len(block) // SAMPLE_BYTES


def _heard(cue: Cue, samples: int, scratch: Path) -> Iterator[bytes]:
    """What is heard of it and of what rings on, at its gain and with its fades."""
    at = 0
    with ExitStack() as beside:
        if cue.loops:
            once = Path(beside.enter_context(TemporaryDirectory(prefix=".loop.", dir=scratch)), "once.f32")
            write_loop(cue.bed.path, once)
            music = _again_and_again(once, cue.song)
        else:
            music = song_part(cue.bed.path, cue.song, cue.song + samples)
        for block in exactly(music, 0, samples):
            yield _shaped(cue, at, block)
            at += len(block) // SAMPLE_BYTES


def _again_and_again(once: Path, start: int) -> Iterator[bytes]:
    """A loop without an end, from one of its samples on."""
    with once.open("rb") as file:
        file.seek(start * SAMPLE_BYTES % once.stat().st_size)
        while True:
            block = file.read(_BLOCK_BYTES)
            if block:
                yield block
            else:
                file.seek(0)


def _shaped(cue: Cue, first: int, block: bytes) -> bytes:
    """A block of it, whose first sample is number `first`, as loud as it is to be; the very same where nothing is."""
    count = len(block) // SAMPLE_BYTES
    fades = first < cue.rising or first + count > cue.samples - max(cue.falling, 0)
    if not cue.bed.gain_db and not fades:
        return block
    gain, heard = float(10 ** (cue.bed.gain_db / 20)), array("f", block)
    for at in range(count) if fades else ():
        share = _share(cue, first + at)
        for place in range(at * CHANNELS, (at + 1) * CHANNELS):
            heard[place] *= share
    return (array("f", (each * gain for each in heard)) if cue.bed.gain_db else heard).tobytes()


def _share(cue: Cue, at: int) -> float:
    """How much of it is heard at one of its samples, 0 to 1."""
    if at >= cue.samples:
        return 1 - (at - cue.samples) / cue.ringing
    rising = min(1.0, at / cue.rising) if cue.rising else 1.0
    return rising * (min(1.0, (cue.samples - at) / cue.falling) if cue.falling else 1.0)


def _add(file: BinaryIO, at: int, block: bytes) -> None:
    """Lay a block there, on what still rings of the cue before."""
    file.seek(at * SAMPLE_BYTES)
    before = file.read(len(block))
    if before.strip(b"\0"):
        mixed = array("f", block)
        for place, each in enumerate(array("f", before)):
            mixed[place] += each
        block = mixed.tobytes()
    file.seek(at * SAMPLE_BYTES)
    file.write(block)
