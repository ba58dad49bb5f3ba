"""How is EvoLink asked? Seedance 2.0 by tasks. Loads no HTTP before it is opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from render.providers.evolink import capabilities as sold
from storyboard.capabilities import Capabilities

if TYPE_CHECKING:
    from render.providers.base import Provider
    from render.providers.registry import ProviderContext

__all__ = ["VENDOR", "EvoLink"]


class EvoLink:
    """How EvoLink enters the house."""

    def capabilities(self, environment: Mapping[str, str]) -> Capabilities:
        """What it sells."""
        return sold.capabilities(environment)

    def open(self, context: ProviderContext) -> Provider:
        """Its provider. Raises BadSetting where EVOLINK_API_KEY is missing."""
        from render.providers.evolink.provider import open_evolink

        return open_evolink(context.environment)


VENDOR = EvoLink()
