"""The whole of a mix on real encodes: its loudness, its places, and what is made again."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from render.mix.mix_episode import mix_episode, mix_recipe
from storyboard.sounds import BROADCAST, STREAMING, WEB, LoudnessTarget
from storyboard.timeline.sound_events import Dip, Fade, Track
from storyboard.timeline.sound_plan import SoundPlan
from tests.render.mix.mixing import (
    RATE,
    SHORT,
    Files,
    Shelf,
    before_loudness,
    level,
    mixed,
    noise,
    read_sound,
    speech,
    tone,
)
from tests.thinning import exhaustive, one_in


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Some sounds of a few seconds."""
    return Files.of(
        tmp_path_factory.mktemp("sounds"),
        low=tone(6, 440, 0.1),
        high=tone(1, 1320, 0.2),
        rough=noise(6, 0.05),
        talk=speech(2),
        silence=np.zeros((2 * RATE, 2)),
    )


def long_plan(files: Files) -> SoundPlan:
    """Four blocks with noise under all, and a tone in each."""
    events = [files.event("rough"), *(files.event("high", at * SHORT + 4000, 30_000) for at in range(4))]
    return SoundPlan(4 * SHORT - 5000, tuple(events))


@one_in(3)
@pytest.mark.parametrize("target", [WEB, BROADCAST, LoudnessTarget(lufs=Decimal(-18), true_peak_db=Decimal(-3))])
def test_a_programme_comes_out_at_its_loudness_and_under_its_ceiling(
    target: LoudnessTarget, files: Files, tmp_path: Path
) -> None:
    """Measured on what was encoded."""
    plan = SoundPlan(14 * RATE, (files.event("rough", 0), files.event("talk", 2 * RATE), files.event("high", 9 * RATE)))
    made = mixed(plan, files, tmp_path, loudness=target)
    assert made.figures.integrated_lufs is not None
    assert abs(made.figures.integrated_lufs - target.lufs) <= Decimal("0.5")
    assert made.figures.true_peak_dbtp <= target.true_peak_db
    assert np.abs(read_sound(made.sound)).max() <= 10 ** (float(target.true_peak_db) / 20)
    assert made.notes == ()


def test_loud_peaks_are_held_and_the_loudness_is_reached_all_the_same(tmp_path: Path) -> None:
    """Short blows far over everything else."""
    wave = noise(5, 0.02)
    for at in range(10):
        wave[at * RATE // 2 : at * RATE // 2 + 400] += tone(400 / RATE, 2000, 0.8)
    files = Files.of(tmp_path, blows=wave)
    made = mixed(SoundPlan(5 * RATE, (files.event("blows"),)), files, tmp_path)
    assert abs((made.figures.integrated_lufs or 0) + 14) <= Decimal("0.5")
    assert made.figures.true_peak_dbtp <= -1


def test_streaming_is_measured_where_somebody_speaks(files: Files, tmp_path: Path) -> None:
    """The music around it may be as loud as it likes."""
    events = (files.event("talk", 0), files.event("low", 3 * RATE, 2 * RATE))
    made = mixed(SoundPlan(5 * RATE, events, ((0, 2 * RATE),)), files, tmp_path, loudness=STREAMING)
    assert made.figures.dialogue
    assert abs((made.figures.integrated_lufs or 0) + 27) <= Decimal("0.5")
    without = mixed(SoundPlan(5 * RATE, events), files, tmp_path, loudness=STREAMING)
    assert not without.figures.dialogue
    assert "nobody is known to speak" in without.notes[0]
    assert without.figures.gain_db != made.figures.gain_db


def test_silence_is_told_and_left_as_it_is(files: Files, tmp_path: Path) -> None:
    """There is nothing that a gain could be found by."""
    made = mixed(SoundPlan(3 * RATE, (files.event("silence"),)), files, tmp_path)
    assert (made.figures.integrated_lufs, made.figures.gain_db) == (None, 0)
    assert "too quiet" in made.notes[0]
    empty = mixed(SoundPlan(RATE), files, tmp_path)
    assert len(read_sound(empty.sound)) == RATE


@one_in(3)
@pytest.mark.parametrize("samples", [1, 1023, 1024, 3 * RATE + 777, SHORT, SHORT + 1, SHORT + 3000])
def test_the_sound_is_as_long_as_the_picture_to_the_sample(samples: int, files: Files, tmp_path: Path) -> None:
    """Whatever of a frame or a block is left over."""
    made = mixed(SoundPlan(samples, (files.event("rough"),)), files, tmp_path, loudness=None)
    assert len(read_sound(made.sound)) == samples


def test_what_is_encoded_stands_where_it_stood(files: Files, tmp_path: Path) -> None:
    """Nothing is early or late by a single sample, in any block."""
    plan = long_plan(files)
    heard = read_sound(mixed(plan, files, tmp_path, loudness=None).sound).astype(float)
    wanted = before_loudness(plan, files, tmp_path)
    for at in (5000, SHORT - 20_000, SHORT, 2 * SHORT, 3 * SHORT + 10_000):
        part = slice(at, at + RATE // 2)
        spectrum = np.fft.rfft(heard[part, 0]) * np.conj(np.fft.rfft(wanted[part, 0]))
        lag = int(np.argmax(np.fft.irfft(spectrum)))
        assert lag == 0


def test_a_splice_is_as_good_as_one_encode(files: Files, tmp_path: Path) -> None:
    """Where two blocks of AAC meet the error is no larger than it is elsewhere."""
    plan = SoundPlan(6 * RATE, (files.event("low"),))
    heard = read_sound(mixed(plan, files, tmp_path, loudness=None).sound).astype(float)
    error = (heard - before_loudness(plan, files, tmp_path))[:, 0]
    power = (error[: len(error) // 1024 * 1024].reshape(-1, 1024) ** 2).mean(axis=1)
    for seam in (SHORT // 1024, 2 * SHORT // 1024):
        assert power[seam - 2 : seam + 2].max() < 4 * np.median(power[20:250]) + 1e-12


def test_the_same_plan_gives_the_same_bytes_made_anew_or_in_part(files: Files, tmp_path: Path) -> None:
    """One sound is moved: what is kept of before, and what is made of nothing, are one file."""
    plan = long_plan(files)
    kept = Shelf(tmp_path / "kept")
    mixed(plan, files, tmp_path, kept=kept)
    events = [replace(each, gain_db=Decimal(-2)) if each.begin == SHORT + 4000 else each for each in plan.events]
    changed = SoundPlan(plan.samples, tuple(events))
    again = mixed(changed, files, tmp_path, kept=kept)
    anew = mixed(changed, files, tmp_path, kept=Shelf(tmp_path / "empty"))
    assert again.sound.read_bytes() == anew.sound.read_bytes()
    assert again.figures == anew.figures
    assert again.sound.read_bytes() != mixed(plan, files, tmp_path, kept=kept).sound.read_bytes()


def test_only_what_is_touched_is_made_again(files: Files, tmp_path: Path) -> None:
    """A change in the second block of four makes that one. The encode of the third begins within it; no other does."""
    plan, kept = long_plan(files), Shelf(tmp_path / "kept")
    first = mixed(plan, files, tmp_path, kept=kept, loudness=None)
    assert (first.parts.blocks_made, first.parts.encoded_made) == (4, 4)
    same = mixed(plan, files, tmp_path, kept=kept, loudness=None)
    assert (same.parts.blocks_made, same.parts.encoded_made) == (0, 0)
    events = [replace(each, gain_db=Decimal(-2)) if each.begin == SHORT + 4000 else each for each in plan.events]
    kept.made.clear()
    changed = mixed(SoundPlan(plan.samples, tuple(events)), files, tmp_path, kept=kept, loudness=None)
    assert (changed.parts.blocks_made, changed.parts.encoded_made) == (1, 2)
    assert kept.of("-track:") == 1


def test_another_loudness_is_made_of_the_same_blocks(files: Files, tmp_path: Path) -> None:
    """A delivery encodes, and mixes nothing."""
    plan, kept = long_plan(files), Shelf(tmp_path / "kept")
    mixed(plan, files, tmp_path, kept=kept, loudness=WEB)
    other = mixed(plan, files, tmp_path, kept=kept, loudness=BROADCAST)
    assert other.parts.blocks_made == 0
    assert abs((other.figures.integrated_lufs or 0) + 23) <= Decimal("0.5")


def test_all_that_is_heard_is_in_the_recipe(files: Files) -> None:
    """Two mixes of one name sound alike."""
    plain = files.event("low", 10, 1000)
    others = [
        replace(plain, begin=11),
        replace(plain, samples=999),
        replace(plain, offset=1),
        replace(plain, gain_db=Decimal(1)),
        replace(plain, rise=Fade(10)),
        replace(plain, fall=Fade(10)),
        replace(plain, dips=(Dip(1, 2, Decimal(3)),)),
        replace(plain, track=Track.MUSIC),
        replace(plain, material=replace(plain.material, with_picture=True)),
        replace(plain, material=replace(plain.material, loop=(0, 10))),
    ]
    plans = [SoundPlan(RATE, (each,)) for each in (plain, *others)]
    names = [mix_recipe(plan, WEB) for plan in plans]
    names += [mix_recipe(plans[0], BROADCAST), mix_recipe(plans[0], None), mix_recipe(SoundPlan(RATE + 1), WEB)]
    assert len(set(names)) == len(names)
    assert mix_recipe(SoundPlan(RATE, (replace(plain, key="a/1"),)), WEB) == names[0]


@exhaustive
def test_a_mix_that_is_stopped_leaves_nothing(files: Files, tmp_path: Path) -> None:
    """Neither a part of a file nor its scratch; what was kept is whole, and the next mix is what it would have been."""
    plan, kept = long_plan(files), Shelf(tmp_path / "kept")
    out = tmp_path / "out"
    out.mkdir()

    async def stopped() -> None:
        task = asyncio.ensure_future(mix_episode(plan, files.paths, kept, out / "e.m4a", loudness=WEB, block=SHORT))
        while not kept.made:  # noqa: ASYNC110
            await asyncio.sleep(0)  # for a thread
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(stopped())
    assert list(out.iterdir()) == []
    resumed = mixed(plan, files, tmp_path, kept=kept)
    anew = mixed(plan, files, tmp_path, kept=Shelf(tmp_path / "empty"))
    assert resumed.sound.read_bytes() == anew.sound.read_bytes()


def test_music_alone_is_not_touched_without_a_loudness(tmp_path: Path) -> None:
    """A song at full scale, sample for sample; what is louder than full scale together is held."""
    files = Files.of(tmp_path, full=noise(2, 3.0), most=tone(2, 440, 0.9))
    plan = SoundPlan(2 * RATE, (files.event("full"),))
    assert np.array_equal(before_loudness(plan, files, tmp_path), read_sound(tmp_path / "full.wav"))
    twice = SoundPlan(2 * RATE, (files.event("most"), files.event("most")))
    assert mixed(twice, files, tmp_path, loudness=None).figures.true_peak_dbtp < 1


def test_tones_are_as_loud_as_their_gains(files: Files, tmp_path: Path) -> None:
    """Decibels before the programme's own gain."""
    plan = SoundPlan(RATE, (files.event("low", 0, RATE, gain_db=Decimal(-6)), files.event("high")))
    heard = before_loudness(plan, files, tmp_path)
    assert level(heard, 440) == pytest.approx(0.1 * 10 ** (-6 / 20), rel=1e-3)
    assert level(heard, 1320) == pytest.approx(0.2, rel=1e-3)
