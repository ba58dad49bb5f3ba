"""The scratch sound is there, is quiet, ticks on the beat, and is as long as the picture to the sample."""

from __future__ import annotations

import math
import wave
from array import array
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from render.animatic.brief import brief
from render.animatic.scratch_sound import RATE, sample_count, write_scratch_sound
from tests.render.animatic.orders import order


def heard(target: Path, duration: str, fps: Fraction = Fraction(24), **slate: str) -> array[int]:
    """The samples of a shot's sound."""
    write_scratch_sound(brief(order(duration=duration, fps=fps, **slate)), target)
    with wave.open(str(target), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        samples = array("h")
        samples.frombytes(file.readframes(file.getnframes()))
    return samples


def level(samples: array[int]) -> float:
    """Peak level in dB below full scale."""
    return 20 * math.log10(max(abs(sample) for sample in samples) / 32768)


@pytest.mark.parametrize(("duration", "fps"), [("1.5", Fraction(24)), ("7.25", Fraction(24000, 1001))])
def test_sound_lasts_as_long_as_the_picture(tmp_path: Path, duration: str, fps: Fraction) -> None:
    """Its samples are those of the frames, at whole rates and at broken ones."""
    shot = brief(order(duration=duration, fps=fps))
    assert len(heard(tmp_path / "a.wav", duration, fps)) == sample_count(shot.frames, fps)


def test_sound_is_quiet_but_not_silent(tmp_path: Path) -> None:
    """Loud enough to know that the track is there, and never in the way of a voice."""
    assert -60 < level(heard(tmp_path / "a.wav", "3", beats="[1]")) < -28


def test_a_beat_ticks_on_its_frame(tmp_path: Path) -> None:
    """The sound differs from the same shot without beats from the beat on, not before."""
    with_beat = heard(tmp_path / "a.wav", "2", beats="[1]")
    without = heard(tmp_path / "b.wav", "2")
    first = next(place for place, pair in enumerate(zip(with_beat, without, strict=True)) if pair[0] != pair[1])
    assert RATE <= first < RATE + 200


def test_sound_has_no_clicks(tmp_path: Path) -> None:
    """No step from one sample to the next is large, where the room's loop closes included."""
    samples = heard(tmp_path / "a.wav", "5")
    steps = [abs(after - before) for before, after in pairwise(samples[5000:])]
    assert max(steps) < 60
    assert abs(samples[0]) <= 1
    assert abs(samples[-1]) <= 1


def test_sound_is_the_same_every_time(tmp_path: Path) -> None:
    """Noise here is no chance."""
    assert heard(tmp_path / "a.wav", "1") == heard(tmp_path / "b.wav", "1")
