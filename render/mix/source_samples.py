"""The samples of a file as the mix takes them: 48 kHz in stereo, in step with its picture, at its speed, or as a loop.

Every sound goes through the one path by which songs are decoded for vendors, so a second of a song is the same samples
in the master as in what was sent of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from render.media.av_input import opened, picture_of, sound_of
from render.media.mixdown import Stereo
from render.media.sound_samples import CHANNELS, SOUND_RATE, bytes_of, sound_alone

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

Samples = NDArray[np.float32]
"""Sound as rows of a left and a right sample; full scale is 1."""

_GAP = SOUND_RATE // 20  # a hole in the sound that is worth keeping
_JOIN = SOUND_RATE // 200  # samples in which the end of a loop leads over to its beginning
_AROUND = SOUND_RATE // 100  # in which a step of the wave counts as usual


def file_samples(path: Path) -> Iterator[Samples]:
    """All of a sound file. Raises MediaError where it has no sound, or cannot be decoded."""
    return (rows(block) for block in sound_alone(path))


def clip_samples(path: Path) -> Iterator[Samples]:
    """A clip's sound from its picture's first frame on, with silence where it has a hole; nothing where it has none.

    Raises MediaError where it cannot be decoded.
    """
    with opened(path) as container:
        stream = sound_of(container)
        if stream is not None:
            yield from map(rows, _in_step(container, stream))


def rows(block: bytes) -> Samples:
    """Interleaved 32-bit floats as rows."""
    return np.frombuffer(block, np.float32).reshape(-1, CHANNELS)


def at_speed(sound: Iterable[Samples], speed: Fraction) -> Iterator[Samples]:
    """The sound so many times as fast, at the same pitch."""
    from av.audio.frame import AudioFrame
    from av.filter import Graph

    graph: Any = Graph()
    begin = graph.add_abuffer(sample_rate=SOUND_RATE, format="flt", layout="stereo", time_base=Fraction(1, SOUND_RATE))
    last = begin
    for name, arguments in (
        ("atempo", f"{float(speed):.9f}"),
        ("aformat", f"sample_fmts=flt:sample_rates={SOUND_RATE}:channel_layouts=stereo"),
        ("abuffersink", None),
    ):
        step = graph.add(name, arguments)
        last.link_to(step)
        last = step
    graph.configure()
    at = 0
    for block in sound:
        for part in np.array_split(block, max(1, len(block) // SOUND_RATE)):
            if len(part):
                frame = AudioFrame.from_ndarray(part.reshape(1, -1), format="flt", layout="stereo")
                frame.sample_rate, frame.pts = SOUND_RATE, at
                at += len(part)
                graph.push(frame)
                yield from map(rows, map(bytes_of, pulled(graph)))
    graph.push(None)
    yield from map(rows, map(bytes_of, pulled(graph)))


def pulled(graph: Any) -> Iterator[AudioFrame]:
    """What is ready at the end of one of PyAV's graphs."""
    from av.error import BlockingIOError as NothingYet
    from av.error import EOFError as Ended

    while True:
        try:
            yield graph.pull()
        except (NothingYet, Ended):
            return


def led_over(head: Samples, tail: Samples) -> Samples:
    """The end of a loop as it is to be: where its join would click, the last 5 ms lead over to the first sample."""
    if not _clicks(head[:_AROUND], tail[-_AROUND:]):
        return tail
    samples = min(_JOIN, len(tail) // 2)
    share = ((1 + np.cos(np.pi * np.arange(samples) / samples)) / 2)[::-1, None].astype(np.float32)
    led = tail.copy()
    led[len(led) - samples :] = tail[len(tail) - samples :] * (1 - share) + head[0] * share
    return led


def seamless(part: Samples, blend: int) -> Samples:
    """Room tone that can follow itself: its last samples go over into its first, as loud, and are left out."""
    turn = (np.arange(blend, dtype=np.float32) + 0.5)[:, None] * np.float32(np.pi / 2 / blend)
    looped = part[: len(part) - blend].copy()
    looped[:blend] = part[:blend] * np.sin(turn) + part[len(part) - blend :] * np.cos(turn)
    return looped


def _clicks(head: Samples, tail: Samples) -> bool:
    """Whether the wave makes a larger step from the last sample to the first than it does around them."""
    if not len(head) or not len(tail):
        return False
    usual = np.maximum(
        np.abs(np.diff(head, axis=0)).max(axis=0, initial=0), np.abs(np.diff(tail, axis=0)).max(axis=0, initial=0)
    )
    return bool((np.abs(head[0] - tail[-1]) > usual).any())


def _in_step(container: InputContainer, stream: AudioStream) -> Iterator[bytes]:
    """The sound from the picture's first frame on, with silence where it has a hole, and without what runs ahead."""
    stereo = Stereo(SOUND_RATE)
    due_at, at, size = _clock(container, stream), 0, 4 * CHANNELS
    for frame in container.decode(stream):
        due = due_at(frame)
        if due - at > (_GAP if at else 0):
            yield bytes((due - at) * size)
            at = due
        early = max(0, -due) if at == 0 else 0
        for ready in stereo.feed(frame):
            yield bytes_of(ready)[early * size :]
            at += max(0, ready.samples - early)
            early = max(0, early - ready.samples)
    for ready in stereo.feed(None):
        yield bytes_of(ready)


def _clock(container: InputContainer, stream: AudioStream) -> Callable[[AudioFrame], int]:
    """Says at which sample a frame should be heard; 0 is the picture's first frame."""
    picture, start_s = picture_of(container), Fraction(0)
    if picture is not None and picture.time_base:
        start_s = (picture.start_time or 0) * picture.time_base
    tick, start = (stream.time_base or Fraction(0)) * SOUND_RATE, start_s * SOUND_RATE
    whole = tick.denominator * start.denominator
    times, less = tick.numerator * start.denominator, start.numerator * tick.denominator

    def due(frame: AudioFrame) -> int:
        return 0 if frame.pts is None else (2 * (frame.pts * times - less) + whole) // (2 * whole)

    return due
