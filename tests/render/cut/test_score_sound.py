"""The song in the master: its own samples, every one, from the second that its pictures were made to."""

from __future__ import annotations

import asyncio
import random
import wave
from array import array
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from render.cut.cut_sound import soundtrack
from render.cut.mixing import mixed
from render.cut.music_bed import MusicBed
from render.cut.music_cues import EDGE_SAMPLES, Cue, Laid, Score, score_of
from render.cut.score_sound import write_score

from render.cut.cut_episode import cut_episode
from render.cut.cut_plan import timeline_of
from render.media.apply_fit import apply_fit
from render.media.ffmpeg import run
from render.media.graph import raw_sound, sink
from render.media.sound_samples import song_part, sound_alone
from storyboard.continuity.music_spans import MusicSpan
from storyboard.shot import Music
from storyboard.sounds import ClipSound
from storyboard.timeline.master_timeline import Timeline
from tests.render.cut.pieces import MASTER, Folder, loudness_at, piece, samples
from tests.sounds import LEFT_HZ, LOUD, STEREO, make_sound
from tests.storyboard.stories import shot

RATE = 48_000
SYNC = Music(source="song.wav", gain_db=Decimal(0), fade_out_s=Decimal(0), sync=True, clip_sound=ClipSound.MUTE)


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


def as_16_bits(heard: bytes) -> list[int]:
    """Interleaved floats as the whole numbers that they came from; fails where one is between two."""
    values = [each * 32_768 for each in array("f", heard)]
    assert all(each == int(each) for each in values)
    return list(map(int, values))


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[int]]:
    """Four seconds of it, and its numbers."""
    values = noise(4)
    return song_file(tmp_path_factory.mktemp("song") / "song.wav", values), values


def laid(path: Path, *lengths: str, music: Music = SYNC) -> Laid:
    """A song under shots a/0, a/1, …"""
    shots = tuple(shot(f"a/{at}", duration_s=Decimal(each)) for at, each in enumerate(lengths))
    bed = MusicBed(path=path, sha256="song", gain_db=music.gain_db)
    return Laid(span=MusicSpan(music=music, shots=shots), bed=bed, song_samples=4 * RATE)


def mix(target: Path, sources: Sequence[Path | None], timeline: Timeline, score: Score) -> bytes:
    """What the encoder of a master's sound is given, as it would be given it."""
    total = round(timeline.frames * RATE / timeline.fps)
    lowered = [score.lowered.get(key, 0) for key in timeline.keys]
    with mixed(raw_sound(RATE, 2).audio, total, target.parent, score=score) as sound:
        graph = sink([sound], target, **{"c:a": "pcm_f32le", "format": "f32le"})
        asyncio.run(run(graph, what="mix", feed=soundtrack(sources, timeline, lowered)))
    return target.read_bytes()


def test_any_seconds_of_a_song_are_its_own_samples(song: tuple[Path, list[int]]) -> None:
    """Through 16 bits and floats, and silence where it has ended."""
    path, values = song
    for start, end in ((0, 5), (RATE, RATE + 1), (12_345, 2 * RATE), (4 * RATE - 7, 4 * RATE)):
        assert as_16_bits(b"".join(song_part(path, start, end))) == values[2 * start : 2 * end]
    assert as_16_bits(b"".join(song_part(path, 4 * RATE - 1, 4 * RATE + 3))) == [*values[-2:], *[0] * 6]


def test_a_master_that_is_made_to_a_song_sounds_like_it_sample_for_sample(
    song: tuple[Path, list[int]], tmp_path: Path
) -> None:
    """As loud as a song may be, and though its clips have sound of their own."""
    path, values = song
    noisy = make_sound(tmp_path / "clip.wav", "pcm_s16le", seconds=2)
    timeline = Timeline.laid([("a/0", 24), ("a/1", 12), ("a/2", 36)], Fraction(24))
    score = score_of([laid(path, "1", "0.5", "1.5", music=replace(SYNC, from_s=Decimal("0.25")))], timeline)
    sources = [None if key in score.muted else noisy for key in timeline.keys]
    heard = as_16_bits(mix(tmp_path / "mix.f32", sources, timeline, score))
    assert heard == values[2 * RATE // 4 : 2 * (RATE // 4 + 3 * RATE)]


def test_picture_and_song_stay_together_where_a_shot_is_waived(song: tuple[Path, list[int]], tmp_path: Path) -> None:
    """Before and after the seam it is the song's own samples; in its five milliseconds one becomes the other."""
    path, values = song
    timeline = Timeline.laid([("a/0", 24), ("a/2", 24)], Fraction(24))
    score = score_of([laid(path, "1", "0.5", "1")], timeline)
    heard = array("f", mix(tmp_path / "mix.f32", [None, None], timeline, score))
    seam, after = 2 * RATE, 2 * (RATE + EDGE_SAMPLES)
    assert [each * 32_768 for each in heard[:seam]] == values[:seam]
    assert [each * 32_768 for each in heard[after:]] == values[after + RATE : seam + RATE + seam]
    for at in range(0, 2 * EDGE_SAMPLES, 2):
        share = at // 2 / EDGE_SAMPLES
        expected = values[seam + at] * (1 - share) + values[seam + RATE + at] * share
        assert heard[seam + at] * 32_768 == pytest.approx(expected, abs=0.1)


def test_lengths_off_the_grid_leave_the_song_whole(song: tuple[Path, list[int]], tmp_path: Path) -> None:
    """Three pictures of a third of a second and a bit: the song under them has no seam."""
    path, values = song
    timeline = Timeline.laid([("a/0", 8), ("a/1", 9), ("a/2", 8)], Fraction(24))
    score = score_of([laid(path, "0.345", "0.345", "0.345")], timeline)
    heard = as_16_bits(mix(tmp_path / "mix.f32", [None] * 3, timeline, score))
    assert heard == values[: 2 * 25 * 2000]


def test_a_muted_scene_is_untouched_beside_one_that_is_held_below_full_scale(
    song: tuple[Path, list[int]], tmp_path: Path
) -> None:
    """Music and clips together never pass the ceiling; where no clip is heard nothing is done to the song."""
    path, values = song
    loud = make_sound(tmp_path / "clip.wav", "pcm_s16le", seconds=1, channels=((LEFT_HZ, 0.9), (LEFT_HZ, 0.9)))
    keep = replace(
        laid(path, "1"), span=MusicSpan(music=replace(SYNC, clip_sound=ClipSound.KEEP), shots=(shot("b/0"),))
    )
    timeline = Timeline.laid([("a/0", 24), ("b/0", 24)], Fraction(24))
    score = score_of([laid(path, "1"), keep], timeline)
    heard = array("f", mix(tmp_path / "mix.f32", [None, loud], timeline, score))
    assert [each * 32_768 for each in heard[: 2 * RATE]] == values[: 2 * RATE]
    assert max(map(abs, heard[2 * (RATE + EDGE_SAMPLES) :])) <= 0.971


@pytest.mark.parametrize(("clip_sound", "share"), [("mute", 0.0), ("duck", 10 ** (-12 / 20)), ("keep", 1.0)])
def test_clips_are_as_loud_as_is_asked(clip_sound: str, share: float, tmp_path: Path) -> None:
    """Twelve decibels softer under a song for which they are ducked."""
    quiet = song_file(tmp_path / "song.wav", [0] * 2 * RATE)
    clip = make_sound(tmp_path / "clip.wav", "pcm_s16le", seconds=1)
    timeline = Timeline.laid([("a/0", 24)], Fraction(24))
    score = score_of([laid(quiet, "1", music=replace(SYNC, clip_sound=ClipSound(clip_sound)))], timeline)
    heard = array("f", mix(tmp_path / "mix.f32", [None if score.muted else clip], timeline, score))[::2]
    assert loudness_at(heard, LEFT_HZ, 0.5) == pytest.approx(LOUD * share, abs=0.002)


def test_a_ducked_clip_comes_up_where_its_music_ends(tmp_path: Path) -> None:
    """Smoothly: over half a second, without a step."""
    clip = make_sound(tmp_path / "clip.wav", "pcm_f32le", seconds=2, channels=((0.5, 0.5), (0.5, 0.5)))
    timeline = Timeline.laid([("a/0", 48)], Fraction(24))
    heard = array("f", b"".join(soundtrack([clip], timeline, [RATE // 2])))[::2]
    plain = array("f", b"".join(soundtrack([clip], timeline)))[::2]
    shares = [
        heard[at] / plain[at] for at in (RATE // 4, RATE // 2 - 1, RATE // 2, RATE * 3 // 4, RATE + 1, RATE * 5 // 4)
    ]
    low = 10 ** (-12 / 20)
    assert shares == pytest.approx([low, low, low, (1 + low) / 2, 1, 1], abs=1e-3)
    steps = [abs(heard[at + 1] - heard[at]) for at in range(RATE // 2 - 300, RATE + 300)]
    assert max(steps) < 1e-4


def test_gain_fades_and_loops_are_those_of_the_cue(tmp_path: Path) -> None:
    """Each as its numbers say, on a song that is one all through."""
    flat = song_file(tmp_path / "song.wav", [16_384] * 2 * RATE)
    bed = MusicBed(path=flat, gain_db=Decimal(-6))
    cue = Cue(bed=bed, begin=1000, samples=2 * RATE, song=10, rising=100, falling=1000, loops=True)
    write_score([cue], 3 * RATE, tmp_path / "score.f32")
    heard = array("f", (tmp_path / "score.f32").read_bytes())[::2]
    level = 0.5 * 10 ** (-6 / 20)
    assert len(heard) == 3 * RATE
    assert max(heard[:1000]) == max(heard[1000 + 2 * RATE :]) == 0
    places = (1000, 1050, 1100, 1000 + RATE, 2 * RATE, 2 * RATE + 500)
    assert [heard[at] for at in places] == pytest.approx([0, level / 2, level, level, level, level / 2], abs=1e-4)


def test_a_cut_lays_the_song_under_its_pieces(song: tuple[Path, list[int]], tmp_path: Path) -> None:
    """Through the whole of it: what is heard of the master is the song, and nothing of its clips."""
    tone = make_sound(tmp_path / "tone.wav", "pcm_s16le", seconds=3)
    pieces = [replace(piece(tmp_path, f"c{at}", frames=24, sound_s=1.0, tone_hz=880), key=f"a/{at}") for at in range(2)]
    timeline = timeline_of(pieces, MASTER.fps)
    score = score_of([laid(tone, "1", "1", music=replace(SYNC, from_s=Decimal(1)))], timeline)
    cut = cut_episode(pieces, timeline, MASTER, tmp_path / "e01.mp4", kept=Folder(tmp_path / "kept"), score=score)
    heard = samples(asyncio.run(cut).path)
    for second in (0.3, 1.0, 1.7):
        assert loudness_at(heard, LEFT_HZ, second) == pytest.approx(LOUD, rel=0.05)
        assert loudness_at(heard, 880, second) < 0.01


@pytest.mark.parametrize(
    ("rate", "layout", "channels"),
    [(48_000, "stereo", STEREO), (44_100, "stereo", STEREO), (22_050, "mono", STEREO[:1])],
)
def test_what_is_sent_of_a_song_is_what_the_cut_has_of_it(
    rate: int, layout: str, channels: Sequence[tuple[float, float]], tmp_path: Path
) -> None:
    """Sample for sample, as 16 bits have it, whatever the song's own rate: made by the one path for both."""
    song = make_sound(tmp_path / "song.wav", "pcm_s16le", seconds=3, rate=rate, layout=layout, channels=channels)
    asyncio.run(apply_fit(song, "audio:wav:1.2345-2.5s:cut", tmp_path / "part.wav"))
    begin, end = round(1.2345 * 48_000), round(2.5 * 48_000)
    write_score([Cue(bed=MusicBed(path=song), begin=0, samples=end - begin, song=begin)], end - begin, tmp_path / "cut")
    sent, laid = array("f", b"".join(sound_alone(tmp_path / "part.wav"))), array("f", (tmp_path / "cut").read_bytes())
    assert len(sent) == len(laid) == 2 * (end - begin)
    assert [round(each * 32_768) for each in sent] == [round(each * 32_768) for each in laid]
    if (rate, layout) == (48_000, "stereo"):
        whole = array("f", b"".join(sound_alone(song)))
        assert sent == laid == whole[2 * begin : 2 * end]
