"""Every hosted vendor that is built in, with what tests must know of it: a vendor is one module here, named as it is.

Tests that hold for all of them are parametrised by `VENDORS`, which is the registry's.
"""

from __future__ import annotations

from importlib import import_module

from render.providers.registry import hosted_vendors
from tests.vendors.facts import VendorFacts

VENDORS = tuple(vendor.name for vendor in hosted_vendors())
FACTS: dict[str, VendorFacts] = {name: import_module(f"tests.vendors.{name}").FACTS for name in VENDORS}
