"""Sounds as their fits name them: in another format, the part that is meant, or what the master has of it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from render.errors import MediaError
from render.media.graph import Output, Stream, raw_sound, sink, source
from render.media.mixdown import channels_of, mixed_down, sample_rate_of
from render.media.sound_samples import CHANNELS, SOUND_RATE, song_part
from storyboard.bind.fits import PADDING_S, Fit
from storyboard.shot import Window

_SOUND_CODECS = {
    "mp3": "libmp3lame",
    "wav": "pcm_s16le",
    "m4a": "aac",
    "aac": "aac",
    "flac": "flac",
    "ogg": "libvorbis",
}
_MUXERS = {"m4a": "ipod", "aac": "adts"}
_STEREO_AT_MOST = frozenset({"mp3"})
_LOSSLESS = frozenset({"wav", "flac"})


def sound_graph(original: Path, recipe: Fit, target: Path, bits_per_s: int) -> Output:
    """The graph that makes the fitted sound; `bits_per_s` counts where its format loses some. Raises MediaError."""
    heard = source(original).audio
    if recipe.format in _STEREO_AT_MOST:
        heard = mixed_down(heard, channels_of(original))
    heard = _samples(heard, recipe.window, original) if recipe.window else first_seconds(heard, recipe)
    return _sound_file(heard, recipe, target, bits_per_s)


def song_graph(
    original: Path, recipe: Fit, window: Window, target: Path, bits_per_s: int
) -> tuple[Output, Iterator[bytes]]:
    """The same of a part as the master has it, and the very samples of that, to feed it with."""
    begin, end = (round((each or 0) * SOUND_RATE) for each in (window.start_s, window.end_s))
    heard = raw_sound(SOUND_RATE, CHANNELS).audio
    return _sound_file(heard, recipe, target, bits_per_s), song_part(original, begin, end)


def first_seconds(stream: Stream, recipe: Fit) -> Stream:
    """The first seconds of a sound, or all. It ends a little earlier: its encoder adds up to a frame, and a vendor's
    limit is hard."""
    if recipe.seconds is None:
        return stream
    return stream.filter("atrim", end=max(0.05, float(recipe.seconds - PADDING_S)))


def _sound_file(heard: Stream, recipe: Fit, target: Path, bits_per_s: int) -> Output:
    if recipe.format not in _SOUND_CODECS:
        raise MediaError(f"no sound can be saved as {recipe.format!r}", f"Valid values are: {', '.join(_SOUND_CODECS)}")
    options: dict[str, object] = {"c:a": _SOUND_CODECS[recipe.format]}
    if recipe.format not in _LOSSLESS:
        options["b:a"] = bits_per_s
    muxer = _MUXERS.get(recipe.format, recipe.format)
    return sink([heard], target, **options, format=muxer, map_metadata=-1)


def _samples(stream: Stream, window: Window, original: Path) -> Stream:
    """The part to the sample, counted from the first one that is heard."""
    rate = sample_rate_of(original)
    begin, end = (round(Fraction(each or 0) * rate) for each in (window.start_s, window.end_s))
    return stream.filter("atrim", start_sample=begin, end_sample=end).filter("asetpts", "PTS-STARTPTS")
