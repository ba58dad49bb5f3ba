"""Where messages are sent: the addresses that an operator names, and the names by which the ledger knows them.

An address may itself be a secret, in its path as in its query. So it is never shown, logged or kept; its name holds the
host, and eight digits that tell two endpoints of one host apart.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from render.errors import ForbiddenAddress
from render.net.addresses import checked_url
from storyboard.loopback import is_loopback_url


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint. Its address is in no text of it."""

    url: str = field(repr=False)
    name: str  # such as `hooks.example.com-1f3a9c02`: of scheme, host, port and path, whatever the query

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine, where plain http is allowed."""
        return is_loopback_url(self.url)

    @property
    def concealed(self) -> tuple[str, ...]:
        """What no text may show: the address, and what follows its host."""
        parts = urlsplit(self.url)
        behind = parts.path.strip("/")
        return tuple(each for each in (self.url, parts.query, behind) if len(each) >= 4)

    def __str__(self) -> str:
        return self.name


def read_endpoints(text: str) -> tuple[Endpoint, ...]:
    """The endpoints at these addresses, parted by blanks: https, or plain http on this machine.

    ValueError says what is wrong with them, without a word of them.
    """
    endpoints = tuple(_read(each) for each in text.split())
    if not endpoints:
        raise ValueError("names no endpoint; write https://…")
    if max(Counter(each.name for each in endpoints).values()) > 1:
        raise ValueError("names an endpoint twice; addresses that differ in nothing but their query count as one")
    return endpoints


def _read(text: str) -> Endpoint:
    try:
        url = checked_url(text, allow_loopback=is_loopback_url(text))
    except ForbiddenAddress:
        raise ValueError(
            "must be https://HOST/… without a user, or http:// on this machine; several are parted by blanks"
        ) from None
    parts = urlsplit(url)
    if "#" in text:
        raise ValueError("must hold no #: what follows one is never sent")
    host = parts.hostname or ""
    own = f"{parts.scheme}://{host}:{parts.port}{parts.path or '/'}"
    return Endpoint(url, f"{host}-{hashlib.sha256(own.encode()).hexdigest()[:8]}")
