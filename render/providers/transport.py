"""Connects only to addresses that were checked: a name is resolved once, and that very address is connected to.

Were the name resolved again for the connection, a server could answer a public address for the check and a private one
for the connection (DNS rebinding). Host header, SNI and certificate checks keep the name. Proxies of the environment
are not used, as they resolve names themselves.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from functools import lru_cache

import anyio
import httpcore
import httpx

from render.providers.addresses import Resolver, check_addresses, resolve


class CheckedBackend(httpcore.AnyIOBackend):
    """Opens sockets to public addresses only (and to loopback where that is allowed)."""

    def __init__(self, *, allow_loopback: bool, resolver: Resolver = resolve) -> None:
        self._allow_loopback = allow_loopback
        self._resolver = resolver

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
        refusal: httpcore.ConnectError | None = None
        for address in await self._addresses(host, port):
            try:
                return await super().connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore.ConnectError as error:
                refusal = error
        raise refusal or httpcore.ConnectError(f"{host} has no address")

    async def _addresses(self, host: str, port: int) -> tuple[str, ...]:
        try:
            addresses = tuple(await self._resolver(host, port))
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} cannot be resolved: {error}") from None
        check_addresses(host, addresses, allow_loopback=self._allow_loopback)
        return addresses


class CheckedTransport(httpx.AsyncHTTPTransport):
    """httpx's own transport over `CheckedBackend`."""

    def __init__(self, *, allow_loopback: bool, limits: httpx.Limits, resolver: Resolver = resolve) -> None:
        # httpx has no public seam for a network backend: the pool that it would make is made here instead.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_ssl_context(),
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=CheckedBackend(allow_loopback=allow_loopback, resolver=resolver),
        )


@lru_cache(maxsize=1)
def _ssl_context() -> ssl.SSLContext:
    """One for all vendors: loading the certificates takes tens of milliseconds. SSL_CERT_FILE is obeyed."""
    return httpx.create_ssl_context()
