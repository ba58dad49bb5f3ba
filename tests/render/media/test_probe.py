"""What is read of media files: headers of references, every frame of clips."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import struct
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from av.video.frame import VideoFrame
from PIL import Image

from render.errors import ClipRejected, MediaError
from render.media import pictures
from render.media.decoded_clip import NO_VIDEO, clip_facts
from render.media.ffmpeg import run
from render.media.graph import invented, sink, source
from render.media.probe import probe
from render.media.reference_facts import reference_facts
from render.media.signature import signature
from render.media.tail_frame import frames_shown
from storyboard.shot import MediaKind
from tests.clips import make_clip, numbers
from tests.thinning import exhaustive


def _sound(target: Path, codec: str, length_s: float = 1.5) -> Path:
    asyncio.run(run(sink([invented(f"sine=d={length_s}")], target, **{"c:a": codec}), what="make a sound"))
    return target


@pytest.mark.parametrize("format_", ["jpeg", "png", "webp", "gif", "bmp", "tiff"])
def test_pictures_are_known_by_their_bytes(format_: str, tmp_path: Path) -> None:
    """The format is what the file is, whatever its name says."""
    Image.new("RGB", (40, 30), "red").save(tmp_path / "sheet.xyz", format=format_)
    facts = probe(tmp_path / "sheet.xyz")
    assert (facts.kind, facts.format, facts.width, facts.height) == (MediaKind.IMAGE, format_, 40, 30)


def test_a_picture_that_lies_on_its_side_has_the_size_that_is_shown(tmp_path: Path) -> None:
    """Cameras store a turn in EXIF data; a vendor sees the turned picture."""
    picture = Image.new("RGB", (40, 30))
    exif = picture.getexif()
    exif[0x0112] = 6
    picture.save(tmp_path / "a.jpg", exif=exif)
    assert (probe(tmp_path / "a.jpg").width, probe(tmp_path / "a.jpg").height) == (30, 40)


def test_facts_of_a_reference_carry_its_hash_and_its_name(tmp_path: Path) -> None:
    """The hash is of the original bytes; the name is the project's, not the machine's."""
    Image.new("RGB", (40, 30)).save(tmp_path / "mara.png")
    facts = reference_facts(tmp_path / "mara.png", "references/mara.png")
    content = (tmp_path / "mara.png").read_bytes()
    assert facts.source == "references/mara.png"
    assert facts.sha256 == hashlib.sha256(content).hexdigest()
    assert facts.bytes == len(content)


def test_pictures_are_read_without_loading_pyav(tmp_path: Path) -> None:
    """A plan over stills must start at once."""
    Image.new("RGB", (40, 30)).save(tmp_path / "a.png")
    code = (
        "import sys; from pathlib import Path; from render.media.reference_facts import reference_facts; "
        f"reference_facts(Path({str(tmp_path / 'a.png')!r}), 'a'); print('av' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("name", "codec", "format_"),
    [
        ("a.mp3", "libmp3lame", "mp3"),
        ("a.wav", "pcm_s16le", "wav"),
        ("a.flac", "flac", "flac"),
        ("a.m4a", "aac", "m4a"),
    ],
)
def test_sounds_have_a_format_and_a_length(name: str, codec: str, format_: str, tmp_path: Path) -> None:
    """Whatever the container, a sound is a sound and lasts as long as it is heard."""
    facts = probe(_sound(tmp_path / name, codec))
    assert (facts.kind, facts.format) == (MediaKind.AUDIO, format_)
    assert float(facts.duration_s or 0) == pytest.approx(1.5, abs=0.06)


def test_videos_have_the_size_that_is_shown(tmp_path: Path) -> None:
    """Rotation and pixel shape are applied."""
    turned = probe(make_clip(tmp_path / "turned.mp4", frames=6, rotation=90))
    wide = probe(make_clip(tmp_path / "wide.mov", frames=6, pixel_ratio="4/3"))
    assert (turned.format, turned.width, turned.height) == ("mp4", 90, 160)
    assert (wide.format, wide.width, wide.height) == ("mov", 213, 90)
    assert (wide.fps, wide.duration_s) == (Fraction(24), Decimal("0.25"))


def test_a_file_that_is_no_media_is_an_error_that_names_the_formats(tmp_path: Path) -> None:
    """The producer reads which formats would do."""
    (tmp_path / "notes.png").write_text("not a picture")
    with pytest.raises(MediaError, match=r"notes\.png is no image, video or sound.*jpeg"):
        probe(tmp_path / "notes.png")


def test_a_picture_too_large_to_hold_is_refused_by_its_header(tmp_path: Path) -> None:
    """A few bytes may claim any size; nothing is decoded to find out."""
    side = int(pictures.MOST_PIXELS**0.5) + 100
    Image.new("1", (side, side)).save(tmp_path / "bomb.png")
    with pytest.raises(MediaError, match=r"bomb\.png .*Scale it down"):
        probe(tmp_path / "bomb.png")


def test_a_picture_cut_off_in_its_header_is_an_error(tmp_path: Path) -> None:
    """The name of the file, and what to do."""
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    with pytest.raises(MediaError, match=r"a\.png cannot be read as an image"):
        probe(tmp_path / "a.png")


def test_facts_of_a_clip_are_what_was_decoded(tmp_path: Path) -> None:
    """Frames are counted, the rate is exact, and sound has its own length."""
    clip = make_clip(tmp_path / "a.mp4", frames=31, fps="24000/1001", sound_s=2.0)
    facts = clip_facts(clip)
    assert (facts.frames, facts.fps, facts.frame_times_us) == (31, Fraction(24000, 1001), None)
    assert facts.duration_s == Decimal("1.292958")
    assert float(facts.audio_s or 0) == pytest.approx(2.0, abs=0.03)
    assert facts.sha256 == hashlib.sha256(clip.read_bytes()).hexdigest()
    assert facts.bytes == clip.stat().st_size


@pytest.mark.parametrize("fps", ["24", "25", "30", "30000/1001", "60", "16", "12"])
def test_a_constant_rate_is_recognised(fps: str, tmp_path: Path) -> None:
    """Vendors deliver many; each is known by its exact value."""
    assert clip_facts(make_clip(tmp_path / "a.mp4", frames=20, fps=fps)).fps == Fraction(fps)


def test_times_rounded_to_milliseconds_are_still_a_constant_rate(tmp_path: Path) -> None:
    """Some containers count in milliseconds; that is rounding, not irregularity."""
    facts = clip_facts(make_clip(tmp_path / "a.mp4", frames=40, times="round(N*1000/24)"))
    assert (facts.fps, facts.frame_times_us) == (Fraction(24), None)


def test_irregular_frames_keep_their_times(tmp_path: Path) -> None:
    """The times are counted from the first frame, in microseconds."""
    facts = clip_facts(make_clip(tmp_path / "a.mp4", frames=6, times="N*40+mod(N,2)*15"))
    assert facts.frame_times_us == (0, 55_000, 80_000, 135_000, 160_000, 215_000)
    assert facts.frames == 6
    assert facts.duration_s > Decimal("0.215")


def test_a_clip_of_one_frame_has_its_rate_and_length(tmp_path: Path) -> None:
    """The shortest clip there is."""
    facts = clip_facts(make_clip(tmp_path / "a.mp4", frames=1, fps="25"))
    assert (facts.frames, facts.fps, facts.duration_s) == (1, Fraction(25), Decimal("0.04"))


@pytest.mark.parametrize("kept", [0.3, 0.7, 0.98])
def test_a_clip_that_was_cut_off_is_rejected(kept: float, tmp_path: Path) -> None:
    """Its header still promises all of it; what is missing shows when it is read."""
    whole = make_clip(tmp_path / "a.mp4", frames=30, sound_s=1.3, movflags="+faststart").read_bytes()
    (tmp_path / "b.mp4").write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(ClipRejected, match=r"Fetch it again|whole"):
        clip_facts(tmp_path / "b.mp4")


@pytest.mark.parametrize("name", ["a.mp4", "a.webm"])
def test_a_clip_cut_off_in_any_container_is_rejected(name: str, tmp_path: Path) -> None:
    """Also where the container is written so that what is there still plays."""
    codecs = {"c:v": "libvpx", "c:a": "libopus"} if name.endswith("webm") else {"movflags": "+faststart"}
    whole = make_clip(tmp_path / name, frames=60, sound_s=2.5, **codecs)
    assert clip_facts(whole).frames == 60
    content = whole.read_bytes()
    whole.write_bytes(content[: len(content) // 2])
    with pytest.raises(ClipRejected):
        clip_facts(whole)


def test_a_clip_whose_header_promises_too_much_is_whole(tmp_path: Path) -> None:
    """A length is a word: what is paid for is not called cut off where every byte is there."""
    whole = make_clip(tmp_path / "a.webm", frames=12, **{"c:v": "libvpx"})
    content = bytearray(whole.read_bytes())
    at = content.index(b"\x44\x89\x88") + 3  # the length in milliseconds, a double
    content[at : at + 8] = struct.pack(">d", 9_000.0)
    whole.write_bytes(content)
    assert (clip_facts(whole).frames, clip_facts(whole).duration_s) == (12, Decimal("0.5"))
    whole.write_bytes(content[:-200])
    with pytest.raises(ClipRejected, match="cut off"):
        clip_facts(whole)


@pytest.mark.parametrize("cut", [{"ss": 0.7}, {"t": 1.1}, {"ss": 0.7, "t": 0.8}])
def test_a_clip_that_was_trimmed_by_its_edit_list_is_whole(cut: dict[str, object], tmp_path: Path) -> None:
    """A vendor may trim without encoding; frames outside the list are not there, and nothing is missing."""
    clip = make_clip(tmp_path / "a.mp4", frames=48, sound_s=2.0)
    asyncio.run(run(sink([source(clip, **cut)], tmp_path / "b.mp4", c="copy"), what="trim"))
    shown = numbers(tmp_path / "b.mp4")
    assert clip_facts(tmp_path / "b.mp4").frames == len(shown) < 48


def test_a_damaged_clip_is_rejected(tmp_path: Path) -> None:
    """Bytes that were changed inside the picture are found by decoding it."""
    content = bytearray(make_clip(tmp_path / "a.mp4", frames=30, crf=5).read_bytes())
    middle = content.find(b"mdat") + len(content) // 3
    content[middle : middle + 64] = bytes(range(64))
    (tmp_path / "b.mp4").write_bytes(content)
    with pytest.raises(ClipRejected) as refused:
        clip_facts(tmp_path / "b.mp4")
    assert refused.value.code != NO_VIDEO


def test_what_is_no_clip_is_rejected(tmp_path: Path) -> None:
    """A page that says "not found", a picture, a sound: none is a clip."""
    (tmp_path / "page.mp4").write_text("<html>404</html>")
    Image.new("RGB", (9, 9)).save(tmp_path / "still.mp4", format="PNG")
    _sound(tmp_path / "sound.m4a", "aac")
    (tmp_path / "header.mp4").write_bytes(make_clip(tmp_path / "a.mp4").read_bytes()[:40])
    for name in ("page.mp4", "still.mp4", "sound.m4a", "header.mp4"):
        with pytest.raises(ClipRejected, match="no usable clip") as refused:
            clip_facts(tmp_path / name)
        assert refused.value.code == NO_VIDEO


def test_a_clip_that_is_not_there_is_not_the_vendors_fault(tmp_path: Path) -> None:
    """A missing local file must not reject a paid take."""
    with pytest.raises(MediaError, match="there is no clip"):
        clip_facts(tmp_path / "a.mp4")


def test_frames_too_large_to_decode_are_refused_before_they_are(tmp_path: Path) -> None:
    """The header's size is enough to say no."""
    huge = invented("color=s=8200x4400:r=1:d=1")
    options = {"c:v": "libx264", "preset": "ultrafast", "pix_fmt": "yuv420p"}
    asyncio.run(run(sink([huge], tmp_path / "a.mp4", **options), what="make a huge frame"))
    with pytest.raises(ClipRejected, match="36,080,000 pixels"):
        clip_facts(tmp_path / "a.mp4")


@exhaustive
def test_frames_go_with_their_files(tmp_path: Path) -> None:
    """Nothing holds a frame that was looked at: an hour's cut looks at some of 720 clips, with threads beside it."""
    clip = make_clip(tmp_path / "clip.mp4", frames=2)
    gc.collect()
    for _ in range(5):
        signature(clip)
        frames_shown(clip, [0, 1], tmp_path)
    assert [each for each in gc.get_objects() if isinstance(each, VideoFrame)] == []


def test_one_encoder_gives_one_signature(tmp_path: Path) -> None:
    """Two clips made the same way agree in everything, whatever they show and however long they are."""
    one = signature(make_clip(tmp_path / "a.mp4", frames=12))
    other = signature(make_clip(tmp_path / "b.mp4", frames=31, colour="#ff8800", sound_s=1.0))
    assert one == other


@pytest.mark.parametrize(
    "change",
    [
        {"profile:v": "main"},
        {"size": (176, 90)},
        {"fps": "25"},
        {"pixel_ratio": "4/3"},
        {"rotation": 90},
        {"x264-params": "ref=2"},
        {"x264-params": "colorprim=bt709"},
        {"video_track_timescale": 90_000},
    ],
)
def test_any_other_setting_gives_another_signature(change: dict[str, object], tmp_path: Path) -> None:
    """Whatever would break a copied join shows in the signature."""
    usual = signature(make_clip(tmp_path / "a.mp4", frames=12))
    changed = signature(make_clip(tmp_path / "b.mp4", frames=12, **change))  # type: ignore[arg-type]
    assert usual != changed
