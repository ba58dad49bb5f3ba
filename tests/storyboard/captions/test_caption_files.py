"""What is written of captions is read as what they are: the same words on the same frames, and nothing that acts."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.captions.ass_script import BurnStyle, ass_script, letter_size
from storyboard.captions.caption import Caption
from storyboard.captions.caption_text import clean
from storyboard.captions.caption_times import begins_ms, centiseconds_at, ends_ms
from storyboard.captions.srt import srt
from storyboard.captions.text_direction import in_order
from storyboard.captions.webvtt import webvtt
from tests.storyboard.captions.speaking import RATES, Cue, read_srt, read_vtt

STYLE = BurnStyle(width=1280, height=720, family="Noto Sans", line_height=40)
NASTY = (
    "00:00:01,000 --> 00:00:02,000",
    "--> <b>bold</b> & {\\an8}",
    "<script>alert(1)</script>",
    "{y:i}\\N\\h{\\fs200}",
    "1",
    "WEBVTT",
    "NOTE a < b > c &lt;",
    "STYLE ::cue { color: red }",
    "\u202eturned\u202c \u2067open",
    "a\nb\r\nc\x00\x1b[31m",
)


def caption(start: int, end: int, *lines: str, language: str = "en", top: bool = False) -> Caption:
    """A caption of these lines."""
    return Caption(
        language=language, start=start, end=end, lines=lines, speakers=("Mara",), at=(None,), shot="a/0", top=top
    )


texts = (
    st.one_of(st.text(max_size=40), st.sampled_from(NASTY)).map(clean).filter(bool).map(lambda each: each.split("\n"))
)


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 99), texts, st.booleans()), max_size=5),
    st.sampled_from(RATES),
    st.sampled_from(["en", "ar", "zh-Hant"]),
)
def test_files_read_back_as_what_was_written(
    drawn: list[tuple[int, int, list[str], bool]], fps: Fraction, language: str
) -> None:
    """By strict readers, with every frame and every letter, whatever the words are."""
    captions, at = [], 0
    for gap, frames, lines, top in drawn:
        captions.append(caption(at + gap, at + gap + frames, *lines, language=language, top=top))
        at += gap + frames
    wanted = [Cue(each.start, each.end, each.lines) for each in captions]
    assert read_srt(_bare(srt(captions, fps)), fps) == wanted
    assert read_vtt(webvtt(captions, fps, language), fps, language) == wanted


def _bare(text: str) -> str:
    """Without the one tag that is ours."""
    return re.sub(r"^\{\\an8\}", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("fps", RATES)
def test_a_time_lies_after_the_frame_before_and_not_after_its_own(fps: Fraction) -> None:
    """For an hour of frames, in thousandths and in hundredths of a second, as a player that cuts down compares them."""
    for frame in range(1, int(3600 * fps), 211):
        before, own = Fraction(frame - 1) / fps, Fraction(frame) / fps
        assert before < Fraction(begins_ms(frame, fps), 1000) <= own
        assert before < Fraction(ends_ms(frame, fps), 1000) < own
        assert int(before * 1000) < centiseconds_at(frame, fps) * 10 <= int(own * 1000) - 1


def test_a_subrip_file_reads_as_players_expect() -> None:
    """Numbers, times with a comma, an empty line after each."""
    captions = [caption(24, 60, "One more", "winter."), caption(60, 100, "Up here.", top=True)]
    assert srt(captions, Fraction(24)) == (
        "1\n00:00:01,000 --> 00:00:02,499\nOne more\nwinter.\n\n2\n00:00:02,500 --> 00:00:04,166\n{\\an8}Up here.\n\n"
    )


def test_a_webvtt_file_reads_as_browsers_expect() -> None:
    """A header with the language, times with a point, and signs of markup escaped."""
    captions = [caption(24, 60, "a < b & c", top=True)]
    assert webvtt(captions, Fraction(24), "de") == (
        "WEBVTT\nKind: subtitles\nLanguage: de\n\n1\n00:00:01.000 --> 00:00:02.499 line:0\na &lt; b &amp; c\n"
    )
    assert webvtt([], Fraction(24), "de").startswith("WEBVTT\n")


@given(st.lists(texts, min_size=1, max_size=4))
def test_no_words_act_in_a_script_that_is_burnt_in(drawn: list[list[str]]) -> None:
    """No brace opens an override, no backslash begins a command but the line breaks that are ours, no line is added."""
    script = ass_script(
        [caption(place * 10, place * 10 + 9, *each) for place, each in enumerate(drawn)], Fraction(24), STYLE
    )
    events = [each for each in script.split("\n") if each.startswith("Dialogue: ")]
    assert len(events) == len(drawn) == script.count("\nDialogue: ")
    for event, lines in zip(events, drawn, strict=True):
        text = event.split(",", 9)[9]
        parts = text.split("\\N")
        assert [re.sub(r"\\(\u2060|(?=[{}]))", lambda found: "\\" if found[1] else "", each) for each in parts] == lines
        assert not re.search(r"(?<!\\)[{}]|\\[^N{}\u2060]|\\$", text)


def test_a_fonts_name_cannot_leave_its_field() -> None:
    """It is the font file's own, so anybody's."""
    style = BurnStyle(width=64, height=36, family="Evil,900\nStyle: x", line_height=8)
    assert ass_script([], Fraction(24), style).count("\nStyle: ") == 2
    assert "Evil 900 Style: x," in ass_script([], Fraction(24), style)


def test_lines_from_right_to_left_are_held_in_order() -> None:
    """And those of other languages are left as they are."""
    assert in_order("في عام 1998.", "ar") == "\u202bفي عام 1998.\u202c"
    assert in_order("In 1998.", "en") == "In 1998."


def test_the_letters_size_follows_the_shorter_side() -> None:
    """An upright picture has letters as large as a lying one."""
    assert letter_size(Decimal(5), 1920, 1080) == letter_size(Decimal(5), 1080, 1920) == 54
