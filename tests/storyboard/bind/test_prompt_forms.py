"""Beats, lines and what is unwanted stand in the model's own form; another form buys nothing again."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.bind.composer import compose
from storyboard.prompt_forms import (
    DEFAULT_FORMS,
    MARKED_BEATS,
    UNWANTED,
    BeatForm,
    Clock,
    DialogueForm,
    PromptForms,
    WithoutForm,
)
from storyboard.request import Mode
from storyboard.shot import Beat, Line, Mention, Shot, Unwanted
from tests.storyboard.stories import Simulation, only, shot, story, vendor

MARKS = PromptForms(beat=MARKED_BEATS)
TOLD = shot(
    duration_s=Decimal(4),
    prompt=("the lamp",),
    beats=(Beat(Decimal(0), ("a match flares",)), Beat(Decimal("2.5"), (Mention("mara", "Mara"), " turns"))),
    dialogue=(Line("mara", "Mara", "One more {winter}."),),
    without=(Unwanted.CAPTIONS, Unwanted.MUSIC),
)


def written(one: Shot, forms: PromptForms = DEFAULT_FORMS) -> list[str]:
    """The final prompt, line by line."""
    billed_s = one.duration_s or Decimal(15)
    return compose(one, (), opening=None, mode=Mode.REFERENCE, billed_s=billed_s, forms=forms).splitlines()


def test_the_default_forms() -> None:
    """Times in prose, lines as reported speech, and plain negative sentences at the very end."""
    assert written(TOLD) == [
        "the lamp.",
        "From 0.0 s: a match flares.",
        "From 2.5 s: Mara turns.",
        'Mara says: "One more {winter}."',
        "No burnt-in captions or subtitles. No music.",
    ]


def test_beats_as_marks() -> None:
    """Each mark ends where the next one begins, the last where the shot ends."""
    assert written(TOLD, MARKS)[1:3] == ["[0:00-0:02.5] a match flares.", "[0:02.5-0:04] Mara turns."]


def test_the_last_mark_is_open_where_the_vendor_chooses_the_length() -> None:
    """Nobody knows when such a shot ends."""
    assert written(replace(TOLD, duration_s=None), MARKS)[1:3] == [
        "[0:00-0:02.5] a match flares.",
        "[0:02.5-end] Mara turns.",
    ]


def test_marks_of_minutes() -> None:
    """A minute is no sixty seconds."""
    long = replace(TOLD, duration_s=Decimal(130), beats=(Beat(Decimal("69.125"), ("she waits",)),))
    assert written(long, MARKS)[1] == "[1:09.125-2:10] she waits."


def test_every_form_can_be_another() -> None:
    """A vendor's own templates are followed to the letter."""
    own = PromptForms(
        beat=BeatForm(template="Shot at {start}: {text}", clock=Clock.MINUTES),
        dialogue=DialogueForm(template="{speaker}: «{line}»"),
        without=WithoutForm(template="Avoid {unwanted}!"),
    )
    assert written(TOLD, own)[1:] == [
        "Shot at 0:00: a match flares.",
        "Shot at 0:02.5: Mara turns.",
        "Mara: «One more {winter}.».",
        "Avoid burnt-in captions or subtitles! Avoid music!",
    ]


def test_nothing_is_said_of_what_nobody_wrote() -> None:
    """A shot without beats, lines or anything unwanted is its prompt."""
    assert written(shot(prompt=("a lamp",)), MARKS) == ["a lamp."]


def test_each_word_has_its_own_words() -> None:
    """Whatever can be left out can be asked for."""
    assert set(UNWANTED) == set(Unwanted)
    assert len(set(UNWANTED.values())) == len(Unwanted)


@pytest.mark.parametrize(
    ("made", "given", "message"),
    [
        (BeatForm, {"template": "{text}"}, r"must hold \{start\}, \{text\} once each"),
        (BeatForm, {"template": "{start} {when} {text}"}, r"nothing in braces beside \{end\}, \{start\}, \{text\}"),
        (BeatForm, {"template": "{start} {text} {text}"}, "once each"),
        (BeatForm, {"template": "{start:>9} {text}"}, "nothing in braces"),
        (BeatForm, {"template": "{start} {text!r}"}, "nothing in braces"),
        (BeatForm, {"template": "{start} {text.real}"}, "nothing in braces"),
        (BeatForm, {"template": "{} {start} {text}"}, "nothing in braces"),
        (BeatForm, {"template": "{start} {text"}, "is no template"),
        (BeatForm, {"template": "{start}-{end} {text}"}, "open_template is needed exactly"),
        (BeatForm, {"template": "{start} {text}", "open_template": "{start} {text}"}, "open_template is needed"),
        (BeatForm, {"template": "{start}-{end} {text}", "open_template": "{start}-{end} {text}"}, "beside"),
        (DialogueForm, {"template": "{speaker} speaks"}, r"must hold \{line\}, \{speaker\}"),
        (DialogueForm, {"template": "{speaker} {line} {text}"}, "beside"),
        (WithoutForm, {"template": "Nothing."}, r"must hold \{unwanted\}"),
    ],
)
def test_a_wrong_template_is_told_where_it_is_defined(made: Any, given: dict[str, str], message: str) -> None:
    """Never once a shot is composed with it."""
    with pytest.raises(ValueError, match=message):
        made(**given)


MOMENTS = st.decimals(0, 599, places=3, allow_nan=False)


@given(st.lists(MOMENTS, min_size=1, max_size=12, unique=True), st.decimals("0.001", 1, places=3), st.booleans())
def test_marks_are_in_order_meet_and_reach_the_end(moments: list[Decimal], after: Decimal, auto: bool) -> None:
    """From the first beat to the shot's end no moment is left out or said twice, whatever the beats."""
    starts = sorted(moments)
    end = starts[-1] + after
    one = shot(
        duration_s=None if auto else end,
        prompt=("the lamp",),
        beats=tuple(Beat(each, (f"moment {index}",)) for index, each in enumerate(starts)),
    )
    lines = written(one, MARKS)[1:]
    marks = [re.fullmatch(r"\[(\d+:\d\d(?:\.\d+)?)-(.+)\] moment (\d+)\.", line) for line in lines]
    found = [(seconds(mark[1]), seconds(mark[2]), int(mark[3])) for mark in marks if mark]
    assert [start for start, _, _ in found] == starts
    assert [stop for _, stop, _ in found] == [*starts[1:], None if auto else end]
    assert [index for _, _, index in found] == list(range(len(starts)))


def seconds(mark: str) -> Decimal | None:
    """A mark's time, read as a person reads it; None where it is open."""
    if mark == "end":
        return None
    minutes, rest = mark.split(":")
    assert Decimal(rest) < 60
    return 60 * int(minutes) + Decimal(rest)


def test_another_form_buys_nothing_again() -> None:
    """Prompt and fingerprint of what would be ordered change, the wish does not: what there is, is reused."""
    simulation, episode = Simulation(), story(TOLD)
    before = only(simulation, episode)
    assert simulation.make(episode) == ["lamp/010"]
    simulation.vendors["acme"] = vendor(prompt_forms=MARKS)
    after = only(simulation, episode)
    assert before.request is not None
    assert after.request is not None
    assert "From 2.5 s" in before.request.prompt
    assert "[0:02.5-0:04]" in after.request.prompt
    assert (after.wish, after.action) == (before.wish, "reuse")
    assert simulation.make(episode) == []
