"""What Oxen.ai sells is what a plan may bind."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from typing import Any

import pytest

from flows.run.sold_here import capabilities_here
from render.errors import BadSetting
from render.providers.registry import capabilities_of
from storyboard.bind.binding import bind
from storyboard.errors import CannotBind
from storyboard.request import Request
from storyboard.shot import MediaKind, Price
from tests.storyboard.stories import MASTER, facts, facts_of, reference, shot

SOLD = capabilities_of("oxen", {})
SOUND = reference("s", kind=MediaKind.AUDIO, source="references/s.mp3")


def ask(*, references: Any = (), prices: Any = (), capabilities: Any = SOLD, **wishes: Any) -> Request:
    """Bind a shot of these wishes to Oxen.ai."""
    one = shot(references=references, **wishes)
    return bind(one, capabilities, series="s", wish="w", master=MASTER, references=facts_of(one), prices=prices)


def test_its_price_is_not_known_until_the_project_states_it() -> None:
    """Nothing is made up; what stands under `prices:` is taken."""
    assert ask().estimated_usd is None
    stated = Price(provider="oxen", usd_per_second=Decimal("0.1"))
    assert ask(duration_s=Decimal("4.5"), prices=[stated]).estimated_usd == Decimal("0.5")


def test_the_vendor_may_choose_the_length() -> None:
    """`auto` is sold, and reserved at the longest; a seed and silence are taken, and no prompt is too long."""
    request = ask(duration_s=None, seed=7, audio=False, prompt=("a" * 20_000,))
    assert (request.duration_s, request.billed_s) == (None, Decimal(15))


def test_at_most_twelve_references_are_sent() -> None:
    """Nine pictures and three sounds, no more; what falls away is told."""
    pictures = [reference(f"p{number}") for number in range(9)]
    sounds = [reference(f"s{number}", kind=MediaKind.AUDIO, source=f"references/s{number}.mp3") for number in range(3)]
    more = reference("v", kind=MediaKind.VIDEO, source="references/v.mp4")
    request = ask(references=(*pictures, *sounds, more))
    assert len(request.references) == 12
    assert [each.name for each in request.dropped] == ["v"]


@pytest.mark.parametrize(
    ("wishes", "why"),
    [
        ({"duration_s": Decimal(16)}, "longer than the longest"),
        ({"aspect_ratio": "3:2"}, "does not sell 3:2"),
        ({"resolution": "1080p"}, "does not sell 1080p"),
        ({"references": (SOUND,)}, "no sound without an image or video"),
    ],
)
def test_what_oxen_does_not_sell_is_refused_before_it_is_paid(wishes: dict[str, Any], why: str) -> None:
    """The values that it sells are in the error."""
    with pytest.raises(CannotBind, match=why):
        ask(**wishes)


def test_no_model_begins_on_a_literal_first_frame() -> None:
    """None is documented, so none is sold."""
    assert all(model.first_frame_model is None for model in SOLD.models.values())


def test_clips_and_sound_reach_it_from_an_s3_store_alone() -> None:
    """A plan knows that before anything is paid; pictures travel within the order."""
    local = capabilities_here("oxen", {}, "/blobs")
    assert local.beyond_reach == {MediaKind.VIDEO, MediaKind.AUDIO}
    assert capabilities_here("oxen", {}, "s3://bucket/prefix").beyond_reach == frozenset()
    with pytest.raises(CannotBind):
        ask(references=(reference("mara"), SOUND), capabilities=local)


@pytest.mark.parametrize(
    ("store", "bytes_", "fit"),
    [
        ("/blobs", 4_000_000, None),
        ("/blobs", 4_000_001, "image:jpeg:4000000bytes"),
        ("s3://bucket/prefix", 30_000_000, None),
        ("s3://bucket/prefix", 30_000_001, "image:jpeg:30000000bytes"),
    ],
)
def test_a_picture_may_have_30_mb_by_a_link_and_4_within_the_order(store: str, bytes_: int, fit: str | None) -> None:
    """Whether a link will be given is known when it is planned, by where the store is."""
    mara = reference("mara")
    known = {mara.source: facts(mara, bytes=bytes_)}
    sold = capabilities_here("oxen", {}, store)
    request = bind(shot(references=(mara,)), sold, series="s", wish="w", master=MASTER, references=known)
    assert request.references[0].fit == fit


def test_the_environment_says_where() -> None:
    """The origin is who is paid; an address that cannot be used names its variable."""
    assert (SOLD.origin, SOLD.replays_by_key, SOLD.concurrent_jobs) == ("https://hub.oxen.ai", False, None)
    assert capabilities_of("oxen", {"OXEN_BASE_URL": "http://127.0.0.1:9/api"}).origin == "http://127.0.0.1"
    with pytest.raises(BadSetting, match="OXEN_BASE_URL"):
        capabilities_of("oxen", {"OXEN_BASE_URL": "http://hub.oxen.ai"})


def test_asking_what_they_sell_loads_no_http() -> None:
    """A plan starts at once: capabilities are plain values."""
    code = (
        "import sys; from render.providers.registry import capabilities_of\n"
        "capabilities_of('oxen', {}); capabilities_of('aihubmax', {})\n"
        "print([name for name in ('httpx', 'av', 'PIL', 'sqlalchemy', 'anyio') if name in sys.modules])"
    )
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert child.stdout.strip() == "[]"
