"""Music under a master: as long as it really is, again and again where it loops, and never too loud."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from render.errors import MediaError
from render.mix.listening import listened
from render.mix.sound_sources import SoundSources
from storyboard.shot import Music
from storyboard.timeline.sound_events import Material
from storyboard.timeline.sound_plan import SoundPlan
from tests.clips import make_clip
from tests.render.media.sound_cases import LAYOUTS
from tests.render.mix.mixing import RATE, Files, before_loudness, level, mixed, read_sound
from tests.sounds import LEFT_HZ, LOUD, make_bare_mp3, make_sound
from tests.storyboard.timeline.sound_stories import BED, episode_of, sound_of
from tests.thinning import exhaustive, one_in

SOFT = 0.05
THEME = replace(BED, source="references/music/theme.wav")

Heard = NDArray[np.float32]


def under_silence(theme: Path, music: Music, seconds: str = "2") -> tuple[Files, SoundPlan]:
    """The plan of so many seconds without any sound of their own under which the music lies."""
    files = Files.at({music.source: theme})
    return files, sound_of(episode_of({"a/0": seconds}, music=music), files.hashes, files.facts)


def master(theme: Path, music: Music, folder: Path) -> tuple[Heard, tuple[str, ...]]:
    """What is heard of the encoded sound of two seconds, and what is told of it."""
    files, plan = under_silence(theme, music)
    made = mixed(plan, files, folder, loudness=None)
    return read_sound(made.sound)[: plan.samples], made.notes


def level_at(heard: Heard, hz: float, second: float, window_s: float = 0.2) -> float:
    """How much of a tone is heard on the left around a moment."""
    first = round((second - window_s / 2) * RATE)
    return level(heard[first : first + round(window_s * RATE)], hz)


def once(theme: Path, folder: Path) -> Heard:
    """A loop of all of it, from its beginning to where it begins again."""
    files = Files.at({"theme": theme})
    sha256 = files.hashes["theme"]
    samples = files.facts[sha256].samples
    return SoundSources(files.paths, folder).read(Material(sha256, loop=(0, samples)), 0, samples)


def as_a_clip(sound: Path, folder: Path, seconds: str) -> Heard:
    """What is heard where it is a clip's own sound."""
    files = Files.at({}, {"clip": sound})
    plan = sound_of(episode_of({"a/0": seconds}), files.hashes, files.facts, clips={"a/0": "clip"})
    return before_loudness(plan, files, folder)


def test_music_without_a_header_of_its_length_fades_where_it_ends(tmp_path: Path) -> None:
    """The fade stands at the end of the master, wherever the rate of the music's first frames puts its end."""
    theme = make_bare_mp3(tmp_path / "theme.mp3", (0.4, LOUD), (3.0, SOFT))
    heard, notes = master(theme, replace(THEME, fade_out_s=Decimal("0.1")), tmp_path)
    assert level_at(heard, LEFT_HZ, 0.2) == pytest.approx(LOUD, rel=0.05)
    assert level_at(heard, LEFT_HZ, 1.85, 0.1) == pytest.approx(SOFT, rel=0.1)
    assert level_at(heard, LEFT_HZ, 1.99, 0.02) < SOFT / 4
    assert notes == ()


def test_music_shorter_than_its_master_is_told(tmp_path: Path) -> None:
    """It ends where it ends, and whoever made the episode hears of it, with what to write."""
    heard, notes = master(make_sound(tmp_path / "theme.wav", "pcm_s16le", seconds=0.5), THEME, tmp_path)
    assert level_at(heard, LEFT_HZ, 0.25) == pytest.approx(LOUD, rel=0.03)
    assert level_at(heard, LEFT_HZ, 1.0) < 0.001
    assert notes == (
        "the music references/music/theme.wav ends after 0.5 s of 2.0 s, and nothing follows it; "
        "`loop: true` under `music` plays it on and on",
    )


def test_a_loop_is_the_music_again_and_again_to_the_sample(tmp_path: Path) -> None:
    """A tone that fits its length is heard without a seam: as one that never ends."""
    theme = make_sound(tmp_path / "theme.wav", "pcm_s24le", seconds=0.3)
    heard, notes = master(theme, replace(THEME, loop=True), tmp_path)
    alike, _ = master(make_sound(tmp_path / "whole.wav", "pcm_s24le", seconds=2.5), THEME, tmp_path)
    assert notes == ()
    assert len(heard) == len(alike) == 2 * RATE
    assert np.abs(heard - alike).max() < 0.001


def sine(hz: float, samples: int) -> Heard:
    """The tone of a channel by its formula."""
    return np.asarray(LOUD * np.sin(2 * np.pi * hz * np.arange(samples) / RATE), np.float32)


def test_a_loop_that_fits_is_not_touched(tmp_path: Path) -> None:
    """Its samples are those of the music, every one."""
    looped = once(make_sound(tmp_path / "theme.wav", "pcm_s24le", seconds=0.3), tmp_path)
    assert len(looped) == 14_400
    assert np.abs(looped[:, 0] - sine(LEFT_HZ, 14_400)).max() < 1e-6


def test_a_loop_that_would_click_leads_over(tmp_path: Path) -> None:
    """Where the last sample is far from the first one, the last milliseconds go there; nothing else is touched."""
    channels = ((LEFT_HZ, LOUD), (LEFT_HZ * 2, LOUD))
    theme = make_sound(tmp_path / "theme.wav", "pcm_f32le", seconds=0.2994, channels=channels)  # ends on a crest
    looped = once(theme, tmp_path)
    assert len(looped) == round(0.2994 * RATE)
    for side, (hz, _) in enumerate(channels):
        heard = looped[:, side]
        largest = np.abs(np.diff(heard)).max()
        assert abs(heard[0] - heard[-1]) <= largest
        assert largest < 1.2 * LOUD * 2 * 3.1416 * hz / RATE
        assert np.abs(heard - sine(hz, len(heard)))[:-240].max() < 1e-6


@exhaustive
def test_a_loop_of_one_sample_is_a_loop(tmp_path: Path) -> None:
    """The shortest music there is; and of none, the error says so."""
    theme = make_sound(tmp_path / "theme.wav", "pcm_s16le", seconds=1 / RATE)
    heard, _ = master(theme, replace(THEME, loop=True), tmp_path)
    assert np.abs(heard).max() < 0.001
    silent = make_clip(tmp_path / "a.mp4", frames=48)
    with pytest.raises(MediaError, match="holds no sound"):
        listened(silent, "silent", clip=False)


def test_a_loop_of_longer_music_changes_nothing(tmp_path: Path) -> None:
    """To the byte: music that lasts as long as its episode is not begun again."""
    theme = make_sound(tmp_path / "theme.wav", "pcm_s16le", seconds=2.5)
    made = []
    for loop in (False, True):
        files, plan = under_silence(theme, replace(THEME, loop=loop))
        made.append(mixed(plan, files, tmp_path, loudness=None).sound.read_bytes())
    assert made[0] == made[1]


@one_in(2)
@pytest.mark.parametrize("name", ["5.1", "5.1 with side channels", "quad", "7.1"])
def test_surround_is_mixed_down_in_clips_and_music_alike(name: str, tmp_path: Path) -> None:
    """Each channel at its share, full scale nowhere passed: in the master's own samples too."""
    case = LAYOUTS[name]
    theme = case.make(tmp_path)
    heard, notes = master(theme, THEME, tmp_path)
    clip = as_a_clip(theme, tmp_path, "0.5")
    tones: Mapping[float, float] = case.heard[0]
    for hz, amplitude in tones.items():
        assert level_at(heard, hz, 0.25) == pytest.approx(amplitude, abs=0.012)
        assert level_at(clip, hz, 0.25) == pytest.approx(amplitude, abs=0.003)
    assert any(f"channels of {THEME.source} are mixed down to stereo" in note for note in notes)


def test_surround_at_full_scale_is_not_louder_than_its_neighbour_in_stereo(tmp_path: Path) -> None:
    """All channels at full scale together are full scale, as two are."""
    six, two = (
        make_sound(
            tmp_path / f"{layout}.wav",
            "pcm_f32le",
            layout=layout,
            channels=((LEFT_HZ, 1.0),) * count,
            seconds=0.25,
        )
        for layout, count in (("5.1", 6), ("stereo", 2))
    )
    loud = [np.abs(as_a_clip(each, tmp_path, "0.25")[:, 0]).max() for each in (six, two)]
    assert loud[0] == pytest.approx(loud[1], abs=0.001)
    assert loud[0] <= 1.0
