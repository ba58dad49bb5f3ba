"""When somebody speaks in a clip."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from render.captions.speech import in_the_cut, speech_in
from render.errors import MediaError
from render.media.measures import sha256_of
from storyboard.captions.caption import Interval
from tests.render.captions.sounds_of_speech import clip, over_noise, voice


def near(found: tuple[Interval, ...], *places: tuple[float, float]) -> bool:
    """Whether these are the places, to a few hundredths of a second."""
    ends = [(float(each.start_s), float(each.end_s)) for each in found]
    return len(ends) == len(places) and all(
        abs(a - b) < 0.13 for one, other in zip(ends, places, strict=True) for a, b in zip(one, other, strict=True)
    )


@pytest.mark.parametrize("noise", [0.0, 0.01])
def test_speech_is_where_the_sound_rises_out_of_its_background(tmp_path: Path, noise: float) -> None:
    """Over silence and over wind; pauses between syllables are within what is said."""
    made = clip(tmp_path / "clip.mov", over_noise(voice((0.5, 1.5), (2.4, 3.3)), noise))
    assert near(speech_in(made, sha256_of(made)), (0.5, 1.5), (2.4, 3.3))


def test_sounds_that_are_no_words_are_not_taken_for_speech(tmp_path: Path) -> None:
    """A steady tone, noise alone, silence, and a click; nor is there any where there is no sound."""
    none = {
        "tone": over_noise("sin(2*PI*300*t)*0.3", 0),
        "noise": over_noise("0", 0.2),
        "silence": over_noise("0", 0),
        "click": over_noise(voice((1, 1.04)), 0.001),
        "rumble": over_noise("between(t,1,3)*sin(2*PI*30*t)*0.05", 0.0),
        "mute": None,
    }
    made = {name: clip(tmp_path / f"{name}.mov", sound) for name, sound in none.items()}
    found = {name: speech_in(each, sha256_of(each)) for name, each in made.items()}
    assert found == dict.fromkeys(none, ())


def test_a_clip_is_measured_once(tmp_path: Path) -> None:
    """Then what it gave is read, to the last fraction, though the clip is gone."""
    made = clip(tmp_path / "clip.mov", over_noise(voice((0.5, 1.5)), 0))
    sha256 = sha256_of(made)
    first = speech_in(made, sha256)
    made.unlink()
    assert speech_in(made, sha256) == first != ()


def test_what_is_no_clip_is_told(tmp_path: Path) -> None:
    """By its name."""
    (tmp_path / "clip.mp4").write_bytes(b"nothing of the kind")
    with pytest.raises(MediaError, match=r"clip\.mp4"):
        speech_in(tmp_path / "clip.mp4", "0" * 64)


def test_speech_moves_with_the_cut() -> None:
    """A trimmed beginning takes its seconds away, speed shortens them, and what is cut off is not there."""
    said = [Interval(Fraction(0), Fraction(1)), Interval(Fraction(2), Fraction(4)), Interval(Fraction(8), Fraction(9))]
    assert in_the_cut(said, start_s=Fraction(1), length_s=Fraction(2)) == (Interval(Fraction(1), Fraction(2)),)
    fast = in_the_cut(said, start_s=Fraction(0), length_s=Fraction(2), speed=Fraction(2))
    assert fast == (Interval(Fraction(0), Fraction(1, 2)), Interval(Fraction(1), Fraction(2)))
