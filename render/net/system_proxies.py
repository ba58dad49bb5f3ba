"""What a machine's environment says to every program on it: which proxies to ask, and whose certificates to believe.

Libraries read these variables by themselves, each in its own way, and some end by an error where they only look at
one. So nothing that goes to this machine may read them, and before a library goes out with them they are looked at:
what is wrong is told by the variable's name, and never shown, as a proxy's address may hold a password.

    with reaching("http://127.0.0.1:4200"):    # what libraries read now concerns this one place alone
"""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies

from storyboard.loopback import is_loopback_url

PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
"""Whom vendors' certificates are held against; the first that is set counts."""

S3_CERTIFICATES = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE")
"""The same for S3, as boto3 reads them."""

DIRECTLY = {"NO_PROXY": "*", "no_proxy": "*"}
"""What every library understands as: ask no proxy."""

PROXY_REMEDY = "Write http://HOST:PORT, or unset it"
CERTIFICATES_REMEDY = "Name another, or unset it to go by the certificates that came along"

_HASHED = re.compile(r"[0-9a-f]{8}\.[0-9]+")
_before: dict[str, str] | None = None


class Unusable(NamedTuple):
    """A variable of the environment that cannot be used, why, and what to do. Its content is not shown."""

    variable: str
    problem: str
    remedy: str


@contextmanager
def reaching(url: str) -> Iterator[None]:
    """Let libraries that read the environment find their way to `url` by it: directly, or by the proxies named there.

    NO_PROXY is decided here once, as each library reads it in its own way, and httpx ends by an error over some of it.
    For a whole process; it may be nested, and `proxies_to` other places stays what it was.
    """
    global _before  # noqa: PLW0603 - as the environment is one for all threads
    outer, said = _before, {name: os.environ.get(name) for name in DIRECTLY}
    _before = proxies_said()
    os.environ.update(dict.fromkeys(DIRECTLY, "") if proxies_to(url) else DIRECTLY)
    try:
        yield
    finally:
        _before = outer
        for name, value in said.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def proxies_said() -> dict[str, str]:
    """What the environment says of proxies: the addresses of `http`, `https` and `all`, and `no`, who is left out."""
    return getproxies() if _before is None else dict(_before)


def proxies_to(url: str) -> dict[str, str]:
    """The proxies by scheme that the environment has a library ask on its way to `url`.

    None on this machine, whatever it says, and none to a host, a domain or a range of addresses in NO_PROXY.
    """
    said = proxies_said()
    left_out = said.pop("no", "")
    if is_loopback_url(url) or _is_left_out(url, left_out):
        return {}
    return {scheme: address for scheme, address in said.items() if scheme in {"http", "https", "all"}}


def proxy_to(url: str) -> str | None:
    """The one of them that is asked; it may hold a password."""
    said = proxies_to(url)
    return said.get(urlsplit(url).scheme) or said.get("all")


def unusable_proxy(url: str, schemes: Collection[str]) -> Unusable | None:
    """The variable that names a proxy on the way to `url` by what is none; None where all is well.

    Of `schemes` (`http`, `https`, `all`): some libraries look at all of them, wherever they go.
    """
    said = proxies_to(url)
    for scheme in schemes:
        if (address := said.get(scheme)) and (why := unusable_address(address)):
            return Unusable(f"{scheme.upper()}_PROXY", why, PROXY_REMEDY)
    return None


def _is_left_out(url: str, left_out: str) -> bool:
    """Whether one of these is the host, a domain above it, a range that it lies in, or the host with its port."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removesuffix(".")
    said = [name.strip().lower() for name in left_out.split(",")]
    names = [name.strip("[]").removeprefix("*").removeprefix(".") for name in said]
    if "*" in said or any(name and f".{host}".endswith(f".{name}") for name in names):
        return True
    address = _network(host)
    ranges = [network for name in names if (network := _network(name)) is not None]
    return f"{host}:{parts.port}" in names or (address is not None and any(_lies_in(address, each) for each in ranges))


def _lies_in(address: IPv4Network | IPv6Network, network: IPv4Network | IPv6Network) -> bool:
    return address.version == network.version and address.network_address in network


def _network(name: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(name, strict=False)
    except ValueError:
        return None


def unusable_address(address: str) -> str:
    """Why no library could ask a proxy at this address; empty where one could. PROXY_REMEDY is what to do then."""
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        _ = parts.port
    except ValueError:
        return "names a proxy by what is no address"
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "names no proxy of the kinds http:// and https://, and no other is asked here"
    return ""


def unusable_certificates(environment: Mapping[str, str], variables: Collection[str]) -> Unusable | None:
    """The first of these variables that is set, where it names no certificates; None where all is well."""
    for name in variables:
        if place := environment.get(name, ""):
            problem = _why_no_certificates(place, folder=name == "SSL_CERT_DIR")
            return Unusable(name, problem, CERTIFICATES_REMEDY) if problem else None
    return None


def _why_no_certificates(place: str, *, folder: bool) -> str:
    try:
        found = _holds_hashes(place) if folder else _holds_certificates(place)
    except ssl.SSLError:
        found = False
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else None
        return f"names {place}, which cannot be read ({why or error})"
    what = "no certificates under their hashes, as `openssl rehash` makes them" if folder else "no certificates"
    return "" if found else f"names {place}, which holds {what}"


def _holds_certificates(file: str) -> bool:
    return ssl.create_default_context(cafile=file).cert_store_stats()["x509"] > 0


def _holds_hashes(places: str) -> bool:
    """Whether OpenSSL would find any certificate in one of these folders."""
    names = [each.name for place in places.split(os.pathsep) if place for each in Path(place).iterdir()]
    return any(_HASHED.fullmatch(name) for name in names)
