"""What EvoLink sells is what a plan may bind, and what it costs there."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from render.providers.registry import capabilities_of
from storyboard.bind.binding import bind
from storyboard.bind.selection import ContinuityInput
from storyboard.errors import CannotBind
from storyboard.request import FrameId, Mode, Request
from storyboard.shot import ContinuityMode, MediaKind, Price, Reference
from tests.storyboard.stories import MASTER, facts, facts_of, reference, shot

FAST = "seedance-2.0-fast-reference-to-video"
PICTURE = reference("mara")
DANCE = reference("dance", kind=MediaKind.VIDEO, source="references/dance.mp4")
VOICE = reference("voice", kind=MediaKind.AUDIO, source="references/voice.mp3")
TAIL = ContinuityInput(
    kind=MediaKind.IMAGE, source="lamp/000", sha256="png", frame=FrameId("clip", 71), width=1280, height=720
)
EVOLINK = capabilities_of("evolink", {})


def ask(references: tuple[Reference, ...] = (PICTURE,), *, prices: tuple[Price, ...] = (), **wishes: Any) -> Request:
    """Bind a shot of these wishes to EvoLink; its dance is a large film of 3 s."""
    after = "lamp/000" if wishes.get("mode") else None
    one = shot(references=references, after=after, **wishes)
    film = replace(facts(DANCE), width=1920, height=1080, duration_s=Decimal(3), fps=Fraction(24))
    return bind(
        one,
        EVOLINK,
        series="s",
        wish="w",
        master=MASTER,
        references=facts_of(one) | {DANCE.source: film},
        continuity=TAIL if after else None,
        prices=prices,
    )


@pytest.mark.parametrize(
    ("model", "resolution", "plain", "with_video"),
    [
        (None, "480p", "0.0919", "0.0560"),
        (None, "720p", "0.1985", "0.1209"),
        (FAST, "480p", "0.0745", "0.0443"),
        (FAST, "720p", "0.1608", "0.0957"),
    ],
)
def test_seconds_cost_what_the_page_says(model: str | None, resolution: str, plain: str, with_video: str) -> None:
    """Output alone, or with an input video max(in, out) + out seconds at the other rate."""
    wishes = {"model": model, "resolution": resolution, "duration_s": Decimal(10)}
    assert ask(**wishes).estimated_usd == Decimal(plain) * 10
    assert ask((PICTURE, DANCE), **wishes).estimated_usd == Decimal(with_video) * 20


def test_input_longer_than_the_output_is_billed_whole() -> None:
    """Three seconds of film beside a second film of eleven, for a clip of four."""
    other = reference("walk", kind=MediaKind.VIDEO, source="references/walk.mp4")
    one = shot(references=(DANCE, other), duration_s=Decimal(4))
    known = {
        each.source: replace(facts(each), duration_s=Decimal(seconds)) for each, seconds in ((DANCE, 3), (other, 11))
    }
    request = bind(one, EVOLINK, series="s", wish="w", master=MASTER, references=known)
    assert request.estimated_usd == Decimal("0.1209") * (14 + 4)


def test_1080p_is_sold_and_its_price_is_the_projects_to_state() -> None:
    """No page tells it; the input video's seconds are still no guess once it is stated."""
    assert ask(resolution="1080p").estimated_usd is None
    price = Price(provider="evolink", resolution="1080p", usd_per_second=Decimal("0.5"))
    assert ask(resolution="1080p", duration_s=Decimal(4), prices=(price,)).estimated_usd == Decimal(2)


def test_a_film_is_made_to_fit_the_pixels_that_are_taken() -> None:
    """1080p is scaled down, as documented."""
    (film,) = ask((DANCE,)).references
    assert film.token == "@Video1"
    assert film.fit is not None
    width, height = (int(side) for side in film.fit.split(":")[2].split("x"))
    assert 409_600 <= width * height <= 927_408


@pytest.mark.parametrize(
    ("ratio", "size"), [("16:9", (1280, 720)), ("4:3", (1112, 834)), ("1:1", (960, 960)), ("21:9", (1470, 630))]
)
def test_pixels_are_expected_as_documented(ratio: str, size: tuple[int, int]) -> None:
    """Each ratio has its own size at 720p."""
    request = ask(aspect_ratio=ratio)
    assert (request.width, request.height) == size


@pytest.mark.parametrize(
    ("references", "wishes", "why"),
    [
        ((PICTURE,), {"seed": 7}, "takes no seed"),
        ((VOICE,), {}, "no sound without an image or video"),
        ((PICTURE,), {"duration_s": None}, "does not choose a length"),
        ((PICTURE,), {"resolution": "4k"}, "does not sell 4k"),
        ((PICTURE,), {"model": FAST, "resolution": "1080p"}, "does not sell 1080p"),
        ((PICTURE,), {"model": FAST, "mode": ContinuityMode.FIRST_FRAME}, "literal first frame"),
    ],
)
def test_what_evolink_does_not_sell_is_refused_before_it_is_paid(
    references: tuple[Reference, ...], wishes: dict[str, Any], why: str
) -> None:
    """Nothing is sent that this vendor would refuse or choose itself."""
    with pytest.raises(CannotBind, match=why):
        ask(references, **wishes)


def test_sound_can_be_switched_off_and_prompts_may_be_long() -> None:
    """A length of prompt is recommended, not demanded."""
    assert ask(audio=False, prompt=("a" * 9000,)).audio is False


def test_a_literal_first_frame_is_another_model_at_the_same_price() -> None:
    """The price list knows standard and fast only."""
    request = ask(mode=ContinuityMode.FIRST_FRAME, duration_s=Decimal(5))
    assert (request.model, request.mode) == ("seedance-2.0-image-to-video", Mode.FIRST_FRAME)
    assert request.estimated_usd == Decimal("0.1985") * 5
    assert len(request.references) == 1


def test_a_lost_order_is_never_asked_again_by_its_key() -> None:
    """The key is sent, but that it makes a repeated order one task is not documented."""
    assert EVOLINK.replays_by_key is False
    assert EVOLINK.origin == "https://api.evolink.ai"


@pytest.mark.parametrize(("prompt", "told"), [("word " * 997, False), ("word " * 998, True), ("灯" * 501, True)])
def test_a_prompt_longer_than_its_page_recommends_is_told_and_not_refused(prompt: str, told: bool) -> None:
    """500 Chinese characters or 1000 English words, three of them `With Mara (@Image1)`: its page's advice alone."""
    one = {"prompt": (prompt,), "duration_s": Decimal(4)}
    assert any("evolink recommends" in note for note in ask(**one).notes) == told
    for other in ("kinovi", "aihubmax", "oxen", "animatic"):
        models = capabilities_of(other, {}).models.values()
        assert {model.recommended_prompt for model in models} == {None}


def test_free_words_of_a_producers_own_are_told() -> None:
    """Its page reads "image 1" as it reads @Image1; those of the others do not."""
    (note,) = (note for note in ask(prompt=("as in image 1",), duration_s=Decimal(4)).notes if "image 1" in note)
    assert note.startswith('evolink reads "image 1" in its prompt as mara (references/mara.png)')
    assert not any(capabilities_of(other, {}).free_words for other in ("kinovi", "aihubmax", "oxen", "animatic"))
