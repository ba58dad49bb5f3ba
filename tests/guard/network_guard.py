"""Refuses every connection that is not to this machine, in this process and in the processes that tests start.

A test that reaches a vendor could spend money, and one that reaches anything else passes only where that is up. What
Python opens is covered; libraries that open sockets in C (libpq, browsers) are pointed at loopback by their fixtures.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

LOCAL_NAMES = frozenset({"localhost", "localhost.localdomain", "ip6-localhost", ""})
"""Names that always mean this machine."""


class OutsideConnection(PermissionError):
    """A test tried to reach something that is not this machine."""


def install() -> None:
    """Put the guard in place; doing so twice changes nothing."""
    if getattr(socket.socket, "_guarded", False):
        return
    for method in ("connect", "connect_ex"):
        setattr(socket.socket, method, _guarded_connect(getattr(socket.socket, method)))
    socket.getaddrinfo = _guarded_lookup(socket.getaddrinfo)
    socket.socket._guarded = True  # type: ignore[attr-defined]


def _guarded_connect(connect: Any) -> Any:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_this_machine(str(address[0])):
            raise OutsideConnection(f"tests may only connect to this machine, not to {address[0]}:{address[1]}")
        return connect(self, address)

    return guarded


def _guarded_lookup(lookup: Any) -> Any:
    def guarded(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else host
        if name is not None and not _is_literal(name) and not is_this_machine(name):
            # What a resolver says that knows no such name, so that code which asks may show how it takes it.
            raise socket.gaierror(socket.EAI_NONAME, f"tests may not look up {name!r}")
        return lookup(host, *args, **kwargs)

    return guarded


def is_this_machine(host: str) -> bool:
    """Whether a name or address means the machine that the tests run on."""
    if host.lower() in LOCAL_NAMES or host == socket.gethostname():
        return True
    address = _literal(host)
    return address is not None and (address.is_loopback or address.is_unspecified)


def _is_literal(host: str) -> bool:
    return _literal(host) is not None


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address
