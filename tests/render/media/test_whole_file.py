"""References are decoded whole once, whatever their headers say, and remembered by their content."""

from __future__ import annotations

import struct
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

from render.errors import MediaError
from render.media import facts_cache, whole_file
from render.media.measures import sha256_of
from render.media.mpeg_frames import adts_frame_bytes, mp3_frame_bytes
from render.media.probe import probe
from render.media.reference_facts import examine, reference_facts
from tests.clips import make_clip
from tests.render.media.sound_cases import half, times_ten
from tests.sounds import LOUD, make_bare_mp3, make_sound

FRAGMENTS = {"movflags": "+frag_keyframe+empty_moov", "g": 6}


@pytest.fixture
def forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of this test's own; returns its folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "tailframe"


def _jpeg(target: Path) -> Path:
    Image.effect_noise((64, 48), 80).convert("RGB").save(target, format="JPEG")
    return target


FILES: dict[str, Callable[[Path], Path]] = {
    "a.jpg": _jpeg,
    "fast.mp4": lambda target: make_clip(target, frames=12, sound_s=0.5, movflags="+faststart"),
    "slow.mp4": lambda target: make_clip(target, frames=12, sound_s=0.5),
    "fragments.mp4": lambda target: make_clip(target, frames=24, **FRAGMENTS),
    "a.mov": lambda target: make_clip(target, frames=12, sound_s=0.5, movflags="+faststart"),
    "a.avi": lambda target: make_clip(target, frames=12, sound_s=0.5),
    "a.webm": lambda target: make_clip(target, frames=12, **{"c:v": "libvpx"}),
}


@pytest.mark.parametrize("name", FILES)
def test_a_reference_that_ends_half_way_is_refused(name: str, tmp_path: Path) -> None:
    """A header promises all of it, or a part plays: neither counts. Whole, the same file is taken."""
    path = FILES[name](tmp_path / name)
    content = path.read_bytes()
    assert reference_facts(path, name).bytes == len(content)
    for share in (0.5, 0.97):
        path.write_bytes(content[: int(len(content) * share)])
        with pytest.raises(MediaError, match=rf"{name}.*(cut off|damaged).*(Copy|save) it again"):
            reference_facts(path, name)


def test_a_films_length_and_rate_are_those_of_its_frames(tmp_path: Path) -> None:
    """Where every header says ten times as long, the frames count."""
    clip = make_clip(tmp_path / "a.mp4", frames=12, fps="24")
    clip.write_bytes(times_ten(clip.read_bytes()))
    facts = reference_facts(clip, "a.mp4")
    assert (facts.duration_s, facts.fps) == (Decimal("0.5"), 24)


def test_what_a_header_says_stays_where_it_is_true(tmp_path: Path) -> None:
    """So that orders of files that were always read rightly stay the same to the letter."""
    for path in (make_clip(tmp_path / "a.mp4", frames=13, sound_s=0.5), make_sound(tmp_path / "a.m4a", "aac")):
        assert reference_facts(path, "a").duration_s == probe(path).duration_s


def test_a_voice_without_a_header_of_its_length_is_measured(tmp_path: Path) -> None:
    """Twenty seconds that begin loud and end silent pass for much less by the rate of their first frames."""
    path = make_bare_mp3(tmp_path / "voice.mp3", (0.5, LOUD), (19.5, 0.0))
    stated_s = probe(path).duration_s
    assert stated_s is not None
    assert stated_s < 15
    assert float(reference_facts(path, "voice.mp3").duration_s or 0) == pytest.approx(20.0, abs=0.1)


def test_what_was_decoded_once_is_not_decoded_again(forgotten: Path, tmp_path: Path) -> None:
    """The second look knows a file by its content, under any name, and needs no PyAV."""
    clip = make_clip(tmp_path / "a.mp4", frames=6)
    first = reference_facts(clip, "a")
    assert len(list(forgotten.rglob("[0-9a-f]*"))) == 1
    clip.rename(tmp_path / "b.mp4")
    program = (
        "import sys; from pathlib import Path; from render.media.reference_facts import reference_facts; "
        "print(reference_facts(Path(sys.argv[1]), 'a').duration_s, 'av' in sys.modules)"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "b.mp4")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == [str(first.duration_s), "False"]


def test_a_damaged_file_is_never_remembered(forgotten: Path, tmp_path: Path) -> None:
    """Nor is a good one found bad for what lies in the cache: it is looked at again."""
    path = make_sound(tmp_path / "a.wav", "pcm_s16le", seconds=0.1)
    path.write_bytes(half(path.read_bytes()))
    with pytest.raises(MediaError):
        reference_facts(path, "a")
    assert not list(forgotten.rglob("[0-9a-f]*"))


@pytest.mark.parametrize("spoil", ["cut off", "of another file", "changed", "a folder", "unreadable"])
def test_a_cache_that_lies_is_only_a_cache(spoil: str, forgotten: Path, tmp_path: Path) -> None:
    """Whatever is wrong with an entry, the file is decoded again and its facts are right."""
    path, other = (make_sound(tmp_path / f"{s}.wav", "pcm_s16le", seconds=s) for s in (0.1, 0.2))
    facts, lying = reference_facts(path, "a"), reference_facts(other, "b")
    entries = {entry.name: entry for entry in forgotten.rglob("[0-9a-f]*") if entry.is_file()}
    entry, content = entries[facts.sha256], entries[facts.sha256].read_bytes()
    entry.unlink()
    if spoil == "a folder":
        entry.mkdir()
    elif spoil == "unreadable":
        entry.symlink_to(tmp_path / "nowhere")
    else:
        spoilt = {
            "cut off": content[:-9],
            "of another file": entries[lying.sha256].read_bytes(),
            "changed": content.replace(b'"0.1', b'"9.1'),
        }
        assert spoilt[spoil] != content
        entry.write_bytes(spoilt[spoil])
    assert reference_facts(path, "a") == facts


@pytest.mark.parametrize("home", ["/dev/null", "/proc/nowhere", "relative"])
def test_no_place_to_remember_is_no_matter(home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be kept, everything is looked at each time."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", home)
    monkeypatch.setenv("HOME", "/dev/null")
    path = make_sound(tmp_path / "a.wav", "pcm_s16le", seconds=0.1)
    assert reference_facts(path, "a") == reference_facts(path, "a")
    assert not (tmp_path / "relative").exists()
    assert facts_cache.cache_folder() == Path(
        "/dev/null/.cache/tailframe" if home == "relative" else f"{home}/tailframe"
    )


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    """The bound is on time, and the error says what to give instead."""
    clip = make_clip(tmp_path / "a.mp4", frames=6)
    with pytest.raises(MediaError, match=r"a\.mp4 takes longer than 0 s to decode\. Cut out the part"):
        whole_file.decode(clip, patience_s=0)


@pytest.mark.parametrize("name", ["fast.mp4", "a.webm"])
def test_too_many_frames_are_refused(name: str, tmp_path: Path) -> None:
    """By a film's index, before anything is decoded, and by its frames where it has none."""
    told: list[float] = []
    clip = FILES[name](tmp_path / name)
    with pytest.raises(MediaError, match=r"more than 5 frames\. Cut out the part"):
        whole_file.decode(clip, most_frames=5, progress=told.append)
    assert bool(told) == (name == "a.webm")


def test_how_far_a_long_look_has_come_is_told(tmp_path: Path) -> None:
    """The share of the file that was read, upwards."""
    told: list[float] = []
    clip = make_clip(tmp_path / "a.mp4", frames=48, sound_s=2.0)
    examine(clip, sha256_of(clip), progress=told.append)
    assert len(told) > 40
    assert 0 <= min(told) <= 0.3
    assert 0.9 < max(told) <= 1


@pytest.mark.parametrize(
    ("header", "length"),
    [
        (0xFFFB9064, 417),  # MPEG-1 layer III, 128 kbit/s at 44.1 kHz
        (0xFFFB9264, 418),  # … padded
        (0xFFFBE064, 1044),  # 320 kbit/s
        (0xFFF38064, 208),  # MPEG-2 layer III, 64 kbit/s at 22.05 kHz
        (0xFFE3846C, 384),  # MPEG-2.5, 64 kbit/s at 12 kHz
        (0xFFFD9064, 522),  # layer II, 160 kbit/s
        (0xFFFF9064, 312),  # layer I, 288 kbit/s
        (0xFFFB0064, None),  # a rate that is not told
        (0xFFFBF064, None),
        (0xFFEB9064, None),  # a version that is reserved
        (0x49443304, None),
    ],
)
def test_an_mp3_frame_is_as_long_as_its_header_says(header: int, length: int | None) -> None:
    """By the tables of ISO 11172-3 and 13818-3."""
    assert mp3_frame_bytes(struct.pack(">I", header)) == length


def test_an_adts_frame_is_as_long_as_its_header_says() -> None:
    """Thirteen bits of it; less than a header is no frame."""
    assert adts_frame_bytes(bytes.fromhex("fff14c40173ffc")) == 185
    assert adts_frame_bytes(bytes.fromhex("fff14c40001ffc")) is None
    assert adts_frame_bytes(bytes.fromhex("fffb4c40173ffc")) is None
