"""Music under the master: as long as it really is, again and again where it loops, and never too loud."""

from __future__ import annotations

import asyncio
from array import array
from decimal import Decimal
from pathlib import Path

import pytest

from render.cut.cut_episode import cut_episode
from render.cut.cut_plan import timeline_of
from render.cut.cut_sound import soundtrack
from render.cut.music_bed import MusicBed, sound_recipe, write_loop
from render.errors import MediaError
from render.media.mixdown import Stereo, gains
from tests.clips import make_clip
from tests.render.cut.pieces import MASTER, Folder, end_to_end, joined, loudness_at, piece, samples
from tests.render.media.sound_cases import LAYOUTS
from tests.sounds import LEFT_HZ, LOUD, RATE, STEREO, channel, loudness, make_bare_mp3, make_sound
from tests.thinning import exhaustive, one_in

SOFT = 0.05


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of picture without sound."""
    return make_clip(tmp_path_factory.mktemp("silent") / "a.mp4", frames=48)


def _master(silent: Path, folder: Path, bed: MusicBed) -> tuple[array[float], tuple[str, ...]]:
    """What is heard on the left of two seconds with this bed, and what is told of it."""
    facts = joined([silent], end_to_end(48), folder / "e01.mp4", heard=False, music=bed)
    return samples(facts.path), facts.notes


def test_music_without_a_header_of_its_length_fades_where_it_ends(silent: Path, tmp_path: Path) -> None:
    """The fade stands at the end of the master, wherever the rate of the music's first frames puts its end."""
    theme = make_bare_mp3(tmp_path / "theme.mp3", (0.4, LOUD), (3.0, SOFT))
    heard, notes = _master(silent, tmp_path, MusicBed(path=theme, fade_out_s=Decimal("0.1")))
    assert loudness_at(heard, LEFT_HZ, 0.2) == pytest.approx(LOUD, rel=0.05)
    assert loudness_at(heard, LEFT_HZ, 1.85, 0.1) == pytest.approx(SOFT, rel=0.1)
    assert loudness_at(heard, LEFT_HZ, 1.99, 0.02) < SOFT / 4
    assert notes == ()


def test_music_shorter_than_its_master_is_told(silent: Path, tmp_path: Path) -> None:
    """It ends where it ends, and whoever made the episode hears of it, with what to write."""
    theme = make_sound(tmp_path / "theme.wav", "pcm_s16le", seconds=0.5)
    heard, notes = _master(silent, tmp_path, MusicBed(path=theme, name="references/music/theme.wav"))
    assert loudness_at(heard, LEFT_HZ, 0.25) == pytest.approx(LOUD, rel=0.03)
    assert loudness_at(heard, LEFT_HZ, 1.0) < 0.001
    assert notes == (
        "the music references/music/theme.wav ends after 0.5 s of 2.0 s, and nothing follows it; "
        "`loop: true` under `music` plays it on and on",
    )


def test_a_loop_is_the_music_again_and_again_to_the_sample(silent: Path, tmp_path: Path) -> None:
    """A tone that fits its length is heard without a seam: as one that never ends."""
    theme = make_sound(tmp_path / "theme.wav", "pcm_s24le", seconds=0.3)
    heard, notes = _master(silent, tmp_path, MusicBed(path=theme, loop=True))
    whole = make_sound(tmp_path / "whole.wav", "pcm_s24le", seconds=2.5)
    alike, _ = _master(silent, tmp_path, MusicBed(path=whole))
    assert notes == ()
    assert max(abs(one - other) for one, other in zip(heard, alike, strict=True)) < 0.001


def test_a_loop_that_fits_is_not_touched(tmp_path: Path) -> None:
    """Its samples are those of the music, every one."""
    theme = make_sound(tmp_path / "theme.wav", "pcm_s24le", seconds=0.3)
    write_loop(theme, tmp_path / "once.f32")
    once = channel((tmp_path / "once.f32").read_bytes(), 0)
    assert len(once) == 14_400
    assert max(abs(got - LOUD * _sine(LEFT_HZ, at)) for at, got in enumerate(once)) < 1e-6


def _sine(hz: float, at: int) -> float:
    from math import pi, sin

    return sin(2 * pi * hz * at / RATE)


def test_a_loop_that_would_click_leads_over(tmp_path: Path) -> None:
    """Where the last sample is far from the first one, the last milliseconds go there; nothing else is touched."""
    channels = ((LEFT_HZ, LOUD), (LEFT_HZ * 2, LOUD))
    theme = make_sound(tmp_path / "theme.wav", "pcm_f32le", seconds=0.2994, channels=channels)  # ends on a crest
    write_loop(theme, tmp_path / "once.f32")
    for side, (hz, _) in enumerate(channels):
        once = channel((tmp_path / "once.f32").read_bytes(), side)
        steps = [abs(once[at + 1] - once[at]) for at in range(len(once) - 1)]
        assert len(once) == round(0.2994 * RATE)
        assert abs(once[0] - once[-1]) <= max(steps)
        assert max(steps) < 1.2 * LOUD * 2 * 3.1416 * hz / RATE
        assert all(abs(got - LOUD * _sine(hz, at)) < 1e-6 for at, got in enumerate(once[:-240]))


@exhaustive
def test_a_loop_of_one_sample_is_a_loop(silent: Path, tmp_path: Path) -> None:
    """The shortest music there is; and of none, the error says so."""
    theme = make_sound(tmp_path / "theme.wav", "pcm_s16le", seconds=1 / RATE)
    heard, _ = _master(silent, tmp_path, MusicBed(path=theme, loop=True))
    assert max(map(abs, heard)) < 0.001
    with pytest.raises(MediaError, match="holds no sound"):
        _master(silent, tmp_path, MusicBed(path=silent, loop=True))


def test_a_loop_of_longer_music_changes_nothing(silent: Path, tmp_path: Path) -> None:
    """To the byte: music that lasts as long as its episode is not begun again."""
    theme = make_sound(tmp_path / "theme.wav", "pcm_s16le", seconds=2.5)
    masters = []
    for loop in (False, True):
        _master(silent, tmp_path, MusicBed(path=theme, loop=loop))
        masters.append((tmp_path / "e01.mp4").read_bytes())
    assert masters[0] == masters[1]


@one_in(2)
@pytest.mark.parametrize("name", ["5.1", "5.1 with side channels", "quad", "7.1"])
def test_surround_is_mixed_down_in_clips_and_music_alike(name: str, silent: Path, tmp_path: Path) -> None:
    """Each channel at its share, full scale nowhere passed: in the master's own samples too."""
    case = LAYOUTS[name]
    theme = case.make(tmp_path)
    heard, notes = _master(silent, tmp_path, MusicBed(path=theme))
    clip = channel(b"".join(soundtrack([theme], end_to_end(12))), 0)
    for hz, amplitude in case.heard[0].items():
        assert loudness_at(heard, hz, 0.25, 0.2) == pytest.approx(amplitude, abs=0.012)
        assert loudness(clip, hz) == pytest.approx(amplitude, abs=0.003)
    assert any("channels of the music are mixed down to stereo" in note for note in notes)


def test_surround_at_full_scale_is_not_louder_than_its_neighbour_in_stereo(tmp_path: Path) -> None:
    """All channels at full scale together are full scale, as two are."""
    full = {"seconds": 0.25, "rate": RATE}
    six = make_sound(tmp_path / "six.wav", "pcm_f32le", layout="5.1", channels=((LEFT_HZ, 1.0),) * 6, **full)  # type: ignore[arg-type]
    two = make_sound(tmp_path / "two.wav", "pcm_f32le", channels=((LEFT_HZ, 1.0),) * 2, **full)  # type: ignore[arg-type]
    loud = [max(map(abs, channel(b"".join(soundtrack([each], end_to_end(6))), 0))) for each in (six, two)]
    assert loud[0] == pytest.approx(loud[1], abs=0.001)
    assert loud[0] <= 1.0


def test_sound_that_changes_its_channels_midway_goes_on(tmp_path: Path) -> None:
    """Mono, then 5.1, then stereo at another rate: one stream comes out."""
    import av

    mixer, count = Stereo(RATE), 0
    for layout, rate in (("mono", 48_000), ("5.1", 48_000), ("stereo", 24_000)):
        channels = STEREO * 3
        number = av.AudioLayout(layout).nb_channels
        path = make_sound(
            tmp_path / "a.wav", "pcm_s16le", seconds=0.1, rate=rate, layout=layout, channels=channels[:number]
        )
        with av.open(str(path)) as container:
            for frame in container.decode(audio=0):
                count += sum(ready.samples for ready in mixer.feed(frame))
    count += sum(ready.samples for ready in mixer.feed(None))
    assert count == pytest.approx(0.3 * RATE, abs=64)


def test_channels_that_nobody_names_are_shared_alike() -> None:
    """By their usual meaning where so many have one; every share of a side adds up to one at most."""
    assert gains(("NONE",) * 6) == gains(("FL", "FR", "FC", "LFE", "BL", "BR"))
    assert gains(("AMBI0",) * 9) == ()
    for channels in (("FL", "FR", "FC", "LFE", "BL", "BR", "FLC", "FRC"), ("FL", "FR", "BC"), ("FC", "LFE", "TFL")):
        for side in zip(*gains(channels), strict=True):
            assert sum(side) <= 1.0 + 1e-9


def test_only_sound_that_is_made_otherwise_has_a_recipe_of_its_own(tmp_path: Path) -> None:
    """So every master of ordinary sound that is kept stays the one that serves."""
    plain = make_sound(tmp_path / "a.mp3", "libmp3lame", seconds=0.2)
    mono = make_sound(tmp_path / "b.wav", "pcm_s16le", seconds=0.2, layout="mono", channels=STEREO[:1])
    bare = make_bare_mp3(tmp_path / "c.mp3", (0.4, LOUD), (3.0, SOFT))
    many = LAYOUTS["5.1"].make(tmp_path)
    clip = make_clip(tmp_path / "a.mp4", frames=2)
    assert sound_recipe([clip, mono], MusicBed(path=plain, fade_out_s=Decimal(2))) == []
    assert sound_recipe([clip, many], None) == ["bs775"]
    assert sound_recipe([], MusicBed(path=many)) == ["music:bs775"]
    assert sound_recipe([], MusicBed(path=bare)) == ["music:measured"]
    assert sound_recipe([], MusicBed(path=plain, loop=True)) == ["music:loop"]


def test_what_is_told_of_the_music_comes_with_the_cut(tmp_path: Path) -> None:
    """Beside what is told of the pieces."""
    theme = make_sound(tmp_path / "theme.wav", "pcm_s16le", seconds=0.1)
    short = piece(tmp_path, "a", frames=23, used=24)
    cut = cut_episode(
        [short],
        timeline_of([short], MASTER.fps),
        MASTER,
        tmp_path / "e01.mp4",
        kept=Folder(tmp_path / "kept"),
        music=MusicBed(path=theme),
    )
    notes = asyncio.run(cut).notes
    assert ["short" in note or "ends after" in note for note in notes] == [True, True]
