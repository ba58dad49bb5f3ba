"""Who is paid: a vendor, real or a stand-in on this machine, and which of several accounts there. One readable form.

    kinovi                      the real one
    kinovi@stand-in             a sandbox on this machine: nothing made there ever passes for the real thing
    kinovi:studio-b             the real one, under the name that the operator gives this account
    kinovi:studio-b@stand-in

How a host is spelled says nothing of who is paid, and neither does a key or a port: of an address only counts whether
it is on this machine.
"""

from __future__ import annotations

import re
from functools import lru_cache

from storyboard.loopback import is_loopback_url

_STAND_IN = "@stand-in"
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,38}[A-Za-z0-9])?")


@lru_cache(maxsize=256)
def account_of(provider: str, address: str, name: str = "") -> str:
    """The account that an order at this address is paid from. `address` is a base URL or its scheme and host.

    Raises ValueError where `name` is none (see `is_account_name`).
    """
    if name and not is_account_name(name):
        raise ValueError(f"{name!r} is no name of an account")
    stand_in = _STAND_IN if is_loopback_url(address) else ""
    return f"{provider}{f':{name}' if name else ''}{stand_in}"


def is_account_name(name: str) -> bool:
    """Whether an account may be called so: 1 to 40 letters, digits, `.`, `_` and `-`, a letter or digit at each end."""
    return _NAME.fullmatch(name) is not None


def is_stand_in(account: str) -> bool:
    """Whether this account is a stand-in's on this machine."""
    return account.endswith(_STAND_IN)


def vendor_of(account: str) -> str:
    """The account without its name: the vendor, real or stand-in. Its takes serve each other's wishes."""
    stand_in = _STAND_IN if is_stand_in(account) else ""
    return account.removesuffix(_STAND_IN).partition(":")[0] + stand_in


def name_of(account: str) -> str:
    """The name that the operator gave this account; empty where there is none."""
    return account.removesuffix(_STAND_IN).partition(":")[2]


def account_variable(provider: str) -> str:
    """The variable that names the account at a vendor: `KINOVI_ACCOUNT`, `ACME_VIDEO_ACCOUNT`."""
    return variable_of(provider, "ACCOUNT")


def variable_of(provider: str, what: str) -> str:
    """A vendor's variable of the environment: `API_KEY` of `acme-video` is `ACME_VIDEO_API_KEY`."""
    return f"{re.sub(r'[^A-Z0-9]', '_', provider.upper())}_{what}"
