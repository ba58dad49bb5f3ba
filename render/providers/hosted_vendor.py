"""A vendor with an HTTP API, as the registry has it: its name, where it is, and which variables it reads.

Its package holds the rest: `capabilities.py` with `capabilities(environment)`, which says what it sells, and
`provider.py` with `open_account(environment)`, which loads HTTP. Neither is imported before it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

from render.providers.environment import base_url, origin_of
from storyboard.accounts import variable_of

if TYPE_CHECKING:
    from render.providers.base import Provider
    from render.providers.registry import ProviderContext
    from storyboard.capabilities import Capabilities


@dataclass(frozen=True, slots=True, kw_only=True)
class HostedVendor:
    """A `registry.Vendor` over HTTP. Made once, in the `__init__` of the vendor's package, as `VENDOR`.

    Each address may be replaced by its variable: `KINOVI_BASE_URL`, and those of `other_urls`.
    """

    name: str  # as the storyboard writes it
    package: str  # the dotted name of the vendor's package
    base_url: str  # of the real API
    other_urls: Mapping[str, str] = field(default_factory=dict)  # further hosts: variable -> the real address
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # variable -> its values, the default first

    @property
    def key_variable(self) -> str:
        """The variable with the key that pays: `KINOVI_API_KEY`."""
        return variable_of(self.name, "API_KEY")

    @property
    def url_variables(self) -> tuple[str, ...]:
        """The variables that replace an address, that of the API first."""
        return (variable_of(self.name, "BASE_URL"), *self.other_urls)

    def url(self, environment: Mapping[str, str], variable: str = "") -> str:
        """Where the API is, or what `variable` of `other_urls` names. Raises BadSetting where it cannot be used."""
        if variable:
            return base_url(environment, variable, self.other_urls[variable])
        return base_url(environment, self.url_variables[0], self.base_url)

    def origin(self, environment: Mapping[str, str]) -> str:
        """Scheme and host of the API, without a port. Raises BadSetting where its base URL cannot be used."""
        return origin_of(self.url(environment))

    def capabilities(self, environment: Mapping[str, str]) -> Capabilities:
        """What it sells. Raises BadSetting where a setting cannot be used."""
        found: Capabilities = import_module(f"{self.package}.capabilities").capabilities(environment)
        return found

    def open(self, context: ProviderContext) -> Provider:
        """Its provider. Raises BadSetting where its key is missing."""
        opened: Provider = import_module(f"{self.package}.provider").open_account(context.environment)
        return opened
