"""A PostgreSQL server that goes away while a step is committed: nobody is told whether it is written."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from render.claim_errors import NotClaimable
from render.errors import LedgerUnavailable, Unconfirmed, passes
from render.ledger import Claimed, Order, RunId, claims, open_ledger, queries
from render.ledger.written_once import written_once
from storyboard.takes import TakeState
from tests.render.ledger.stage import MINUTE, Stage, audit
from tests.thinning import exhaustive, one_in


class BrittleWay:
    """A way to the server that breaks at the next COMMIT: before the server has it, or before its answer comes back."""

    def __init__(self, url: str) -> None:
        self._server = f"{parse_qs(urlsplit(url).query)['host'][0]}/.s.PGSQL.5432"
        self.breaks = ""  # "before" or "after"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"postgresql://postgres@127.0.0.1:{self._listener.getsockname()[1]}{urlsplit(url).path}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Let nobody in any more."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # what wakes the thread that accepts
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, contextlib.suppress(OSError):
            server.connect(self._server)
            threading.Thread(target=_answer, args=(server, client), daemon=True).start()
            while asked := client.recv(65536):
                how, self.breaks = (self.breaks, "") if b"COMMIT\0" in asked else ("", self.breaks)
                if how == "before":
                    break
                if how == "after":
                    client.shutdown(socket.SHUT_RDWR)
                server.sendall(asked)
            if how == "after":
                server.settimeout(5)
                server.recv(1)
            for each in (client, server):
                each.shutdown(socket.SHUT_RDWR)


def _answer(server: socket.socket, client: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while answered := server.recv(65536):
            client.sendall(answered)


@pytest.fixture
def way(postgres_ledger_url: str) -> Iterator[BrittleWay]:
    """A brittle way to a new ledger."""
    with contextlib.closing(BrittleWay(postgres_ledger_url)) as brittle:
        yield brittle


@pytest.fixture
def stage(way: BrittleWay) -> Iterator[Stage]:
    """A run in a ledger that is reached by it."""
    with open_ledger(way.url) as ledger:
        yield Stage.begin(ledger)


def order(run: RunId, reserve: str = "1") -> Order:
    """One that ann sends."""
    return Order(
        run=run,
        owner="ann",
        request_json='{"prompt": "a lamp"}',
        fingerprint="order",
        continuity=None,
        reserve_usd=Decimal(reserve),
        lease=MINUTE,
        account_bound=None,
    )


BREAKS = pytest.mark.parametrize("breaks", ["before", "after"])


@exhaustive
@BREAKS
def test_nobody_is_told_that_nothing_was_written(way: BrittleWay, stage: Stage, breaks: str) -> None:
    """The error says that it is not known, brings what the step returned, and may be asked again."""
    take, way.breaks = stage.planned(), breaks
    with pytest.raises(Unconfirmed, match="while a step was committed") as lost:
        stage.ledger.write(claims.claim, take.id, order(stage.run))
    assert isinstance(lost.value.result, Claimed)
    assert passes(lost.value)
    assert stage.now(take).state is (TakeState.PLANNED if breaks == "before" else TakeState.SUBMITTING)


@one_in(2, first=1)
@BREAKS
def test_a_claim_is_made_once(way: BrittleWay, stage: Stage, breaks: str) -> None:
    """Tried again, it is held by whoever made it, its money is reserved once, and nobody else can claim."""
    take, way.breaks = stage.planned(), breaks
    attempt = written_once(stage.ledger, claims.claim, claims.made, take.id, order(stage.run, reserve="2"))
    with pytest.raises(Unconfirmed):
        attempt()
    claimed = attempt()
    now = stage.now(take)
    assert isinstance(claimed, Claimed)
    assert (now.state, now.lease_expires_at) == (TakeState.SUBMITTING, claimed.lease_expires_at)
    assert now.reserved_usd == Decimal(2)
    with pytest.raises(NotClaimable):
        stage.ledger.write(claims.claim, take.id, order(stage.run))
    audit(stage.ledger)


@exhaustive
def test_another_claim_of_the_same_owner_is_not_taken_for_ones_own(way: BrittleWay, stage: Stage) -> None:
    """Two tasks of a process may claim one take: whose claim came to nothing must not send the other's order."""
    take, way.breaks = stage.planned(), "before"
    attempt = written_once(stage.ledger, claims.claim, claims.made, take.id, order(stage.run))
    with pytest.raises(Unconfirmed):
        attempt()
    stage.ledger.write(claims.claim, take.id, order(stage.run))
    with pytest.raises(NotClaimable):
        attempt()


@exhaustive
def test_a_server_that_is_away_may_be_asked_again(way: BrittleWay, stage: Stage) -> None:
    """And what it cannot do at all may not."""
    way.close()
    stage.ledger.close()
    with pytest.raises(LedgerUnavailable) as away:
        stage.ledger.read(queries.takes, "lighthouse")
    assert passes(away.value)
