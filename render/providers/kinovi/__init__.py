"""How is Kinovi asked? Seedance 2.0 by jobs. Loads no HTTP before it is opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from render.providers.kinovi import capabilities as sold
from storyboard.capabilities import Capabilities

if TYPE_CHECKING:
    from render.providers.base import Provider
    from render.providers.registry import ProviderContext

__all__ = ["VENDOR", "Kinovi"]


class Kinovi:
    """How Kinovi enters the house."""

    def capabilities(self, environment: Mapping[str, str]) -> Capabilities:
        """What it sells in the dialect that the environment names."""
        return sold.capabilities(environment)

    def open(self, context: ProviderContext) -> Provider:
        """Its provider. Raises BadSetting where KINOVI_API_KEY is missing."""
        from render.providers.kinovi.provider import open_kinovi

        return open_kinovi(context.environment)


VENDOR = Kinovi()
