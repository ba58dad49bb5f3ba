"""Parts of films and sounds: the very samples and frames that were asked for, and none beside them."""

from __future__ import annotations

import asyncio
import wave
from array import array
from fractions import Fraction
from pathlib import Path

import pytest

from render.errors import MediaError
from render.media.apply_fit import apply_fit
from render.media.decoded_clip import clip_facts
from render.media.sound_samples import sound_alone
from tests.clips import make_clip, numbers
from tests.sounds import channel
from tests.thinning import one_in


def _fit(original: Path, fit: str, target: Path) -> Path:
    asyncio.run(apply_fit(original, fit, target))
    return target


def counting_song(target: Path, *, seconds: int, rate: int = 44_100) -> Path:
    """A song in which each sample is another than its neighbours, so that one sample more or fewer is seen."""
    samples = array("h", ((at * 7919 + at // rate * 31) % 20_011 - 10_005 for at in range(seconds * rate)))
    with wave.open(str(target), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return target


def samples_of(file: Path) -> array[int]:
    """The samples of a WAV with 16 bits."""
    with wave.open(str(file)) as opened:
        return array("h", opened.readframes(opened.getnframes()))


@one_in(2)
@pytest.mark.parametrize(("begin", "end"), [("12.5", "17.5"), ("0", "2"), ("39.9", "40"), ("3.123456", "4.654321")])
def test_a_part_of_a_song_has_the_very_samples(begin: str, end: str, tmp_path: Path) -> None:
    """To the sample, of forty seconds in WAV."""
    song = counting_song(tmp_path / "a.wav", seconds=40)
    part = samples_of(_fit(song, f"audio:wav:{begin}-{end}s", tmp_path / "b.wav"))
    first, after = (round(Fraction(each) * 44_100) for each in (begin, end))
    assert part == samples_of(song)[first:after]


@pytest.mark.parametrize("format_", ["mp3", "wav"])
def test_a_part_of_an_mp3_is_that_of_what_is_heard(format_: str, tmp_path: Path) -> None:
    """Counted without the encoder's silence, and as long as asked for but for the codec's padding."""
    song = _fit(counting_song(tmp_path / "a.wav", seconds=8), "audio:mp3", tmp_path / "a.mp3")
    part = _fit(song, f"audio:{format_}:2.5-5s", tmp_path / f"b.{format_}")
    whole, heard = (channel(b"".join(sound_alone(each)), 0) for each in (song, part))
    assert len(heard) == pytest.approx(2.5 * 48_000, abs=0.05 * 48_000 if format_ == "mp3" else 2)
    wanted = whole[round(2.5 * 48_000) :][: len(heard)]
    edge = 2_000  # where a part begins or ends, a codec rings
    far = max(abs(one - other) for one, other in zip(heard[edge:-edge], wanted[edge:-edge], strict=False))
    assert far < (0.2 if format_ == "mp3" else 0.01)


@one_in(3)
@pytest.mark.parametrize(
    ("fps", "part", "frames"),
    [
        ("24", "25-30s", range(600, 720)),
        ("24", "0.5-2s", range(12, 48)),
        ("30", "1.01-2.01s", range(31, 60)),
        ("24000/1001", "0-2s", range(48)),  # two milliseconds more, as long as they last there
        ("24000/1001", "0-3.9s", range(93)),
        ("24000/1001", "2.002-4.004s", range(48, 96)),
    ],
)
def test_a_part_of_a_film_has_the_very_frames(fps: str, part: str, frames: range, tmp_path: Path) -> None:
    """All that lie whole within it, and no other, so that it is never longer than it says; its sound goes with them."""
    film = make_clip(tmp_path / "a.mp4", frames=max(frames.stop, 100), fps=fps, sound_s=float(frames.stop) / 20)
    fitted = _fit(film, f"video:mp4:{part}", tmp_path / "b.mp4")
    assert numbers(fitted) == list(frames)
    facts = clip_facts(fitted)
    lasts_s = float(len(frames) / Fraction(fps))
    assert float(facts.duration_s) == pytest.approx(lasts_s, abs=0.002)
    assert lasts_s - 0.2 < float(facts.audio_s or 0) <= lasts_s + 0.001


def test_a_part_keeps_sound_and_picture_in_step(tmp_path: Path) -> None:
    """A tone that begins with the third second begins with the second second of a part that begins with the second."""
    film = make_clip(tmp_path / "a.mp4", frames=96, sound_s=4.0)
    late = tmp_path / "late.mp4"
    from render.media.ffmpeg import run
    from render.media.graph import sink, source

    quiet = source(film).audio.filter("volume", "if(lt(t,2),0,1)", eval="frame")
    asyncio.run(run(sink([source(film).video, quiet], late, **{"c:a": "aac"}), what="make a late tone"))
    heard = channel(b"".join(sound_alone(_fit(late, "video:mp4:1-4s", tmp_path / "b.mp4"))), 0)
    begins = next(at for at, each in enumerate(heard) if abs(each) > 0.05)
    assert begins / 48_000 == pytest.approx(1, abs=0.06)


def test_a_part_is_scaled_and_slowed_like_a_whole_film(tmp_path: Path) -> None:
    """Size, rate and part in one recipe."""
    clip = make_clip(tmp_path / "a.mp4", frames=90, fps="30", size=(320, 180), sound_s=3.0)
    facts = clip_facts(_fit(clip, "video:mp4:160x90:24fps:1-3s", tmp_path / "b.mp4"))
    assert (facts.width, facts.height, facts.frames, facts.fps) == (160, 90, 48, Fraction(24))


def test_a_part_in_which_no_frame_lies_is_an_error(tmp_path: Path) -> None:
    """As a recipe of a plan that is not this film's."""
    clip = make_clip(tmp_path / "a.mp4", frames=24)
    with pytest.raises(MediaError, match=r"no frame of a\.mp4 lies between 7 s and 8 s"):
        _fit(clip, "video:mp4:7-8s", tmp_path / "b.mp4")
