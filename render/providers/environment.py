"""Reads a vendor's settings from the environment: where its API is, and the key that pays.

Kept free of HTTP, so that a plan, which only needs to know where payments would go, starts at once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlsplit

from render.errors import BadSetting as BadSetting  # noqa: PLC0414  vendors of other distributions ask here
from render.errors import ForbiddenAddress
from render.net.addresses import check_url
from storyboard.accounts import account_variable, is_account_name


def base_url(environment: Mapping[str, str], variable: str, default: str) -> str:
    """Where the API is, without a slash at its end: https, or plain http on this machine."""
    url = environment.get(variable, "").strip() or default
    try:
        check_url(url, allow_loopback=True)
    except ForbiddenAddress as error:
        raise BadSetting(variable, f"cannot be used: {error.message}", error.remedy) from None
    if urlsplit(url).query or urlsplit(url).fragment:
        raise BadSetting(variable, "must be a plain address, without ? or #")
    return url.rstrip("/")


def account_name(environment: Mapping[str, str], provider: str) -> str:
    """How the operator calls the account at this vendor, by a variable such as KINOVI_ACCOUNT; empty where it has none.

    Nothing else tells accounts apart: keys are renewed, and addresses have many spellings.
    """
    variable = account_variable(provider)
    name = environment.get(variable, "").strip()
    if name and not is_account_name(name):
        raise BadSetting(
            variable, "must be a name of up to 40 letters, digits, '.', '_' and '-', with a letter or digit at each end"
        )
    return name


def origin_of(url: str) -> str:
    """Scheme and host of a URL, without the port: a sandbox takes another at every start."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}"


def api_key(environment: Mapping[str, str], variable: str) -> str:
    """The key that pays. Never put it into a text: it goes into one header and nowhere else.

    Raises BadSetting where it is missing, or holds characters that no key has.
    """
    key = environment.get(variable, "").strip()
    if not key:
        raise BadSetting(variable, "is not set", "Put this vendor's key into it, or name another vendor")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise BadSetting(variable, "holds characters that no key has", "Copy the key again")
    return key


def poll_interval(environment: Mapping[str, str], default: timedelta) -> timedelta:
    """TAILFRAME_POLL_INTERVAL (seconds), else the vendor's own. Raises BadSetting where it is no positive number."""
    text = environment.get("TAILFRAME_POLL_INTERVAL", "").strip()
    return default if not text else timedelta(seconds=_positive("TAILFRAME_POLL_INTERVAL", text))


def whole_number(environment: Mapping[str, str], variable: str, default: int) -> int:
    """The variable as a whole number from 1 to 999,999; `default` where it is not set. Else raises BadSetting."""
    text = environment.get(variable, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1_000_000):
        raise BadSetting(variable, f"must be a whole number of at least 1, not {text!r:.40}")
    return int(text)


def _positive(variable: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number <= 3600:
        raise BadSetting(variable, f"must be seconds above 0 and up to 3600, not {text!r:.40}")
    return number
