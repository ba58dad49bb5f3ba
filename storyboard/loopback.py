"""Which hosts and links lead to this machine, however they are spelled. Nothing is looked up."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

NAT64 = IPv6Network("64:ff9b::/96")
"""The prefix that translators put before an IPv4 address (RFC 6052)."""


def is_loopback_url(url: str) -> bool:
    """Whether a link names this machine; see `is_loopback_host`."""
    try:
        return is_loopback_host(urlsplit(url).hostname or "")
    except ValueError:
        return False


def is_loopback_host(host: str) -> bool:
    """Whether it is `localhost` or a loopback address. IPv6 stands without brackets, as `urlsplit` gives it."""
    plain = host.removesuffix(".")
    try:
        return plain == "localhost" or unwrapped(ip_address(plain)).is_loopback
    except ValueError:
        return False


def unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address inside an IPv6 one (mapped, 6to4, NAT64), else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour or address
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else address
