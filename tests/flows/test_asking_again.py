"""Asking again by an order's own key may order: it has the same last look as an order, right before its first byte."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flows.run.workspace import Workspace
from render.concurrency.lease import Lease, now_s
from render.context import RunContext
from render.errors import Withheld
from render.ledger import holds, settlement
from render.providers import PublishedReference
from render.providers.base import looks_at_leases
from storyboard.request import Request
from storyboard.takes import TakeState
from tests.acme.fixture import Acme
from tests.acme.provider import AcmeProvider, order_body
from tests.flows.accounts import make_shots
from tests.flows.episodes import FOUR_SECONDS_USD, buys_from, film, ledger_of, money, takes_of
from tests.projects import scene, shot

SHOT = "lamp/010"


class Looking(AcmeProvider):
    """Acme as a vendor that looks at leases. Something happens once an order is on its way to the last look."""

    meanwhile: Callable[[Lease], Lease]

    async def create(  # type: ignore[override]
        self,
        request: Request,
        references: Sequence[PublishedReference],
        *,
        take_id: str,
        callback_url: str | None = None,
        lease: Lease | None = None,
    ) -> str:
        """Order by the take's own key."""
        assert lease is not None
        return await self._http.create(
            "/v1/jobs",
            order_body(request, references),
            read=lambda told: str(told["id"]),
            shot=request.shot,
            headers={"Idempotency-Key": take_id},
            lease=self.meanwhile(lease),
        )


def workspace_with(meanwhile: Callable[[Lease], Lease]) -> type[Workspace]:
    """A workspace whose vendor looks at leases."""

    class Opened(Workspace):
        def run_context(self, *given: Any, **named: Any) -> RunContext:
            context = Workspace.run_context(self, *given, **named)
            for provider in context.providers.values():
                provider.__class__ = Looking
                assert looks_at_leases(provider)
                provider.meanwhile = meanwhile  # type: ignore[attr-defined]
            return context

    return Opened


def make_shots_once(project: Path, meanwhile: Callable[[Lease], Lease]) -> dict[str, str]:
    """One run that ends where its shot has to wait: what may be tried again is tried by whoever runs it."""
    try:
        return make_shots(project, workspace_with(meanwhile))
    except Withheld:
        return {SHOT: "waiting"}


@pytest.fixture
def lost(acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose one order never reached its vendor, and nobody knows."""
    buys_from(acme, monkeypatch, ACME_REPLAYS="1")
    project = film(tmp_path, scene("lamp", shot("010", "lights the lamp")))
    acme.script(on="create", do="drop")
    assert make_shots(project, workspace_with(lambda lease: lease)) == {SHOT: "unknown"}
    assert [take.state for take in takes_of(project)] == [TakeState.UNKNOWN]
    return project


def test_an_order_that_never_arrived_is_sent_by_the_same_key(acme: Acme, lost: Path) -> None:
    """Where nothing happened meanwhile: one job, one charge."""
    assert make_shots(lost, workspace_with(lambda lease: lease)) == {SHOT: "done"}
    assert len(acme.jobs()) == 1
    assert money(lost) == (acme.charged_usd(), 0) == (FOUR_SECONDS_USD, 0)


def settled(project: Path) -> None:
    with ledger_of(project) as ledger:
        ledger.write(
            settlement.settle_unknown, takes_of(project)[0].id, "the vendor's page shows no such job", charged=False
        )


def held(project: Path) -> None:
    with ledger_of(project) as ledger:
        ledger.write(holds.hold, "lighthouse", "ann", "wait")


@pytest.mark.parametrize(("happens", "stands"), [(settled, TakeState.FAILED), (held, TakeState.UNKNOWN)])
def test_what_happens_before_the_first_byte_is_seen(
    acme: Acme, lost: Path, happens: Callable[[Path], None], stands: TakeState
) -> None:
    """A person settled the order, or held its series, between the first look and the last: nothing leaves."""
    heard = len(acme.heard("create"))

    def meanwhile(lease: Lease) -> Lease:
        happens(lost)
        return lease

    made = make_shots_once(lost, meanwhile)

    assert made != {SHOT: "done"}
    assert (len(acme.heard("create")), acme.jobs()) == (heard, [])
    assert [take.state for take in takes_of(lost)] == [stands]


def test_a_machine_that_slept_on_the_way_asks_nothing(acme: Acme, lost: Path) -> None:
    """Its own time to ask is over when it wakes, whatever the ledger says; the next run asks."""
    heard = len(acme.heard("create"))

    assert make_shots_once(lost, lambda lease: replace(lease, ends_at_s=now_s())) != {SHOT: "done"}

    assert (len(acme.heard("create")), acme.jobs()) == (heard, [])
    assert make_shots(lost, workspace_with(lambda lease: lease)) == {SHOT: "done"}
    assert len(acme.jobs()) == 1
