"""Transitions over the cuts of a master: they fit, they take what is there first, and hold only what is not."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from storyboard.edit import CUT, Transition, TransitionKind
from storyboard.timeline.master_timeline import Timeline
from storyboard.timeline.seams import Side, seams_of, shortened, sides
from storyboard.timeline.source_range import Footage
from tests.storyboard.stories import FPS

KINDS = st.sampled_from(list(TransitionKind))
WAYS = st.builds(lambda kind, frames: Transition(kind, frames / FPS), KINDS, st.integers(0, 60))
FOOTAGE = st.builds(
    lambda first, slots, extra, hold_first, hold_last: Footage(
        first=first, slots=slots, available=first + slots + extra, hold_first=hold_first, hold_last=hold_last
    ),
    st.integers(0, 30),
    st.integers(1, 60),
    st.integers(-5, 30),
    st.sampled_from([0, 0, 0, 4]),
    st.sampled_from([0, 0, 0, 7]),
)


def laid(*footages: Footage | None, ways: list[Transition]) -> tuple[Timeline, tuple[Side, ...]]:
    """The timeline of these pieces without its transitions, and what stands beside each."""
    lengths = [(str(number), each.frames if each else 30) for number, each in enumerate(footages)]
    timeline = Timeline.laid(lengths, FPS)
    return timeline, sides(timeline, ways, footages)


def plain(frames: int, *, before: int = 0, after: int = 0) -> Footage:
    """So many frames of a clip that has more at its ends."""
    return Footage(first=before, slots=frames, available=before + frames + after)


def dissolve(frames: int) -> Transition:
    """A dissolve of so many frames."""
    return Transition(TransitionKind.DISSOLVE, frames / FPS)


@given(st.lists(st.tuples(st.one_of(st.none(), FOOTAGE), WAYS), min_size=1, max_size=8), WAYS)
def test_transitions_never_overlap_and_stay_in_their_pieces(
    pieces: list[tuple[Footage | None, Transition]], end: Transition
) -> None:
    """Whatever is written: none is longer than written, and each piece keeps its place."""
    ways = [*(way for _, way in pieces), end]
    timeline, beside = laid(*(footage for footage, _ in pieces), ways=ways)
    seams = {seam.number: seam for seam in seams_of(timeline, beside)}
    for number, seam in seams.items():
        assert 0 < seam.frames <= round(ways[number].length_s * FPS)
        assert seam.held <= seam.frames
        assert min(seam.before, seam.after, seam.held_in, seam.held_out) >= 0
    for number, span in enumerate(timeline.spans):
        taken = [seams[number].after if number in seams else 0, seams[number + 1].before if number + 1 in seams else 0]
        assert sum(taken) <= span.frames


@given(st.lists(st.tuples(FOOTAGE, WAYS), min_size=2, max_size=6))
def test_what_is_shortened_is_told(pieces: list[tuple[Footage, Transition]]) -> None:
    """Each transition is as long as it is written, or named with both lengths."""
    ways = [*(way for _, way in pieces), CUT]
    timeline, beside = laid(*(footage for footage, _ in pieces), ways=ways)
    seams = {seam.number: seam.frames for seam in seams_of(timeline, beside)}
    told = {number: (frames, written) for number, frames, written in shortened(timeline, beside)}
    for number, way in enumerate(ways):
        written = 0 if way.kind is TransitionKind.CUT else round(way.length_s * FPS)
        assert seams.get(number, 0) == written or told[number] == (seams.get(number, 0), written)


def test_it_stands_in_the_middle_where_both_have_enough() -> None:
    """Half of it before the cut, half after."""
    timeline, beside = laid(plain(40, after=10), plain(40, before=10), ways=[CUT, dissolve(8), CUT])
    (seam,) = seams_of(timeline, beside)
    assert (seam.cut, seam.before, seam.after, seam.held) == (40, 4, 4, 0)


def test_it_moves_to_the_side_that_has_more() -> None:
    """Where only the first goes on beyond the cut it begins there; where only the second has more, it ends there."""
    timeline, beside = laid(plain(40, after=10), plain(40), ways=[CUT, dissolve(8), CUT])
    (seam,) = seams_of(timeline, beside)
    assert (seam.before, seam.after, seam.held) == (0, 8, 0)
    timeline, beside = laid(plain(40), plain(40, before=10), ways=[CUT, dissolve(8), CUT])
    (seam,) = seams_of(timeline, beside)
    assert (seam.before, seam.after, seam.held) == (8, 0, 0)


def test_it_takes_what_there_is_and_holds_the_rest() -> None:
    """Two frames on one side, one on the other, of eight."""
    timeline, beside = laid(plain(40, after=2), plain(40, before=1), ways=[CUT, dissolve(8), CUT])
    (seam,) = seams_of(timeline, beside)
    assert (seam.frames, seam.held) == (8, 5)
    assert (seam.after - seam.held_out, seam.before - seam.held_in) == (2, 1)


def test_what_is_held_anyhow_is_not_missed() -> None:
    """A last frame that is to stand still goes on standing still."""
    still = Footage(first=0, slots=30, available=30, hold_last=10)
    timeline, beside = laid(still, plain(40), ways=[CUT, dissolve(8), CUT])
    assert [seam.held for seam in seams_of(timeline, beside)] == [0]


def test_two_that_do_not_fit_into_one_piece_share_it() -> None:
    """In proportion to what is written."""
    timeline, beside = laid(plain(60), plain(12), plain(60), ways=[CUT, dissolve(16), dissolve(8), CUT])
    assert [seam.frames for seam in seams_of(timeline, beside)] == [8, 4]


def test_an_episode_can_come_out_of_black_and_go_into_it() -> None:
    """All of it after the first frame, all of it before the last."""
    timeline, beside = laid(plain(40), ways=[dissolve(6), dissolve(9)])
    first, last = seams_of(timeline, beside)
    assert (first.cut, first.before, first.after) == (0, 0, 6)
    assert (last.cut, last.before, last.after) == (40, 9, 0)


@given(FOOTAGE, st.data())
def test_what_is_shown_of_a_clip_is_as_long_as_it_is_asked_for(footage: Footage, data: st.DataObject) -> None:
    """Within the piece and beyond it, and never a frame that the clip has not, unless the piece itself has none."""
    begin = data.draw(st.integers(-40, footage.frames - 1))
    end = data.draw(st.integers(max(begin + 1, 1), footage.frames + 40))
    shown = footage.shown(begin, end)
    assert shown.frames == end - begin
    assert shown.slots >= 1
    assert shown.first >= 0
    assert shown.first + shown.slots <= max(footage.available, footage.end)
    assert min(shown.held_before, shown.held_after) >= 0


@given(FOOTAGE)
def test_a_piece_is_the_sum_of_its_parts(footage: Footage) -> None:
    """What is seen frame by frame is what is seen of it as a whole."""

    def slots(begin: int, end: int) -> list[int]:
        shown = footage.shown(begin, end)
        last = shown.first + shown.slots - 1
        moving = range(shown.first, shown.first + shown.slots)
        return [*[shown.first] * shown.held_before, *moving, *[last] * shown.held_after]

    whole = slots(0, footage.frames)
    assert whole == [slot for frame in range(footage.frames) for slot in slots(frame, frame + 1)]
    assert whole == sorted(whole)


def test_lengths_fall_on_frames() -> None:
    """Half a second at 23.976 is twelve frames."""
    fps = Fraction(24000, 1001)
    timeline = Timeline.laid([("a", 48), ("b", 48)], fps)
    way = Transition(TransitionKind.DISSOLVE, Fraction(1, 2))
    assert [seam.frames for seam in seams_of(timeline, sides(timeline, [CUT, way, CUT], [plain(48), plain(48)]))] == [
        12
    ]
