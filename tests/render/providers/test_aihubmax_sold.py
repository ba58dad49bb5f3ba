"""What AIHubMax sells is what a plan may bind."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from render.errors import BadSetting
from render.providers.registry import capabilities_of
from storyboard.bind.binding import bind
from storyboard.bind.selection import ContinuityInput
from storyboard.errors import CannotBind
from storyboard.request import FrameId, Mode, Request
from storyboard.shot import ContinuityMode, MediaKind, Price
from tests.storyboard.stories import MASTER, facts_of, reference, shot

SOLD = capabilities_of("aihubmax", {})
FAST = "seedance-2.0-fast-reference-to-video"
TAIL = ContinuityInput(
    kind=MediaKind.IMAGE, source="lamp/000", sha256="png", frame=FrameId("clip", 71), width=1280, height=720
)


def ask(*, references: Any = (), prices: Any = (), **wishes: Any) -> Request:
    """Bind a shot of these wishes to AIHubMax."""
    after = "lamp/000" if wishes.get("mode") else None
    one = shot(references=references, after=after, **wishes)
    return bind(
        one,
        SOLD,
        series="s",
        wish="w",
        master=MASTER,
        references=facts_of(one),
        continuity=TAIL if after else None,
        prices=prices,
    )


def test_its_price_is_not_known_until_the_project_states_it() -> None:
    """Nothing is made up; what stands under `prices:` is taken."""
    assert ask().estimated_usd is None
    stated = Price(provider="aihubmax", usd_per_second=Decimal("0.1"))
    assert ask(duration_s=Decimal("4.5"), prices=[stated]).estimated_usd == Decimal("0.5")


def test_at_most_twelve_references_are_sent() -> None:
    """Nine pictures and three sounds, no more; what falls away is told."""
    pictures = [reference(f"p{number}") for number in range(9)]
    clips = [reference(f"s{number}", kind=MediaKind.AUDIO, source=f"references/s{number}.mp3") for number in range(3)]
    more = reference("v", kind=MediaKind.VIDEO, source="references/v.mp4")
    request = ask(references=(*pictures, *clips, more))
    assert len(request.references) == 12
    assert [each.name for each in request.dropped] == ["v"]
    assert request.references[0].token == "@Image1"


def test_the_vendor_may_choose_the_length() -> None:
    """`auto` is sold, and reserved at the longest; a seed, silence and long prompts are taken."""
    request = ask(duration_s=None, seed=7, audio=False, prompt=("a" * 4900,))
    assert (request.duration_s, request.billed_s) == (None, Decimal(15))


@pytest.mark.parametrize(
    ("wishes", "why"),
    [
        ({"duration_s": Decimal(16)}, "longer than the longest"),
        ({"aspect_ratio": "3:2"}, "does not sell 3:2"),
        ({"resolution": "4k"}, "does not sell 4k"),
        ({"model": FAST, "resolution": "1080p"}, "does not sell 1080p"),
        ({"model": "seedance-20"}, "there is no model"),
        ({"prompt": ("a" * 5001,)}, "takes 5000"),
        (
            {"references": (reference("s", kind=MediaKind.AUDIO, source="references/s.mp3"),)},
            "no sound without an image or video",
        ),
        ({"model": FAST, "mode": ContinuityMode.FIRST_FRAME}, "literal first frame"),
    ],
)
def test_what_aihubmax_does_not_sell_is_refused_before_it_is_paid(wishes: dict[str, Any], why: str) -> None:
    """The values that it sells are in the error."""
    with pytest.raises(CannotBind, match=why):
        ask(**wishes)


def test_a_literal_first_frame_is_another_model() -> None:
    """The picture goes alone, and needs no token."""
    request = ask(mode=ContinuityMode.FIRST_FRAME)
    assert (request.model, request.mode) == ("seedance-2.0-image-to-video", Mode.FIRST_FRAME)
    assert [each.token for each in request.references] == [""]


def test_clips_have_the_sizes_that_the_model_makes() -> None:
    """4:3 at 480p is not 640x480 here."""
    request = ask(resolution="480p", aspect_ratio="4:3")
    assert (request.width, request.height) == (752, 560)


def test_the_environment_says_where() -> None:
    """The origin is who is paid; an address that cannot be used names its variable."""
    assert (SOLD.origin, SOLD.replays_by_key, SOLD.concurrent_jobs) == ("https://api.aihubmax.com", False, None)
    assert capabilities_of("aihubmax", {"AIHUBMAX_BASE_URL": "http://127.0.0.1:9"}).origin == "http://127.0.0.1"
    with pytest.raises(BadSetting, match="AIHUBMAX_BASE_URL"):
        capabilities_of("aihubmax", {"AIHUBMAX_BASE_URL": "http://api.aihubmax.com"})
