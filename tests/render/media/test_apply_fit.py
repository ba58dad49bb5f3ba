"""Fits: the file that a recipe's name describes."""

from __future__ import annotations

import asyncio
from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image

from render.errors import MediaError
from render.media.apply_fit import apply_fit
from render.media.decoded_clip import clip_facts
from render.media.ffmpeg import run
from render.media.graph import invented, sink
from render.media.probe import probe
from render.media.reference_facts import reference_facts
from render.media.sound_samples import sound_alone
from tests.clips import make_clip, numbers
from tests.sounds import channel, loudness, make_bare_mp3, make_sound


def _fit(original: Path, fit: str, target: Path) -> Path:
    asyncio.run(apply_fit(original, fit, target))
    return target


def test_a_picture_is_scaled_and_saved_anew(tmp_path: Path) -> None:
    """Size and format are those of the recipe."""
    Image.effect_noise((400, 300), 60).convert("RGB").save(tmp_path / "a.png")
    facts = probe(_fit(tmp_path / "a.png", "image:jpeg:200x150", tmp_path / "b.jpg"))
    assert (facts.format, facts.width, facts.height) == ("jpeg", 200, 150)


def test_what_was_clear_becomes_white_where_a_format_knows_no_transparency(tmp_path: Path) -> None:
    """A cut-out figure on nothing must not come out on black."""
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(tmp_path / "a.png")
    with Image.open(_fit(tmp_path / "a.png", "image:jpeg", tmp_path / "b.jpg")) as fitted:
        assert fitted.getpixel((10, 10)) == (255, 255, 255)


def test_transparency_is_kept_where_a_format_knows_it(tmp_path: Path) -> None:
    """PNG to WebP loses nothing."""
    Image.new("RGBA", (20, 20), (200, 0, 0, 0)).save(tmp_path / "a.png")
    with Image.open(_fit(tmp_path / "a.png", "image:webp", tmp_path / "b.webp")) as fitted:
        assert fitted.mode == "RGBA"
        assert fitted.getpixel((10, 10))[3] == 0  # type: ignore[index]


def test_a_picture_is_turned_as_it_is_shown(tmp_path: Path) -> None:
    """The turn in its EXIF data is applied, because the new file carries none."""
    picture = Image.new("RGB", (40, 30))
    exif = picture.getexif()
    exif[0x0112] = 6
    picture.save(tmp_path / "a.jpg", exif=exif)
    facts = probe(_fit(tmp_path / "a.jpg", "image:png", tmp_path / "b.png"))
    assert (facts.width, facts.height) == (30, 40)


def test_a_picture_is_compressed_until_it_is_small_enough(tmp_path: Path) -> None:
    """The best quality that fits is taken."""
    Image.effect_noise((300, 300), 80).convert("RGB").save(tmp_path / "a.png")
    free = _fit(tmp_path / "a.png", "image:jpeg", tmp_path / "free.jpg").stat().st_size
    bound = _fit(tmp_path / "a.png", f"image:jpeg:{free // 2}bytes", tmp_path / "bound.jpg").stat().st_size
    assert free // 8 < bound <= free // 2


def test_a_picture_that_stays_too_large_is_an_error(tmp_path: Path) -> None:
    """The error says how large it is and what is allowed; no file is left."""
    Image.effect_noise((300, 300), 80).convert("RGB").save(tmp_path / "a.png")
    with pytest.raises(MediaError, match="500 are allowed"):
        _fit(tmp_path / "a.png", "image:jpeg:500bytes", tmp_path / "b.jpg")
    assert not (tmp_path / "b.jpg").exists()


def test_a_video_is_scaled_slowed_and_cut(tmp_path: Path) -> None:
    """Size, rate and length are those of the recipe, and its sound ends within it."""
    clip = make_clip(tmp_path / "a.mp4", frames=90, fps="30", size=(320, 180), sound_s=3.0)
    fitted = _fit(clip, "video:mp4:160x90:24fps:2s", tmp_path / "b.mp4")
    facts = clip_facts(fitted)
    assert (facts.width, facts.height, facts.frames, facts.fps) == (160, 90, 48, Fraction(24))
    assert 1.8 < float(facts.audio_s or 0) <= 2


def test_a_silent_video_becomes_another_container(tmp_path: Path) -> None:
    """Only the container was refused: every frame is still there."""
    clip = make_clip(tmp_path / "a.mov", frames=20)
    fitted = _fit(clip, "video:mp4", tmp_path / "b.mp4")
    assert probe(fitted).format == "mp4"
    assert numbers(fitted) == list(range(20))


def test_a_turned_video_is_fitted_as_it_is_shown(tmp_path: Path) -> None:
    """The new file needs no turning."""
    clip = make_clip(tmp_path / "a.mp4", frames=6, rotation=90)
    facts = probe(_fit(clip, "video:mp4:90x160", tmp_path / "b.mp4"))
    assert (facts.width, facts.height) == (90, 160)


def test_a_video_can_be_held_below_a_size(tmp_path: Path) -> None:
    """Bits are rationed so that the file stays below the limit."""
    clip = make_clip(tmp_path / "a.mp4", frames=48, size=(320, 180), sound_s=2.0, crf=1)
    fitted = _fit(clip, "video:mp4:60000bytes", tmp_path / "b.mp4")
    assert fitted.stat().st_size <= 60_000


@pytest.mark.parametrize("format_", ["mp3", "wav"])
def test_a_sound_is_cut_and_saved_anew(format_: str, tmp_path: Path) -> None:
    """It never lasts longer than the vendor's limit, padding of its encoder included."""
    asyncio.run(run(sink([invented("sine=d=4")], tmp_path / "a.flac"), what="make a sound"))
    facts = probe(_fit(tmp_path / "a.flac", f"audio:{format_}:2s", tmp_path / f"b.{format_}"))
    assert facts.format == format_
    assert 1.8 < float(facts.duration_s or 0) <= 2


@pytest.mark.parametrize("fit", ["image:heic", "audio:midi", "image:jpeg:huge", "nonsense"])
def test_a_recipe_that_cannot_be_made_is_an_error(fit: str, tmp_path: Path) -> None:
    """The error names the recipe or the formats that there are."""
    Image.new("RGB", (9, 9)).save(tmp_path / "a.png")
    with pytest.raises(MediaError, match=r"Valid values|not a fit|sound is needed"):
        _fit(tmp_path / "a.png", fit, tmp_path / "b")


def test_surround_that_a_format_has_no_room_for_is_mixed_down_within_full_scale(tmp_path: Path) -> None:
    """Six channels at full scale are full scale as MP3, and not clipped to pieces."""
    tones = ((440.0, 0.9),) * 6
    original = make_sound(tmp_path / "a.wav", "pcm_f32le", layout="5.1", channels=tones)
    heard = channel(b"".join(sound_alone(_fit(original, "audio:mp3", tmp_path / "b.mp3"))), 0)
    assert loudness(heard, 440.0) == pytest.approx(0.9, rel=0.07)
    assert loudness(heard, 1320.0) < 0.01


def test_a_voice_is_cut_at_what_it_really_lasts(tmp_path: Path) -> None:
    """Also where its header says nothing, and the rate of its first frames much less."""
    voice = make_bare_mp3(tmp_path / "a.mp3", (0.4, 0.4), (3.0, 0.05))
    fitted = _fit(voice, "audio:mp3:2s:40000bytes", tmp_path / "b.mp3")
    assert float(reference_facts(fitted, "b.mp3").duration_s or 0) == pytest.approx(1.9, abs=0.06)
    assert fitted.stat().st_size <= 40_000
