"""Brings one shot to its outcome: its takes are made, a take that is there serves, or nothing is made of it.

The take that the cut uses is circled here. `shot` is the shot's name within its series, EPISODE/SCENE/SHOT.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from render.context import RunContext
from render.errors import RenderError
from render.ledger import Take, TakeId, circles, queries, shot_queries
from render.takes.life import Compose, keep_clip, make_take
from render.takes.outcomes import Outcome, ShotState, finished
from storyboard.plan.episode_plan import Action, PlannedShot
from storyboard.takes import TakeState

_UNMADE = {
    Action.BLOCKED: ShotState.BLOCKED,
    Action.UNKNOWN: ShotState.UNKNOWN,
    Action.REFUSED: ShotState.REFUSED,
    Action.WAIVED: ShotState.WAIVED,
    Action.GENERATE: ShotState.MISSING,
    Action.RESUME: ShotState.RUNNING,
}


async def takes_to_make(context: RunContext, opened: Sequence[TakeId], *, only_ordered: bool) -> list[Take]:
    """The takes that were opened for a shot; with `only_ordered` those alone for which an order has left."""
    takes = [await context.read(queries.take, each) for each in opened]
    return [take for take in takes if not only_ordered or take.state is not TakeState.PLANNED]


async def made(context: RunContext, key: str, shot: str, takes: Sequence[Take], compose: Compose) -> Outcome:
    """Make all these takes of a shot; the first good one by number is circled. Raises what the first error was."""
    making = (make_take(context, take.id, compose) for take in takes)
    results = await asyncio.gather(*making, return_exceptions=True)
    good = [take for take in results if isinstance(take, Take)]
    errors = [error for error in results if isinstance(error, BaseException)]
    for error in errors:
        if not good or not isinstance(error, RenderError):
            raise error
    take = await keep_clip(context, await _chosen(context, shot, good))
    note = f"{len(errors)} of {len(results)} takes failed: {errors[0]}" if errors else ""
    return finished(key, ShotState.DONE, take, made=True, message=note)


async def reused(context: RunContext, planned: PlannedShot, shot: str, take_id: TakeId) -> Outcome:
    """A take that is there serves the shot, or stands in for what would be made anew where it is stale."""
    take = await keep_clip(context, await context.read(queries.take, take_id))
    await _circle(context, shot, take)
    if planned.action is not Action.STALE:
        return finished(planned.key, ShotState.DONE, take)
    return finished(planned.key, ShotState.STALE, take, message=planned.reason, stale_since=planned.stale_since)


async def left_alone(context: RunContext, planned: PlannedShot) -> Outcome:
    """A shot for which this run does nothing: nobody asked for it, or something stands in its way."""
    state = _UNMADE.get(planned.action, ShotState.MISSING)
    if planned.action is Action.RESUME and planned.take is not None:
        take = await context.read(queries.take, planned.take)
        state = ShotState.PLANNED if take.state is TakeState.PLANNED else state
    return Outcome(key=planned.key, state=state, message=planned.reason)


async def _chosen(context: RunContext, shot: str, good: Sequence[Take]) -> Take:
    """The take that the cut uses now: the circled one, which a person may have chosen meanwhile."""
    circled = await context.write(circles.circle_best, context.run, shot)
    if circled is None:
        return good[0]
    for take in good:
        if take.id == circled:
            return take
    return await context.read(queries.take, circled)


async def _circle(context: RunContext, shot: str, take: Take) -> None:
    """Circle the take that this shot uses, unless it is circled already (a person's mark is then kept)."""
    circled = await context.read(shot_queries.circles_of, context.series, [shot])
    now = circled[0] if circled else None
    if now is None or (now.take != take.id and not now.by_person):
        await context.write(circles.circle, context.series, shot, take.id, by_person=False)
