"""Spells a link as browsers do before they ask for it, so that what opens in a browser is fetched here too.

Vendors name clips after prompts and build links by hand: with spaces, letters of every script, brackets. The rules are
those of the WHATWG's URL Standard, as far as they make a link of printable ASCII. What is percent-encoded already
stays as it is, since it may be signed. Whether the link may be followed is decided afterwards, on this spelling.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urljoin

import idna

_AROUND = "".join(map(chr, range(0x21)))  # C0 controls and the space
_LINK = re.compile(r"(https?):[/\\]{2}([^/\\?#]*)([^?#]*)(\?[^#]*)?(#.*)?", re.IGNORECASE | re.DOTALL)
_IN_PATH = re.compile(r'[^!-~]|["<>`{}]')
_IN_QUERY = re.compile(r"""[^!-~]|["<>'\\]""")
_NOT_IN_HOST = re.compile(r'[\x00-\x20\x7f#%/:<>?@\[\\\]^|"`{}]')
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


def normal_url(url: str) -> str:
    """The link in printable ASCII, without its fragment. What is no http or https link is only stripped.

    Raises ValueError where its host is none.
    """
    stripped = _stripped(url)
    link = _LINK.fullmatch(stripped)
    if link is None:
        return stripped
    scheme, authority, path, query, _ = link.groups("")
    host = authority if "@" in authority else _host(authority)  # whoever names a user is refused for it, as written
    path = _IN_PATH.sub(_percent, path.replace("\\", "/"))
    return f"{scheme.lower()}://{host}{path}{_IN_QUERY.sub(_percent, query)}"


def joined(base: str, link: str) -> str:
    """Where a link leads that stands in an answer from `base`, such as a redirect's. Raises ValueError."""
    stripped = _stripped(link)
    path: str = re.split(r"[?#]", stripped, maxsplit=1)[0]
    return urljoin(base, path.replace("\\", "/") + stripped[len(path) :])


def _stripped(url: str) -> str:
    return re.sub(r"[\t\r\n]", "", _LONE_SURROGATES.sub("\ufffd", url).strip(_AROUND))


def _host(authority: str) -> str:
    if authority.startswith("["):
        return authority
    name, colon, port = authority.partition(":")
    host = unquote(name, errors="strict")
    if not host.isascii():
        host = str(idna.encode(host, uts46=True), "ascii")
    if _NOT_IN_HOST.search(host):
        raise ValueError(f"its host {name!r} is none")
    return f"{host.lower()}{colon}{port}"


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())
