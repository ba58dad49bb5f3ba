"""Makes a master again from the circled takes. Generates nothing, asks no vendor, needs no Prefect."""

from collections.abc import Mapping
from pathlib import Path

from flows.run.beginning import begin
from flows.run.session import Result, RunOptions, Session
from flows.run.workspace import open_workspace
from render.concurrency.together import together
from render.ledger import Take, TakeId, queries
from render.takes.life import keep_clip
from render.takes.outcomes import Outcome, ShotState, finished
from render.watcher import Watcher
from storyboard.plan.episode_plan import Action, PlannedShot
from storyboard.shot_key import full_key

__all__ = ["cut_again"]


async def cut_again(project: Path, episode: str, *, allow_missing: bool = False, watcher: Watcher) -> Result:
    """Cut an episode from what is circled now, whatever the storyboard has become since.

    Without `allow_missing` an episode with gaps is not cut: the result then names them. Raises what `begin` raises.
    """
    nothing = RunOptions(episode=episode, shots=frozenset(), allow_missing=allow_missing)
    async with open_workspace(project, watcher=watcher) as workspace, begin(workspace, nothing) as session:
        circled = {circle.shot: circle.take for circle in session.reading.circles}
        planned = session.reading.plan.shots
        names = {TakeId(take) for shot in planned if (take := circled.get(full_key(episode, shot.key))) is not None}
        takes = await session.context.read(queries.takes_named, names)
        for outcome in await together(_outcome(session, shot, circled, takes) for shot in planned):
            session.production.settle(outcome)
        return await session.finish(asked=frozenset(shot.key for shot in planned))


async def _outcome(
    session: Session, shot: PlannedShot, circled: Mapping[str, str | None], takes: Mapping[TakeId, Take]
) -> Outcome:
    """What the cut has of a shot. Clips are looked at side by side: each is read once more."""
    place = full_key(session.reading.episode.episode, shot.key)
    if place not in circled:
        return Outcome(key=shot.key, state=ShotState.MISSING, message="no take is circled")
    chosen = circled[place]
    if chosen is None:
        return Outcome(key=shot.key, state=ShotState.WAIVED, message="given up by the producer")
    take = await keep_clip(session.context, takes[TakeId(chosen)])
    fits = shot.action is Action.REUSE and shot.take == chosen
    return finished(shot.key, ShotState.DONE if fits else ShotState.STALE, take, message="" if fits else shot.reason)
