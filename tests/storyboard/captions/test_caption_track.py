"""Captions in their places along the master."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.captions.caption import Caption, Fault, Heard, Interval, SpokenLine, captions_within
from storyboard.captions.caption_text import clean
from tests.storyboard.captions.speaking import RATES, line, rules, shown, timeline, track


def heard(start_s: float, length_s: float | None = None) -> Heard:
    """Known from this second on, and for so long."""
    return Heard(Fraction(str(start_s)), None if length_s is None else Fraction(str(length_s)))


def spoken(*pairs: tuple[float, float]) -> list[Interval]:
    """Speech from second to second."""
    return [Interval(Fraction(str(start)), Fraction(str(end))) for start, end in pairs]


def test_a_line_of_nothing_known_stands_over_its_whole_shot() -> None:
    """Whenever it is heard there, it is to be read; but for no longer than a caption may stand."""
    assert shown(track([line("a/1", "One more winter.")], timeline(24, 72, 24))) == [(24, 96, "One more winter.")]
    long = track([line("a/0", "One more winter.")], timeline(24 * 20))
    assert shown(long) == [(0, 24 * 7, "One more winter.")]


def test_lines_share_a_shot_by_what_there_is_to_read() -> None:
    """The longer one stands longer, and two frames are left between them."""
    lines = [line("a/0", "The lamp goes out at four in the morning."), line("a/0", "It has to burn.")]
    ((start, end, _), (begin, last, _)) = shown(track(lines, timeline(120)))
    assert (start, last) == (0, 120)
    assert begin - end == 2
    assert end - start > 1.5 * (last - begin)


def test_the_lines_own_file_is_believed_before_anything_that_is_measured() -> None:
    """Its beginning and its length, whatever else is heard in the clip."""
    lines = [line("a/0", "One more winter.", heard=heard(1, 1.5))]
    assert shown(track(lines, timeline(120), speech={"a/0": spoken((3, 4))})) == [(24, 60, "One more winter.")]


def test_a_written_beginning_is_kept_to_the_frame_and_the_end_follows_from_reading() -> None:
    """24 letters at 17 a second."""
    ((start, end, _),) = shown(track([line("a/0", "The lamp has gone out now", heard=heard(1.5))], timeline(120)))
    assert start == 36
    assert 34 <= end - start <= 38


def test_a_line_without_a_place_lies_on_the_speech_in_its_clip() -> None:
    """And two on the two stretches that are heard, parted in the pause."""
    one = track([line("a/0", "One more winter.")], timeline(120), speech={"a/0": spoken((1, 2.5))})
    assert shown(one) == [(24, 60, "One more winter.")]

    lines = [line("a/0", "Where is it?"), line("a/0", "It is gone, I think.")]
    two = track(lines, timeline(144), speech={"a/0": spoken((0.5, 1.5), (3, 4.5))})
    assert shown(two) == [(12, 36, "Where is it?"), (72, 108, "It is gone, I think.")]


def test_a_line_without_a_place_lies_between_those_that_have_one() -> None:
    """In the time that they leave."""
    lines = [
        line("a/0", "First of all.", heard=heard(0, 1)),
        line("a/0", "Then this."),
        line("a/0", "At last.", heard=heard(4, 1)),
    ]
    assert shown(track(lines, timeline(120))) == [
        (0, 22, "First of all."),
        (24, 94, "Then this."),
        (96, 120, "At last."),
    ]


def test_two_short_lines_of_two_people_stand_together_with_dashes() -> None:
    """Where each alone would be gone before it is read; not where there is time for both, nor those of one person."""
    pair = [line("a/0", "Where is it now?"), line("a/0", "Gone.", speaker="Tomas")]
    assert shown(track(pair, timeline(30))) == [(0, 30, "- Where is it now?\n- Gone.")]
    assert [text for *_, text in shown(track(pair, timeline(96)))] == ["Where is it now?", "Gone."]
    alone = [pair[0], line("a/0", "Gone.")]
    assert [text for *_, text in shown(track(alone, timeline(30)))] == ["Where is it now?", "Gone."]


def test_people_who_speak_at_once_stand_together() -> None:
    """Neither takes the other's time."""
    lines = [line("a/0", "Stop!", heard=heard(1, 2)), line("a/0", "No!", speaker="Tomas", heard=heard(1.5, 2))]
    assert shown(track(lines, timeline(120))) == [(24, 84, "- Stop!\n- No!")]


def test_japanese_dashes_have_no_blank() -> None:
    """As its subtitles have them."""
    lines = [line("a/0", "Where?", ja="どこ？"), line("a/0", "Here.", speaker="Tomas", ja="ここ。")]
    assert shown(track(lines, timeline(24), "ja")) == [(0, 24, "-どこ？\n-ここ。")]


def test_a_long_line_becomes_captions_that_share_its_time() -> None:
    """Ended where its sentences end."""
    text = (
        "The lamp has to burn all night. Or the ships will not find their way home to the harbour, Mara. Never again."
    )
    made = shown(track([line("a/0", text, heard=heard(1, 7))], timeline(240)))
    assert made[0][2] == "The lamp has to burn all night."
    assert made[0][0] == 24
    assert made[-1][1] == 24 + 7 * 24
    assert all(before[1] + 2 == after[0] for before, after in pairwise(made))


def test_every_language_begins_on_the_same_frame() -> None:
    """A line is heard once; how long it stands is each language's own."""
    lines = [line("a/0", "Two words.", heard=heard(1, 0.5), de="Ein viel längerer Satz, der Zeit zum Lesen braucht.")]
    english, german = (track(lines, timeline(240), tag).captions[0] for tag in ("en", "de"))
    assert english.start == german.start == 24
    assert german.frames > 2 * english.frames


def test_speakers_are_named_where_they_change() -> None:
    """For who cannot hear it."""
    lines = [line("a/0", "Here."), line("a/0", "Still here."), line("a/0", "Yes.", speaker="Tomas")]
    made = track(lines, timeline(24 * 9), made_by=rules(speakers=True))
    assert [text for *_, text in shown(made)] == ["[Mara] Here.", "Still here.", "[Tomas] Yes."]


def test_lines_of_shots_that_are_not_in_the_cut_are_not_shown() -> None:
    """A waived shot takes its words along."""
    assert track([line("b/9", "Nobody hears this.")], timeline(24)).captions == ()


FAULTS = {
    Fault.TOO_FAST: (line("a/0", "Far too many words for half a second of picture"), (12,)),
    Fault.TOO_SHORT: (line("a/0", "No"), (12,)),
    Fault.TOO_LONG: (line("a/0", "Slowly", heard=heard(0, 10)), (480,)),
    Fault.WIDE: (line("a/0", "x" * 50), (480,)),
    Fault.PAST_SHOT: (line("a/0", "Over the cut", heard=heard(1, 3)), (48, 96)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_with_a_caption_is_told(fault: Fault) -> None:
    """One finding for each fault, which says the words, and what to do."""
    said, lengths = FAULTS[fault]
    made = track([said], timeline(*lengths))
    assert [each.fault for each in made.findings] == [fault]
    assert said.words["en"].text[:20] in made.findings[0].message
    assert made.complete


def test_a_line_that_is_not_translated_makes_its_track_incomplete() -> None:
    """It is told, and not shown in another language."""
    made = track([line("a/0", "Here.", de="Hier."), line("a/1", "There.")], timeline(48, 48), "de")
    assert [each.text for each in made.captions] == ["Hier."]
    assert [each.fault for each in made.findings] == [Fault.UNTRANSLATED]
    assert not made.complete


def test_a_piece_has_its_own_captions_counted_from_its_first_frame() -> None:
    """One that stands over a cut is in both pieces."""
    made = track([line("a/0", "Over the cut", heard=heard(1, 3))], timeline(48, 96)).captions
    assert [(each.start, each.end) for each in captions_within(made, 0, 48)] == [(24, 48)]
    assert [(each.start, each.end) for each in captions_within(made, 48, 144)] == [(0, 48)]


seconds = st.integers(-2000, 9000).map(lambda each: Fraction(each, 1000))
known = st.one_of(
    st.none(),
    st.builds(Heard, seconds, st.one_of(st.none(), st.integers(0, 9000).map(lambda each: Fraction(each, 1000)))),
)
said = st.builds(
    lambda shot, text, speaker, at: line(f"a/{shot}", text, speaker=speaker, heard=at, de=text, ja=text),
    st.integers(0, 4),
    st.one_of(
        st.text(max_size=80), st.lists(st.sampled_from(["ship", "no.", "and", "船は", "!"]), max_size=30).map(" ".join)
    ),
    st.sampled_from(["Mara", "Tomas"]),
    known,
)
measured = st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 900)), max_size=4).map(
    lambda pairs: [Interval(Fraction(at, 1000), Fraction(at + much, 1000)) for at, much in sorted(pairs)]
)


@given(
    st.lists(said, max_size=8),
    st.lists(st.integers(0, 150), min_size=1, max_size=5),
    measured,
    st.sampled_from(["en", "ja"]),
    st.sampled_from(RATES),
)
def test_captions_never_overlap_and_never_leave_the_master(
    lines: list[SpokenLine], lengths: list[int], speech: list[Interval], language: str, fps: Fraction
) -> None:
    """Whatever is said, known and measured: each stands for a frame at least, and what is not shown is told."""
    laid = timeline(*lengths, fps=fps)
    made = track(lines, laid, language, speech={"a/0": speech})
    ends = [0, *(each.end for each in made.captions)]
    assert all(
        before <= each.start < each.end <= laid.frames for before, each in zip(ends, made.captions, strict=False)
    )
    if made.complete:
        told = [each for each in lines if each.shot in laid.keys and laid.span(each.shot).frames]
        wanted = sorted(letter for each in told for letter in clean(each.words[language].text) if letter.isalnum())
        assert sorted(letter for each in made.captions for letter in each.text if letter.isalnum()) == wanted


def frames(made: tuple[Caption, ...]) -> list[int]:
    """On which frames something stands."""
    return [frame for each in made for frame in range(each.start, each.end)]


@given(st.lists(said, min_size=1, max_size=6), st.lists(st.integers(1, 90), min_size=2, max_size=4), st.data())
def test_pieces_show_what_the_master_shows(lines: list[SpokenLine], lengths: list[int], data: st.DataObject) -> None:
    """Cut anywhere, the captions of both parts stand on the same frames as those of the whole."""
    laid = timeline(*lengths)
    made = track(lines, laid).captions
    cut = data.draw(st.integers(0, laid.frames))
    before, after = captions_within(made, 0, cut), captions_within(made, cut, laid.frames)
    assert frames(before) + [frame + cut for frame in frames(after)] == frames(made)
