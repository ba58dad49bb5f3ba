"""A process of its own that works on a ledger, for the tests that race several of them or kill one."""

from __future__ import annotations

import sys
import uuid
from datetime import timedelta
from decimal import Decimal

from render.claim_errors import AccountFull, BudgetRefused, NotClaimable, OnHold
from render.ledger import Claimed, Ledger, Order, RunId, TakeId, claims, open_ledger, settlement
from storyboard.shot import Caps
from tests.render.ledger.stage import Stage, clip, want


def race(url: str, run: str, *takes: str) -> None:
    """Claim each of these takes once the word is given; print what was won."""
    with open_ledger(url) as ledger:
        print("ready", flush=True)
        sys.stdin.readline()
        won = sum(try_claim(ledger, RunId(run), TakeId(take), owner=uuid.uuid4().hex) for take in takes)
    print(won, flush=True)


def try_claim(ledger: Ledger, run: RunId, take: TakeId, *, owner: str, bound: int | None = None) -> bool:
    """Claim one take for a dollar, under an order that every take of this number shares; whether it was won."""
    try:
        claimed = ledger.write(
            claims.claim,
            take,
            Order(
                run=run,
                owner=owner,
                request_json="{}",
                fingerprint=f"order of {take}",
                continuity=None,
                reserve_usd=Decimal(1),
                lease=timedelta(minutes=5),
                account_bound=bound,
            ),
        )
    except (BudgetRefused, NotClaimable, AccountFull, OnHold):
        return False
    return isinstance(claimed, Claimed)


def work_until_killed(url: str) -> None:
    """Open, claim, submit and finish takes without end; say each step before it is taken."""
    with open_ledger(url) as ledger:
        stage = Stage.begin(ledger, Caps(series=Decimal(10**6)))
        for index in range(10**6):
            take = stage.open(want(f"e01/mortal/{index}-{uuid.uuid4().hex[:6]}"))[0]
            stage.claim(take)
            print(index, flush=True)
            stage.generate(stage.submit(take), cost="0.5")
            ledger.write(settlement.done, take.id, clip(take.id))


if __name__ == "__main__":
    {"race": race, "work": work_until_killed}[sys.argv[1]](*sys.argv[2:])
