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


@pytest.mark.parametrize(
    ("wishes", "credit"),
    [
        ({"resolution": "480p"}, 15 * 5),
        ({"resolution": "720p"}, 40 * 5),
        ({"resolution": "1080p"}, 83 * 5),
        ({"resolution": "4k"}, (83 + 28) * 5),
        ({"resolution": "720p", "references": (DANCE,)}, 240),
        ({"resolution": "480p", "references": (DANCE,)}, (15 + 4) * 5),
        ({"resolution": "1080p", "references": (DANCE,)}, (83 + 17) * 5),
        ({"resolution": "4k", "references": (DANCE,)}, (83 + 17 + 28) * 5),
        ({"model": "seedance2-fast", "resolution": "480p"}, 10 * 5),
        ({"model": "seedance2-fast", "resolution": "720p"}, 28 * 5),
        ({"model": "seedance2-fast", "resolution": "480p", "references": (DANCE,)}, (10 + 3) * 5),
        ({"model": "seedance2-fast", "resolution": "720p", "references": (DANCE,)}, (28 + 6) * 5),
    ],
)
def test_five_seconds_cost_what_the_page_says(wishes: dict[str, Any], credit: int) -> None:
    """Credits per second of output at half a cent, with the surcharge for a reference video of any length."""
    assert ask(duration_s=Decimal("4.5"), **wishes).estimated_usd == credit * Decimal("0.005")


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
