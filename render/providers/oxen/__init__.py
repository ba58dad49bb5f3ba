"""How is Oxen.ai asked? Seedance 2.0 by a queue. Loads no HTTP before it is opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from render.providers.oxen import capabilities as sold
from storyboard.capabilities import Capabilities

if TYPE_CHECKING:
    from render.providers.base import Provider
    from render.providers.registry import ProviderContext

__all__ = ["VENDOR", "Oxen"]


class Oxen:
    """How Oxen.ai enters the house."""

    def capabilities(self, environment: Mapping[str, str]) -> Capabilities:
        """What it sells."""
        return sold.capabilities(environment)

    def open(self, context: ProviderContext) -> Provider:
        """Its provider. Raises BadSetting where OXEN_API_KEY is missing."""
        from render.providers.oxen.provider import open_oxen

        return open_oxen(context.environment)


VENDOR = Oxen()
