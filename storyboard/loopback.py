"""Which links lead to this machine, however they are spelled. Decided by how they are written; nothing is looked up."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

NAT64 = IPv6Network("64:ff9b::/96")


def is_loopback_url(url: str) -> bool:
    """Whether a link names this machine: `localhost` or a loopback address."""
    try:
        host = (urlsplit(url).hostname or "").removesuffix(".")
        return host == "localhost" or unwrapped(ip_address(host)).is_loopback
    except ValueError:
        return False


def unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address inside an IPv6 one (mapped, 6to4, NAT64), else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour or address
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else address
