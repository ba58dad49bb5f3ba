"""A shape that is left to the vendor is asked for in the vendor's own word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from render.providers.registry import capabilities_of
from tests.acme.orders import order
from tests.vendors import FACTS, VENDORS

SHAPES = {name: facts.free_shape for name, facts in FACTS.items() if facts.free_shape}


@pytest.mark.parametrize("vendor", SHAPES)
def test_a_free_shape_is_asked_for_in_the_vendors_word(vendor: str) -> None:
    """`auto` in the YAML is `adaptive` at two vendors; a shape that is written is sent as it is."""
    write, word = FACTS[vendor].write, SHAPES[vendor]
    asked = order(provider=vendor)
    assert write(replace(asked, aspect_ratio="auto"))["aspect_ratio"] == word
    assert write(replace(asked, aspect_ratio="9:16"))["aspect_ratio"] == "9:16"


def test_kinovi_sells_no_free_shape() -> None:
    """None of its pages has a word for it, so `check` refuses it there."""
    sold = {name: "auto" in capabilities_of(name, {}).model(None).aspect_ratios for name in VENDORS}
    assert sold == {name: facts.free_shape is not None for name, facts in FACTS.items()}
    assert sold["kinovi"] is False
