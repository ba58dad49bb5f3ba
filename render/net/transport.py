"""Connects only to addresses that were checked: a name is resolved once, and that very address is connected to.

Were the name resolved again for the connection, a server could answer a public address for the check and a private one
for the connection (DNS rebinding). Host header, SNI and certificate checks keep the name. A proxy is asked for that
same address, and only where the operator names one: see `render.net.proxy`.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address

import anyio
import httpcore
import httpx

from render.errors import BadSetting
from render.net.addresses import Resolver, check_addresses, resolve
from render.net.proxy import Proxy, operators_proxy
from render.net.proxy_tunnel import open_tunnel
from render.net.system_proxies import CERTIFICATES, unusable_certificates
from storyboard.loopback import unwrapped


class CheckedBackend(httpcore.AnyIOBackend):
    """Opens sockets to public addresses only (and to loopback where that is allowed), by a proxy where one is named."""

    def __init__(self, *, allow_loopback: bool, resolver: Resolver = resolve, proxy: Proxy | None = None) -> None:
        self._allow_loopback = allow_loopback
        self._resolver = resolver
        self._proxy = proxy

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 — httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve, check every address, then connect to the first that answers. The time-out covers it all."""
        try:
            with anyio.fail_after(timeout):
                return await self._connect(host, port, timeout, local_address, socket_options)
        except TimeoutError:
            raise httpcore.ConnectTimeout(f"no connection to {host} within {timeout:g} s") from None

    async def _connect(
        self,
        host: str,
        port: int,
        timeout: float | None,  # noqa: ASYNC109
        local_address: str | None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None,
    ) -> httpcore.AsyncNetworkStream:
        refusal: Exception | None = None
        for address in await self._addresses(host, port):
            try:
                if self._proxy is None or unwrapped(ip_address(address)).is_loopback:
                    return await super().connect_tcp(address, port, timeout, local_address, socket_options)
                return await self._through(self._proxy, address, port, timeout)
            except (httpcore.ConnectError, httpcore.ProxyError) as error:
                refusal = error
        raise refusal or httpcore.ConnectError(f"{host} has no address")

    async def _through(
        self,
        proxy: Proxy,
        address: str,
        port: int,
        timeout: float | None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        """A way to a checked address that a proxy opens. Where the proxy itself is, is the operator's to say."""
        try:
            stream = await super().connect_tcp(proxy.host, proxy.port, timeout)
        except httpcore.ConnectError as error:
            raise httpcore.ProxyError(f"the proxy {proxy} cannot be reached: {error}") from None
        try:
            if proxy.scheme == "https":
                stream = await stream.start_tls(ssl_context(), proxy.host, timeout)
            await open_tunnel(stream, proxy, address, port)
        except BaseException as error:
            await stream.aclose()
            if isinstance(error, httpcore.NetworkError):
                raise httpcore.ProxyError(f"the proxy {proxy} broke off: {error}") from None
            raise
        return stream

    async def _addresses(self, host: str, port: int) -> tuple[str, ...]:
        try:
            addresses = tuple(await self._resolver(host, port))
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} cannot be resolved: {error}") from None
        check_addresses(host, addresses, allow_loopback=self._allow_loopback)
        return addresses


class CheckedTransport(httpx.AsyncHTTPTransport):
    """httpx's own transport over `CheckedBackend`. Raises BadSetting where the environment names no usable way out."""

    def __init__(self, *, allow_loopback: bool, limits: httpx.Limits, resolver: Resolver = resolve) -> None:
        # httpx has no public seam for a network backend: the pool that it would make is made here instead.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl_context(),
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=CheckedBackend(
                allow_loopback=allow_loopback, resolver=resolver, proxy=operators_proxy(os.environ)
            ),
        )


@lru_cache(maxsize=1)
def ssl_context() -> ssl.SSLContext:
    """One for all vendors: loading the certificates takes tens of milliseconds. SSL_CERT_FILE is obeyed.

    Raises BadSetting where it, or SSL_CERT_DIR, names what holds no certificates.
    """
    if (found := unusable_certificates(os.environ, CERTIFICATES)) is not None:
        raise BadSetting(*found)
    return httpx.create_ssl_context()
