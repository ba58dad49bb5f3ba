"""How is Oxen.ai asked? Seedance 2.0 by a queue. Loads no HTTP before it is opened."""

from __future__ import annotations

from render.providers.hosted_vendor import HostedVendor

__all__ = ["VENDOR"]

VENDOR = HostedVendor(name="oxen", package=__name__, base_url="https://hub.oxen.ai/api/ai")
