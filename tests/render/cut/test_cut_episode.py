"""Whole cuts with real ffmpeg: mixed clips, copies, trims, odd rates, music, and what is left after a failure."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import pytest
from PIL import Image

from render.cut.cut_plan import Piece, timeline_of
from render.cut.join import MasterFacts
from render.errors import MediaError
from render.media.ffmpeg import Started, observed
from storyboard.continuity.timing import tail_index
from storyboard.shot import MasterFormat, Music
from tests.clips import decoded, number_in, numbers
from tests.render.cut.pieces import MASTER, cut, lengths, loudness_at, piece, samples, score_of
from tests.sounds import LEFT_HZ, LOUD, make_sound
from tests.storyboard.timeline.sound_stories import BED, SONG

AAC_FRAME_S = 1024 / 48_000

MIXED: dict[str, dict[str, object]] = {
    "same": {"frames": 24, "sound_s": 1.0, "tone_hz": 300, "colour": "#803020"},
    "larger": {"frames": 30, "fps": "30", "size": (320, 180), "sound_s": 1.6, "tone_hz": 500, "colour": "#208030"},
    "mpeg4": {"frames": 24, "c:v": "mpeg4", "q:v": 2, "colour": "#203080"},
    "mono": {
        "frames": 25,
        "fps": "25",
        "profile:v": "baseline",
        "bf": 0,
        "sound_s": 0.5,
        "tone_hz": 700,
        "channels": 1,
        "sound_rate": 22_050,
        "colour": "#808020",
    },
    "irregular": {"frames": 20, "times": "N*45+mod(N*N,5)*6", "sound_s": 1.0, "tone_hz": 900, "colour": "#208080"},
    "film": {"frames": 24, "fps": "24000/1001", "sound_s": 1.0, "tone_hz": 1100, "colour": "#802080"},
}

TONES = {"a": 300, "b": 400, "c": 500}


def _cut(pieces: list[Piece], folder: Path, master: MasterFormat = MASTER) -> tuple[MasterFacts, list[Started]]:
    started: list[Started] = []
    with observed(started.append):
        facts = cut(pieces, folder, master=master)
    return facts, started


def _cut_to(music: Music, song: Path, pieces: list[Piece], folder: Path) -> MasterFacts:
    return cut(pieces, folder, score=score_of(pieces, timeline_of(pieces, MASTER.fps), music=music, song=song))


def _conformed(folder: Path) -> list[Path]:
    """The pictures that are kept; parts of the mix lie beside them."""
    return sorted(each for each in (folder / "kept").iterdir() if not each.name.startswith("mix-"))


def _packets(clip: Path) -> list[bytes]:
    with av.open(str(clip)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> list[Piece]:
    """One clip of each kind, all trimmed or whole as the master uses 24 frames of each."""
    folder = tmp_path_factory.mktemp("mixed")
    return [piece(folder, key, used=24 if key != "irregular" else 20, **clip) for key, clip in MIXED.items()]


@pytest.fixture(scope="module")
def mixed_master(mixed: list[Piece], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The mixed clips in one master."""
    folder = tmp_path_factory.mktemp("master")
    facts, _ = _cut(mixed, folder)
    assert not facts.copied
    return folder / "e01.mp4"


def test_mixed_clips_become_one_master_of_the_exact_length(mixed: list[Piece], mixed_master: Path) -> None:
    """Whatever the clips were, the master has exactly the frames that the timeline says."""
    frames = sum(each.frames for each in mixed)
    measured = lengths(mixed_master)
    assert len(numbers(mixed_master)) == frames
    assert measured.picture_start == 0
    assert measured.picture_end == pytest.approx(frames / 24, abs=1e-6)
    assert measured.sound_start == pytest.approx(0, abs=1e-6)
    assert measured.sound_end == pytest.approx(measured.picture_end, abs=AAC_FRAME_S)


def test_every_frame_of_a_mixed_master_is_the_right_one(mixed: list[Piece], mixed_master: Path) -> None:
    """At each moment stands the clip's frame nearest to it, by the rule that tail frames are named by."""
    expected = [
        tail_index(each.clip, shown + 1, MASTER.fps) if each.clip and shown + 1 < each.frames else None
        for each in mixed
        for shown in range(each.frames)
    ]
    found = numbers(mixed_master)
    assert [want for want in expected if want is not None] == [
        have for want, have in zip(expected, found, strict=True) if want is not None
    ]


def test_both_sides_of_each_seam_show_their_own_clip(mixed: list[Piece], mixed_master: Path) -> None:
    """No frame is lost, doubled or blended where one clip ends and the next begins."""
    frames, at = list(decoded(mixed_master)), 0
    for each in mixed:
        colour = Image.new("RGB", (1, 1), str(MIXED[each.key]["colour"])).getpixel((0, 0))
        for frame in (frames[at], frames[at + each.frames - 1]):
            shown = frame.getpixel((100, 55))
            assert all(abs(a - b) < 14 for a, b in zip(shown, colour, strict=True)), each.key  # type: ignore[arg-type]
        at += each.frames


def test_each_clip_is_heard_under_its_own_picture(mixed: list[Piece], mixed_master: Path) -> None:
    """A clip's tone begins and ends with its picture; where it has no sound there is silence."""
    heard, at = samples(mixed_master), 0
    for each in mixed:
        tone = MIXED[each.key].get("tone_hz")
        middle = (at + each.frames / 4) / 24
        for other in (300, 500, 700, 900, 1100):
            assert (loudness_at(heard, other, middle) > 0.05) == (other == tone), (each.key, other)
        at += each.frames


def test_seams_do_not_click(mixed_master: Path) -> None:
    """Between two samples the sound never jumps by more than its own tones do."""
    heard = samples(mixed_master)
    assert max(abs(b - a) for a, b in pairwise(heard)) < 0.05


def test_clips_of_one_encoder_are_copied(tmp_path: Path) -> None:
    """Whole clips in the master's format go in byte for byte, B-frames and all, with sound and picture in step."""
    pieces = [piece(tmp_path, key, frames=n, sound_s=n / 24 + 0.3) for key, n in (("a", 24), ("b", 31), ("c", 17))]
    facts, started = _cut(pieces, tmp_path)
    assert facts.copied
    assert not [each for each in started if "conform" in each.what]
    assert _packets(facts.path) == [packet for each in pieces for packet in _packets(each.path)]
    assert numbers(facts.path) == [*range(24), *range(31), *range(17)]
    measured = lengths(facts.path)
    assert measured.picture_start == pytest.approx(0, abs=1e-6)
    assert measured.picture_end == pytest.approx(72 / 24, abs=1e-6)
    assert measured.sound_end == pytest.approx(measured.picture_end, abs=AAC_FRAME_S)
    assert facts.duration_s == Decimal(3)


def test_a_trimmed_shot_makes_the_cut_conform(tmp_path: Path) -> None:
    """One clip of which only a part is used cannot be copied, and then none is: they must agree."""
    pieces = [piece(tmp_path, "a", frames=24), piece(tmp_path, "b", frames=24, used=10), piece(tmp_path, "c", frames=5)]
    facts, _ = _cut(pieces, tmp_path)
    assert not facts.copied
    assert numbers(facts.path) == [*range(24), *range(10), *range(5)]


def test_nothing_is_encoded_twice(tmp_path: Path) -> None:
    """Each clip is conformed once, ever: the next cut reuses what is kept, and a changed shot costs one encode."""
    pieces = [piece(tmp_path, key, frames=12, used=10, tone_hz=hz, sound_s=0.5) for key, hz in TONES.items()]
    _, first = _cut(pieces, tmp_path)
    _, second = _cut(pieces, tmp_path)
    pieces[1] = dataclasses.replace(pieces[1], frames=9)
    _, third = _cut(pieces, tmp_path)
    encodes = [[each.what for each in runs if "conform" in each.what] for runs in (first, second, third)]
    assert [sorted(each) for each in encodes] == [["conform a", "conform b", "conform c"], [], ["conform b"]]


def test_pieces_of_the_house_are_not_conformed_again(tmp_path: Path) -> None:
    """A clip that the house encoder made is copied even beside clips that have to be conformed."""
    _, _ = _cut([piece(tmp_path, "a", frames=12, used=10)], tmp_path)
    house_made = _conformed(tmp_path)[0].rename(tmp_path / "house.mp4")
    ours = Piece(key="ours", frames=10, path=house_made, clip=piece(tmp_path, "x", frames=10).clip)
    facts, started = _cut([ours, piece(tmp_path, "b", frames=12, used=6)], tmp_path)
    assert [each.what for each in started if "conform" in each.what] == ["conform b"]
    assert numbers(facts.path) == [*range(10), *range(6)]


def test_a_short_clip_holds_its_last_frame_and_says_so(tmp_path: Path) -> None:
    """Two frames short: the last one stays on screen, and the cut's notes name the shot."""
    facts, _ = _cut([piece(tmp_path, "lamp", frames=22, used=24), piece(tmp_path, "sea", frames=4)], tmp_path)
    assert numbers(facts.path) == [*range(22), 21, 21, *range(4)]
    assert facts.notes == ("lamp is 2 frames short: its last frame is held",)


def test_a_piece_may_be_one_frame_long(tmp_path: Path) -> None:
    """The shortest shot there is stands where it should."""
    pieces = [piece(tmp_path, "a", frames=8, used=5), piece(tmp_path, "b", frames=1), piece(tmp_path, "c", frames=5)]
    facts, _ = _cut(pieces, tmp_path)
    assert numbers(facts.path) == [*range(5), 0, *range(5)]


def test_a_master_at_a_film_rate_keeps_its_length(tmp_path: Path) -> None:
    """At 24000/1001 frames a second, frames and sound still end together."""
    film = MasterFormat(160, 90, Fraction(24000, 1001))
    pieces = [piece(tmp_path, key, frames=30, sound_s=1.25, tone_hz=400) for key in ("a", "b", "c")]
    facts, _ = _cut([dataclasses.replace(each, frames=29) for each in pieces], tmp_path, film)
    measured = lengths(facts.path)
    assert measured.picture_end == pytest.approx(87 * 1001 / 24000, abs=1e-4)
    assert measured.sound_end == pytest.approx(measured.picture_end, abs=AAC_FRAME_S)


def test_an_upright_clip_is_padded_in_a_wide_master(tmp_path: Path) -> None:
    """The whole of it is shown, black stands at both sides, and nothing is stretched."""
    facts, _ = _cut([piece(tmp_path, "tall", frames=6, size=(90, 160), colour="#40a040")], tmp_path)
    frame = list(decoded(facts.path))[-1]
    width = frame.height * 90 // 160
    shown = frame.crop(((160 - width) // 2, 0, (160 + width) // 2, 90))
    assert frame.getpixel((10, 45)) == (0, 0, 0)
    assert frame.getpixel((150, 45)) == (0, 0, 0)
    assert number_in(shown) == 5


def test_a_turned_clip_with_wide_pixels_is_conformed_as_it_is_shown(tmp_path: Path) -> None:
    """Rotation and pixel shape count before anything is scaled."""
    facts, _ = _cut([piece(tmp_path, "turned", frames=6, rotation=180, size=(120, 90), pixel_ratio="4/3")], tmp_path)
    frame = list(decoded(facts.path))[-1]
    assert number_in(frame.rotate(180)) == 5


def test_music_lies_under_the_whole_master_and_fades_out(tmp_path: Path) -> None:
    """The bed is heard at its gain from the start and is gone at the end; the length does not change."""
    pieces = [piece(tmp_path, key, frames=24, sound_s=1.0, tone_hz=300) for key in ("a", "b")]
    theme = piece(tmp_path, "theme", frames=2, sound_s=4.0, tone_hz=800).path
    facts = _cut_to(dataclasses.replace(BED, gain_db=Decimal(-6), fade_out_s=Decimal("0.8")), theme, pieces, tmp_path)
    heard, alone = samples(facts.path), samples(theme)
    assert loudness_at(heard, 800, 0.5) == pytest.approx(loudness_at(alone, 800, 0.5) / 2, rel=0.05)
    assert loudness_at(heard, 800, 1.93, 0.1) < 0.02
    assert loudness_at(heard, 300, 1.5) == pytest.approx(loudness_at(samples(pieces[1].path), 300, 0.5), rel=0.05)
    measured = lengths(facts.path)
    assert measured.sound_end == pytest.approx(measured.picture_end, abs=AAC_FRAME_S)


def test_a_cut_lays_the_song_under_its_pieces(tmp_path: Path) -> None:
    """Through the whole of it: what is heard of the master is the song, and nothing of its clips."""
    tone = make_sound(tmp_path / "tone.wav", "pcm_s16le", seconds=3)
    pieces = [piece(tmp_path, f"c{at}", frames=24, sound_s=1.0, tone_hz=880) for at in range(2)]
    heard = samples(_cut_to(dataclasses.replace(SONG, from_s=Decimal(1)), tone, pieces, tmp_path).path)
    for second in (0.3, 1.0, 1.7):
        assert loudness_at(heard, LEFT_HZ, second) == pytest.approx(LOUD, rel=0.05)
        assert loudness_at(heard, 880, second) < 0.01


def test_what_is_told_of_the_music_comes_with_the_cut(tmp_path: Path) -> None:
    """Beside what is told of the pieces."""
    theme = make_sound(tmp_path / "theme.wav", "pcm_s16le", seconds=0.1)
    notes = _cut_to(BED, theme, [piece(tmp_path, "a", frames=23, used=24)], tmp_path).notes
    assert ["short" in note or "ends after" in note for note in notes] == [True, True]


def test_a_damaged_piece_leaves_no_master(tmp_path: Path) -> None:
    """A kept piece with too few frames is found out, the error says so, and nothing stands at the target."""
    pieces = [piece(tmp_path, key, frames=12, used=10, sound_s=0.1, tone_hz=hz) for key, hz in (("a", 300), ("b", 400))]
    _cut(pieces, tmp_path)
    (tmp_path / "e01.mp4").unlink()
    kept = _conformed(tmp_path)
    short = piece(tmp_path, "short", frames=12, used=4)
    _cut([short], tmp_path)
    made = next(each for each in _conformed(tmp_path) if each not in kept)
    made.replace(kept[0])
    (tmp_path / "e01.mp4").unlink()
    with pytest.raises(MediaError, match="14 frames instead of 20"):
        _cut(pieces, tmp_path)
    assert not (tmp_path / "e01.mp4").exists()
    assert not [each for each in tmp_path.iterdir() if each.name.startswith(".")]


def test_an_empty_cut_is_an_error(tmp_path: Path) -> None:
    """There is nothing to make a master of."""
    with pytest.raises(MediaError, match="nothing to join"):
        _cut([], tmp_path)
