"""Orders to place with Acme."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from storyboard.request import Mode, Request

_PLAIN = Request(
    series="lighthouse",
    shot="e01/lamp/010",
    provider="acme",
    account="acme@stand-in",
    model="acme-1",
    mode=Mode.REFERENCE,
    prompt="Mara lights the lamp",
    references=(),
    duration_s=Decimal(4),
    billed_s=Decimal(4),
    resolution="180p",
    aspect_ratio="16:9",
    audio=True,
    seed=None,
    variation=0,
    wish="w" * 64,
    width=320,
    height=180,
    fps=Fraction(24),
    estimated_usd=Decimal("0.20"),
)


def order(**changes: Any) -> Request:
    """Four seconds of 320 x 180 with sound; anything else as given."""
    return replace(_PLAIN, **changes)
