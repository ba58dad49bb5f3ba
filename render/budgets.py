"""Holds a plan against the caps before anything is claimed. The claims check again; here a producer hears it first.

The ledger's own check is the one that counts (two runs at once, a price that changed); this one refuses a run whose
plan already costs more than is left, or picks what fits in story order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from render.errors import BudgetRefused, Unpriced
from render.ledger import BudgetLine, RunId
from storyboard.plan import PlannedShot
from storyboard.shot import Episode


def cost_of(shot: PlannedShot) -> Decimal | None:
    """What a shot still has to reserve, in US dollars; None where its price is not known."""
    return shot.estimated_cost_usd


def refuse_above_caps(shots: Sequence[PlannedShot], lines: Iterable[BudgetLine], episode: Episode, run: RunId) -> None:
    """Raise BudgetRefused (Unpriced) where these shots cannot all be made under the caps."""
    caps = _in_force(lines, episode, run)
    if not caps:
        return
    unpriced = [shot.key for shot in shots if cost_of(shot) is None]
    if unpriced:
        raise Unpriced(
            f"the price of {', '.join(unpriced)} is not known, and there is a cap to hold. "
            "State one under `prices:` in series.yaml, or take the caps away"
        )
    asked = sum((cost_of(shot) or Decimal(0) for shot in shots), Decimal(0))
    for line in caps:
        assert line.cap_usd is not None
        if asked and asked > (line.left_usd or Decimal(0)):
            raise BudgetRefused(
                scope=line.scope,
                key=line.key,
                cap=line.cap_usd,
                spent=line.spent_usd,
                reserved=line.reserved_usd,
                asked=asked,
            )


def affordable(
    shots: Sequence[PlannedShot], lines: Iterable[BudgetLine], episode: Episode, run: RunId
) -> frozenset[str]:
    """The keys of the shots that fit under every cap, taken in story order until the first that does not.

    What costs nothing (a take that is paid for already) fits wherever it stands.
    """
    caps = _in_force(lines, episode, run)
    left = min((line.left_usd for line in caps if line.left_usd is not None), default=None)
    if left is None:
        return frozenset(shot.key for shot in shots)
    fitting: set[str] = set()
    full = False
    for shot in shots:
        cost = cost_of(shot)
        if cost == 0:
            fitting.add(shot.key)
        elif not full and cost is not None and cost <= left:
            left -= cost
            fitting.add(shot.key)
        else:
            full = True
    return frozenset(fitting)


def _in_force(lines: Iterable[BudgetLine], episode: Episode, run: RunId) -> list[BudgetLine]:
    """Every cap that this run's claims will meet. The newest day is today: a run begins with a line for it."""
    every = list(lines)
    today = max((line.key for line in every if line.scope == "day"), default="")
    mine = {"series": episode.series, "episode": episode.episode, "run": str(run), "day": today}
    return [line for line in every if line.cap_usd is not None and mine.get(line.scope) == line.key]
