"""A prompt that is longer than recommended, or has words that a vendor reads as a reference, is told before paying."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.bind.binding import bind
from storyboard.bind.prompt_notes import free_words, length
from storyboard.bind.selection import ContinuityInput
from storyboard.capabilities import Capabilities, RecommendedPrompt
from storyboard.request import FrameId
from storyboard.shot import Beat, ContinuityMode, Description, Line, MediaKind, Mention, Role, Shot
from tests.storyboard.stories import MASTER, facts_of, naming, reference, shot, vendor

WORDS = {kind: f"{kind.value} {{n}}" for kind in MediaKind}
READS = vendor(free_words=WORDS)
TAIL = ContinuityInput(
    kind=MediaKind.IMAGE, source="lamp/000", sha256="png", frame=FrameId("clip", 71), width=1280, height=720
)
OTHERWISE = "say it in other words, or call what you mean by its name, as in {{ name }}"


def notes(one: Shot, capabilities: Capabilities = READS, **options: Any) -> list[str]:
    """What is said of a shot's prompt, without the note on its length in seconds."""
    bound = bind(one, capabilities, series="s", references=facts_of(one), wish="w", master=MASTER, **options)
    return [note for note in bound.notes if not note.startswith("bought")]


# Free words


def test_words_that_point_at_a_reference_are_told_with_what_they_mean() -> None:
    """Which words, where, what the vendor would take them for, and what to write instead."""
    one = shot(prompt=(*naming("mara"), " stands as in Image 1"), references=(reference("mara"),))
    assert notes(one) == [
        'acme reads "Image 1" in its prompt as mara (references/mara.png); '
        "where that is meant, call it {{ mara }}, else say it in other words"
    ]


def test_words_that_point_at_nothing_are_told_too() -> None:
    """A vendor may take another reference for them, or none."""
    one = shot(prompt=("as in video 2",), references=(reference("mara"),))
    assert notes(one) == [f'acme reads "video 2" in its prompt as a reference that it does not get; {OTHERWISE}']


def test_what_cannot_be_called_by_name_is_to_be_said_in_other_words() -> None:
    """A style, an extra and the frame that a shot begins on have no name in prompts."""
    one = shot(prompt=("image 1, image 2",), after="lamp/000", references=(reference("gouache", Role.STYLE),))
    assert notes(one, continuity=TAIL) == [
        f'acme reads "image 1" in its prompt as what it continues of lamp/000; {OTHERWISE}',
        f'acme reads "image 2" in its prompt as gouache (references/gouache.png); {OTHERWISE}',
    ]


def test_a_literal_first_frame_is_what_image_1_means() -> None:
    """Its only reference has no token, and words may point at it all the same."""
    one = shot(prompt=("image 1",), after="lamp/000", mode=ContinuityMode.FIRST_FRAME)
    assert notes(one, continuity=TAIL) == [
        f'acme reads "image 1" in its prompt as what it continues of lamp/000; {OTHERWISE}'
    ]


def test_every_text_of_the_producers_own_is_looked_at() -> None:
    """Prompt, beats, lines, camera, sound, descriptions and notes; each place is named in one note."""
    sea = reference("sea", Role.EXTRA, note="as image 1")
    one = shot(
        prompt=("image 1 and ", Mention("mara", "Mara")),
        beats=(Beat(Decimal("1.50"), ("image 1",)),),
        dialogue=(Line("mara", "Mara", "Look at image 1!"),),
        camera=("image 1",),
        sound=("image 1",),
        descriptions=(Description(role=Role.CAST, name="mara", label="Mara", text="as in image\n1"),),
        references=(sea,),
    )
    (note,) = notes(one)
    assert note.startswith(
        'acme reads "image 1" in its prompt and its beat at 1.5 s and what Mara says and its camera and its sound and '
        "the description of Mara and the note on references/sea.png as sea (references/sea.png);"
    )
    assert "its sound" not in notes(replace(one, audio=False))[0]


def test_a_vendor_that_reads_no_free_words_has_no_note_on_them() -> None:
    """To it they are words like any others."""
    assert notes(shot(prompt=("as in image 1",)), vendor()) == []


@pytest.mark.parametrize(
    "text",
    [
        "images 1",
        "image one",
        "image1",
        "image 1.5",
        "image 16:9",
        "image 1/2",
        "image 123",
        "image 1st",
        "image 0",
        "preimage 1",
        "mid-image 1",
        "image-1",
        "@image1",
        "image ١",
        "video\u200b1",
    ],
)
def test_what_only_looks_alike_is_no_reference(text: str) -> None:
    """Plurals, words for numbers, ratios, fractions, ordinals and larger numbers mean what they say."""
    assert list(free_words(text, WORDS)) == []


BEFORE = st.sampled_from(["", " ", "as in ", "(", "“", "\n", "see: ", "@", "é "])
AFTER = st.sampled_from(["", " ", ".", ", then", ")", "!", "'s", "…", " 5", ". 5", "\n", "-"])
BLANKS = st.sampled_from([" ", "  ", "\n", "\u00a0", "\t"])
CASES = st.sampled_from([str.lower, str.upper, str.title, str.swapcase])


@given(st.tuples(BEFORE, CASES, BLANKS, AFTER), st.sampled_from(list(MediaKind)), st.integers(1, 99))
def test_free_words_are_found_wherever_they_stand_alone(around: Any, kind: MediaKind, number: int) -> None:
    """In any case of letters, after and before whatever is no part of a word or a number."""
    before, case, blank, after = around
    said = f"{case(kind.value)}{blank}{number}"
    assert list(free_words(before + said + after, WORDS)) == [(said, kind, number)]


@given(st.text(alphabet=st.sampled_from([*"image video audio 019.:,@-sé\n"]), max_size=60))
def test_whatever_is_written_is_read_in_order_and_within_bounds(text: str) -> None:
    """Each finding stands in the text after the one before it, and its number is one that there can be."""
    at = 0
    for said, kind, number in free_words(text, WORDS):
        at = text.index(said, at) + len(said)
        assert said.lower().split() == [kind.value, said.split()[1]]
        assert number == int(said.split()[1]) >= 1


# Length

ADVICE = RecommendedPrompt(chinese_characters=5, words=4, as_of="2026-10")


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("one two three four", None),
        ("one two three four five", "its prompt has 5 words, and acme recommends 4 at most"),
        ("灯塔上的灯", None),
        ("灯塔上的灯光", "its prompt has 6 Chinese characters, and acme recommends 5 at most"),
    ],
)
def test_a_prompt_longer_than_recommended_is_told_and_sent(prompt: str, told: str | None) -> None:
    """It is advice: said up to the last word and character that is within it, and nothing is refused."""
    said = notes(shot(prompt=(prompt,), duration_s=Decimal(4)), vendor(recommended_prompt=ADVICE))
    assert [note.partition(";")[0] for note in said] == ([told] if told else [])
    assert notes(shot(prompt=(prompt,)), vendor()) == []


def test_lengths_are_counted_as_people_count_them() -> None:
    """A sign alone is no word, and Chinese among English is counted by characters."""
    assert length("Mara (@image2) — lights the 灯塔's lamp: 1.5 s.") == (2, 8)
    assert length("") == (0, 0)
