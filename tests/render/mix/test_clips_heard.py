"""The clips' own sound in the mix: as long as their pictures, without a click where one follows another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from render.cut.cut_plan import Piece, timeline_of
from render.mix.mix_blocks import MixBlocks
from render.mix.sound_sources import SoundSources
from storyboard.edit import Edit, Transition, TransitionKind
from storyboard.timeline.sound_plan import SoundPlan
from tests.render.cut.pieces import MASTER, piece, score_of
from tests.render.mix.mixing import RATE, Files, Shelf, before_loudness, largest_step, level

PLAIN = {"c:a": "pcm_s16le", "format": "mov"}
HZ = 441
"""A tone whose wave is somewhere else at every cut."""


def heard(pieces: Sequence[Piece], folder: Path) -> NDArray[np.float64]:
    """The mix of their own sound, before it is brought to a loudness."""
    score = score_of(pieces, timeline_of(pieces, MASTER.fps))
    return before_loudness(score.plan, Files(score.sources, {}, {}), folder)


@given(st.integers(1, 100_000_000))
def test_blocks_follow_each_other_to_the_last_sample(samples: int) -> None:
    """None is left out and none is added, however long a master is."""
    nothing = Path("nothing")
    blocks = MixBlocks(SoundPlan(samples), SoundSources({}, nothing), Shelf(nothing), nothing)
    edges = [blocks.edges(number) for number in range(blocks.count)]
    assert [begin for begin, _ in edges] == [0, *(end for _, end in edges[:-1])]
    assert edges[-1][1] == samples
    assert all(begin < end for begin, end in edges)


def test_one_sound_goes_over_into_the_other_across_a_dissolve(tmp_path: Path) -> None:
    """Half-way each is at half its power; before and after it there is one alone."""
    low, high = (
        piece(tmp_path, key, used=24, frames=36, sound_s=1.5, tone_hz=hz) for key, hz in (("a", 400), ("b", 1600))
    )
    over = Edit(in_s=Fraction(1, 4), transition=Transition(TransitionKind.DISSOLVE, Fraction(1, 2)))
    mix = heard([low, replace(high, edit=over)], tmp_path)
    assert len(mix) == 2 * RATE

    def loudness(at_s: float, hz: int) -> float:
        return level(mix[round(at_s * RATE) :][:2400], hz)

    full = loudness(0.2, 400)
    assert loudness(1.7, 1600) == pytest.approx(full, rel=0.02)
    for hz in (400, 1600):
        assert loudness(0.975, hz) == pytest.approx(full / 2**0.5, rel=0.06)
    assert loudness(0.2, 1600) < full / 100 > loudness(1.7, 400)


@pytest.mark.parametrize("sound_s", [0.2, 1.0, 2.0])
@pytest.mark.parametrize(("channels", "rate"), [(1, 22_050), (2, 44_100), (2, 48_000)])
def test_a_clips_sound_is_cut_or_padded_to_its_picture(
    sound_s: float, channels: int, rate: int, tmp_path: Path
) -> None:
    """Shorter or longer than the picture, mono or stereo, at any rate: the samples are exactly those of the frames."""
    mix = heard([piece(tmp_path, "a", frames=24, sound_s=sound_s, channels=channels, sound_rate=rate)], tmp_path)
    assert len(mix) == RATE
    assert not mix[round(min(1.0, sound_s + 0.05) * RATE) :].any()
    assert mix[: round(sound_s * 0.9 * RATE)].any()


def test_a_master_begins_and_ends_in_silence(tmp_path: Path) -> None:
    """So does each piece whose clip has no more sound than is heard of it: no seam can click. All else is untouched."""
    clips = [piece(tmp_path, key, frames=n, sound_s=n / 24, **PLAIN) for key, n in (("a", 12), ("b", 24))]
    mix = heard(clips, tmp_path)
    for edge in (0, 24_000 - 1, 24_000, 72_000 - 1):
        assert np.abs(mix[edge]).max() < 0.002
    assert mix[300:2000, 0].max() == pytest.approx(mix[10_000:12_000, 0].max(), rel=0.01)


@pytest.mark.parametrize(("first_s", "second_s"), [(1.0, 0.0), (0.0, 0.25), (1.0, 0.25)])
def test_a_hard_cut_of_a_steady_tone_does_not_click(first_s: float, second_s: float, tmp_path: Path) -> None:
    """Over ten milliseconds one sound goes over into the other, wherever there is material beyond the cut."""
    one, other = (
        piece(tmp_path, key, used=12, frames=36, sound_s=0.5 + more, tone_hz=HZ, **PLAIN)
        for key, more in (("a", first_s), ("b", 1.0))
    )
    mix = heard([one, replace(other, edit=Edit(in_s=Fraction(second_s)))], tmp_path)
    alone, seam = mix[2000:22_000], mix[22_000:26_000]
    assert largest_step(seam, HZ) < largest_step(alone, HZ) + 10 ** (-60 / 20)
    assert np.abs(mix[24_000 - 600 : 24_000 + 600]).max() > 0.5 * np.abs(alone).max(), "nothing falls silent"


def test_two_parts_of_one_clip_that_follow_each_other_have_no_seam(tmp_path: Path) -> None:
    """They are heard as the clip itself is."""
    whole = piece(tmp_path, "a", frames=48, sound_s=2.0, tone_hz=HZ, **PLAIN)
    halves = [replace(whole, frames=24), replace(whole, key="b", frames=24, edit=Edit(in_s=Fraction(1)))]
    parted, alike = heard(halves, tmp_path), heard([whole], tmp_path)
    assert np.abs(parted - alike).max() < 1e-5
