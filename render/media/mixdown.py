"""Mixes sound of many channels down to the two that a master has, by the coefficients of ITU-R BS.775.

The centre and each surround channel come at 1/sqrt(2), the channel for low effects is left out, and all is divided by
the sum on one side, so that full scale on every channel at once is full scale. Mono stands on both sides at the same
power. Sound in mono and stereo goes through ffmpeg's own resampler, which does just that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from render.media.av_input import need_sound, opened, sound_of
from render.media.graph import Stream

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.layout import AudioLayout
    from av.audio.resampler import AudioResampler
    from av.filter import Graph

_HALF_POWER = sqrt(0.5)
_BY_NAME = {
    "FL": (1.0, 0.0),
    "FR": (0.0, 1.0),
    "DL": (1.0, 0.0),
    "DR": (0.0, 1.0),
    "FC": (_HALF_POWER, _HALF_POWER),
    "BC": (0.5, 0.5),
    "TC": (0.5, 0.5),
    "TFC": (0.5, 0.5),
    "TBC": (0.5, 0.5),
    "LFE": (0.0, 0.0),
    "LFE2": (0.0, 0.0),
}
"""How much of a channel is heard on the left and on the right, 0 to 1. Others are on the side that their name ends
with."""

_USUAL = {
    3: ("FL", "FR", "LFE"),
    4: ("FL", "FR", "FC", "BC"),
    5: ("FL", "FR", "FC", "BL", "BR"),
    6: ("FL", "FR", "FC", "LFE", "BL", "BR"),
    7: ("FL", "FR", "FC", "LFE", "BC", "SL", "SR"),
    8: ("FL", "FR", "FC", "LFE", "BL", "BR", "SL", "SR"),
}
"""What so many channels mean in a file that does not name them, as ffmpeg has it."""


class Gain(NamedTuple):
    """How much of one channel is heard on each side, 0 to 1."""

    left: float
    right: float


def gains(channels: Sequence[str]) -> tuple[Gain, ...]:
    """The share of each channel, in order, by their names ("FL", "LFE", …); both sides add up to 1 at most."""
    if not all(each in _BY_NAME or each[-1:] in {"L", "R"} for each in channels):
        channels = _USUAL.get(len(channels), ())
    shares = [_BY_NAME.get(each) or _beside(each) for each in channels]
    whole = max((sum(side) for side in zip(*shares, strict=True)), default=0.0)
    return tuple(Gain(left / whole, right / whole) for left, right in shares) if whole else ()


def pan(channels: Sequence[str]) -> str | None:
    """The same as what ffmpeg's filter `pan` is told; None for mono and stereo, which need it not.

    More channels than anybody names are heard on both sides alike.
    """
    count = len(channels)
    if count <= 2:
        return None
    shares = gains(channels) or (Gain(1 / count, 1 / count),) * count
    left = "+".join(f"{share.left:.9f}*c{at}" for at, share in enumerate(shares) if share.left)
    right = "+".join(f"{share.right:.9f}*c{at}" for at, share in enumerate(shares) if share.right)
    return f"stereo|c0={left}|c1={right}"


def channels_of(path: Path) -> tuple[str, ...]:
    """The names of a file's channels, by its header; empty where it has no sound."""
    with opened(path) as container:
        stream = sound_of(container)
        return () if stream is None else names_of(stream.layout)


def sample_rate_of(path: Path) -> int:
    """The samples a second of a file's sound, by its header. Raises MediaError where it has none."""
    with opened(path) as container:
        return need_sound(container, path).rate


def names_of(layout: AudioLayout) -> tuple[str, ...]:
    """The names of a layout's channels, in order."""
    return tuple(channel.name for channel in layout.channels)


def mixed_down(stream: Stream, channels: Sequence[str]) -> Stream:
    """The stream in stereo where it has more channels, in floating point, where nothing can clip on the way."""
    told = pan(channels)
    return stream if told is None else stream.filter("aformat", sample_fmts="fltp").filter("pan", args=told)


class Stereo:
    """Brings decoded sound to interleaved 32-bit floats in stereo, at one rate, whatever it is, and becomes midway."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._is: tuple[object, ...] = ()
        self._mixer: AudioResampler | _Mixer | None = None

    def feed(self, frame: AudioFrame | None) -> Iterator[AudioFrame]:
        """What is ready after this frame; None ends it."""
        if frame is not None and self._is != (now := (frame.format.name, frame.layout.name, frame.sample_rate)):
            yield from self._end()
            self._is, self._mixer = now, self._mixer_for(frame)
        if frame is None:
            yield from self._end()
        elif self._mixer is not None:
            yield from self._mixer.resample(frame)

    def _end(self) -> Iterator[AudioFrame]:
        if self._mixer is not None:
            yield from self._mixer.resample(None)
        self._mixer, self._is = None, ()

    def _mixer_for(self, frame: AudioFrame) -> AudioResampler | _Mixer:
        from av.audio.resampler import AudioResampler

        told = pan(names_of(frame.layout))
        if told is None:
            return AudioResampler(format="flt", layout="stereo", rate=self._rate)
        return _Mixer(frame, told, self._rate)


class _Mixer:
    """Like PyAV's resampler, with coefficients of our own."""

    def __init__(self, like: AudioFrame, told: str, rate: int) -> None:
        from av.filter import Graph

        self._graph: Graph = Graph()
        begin = self._graph.add_abuffer(
            sample_rate=like.sample_rate, format=like.format.name, layout=like.layout.name, time_base=like.time_base
        )
        steps = (
            ("aformat", "sample_fmts=fltp"),
            ("pan", told),
            ("aformat", f"sample_fmts=flt:sample_rates={rate}:channel_layouts=stereo"),
            ("abuffersink", None),
        )
        for name, arguments in steps:
            step = self._graph.add(name, arguments)
            begin.link_to(step)
            begin = step
        self._graph.configure()

    def resample(self, frame: AudioFrame | None) -> list[AudioFrame]:
        """What is ready after this frame; None ends it."""
        from av.error import BlockingIOError as NothingYet
        from av.error import EOFError as Ended

        self._graph.push(frame)
        ready: list[AudioFrame] = []
        while True:
            try:
                ready.append(self._graph.pull())  # type: ignore[arg-type]
            except (NothingYet, Ended):
                return ready


def _beside(name: str) -> tuple[float, float]:
    return (_HALF_POWER, 0.0) if name.endswith("L") else (0.0, _HALF_POWER)
