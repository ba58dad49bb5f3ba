"""A reference's job by name: what the prompt says of it, where, and which vendors and files can have it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from storyboard.bind.binding import bind
from storyboard.bind.reference_jobs import WHOLE
from storyboard.capabilities import Capabilities
from storyboard.errors import CannotBind
from storyboard.identity import wish
from storyboard.request import Request
from storyboard.shot import Line, MediaKind, Mention, OwnTake, Reference, Role, Use, Window
from tests.storyboard.stories import MASTER, facts, naming, reference, shot, vendor

IMAGE, VIDEO, AUDIO = MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.AUDIO
ENDINGS = {IMAGE: "png", VIDEO: "mp4", AUDIO: "wav"}
MARA_SPEAKS = (Line("mara", "Mara", "One more winter."),)


def extra(use: Use | None, kind: MediaKind = VIDEO, name: str = "it", **more: Any) -> Reference:
    """A file of one shot, with a job."""
    return reference(name, Role.EXTRA, f"references/{name}.{ENDINGS[kind]}", kind=kind, use=use, **more)


def ask(*sent: Reference, offer: Capabilities | None = None, lasts: Any = 4, **written: Any) -> Request:
    """What a vendor is asked for a shot that is sent these."""
    one = shot(references=sent, duration_s=Decimal(4), **{"prompt": ("the sea",), **written})
    known = {
        each.source: facts(each, format=ENDINGS[each.kind], duration_s=None if each.kind is IMAGE else Decimal(lasts))
        for each in sent
    }
    return bind(one, offer or vendor(), series="s", wish="w", master=MASTER, references=known)


@pytest.mark.parametrize(
    ("use", "kind", "sentence"),
    [
        (Use.CHARACTER, IMAGE, "Show the character of @image1."),
        (Use.CHARACTER, VIDEO, "Show the character of @video1."),
        (Use.STYLE, IMAGE, "Follow the style of @image1."),
        (Use.LOCATION, VIDEO, "Set in the place of @video1."),
        (Use.MOTION, VIDEO, "Move as in @video1."),
        (Use.CAMERA, VIDEO, "Move the camera as in @video1."),
        (Use.VOICE, AUDIO, "The voice is that of @audio1."),
        (Use.MUSIC, AUDIO, "The music is @audio1."),
        (Use.EFFECTS, AUDIO, "Sounds as in @audio1."),
        (None, IMAGE, "Also use @image1 as a guide."),
        (None, VIDEO, "Follow the movement of @video1."),
        (None, AUDIO, "Follow the sound of @audio1."),
    ],
)
def test_a_job_is_one_sentence_after_all_else(use: Use | None, kind: MediaKind, sentence: str) -> None:
    """With the token; without a job all is as it was. A note goes on from it."""
    assert ask(extra(use, kind)).prompt == f"the sea.\n{sentence}"
    noted = ask(extra(use, kind, note="slower")).prompt
    assert noted.endswith(": slower.")


@pytest.mark.parametrize(
    ("use", "sentence"),
    [
        (Use.EDIT, "Edit @video1: keep everything that is not said otherwise here"),
        (Use.EXTEND, "Go on from the end of @video1 without a break"),
    ],
)
def test_what_the_order_is_made_of_is_said_first(use: Use, sentence: str) -> None:
    """An order of an edit begins with it, a note included."""
    assert ask(extra(use)).prompt == f"{sentence}.\nthe sea."
    assert ask(extra(use, note="the blue boat stays")).prompt == f"{sentence}; the blue boat stays.\nthe sea."


def test_a_voice_is_that_of_the_one_who_speaks() -> None:
    """Where several do, nobody can say whose it is: a note can."""
    assert "Mara speaks with the voice of @audio1." in ask(extra(Use.VOICE, AUDIO), dialogue=MARA_SPEAKS).prompt
    both = (*MARA_SPEAKS, Line("tomas", "Tomas", "Two."))
    assert "The voice is that of @audio1: Tomas." in ask(extra(Use.VOICE, AUDIO, note="Tomas"), dialogue=both).prompt


@pytest.mark.parametrize(
    ("use", "kind", "words"),
    [
        (Use.CHARACTER, VIDEO, "Mara (looking like @video1)"),
        (Use.CAMERA, VIDEO, "Mara (filmed as in @video1)"),
        (Use.VOICE, AUDIO, "Mara (speaking with the voice of @audio1)"),
        (Use.EFFECTS, AUDIO, "Mara (sounding like @audio1)"),
        (Use.STYLE, IMAGE, "Mara (in the style of @image1)"),
        (None, VIDEO, "Mara (moving as in @video1)"),
        (None, IMAGE, "Mara (@image1)"),
    ],
)
def test_in_the_bible_a_job_changes_what_stands_before_the_token(use: Use | None, kind: MediaKind, words: str) -> None:
    """Behind the name, where the name is first said."""
    mara = reference("mara", source=f"references/mara.{ENDINGS[kind]}", kind=kind, use=use)
    assert ask(mara, prompt=naming("mara")).prompt == f"{words}."


def test_what_a_style_names_for_another_job_is_not_its_look() -> None:
    """A style may bring a film for its camera, which is no picture of the style."""
    film = reference("gouache", Role.STYLE, "references/camera.mp4", kind=VIDEO, use=Use.CAMERA)
    request = ask(reference("gouache", Role.STYLE), film)
    assert request.prompt == "the sea.\nStyle of @image1.\nMove the camera as in @video1."


def test_what_goes_on_is_sent_its_end() -> None:
    """Without a part being written; one that is written says otherwise."""
    assert ask(extra(Use.EXTEND), lasts=40).references[0].fit == "video:mp4:25-40s"
    assert ask(extra(Use.EXTEND), lasts=12).references[0].fit is None
    assert ask(extra(Use.EXTEND, window=Window(Decimal(2), Decimal(9))), lasts=40).references[0].fit == "video:mp4:2-9s"
    own = extra(Use.EXTEND, own=OwnTake("lamp/000"), used_s=Decimal(30))
    assert ask(own, lasts=40).references[0].fit == "video:mp4:15-30s"


def test_a_vendor_that_documents_jobs_takes_those_alone() -> None:
    """With what it does take; one that documents none takes every job as words."""
    offer = vendor(uses={Use.MOTION: frozenset({VIDEO}), Use.CHARACTER: frozenset({IMAGE})})
    assert "Move as in @video1." in ask(extra(Use.MOTION), offer=offer).prompt
    with pytest.raises(CannotBind, match=r"acme-1 takes no video reference for `use: edit`. .*are: motion; or leave"):
        ask(extra(Use.EDIT), offer=offer)
    with pytest.raises(CannotBind, match="no video reference for `use: character`"):
        ask(extra(Use.CHARACTER), offer=offer)
    assert ask(extra(None), offer=offer).references
    assert vendor().models["acme-1"].uses is None


@pytest.mark.parametrize("use", [None, *Use])
def test_each_token_stands_in_the_prompt_once(use: Use | None) -> None:
    """Whatever its job, and beside a note and a speaker."""
    kind = next(iter(use.kinds)) if use else VIDEO
    prompt = ask(extra(use, kind, note="slower"), dialogue=MARA_SPEAKS).prompt
    assert prompt.count(f"@{kind.value}1") == 1
    assert (prompt.index("@") < prompt.index("the sea")) == (use in WHOLE)


def test_a_job_is_part_of_the_wish_where_it_is_written() -> None:
    """Another job is another shot."""
    plain = shot(references=(extra(None),))
    assert wish(plain, {}) != wish(replace(plain, references=(extra(Use.MOTION),)), {})


# Names of a shot's own references

BOAT = extra(None, IMAGE, "boat", called=True, label="red boat")


def test_a_named_reference_comes_with_the_word_that_first_calls_it() -> None:
    """As cast does: with its token the first time and alone after that, and no other sentence introduces it."""
    request = ask(BOAT, prompt=(Mention("boat", "red boat"), " drifts, the ", Mention("boat", "red boat"), " sinks"))
    assert request.prompt == "red boat (@image1) drifts, the red boat sinks."


def test_several_of_one_name_are_called_together() -> None:
    """Each with its lead, note and token."""
    dance = extra(Use.MOTION, VIDEO, "dance", called=True)
    sent = (BOAT, replace(BOAT, source="references/keel.png", note="below"), replace(dance, name="boat"))
    prompt = ask(*sent, prompt=(Mention("boat", "red boat"),)).prompt
    assert prompt == "red boat (@image1, @image2: below, moving as in @video1)."


def test_a_named_reference_that_no_text_says_is_introduced_by_its_sentence() -> None:
    """Also where what calls it is left out, as sound is where none is bought."""
    silent = ask(BOAT, sound=(Mention("boat", "red boat"), " creaks"), audio=False)
    assert silent.prompt == "the sea.\nAlso use @image1 as a guide."
    assert (
        ask(BOAT, sound=(Mention("boat", "red boat"), " creaks")).prompt
        == "the sea.\nSound: red boat (@image1) creaks."
    )


def test_what_is_edited_is_named_where_the_order_begins() -> None:
    """And stands alone in the texts after that."""
    own = extra(Use.EDIT, VIDEO, "take", called=True, label="first try")
    prompt = ask(own, prompt=("in the ", Mention("take", "first try"), " it rains")).prompt
    assert prompt.startswith("Edit first try (@video1): keep everything that is not said otherwise here.\n")
    assert prompt.endswith("in the first try it rains.")
