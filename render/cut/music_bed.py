"""Lays the music bed under the master: from its start, at its gain, again and again where it is to loop.

A loop is the music's own samples, its first after its last, with nothing between. Where the two do not meet, and the
join would click, the last few milliseconds lead over to the first sample; its beginning stays as it is.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import cos, pi
from pathlib import Path
from tempfile import TemporaryDirectory

from render.media.av_input import need_sound, opened
from render.media.graph import Stream, looped_sound, source
from render.media.measures import sha256_of
from render.media.mixdown import channels_of, mixed_down
from render.media.probe import probe
from render.media.reference_facts import examine
from render.media.sound_samples import CHANNELS, SAMPLE_BYTES, SOUND_RATE, sound_alone
from storyboard.continuity.music_ends import music_note
from storyboard.shot import Music

_JOIN_SAMPLES = SOUND_RATE // 200  # 5 ms
_AROUND_SAMPLES = SOUND_RATE // 100  # in which a step of the wave counts as usual


@dataclass(frozen=True, slots=True, kw_only=True)
class MusicBed:
    """Music under the whole master: from its start, with its gain in decibels, fading out at the end."""

    path: Path
    sha256: str = ""  # of the file, where that is known; it is measured once for all files of that content
    name: str = ""  # as the project names it
    gain_db: Decimal = Decimal(0)
    fade_out_s: Decimal = Decimal(0)
    loop: bool = False


@contextmanager
def laid(music: MusicBed, samples: int, scratch: Path) -> Iterator[Stream]:
    """The bed for a master of so many samples, to be used within the block; what a loop needs lies in `scratch`."""
    own_s = sound_seconds(music)
    if not music.loop or own_s >= Fraction(samples, SOUND_RATE):
        heard = mixed_down(source(music.path).audio, channels_of(music.path)).filter("aresample", SOUND_RATE)
        yield _at_gain(heard.filter("aformat", channel_layouts="stereo"), music, samples, own_s)
        return
    with TemporaryDirectory(prefix=".loop.", dir=scratch) as folder:
        once = Path(folder, "once.f32")
        write_loop(music.path, once)
        heard = looped_sound(once, SOUND_RATE, CHANNELS)
        yield _at_gain(heard, music, samples, Fraction(samples, SOUND_RATE))


def sound_seconds(music: MusicBed) -> Fraction:
    """Seconds that its sound lasts, by decoding it. Raises MediaError where there is none, or it is not whole."""
    with opened(music.path) as container:
        need_sound(container, music.path)
    return Fraction(_measured_s(music))


def _measured_s(music: MusicBed) -> Decimal:
    return examine(music.path, music.sha256 or sha256_of(music.path)).sound_s or Decimal(0)


def sound_recipe(clips: Iterable[Path], music: MusicBed | None) -> list[str]:
    """What is done to this sound that the first version of the cut did not do; empty where it is ordinary.

    Ordinary is mono or stereo, and music whose header tells its length: a master of such sound is what it always was.
    """
    done = ["bs775"] if any(len(channels_of(clip)) > CHANNELS for clip in clips) else []
    if music is not None:
        done += ["music:bs775"] if len(channels_of(music.path)) > CHANNELS else []
        done += ["music:measured"] if probe(music.path).duration_s != _measured_s(music) else []
        done += ["music:loop"] if music.loop else []
    return done


def bed_notes(music: MusicBed, samples: int) -> tuple[str, ...]:
    """What a producer should know of the music under a master of so many samples."""
    named = Music(source=music.name or music.path.name, gain_db=music.gain_db, fade_out_s=music.fade_out_s)
    many = channel_note(music)
    ends = None if music.loop else music_note(named, sound_seconds(music), Fraction(samples, SOUND_RATE))
    return tuple(note for note in (many, ends) if note)


def channel_note(music: MusicBed) -> str | None:
    """What a producer should know of music of more than two channels; None of other music."""
    channels = len(channels_of(music.path))
    return f"the {channels} channels of the music are mixed down to stereo" if channels > CHANNELS else None


def write_loop(music: Path, target: Path) -> None:
    """Write the music once, as interleaved 32-bit floats in stereo, such that it can follow itself without a click."""
    with target.open("wb") as file:
        for block in sound_alone(music):
            file.write(block)
    with target.open("r+b") as file:
        samples = target.stat().st_size // SAMPLE_BYTES
        around = min(_AROUND_SAMPLES, samples)
        head = array("f", file.read(around * SAMPLE_BYTES))
        file.seek((samples - around) * SAMPLE_BYTES)
        tail = array("f", file.read(around * SAMPLE_BYTES))
        if _clicks(head, tail):
            _lead_over(tail, head, min(_JOIN_SAMPLES, around // 2))
            file.seek((samples - around) * SAMPLE_BYTES)
            file.write(tail.tobytes())


def _clicks(head: array[float], tail: array[float]) -> bool:
    """Whether the wave makes a larger step from the last sample to the first than it does around them."""
    for channel in range(CHANNELS):
        first, last = head[channel::CHANNELS], tail[channel::CHANNELS]
        usual = max((abs(b - a) for side in (first, last) for a, b in pairwise(side)), default=0.0)
        if abs(first[0] - last[-1]) > usual:
            return True
    return False


def _lead_over(tail: array[float], head: array[float], samples: int) -> None:
    """Let the last samples, in place, go over into the value of the very first one."""
    for back in range(samples):
        share = (1 + cos(pi * back / samples)) / 2  # 1 at the end
        for channel in range(CHANNELS):
            at = len(tail) - CHANNELS * (back + 1) + channel
            tail[at] = tail[at] * (1 - share) + head[channel] * share


def _at_gain(bed: Stream, music: MusicBed, samples: int, own_s: Fraction) -> Stream:
    end_s = min(Fraction(samples, SOUND_RATE), own_s)
    fade_s = min(end_s, Fraction(music.fade_out_s))
    bed = bed.filter("volume", f"{music.gain_db}dB")
    if fade_s:
        bed = bed.filter("afade", type="out", start_time=float(end_s - fade_s), duration=float(fade_s))
    return bed.filter("atrim", end_sample=samples)
