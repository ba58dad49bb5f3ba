"""Making references readable for a vendor: once each, fitted where they must be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import cast
from urllib.request import urlopen

import pytest
from PIL import Image

from render.animatic.capabilities import CAPABILITIES
from render.errors import StoreError, Transient
from render.providers.base import Provider, PublishedReference
from render.providers.registry import ProviderContext, open_provider
from render.references.publish import ReferencePublisher
from render.store import open_store
from render.store.local_store import LocalStore
from storyboard.request import BoundReference
from storyboard.shot import MediaKind, Role
from tests.acme.fixture import Acme
from tests.acme.orders import order
from tests.s3 import TestBucket, bucket, s3_client, s3_endpoint, s3_environment

__all__ = ["bucket", "s3_client", "s3_endpoint", "s3_environment"]

pytestmark = pytest.mark.anyio


class Recipes:
    """Which blob a recipe gave: the part of a ledger that publishing needs."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def derived(self, key: str) -> str | None:
        return self.known.get(key)

    def remember_derived(self, key: str, sha256: str) -> None:
        self.known[key] = sha256


class UploadVendor:
    """A vendor that only takes references, and says how long their links live."""

    def __init__(self, lifetime: timedelta | None = None, fails: int = 0) -> None:
        self.lifetime, self.fails = lifetime, fails
        self.taken: list[Path] = []
        self.capabilities = CAPABILITIES

    async def publish(self, reference: BoundReference, file: Path) -> PublishedReference:
        await asyncio.sleep(0.01)
        if self.fails:
            self.fails -= 1
            raise Transient("the upload broke off")
        self.taken.append(file)
        ends = None if self.lifetime is None else datetime.now(UTC) + self.lifetime
        return PublishedReference(reference, f"https://porch.example.com/{len(self.taken)}", ends)


def upload_vendor(lifetime: timedelta | None = None, fails: int = 0) -> tuple[UploadVendor, Provider]:
    vendor = UploadVendor(lifetime, fails)
    return vendor, cast(Provider, vendor)


def picture(colour: str, width: int = 64, height: int = 36) -> bytes:
    made = BytesIO()
    Image.new("RGB", (width, height), colour).save(made, "PNG")
    return made.getvalue()


def read(link: str) -> tuple[str, bytes]:
    """What a link's answer says it is, and what it holds."""
    with urlopen(link, timeout=10) as answer:
        return answer.headers["Content-Type"], answer.read()


def container_of_bytes(content: bytes) -> str:
    with Image.open(BytesIO(content)) as opened:
        return f"image/{(opened.format or '').lower()}"


def image(number: int, sha256: str | None, fit: str | None = None) -> BoundReference:
    return BoundReference(
        token=f"@image{number}",
        kind=MediaKind.IMAGE,
        role=Role.CAST,
        name=f"cast{number}",
        source=f"references/{number}.png",
        sha256=sha256,
        fit=fit,
    )


@asynccontextmanager
async def acme_provider(acme: Acme) -> AsyncIterator[Provider]:
    provider = open_provider("acme", ProviderContext(scratch=Path(), blob_path=Path, environment=acme.environment))
    try:
        yield provider
    finally:
        await provider.aclose()


async def test_references_keep_their_order_and_reach_the_vendor_whole(acme: Acme, tmp_path: Path) -> None:
    """The n-th link holds the n-th reference's very bytes, under a name that says what they are."""
    store = LocalStore(tmp_path)
    pictures = [picture("red"), picture("green"), picture("blue")]
    asked = order(references=tuple(image(n, store.put(data)) for n, data in enumerate(pictures, 1)))
    async with acme_provider(acme) as provider:
        published = await ReferencePublisher(provider, store, Recipes()).publish(asked)
    assert [one.reference for one in published] == list(asked.references)
    names = [one.url.rpartition("/")[2] for one in published]
    assert [acme.shop.upload(name) for name in names] == pictures
    assert all(name.endswith(".png") for name in names)


async def test_one_file_is_published_once_however_many_shots_name_it(acme: Acme, tmp_path: Path) -> None:
    """Shots side by side share one upload, each under its own token."""
    store = LocalStore(tmp_path)
    sha256 = store.put(picture("red"))
    async with acme_provider(acme) as provider:
        shots = [order(references=(image(number, sha256),)) for number in range(1, 6)]
        publisher = ReferencePublisher(provider, store, Recipes())
        published = await asyncio.gather(*(publisher.publish(shot) for shot in shots))
    assert len(acme.shop.uploads()) == 1
    assert [one.reference.token for (one,) in published] == [f"@image{number}" for number in range(1, 6)]


async def test_a_link_that_ends_soon_is_not_given_to_a_new_order(tmp_path: Path) -> None:
    """The vendor may fetch a reference only when the job's turn comes."""
    store = LocalStore(tmp_path)
    asked = order(references=(image(1, store.put(picture("red"))),))
    for lifetime, times in ((None, 1), (timedelta(days=1), 1), (timedelta(minutes=5), 2)):
        vendor, provider = upload_vendor(lifetime)
        publisher = ReferencePublisher(provider, store, Recipes())
        for _ in range(2):
            await publisher.publish(asked)
        assert len(vendor.taken) == times


async def test_a_fit_is_made_once_and_remembered(tmp_path: Path) -> None:
    """What a fit makes is a blob of its own, which the next run finds by its recipe."""
    store, recipes = LocalStore(tmp_path), Recipes()
    sha256 = store.put(picture("red", 640, 360))
    asked = order(references=(image(1, sha256, "image:jpeg:320x180"),))
    vendor, provider = upload_vendor()
    await ReferencePublisher(provider, store, recipes).publish(asked)
    with Image.open(vendor.taken[0]) as fitted:
        assert (fitted.format, fitted.size) == ("JPEG", (320, 180))
    assert vendor.taken[0].suffix == ".jpeg"
    remembered = dict(recipes.known)
    later, next_provider = upload_vendor()
    await ReferencePublisher(next_provider, store, recipes).publish(asked)
    assert later.taken == vendor.taken
    assert recipes.known == remembered


async def test_what_fails_is_published_by_the_next_who_needs_it(tmp_path: Path) -> None:
    """A failed upload is not remembered as a link."""
    store = LocalStore(tmp_path)
    asked = order(references=(image(1, store.put(picture("red"))),))
    _, provider = upload_vendor(fails=1)
    publisher = ReferencePublisher(provider, store, Recipes())
    with pytest.raises(Transient):
        await publisher.publish(asked)
    assert len(await publisher.publish(asked)) == 1


async def test_a_link_into_the_store_comes_before_an_upload(acme: Acme, bucket: TestBucket, tmp_path: Path) -> None:
    """A vendor that can follow it is sent one for originals and for what a fit made; shots share it."""
    store = open_store(bucket.url, cache=tmp_path / "cache")
    sha256 = store.put(picture("red", 640, 360))
    asked = order(references=(image(1, sha256), image(2, sha256, "image:jpeg:320x180")))
    async with acme_provider(acme) as provider:
        publisher = ReferencePublisher(provider, store, Recipes())
        original, fitted = await publisher.publish(asked)
        again, _ = await publisher.publish(asked)
    assert acme.shop.uploads() == []
    assert again.url == original.url
    assert original.expires_at is not None
    for published, kind in ((original, "image/png"), (fitted, "image/jpeg")):
        told, content = await asyncio.to_thread(read, published.url)
        assert (told, container_of_bytes(content)) == (kind, kind)


async def test_a_vendor_that_cannot_follow_a_link_gets_the_file(bucket: TestBucket, tmp_path: Path) -> None:
    """A vendor on the web cannot read a bucket on this machine, and the animatic reads files."""
    store = open_store(bucket.url, cache=tmp_path / "cache")
    asked = order(references=(image(1, store.put(picture("red"))),))
    for origin in ("https://porch.example.com", "animatic://local"):
        vendor, provider = upload_vendor()
        vendor.capabilities = replace(vendor.capabilities, origin=origin)
        await ReferencePublisher(provider, store, Recipes()).publish(asked)
        assert len(vendor.taken) == 1


async def test_a_blob_that_the_bucket_lost_is_not_linked_to(bucket: TestBucket, tmp_path: Path) -> None:
    """A link that leads nowhere would be found out by the vendor, after the order; the cache's copy is uploaded."""
    store = open_store(bucket.url, cache=tmp_path / "cache")
    asked = order(references=(image(1, store.put(picture("red"))),))
    (key,) = bucket.keys()
    bucket.client.delete_object(Bucket=bucket.name, Key=key)
    vendor, provider = upload_vendor()
    vendor.capabilities = replace(vendor.capabilities, origin="http://127.0.0.1")
    await ReferencePublisher(provider, store, Recipes()).publish(asked)
    assert len(vendor.taken) == 1


async def test_a_reference_without_bytes_stops_the_order(tmp_path: Path) -> None:
    """Neither a blob that is missing nor a frame that nobody made yet is silently left out."""
    _, provider = upload_vendor()
    for sha256 in (None, "0" * 64):
        with pytest.raises(StoreError):
            await ReferencePublisher(provider, LocalStore(tmp_path), Recipes()).publish(
                order(references=(image(1, sha256),))
            )
