"""Holds a plan against the caps before anything is claimed. The claims check again; here a producer hears it first.

The ledger's own check is the one that counts (two runs at once, a price that changed); this one refuses a run whose
plan already costs more than is left, or picks what fits in story order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from render.claim_errors import BudgetRefused, Unpriced
from render.ledger import BudgetLine, RunId
from storyboard.continuity.chains import order
from storyboard.plan.episode_plan import PlannedShot
from storyboard.shot import Episode
from storyboard.text.dollars import usd

MOST_NAMED = 6
"""Shots that an account names one by one; a plan names them all."""


def cost_of(shot: PlannedShot) -> Decimal | None:
    """What a shot still has to reserve, in US dollars; None where its price is not known."""
    return shot.estimated_cost_usd


def refuse_above_caps(
    shots: Sequence[PlannedShot],
    lines: Iterable[BudgetLine],
    episode: Episode,
    run: RunId,
    *,
    unpriced: Collection[str] = (),
) -> None:
    """Raise BudgetRefused (Unpriced) where these shots cannot all be made under the caps.

    `unpriced` are shots whose price nobody knows, and to which somebody agreed beside the sum that caps the run.
    """
    caps = _in_force(lines, episode, run)
    if not caps:
        return
    agreed = _agreed(unpriced, caps)
    unknown = [shot.key for shot in shots if cost_of(shot) is None and shot.key not in agreed]
    if unknown:
        raise Unpriced(
            f"the price of {', '.join(unknown)} is not known, and there is a cap to hold",
            "State one under `prices:` in series.yaml, or take the caps away",
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


def beyond_caps(
    shots: Sequence[PlannedShot],
    lines: Iterable[BudgetLine],
    episode: Episode,
    run: RunId,
    *,
    unpriced: Collection[str] = (),
) -> tuple[PlannedShot, ...]:
    """The shots that the money does not reach: the first in story order that does not fit under every cap, and all
    after it, so that no cheaper shot is bought ahead of its turn.

    A shot that continues a later one comes after that. What costs nothing (a take that is paid for already) is always
    within reach, and so is what somebody agreed to at an unknown price, as in `refuse_above_caps`.
    """
    caps = _in_force(lines, episode, run)
    left = min((line.left_usd for line in caps if line.left_usd is not None), default=None)
    if left is None:
        return ()
    agreed = _agreed(unpriced, caps)
    place = {key: index for index, key in enumerate(order(episode))}
    beyond: list[PlannedShot] = []
    for shot in sorted(shots, key=lambda each: place[each.key]):
        cost = cost_of(shot)
        if cost == 0 or (cost is None and shot.key in agreed):
            continue
        if beyond or cost is None or cost > left:
            beyond.append(shot)
        else:
            left -= cost
    return tuple(beyond)


def why_beyond(shot: PlannedShot) -> str:
    """Why one shot was not made, for whoever asks about that shot alone."""
    cost = cost_of(shot)
    return f"what may be spent does not reach it: it needs {'a price' if cost is None else usd(cost)}"


def foretold(shots: Sequence[PlannedShot], lines: Iterable[BudgetLine], episode: Episode, run: RunId) -> str:
    """What a run that makes what fits would make, and its account, before it has begun; empty where all fits."""
    lines = list(lines)
    beyond = beyond_caps(shots, lines, episode, run)
    if not beyond:
        return ""
    fitting = [cost for shot in shots if shot not in beyond and (cost := cost_of(shot))]
    paid = sum(fitting, Decimal(0))
    then = [replace(line, reserved_usd=line.reserved_usd + paid) for line in lines]
    count = f"{len(fitting)} {'shot' if len(fitting) == 1 else 'shots'}"
    return f"--until-budget makes {count} for {usd(paid)}; {account(beyond, then, episode, run)}"


def lines_ahead(known: Iterable[BudgetLine], episode: Episode, run: RunId, today: str) -> tuple[BudgetLine, ...]:
    """The lines that a run would meet if it began now: the caps as they are written today, and what is known to count
    against them. `today` is an ISO date, UTC."""
    so_far = {(line.scope, line.key): line for line in known}
    keys = {"series": episode.series, "episode": episode.episode, "day": today, "run": str(run)}
    none = Decimal(0)
    return tuple(
        replace(
            so_far.get((scope, key), BudgetLine(scope=scope, key=key, cap_usd=None, spent_usd=none, reserved_usd=none)),
            cap_usd=getattr(episode.caps, scope),
        )
        for scope, key in keys.items()
    )


def account(beyond: Sequence[PlannedShot], lines: Iterable[BudgetLine], episode: Episode, run: RunId) -> str:
    """What was left out, what it needs and what is left of the tightest cap, in one sentence; empty where nothing was.

    Money may have come free since the run made up its mind (a refund, a clip that cost less than was set aside). It is
    not spent behind a producer's back: the account says that the next run will.
    """
    caps = [line for line in _in_force(lines, episode, run) if line.left_usd is not None]
    if not beyond or not caps:
        return ""
    tightest = min(caps, key=lambda line: line.left_usd or Decimal(0))
    told = f"the money does not reach {_named(beyond)}, which {_needed(beyond)}; {_left(tightest)}"
    following, left = cost_of(beyond[0]), tightest.left_usd or Decimal(0)
    if following is None:
        return f"{told}. State the price of {beyond[0].key} under `prices:` in series.yaml, then produce again"
    if following <= left:
        return f"{told}, which came free meanwhile: produce again to make {beyond[0].key} ({usd(following)})"
    return f"{told}. Next is {beyond[0].key} ({usd(following)}): raise the cap, then produce again"


def _agreed(unpriced: Collection[str], caps: Iterable[BudgetLine]) -> Collection[str]:
    """Those of the shots that an unknown price does not keep out: under any other cap than the run's own, none."""
    return unpriced if all(line.scope == "run" for line in caps) else ()


def _named(shots: Sequence[PlannedShot]) -> str:
    keys = [shot.key for shot in shots]
    if len(keys) <= MOST_NAMED:
        return ", ".join(keys)
    return f"{', '.join(keys[:MOST_NAMED])} and {len(keys) - MOST_NAMED} more"


def _needed(shots: Sequence[PlannedShot]) -> str:
    unpriced = sum(cost_of(shot) is None for shot in shots)
    known = usd(sum((cost_of(shot) or Decimal(0) for shot in shots), Decimal(0)))
    need = f"need{'s' if len(shots) == 1 else ''} {known}"
    return f"{need} and a price for {unpriced} of them" if unpriced else need


def _left(line: BudgetLine) -> str:
    which = "the run's budget" if line.scope == "run" else f"the {line.scope} budget ({line.key})"
    reserved = f", {usd(line.reserved_usd)} reserved" if line.reserved_usd else ""
    spent = f"{usd(line.spent_usd)} spent{reserved}"
    return f"{which} of {usd(line.cap_usd or Decimal(0))} has {usd(line.left_usd or Decimal(0))} left ({spent})"


def _in_force(lines: Iterable[BudgetLine], episode: Episode, run: RunId) -> list[BudgetLine]:
    """Every cap that this run's claims will meet. The newest day is today: a run begins with a line for it."""
    every = list(lines)
    today = max((line.key for line in every if line.scope == "day"), default="")
    mine = {"series": episode.series, "episode": episode.episode, "run": str(run), "day": today}
    return [line for line in every if line.cap_usd is not None and mine.get(line.scope) == line.key]
