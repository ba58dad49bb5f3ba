"""The song in the mix: its own samples, every one, from the second that its pictures were made to."""

from __future__ import annotations

import asyncio
import random
import wave
from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from render.media.apply_fit import apply_fit
from render.media.sound_samples import song_part, sound_alone
from render.mix.sound_sources import SoundSources
from storyboard.shot import Episode
from storyboard.sounds import ClipSound
from storyboard.timeline.sound_events import MUSIC_EDGE, Curve, Fade, Material, SoundEvent, Track
from storyboard.timeline.sound_plan import SoundPlan
from tests.render.mix.mixing import RATE, Files, before_encoding, before_loudness, level, read_sound
from tests.sounds import LEFT_HZ, LOUD, STEREO, make_sound
from tests.storyboard.timeline.sound_stories import SONG, episode_of, sound_of
from tests.thinning import exhaustive

Rows = NDArray[np.int64]

AHEAD_OF_A_PEAK = RATE // 80
"""Samples before a peak from which on it may be held down."""


def noise(seconds: float, seed: int = 7) -> list[int]:
    """So many seconds of stereo, 16 bits, of which no two places are alike, up to full scale."""
    chance = random.Random(seed)
    return [chance.randint(-32_768, 32_767) for _ in range(2 * round(seconds * RATE))]


def song_file(target: Path, values: Sequence[int]) -> Path:
    """A WAV of 48 kHz, stereo, 16 bits."""
    with wave.open(str(target), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(array("h", values).tobytes())
    return target


def as_16_bits(heard: NDArray[np.float64]) -> Rows:
    """Samples as the whole numbers that they came from; fails where one is between two."""
    values = heard * 32_768
    assert np.array_equal(values, np.rint(values))
    return np.asarray(values, np.int64)


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Rows]:
    """Four seconds of it, and its numbers."""
    values = noise(4)
    path = song_file(tmp_path_factory.mktemp("song") / "song.wav", values)
    return path, np.array(values).reshape(-1, 2)


def mix_of(
    episode: Episode,
    folder: Path,
    music: Path,
    *,
    clips: Mapping[str, Path] | None = None,
    without: Collection[str] = (),
) -> NDArray[np.float64]:
    """What is heard of its master before it is brought to a loudness, with `music` as its song."""
    files, plan = planned(episode, music, clips=clips, without=without)
    return before_loudness(plan, files, folder)


def planned(
    episode: Episode, music: Path, *, clips: Mapping[str, Path] | None = None, without: Collection[str] = ()
) -> tuple[Files, SoundPlan]:
    """Its plan, and the files that it names; `clips` are what is heard of its shots."""
    files = Files.at({"song": music}, clips)
    heard = {key: key for key in clips or {}}
    return files, sound_of(episode, files.hashes, files.facts, clips=heard, without=without)


def test_any_seconds_of_a_song_are_its_own_samples(song: tuple[Path, Rows]) -> None:
    """Through 16 bits and floats, and silence where it has ended."""
    path, values = song

    def part(start: int, end: int) -> Rows:
        return as_16_bits(np.frombuffer(b"".join(song_part(path, start, end)), np.float32).reshape(-1, 2))

    for start, end in ((0, 5), (RATE, RATE + 1), (12_345, 2 * RATE), (4 * RATE - 7, 4 * RATE)):
        assert np.array_equal(part(start, end), values[start:end])
    assert np.array_equal(part(4 * RATE - 1, 4 * RATE + 3), [values[-1], *[[0, 0]] * 3])


def test_a_master_that_is_made_to_a_song_sounds_like_it_sample_for_sample(
    song: tuple[Path, Rows], tmp_path: Path
) -> None:
    """As loud as a song may be, and though its clips have sound of their own."""
    path, values = song
    noisy = make_sound(tmp_path / "clip.wav", "pcm_s16le", seconds=2)
    lengths = {"a/0": "1", "a/1": "0.5", "a/2": "1.5"}
    episode = episode_of(lengths, music=replace(SONG, from_s=Decimal("0.25")))
    heard = mix_of(episode, tmp_path, path, clips=dict.fromkeys(lengths, noisy))
    assert np.array_equal(as_16_bits(heard), values[RATE // 4 : RATE // 4 + 3 * RATE])


def test_picture_and_song_stay_together_where_a_shot_is_waived(song: tuple[Path, Rows], tmp_path: Path) -> None:
    """Before and after the seam it is the song's own samples; in its five milliseconds one becomes the other."""
    path, values = song
    episode = episode_of({"a/0": "1", "a/1": "0.5", "a/2": "1"}, music=SONG)
    heard = mix_of(episode, tmp_path, path, without=["a/1"]) * 32_768
    after = RATE + MUSIC_EDGE
    assert len(heard) == 2 * RATE
    assert np.array_equal(heard[:RATE], values[:RATE])
    assert np.array_equal(heard[after:], values[after + RATE // 2 : 2 * RATE + RATE // 2])
    share = np.arange(MUSIC_EDGE)[:, None] / MUSIC_EDGE
    begun = values[RATE + RATE // 2 :][:MUSIC_EDGE]
    assert heard[RATE:after] == pytest.approx(values[RATE:after] * (1 - share) + begun * share, abs=0.1)


def test_lengths_off_the_grid_leave_the_song_whole(song: tuple[Path, Rows], tmp_path: Path) -> None:
    """Three pictures of a third of a second and a bit: the song under them has no seam."""
    path, values = song
    heard = mix_of(episode_of({"a/0": "0.345", "a/1": "0.345", "a/2": "0.345"}, music=SONG), tmp_path, path)
    assert np.array_equal(as_16_bits(heard), values[: 25 * 2000])


def test_a_muted_scene_is_untouched_beside_one_that_is_held_below_full_scale(
    song: tuple[Path, Rows], tmp_path: Path
) -> None:
    """Music and clips together never pass full scale; where no clip is heard nothing is done to the song."""
    path, values = song
    loud = make_sound(tmp_path / "clip.wav", "pcm_s16le", seconds=2, channels=((LEFT_HZ, 0.9), (LEFT_HZ, 0.9)))
    music = {"a": SONG, "b": replace(SONG, clip_sound=ClipSound.KEEP)}
    episode = episode_of({"a/0": "1", "b/0": "1"}, scene_music=music)
    files, plan = planned(episode, path, clips={"a/0": loud, "b/0": loud})
    held = before_encoding(plan, files, tmp_path)
    assert np.array_equal(as_16_bits(held[: RATE - AHEAD_OF_A_PEAK]), values[: RATE - AHEAD_OF_A_PEAK])
    assert np.abs(before_loudness(plan, files, tmp_path)[RATE:]).max() > 1.5
    assert np.abs(held[RATE:]).max() <= 1 + 1e-6


@pytest.mark.parametrize(("clip_sound", "share"), [("mute", 0.0), ("duck", 10 ** (-12 / 20)), ("keep", 1.0)])
def test_clips_are_as_loud_as_is_asked(clip_sound: str, share: float, tmp_path: Path) -> None:
    """Twelve decibels softer under a song for which they are ducked."""
    quiet = song_file(tmp_path / "song.wav", [0] * 2 * RATE)
    clip = make_sound(tmp_path / "clip.wav", "pcm_s16le", seconds=1)
    episode = episode_of({"a/0": "1"}, music=replace(SONG, clip_sound=ClipSound(clip_sound)))
    heard = mix_of(episode, tmp_path, quiet, clips={"a/0": clip})
    assert level(heard[RATE // 4 : RATE * 3 // 4], LEFT_HZ) == pytest.approx(LOUD * share, abs=0.002)


def test_a_ducked_clip_comes_up_where_its_music_ends(tmp_path: Path) -> None:
    """Smoothly: over half a second, without a step."""
    quiet = song_file(tmp_path / "song.wav", [0] * RATE)
    clip = make_sound(tmp_path / "clip.wav", "pcm_f32le", seconds=2, channels=((0.5, 0.5), (0.5, 0.5)))
    music = replace(SONG, sync=False, clip_sound=ClipSound.DUCK)
    heard, plain = (
        mix_of(episode_of({"a/0": "2"}, music=each), tmp_path, quiet, clips={"a/0": clip})[:, 0]
        for each in (music, replace(music, clip_sound=ClipSound.KEEP))
    )
    places = (RATE // 4, RATE // 2 - 1, RATE // 2, RATE * 3 // 4, RATE + 1, RATE * 5 // 4)
    low = 10 ** (-12 / 20)
    shares = [heard[at] / plain[at] for at in places]
    assert shares[:3] == pytest.approx([low, low, low], abs=1e-3)
    assert shares[3] == pytest.approx(10 ** (-6 / 20), abs=1e-3), "half-way it is half as many decibels softer"
    assert shares[4:] == pytest.approx([1, 1], abs=1e-3)
    assert np.abs(np.diff(heard[RATE // 2 - 300 : RATE + 300])).max() < 1e-4


def test_gain_fades_and_loops_are_those_of_the_music(tmp_path: Path) -> None:
    """Each as its numbers say, on a song that is one all through."""
    files = Files.at({"song": song_file(tmp_path / "song.wav", [16_384] * 2 * RATE)})
    cue = SoundEvent(
        track=Track.MUSIC,
        material=Material(files.hashes["song"], loop=(0, RATE)),
        begin=1000,
        samples=2 * RATE,
        offset=10,
        gain_db=Decimal(-6),
        rise=Fade(100, Curve.LINEAR),
        fall=Fade(1000, Curve.LINEAR),
    )
    heard = before_loudness(SoundPlan(3 * RATE, (cue,)), files, tmp_path)[:, 0]
    level_ = 0.5 * 10 ** (-6 / 20)
    assert len(heard) == 3 * RATE
    assert max(heard[:1000]) == max(heard[1000 + 2 * RATE :]) == 0
    places = (1000, 1050, 1100, 1000 + RATE, 2 * RATE, 2 * RATE + 500)
    assert [heard[at] for at in places] == pytest.approx([0, level_ / 2, level_, level_, level_, level_ / 2], abs=1e-4)


@exhaustive
@pytest.mark.parametrize(
    ("rate", "layout", "channels"),
    [(48_000, "stereo", STEREO), (44_100, "stereo", STEREO), (22_050, "mono", STEREO[:1])],
)
def test_what_is_sent_of_a_song_is_what_the_mix_has_of_it(
    rate: int, layout: str, channels: Sequence[tuple[float, float]], tmp_path: Path
) -> None:
    """Sample for sample, as 16 bits have it, whatever the song's own rate: made by the one path for both."""
    song = make_sound(tmp_path / "song.wav", "pcm_s16le", seconds=3, rate=rate, layout=layout, channels=channels)
    asyncio.run(apply_fit(song, "audio:wav:1.2345-2.5s:cut", tmp_path / "part.wav"))
    begin, end = round(1.2345 * RATE), round(2.5 * RATE)
    files = Files.at({"song": song})
    laid = SoundSources(files.paths, tmp_path).read(Material(files.hashes["song"]), begin, end - begin)
    sent = read_sound(tmp_path / "part.wav")
    assert len(sent) == len(laid) == end - begin
    assert np.array_equal(np.rint(sent * 32_768), np.rint(laid * 32_768))
    if (rate, layout) == (48_000, "stereo"):
        whole = np.frombuffer(b"".join(sound_alone(song)), np.float32).reshape(-1, 2)
        assert np.array_equal(sent, whole[begin:end])
        assert np.array_equal(laid, whole[begin:end])
    plan = SoundPlan(end - begin, (files.event("song", samples=end - begin, offset=begin),))
    assert before_loudness(plan, files, tmp_path) == pytest.approx(laid, abs=2**-21)
