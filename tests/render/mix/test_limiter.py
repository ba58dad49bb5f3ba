"""The limiter and the meters: peaks stay under the ceiling, blocks are one sound, and figures are ffmpeg's own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from render.mix.block_files import STEPS, fixed, floating, read_block, write_block
from render.mix.limiter import AFTER, BEFORE, limited
from render.mix.loudness_meter import decibels, momentary, peaks_between, true_peak
from render.mix.mix_blocks import tenths
from render.mix.programme_loudness import loudness_range, measured, spoken
from render.mix.source_samples import Samples, led_over, seamless
from render.mix.speech_detector import speech_in
from tests.render.mix.mixing import RATE, level, noise, speech, tone
from tests.thinning import examples


def loud(seed: int, seconds: float = 1.5) -> Samples:
    """Noise with blows in it."""
    chance = np.random.default_rng(seed)
    wave = noise(seconds, 0.1, seed)
    for at in chance.integers(0, len(wave) - 500, 8):
        wave[at : at + chance.integers(2, 500)] *= chance.uniform(2, 20)
    return wave.astype(np.float32)


@example(seed=88, ceiling=0.375)  # its wave is 6 dB higher between two samples than at any around
@given(seed=st.integers(0, 10_000), ceiling=st.floats(0.3, 1.0))
@settings(max_examples=examples(40), deadline=None)
def test_no_true_peak_is_over_the_ceiling(seed: int, ceiling: float) -> None:
    """Between the samples neither, but for what a moving gain adds: a tenth of a decibel."""
    assert decibels(true_peak(limited(loud(seed), ceiling))) <= decibels(ceiling) + 0.1


@given(seed=st.integers(0, 10_000))
@settings(max_examples=examples(20), deadline=None)
def test_the_meter_overlooks_no_peak(seed: int) -> None:
    """What it finds where it looks is what is found by looking everywhere."""
    wave = loud(seed)
    everywhere = peaks_between(wave, np.arange(len(wave) // 16), 16).max()
    assert true_peak(wave) == pytest.approx(float(everywhere), rel=1e-6)


def test_what_is_limited_in_parts_is_what_is_limited_whole() -> None:
    """With so much around each part as the limiter says that it looks at."""
    wave = loud(3, 5)
    whole = limited(wave, 0.3)
    at, until = RATE * 2, RATE * 3
    part = limited(wave[at - BEFORE : until + AFTER], 0.3)[BEFORE:-AFTER]
    assert np.abs(part - whole[at:until]).max() < 1e-6


def test_where_nothing_reaches_the_ceiling_nothing_is_touched() -> None:
    """Not a sample, and far from a peak the sound is itself again."""
    wave = tone(4, 440, 0.25).astype(np.float32)
    assert limited(wave, 0.3) is wave
    wave[RATE : RATE + 100] *= 10
    held = limited(wave, 0.3)
    assert np.array_equal(held[: RATE - 2400], wave[: RATE - 2400])
    assert np.allclose(held[RATE * 2 :], wave[RATE * 2 :], atol=1e-6)


def test_a_true_peak_between_samples_is_found() -> None:
    """A tone at a quarter of the rate whose samples all lie 3 dB below its peak."""
    wave = tone(0.5, RATE / 4, 0.5, np.pi / 4) * np.hanning(RATE // 2)[:, None]
    assert decibels(np.abs(wave).max()) == pytest.approx(decibels(0.5) - 3.01, abs=0.02)
    assert decibels(true_peak(wave.astype(np.float32))) == pytest.approx(decibels(0.5), abs=0.1)


def test_loudness_is_what_the_standard_says() -> None:
    """A tone of 997 Hz on both sides at -23 dBFS measures -23 LUFS; silence measures nothing."""
    wave = tone(3, 997, 10 ** (-23 / 20))
    found = measured(momentary(tenths(wave.astype(np.float32))))
    assert found is not None
    assert float(found) == pytest.approx(-23.0, abs=0.1)
    assert measured([-12_000] * 50) is None


def test_the_range_is_what_the_standard_says() -> None:
    """Twenty seconds at -20 LUFS, then as much at -30: a range of 10 LU."""
    assert float(loudness_range([-2000] * 200 + [-3000] * 200) or 0) == pytest.approx(10, abs=1)
    assert loudness_range([-2000] * 10) is None


def test_only_what_lies_in_speech_counts_as_spoken() -> None:
    """By at least half of it."""
    found = spoken(list(range(100)), [(RATE, 2 * RATE)])
    assert found == list(range(11, 22))


def test_a_block_is_read_as_it_was_written(tmp_path_factory: pytest.TempPathFactory) -> None:
    """All 24 bits, and seven times full scale."""
    target = tmp_path_factory.mktemp("block") / "block"
    samples = fixed(noise(0.3, 1.5).astype(np.float32))
    write_block(samples, target)
    assert np.array_equal(read_block(target, len(samples)), samples)
    sixteen = np.arange(-32_768, 32_768, dtype=np.float32).reshape(-1, 2) / 32_768
    assert np.array_equal(floating(fixed(sixteen)), sixteen)
    assert fixed(np.full((1, 2), 7.9, np.float32))[0, 0] == round(7.9 * STEPS)


def test_a_loop_that_clicks_is_led_over_and_one_that_fits_is_not_touched() -> None:
    """Only its last five milliseconds change; its first sample follows its last one smoothly."""
    fits, clicks = tone(0.1, 440).astype(np.float32), tone(0.1013, 440).astype(np.float32)
    assert led_over(fits, fits) is fits
    led = led_over(clicks, clicks)
    assert np.array_equal(led[:-240], clicks[:-240])
    assert abs(led[-1, 0] - clicks[0, 0]) <= 0.03


def test_room_tone_follows_itself_as_loud_as_it_is() -> None:
    """Where it begins again it is neither softer nor louder."""
    looped = np.tile(seamless(noise(1, 0.01).astype(np.float32), 4800), (3, 1))
    around = looped[len(looped) // 3 - 2400 : len(looped) // 3 + 2400]
    assert around.std() == pytest.approx(0.01, rel=0.05)


def test_speech_is_told_from_what_is_none() -> None:
    """A voice that comes and goes in a quiet room; no tone, no noise, and no silence."""
    room = noise(4, 0.002)
    voice = room.copy()
    voice[RATE : 3 * RATE] += speech(2, 0.2)
    ((begin, end),) = speech_in(voice.astype(np.float32))
    assert begin == pytest.approx(RATE, abs=RATE // 5)
    assert end == pytest.approx(3 * RATE, abs=RATE // 2)
    gusts = noise(4, 0.1) * np.clip(np.sin(np.arange(4 * RATE) / RATE * 8), 0, 1)[:, None]
    for other in (room, tone(4, 200, 0.3), gusts, np.zeros((4 * RATE, 2)), np.zeros((10, 2))):
        assert list(speech_in(other.astype(np.float32))) == []
    assert level(voice, 130) > 0
