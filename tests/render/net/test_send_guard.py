"""The last look before an order leaves: where it comes, what it stops, and what is known of the order then."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from pathlib import Path

import pytest

from render.concurrency.lease import SEND_MARGIN, Lease, now_s
from render.errors import LedgerError, NotSent, UnknownOutcome, Withheld
from render.net.send_guard import PIECE_BYTES
from render.providers.base import looks_at_leases
from render.providers.http import VendorHttp
from render.providers.registry import ProviderContext, built_in_names, open_provider
from tests.acme.provider import AcmeProvider
from tests.render.providers.hosted import KEY
from tests.render.providers.test_http import endpoint, vendor
from tests.render.providers.wire import answer, raw, wire

pytestmark = pytest.mark.anyio

LONG = timedelta(minutes=1)


def lease(span: timedelta = LONG, *says: str | None) -> Lease:
    """A lease of which the ledger says this, one look after the other, and then that all is well."""
    words = list(says)

    async def objection(_: timedelta) -> str | None:
        return words.pop(0) if words else None

    return Lease.begin(span + SEND_MARGIN, objection)


async def order(http: VendorHttp, given: Lease | None, prompt: str = "a lamp") -> str:
    return await http.create(
        "/jobs", {"prompt": prompt}, read=lambda got: str(got["id"]), shot="e01/lamp/010", lease=given
    )


def test_the_clock_of_leases_counts_at_least_what_others_count() -> None:
    """It goes on while the machine sleeps, so it is never behind the clock that stands still then."""
    before = now_s(), time.monotonic()
    time.sleep(0.01)
    assert now_s() - before[0] >= (time.monotonic() - before[1]) * 0.99 - 0.001


async def test_an_order_leaves_while_its_lease_lasts() -> None:
    """Nothing stands in its way, and it is whole."""
    async with vendor(answer('{"id": "job-7"}')) as (http, server):
        assert await order(http, lease(), "x" * (3 * PIECE_BYTES)) == "job-7"
    assert len(server.heard) == 1
    assert server.heard[0].endswith(b'xxx"}')


async def test_what_the_ledger_objects_to_never_leaves() -> None:
    """The look comes once the connection stands, and in place of the first byte."""
    async with vendor(answer('{"id": "job-7"}')) as (http, server):
        with pytest.raises(Withheld, match="a person settled it") as raised:
            await order(http, lease(LONG, "a person settled it"))
    assert (server.heard, raised.value.charged) == ([], False)


async def test_a_ledger_that_cannot_be_asked_lets_nothing_leave() -> None:
    """Nobody can say then whether the order is still this owner's to send."""

    async def objection(_: timedelta) -> str | None:
        raise LedgerError("the ledger did not answer")

    async with vendor(answer('{"id": "job-7"}')) as (http, server):
        with pytest.raises(Withheld, match="cannot be asked"):
            await order(http, Lease.begin(LONG, objection))
    assert server.heard == []


async def test_a_lease_that_ends_while_the_ledger_is_asked_is_over() -> None:
    """The clock is read after the ledger's answer too."""

    async def slow(_: timedelta) -> str | None:
        await asyncio.sleep(0.3)
        return None

    async with vendor(answer('{"id": "job-7"}')) as (http, server):
        with pytest.raises(Withheld, match="its lease was over"):
            await order(http, Lease.begin(SEND_MARGIN + timedelta(seconds=0.2), slow))
    assert server.heard == []


async def test_a_lease_that_ends_within_a_long_order_leaves_it_unfinished() -> None:
    """An order of which a piece is missing is none: no server can take it for one."""
    spans = iter([LONG.total_seconds(), LONG.total_seconds(), LONG.total_seconds(), -1.0])

    class Ending(Lease):
        @property
        def left_s(self) -> float:
            return next(spans, -1.0)

    given = Ending(0, lease().objection)
    async with vendor(answer('{"id": "job-7"}')) as (http, server):
        with pytest.raises(Withheld):
            await order(http, given, "x" * (3 * PIECE_BYTES))
    assert server.heard == []


async def test_an_order_takes_no_longer_than_its_lease_has_left() -> None:
    """What is not answered by then is unknown: it left."""
    async with vendor(raw(b"", pause_s=30), create_timeout=timedelta(seconds=60)) as (http, _):
        begun = time.monotonic()
        with pytest.raises(UnknownOutcome):
            await order(http, lease(timedelta(seconds=1)))
        assert time.monotonic() - begun < 10


async def test_a_handshake_without_end_is_no_order() -> None:
    """Time ran out before the first byte: it is certain that nothing was ordered."""
    async with wire(raw(b"", pause_s=30)) as server:
        http = VendorHttp(endpoint(server.url.replace("http:", "https:"), create_timeout=timedelta(seconds=0.9)))
        with pytest.raises(NotSent, match="did not reach acme"):
            await order(http, lease())
        await http.aclose()
    assert server.heard == []


async def test_who_looks_at_leases_is_known_by_its_create() -> None:
    """Every vendor over HTTP that is built in does; a provider that was written before there were leases does not."""
    keys = {f"{name.upper()}_API_KEY": KEY for name in built_in_names()}
    context = ProviderContext(scratch=Path("unused"), blob_path=Path, environment=keys)
    for name in sorted(set(built_in_names()) - {"animatic"}):
        provider = open_provider(name, context)
        assert looks_at_leases(provider), name
        await provider.aclose()
    assert "lease" not in AcmeProvider.create.__annotations__
