"""How is Kinovi asked? Seedance 2.0 by jobs. Loads no HTTP before it is opened."""

from __future__ import annotations

from render.providers.hosted_vendor import HostedVendor

__all__ = ["VENDOR"]

VENDOR = HostedVendor(
    name="kinovi",
    package=__name__,
    base_url="https://kinovi.ai/api/v1",
    choices={"KINOVI_DIALECT": ("urls", "typed")},
)
