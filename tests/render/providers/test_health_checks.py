"""An examination of a vendor orders nothing, shows no key, and says of every answer what it means."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from render.providers.findings import Examinable, Finding, Health
from render.providers.kinovi.health import NONSENSE, Spoken, spoken
from render.providers.registry import ProviderContext, open_provider
from tests.render.providers.hosted import ANY_JSON, KEY, heard, hosted, says
from tests.render.providers.wire import Say, Wire, answer, raw
from tests.vendors import FACTS, VENDORS

pytestmark = pytest.mark.anyio

GOOD_KEY = {name: facts.good_key for name, facts in FACTS.items()}


async def examined(name: str, *answers: Say, **environment: str) -> tuple[dict[str, Finding], Wire]:
    """What is found, by what was looked at, and the server that was asked."""
    async with hosted(name, *answers, **environment) as (provider, server):
        assert isinstance(provider, Examinable)
        found = {each.what: each for each in await provider.examine()}
    shown = " ".join(f"{each.value} {each.remedy}" for each in found.values())
    assert KEY not in shown
    assert all(each.remedy for each in found.values() if each.health is not Health.GOOD)
    return found, server


def refused(*paths: str | Sequence[str], code: str = "invalid_type") -> dict[str, Any]:
    """Kinovi's refusal of an order, complaining of these."""
    errors = [{"code": code, "message": "Expected array, received number", "path": path} for path in paths]
    return {"message": "Invalid inputs for model", "errors": errors}


@pytest.mark.parametrize("name", VENDORS)
async def test_a_good_key_is_accepted(name: str) -> None:
    """Each vendor by the question that its pages document; nothing that could be an order but Kinovi's nonsense."""
    found, server = await examined(name, GOOD_KEY[name])
    assert found["reached"].health is Health.GOOD
    assert found["key"].value == "accepted"
    orders = [n for n in range(len(server.heard)) if heard(server, n).method == "POST"]
    assert len(orders) == FACTS[name].examined_by_orders


@pytest.mark.parametrize("name", VENDORS)
@pytest.mark.parametrize(
    ("status", "health", "words"),
    [
        (401, Health.WRONG, "refused (401): no"),
        (402, Health.LOOK, "accepted, and nothing is left (402): no"),
        (403, Health.WRONG, "not allowed (403): no"),
        (429, Health.LOOK, "cannot be told"),
        (500, Health.LOOK, "cannot be told"),
        (404, Health.LOOK, "cannot be told"),
    ],
)
async def test_a_key_that_is_not_accepted_says_why(name: str, status: int, health: Health, words: str) -> None:
    """A vendor that cannot answer now says nothing against the key; each vendor is asked once and never again."""
    found, server = await examined(name, says({"error": {"message": "no"}, "message": "no"}, status))
    assert found["key"].health is health
    assert found["key"].value.startswith(words)
    assert len(server.heard) == 1 + FACTS[name].other_hosts  # a host for files, too


@pytest.mark.parametrize("name", VENDORS)
async def test_a_key_that_a_vendor_repeats_is_not_shown(name: str) -> None:
    """Vendors put the key into their errors."""
    found, _ = await examined(name, says({"message": f"{KEY} is no key", "error": {"message": f"bad {KEY}"}}, 401))
    assert "[key]" in found["key"].value


@pytest.mark.parametrize("name", VENDORS)
@pytest.mark.parametrize("say", [raw(b""), raw(b"220 mail ESMTP\r\n\r\n"), answer('{"a', length=500)])
async def test_a_line_that_breaks_is_not_the_keys_fault(name: str, say: Say) -> None:
    """Nothing is said of the key, and what to look at is."""
    found, _ = await examined(name, say)
    assert found["reached"].health is Health.WRONG
    assert f"{name.upper()}_BASE_URL" in found["reached"].remedy
    assert "key" not in found


async def test_nobody_listens() -> None:
    """A sandbox that ended is the commonest reason."""
    async with hosted("aihubmax", says({}), AIHUBMAX_BASE_URL="http://127.0.0.1:1") as (provider, _):
        assert isinstance(provider, Examinable)
        (found,) = await provider.examine()
    assert (found.what, found.health) == ("reached", Health.WRONG)
    assert "http://127.0.0.1:1" in found.value


@pytest.mark.parametrize(
    ("ahead", "health", "words"),
    [
        (timedelta(seconds=20), None, ""),
        (timedelta(minutes=5), Health.LOOK, "behind"),
        (timedelta(hours=-1), Health.WRONG, "ahead of"),
    ],
)
async def test_clocks_are_compared(ahead: timedelta, health: Health | None, words: str) -> None:
    """Signed links are judged by the clock; a minute is nobody's trouble."""
    told = format_datetime(datetime.now(UTC) + ahead, usegmt=True)
    found, _ = await examined("aihubmax", says({"credits": 1}, Date=told))
    if health is None:
        assert "clock" not in found
        assert found["reached"].value.endswith("the clocks agree")
    else:
        assert found["clock"].health is health
        assert f" s {words} the vendor's" in found["clock"].value


@pytest.mark.parametrize("date", ["soon", "Thu, 99 Foo 2026 00:00:00 GMT", ""])
async def test_a_date_that_cannot_be_read_says_nothing_of_the_clock(date: str) -> None:
    """Neither agreement nor difference is told."""
    found, _ = await examined("aihubmax", says({"credits": 1}, Date=date))
    assert "clock" not in found["reached"].value


@pytest.mark.parametrize(
    ("told", "health", "words"),
    [
        ({"data": {"credits": 99950.0, "usd": "999.50"}}, Health.GOOD, "credits 99950.0, usd 999.50"),
        ({"balance": "12.5", "user": {"email": "me@example.com", "id": 7}}, Health.GOOD, "balance 12.5"),
        ({"data": {"remaining_credits": 5, "used_credits": 995}}, Health.GOOD, "remaining_credits 5"),
        ({"data": {"credits": 0, "used_credits": 995}}, Health.LOOK, "credits 0"),
        ({"data": []}, Health.LOOK, "in a form that is not known"),
        ([1, 2], Health.LOOK, "in a form that is not known"),
        ("plenty", Health.LOOK, "in a form that is not known"),
    ],
)
@pytest.mark.parametrize("name", ["evolink", "aihubmax"])
async def test_what_is_left_is_told_however_it_is_wrapped(name: str, told: Any, health: Health, words: str) -> None:
    """No page shows the answer's shape: amounts are shown under the vendor's own names, and nothing else of it."""
    found, _ = await examined(name, says(told))
    assert found["key"].health is Health.GOOD
    assert found["balance"].health is health
    assert found["balance"].value.endswith(words)


async def test_the_real_host_for_files_is_not_asked_beside_a_stand_in() -> None:
    """A stand-in's key has no business there."""
    found, server = await examined("evolink", GOOD_KEY["evolink"], EVOLINK_FILES_URL="")
    assert found["files"].health is Health.WRONG
    assert len(server.heard) == 1


async def test_a_host_for_files_that_is_not_there_is_told() -> None:
    """Its own variable is named."""
    found, _ = await examined("evolink", GOOD_KEY["evolink"], EVOLINK_FILES_URL="http://127.0.0.1:1")
    assert found["files"].health is Health.WRONG
    assert "EVOLINK_FILES_URL" in found["files"].remedy


@pytest.mark.parametrize(
    ("status", "health"), [(200, Health.GOOD), (403, Health.WRONG), (404, Health.WRONG), (500, Health.LOOK)]
)
async def test_oxen_is_asked_for_the_model(status: int, health: Health) -> None:
    """Whether this key may have it, by the page that shows what it takes."""
    found, server = await examined("oxen", GOOD_KEY["oxen"], says({"id": "x"}, status), OXEN_NAMESPACE="studio")
    assert found["model"].health is health
    assert "bytedance-seedance-2-0-reference-to-video" in found["model"].value
    assert heard(server, 0).target == "/queue?status=queued&namespace=studio"
    assert heard(server, 1).target == "/models/bytedance-seedance-2-0-reference-to-video"


@pytest.mark.parametrize(
    ("told", "theirs"),
    [
        (refused("urls", "duration"), Spoken.URLS),
        (refused("inputs.urls", "inputs.duration"), Spoken.URLS),
        (refused(["inputs", "urls", 0]), Spoken.URLS),
        (refused("inputs.imageUrls[0]"), Spoken.TYPED),
        (refused("videoUrls", "prompt"), Spoken.TYPED),
        (refused("urls", "imageUrls"), Spoken.BOTH),
        (refused("prompt"), Spoken.UNTOLD),
        (refused("audioUrls"), Spoken.UNTOLD),
        (refused("imageUrls", code="unrecognized_keys"), Spoken.UNTOLD),
        ({"message": "Invalid inputs for model"}, Spoken.UNTOLD),
    ],
)
def test_a_refusal_shows_which_dialect_is_spoken(told: Any, theirs: Spoken) -> None:
    """Who complains of a key knows it, unless the complaint is that nobody does. Both spell sound the same."""
    assert spoken(told) is theirs


@given(ANY_JSON)
def test_no_refusal_is_too_odd_to_be_read(told: Any) -> None:
    """Whatever Kinovi answers, reading it raises nothing."""
    assert spoken(told) in Spoken
    assert spoken({"errors": [told, {"path": told, "code": told}]}) in Spoken


@pytest.mark.parametrize(
    ("ours", "told", "health", "words"),
    [
        ("urls", refused("urls"), Health.GOOD, "`urls`, as it answers"),
        ("typed", refused("urls"), Health.WRONG, "it answers as `urls`, and orders are spelled as `typed`"),
        ("urls", refused("imageUrls"), Health.WRONG, "it answers as `typed`, and orders are spelled as `urls`"),
        ("typed", refused("imageUrls"), Health.GOOD, "`typed`, as it answers"),
        ("typed", refused("urls", "imageUrls"), Health.GOOD, "it takes both; orders are spelled as `typed`"),
        ("urls", refused("prompt"), Health.LOOK, "cannot be told"),
    ],
)
async def test_kinovis_dialect_is_held_against_ours(ours: str, told: Any, health: Health, words: str) -> None:
    """One order that nobody can take, and what its refusal shows; the remedy names the variable and its value."""
    found, server = await examined("kinovi", GOOD_KEY["kinovi"], says(told, 400), KINOVI_DIALECT=ours)
    assert found["dialect"].health is health
    assert found["dialect"].value.startswith(words)
    if health is Health.WRONG:
        other = "typed" if ours == "urls" else "urls"
        assert f"KINOVI_DIALECT={other}" in found["dialect"].remedy
    order = heard(server, 1)
    assert (order.method, order.target) == ("POST", "/jobs/createTask")
    assert order.json == {"model": "seedance-20", "inputs": NONSENSE}


@pytest.mark.parametrize(
    "say",
    [
        says({"message": "no"}, 500),
        says({"message": "no"}, 503, Retry_After="0"),
        says({"message": "slow down"}, 429),
        says({"message": "Insufficient credits"}, 402),
        says({"message": "ok"}),
        answer("<html>", kind="text/html"),
        raw(b""),
    ],
)
async def test_what_is_not_a_refusal_shows_no_dialect_and_is_not_asked_again(say: Say) -> None:
    """Sent once, whatever happens to it."""
    found, server = await examined("kinovi", GOOD_KEY["kinovi"], say)
    assert found["dialect"].health is Health.LOOK
    assert found["dialect"].value.startswith("cannot be told, orders are spelled as `urls`")
    assert len(server.heard) == 2


async def test_an_order_of_nonsense_that_is_taken_is_told_loudly() -> None:
    """It must never be; a person has to know the task at once."""
    found, _ = await examined("kinovi", GOOD_KEY["kinovi"], says({"taskId": "task_9f"}))
    assert found["dialect"].health is Health.WRONG
    assert "task_9f" in found["dialect"].value
    assert "IT TOOK AN ORDER" in found["dialect"].value


def test_nonsense_is_wrong_in_either_dialect_many_times_over() -> None:
    """No prompt, no reference, and no value that is sold: whatever a server forgives, enough is left."""
    assert NONSENSE["prompt"] == ""
    assert not any(isinstance(NONSENSE[key], list) for key in ("urls", "imageUrls", "videoUrls", "audioUrls"))
    assert NONSENSE["duration"] not in {*map(str, range(4, 16)), *range(4, 16)}
    assert json.loads(json.dumps(NONSENSE)) == NONSENSE


async def test_the_animatic_has_nothing_to_examine() -> None:
    """A provider may leave it out."""
    provider = open_provider("animatic", ProviderContext(scratch=Path("unused"), blob_path=Path, environment={}))
    assert not isinstance(provider, Examinable)
    await provider.aclose()
