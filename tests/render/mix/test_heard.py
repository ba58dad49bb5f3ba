"""What is heard of clips, lines and music in a mix, measured on samples, from files and clips that ffmpeg made."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from render.media.ffmpeg import run
from render.media.graph import invented, sink, source
from render.media.measures import sha256_of
from render.mix.listening import listened
from render.mix.stems import Stem
from storyboard.edit import Edit, TransitionKind
from storyboard.shot import ClipSound, Episode, Line, Music
from storyboard.sounds import Effect, MixSettings, ShotSounds, SpokenFile
from storyboard.timeline.sample_grid import samples_at
from storyboard.timeline.sound_events import EDGE
from storyboard.timeline.sound_plan import SoundPlan
from tests.render.mix.hearing import clip, cut, lufs, stems, whole
from tests.render.mix.mixing import (
    FRAME_RATES,
    RATE,
    Files,
    before_loudness,
    largest_step,
    level,
    noise,
    read_sound,
    speech,
    tone,
    write_wav,
)
from tests.sounds import make_sound
from tests.storyboard.timeline.sounding import Seam
from tests.thinning import one_in


@one_in(2)
@pytest.mark.parametrize("fps", FRAME_RATES, ids=str)
def test_a_steady_tone_has_no_step_at_any_cut(fps: Fraction, tmp_path: Path) -> None:
    """Whatever its clips have beyond the cut: below -60 dB of full scale, and in the middle of a clip there is none."""
    loud = tone(3)
    clips = {}
    for number in range(4):
        path = write_wav(tmp_path / f"{number}.wav", loud[number * 37 :])
        clips[f"a/{number}"] = with_sound(tmp_path, f"c{number}", path, fps)
    footages = {
        "a/0": whole(11, available=40),
        "a/1": whole(12, first=5, available=40),
        "a/2": whole(9, first=7, available=16),
        "a/3": whole(13, available=40),
    }
    made = cut(tmp_path, clips, footages, fps=fps)
    heard = before_loudness(made.plan, made.files, tmp_path)
    inside = slice(EDGE, len(heard) - EDGE)
    assert len(heard) == samples_at(45, fps)
    assert largest_step(heard[inside], 440) < 10 ** (-60 / 20)
    steady = samples_at(3, fps)
    assert level(heard[steady : steady + 4800], 440) == pytest.approx(0.4, rel=0.01)


def with_sound(folder: Path, name: str, sound: Path, fps: Fraction) -> Path:
    """A clip of 40 frames with this sound."""
    target = folder / f"{name}.mov"
    picture = invented(f"color=c=black:s=64x36:r={fps}").filter("trim", end_frame=40)
    options = {"c:v": "libx264", "c:a": "pcm_s16le", "format": "mov"}
    asyncio.run(run(sink([picture, source(sound).audio], target, **options), what="make a clip"))
    return target


def test_each_clip_is_heard_under_its_own_picture_and_nowhere_else(tmp_path: Path) -> None:
    """Trimmed, held and faster; its pitch stays."""
    clips = {"a/0": clip(tmp_path, "one", hz=440, seconds=2), "a/1": clip(tmp_path, "two", hz=1320, seconds=2)}
    footages = {
        "a/0": whole(24, first=6, available=48, hold_first=12, hold_last=12),
        "a/1": whole(20, available=24, speed=Fraction(2)),
    }
    made = cut(tmp_path, clips, footages)
    heard = before_loudness(made.plan, made.files, tmp_path)
    assert np.abs(heard[: RATE // 2]).max() == np.abs(heard[RATE * 3 // 2 + EDGE : 2 * RATE]).max() == 0
    moving, faster = heard[RATE * 6 // 10 : RATE * 14 // 10], heard[2 * RATE + 4800 : 2 * RATE + 28_800]
    assert level(moving, 440) > 10 * level(moving, 1320)
    spectrum = np.abs(np.fft.rfft(faster[:, 0] * np.hanning(len(faster))))
    assert np.argmax(spectrum) * RATE / len(faster) == pytest.approx(1320, abs=4)


def test_sounds_change_before_or_after_their_pictures(tmp_path: Path) -> None:
    """A J-cut of a quarter of a second, then an L-cut of as much."""
    clips = {f"a/{n}": clip(tmp_path, f"c{n}", hz=hz, seconds=3) for n, hz in enumerate((440, 880, 1760))}
    edits = {"a/1": Edit(sound_from_s=Fraction(-1, 4)), "a/2": Edit(sound_from_s=Fraction(1, 4))}
    footages = {key: whole(24, first=24, available=72) for key in clips}
    made = cut(tmp_path, clips, footages, edits=edits)
    heard = before_loudness(made.plan, made.files, tmp_path)

    def loudest(second: float) -> int:
        part = heard[round((second - 0.05) * RATE) : round((second + 0.05) * RATE)]
        return max((440, 880, 1760), key=lambda hz: level(part, hz))

    assert [loudest(second) for second in (0.65, 0.85, 1.5, 2.15, 2.35)] == [440, 880, 880, 880, 1760]
    assert made.plan.notes == ()


def test_a_dissolve_is_as_loud_as_what_it_joins(tmp_path: Path) -> None:
    """Half-way each sound is three decibels down."""
    clips = {"a/0": clip(tmp_path, "one", hz=440, seconds=2), "a/1": clip(tmp_path, "two", hz=1760, seconds=2)}
    footages = {"a/0": whole(24, available=48), "a/1": whole(24, first=24, available=48)}
    made = cut(tmp_path, clips, footages, seams=[Seam(TransitionKind.DISSOLVE, 24, 12, 12)])
    heard = before_loudness(made.plan, made.files, tmp_path)
    middle, alone = heard[RATE - 480 : RATE + 480], heard[4800:9600]
    assert level(middle, 440) == pytest.approx(level(alone, 440) / 2**0.5, rel=0.03)
    assert level(middle, 1760) == pytest.approx(level(alone, 440) / 2**0.5, rel=0.03)


def talking(episode: Episode, music_db: int = -6, **mix: Any) -> Episode:
    """One shot of six seconds with a line in its middle, over music."""
    (only,) = episode.shots
    line = SpokenFile(source="line", line=0, at_s=Decimal(2))
    spoken = replace(only, dialogue=(Line("mara", "Mara", "No."),), sounds=ShotSounds(dialogue=(line,)))
    music = Music(source="music", gain_db=Decimal(music_db), fade_out_s=Decimal(0), loop=True)
    return replace(episode, shots=(spoken,), music=music, mix=MixSettings(**mix))


def test_a_line_stands_twelve_lu_over_the_music_that_makes_way_for_it(tmp_path: Path) -> None:
    """By the stems; the music is down when the first word comes, and as loud as it was after the last."""
    made = cut(
        tmp_path,
        {"a/0": clip(tmp_path, "quiet", seconds=6, hz=100)},
        {"a/0": whole(144)},
        edits={"a/0": Edit(mute=True)},
        sounds={"line": speech(2), "music": noise(4, 0.2)},
        episode=lambda each: talking(each, room_tone="none"),
    )
    heard = stems(made, tmp_path)
    during = slice(2 * RATE, 4 * RATE)
    assert lufs(heard[Stem.DIALOGUE][during]) - lufs(heard[Stem.MUSIC][during]) >= 12
    before, down = heard[Stem.MUSIC][: int(1.8 * RATE)], heard[Stem.MUSIC][2 * RATE : 2 * RATE + 4800]
    assert 20 * np.log10(before.std() / down.std()) >= 11.5
    assert lufs(heard[Stem.MUSIC][int(4.7 * RATE) :]) == pytest.approx(lufs(before), abs=0.3)
    assert np.array_equal(
        np.rint((heard[Stem.DIALOGUE] + heard[Stem.MUSIC] + heard[Stem.EFFECTS]) * (1 << 23)),
        np.rint(heard[Stem.MIX] * (1 << 23)),
    )


def test_music_goes_down_by_what_is_written(tmp_path: Path) -> None:
    """And not at all where it is to stay."""
    for written in (Decimal(-6), Decimal(0)):
        folder = tmp_path / str(written)
        folder.mkdir()
        made = cut(
            folder,
            {},
            {"a/0": whole(144)},
            sounds={"line": speech(2), "music": noise(4, 0.1)},
            episode=lambda each, by=written: talking(each, ducking_db=by),
        )
        music = replace(made.plan, events=tuple(each for each in made.plan.events if each.track == "music"))
        heard = before_loudness(music, made.files, folder)
        change = 20 * np.log10(heard[2 * RATE : 4 * RATE].std() / heard[:RATE].std())
        assert change == pytest.approx(float(written), abs=0.2)


def test_music_makes_way_for_a_clip_that_speaks_itself(tmp_path: Path) -> None:
    """Where its voice is heard in it, and nobody says where; it goes to the dialogue."""
    voice = np.concatenate([noise(2, 0.001), speech(2) + noise(2, 0.001), noise(2, 0.001)])
    sound = write_wav(tmp_path / "voice.wav", voice)
    spoken = with_sound(tmp_path, "spoken", sound, Fraction(40, 6))

    def episode(plain: Episode) -> Episode:
        (only,) = plain.shots
        said = replace(only, dialogue=(Line("mara", "Mara", "No."),))
        return replace(
            plain, shots=(said,), music=Music(source="music", gain_db=Decimal(0), fade_out_s=Decimal(0), loop=True)
        )

    made = cut(
        tmp_path,
        {"a/0": spoken},
        {"a/0": whole(144)},
        sounds={"music": noise(4, 0.05)},
        episode=episode,
    )
    ((begin, end),) = made.plan.speech
    assert (begin, end) == (pytest.approx(2 * RATE, abs=RATE // 4), pytest.approx(4 * RATE, abs=RATE // 2))
    heard = stems(made, tmp_path)
    during = slice(begin, end)
    assert lufs(heard[Stem.DIALOGUE][during]) - lufs(heard[Stem.MUSIC][during]) >= 12
    assert np.abs(heard[Stem.EFFECTS]).max() < 1e-5


def test_neighbours_are_brought_within_one_lu(tmp_path: Path) -> None:
    """Measured shot by shot; without it they are as far apart as they came."""
    clips = {
        f"a/{number}": with_sound(
            tmp_path, f"c{number}", write_wav(tmp_path / f"{number}.wav", noise(2, amplitude, number)), Fraction(20)
        )
        for number, amplitude in enumerate((0.02, 0.1, 0.04, 0.15))
    }
    footages = {key: whole(40) for key in clips}
    for level_clips, most in ((True, 1.0), (False, 99.0)):
        made = cut(
            tmp_path,
            clips,
            footages,
            fps=Fraction(20),
            episode=lambda each, on=level_clips: replace(each, mix=MixSettings(level_clips=on)),
        )
        heard = before_loudness(made.plan, made.files, tmp_path)
        found = [lufs(heard[at * 2 * RATE + 2400 : (at + 1) * 2 * RATE - 2400]) for at in range(4)]
        apart = np.abs(np.diff(found)).max()
        assert apart <= most
        assert level_clips or apart > 5


def test_room_tone_lies_where_a_scene_would_fall_silent(tmp_path: Path) -> None:
    """The quietest second of its clips, again and again, without a seam; or nothing, or a file."""
    voice = np.concatenate([noise(1, 0.002), noise(1, 0.1)])
    one = with_sound(tmp_path, "one", write_wav(tmp_path / "one.wav", voice), Fraction(20))
    footages = {"a/0": whole(40), "a/1": whole(60), "b/0": whole(20)}
    for tone_of, there in (("auto", 0.002), ("none", 0.0), ("hum", 0.05)):
        made = cut(
            tmp_path,
            {"a/0": one},
            footages,
            fps=Fraction(20),
            sounds={"hum": noise(0.7, 0.05)},
            episode=lambda each, by=tone_of: replace(each, mix=MixSettings(room_tone=by)),
        )
        heard = before_loudness(made.plan, made.files, tmp_path)
        gap, other_scene = heard[2 * RATE + EDGE * 2 : 5 * RATE - EDGE * 2], heard[5 * RATE + EDGE :]
        assert gap.std() == pytest.approx(there, rel=0.1)
        pieces = gap[: len(gap) // 480 * 480].reshape(-1, 960)
        assert pieces.std(axis=1).min() >= there * 0.6
        assert np.abs(other_scene).max() == 0 or tone_of == "hum"


def test_effects_begin_loop_and_fade_as_they_are_written(tmp_path: Path) -> None:
    """In their shot, to its end or for so long."""

    def episode(plain: Episode) -> Episode:
        (only,) = plain.shots
        effects = (
            Effect(source="ping", at_s=Decimal(1)),
            Effect(source="drone", at_s=Decimal(3), loop=True, length_s=Decimal(2), fade_in_s=Decimal(1)),
        )
        return replace(plain, shots=(replace(only, sounds=ShotSounds(effects=effects)),))

    made = cut(
        tmp_path,
        {},
        {"a/0": whole(144)},
        sounds={"ping": tone(0.5, 880), "drone": tone(0.5, 440, 0.2)},
        episode=episode,
    )
    heard = before_loudness(made.plan, made.files, tmp_path)
    assert np.array_equal(heard[RATE : RATE + RATE // 2], read_sound(made.files.paths[made.files.hashes["ping"]]))
    assert (
        np.abs(heard[:RATE]).max() == np.abs(heard[RATE * 3 // 2 : 3 * RATE]).max() == np.abs(heard[5 * RATE :]).max()
    )
    assert level(heard[int(4.2 * RATE) : int(4.7 * RATE)], 440) == pytest.approx(0.2, rel=0.01)
    assert level(heard[int(3.4 * RATE) : int(3.6 * RATE)], 440) == pytest.approx(0.1, rel=0.1)
    assert largest_step(heard[int(4.1 * RATE) : int(4.9 * RATE)], 440) < 0.001


def test_a_song_is_its_own_samples_under_its_pictures(tmp_path: Path) -> None:
    """Every one, though its clips have sound of their own, and lengths are off the grid."""
    song = noise(4, 0.3)

    def episode(plain: Episode) -> Episode:
        music = Music(
            source="song",
            gain_db=Decimal(0),
            fade_out_s=Decimal(0),
            sync=True,
            from_s=Decimal("0.25"),
            clip_sound=ClipSound.MUTE,
        )
        shots = tuple(replace(each, duration_s=Decimal("0.345")) for each in plain.shots)
        return replace(plain, shots=shots, music=music)

    made = cut(
        tmp_path,
        {"a/0": clip(tmp_path, "noisy")},
        {"a/0": whole(8), "a/1": whole(9), "a/2": whole(8)},
        sounds={"song": song},
        episode=episode,
    )
    heard = before_loudness(made.plan, made.files, tmp_path)
    wanted = read_sound(made.files.paths[made.files.hashes["song"]])[RATE // 4 :][: len(heard)]
    assert np.array_equal(heard, wanted)


def test_six_channels_are_mixed_down_and_told(tmp_path: Path) -> None:
    """By BS.775: the centre on both sides, at three decibels less."""
    surround = make_sound(
        tmp_path / "five.wav",
        "pcm_s16le",
        seconds=1,
        layout="5.1",
        channels=((440, 0.0), (440, 0.0), (1000, 0.5), (440, 0.0), (440, 0.0), (440, 0.0)),
    )
    sha256 = sha256_of(surround)
    facts = listened(surround, sha256, clip=False)
    assert (facts.channels, facts.samples) == (6, RATE)
    files = Files({sha256: surround}, {sha256: facts}, {"five": sha256})
    heard = before_loudness(SoundPlan(RATE, (files.event("five"),)), files, tmp_path)
    share = (0.5**0.5) / (1 + 2 * 0.5**0.5)
    assert level(heard, 1000) == pytest.approx(0.5 * share, rel=0.01)


@pytest.mark.parametrize("late", [Fraction(1, 2), Fraction(-1, 10)])
def test_sound_that_is_late_or_early_stays_where_its_picture_has_it(late: Fraction, tmp_path: Path) -> None:
    """What runs ahead of the first frame is left out, and what comes later is later in the master too."""
    plain, moved = clip(tmp_path, "plain", seconds=1, frames=48), tmp_path / "moved.mov"
    with av.open(str(plain)) as before, av.open(str(moved), "w", format="mov") as target:
        streams = {each.index: target.add_stream_from_template(each) for each in before.streams}
        for packet in before.demux():
            if packet.dts is None:
                continue
            sound = packet.stream.type == "audio"
            shift = late if sound and late > 0 else -late if not sound and late < 0 else Fraction(0)
            packet.pts, packet.dts = (each + int(shift / packet.time_base) for each in (packet.pts, packet.dts))
            packet.stream = streams[packet.stream_index]
            target.mux(packet)
    made = cut(tmp_path, {"a/0": moved}, {"a/0": whole(48)})
    heard = before_loudness(made.plan, made.files, tmp_path)
    begins = max(0, round(late * RATE))
    ends = begins + RATE if late > 0 else RATE + round(late * RATE)
    assert np.abs(heard[:begins]).max(initial=0) == 0
    assert level(heard[begins + 2400 : ends - 2400], 440) > 0.05
    assert np.abs(heard[ends + EDGE :]).max() < 1e-3
