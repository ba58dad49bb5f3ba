"""The plan as `tailframe plan --json` prints it: a contract with scripts, described in docs/operators.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from storyboard.plan.episode_plan import Plan, PlannedShot
from storyboard.request import BoundReference
from storyboard.shot import Continuity, ContinuityMode
from storyboard.text.dollars import plain_usd


def plan_json(plan: Plan) -> dict[str, Any]:
    """A plan in plain values. Costs are strings of US dollars, or null where the price is not known."""
    return {
        "series": plan.series,
        "episode": plan.episode,
        "estimated_cost_usd": _dollars(plan.estimated_cost_usd),
        "unpriced_shots": plan.unpriced_shots,
        "stale_cost_usd": _dollars(plan.stale_cost_usd),
        "shots": [_shot(shot) for shot in plan.shots],
    }


def plans_json(series: str, plans: Sequence[Plan], unplanned: Mapping[str, str]) -> dict[str, Any]:
    """The plans of several episodes, and what they cost together. `unplanned` says why the others have none."""
    stale = [plan.stale_cost_usd for plan in plans]
    return {
        "series": series,
        "estimated_cost_usd": _dollars(sum((plan.estimated_cost_usd for plan in plans), Decimal(0))),
        "unpriced_shots": sum(plan.unpriced_shots for plan in plans),
        "stale_cost_usd": None if None in stale else _dollars(sum(filter(None, stale), Decimal(0))),
        "episodes": [plan_json(plan) for plan in plans],
        "unplanned": [{"episode": episode, "why": why} for episode, why in unplanned.items()],
    }


def _shot(shot: PlannedShot) -> dict[str, Any]:
    return {
        "key": shot.key,
        "provider": shot.provider,
        "model": shot.model,
        "duration_s": _seconds(shot.duration_s),
        "billed_s": _seconds(shot.billed_s),
        "action": shot.action.value,
        "reason": shot.reason,
        "estimated_cost_usd": _dollars(shot.estimated_cost_usd),
        "prompt": shot.prompt,
        "continuity": _continuity(shot.continuity),
        "references": [_reference(reference) for reference in shot.references],
        **({"archived": shot.archived} if shot.archived else {}),
        **({"named_in": shot.named_in} if shot.named_in else {}),
    }


def _continuity(continuity: Continuity) -> dict[str, str | None] | None:
    if continuity.mode is ContinuityMode.NONE:
        return None
    return {"mode": continuity.mode.value, "from": continuity.source}


def _reference(reference: BoundReference) -> dict[str, str]:
    return {
        "token": reference.token,
        "role": reference.role.value,
        "name": reference.name,
        "source": reference.source,
    }


def _dollars(amount: Decimal | None) -> str | None:
    return None if amount is None else plain_usd(amount)


def _seconds(seconds: Decimal | None) -> float | None:
    return None if seconds is None else float(seconds)
