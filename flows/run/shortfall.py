"""What a run's money did not reach, told at its end: which shots are left, and which cap is too low."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from flows.run.planned_episode import PlannedEpisode
from render.context import RunContext
from render.ledger import BudgetLine, RunId, approval_queries, queries, shot_queries
from render.ledger.plan_caps import account
from storyboard.approval.priced_orders import orders_of
from storyboard.plan.episode_plan import PlannedShot
from storyboard.takes import LIVE, TakeFacts, TakeState
from storyboard.text.dollars import usd

__all__ = ["told_shortfall"]


async def told_shortfall(
    context: RunContext, reading: PlannedEpisode, beyond: Mapping[str, PlannedShot], budget_usd: Decimal | None
) -> str:
    """What the money did not reach, as things stand now: another run may have ordered some of it meanwhile.

    `beyond` are the shots that were over a cap when the run began, by key; `budget_usd` is the cap that a person wrote
    for this run. Empty where nothing is left.
    """
    if not beyond:
        return ""
    episode, run = reading.episode, context.run
    takes = await context.read(shot_queries.facts_of_wishes, episode.series, {shot.wish for shot in beyond.values()})
    out = [take for take in takes if take.state in LIVE - {TakeState.PLANNED}]
    ordered = {take.wish for take in out if _was_unsent(reading.takes.get(take.id))}
    left = [shot for shot in beyond.values() if shot.wish not in ordered]
    if unapproved := await _unapproved(context, reading, left):
        return unapproved
    lines = await context.read(queries.caps, episode.series, run)
    return account(left, _written(lines, run, budget_usd), episode, run) or account(left, lines, episode, run)


async def _unapproved(context: RunContext, reading: PlannedEpisode, left: Sequence[PlannedShot]) -> str:
    """Where it is an approval that is missing, and no cap that is too low: which shots go beyond what needs none."""
    episode = reading.episode
    bound = None if context.approvals is None else context.approvals.spend_usd
    if bound is None:
        return ""
    cover = await context.read(approval_queries.spending, episode.series, episode.episode)
    wanted = {shot.key for shot in left}
    orders = [order for order in orders_of(reading.plan, tuple(reading.takes.values())) if order.shot in wanted]
    beyond = dict.fromkeys(order.shot for order in cover.beyond(orders, bound))
    if not beyond:
        return ""
    go = f"{', '.join(beyond)} {'goes' if len(beyond) == 1 else 'go'}"
    return (
        f"{go} beyond the {usd(bound)} that {episode.episode} may spend without approval: `tailframe approve` shows "
        "what waits, and approves it"
    )


def _written(lines: Iterable[BudgetLine], run: RunId, budget_usd: Decimal | None) -> list[BudgetLine]:
    """The caps that somebody may raise. A sum that was agreed to is what fitted under these, and no reason."""
    own = ("run", str(run))
    return [replace(line, cap_usd=budget_usd) if (line.scope, line.key) == own else line for line in lines]


def _was_unsent(take: TakeFacts | None) -> bool:
    return take is None or take.state is TakeState.PLANNED
