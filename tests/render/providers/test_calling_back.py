"""Vendors that call back are told where, in their documented words, and their calls name the job where they say so."""

from __future__ import annotations

from typing import Any

import pytest

from render.providers.registry import capabilities_of
from tests.acme.orders import order
from tests.render.providers.hosted import heard, hosted, published, says
from tests.vendors import FACTS, VENDORS

pytestmark = pytest.mark.anyio

LINK = "https://calls.studio.example/t/abcdefghijklmnopqrstuvwxyz0123456789-_ABCDE"
REFERENCES = (published("@image1"),)
KEYS = {name: facts.callback_key for name, facts in FACTS.items() if facts.callback_key}


@pytest.mark.parametrize("vendor", KEYS)
async def test_the_link_stands_at_the_top_of_the_order_and_nowhere_else(vendor: str) -> None:
    """Under the documented key; without a link, not even the key is there."""
    asked = order(provider=vendor)
    async with hosted(vendor, says(FACTS[vendor].taken), says(FACTS[vendor].taken)) as (provider, server):
        await provider.create(asked, REFERENCES, take_id="take-1")
        await provider.create(asked, REFERENCES, take_id="take-1", callback_url=LINK)
    plain, called = heard(server, 0), heard(server, 1)
    assert called.json == plain.json | {KEYS[vendor]: LINK}
    assert KEYS[vendor] not in plain.json
    assert "abcdefghij" not in repr((called.target, called.headers))


@pytest.mark.parametrize("vendor", [*KEYS, *sorted({*VENDORS, "animatic"} - set(KEYS))])
def test_a_call_names_its_job_where_the_capabilities_say(vendor: str) -> None:
    """The documented body, followed key by key, ends at the id that the order was answered with.

    Vendors whose pages know no callbacks are told of none.
    """
    path = capabilities_of(vendor, {}).callback_job
    assert (path is None) == (vendor not in KEYS)
    told: Any = FACTS[vendor].called_back if path else None
    for key in path or ():
        told = told[key]
    assert told == (next(iter(FACTS[vendor].taken.values())) if path else None)
