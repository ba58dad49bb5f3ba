"""Has a proxy connect to one address: by CONNECT over http or https, or by SOCKS 5 (RFC 1928, RFC 1929).

What is asked for is always an address that was checked, never a name: what a proxy would make of a name nobody here
could check. TLS is agreed upon with the vendor, through the tunnel, so a proxy sees neither key nor order.
"""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, ip_address

import httpcore

from render.net.proxy import VARIABLE, Proxy

MAX_HEAD_BYTES = 16 * 1024
_SOCKS_REFUSALS = {
    2: "does not allow it",
    3: "cannot reach that network",
    4: "cannot reach that host",
    5: "was refused there",
    6: "did not get there in time",
    8: "does not know this kind of address",
}
_ADDRESS_BYTES = {1: 4, 4: 16}

Read = Callable[[int], Awaitable[bytes]]


async def open_tunnel(stream: httpcore.AsyncNetworkStream, proxy: Proxy, address: str, port: int) -> None:
    """Ask the proxy at the other end of `stream` for a way to `address`. Raises httpcore.ProxyError without one."""
    if proxy.scheme == "socks5":
        await _socks(stream, proxy, address, port)
    else:
        await _connect(stream, proxy, address, port)


async def _connect(stream: httpcore.AsyncNetworkStream, proxy: Proxy, address: str, port: int) -> None:
    there = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    lines = [f"CONNECT {there} HTTP/1.1", f"Host: {there}"]
    if proxy.user or proxy.password:
        named = base64.b64encode(f"{proxy.user}:{proxy.password}".encode()).decode()
        lines.append(f"Proxy-Authorization: Basic {named}")
    await stream.write("\r\n".join([*lines, "", ""]).encode())
    status = await _answered(stream, proxy)
    if status == 407:
        raise httpcore.ProxyError(f"the proxy {proxy} does not take its user and password (407): check {VARIABLE}")
    if not 200 <= status < 300:
        raise httpcore.ProxyError(f"the proxy {proxy} gives no way to {there} ({status})")


async def _answered(stream: httpcore.AsyncNetworkStream, proxy: Proxy) -> int:
    """The status of its answer. Behind a good one nothing may come yet: in a tunnel the vendor speaks second."""
    head = bytearray()
    while b"\r\n\r\n" not in head:
        piece = await stream.read(4096)
        head += piece
        if not piece or len(head) > MAX_HEAD_BYTES:
            raise _no_proxy(proxy)
    version, _, rest = bytes(head).partition(b" ")
    status = rest[:3]
    if not version.startswith(b"HTTP/1.") or not status.isdigit():
        raise _no_proxy(proxy)
    if status.startswith(b"2") and not head.endswith(b"\r\n\r\n"):
        raise _no_proxy(proxy)
    return int(status)


async def _socks(stream: httpcore.AsyncNetworkStream, proxy: Proxy, address: str, port: int) -> None:
    read = _exactly(stream, proxy)
    with_name = bool(proxy.user or proxy.password)
    await stream.write(b"\x05\x02\x00\x02" if with_name else b"\x05\x01\x00")
    version, method = await read(2)
    if version != 5 or method not in {0, 2, 0xFF}:
        raise _no_proxy(proxy)
    if method == 0xFF or (method == 2 and not with_name):
        raise httpcore.ProxyError(f"the proxy {proxy} wants to know who asks: name USER:PASSWORD@ in {VARIABLE}")
    if method == 2:
        user, password = proxy.user.encode(), proxy.password.encode()
        await stream.write(b"\x01" + bytes([len(user)]) + user + bytes([len(password)]) + password)
        if (await read(2))[1] != 0:
            raise httpcore.ProxyError(f"the proxy {proxy} does not take its user and password: check {VARIABLE}")
    there = ip_address(address)
    kind = 1 if isinstance(there, IPv4Address) else 4
    await stream.write(bytes([5, 1, 0, kind]) + there.packed + port.to_bytes(2, "big"))
    version, refusal, _, bound = await read(4)
    if version != 5:
        raise _no_proxy(proxy)
    if refusal:
        why = _SOCKS_REFUSALS.get(refusal, f"says {refusal}")
        raise httpcore.ProxyError(f"the proxy {proxy} gives no way to {address}, port {port}: it {why}")
    length = _ADDRESS_BYTES.get(bound)
    await read((length if length is not None else (await read(1))[0]) + 2)


def _exactly(stream: httpcore.AsyncNetworkStream, proxy: Proxy) -> Read:
    async def read(count: int) -> bytes:
        got = bytearray()
        while len(got) < count:
            piece = await stream.read(count - len(got))
            if not piece:
                raise _no_proxy(proxy)
            got += piece
        return bytes(got)

    return read


def _no_proxy(proxy: Proxy) -> httpcore.ProxyError:
    return httpcore.ProxyError(f"what listens at {proxy} does not answer as such a proxy does: check {VARIABLE}")
