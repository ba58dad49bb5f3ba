"""Own first and last frames: what is bound, what the wish and the fingerprint hold of them, what refuses a shot."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from storyboard.bind.binding import ContinuityInput, bind
from storyboard.capabilities import Capabilities
from storyboard.errors import CannotBind
from storyboard.identity import fingerprint, wish
from storyboard.request import FrameId, Mode, Request
from storyboard.shot import ClipFrame, ContinuityMode, MediaKind, OwnTake, Role, Shot
from tests.storyboard.stories import MASTER, facts, model, reference, shot, vendor

DAWN, DUSK = (
    reference(name, role, required=True) for name, role in (("dawn", Role.FIRST_FRAME), ("dusk", Role.LAST_FRAME))
)
SELLER = vendor(last_frame=True)
TAIL = ContinuityInput(kind=MediaKind.IMAGE, source="lamp/000", sha256="c" * 64, frame=FrameId("clip", 71))


def ask(one: Shot, offer: Capabilities = SELLER, continuity: ContinuityInput | None = None, **known: Any) -> Request:
    sizes = {each.source: facts(each, **known) for each in one.named}
    return bind(one, offer, series="s", references=sizes, continuity=continuity, wish="w" * 64, master=MASTER)


def framed(**changes: Any) -> Shot:
    return shot(**{"first_frame": DAWN, "last_frame": DUSK, "duration_s": Decimal(4), **changes})


def test_they_are_sent_alone_and_in_order() -> None:
    """The first before the last, without tokens, of the model for it; the prompt says both."""
    request = ask(framed(references=(reference("mara"),)))
    assert (request.mode, request.model) == (Mode.FIRST_FRAME, "acme-1-i2v")
    assert [(each.role, each.token) for each in request.references] == [(Role.FIRST_FRAME, ""), (Role.LAST_FRAME, "")]
    assert request.prompt.startswith("Begin exactly on the first frame given. End exactly on the last frame given.\n")
    assert [each.name for each in request.dropped] == ["mara"]


def test_the_fingerprint_holds_which_is_which() -> None:
    """Exchanged they are another order; so is one of them alone."""
    swapped = framed(first_frame=replace(DUSK, role=Role.FIRST_FRAME), last_frame=replace(DAWN, role=Role.LAST_FRAME))
    asked = [ask(framed()), ask(swapped), ask(framed(last_frame=None))]
    assert len({fingerprint(each) for each in asked}) == 3


def test_the_wish_holds_them_only_where_they_are_written() -> None:
    """By their bytes and their place; a shot without them wants what it wanted before there were any."""
    known = {each.source: facts(each) for each in (DAWN, DUSK)}
    moved = replace(DAWN, source="elsewhere.png")
    plain, both = wish(framed(first_frame=None, last_frame=None), known), wish(framed(), known)
    assert plain == wish(shot(duration_s=Decimal(4)), {})
    assert both == wish(framed(first_frame=moved), known | {moved.source: known[DAWN.source]})
    assert (
        len(
            {
                plain,
                both,
                wish(framed(last_frame=None), known),
                wish(framed(), known | {DAWN.source: known[DUSK.source]}),
            }
        )
        == 4
    )


def test_a_frame_that_is_not_made_yet_is_counted_and_said() -> None:
    """A plan that runs ahead; it is no order before the frame is there."""
    own = replace(DAWN, own=OwnTake("lamp/000", None, ClipFrame.LAST), source="the last frame of lamp/000")
    request = bind(framed(first_frame=own, last_frame=None), SELLER, series="s", references={}, wish="w", master=MASTER)
    assert "the last frame of lamp/000 is not there yet; it is sent once it is made" in request.notes
    with pytest.raises(ValueError, match="the last frame of lamp/000"):
        fingerprint(request)


@pytest.mark.parametrize(
    ("one", "offer", "continuity", "words"),
    [
        (framed(), vendor(), None, "takes no literal last frame. Drop `last_frame`, or choose another vendor (kinovi)"),
        (framed(), vendor(first_frame_model=None), None, "Send the first and last frame among the references"),
        (framed(first_frame=None), SELLER, None, "what it would begin on is given up. Write `first_frame`"),
        (framed(references=(reference("mara", required=True),)), SELLER, None, "references/mara.png is required"),
        (
            shot(after="lamp/000", mode=ContinuityMode.FIRST_FRAME, references=(reference("mara", required=True),)),
            SELLER,
            TAIL,
            "Drop `required`, or write `continuity: tail_frame`",
        ),
    ],
)
def test_what_refuses_a_shot_says_what_to_do(
    one: Shot, offer: Capabilities, continuity: ContinuityInput | None, words: str
) -> None:
    """Nothing that must be sent falls away without a word."""
    with pytest.raises(CannotBind) as caught:
        ask(one, replace(offer, last_frame_vendors=("kinovi",)), continuity)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("width", "height", "told"), [(1280, 720, False), (864, 496, False), (1000, 1000, True), (1024, 768, True)]
)
def test_a_picture_of_another_shape_is_told(width: int, height: int, told: bool) -> None:
    """More than the few hundredths by which vendors' own sizes differ."""
    notes = "; ".join(ask(framed(last_frame=None), width=width, height=height).notes)
    assert ("another shape" in notes) is told


def test_a_fit_is_told_as_of_any_reference() -> None:
    """Too large a picture is scaled, and the plan says so."""
    limits = replace(model().media[MediaKind.IMAGE], max_side=1000)
    small = vendor(last_frame=True, media={**model().media, MediaKind.IMAGE: limits})
    request = ask(framed(), small, width=1600, height=900)
    assert [each.fit for each in request.references] == ["image:png:1000x562"] * 2
    assert "references/dawn.png is sent as image:png:1000x562" in "; ".join(request.notes)
