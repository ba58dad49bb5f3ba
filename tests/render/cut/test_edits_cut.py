"""Trims and transitions in real cuts: which frame of which clip is seen at each moment of the master."""

from __future__ import annotations

import asyncio
import dataclasses
from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from render.cut.cut_plan import Piece, timeline_notes, timeline_of
from render.cut.house_signature import house_signature
from render.media.decoded_clip import clip_facts
from render.media.ffmpeg import Started, observed
from storyboard.continuity.timing import tail_of
from storyboard.edit import UNCUT, Edit, Transition, TransitionKind
from tests.clips import decoded, make_clip, numbered, numbers
from tests.render.cut.pieces import MASTER, cut
from tests.thinning import exhaustive, one_in

A, B = "#803020", "#206090"
RATES = ("24", "25", "24000/1001", "30000/1001")


def edited(folder: Path, key: str, edit: Edit, *, used: int, **clip: object) -> Piece:
    """A piece whose clip has numbered frames, of which the master uses `used`."""
    path = make_clip(folder / f"{key}.mp4", **clip)  # type: ignore[arg-type]
    return Piece(key=key, frames=used, path=path, clip=clip_facts(path), edit=edit)


def ran(pieces: list[Piece], folder: Path) -> list[str]:
    """Cut them; returns what ffmpeg was run for."""
    started: list[Started] = []
    with observed(started.append):
        cut(pieces, folder)
    return [each.what for each in started]


def way(kind: TransitionKind, frames: int, fps: Fraction = MASTER.fps) -> Edit:
    """An edit that does nothing but come in by this transition."""
    return Edit(transition=Transition(kind, frames / fps))


def apart(seen: Image.Image, expected: Image.Image) -> float:
    """Mean absolute difference of two pictures, of 255."""
    return sum(ImageStat.Stat(ImageChops.difference(seen, expected)).mean) / 3


@one_in(3)
@pytest.mark.parametrize(
    ("edit", "used", "expected"),
    [
        (Edit(in_s=Fraction(1, 2)), 12, [*range(12, 24)]),
        (Edit(in_s=Fraction(1, 4), out_s=Fraction(1, 2)), 6, [*range(6, 12)]),
        (Edit(hold_first_s=Fraction(1, 8), hold_last_s=Fraction(1, 12)), 29, [0, 0, 0, *range(24), 23, 23]),
        (Edit(in_s=Fraction(1, 2), hold_first_s=Fraction(1, 8)), 15, [12, 12, 12, *range(12, 24)]),
        (Edit(speed=Fraction(2)), 11, [*range(0, 22, 2)]),
        (Edit(speed=Fraction(1, 2)), 48, [number for each in range(24) for number in (each, each)]),
        (Edit(in_s=Fraction(5, 6)), 8, [20, 21, 22, 23, 23, 23, 23, 23]),
    ],
)
def test_the_part_that_is_meant_is_seen(edit: Edit, used: int, expected: list[int], tmp_path: Path) -> None:
    """Frame by frame; and the last one that moves is the frame on which the next shot begins."""
    piece = edited(tmp_path, "a", edit, used=used, sound_s=1.0)
    cut([piece], tmp_path)
    seen = numbers(tmp_path / "e01.mp4")
    assert piece.clip is not None
    assert seen == expected
    assert tail_of(edit, used, piece.clip, MASTER.fps) == seen[-1]


@one_in(2)
@pytest.mark.parametrize("fps", RATES)
def test_a_dissolve_shows_both_clips_frame_by_frame(fps: str, tmp_path: Path) -> None:
    """Beyond the cut each goes on as it was bought; before and after stand its very next frames."""
    rate = Fraction(fps)
    master = dataclasses.replace(MASTER, fps=rate)
    one = edited(tmp_path, "a", UNCUT, used=12, frames=24, fps=fps, colour=A)
    into = dataclasses.replace(way(TransitionKind.DISSOLVE, 6, rate), in_s=8 / rate)
    other = edited(tmp_path, "b", into, used=12, frames=24, first_number=100, fps=fps, colour=B)
    cut([one, other], tmp_path, master=master)
    seen = list(decoded(tmp_path / "e01.mp4"))
    assert len(seen) == 24
    for place, frame in enumerate(seen):
        share = min(max((place - 8) / 7, 0), 1)
        first, second = numbered(min(place, 23), colour=A), numbered(100 + max(place - 4, 0), colour=B)
        assert apart(frame, Image.blend(first, second, share)) < 4, place


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (TransitionKind.DIP_TO_BLACK, (0, 0, 0)),
        (TransitionKind.DIP_TO_WHITE, (255, 255, 255)),
    ],
)
def test_a_dip_goes_through_its_colour_and_needs_nothing_beyond(
    kind: TransitionKind, expected: tuple[int, int, int], tmp_path: Path
) -> None:
    """At its middle there is hardly anything but the colour; nothing is held."""
    one = edited(tmp_path, "a", UNCUT, used=12, frames=12, colour=A)
    other = edited(tmp_path, "b", way(kind, 8), used=12, frames=12, colour=B)
    cut([one, other], tmp_path)
    seen = list(decoded(tmp_path / "e01.mp4"))
    plain = Image.new("RGB", seen[0].size, expected)
    distances = [apart(frame, plain) for frame in seen]
    assert len(seen) == 24
    assert distances.index(min(distances)) in {11, 12}
    assert distances[8] > distances[9] > distances[10] > distances[11]
    assert distances[12] < distances[13] < distances[14] < distances[15]
    assert list(timeline_notes([one, other], timeline_of([one, other], MASTER.fps))) == []


def test_a_wipe_moves_its_edge(tmp_path: Path) -> None:
    """To the left: the second picture comes in from the right."""
    one = edited(tmp_path, "a", UNCUT, used=12, frames=24, colour=A)
    into = dataclasses.replace(way(TransitionKind.WIPE_LEFT, 7), in_s=Fraction(1, 2))
    other = edited(tmp_path, "b", into, used=12, frames=24, colour=B)
    cut([one, other], tmp_path)
    middle = list(decoded(tmp_path / "e01.mp4"))[12]
    left, right = (middle.getpixel((x, 45)) for x in (40, 120))
    assert max(abs(a - b) for a, b in zip(left, (0x80, 0x30, 0x20), strict=True)) < 14  # type: ignore[arg-type]
    assert max(abs(a - b) for a, b in zip(right, (0x20, 0x60, 0x90), strict=True)) < 14  # type: ignore[arg-type]


def test_an_episode_fades_in_and_out(tmp_path: Path) -> None:
    """From black before its first shot, and to black after its last."""
    piece = edited(tmp_path, "a", way(TransitionKind.DISSOLVE, 6), used=24, frames=24, colour="#c0c0c0")
    cut([piece], tmp_path, end=Transition(TransitionKind.DIP_TO_BLACK, Fraction(1, 4)))
    light = [sum(ImageStat.Stat(frame.crop((60, 40, 150, 60))).mean) for frame in decoded(tmp_path / "e01.mp4")]
    assert len(light) == 24
    assert light[:7] == sorted(light[:7])
    assert light[-7:] == sorted(light[-7:], reverse=True)
    assert light[0] < 150
    assert light[12] > 500


def test_what_neither_clip_has_is_held_and_told(tmp_path: Path) -> None:
    """Two clips that are used whole: the last frame of one and the first of the other stand still."""
    one = edited(tmp_path, "a", UNCUT, used=12, frames=12, colour=A)
    other = edited(tmp_path, "b", way(TransitionKind.DISSOLVE, 6), used=12, frames=12, first_number=100, colour=B)
    cut([one, other], tmp_path)
    seen = list(decoded(tmp_path / "e01.mp4"))
    for place in range(9, 15):
        first, second = numbered(min(place, 11), colour=A), numbered(100 + max(place - 12, 0), colour=B)
        assert apart(seen[place], Image.blend(first, second, (place - 8) / 7)) < 4, place
    told = list(timeline_notes([one, other], timeline_of([one, other], MASTER.fps)))
    assert told == [
        "the dissolve into b holds the last frame of a for 3 frames and the first frame of b for 3 frames, as there is "
        "no more of it; an earlier `out` of a or a later `in` of b leaves it some"
    ]


def test_a_transition_between_two_parts_of_one_clip(tmp_path: Path) -> None:
    """Two shots that share a clip share a file."""
    one = edited(tmp_path, "a", UNCUT, used=8, frames=24, colour=A)
    edit = dataclasses.replace(way(TransitionKind.DISSOLVE, 4), in_s=Fraction(1, 2))
    cut([one, dataclasses.replace(one, key="b", edit=edit)], tmp_path)
    seen = list(decoded(tmp_path / "e01.mp4"))
    assert len(seen) == 16
    assert apart(seen[8], Image.blend(numbered(8, colour=A), numbered(12, colour=A), 3 / 5)) < 4


@exhaustive
def test_a_new_take_makes_its_own_part_and_the_transitions_beside_it(tmp_path: Path) -> None:
    """Nothing else is encoded again; and the master is, byte for byte, the one that is cut from nothing."""
    again, fresh = tmp_path / "again", tmp_path / "fresh"
    again.mkdir()
    fresh.mkdir()
    into = dataclasses.replace(way(TransitionKind.DISSOLVE, 4), in_s=Fraction(1, 6))
    asyncio.run(house_signature(MASTER, tmp_path))
    pieces = [edited(tmp_path, key, into, used=12, frames=20, colour=A, sound_s=0.8) for key in "abcde"]
    assert len(ran(pieces, again)) == 11, "five parts, five transitions, the join"
    pieces[2] = edited(tmp_path, "new", into, used=12, frames=20, colour=B, sound_s=0.8)
    pieces[2] = dataclasses.replace(pieces[2], key="c")
    made = ran(pieces, again)
    assert sorted(made) == [
        "conform c",
        "draw the dissolve into c",
        "draw the dissolve into d",
        "join 10 pieces into e01.mp4",
    ]
    cut(pieces, fresh)
    assert (again / "e01.mp4").read_bytes() == (fresh / "e01.mp4").read_bytes()
