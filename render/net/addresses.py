"""Which addresses may be asked for: what a vendor answers is untrusted, and its links could point into our own network.

Only https to public addresses, decided on the addresses that a name resolves to. One exception: where the vendor's own
base URL is on this machine (a sandbox), plain http and loopback are allowed for it too.
"""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from render.errors import ForbiddenAddress
from render.net.urls import joined, normal_url
from storyboard.loopback import is_loopback_url as is_loopback_url  # noqa: PLC0414  whoever checks links asks here
from storyboard.loopback import unwrapped

Address = IPv4Address | IPv6Address
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Name and port to addresses, as text. Raises OSError where the name is not known."""

MAX_URL_CHARACTERS = 8192
"""Signed links run to a few thousand characters; nothing longer is a link."""

SPECIAL_NETWORKS: tuple[IPv4Network | IPv6Network, ...] = (
    IPv4Network("192.0.0.0/24"),  # protocol assignments; a cloud's metadata service lives here
    IPv4Network("192.88.99.0/24"),  # 6to4 relays, retired
    IPv4Network("168.63.129.16/32"),  # a cloud's own wire server, on a public address
    IPv6Network("64:ff9b:1::/48"),  # local-use NAT64
    IPv6Network("100::/64"),  # discard
    IPv6Network("2001::/23"),  # protocol assignments, Teredo
    IPv6Network("3fff::/20"),  # documentation
    IPv6Network("5f00::/16"),  # segment routing
    IPv6Network("fec0::/10"),  # site-local, retired
)
"""What older versions of `ipaddress` take for public and what is public by number only."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a name by the system's resolver, without blocking the event loop. Raises OSError."""
    import asyncio

    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def checked_url(url: str, *, allow_loopback: bool, base: str = "") -> str:
    """The link as it is to be asked for: spelled as browsers spell it, then checked. `base` is what led to it.

    Raises ForbiddenAddress.
    """
    if len(url) > MAX_URL_CHARACTERS:
        raise _forbidden(url, "it is not a link")
    try:
        spelled = normal_url(joined(base, url) if base else url)
    except ValueError as error:
        raise _forbidden(url, f"it is not a link ({error})") from None
    check_url(spelled, allow_loopback=allow_loopback)
    return spelled


def check_url(url: str, *, allow_loopback: bool) -> None:
    """Raises ForbiddenAddress for how a link is written; where its name leads is checked when it is connected to."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise _forbidden(url, f"it is not a link ({error})") from None
    if len(url) > MAX_URL_CHARACTERS or not url.isprintable() or any(letter in " \\" for letter in url):
        raise _forbidden(url, "it is not a link")
    if parts.username is not None or parts.password is not None:
        raise _forbidden(url, "it carries a user name")
    if not parts.hostname:
        raise _forbidden(url, "it names no host")
    if parts.scheme != "https" and not (parts.scheme == "http" and allow_loopback and is_loopback_url(url)):
        raise _forbidden(url, "only https is allowed, save on this machine where the vendor itself is here")


def check_addresses(host: str, addresses: Sequence[str], *, allow_loopback: bool) -> None:
    """Raises ForbiddenAddress where any address is not public: one good address beside a bad one is an attack."""
    for text in addresses:
        address = ip_address(text)
        if not (is_public(address) or (allow_loopback and unwrapped(address).is_loopback)):
            raise ForbiddenAddress(
                f"{host} leads to {text}, which is not a public address",
                "Nothing was asked of it; if the vendor's link is right, its name is resolved wrongly here",
            )


def is_public(address: Address) -> bool:
    """Whether an address is out on the internet, seen through every way of wrapping an IPv4 address in IPv6."""
    plain = unwrapped(address)
    if any(plain in network for network in SPECIAL_NETWORKS if network.version == plain.version):
        return False
    return plain.is_global and not (plain.is_multicast or plain.is_reserved or plain.is_link_local)


def is_private_host(host: str) -> bool:
    """Whether it is an address that is not public. A name is none, as where it leads is not known here."""
    try:
        return not is_public(ip_address(host))
    except ValueError:
        return False


def _forbidden(url: str, why: str) -> ForbiddenAddress:
    shown = url[:100].encode("unicode_escape").decode("ascii").partition("?")[0]
    return ForbiddenAddress(f"the link {shown} is not followed: {why}")
