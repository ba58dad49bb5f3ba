"""What Kinovi sells is what a plan may bind, and what it costs there."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from render.errors import BadSetting
from render.providers.registry import capabilities_of
from storyboard.bind.binding import bind
from storyboard.bind.selection import ContinuityInput
from storyboard.capabilities import Capabilities
from storyboard.errors import CannotBind
from storyboard.request import FrameId, Mode, Request
from storyboard.shot import ContinuityMode, MediaKind
from tests.storyboard.stories import MASTER, facts, facts_of, reference, shot

PICTURE = reference("mara")
DANCE = reference("dance", kind=MediaKind.VIDEO, source="references/dance.mp4")
TAIL = ContinuityInput(
    kind=MediaKind.IMAGE, source="lamp/000", sha256="png", frame=FrameId("clip", 71), width=1280, height=720
)
URLS = capabilities_of("kinovi", {})
TYPED = capabilities_of("kinovi", {"KINOVI_DIALECT": "typed"})


def ask(capabilities: Capabilities = URLS, *, references: Any = (PICTURE,), **wishes: Any) -> Request:
    """Bind a shot of these wishes to Kinovi."""
    after = "lamp/000" if wishes.get("mode") else None
    one = shot(references=references, after=after, **wishes)
    known = facts_of(one)
    if DANCE in references:
        known |= {DANCE.source: replace(facts(DANCE), format="mp4", duration_s=Decimal(12))}
    continuity = TAIL if after else None
    return bind(one, capabilities, series="s", wish="w", master=MASTER, references=known, continuity=continuity)


CREDITS = {
    ("seedance-20", "480p"): (15, 15 + 4),
    ("seedance-20", "720p"): (40, 40 + 8),
    ("seedance-20", "1080p"): (83, 83 + 17),
    ("seedance2-fast", "480p"): (10, 10 + 3),
    ("seedance2-fast", "720p"): (28, 28 + 6),
}
"""A second of each model and size, without a reference video and with one: the price lists of both pages."""


@pytest.mark.parametrize("dialect", [URLS, TYPED], ids=["urls", "typed"])
@pytest.mark.parametrize(("model", "resolution"), CREDITS)
def test_five_seconds_cost_what_the_page_says(dialect: Capabilities, model: str, resolution: str) -> None:
    """Credits per second of output at half a cent, with the surcharge for a reference video of any length."""
    wishes = {"model": model, "resolution": resolution, "duration_s": Decimal("4.5")}
    plain, with_video = CREDITS[model, resolution]
    assert ask(dialect, **wishes).estimated_usd == plain * 5 * Decimal("0.005")
    assert ask(dialect, references=(DANCE,), **wishes).estimated_usd == with_video * 5 * Decimal("0.005")


@pytest.mark.parametrize(("model", "resolution"), CREDITS)
def test_an_upscale_costs_as_much_more_for_every_size(model: str, resolution: str) -> None:
    """28 credits a second on top, with a reference video too; the clip is expected as large as it is made."""
    wishes = {"model": model, "resolution": resolution, "upscale": "4k"}
    plain, with_video = CREDITS[model, resolution]
    request = ask(duration_s=Decimal(5), **wishes)
    assert request.estimated_usd == (plain + 28) * 5 * Decimal("0.005")
    assert (request.resolution, request.upscale, request.width, request.height) == (resolution, "4k", 3840, 2160)
    filmed = ask(references=(DANCE,), duration_s=Decimal(5), **wishes)
    assert filmed.estimated_usd == (with_video + 28) * 5 * Decimal("0.005")


@pytest.mark.parametrize(("model", "usd"), [("seedance-20", "1.70"), ("seedance2-fast", "1.40")])
def test_the_pages_own_example_of_an_upscale(model: str, usd: str) -> None:
    """Five seconds of 720p made 4k: 340 credits, and 280 of the fast model."""
    assert ask(model=model, upscale="4k", duration_s=Decimal(5)).estimated_usd == Decimal(usd)


@pytest.mark.parametrize("model", ["seedance-20", "seedance2-fast"])
def test_4k_is_not_generated_and_the_upscale_is_named(model: str) -> None:
    """What earlier versions took for 1080p and an upscale is told how to write now."""
    with pytest.raises(CannotBind, match=r"does not sell 4k.*write `upscale: 4k`.*Valid values are: 480p, 720p"):
        ask(model=model, resolution="4k")


def test_the_newer_dialect_generates_4k_and_makes_nothing_larger() -> None:
    """That page has no key for it; where the model generates 4k, that is what to write."""
    with pytest.raises(CannotBind, match=r"makes no clip larger to 4k.*Remove `upscale`, and write `resolution: 4k`"):
        ask(TYPED, upscale="4k")
    fast = replace(TYPED, upscale_vendors=("animatic",))
    with pytest.raises(CannotBind, match=r"Remove `upscale`, or choose a vendor that does \(animatic\)"):
        ask(fast, model="seedance2-fast", upscale="4k")


def test_the_price_of_4k_in_the_newer_dialect_is_not_known() -> None:
    """It is made without an upscale there, and no page says what that costs."""
    assert ask(TYPED, resolution="4k").estimated_usd is None
    assert ask(TYPED, resolution="720p").estimated_usd == Decimal("0.8")


def test_the_prompt_points_at_references_as_kinovi_reads_them() -> None:
    """Tokens in small letters, numbered by kind."""
    assert [each.token for each in ask(references=(PICTURE, DANCE)).references] == ["@image1", "@video1"]


@pytest.mark.parametrize(
    ("wishes", "why"),
    [
        ({"audio": False}, "always makes sound"),
        ({"seed": 7}, "takes no seed"),
        ({"references": ()}, "at least one image or video"),
        ({"duration_s": None}, "does not choose a length"),
        ({"duration_s": Decimal(16)}, "longer than the longest"),
        ({"aspect_ratio": "3:2"}, "does not sell 3:2"),
        ({"model": "seedance2-fast", "resolution": "1080p"}, "does not sell 1080p"),
        ({"model": "seedance2-fast", "resolution": "4k"}, "does not sell 4k"),
        ({"resolution": "4k"}, "does not sell 4k"),
        ({"prompt": ("a" * 4001,)}, "takes 4000"),
    ],
)
def test_what_kinovi_does_not_sell_is_refused_before_it_is_paid(wishes: dict[str, Any], why: str) -> None:
    """Nothing is sent that this vendor would silently ignore or choose itself."""
    with pytest.raises(CannotBind, match=why):
        ask(**wishes)


def test_the_newer_dialect_takes_a_seed_silence_and_longer_prompts() -> None:
    """What only the newer page tells is sold in its own dialect."""
    request = ask(TYPED, seed=7, audio=False, prompt=("a" * 9000,))
    assert (request.seed, request.audio) == (7, False)


def test_a_literal_first_frame_is_the_same_model_in_another_mode() -> None:
    """Only the documented pages tell how that mode is spelled, so only their dialect sells it."""
    request = ask(mode=ContinuityMode.FIRST_FRAME)
    assert (request.model, request.mode, len(request.references)) == ("seedance-20", Mode.FIRST_FRAME, 1)
    with pytest.raises(CannotBind, match="literal first frame"):
        ask(TYPED, mode=ContinuityMode.FIRST_FRAME)


def test_the_environment_says_where_in_which_words_and_how_many() -> None:
    """Base URL, dialect and the account's bound; a wrong one names its variable."""
    assert (URLS.origin, URLS.concurrent_jobs, URLS.replays_by_key) == ("https://kinovi.ai", 5, False)
    assert capabilities_of("kinovi", {"KINOVI_BASE_URL": "http://127.0.0.1:9/api"}).origin == "http://127.0.0.1"
    assert capabilities_of("kinovi", {"KINOVI_CONCURRENT_JOBS": "20"}).concurrent_jobs == 20
    with pytest.raises(BadSetting, match="KINOVI_DIALECT must be one of: urls, typed"):
        capabilities_of("kinovi", {"KINOVI_DIALECT": "both"})
