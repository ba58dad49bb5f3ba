"""How is Meadow asked? A model of moving pictures, by jobs. Loads no HTTP before it is opened."""

from __future__ import annotations

from render.providers.hosted_vendor import HostedVendor

__all__ = ["VENDOR"]

VENDOR = HostedVendor(name="meadow", package=__name__, base_url="https://api.meadow.example")
