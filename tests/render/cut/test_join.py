"""The join itself: many pieces, exact edges, sound in step with its picture."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import cos, hypot, pi, sin
from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st
from render.cut.cut_sound import samples_at, soundtrack

from storyboard.shot import MasterFormat
from storyboard.timeline.master_timeline import Span, Timeline
from tests.clips import make_clip, numbers
from tests.render.cut.pieces import end_to_end, joined, lengths, loudness_at, samples

RATES = [Fraction(rate) for rate in ("24", "24000/1001", "25", "30000/1001", "60")]
_SAMPLE_BYTES = 8


@given(st.lists(st.integers(1, 400), min_size=1, max_size=40), st.sampled_from(RATES))
def test_silence_is_as_long_as_the_picture_to_the_sample(frames: list[int], fps: Fraction) -> None:
    """However many pieces there are, the sound's length is the rounded length of the whole picture."""
    heard = sum(len(block) for block in soundtrack([None] * len(frames), end_to_end(*frames, fps=fps)))
    assert heard == samples_at(sum(frames), fps) * _SAMPLE_BYTES
    assert abs(samples_at(sum(frames), fps) - sum(frames) * 48_000 / fps) <= Fraction(1, 2)


@given(st.lists(st.tuples(st.integers(2, 60), st.integers(0, 60)), min_size=2, max_size=12), st.sampled_from(RATES))
def test_sounds_that_overlap_are_as_long_as_the_picture(pieces: list[tuple[int, int]], fps: Fraction) -> None:
    """However far a piece begins before the one ahead of it ends, no sample is lost and none is added."""
    spans, at = [], 0
    for frames, overlap in pieces:
        start = max(0, at - min(overlap, frames - 1, spans[-1].frames - 1)) if spans else 0
        spans.append(Span(start, frames))
        at = spans[-1].end
    laid = Timeline(fps, tuple(f"s/{n}" for n in range(len(spans))), tuple(spans))
    heard = sum(len(block) for block in soundtrack([None] * len(spans), laid))
    assert heard == samples_at(laid.frames, fps) * _SAMPLE_BYTES


def test_one_sound_fades_into_the_other_where_they_overlap(tmp_path: Path) -> None:
    """Half-way each is half as loud; before and after it there is one alone."""
    low, high = (
        make_clip(tmp_path / f"{hz}.mov", frames=24, sound_s=1.0, tone_hz=hz, **{"c:a": "pcm_s16le", "format": "mov"})
        for hz in (400, 1600)
    )
    laid = Timeline(Fraction(24), ("s/1", "s/2"), (Span(0, 24), Span(12, 24)))
    heard = memoryview(b"".join(soundtrack([low, high], laid))).cast("f").tolist()[::2]
    assert len(heard) == 72_000

    def loudness(at_s: float, hz: int) -> float:
        part = heard[int(at_s * 48_000) : int(at_s * 48_000) + 2400]
        sine, cosine = (
            sum(each * wave(2 * pi * hz * n / 48_000) for n, each in enumerate(part)) for wave in (sin, cos)
        )
        return 2 * hypot(sine, cosine) / len(part)

    full = loudness(0.2, 400)
    assert loudness(1.2, 1600) == pytest.approx(full, rel=0.02)
    for hz in (400, 1600):
        assert loudness(0.725, hz) == pytest.approx(full / 2, rel=0.06)
    assert loudness(0.2, 1600) < full / 100 > loudness(1.2, 400)


@pytest.mark.parametrize("sound_s", [0.2, 1.0, 2.0])
@pytest.mark.parametrize(("channels", "rate"), [(1, 22_050), (2, 44_100), (2, 48_000)])
def test_a_clips_sound_is_cut_or_padded_to_its_picture(
    sound_s: float, channels: int, rate: int, tmp_path: Path
) -> None:
    """Shorter or longer than the picture, mono or stereo, at any rate: the samples are exactly those of the frames."""
    clip = make_clip(tmp_path / "a.mp4", frames=24, sound_s=sound_s, channels=channels, sound_rate=rate)
    heard = b"".join(soundtrack([clip], end_to_end(24)))
    assert len(heard) == 48_000 * _SAMPLE_BYTES
    silent_from = int(min(1.0, sound_s + 0.05) * 48_000) * _SAMPLE_BYTES
    assert not any(heard[silent_from:])
    assert any(heard[: int(sound_s * 0.9 * 48_000) * _SAMPLE_BYTES])


def test_each_piece_begins_and_ends_in_silence(tmp_path: Path) -> None:
    """Its sound fades within milliseconds, so no seam can click; away from the seams it is untouched."""
    clip = make_clip(tmp_path / "a.mp4", frames=24, sound_s=2.0, **{"c:a": "pcm_s16le", "format": "mov"})
    heard = memoryview(b"".join(soundtrack([clip, clip], end_to_end(12, 24)))).cast("f")
    for edge in (0, 24_000 - 1, 24_000, 72_000 - 1):
        assert abs(heard[2 * edge]) < 0.002
    assert max(heard[2 * 300 : 2 * 2000]) == pytest.approx(max(heard[2 * 10_000 : 2 * 12_000]), rel=0.01)


def test_sound_that_begins_after_the_picture_stays_there(tmp_path: Path) -> None:
    """A late sound is late in the master too: it goes with its picture, not with the start of the file."""
    clip = make_clip(tmp_path / "a.mp4", frames=48, sound_s=1.0, tone_hz=500)
    late = tmp_path / "late.mp4"
    with av.open(str(clip)) as source, av.open(str(late), "w") as target:
        streams = {each.index: target.add_stream_from_template(each) for each in source.streams}
        for packet in source.demux():
            if packet.dts is None:
                continue
            shift = int(Fraction(1, 2) / packet.time_base) if packet.stream.type == "audio" else 0
            packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
            packet.stream = streams[packet.stream_index]
            target.mux(packet)
    joined([late], end_to_end(48), tmp_path / "e01.mp4")
    heard = samples(tmp_path / "e01.mp4")
    assert loudness_at(heard, 500, 0.25) < 0.005
    assert loudness_at(heard, 500, 1.0) > 0.05
    assert loudness_at(heard, 500, 1.75) < 0.005


def test_hundreds_of_pieces_neither_drift_nor_stumble(tmp_path: Path) -> None:
    """Three hundred pieces at a film rate: each frame lasts the same, sound and picture end together."""
    film = MasterFormat(160, 90, Fraction(24000, 1001))
    clip = make_clip(tmp_path / "a.mp4", frames=2, fps="24000/1001", sound_s=0.1)
    joined([clip] * 300, end_to_end(*[2] * 300, fps=film.fps), tmp_path / "e01.mp4", master=film)
    with av.open(str(tmp_path / "e01.mp4")) as container:
        stream = container.streams.video[0]
        times = sorted(packet.pts for packet in container.demux(stream) if packet.size)
        steps = {(later - earlier) * stream.time_base for earlier, later in pairwise(times)}
    assert len(times) == 600
    assert steps == {Fraction(1001, 24000)}
    measured = lengths(tmp_path / "e01.mp4")
    assert measured.sound_end == pytest.approx(measured.picture_end, abs=1024 / 48_000)


def test_names_with_quotes_and_spaces_are_joined(tmp_path: Path) -> None:
    """A producer may call a folder what she likes."""
    folder = tmp_path / 'Mara\'s "storm" #1 %d'
    folder.mkdir()
    clip = make_clip(folder / "it's a clip.mp4", frames=6, sound_s=0.25)
    facts = joined([clip] * 2, end_to_end(6, 6), folder / "e 01.mp4")
    assert numbers(facts.path) == [*range(6), *range(6)]


def test_the_master_can_begin_to_play_before_it_is_there(tmp_path: Path) -> None:
    """Its index stands before its pictures."""
    clip = make_clip(tmp_path / "a.mp4", frames=6)
    content = joined([clip], end_to_end(6), tmp_path / "e01.mp4", heard=False).path.read_bytes()
    assert content.find(b"moov") < content.find(b"mdat")


def test_the_same_pieces_make_the_same_bytes(tmp_path: Path) -> None:
    """Cutting again changes nothing, so an archive of the same cut has the same name."""
    clip = make_clip(tmp_path / "a.mp4", frames=6, sound_s=0.25)
    made = [joined([clip], end_to_end(6), tmp_path / name) for name in ("a1.mp4", "a2.mp4")]
    assert made[0].sha256 == made[1].sha256
