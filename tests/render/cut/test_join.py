"""The join itself: many pieces, exact edges, sound in step with its picture."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import pytest

from render.cut.cut_plan import Piece
from render.media.decoded_clip import clip_facts
from storyboard.shot import MasterFormat
from tests.clips import make_clip, numbers
from tests.render.cut.pieces import cut, lengths, loudness_at, piece, samples
from tests.thinning import exhaustive


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
    facts = clip_facts(late)
    heard = samples(cut([Piece(key="late", frames=facts.frames, path=late, clip=facts)], tmp_path).path)
    assert facts.frames == 48
    assert loudness_at(heard, 500, 0.25) < 0.005
    assert loudness_at(heard, 500, 1.0) > 0.05
    assert loudness_at(heard, 500, 1.75) < 0.005


@exhaustive
def test_hundreds_of_pieces_neither_drift_nor_stumble(tmp_path: Path) -> None:
    """Three hundred pieces at a film rate: each frame lasts the same, sound and picture end together."""
    film = MasterFormat(160, 90, Fraction(24000, 1001))
    clip = piece(tmp_path, "a", frames=2, fps="24000/1001", sound_s=0.1)
    facts = cut([replace(clip, key=f"{number}") for number in range(300)], tmp_path, master=film)
    with av.open(str(facts.path)) as container:
        stream = container.streams.video[0]
        times = sorted(packet.pts for packet in container.demux(stream) if packet.size)
        steps = {(later - earlier) * stream.time_base for earlier, later in pairwise(times)}
    assert facts.copied
    assert len(times) == 600
    assert steps == {Fraction(1001, 24000)}
    measured = lengths(facts.path)
    assert measured.sound_end == pytest.approx(measured.picture_end, abs=1024 / 48_000)


def test_names_with_quotes_and_spaces_are_joined(tmp_path: Path) -> None:
    """A producer may call a folder what she likes."""
    folder = tmp_path / 'Mara\'s "storm" #1 %d'
    folder.mkdir()
    clip = piece(folder, "it's a clip", frames=6, sound_s=0.25)
    facts = cut([clip, replace(clip, key="again")], folder, name="e 01.mp4")
    assert numbers(facts.path) == [*range(6), *range(6)]


def test_the_master_can_begin_to_play_before_it_is_there(tmp_path: Path) -> None:
    """Its index stands before its pictures."""
    content = cut([piece(tmp_path, "a", frames=6)], tmp_path).path.read_bytes()
    assert content.find(b"moov") < content.find(b"mdat")


def test_the_same_pieces_make_the_same_bytes(tmp_path: Path) -> None:
    """Cutting again changes nothing, so an archive of the same cut has the same name."""
    clip = piece(tmp_path, "a", frames=6, sound_s=0.25)
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made.append(cut([clip], tmp_path / name))
    assert made[0].sha256 == made[1].sha256
