"""A shape that is left to the vendor is asked for in the vendor's own word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from render.providers.aihubmax.payloads import order_body as aihubmax
from render.providers.evolink.payloads import order_body as evolink
from render.providers.oxen.payloads import order_body as oxen
from render.providers.registry import capabilities_of
from tests.acme.orders import order

BODIES: dict[str, tuple[Callable[..., Any], str]] = {
    "evolink": (lambda request: evolink(request, ()), "adaptive"),
    "aihubmax": (lambda request: aihubmax(request, ()), "adaptive"),
    "oxen": (lambda request: oxen(request, (), None), "auto"),
}


@pytest.mark.parametrize("vendor", BODIES)
def test_a_free_shape_is_asked_for_in_the_vendors_word(vendor: str) -> None:
    """`auto` in the YAML is `adaptive` at two vendors; a shape that is written is sent as it is."""
    write, word = BODIES[vendor]
    asked = order(provider=vendor)
    assert write(replace(asked, aspect_ratio="auto"))["aspect_ratio"] == word
    assert write(replace(asked, aspect_ratio="9:16"))["aspect_ratio"] == "9:16"


def test_kinovi_sells_no_free_shape() -> None:
    """None of its pages has a word for it, so `check` refuses it there."""
    sold = {
        name: "auto" in capabilities_of(name, {}).model(None).aspect_ratios
        for name in ("kinovi", "evolink", "aihubmax", "oxen")
    }
    assert sold == {"kinovi": False, "evolink": True, "aihubmax": True, "oxen": True}
