"""References that a producer names by URL: fetched once, kept as blobs, and known by their content ever after.

The first fetch counts. What a link holds is remembered beside the takes, so that a series means the same tomorrow and
on another machine, whatever the link's host does; and what a vendor is sent are the bytes that were looked at here.

A plan needs what is known of links and must begin at once, so what only fetching needs is imported where it is needed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from render.errors import MediaError
from render.media.reference_facts import reference_facts
from storyboard.paths import is_url
from storyboard.request import ReferenceFacts
from storyboard.shot import Reference

if TYPE_CHECKING:
    import httpx

    from render.store.blob_store import Store

LIMIT_BYTES = 256 * 1024 * 1024
"""Several times what any vendor takes of one reference; larger files are made to fit before they are sent."""

DEADLINE = timedelta(minutes=10)


class Remembering(Protocol):
    """Which blob a link gave. Blocking; `render.ledger.recipes.DerivedBlobs` is one."""

    def derived(self, key: str) -> str | None:
        """The sha256 of the blob that was kept under this key; None where none was."""
        ...

    def remember_derived(self, key: str, sha256: str) -> None:
        """Remember under a link's key which blob (by sha256) it gave."""
        ...


def link_key(url: str) -> str:
    """The key under which the ledger remembers a link: a hash, as links may be signed and thousands of letters long."""
    return f"link:{hashlib.sha256(url.encode()).hexdigest()}"


def known_link(url: str, derived: Callable[[str], str | None], store: Store) -> ReferenceFacts | None:
    """The facts of a link that was fetched before; None where it was not, or its blob is gone. Asks no web.

    `derived` tells which blob was kept under a link's key, None where none was.
    """
    sha256 = derived(link_key(url))
    if sha256 is None or not store.has(sha256):
        return None
    return reference_facts(store.local_path(sha256), url)


def memories(references: Mapping[str, str]) -> dict[str, str]:
    """What an archive keeps of links, of all references by source: a restored series must not meet changed ones."""
    return {link_key(source): sha256 for source, sha256 in references.items() if is_url(source)}


async def fetch_link(
    reference: Reference,
    client: httpx.AsyncClient,
    *,
    memory: Remembering,
    store: Store,
    scratch: Path,
    allow_loopback: bool,
) -> ReferenceFacts:
    """Fetch a reference by its link, look into it, and keep it. Nothing is kept of what cannot be used.

    Raises Transient (try later), Terminal (gone, too large, a forbidden address), MediaError (not what its name says),
    StoreError.
    """
    import asyncio
    import tempfile

    from render.net.fetching import fetch_url

    with tempfile.TemporaryDirectory(prefix="link-", dir=scratch) as folder:
        file = Path(folder) / _file_name(reference.source)
        await fetch_url(
            client,
            reference.source,
            file,
            what="the file",
            limit_bytes=LIMIT_BYTES,
            deadline=DEADLINE,
            allow_loopback=allow_loopback,
        )
        facts = await asyncio.to_thread(reference_facts, file, reference.source)
        refuse_other_kind(reference, facts)
        return await asyncio.to_thread(_keep, reference, file, facts, memory, store)


def _keep(reference: Reference, file: Path, facts: ReferenceFacts, memory: Remembering, store: Store) -> ReferenceFacts:
    """Keep what a link gave, unless it gave something else before: shots were paid for with that."""
    key = link_key(reference.source)
    before = memory.derived(key)
    if before in {None, facts.sha256}:
        store.put_file(file)
        memory.remember_derived(key, facts.sha256)
        return facts
    known = known_link(reference.source, memory.derived, store)
    if known is None:
        raise MediaError(
            "it gives other bytes than when it was first fetched, and those are gone from the store",
            "Restore the store from a backup; or, to take the new ones, save the file in the project and name it there",
        )
    return known


def refuse_other_kind(reference: Reference, facts: ReferenceFacts) -> None:
    """A picture named as a film would be sent as one. MediaError where name and content differ in kind."""
    if facts.kind is not reference.kind:
        raise MediaError(
            f"its name says {reference.kind}, and it holds {facts.kind} ({facts.format})",
            "Give it the ending of what it is",
        )


def vendors_are_here(origins: Iterable[str]) -> bool:
    """Links to this machine are followed only where whatever is ordered stays on it: nobody's project may look around.

    A vendor without an address (the animatic) orders nothing, so it does not count.
    """
    from render.net.addresses import is_loopback_url

    asked = [origin for origin in origins if origin.startswith(("http://", "https://"))]
    return bool(asked) and all(is_loopback_url(origin) for origin in asked)


def refuse_forbidden(link: str, *, allow_loopback: bool) -> None:
    """Say of a link, unasked, that it will never be followed. Where a name leads is seen when it is fetched.

    Raises ForbiddenAddress.
    """
    from render.errors import ForbiddenAddress
    from render.net.addresses import checked_url, is_loopback_url

    link = checked_url(link, allow_loopback=allow_loopback)
    if _is_private(link) and not (allow_loopback and is_loopback_url(link)):
        host = urlsplit(link).hostname
        raise ForbiddenAddress(f"the link is not followed: {host} is no public address")


def follows(origin: str, link: str) -> bool:
    """Whether a vendor at this origin can follow a link: one on the web goes nowhere private, one here stays here."""
    if not origin.startswith(("https://", "http://")):
        return False
    from render.net.addresses import is_loopback_url

    if is_loopback_url(origin) or is_loopback_url(link):
        return is_loopback_url(origin) and is_loopback_url(link)
    return link.startswith("https://") and not _is_private(link)


def store_reaches(origin: str, store_url: str, environment: Mapping[str, str]) -> bool:
    """Whether links into the store will lead a vendor at this origin to its blobs, as far as can be said unasked."""
    if not store_url.startswith("s3://"):
        return False
    endpoint = environment.get("AWS_ENDPOINT_URL_S3") or environment.get("AWS_ENDPOINT_URL")
    return follows(origin, endpoint or "https://s3.amazonaws.com")


def _is_private(link: str) -> bool:
    from render.net.addresses import is_private_host

    try:
        return is_private_host(urlsplit(link).hostname or "")
    except ValueError:
        return False


def _file_name(url: str) -> str:
    return re.sub(r"[^\w.-]", "_", PurePosixPath(urlsplit(url).path).name)[-80:]
