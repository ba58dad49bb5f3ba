"""Which vendors the sandbox stands in for: the registry's hosted ones that have a module here, named as the vendor.

Such a module has its class as `DIALECT`. Of the registry only the names are used, nothing of the vendors' clients.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from render.providers.registry import hosted_vendors

if TYPE_CHECKING:
    from render.sandbox.dialect import Dialect

VENDORS = tuple(vendor.name for vendor in hosted_vendors() if find_spec(f"render.sandbox.{vendor.name}") is not None)
"""Their names, in the registry's order."""


def dialects() -> Mapping[str, type[Dialect]]:
    """The dialect of each vendor, by its name."""
    return {name: import_module(f"render.sandbox.{name}").DIALECT for name in VENDORS}
