"""A vendor's endpoint: what `VendorHttp`, which all vendors with an API share, needs to know of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from render.net.responses import Json
from render.providers.vendor_errors import ErrorMeanings, VendorError, read_vendor_error

USER_AGENT = "Tailframe/0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One vendor's API, the key that pays there, and how its refusals are read."""

    provider: str
    base_url: str
    key: str = field(repr=False)
    key_variable: str  # "ACME_API_KEY", for remedies
    create_timeout: timedelta = timedelta(seconds=120)
    sockets: int = 16  # requests at once
    transfers: int = 4  # uploads and downloads at once
    user_agent: str = USER_AGENT
    error_codes: ErrorMeanings = field(default_factory=dict)
    vendor_error: Callable[[Json], VendorError] = read_vendor_error

    def __post_init__(self) -> None:
        if not self.key:
            raise ValueError(f"{self.provider} is asked without a key; read one with `environment.api_key`")
