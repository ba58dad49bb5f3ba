"""How is AIHubMax asked? Seedance 2.0 by tasks. Loads no HTTP before it is opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from render.providers.aihubmax import capabilities as sold
from storyboard.capabilities import Capabilities

if TYPE_CHECKING:
    from render.providers.base import Provider
    from render.providers.registry import ProviderContext

__all__ = ["VENDOR", "AihubMax"]


class AihubMax:
    """How AIHubMax enters the house."""

    def capabilities(self, environment: Mapping[str, str]) -> Capabilities:
        """What it sells."""
        return sold.capabilities(environment)

    def open(self, context: ProviderContext) -> Provider:
        """Its provider. Raises BadSetting where AIHUBMAX_API_KEY is missing."""
        from render.providers.aihubmax.provider import open_aihubmax

        return open_aihubmax(context.environment)


VENDOR = AihubMax()
