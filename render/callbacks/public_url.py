"""The address that vendors are told: one that they can reach and will take, or this machine's own for a sandbox."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import httpx

from render.errors import ForbiddenAddress
from render.net.addresses import check_url, is_loopback_url, is_private_host
from render.net.responses import Unreadable, read_body

LONGEST = 2000
"""Characters: `/t/TOKEN` comes after it, and vendors take links of 2048 (`render.takes.callback_links`)."""

_CHECKED_WITHIN_S = 10.0
_AS_IT_IS = {"Accept-Encoding": "identity"}
_PLAIN = re.compile(r"[\w.~/-]*", re.ASCII)


def read_public_url(text: str) -> str:
    """The address without a slash at its end. Raises ForbiddenAddress where no vendor could call there.

    An address on this machine passes: vendors there are stand-ins.
    """
    url = text.strip().rstrip("/")
    check_url(url, allow_loopback=True)
    parts = urlsplit(url)
    if parts.query or parts.fragment or not _PLAIN.fullmatch(parts.path) or len(url) > LONGEST:
        raise ForbiddenAddress(
            f"{url[:100]} is no plain address: it must be short, of plain letters, and without ? and #",
        )
    if not is_loopback_url(url) and is_private_host(parts.hostname or ""):
        raise ForbiddenAddress(f"{parts.hostname} is in a private network, where no vendor can call")
    return url


async def what_is_wrong(public_url: str, nonce: str) -> str | None:
    """Why this address does not seem to lead to the server with this nonce, as half a sentence; None where it does.

    Never raises for what answers, or for what does not. Seen from this machine, which may not see what the vendors see.
    """
    try:
        async with (
            httpx.AsyncClient(trust_env=False, timeout=_CHECKED_WITHIN_S, headers=_AS_IT_IS) as client,
            client.stream("GET", f"{public_url}/ping/{nonce}") as answer,
        ):
            body = bytearray()
            await read_body(answer.aiter_raw(), answer.headers.get("content-encoding", ""), body)
    except (httpx.HTTPError, Unreadable) as error:
        return str(error) or type(error).__name__
    if answer.status_code != 200 or body != nonce.encode():
        return f"something else answers there, with {answer.status_code}"
    return None
