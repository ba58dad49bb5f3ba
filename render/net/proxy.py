"""The proxy that an operator names in TAILFRAME_PROXY: the way to vendors and to clips' hosts, where there is no other.

It is the operator's decision alone: HTTP_PROXY and its like speak to every program on a machine, and are not obeyed
here. What is on this machine is reached directly in any case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from render.errors import BadSetting

VARIABLE = "TAILFRAME_PROXY"
PORTS = {"http": 80, "https": 443, "socks5": 1080}
"""What is spoken to a proxy, and where it listens unless its address says otherwise."""

LONGEST = 255
"""Bytes of a user's name or a password: SOCKS counts them in one byte."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """One proxy. Neither its user nor the password is in any text of it."""

    scheme: str
    host: str
    port: int
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no text may show."""
        return tuple(filter(None, (self.password, self.user)))


def read_proxy(address: str) -> Proxy:
    """The proxy at `http://`, `https://` or `socks5://[USER:PASSWORD@]HOST[:PORT]`.

    ValueError says what is wrong with it, without a word of it.
    """
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        raise ValueError("is no address; write one such as http://proxy.example:3128") from None
    _refuse_form(parts)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if max(len(user.encode()), len(password.encode())) > LONGEST or not (user + password).isprintable():
        raise ValueError(f"has a user or a password of more than {LONGEST} bytes, or of letters that none has")
    return Proxy(
        scheme=parts.scheme,
        host=str(parts.hostname),
        port=PORTS[parts.scheme] if port is None else port,
        user=user,
        password=password,
    )


def operators_proxy(environment: Mapping[str, str]) -> Proxy | None:
    """The proxy that TAILFRAME_PROXY names; None where it is not set. Raises BadSetting."""
    address = environment.get(VARIABLE, "").strip()
    if not address:
        return None
    try:
        return read_proxy(address)
    except ValueError as error:
        raise BadSetting(VARIABLE, str(error)) from None


def _refuse_form(parts: SplitResult) -> None:
    if parts.scheme == "socks5h":
        raise ValueError("lets the proxy look names up; Tailframe looks them up and checks them: write socks5://")
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("must be http://, https:// or socks5://HOST:PORT, such as http://proxy.example:3128")
    if parts.path not in {"", "/"} or parts.query or parts.fragment or parts.port == 0:
        raise ValueError("must name a host and a port alone, such as http://proxy.example:3128")
