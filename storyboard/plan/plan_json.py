"""The plan as `tailframe plan --json` prints it: a contract with scripts, kept stable. See docs for its meaning."""

from __future__ import annotations

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
