"""What a producer would do between two runs of a rehearsal: settle orders of unknown outcome, acknowledge alarms.

A producer's deeds are done by the same functions as the commands, and each is told with the command that does it: an
order of unknown outcome is settled by a look at the vendor's own page, which the sandbox has.
"""

import asyncio
from typing import Any

from flows.rehearsal.isolation import RehearsalEnvironment
from flows.run.workspace import Workspace, open_workspace
from render.context import RunContext
from render.ledger import Ledger, RunId, Take, holds, queries, settlement
from render.ledger.stored_request import read_order
from render.takes.reconcile import adopt_named, bury_dead_senders, look_up_all
from render.watcher import Watcher
from storyboard.loading import load_project
from storyboard.paths import typed
from storyboard.takes import TakeState

__all__ = ["job_of", "mend", "reconcile_command"]

NOT_THERE = "not charged: the vendor's own page has no such job"
_ORDERED = (TakeState.SUBMITTING, TakeState.UNKNOWN, TakeState.SUBMITTED, TakeState.GENERATED)
_CLOCKS_S = 1.0  # a job is no older than its order, by clocks that are read at different moments


async def mend(environment: RehearsalEnvironment, watcher: Watcher) -> None:
    """Settle every order of unknown outcome, and acknowledge every alarm, as a person would."""
    written = load_project(environment.project).series
    series = written.series
    async with open_workspace(environment.project, watcher=watcher, rehearsal=True) as opened:
        workspace = opened.for_series(written)
        takes = await asyncio.to_thread(workspace.ledger.read, queries.takes, series, states=_ORDERED)
        context = workspace.run_context(series, RunId("rehearsal"), (), also={take.provider for take in takes})
        try:
            await bury_dead_senders(context)
            await look_up_all(context)
            await _settle_by_hand(environment, context)
        finally:
            await context.aclose()
        await asyncio.to_thread(_acknowledge, environment, workspace)


async def _settle_by_hand(environment: RehearsalEnvironment, context: RunContext) -> None:
    """What the vendor's own page shows: the job that a lost order became, or that there is none."""
    for take in await context.read(queries.takes, context.series, states=(TakeState.UNKNOWN,)):
        everyone = await context.read(queries.takes_at, take.account)
        owned = {each.job_id for each in everyone if each.job_id is not None}
        job = job_of(take, [each for each in await context.in_thread(environment.jobs) if each["id"] not in owned])
        if job is None:
            await context.write(settlement.settle_unknown, take.id, NOT_THERE, charged=False)
        else:
            await adopt_named(context, take, job)
        context.watcher.note(
            f"settled by a look at {take.provider}'s own page: {reconcile_command(environment, take, job)}"
        )


def job_of(take: Take, jobs: list[dict[str, Any]]) -> str | None:
    """The job that a person would take for this order: of its words and model, no older, the oldest such."""
    if take.request_json is None or take.submitted_at is None:
        return None
    order, since = read_order(take.request_json), take.submitted_at.timestamp() - _CLOCKS_S
    fitting = [
        job
        for job in jobs
        if (job["vendor"], job["model"], job["prompt"]) == (take.provider, order.model, order.prompt)
        and job["created_at"] >= since
    ]
    return min(fitting, key=lambda job: float(job["created_at"]))["id"] if fitting else None


def reconcile_command(environment: RehearsalEnvironment, take: Take, job: str | None) -> str:
    """The command by which a person settles this take."""
    how = "--not-charged" if job is None else f"--adopt {job}"
    return f"tailframe reconcile {typed(environment.project)} --take {take.shot}:{take.number} {how}"


def _acknowledge(environment: RehearsalEnvironment, workspace: Workspace[Ledger]) -> None:
    for alarm in workspace.ledger.read(queries.alarms):
        vendor = workspace.ledger.read(queries.take, alarm.take).provider
        workspace.watcher.note(
            f"an alarm was seen ({alarm.words}): tailframe acknowledge {typed(environment.project)} {vendor}"
        )
        workspace.ledger.write(holds.acknowledge, alarm.account)
