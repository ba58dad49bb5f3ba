"""When somebody seems to speak in a clip: where its sound rises out of its own background.

It measures loudness between 150 and 3500 Hz and knows no words, so music and noises that come and go count as speech
too, and a sound that never rests counts as none. It is asked only where a line has no place of its own, and a wrong
answer moves a subtitle, never a cut.
"""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from operator import mul
from pathlib import Path
from typing import TYPE_CHECKING, Any

from render.media.av_input import opened, picture_of, sound_of
from render.references.publish import DerivedPort
from render.store import Store
from storyboard.captions.caption import Interval

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.filter import Graph

RECIPE = "speech-1"
"""A part of the key under which measurements are kept. Changes with anything below."""

_RATE = 8_000
_BLOCK = 160  # samples, 20 ms
_BLOCKS_A_SECOND = _RATE // _BLOCK
_SILENT_DB = -60.0
_QUIETEST_DB = -50.0
_LIVELY_DB = 10.0  # a background from which nothing rises by so much has no speech in it
_SHARE = 0.4  # of the way from the background to the loudest
_PAUSE_BLOCKS = 15  # 300 ms: shorter ones are within what somebody says
_SOUND_BLOCKS = 6  # 120 ms: shorter ones are no words


def speech_in(clip: Path) -> tuple[Interval, ...]:
    """Where somebody seems to speak, in seconds after the clip's picture begins, in order and apart.

    None where the clip has no sound, or one without any pause. Raises MediaError where it cannot be decoded.
    """
    loud = _above_background(_levels(clip))
    return tuple(
        Interval(Fraction(start, _BLOCKS_A_SECOND), Fraction(end, _BLOCKS_A_SECOND)) for start, end in _stretches(loud)
    )


def kept_speech(clip: Path, sha256: str, store: Store, derived: DerivedPort) -> tuple[Interval, ...]:
    """The same, measured once a clip (`sha256`): what it gave is kept as a blob. Blocking."""
    key = f"{RECIPE}:{sha256}"
    known = derived.derived(key)
    if known is not None and store.has(known):
        return tuple(Interval(Fraction(start), Fraction(end)) for start, end in json.loads(store.get(known)))
    found = speech_in(clip)
    told = json.dumps([[str(each.start_s), str(each.end_s)] for each in found])
    derived.remember_derived(key, store.put(told.encode()))
    return found


def in_the_cut(
    speech: Sequence[Interval], *, start_s: Fraction, length_s: Fraction, speed: Fraction = Fraction(1)
) -> tuple[Interval, ...]:
    """What is heard of it in the cut, which shows the clip from `start_s` on, `length_s` long, at such a speed."""
    end_s = start_s + length_s * speed
    return tuple(
        Interval((max(each.start_s, start_s) - start_s) / speed, (min(each.end_s, end_s) - start_s) / speed)
        for each in speech
        if each.start_s < end_s and each.end_s > start_s
    )


def _levels(clip: Path) -> list[float]:
    """How loud each 20 ms of voices' frequencies are, in decibels of full scale, from the picture's first frame on."""
    with opened(clip) as container:
        stream = sound_of(container)
        if stream is None:
            return []
        samples, early = array("h"), 0
        for frame in _narrowed(container, stream):
            if not samples and frame.pts is not None and frame.time_base is not None:
                early = round((_picture_start_s(container) - frame.pts * frame.time_base) * _RATE)
            samples.frombytes(bytes(frame.planes[0])[: frame.samples * 2])
    heard = samples[early:] if early > 0 else array("h", bytes(-2 * early)) + samples
    return [_level(heard[at : at + _BLOCK]) for at in range(0, len(heard) - _BLOCK + 1, _BLOCK)]


def _narrowed(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    """The sound in mono at 8 kHz, without what lies beneath and above voices."""
    import av

    graph: Graph | None = None
    for frame in container.decode(stream):
        graph = graph or _graph(stream)
        graph.push(frame)
        yield from _pulled(graph)
    if graph is not None:
        graph.push(None)
        try:
            yield from _pulled(graph)
        except av.EOFError:
            return


def _graph(stream: AudioStream) -> Graph:
    from av.filter import Graph

    graph = Graph()
    links: list[Any] = [
        graph.add_abuffer(template=stream),
        graph.add("highpass", "f=150"),
        graph.add("lowpass", "f=3500"),
        graph.add("aformat", f"sample_fmts=s16:sample_rates={_RATE}:channel_layouts=mono"),
        graph.add("abuffersink"),
    ]
    for before, after in pairwise(links):
        before.link_to(after)
    graph.configure()
    return graph


def _pulled(graph: Graph) -> Iterator[AudioFrame]:
    import av

    while True:
        try:
            yield graph.pull()  # type: ignore[misc]
        except (av.BlockingIOError, av.EOFError):
            return


def _picture_start_s(container: InputContainer) -> Fraction:
    picture = picture_of(container)
    if picture is None or picture.start_time is None or picture.time_base is None:
        return Fraction(0)
    return picture.start_time * picture.time_base


def _level(block: array[int]) -> float:
    power = sum(map(mul, block, block)) / len(block) / 32_768**2
    return max(_SILENT_DB, 10 * math.log10(power)) if power else _SILENT_DB


def _above_background(levels: Sequence[float]) -> list[bool]:
    """Which blocks rise out of the background: the level that a tenth of them stay beneath."""
    if not levels:
        return []
    ranked = sorted(levels)
    background, loudest = ranked[len(ranked) // 10], ranked[-1 - len(ranked) // 20]
    if loudest < _QUIETEST_DB or loudest - background < _LIVELY_DB:
        return [False] * len(levels)
    least = max(_QUIETEST_DB, background + _SHARE * (loudest - background))
    return [level >= least for level in levels]


def _stretches(loud: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """From which block to before which it is loud, over short pauses, without what is too short to be a word."""
    joined: list[list[int]] = []
    for at, is_loud in enumerate(loud):
        if not is_loud:
            continue
        if joined and at - joined[-1][1] < _PAUSE_BLOCKS:
            joined[-1][1] = at + 1
        else:
            joined.append([at, at + 1])
    return ((start, end) for start, end in joined if end - start >= _SOUND_BLOCKS)
