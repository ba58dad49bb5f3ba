"""Tracks of subtitles in a master, and what they leave as it is."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Sequence
from fractions import Fraction
from math import ceil
from pathlib import Path

import av
import pytest
from av.stream import Disposition
from PIL import Image

from render.captions.soft_tracks import with_soft_tracks
from render.errors import MediaError
from render.markers import with_metadata, write_metadata
from render.media.ffmpeg import ffmpeg_path, run
from render.media.frame_rate import timescale
from render.media.graph import source
from storyboard.captions.caption import CaptionTrack
from storyboard.shot import MasterFormat
from storyboard.timeline.markers import Chapter, Metadata
from tests.clips import make_clip, numbers
from tests.render.captions.captioned import MASTER, film, track
from tests.render.media.crippled import crippled

SPOKEN = (
    track("en", (6, 20, "One more\nwinter."), (24, 47, "a < b --> {\\an8} <i>c</i> \\N d")),
    track("zh-Hant", (6, 20, "再過一個冬天。")),
    track("ar", (6, 20, "في عام 1998.")),
)


def tracked(folder: Path, tracks: Sequence[CaptionTrack] = SPOKEN, default: str | None = "en", **keys: object) -> Path:
    """A film of two seconds with these tracks."""
    master = film(folder / "master.mp4", **keys)  # type: ignore[arg-type]
    asyncio.run(with_soft_tracks(master, tracks, folder / "tracked.mp4", default=default))
    return folder / "tracked.mp4"


def packets(path: Path) -> list[tuple[str, object, object, object, bytes]]:
    """All packets of picture and sound, with their times."""
    with av.open(str(path)) as container:
        streams = [stream for stream in container.streams if stream.type in {"video", "audio"}]
        return [
            (each.stream.type, each.pts, each.dts, each.time_base, bytes(each))
            for each in sorted(container.demux(streams), key=lambda packet: packet.stream.index)
        ]


def texts(path: Path, number: int) -> list[tuple[Fraction, Fraction, str]]:
    """What a track says from second to second; what is empty between is left out."""
    with av.open(str(path)) as container:
        stream = container.streams.subtitles[number]
        found = []
        for packet in container.demux(stream):
            text = bytes(packet)[2:].decode()
            if text and packet.pts is not None and packet.duration is not None:
                start = packet.pts * packet.time_base
                found.append((start, start + packet.duration * packet.time_base, text))
        return found


def test_picture_and_sound_are_copied_to_the_byte(tmp_path: Path) -> None:
    """With every time that they had."""
    made = tracked(tmp_path)
    assert packets(made) == packets(tmp_path / "master.mp4")
    assert len(packets(made)) > 48


def test_pictures_that_are_decoded_out_of_order_keep_their_times(tmp_path: Path) -> None:
    """As those that a vendor encoded, which stand in the master as they came."""
    master = make_clip(tmp_path / "master.mp4", frames=30, sound_s=1.3)
    asyncio.run(with_soft_tracks(master, SPOKEN, tmp_path / "tracked.mp4", default="en"))
    assert packets(tmp_path / "tracked.mp4") == packets(master)
    assert numbers(tmp_path / "tracked.mp4") == list(range(30))


def test_each_language_is_a_track_of_its_own_and_the_series_one_is_shown(tmp_path: Path) -> None:
    """By the letters of ISO 639-2, with the whole tag as its name."""
    with av.open(str(tracked(tmp_path))) as container:
        told = [
            (each.metadata["language"], each.metadata["handler_name"], bool(each.disposition & Disposition.default))
            for each in container.streams.subtitles
        ]
    assert told == [("eng", "en", True), ("zho", "zh-Hant", False), ("ara", "ar", False)]


def test_chapters_and_a_poster_stay(tmp_path: Path) -> None:
    """And the tracks behind them have the names of their own languages."""
    film(tmp_path / "film.mp4")
    Image.new("RGB", (64, 36), "navy").save(tmp_path / "poster.png")
    chapters = tmp_path / "chapters.txt"
    chapters.write_text(";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=The lamp\n")
    words = (
        "-i film.mp4 -i poster.png -i chapters.txt -map 0 -map 1 -map_chapters 2 -c copy -disposition:v:1 attached_pic"
    )
    subprocess.run([ffmpeg_path(), *words.split(), "master.mp4"], cwd=tmp_path, check=True, capture_output=True)

    asyncio.run(with_soft_tracks(tmp_path / "master.mp4", SPOKEN[:2], tmp_path / "tracked.mp4", default="en"))
    with av.open(str(tmp_path / "tracked.mp4")) as container:
        assert [each["metadata"]["title"] for each in container.chapters()] == ["The lamp"]
        assert [bool(each.disposition & Disposition.attached_pic) for each in container.streams.video] == [False, True]
        names = [(each.metadata["language"], each.metadata["handler_name"]) for each in container.streams.subtitles]
    assert names == [("eng", "en"), ("zho", "zh-Hant")]


def test_chapters_of_any_length_stay_on_their_frames(tmp_path: Path) -> None:
    """Also where one, but not all, is so long that its ticks, as they are read from the master, are too many."""
    clip, chapters = tmp_path / "clip.mp4", [Chapter("dusk", 0, 216), Chapter("the lamp; room", 216, 618)]
    chapters.append(Chapter("night", 618, 700))
    film(clip, seconds=30)
    told = write_metadata(Metadata(title="E", show="S", episode_id="e01"), chapters, MASTER.fps, tmp_path / "told")
    ticks = {"video_track_timescale": timescale(MASTER.fps)}
    streams, copied = source(clip), {"c:v": "copy", "c:a": "copy", "fflags": "+bitexact", **ticks}
    master = tmp_path / "master.mp4"
    graph = with_metadata([streams.video, streams.audio], master, told, fps=MASTER.fps, **copied)
    asyncio.run(run(graph, what="write chapters"))
    asyncio.run(with_soft_tracks(master, SPOKEN[:1], tmp_path / "tracked.mp4", default="en"))
    for each in (master, tmp_path / "tracked.mp4"):
        with av.open(str(each)) as container:
            found = [(one["metadata"]["title"], one["start"] * one["time_base"]) for one in container.chapters()]
            assert container.metadata["title"] == "E"
        assert found == [(one.title, one.start / MASTER.fps) for one in chapters]


def test_words_stand_on_their_frames_and_nothing_in_them_acts(tmp_path: Path) -> None:
    """Line breaks are those of the captions alone; the signs of markup are still there to be read."""
    first, second = texts(tracked(tmp_path), 0)
    assert [ceil(each * MASTER.fps) for each in (*first[:2], *second[:2])] == [6, 20, 24, 47]
    assert first[2] == "One more\nwinter."
    assert second[2].replace("\u2060", "") == "a < b --> {\\an8} <i>c</i> \\N d"


@pytest.mark.parametrize("fps", [Fraction(25), Fraction(24000, 1001), Fraction(30000, 1001)])
def test_times_are_exact_at_every_rate(tmp_path: Path, fps: Fraction) -> None:
    """A frame of the master is found again from the time in the file."""
    wanted = [(place, place + 1 + place % 3, f"caption {place}") for place in range(1, 44, 5)]
    made = tracked(tmp_path, [track("en", *wanted, fps=fps)], master=MasterFormat(64, 36, fps))
    found = [(ceil(start * fps), ceil(end * fps), text) for start, end, text in texts(made, 0)]
    assert found == wanted


def test_a_film_without_sound_and_a_master_without_words_are_copied(tmp_path: Path) -> None:
    """A track without captions is no track."""
    assert packets(tracked(tmp_path, sound=False)) == packets(tmp_path / "master.mp4")
    (tmp_path / "again").mkdir()
    made = tracked(tmp_path / "again", [track("en")])
    assert made.read_bytes() == (tmp_path / "again" / "master.mp4").read_bytes()


def test_the_same_is_made_twice_and_the_index_stands_first(tmp_path: Path) -> None:
    """A browser begins to play before it has all of it."""
    once = tracked(tmp_path).read_bytes()
    asyncio.run(with_soft_tracks(tmp_path / "master.mp4", SPOKEN, tmp_path / "again.mp4", default="en"))
    assert (tmp_path / "again.mp4").read_bytes() == once
    assert once.index(b"moov") < once.index(b"mdat")


def test_nothing_is_left_where_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ffmpeg that cannot make tracks is named with what it lacks, and no file is begun."""
    master = film(tmp_path / "master.mp4")
    monkeypatch.setenv("TAILFRAME_FFMPEG", str(crippled(tmp_path / "lame", "mov_text")))
    with pytest.raises(MediaError, match="lacks the encoder mov_text, which tracks of subtitles need"):
        asyncio.run(with_soft_tracks(master, SPOKEN, tmp_path / "tracked.mp4"))
    assert not list(tmp_path.glob("*tracked*"))
