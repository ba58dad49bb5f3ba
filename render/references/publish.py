"""Makes an order's references readable for a vendor: the blob, changed where it has to fit, then a link to it.

The link is the store's own where the vendor can follow one; else the vendor takes the file in its own way. A producer's
link is never passed on: the bytes that were looked at here are the bytes that are sent.

Each file is published once for as long as its link lives, however many shots name it, and all of an order's files go
side by side. What a fit makes is a blob too, remembered by its recipe, so that no run makes it twice.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from render.decisions import decided
from render.errors import StoreError
from render.media.apply_fit import apply_fit
from render.media.containers import container_of
from render.providers.base import Provider, PublishedReference
from render.references.url_references import follows
from render.store.blob_store import Store
from storyboard.bind.fits import parse_fit
from storyboard.request import BoundReference, Request

_LOG = logging.getLogger(__name__)

LINK_MARGIN = timedelta(hours=1)
"""A link that ends sooner is not given to a new order: the vendor may fetch it only when the job starts."""

LINK_LIFETIME = timedelta(days=1)
"""How long a link into the store lives: as long as vendors keep what they are sent."""


class DerivedPort(Protocol):
    """Remembers which blob a recipe gave. Blocking; `render.ledger.recipes.DerivedBlobs` is one."""

    def derived(self, key: str) -> str | None:
        """The sha256 of the blob that this recipe gave before; None where it was never made."""
        ...

    def remember_derived(self, key: str, sha256: str) -> None:
        """Remember under the recipe's key which blob (by sha256) it gave."""
        ...


Sent = tuple[str | None, str | None]
"""What is sent, known before it is made: the sha256 of the original, and the fit."""


@dataclass(slots=True)
class ReferencePublisher:
    """Makes references readable for one vendor, each file once for as long as its link lives.

    Links belong to the account that they were made with. So a run's context makes one for each vendor that it opened,
    and forgets it, links and all, when it closes that vendor.
    """

    provider: Provider
    store: Store
    derived: DerivedPort
    _links: dict[Sent, PublishedReference] = field(default_factory=dict)
    _one_at_a_time: dict[Sent, asyncio.Lock] = field(default_factory=dict)  # files on their way there now

    async def publish(self, request: Request) -> tuple[PublishedReference, ...]:
        """The order's references, each where the vendor can read it, in the order's own sequence.

        Raises what the provider raises (Transient, Terminal), StoreError for a missing blob, MediaError for a failed
        fit.
        """
        jobs = (self._publish(reference) for reference in request.references)
        return tuple(await _all_or_none([asyncio.ensure_future(job) for job in jobs]))

    def known(self, request: Request) -> tuple[BoundReference | PublishedReference, ...]:
        """The order's references, each with its link where one was published here: a vendor may speak of the link."""
        return tuple(
            replace(self._links[sent], reference=each) if (sent := (each.sha256, each.fit)) in self._links else each
            for each in request.references
        )

    async def _publish(self, reference: BoundReference) -> PublishedReference:
        """This reference's link, published now unless a link to the same bytes still lives."""
        sent = (reference.sha256, reference.fit)
        async with self._one_at_a_time.setdefault(sent, asyncio.Lock()):
            known = self._links.get(sent)
            if known is None or not _lives(known):
                sha256 = await _blob(reference, self.store, self.derived)
                known = self._links[sent] = await _published(reference, sha256, self.provider, self.store)
                vendor = self.provider.capabilities.account
                decided(_LOG, "published", vendor=vendor, reference=reference.source, fit=reference.fit)
        return replace(known, reference=reference)


async def _all_or_none(jobs: list[asyncio.Future[PublishedReference]]) -> list[PublishedReference]:
    """Every result; where one fails, the others are ended before it is raised."""
    try:
        return await asyncio.gather(*jobs)
    finally:
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)


def _lives(published: PublishedReference) -> bool:
    return published.expires_at is None or published.expires_at - datetime.now(UTC) > LINK_MARGIN


async def _published(reference: BoundReference, sha256: str, provider: Provider, store: Store) -> PublishedReference:
    """By a link into the store where there is one that leads the vendor to it, else as the provider does it."""
    file = await asyncio.to_thread(_named_file, store, sha256)
    expires_at = datetime.now(UTC) + LINK_LIFETIME
    link = await asyncio.to_thread(_store_link, sha256, f"{sha256[:12]}{file.suffix}", provider, store)
    if link is None:
        return await provider.publish(reference, file)
    return PublishedReference(reference, link, expires_at)


def _store_link(sha256: str, filename: str, provider: Provider, store: Store) -> str | None:
    link = store.link(sha256, LINK_LIFETIME, filename=filename)
    if link is None or not follows(provider.capabilities.origin, link):
        return None
    return link if store.has(sha256) else None


async def _blob(reference: BoundReference, store: Store, derived: DerivedPort) -> str:
    """The sha256 of what is sent: the original, or what its fit makes of it."""
    if reference.sha256 is None:
        raise StoreError(f"{reference.token} ({reference.name}) has no file yet; it is made by {reference.source}")
    if reference.fit is None:
        return reference.sha256
    return await _fitted(reference.sha256, reference.fit, store, derived)


async def _fitted(sha256: str, fit: str, store: Store, derived: DerivedPort) -> str:
    key = f"fit/{fit}/{sha256}"
    known = await asyncio.to_thread(derived.derived, key)
    if known is not None and await asyncio.to_thread(store.has, known):
        return known
    source = await asyncio.to_thread(_named_file, store, sha256)
    with tempfile.TemporaryDirectory(prefix="fit-") as folder:
        target = Path(folder) / f"fitted.{parse_fit(fit).format}"
        await apply_fit(source, fit, target)
        made = await asyncio.to_thread(store.put_file, target)
    await asyncio.to_thread(derived.remember_derived, key, made)
    return made


def _named_file(store: Store, sha256: str) -> Path:
    """The blob under a name whose ending says what it is: vendors tell an upload's type by it."""
    container = container_of(store.local_path(sha256))
    return store.local_path(sha256, f".{container.name}")
