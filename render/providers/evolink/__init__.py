"""How is EvoLink asked? Seedance 2.0 by tasks. Loads no HTTP before it is opened."""

from __future__ import annotations

from render.providers.hosted_vendor import HostedVendor

__all__ = ["VENDOR"]

VENDOR = HostedVendor(
    name="evolink",
    package=__name__,
    base_url="https://api.evolink.ai",
    other_urls={"EVOLINK_FILES_URL": "https://files-api.evolink.ai"},
)
