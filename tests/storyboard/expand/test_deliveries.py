"""What a producer writes of deliveries becomes values with every default, or mistakes that point at the very word."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from storyboard.deliveries import ANCHORS, Anchor, Delivery
from storyboard.delivery_formats import HOLDS, AudioCodec, FileKind, ProresProfile, Quality, Reframe, VideoCodec
from storyboard.errors import InvalidProject
from storyboard.expand.expansion import expand
from storyboard.loading import load_project
from storyboard.shot import Shot
from storyboard.sounds import LoudnessTarget
from tests.projects import EPISODE_HEAD, SERIES_HEAD, write_project
from tests.thinning import thinned

MASTER = "{ width: 1920, height: 1080, fps: 24 }"
LANGUAGES = "{ languages: [en, de, zh-Hans] }"
HEAD = f"{SERIES_HEAD}delivery: {{ master: {MASTER}, subtitles: {LANGUAGES} }}\nlanguage: en\ndeliveries:\n"
LINE = 7
EPISODE = EPISODE_HEAD + "        prompt: the lamp\n        duration: 5\n"


def read(tmp_path: Path, *written: str, episode: str = EPISODE, head: str = HEAD) -> tuple[Delivery, ...]:
    """The deliveries of an episode, each written in a line of `series.yaml` from line 7 on."""
    series = head + "".join(f"  - {each}\n" for each in written)
    return expand(load_project(write_project(tmp_path, series=series, episodes={"e01": episode})), "e01").deliveries


def told(tmp_path: Path, *written: str, episode: str = EPISODE) -> list[str]:
    """What is said of them, each with line and column."""
    with pytest.raises(InvalidProject) as refused:
        read(tmp_path, *written, episode=episode)
    return [f"{each.at}: {each.message}".removeprefix("series.yaml:") for each in refused.value.mistakes]


def test_a_name_is_enough(tmp_path: Path) -> None:
    """It is an MP4 of H.264 and AAC, as large and as fast as the master, of good quality."""
    (web,) = read(tmp_path, "{ name: web }")
    assert web.picture is not None
    assert web.sound is not None
    assert (web.kind, web.picture.codec, web.sound.codec) == (FileKind.MP4, VideoCodec.H264, AudioCodec.AAC)
    assert (web.picture.width, web.picture.height, web.picture.fps) == (1920, 1080, Fraction(24))
    assert (web.picture.quality, web.picture.reframe, web.sound.kbps) == (Quality.GOOD, None, 192)
    assert (web.loudness, web.soft, web.burnt, web.begin, web.end) == (None, (), None, None, None)


@pytest.mark.parametrize(
    ("video", "size", "reframe"),
    [
        ("{ short_side: 720 }", (1280, 720), None),
        ('{ ratio: "9:16" }', (1080, 1920), Reframe.CROP),
        ('{ ratio: "1:1", short_side: 600, reframe: pad }', (600, 600), Reframe.PAD),
        ('{ ratio: "9:16", height: 1280, reframe: blur }', (720, 1280), Reframe.BLUR),
        ("{ width: 854 }", (854, 480), None),
        ("{ height: 720, width: 720 }", (720, 720), Reframe.CROP),
        ('{ ratio: "21:9", reframe: pad }', (2520, 1080), Reframe.PAD),
        ('{ ratio: "16:9", reframe: pad }', (1920, 1080), None),
    ],
)
def test_sizes_follow_from_what_is_written(
    tmp_path: Path, video: str, size: tuple[int, int], reframe: Reframe | None
) -> None:
    """The shorter side is the master's where nothing is said; only another shape is framed anew."""
    (one,) = read(tmp_path, f"{{ name: one, video: {video} }}")
    assert one.picture is not None
    assert (one.picture.width, one.picture.height) == size
    assert one.picture.reframe is reframe


def test_all_that_can_be_said(tmp_path: Path) -> None:
    """Short forms and long ones are the same values."""
    edit, teaser, radio, phone, same = read(
        tmp_path,
        "{ name: edit, video: { codec: prores, profile: hq } }",
        "{ name: teaser, video: { codec: gif, fps: 12, short_side: 240, quality: small }, from: 1.5, to: lamp/010 }",
        "{ name: radio, video: none, audio: { codec: mp3, kbps: 128 }, loudness: streaming }",
        "{ name: phone, video: { codec: av1, mbps: 2.5 }, container: webm, "
        "loudness: { lufs: -16, true_peak_db: -1.5 }, subtitles: [en, zh-Hans] }",
        "{ name: same, video: copy, audio: opus, subtitles: { soft: [de] } }",
    )
    assert edit.picture is not None
    assert edit.picture.profile is ProresProfile.HQ
    assert (edit.kind, edit.picture.quality, edit.sound and edit.sound.codec) == (FileKind.MOV, None, AudioCodec.PCM)
    assert teaser.picture is not None
    assert (teaser.picture.width, teaser.picture.height, teaser.picture.fps) == (426, 240, Fraction(12))
    assert (teaser.begin, teaser.end, teaser.sound) == (Decimal("1.5"), "lamp/010", None)
    assert (radio.kind, radio.picture, radio.sound and radio.sound.kbps) == (FileKind.MP3, None, 128)
    assert radio.loudness == LoudnessTarget(lufs=Decimal(-27), true_peak_db=Decimal(-2), dialogue=True)
    assert phone.picture is not None
    assert (phone.picture.quality, phone.picture.mbps) == (None, Decimal("2.5"))
    assert (phone.sound and phone.sound.codec, phone.soft) == (AudioCodec.OPUS, ("en", "zh-Hans"))
    assert phone.loudness == LoudnessTarget(lufs=Decimal(-16), true_peak_db=Decimal("-1.5"))
    assert (same.kind, same.soft) == (FileKind.MP4, ("de",))


def test_a_series_without_subtitles_has_none_in_deliveries(tmp_path: Path) -> None:
    """It is told before anything is bought, where it is asked for, and with what to write."""
    head = HEAD.replace(f", subtitles: {LANGUAGES}", "")
    with pytest.raises(InvalidProject, match=r"series\.yaml:7:29: there are no subtitles in en, nor in any language"):
        read(tmp_path, "{ name: web, subtitles: en }", head=head)


def test_an_episode_has_deliveries_of_its_own(tmp_path: Path) -> None:
    """After those of the series; only there shots can be named that other episodes have not."""
    own = f"{EPISODE}deliveries:\n  - {{ name: teaser, video: gif, from: lamp/010 }}\n"
    assert [each.name for each in read(tmp_path, "{ name: web }", episode=own)] == ["web", "teaser"]


def test_the_focus_of_a_shot_is_the_nearest_that_is_written(tmp_path: Path) -> None:
    """From the series down to the shot, by name or as a point."""

    def shot(folder: str, own: str, defaults: str) -> Shot:
        head = f"{SERIES_HEAD}defaults: {{{defaults}}}\n"
        episode = f"{EPISODE_HEAD}        prompt: the lamp\n{own}"
        root = write_project(tmp_path / folder, series=head, episodes={"e01": episode})
        return expand(load_project(root), "e01").shots[0]

    assert shot("a", "", "").focus == ANCHORS["center"]
    assert shot("b", "", "focus: left").focus == ANCHORS["left"]
    own = shot("c", "        focus: { x: 0.25, y: 1 }\n", "focus: left").focus
    assert own == Anchor(Fraction(1, 4), Fraction(1))


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("{ name: w, container: webm }", "7:27: a webm cannot hold h264; write `container: mp4`"),
        ("{ name: w, video: prores, container: mp4 }", "7:42: an mp4 cannot hold prores; write `container: mov` or"),
        ("{ name: w, video: gif, audio: aac }", "7:35: a gif has no sound; remove `audio`"),
        ("{ name: w, audio: pcm }", "7:23: an mp4 cannot hold pcm here; write `audio: aac`"),
        (
            "{ name: w, video: av1, container: webm, audio: aac }",
            "7:52: a webm cannot hold aac here; write `audio: opus`",
        ),
        ("{ name: w, video: none, audio: none }", "7:36: this delivery has neither picture nor sound"),
        ("{ name: w, video: none, container: mp4 }", "7:40: sound alone is no mp4; write `container: m4a`"),
        (
            "{ name: w, video: none, audio: mp3, container: wav }",
            "7:36: a wav cannot hold mp3 here; write `audio: pcm`",
        ),
        ("{ name: w, video: { codec: prores, quality: high } }", "7:49: prores has no `quality`; write a `profile`"),
        ("{ name: w, video: { profile: hq } }", "7:34: h264 has no `profile`"),
        ("{ name: w, video: { codec: gif, mbps: 2 } }", "7:43: gif cannot be held to a bit rate; `codec: av1`"),
        ("{ name: w, video: { mbps: 2, quality: good } }", "7:31: `mbps` and `quality` say the same thing"),
        ("{ name: w, video: { width: 641 } }", "7:32: `width` must be even, as video encoders need; write 640 or 642"),
        ("{ name: w, video: { short_side: 720, width: 640 } }", "7:37: `short_side` takes the place of"),
        ('{ name: w, video: { width: 64, height: 64, ratio: "1:1" } }', "7:55: `width` and `height` make a ratio"),
        ("{ name: w, video: { ratio: auto } }", "7:32: a delivery has a shape of its own"),
        ("{ name: w, video: { codec: av1, short_side: 32 } }", "7:23: its picture would be 56x32 pixels, and av1"),
        ("{ name: w, video: { short_side: 8000 } }", "7:23: its picture would be 14222x8000 pixels"),
        ("{ name: w, video: { fps: 12 } }", "7:30: the master has 24 frames a second, and h264 keeps every one"),
        ("{ name: w, video: { codec: webp, fps: 30 } }", "7:43: the master has 24 frames a second; write as many"),
        ("{ name: w, video: { codec: gif, fps: 60 } }", "7:42: a gif shows at most 50 frames a second"),
        ("{ name: w, video: { codec: copy, short_side: 720 } }", "7:50: the master's picture is copied as it is"),
        ("{ name: w, video: copy, from: 1 }", "7:35: a copied picture is the whole one"),
        ("{ name: w, video: copy, subtitles: { burnt: en } }", "7:49: a copied picture cannot be drawn into"),
        ("{ name: w, video: none, subtitles: { burnt: en } }", "7:49: there is no picture to draw them into"),
        ("{ name: w, video: gif, subtitles: en }", "7:39: a gif has no subtitle tracks; write them as"),
        ("{ name: w, subtitles: [en, de, en] }", "7:27: `soft` names en twice"),
        (
            "{ name: w, subtitles: English }",
            "7:27: item 1 of 'soft' is no language tag, such as en, pt-BR or zh-Hant; write en",
        ),
        ("{ name: w, subtitles: [en, fr] }", "7:27: there are no subtitles in fr, and there are in en, de, zh-Hans;"),
        ("{ name: w, subtitles: zh-Hant }", "7:27: there are no subtitles in zh-Hant; did you mean 'zh-Hans'?"),
        ("{ name: w, subtitles: { burnt: fr } }", "7:36: there are no subtitles in fr, and there are in"),
        ("{ name: w, video: gif, loudness: web }", "7:38: there is no sound that could be as loud"),
        ("{ name: w, loudness: loud }", "7:26: 'loudness' must be web, broadcast, streaming, or numbers"),
        ("{ name: w, audio: { codec: flac, kbps: 200 } }", "7:44: pcm, flac lose nothing, so `kbps` changes nothing"),
        ("{ name: w, video: none, audio: { codec: mp3, kbps: 400 } }", "7:56: mp3 has at most 320 kilobits"),
        ("{ name: w, from: 3, to: 2 }", "7:29: it begins at 3 s and would end at 2 s; `to` must be later"),
        ("{ name: w, from: 9 }", "7:22: 9 s is after the end of the episode, which lasts 5 s"),
        ("{ name: w, from: lamp/020 }", "7:22: e01 has no shot lamp/020; write what names shots under `deliveries`"),
        ("{ name: w, to: true }", "7:20: 'to' must be a number of seconds from 0 to 36,000, or a shot as SCENE/SHOT"),
        ("{ name: w, video: h265 }", "7:23: 'codec' cannot be 'h265'; did you mean 'h264'?"),
    ],
)
def test_what_does_not_go_together_is_told_with_its_place(tmp_path: Path, written: str, message: str) -> None:
    """One sentence with file, line, column, and what to write instead."""
    (only,) = told(tmp_path, written)
    assert only.startswith(message)


def test_a_name_is_used_once_whatever_its_capitals(tmp_path: Path) -> None:
    """Some disks would have one file in place of two."""
    (only,) = told(tmp_path, "{ name: web }", "{ name: Web }")
    assert only.startswith("8:13: the name 'Web' is used twice; the first is at series.yaml:7:13")


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """Those of shots, too."""
    episode = EPISODE + "        seed: 1\n        takes: 2\n"
    found = told(tmp_path, "{ name: w, container: webm }", "{ name: v, video: gif, audio: aac }", episode=episode)
    assert len(found) == 3


@thinned
@pytest.mark.parametrize("video", [each for each in VideoCodec if each is not VideoCodec.NONE])
@pytest.mark.parametrize("kind", list(FileKind))
def test_the_table_of_what_goes_together_is_what_is_accepted(tmp_path: Path, video: VideoCodec, kind: FileKind) -> None:
    """Every codec in every kind of file: taken where the table has it, and else told at the word `container`."""
    written = f"{{ name: w, video: {video}, container: {kind} }}"
    if video in HOLDS[kind].video:
        assert read(tmp_path, written)[0].kind is kind
    else:
        assert f"cannot hold {video}" in told(tmp_path, written)[0]
