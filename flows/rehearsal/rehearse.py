"""The rounds of a rehearsal: a run, then what a producer would do about what went wrong, then the next run.

A producer's deeds are done by the same functions as the commands, and each is told with the command that does it: an
order of unknown outcome is settled by a look at the vendor's own page, an alarm is acknowledged, a shot that was
refused gets a new take. What merely failed is made again by the next run.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flows.rehearsal.isolation import RehearsalEnvironment
from flows.run.session import Result, RunOptions
from flows.run.workspace import Workspace, open_workspace
from flows.terminal.cancellation import run_in_order
from render.context import RunContext
from render.errors import BudgetRefused, Unpriced
from render.ledger import Ledger, RunId, Take, holds, queries, settlement
from render.ledger.stored_request import read_order
from render.takes.outcomes import Outcome, ShotState
from render.takes.reconcile import adopt_named, bury_dead_senders, look_up_all
from render.watcher import Watcher
from storyboard.expand.expansion import expand
from storyboard.loading import load_project
from storyboard.paths import typed
from storyboard.takes import TakeState

__all__ = ["MOST_ROUNDS", "Produce", "Rehearsed", "rehearse"]

MOST_ROUNDS = 12
"""A plan that is drawn from a seed may meet one shot with several faults in a row."""
NOT_THERE = "not charged: the vendor's own page has no such job"
_ORDERED = (TakeState.SUBMITTING, TakeState.UNKNOWN, TakeState.SUBMITTED, TakeState.GENERATED)
_CLOCKS_S = 1.0  # a job is no older than its order, by clocks that are read at different moments

Produce = Callable[[RunOptions], Result]
"""One run of the episode in the room, with or without Prefect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """How a rehearsal ended. `refused` is the cap that stood in the way, before or within a run."""

    rounds: int
    outcomes: tuple[Outcome, ...]
    master: Path | None
    fresh: bool = False  # the master was cut just now
    refused: BudgetRefused | Unpriced | None = None
    over_cap: bool = False

    @property
    def complete(self) -> bool:
        """Whether every shot of the episode is in the master, or was given up by the producer."""
        return self.master is not None and all(outcome.good for outcome in self.outcomes)

    @property
    def left(self) -> tuple[Outcome, ...]:
        """The shots that are missing, in story order."""
        return tuple(outcome for outcome in self.outcomes if not outcome.good)

    @property
    def nothing_new(self) -> bool:
        """Whether it was complete before it began."""
        return self.complete and not self.fresh and not any(outcome.made for outcome in self.outcomes)


def rehearse(
    environment: RehearsalEnvironment, run_options: RunOptions, produce: Produce, watcher: Watcher
) -> Rehearsed:
    """Run until the episode is complete, a cap refuses, only waiting is left, or the rounds are over."""
    rehearsed = Rehearsed(rounds=0, outcomes=(), master=None)
    for number in range(1, MOST_ROUNDS + 1):
        if number > 1:
            watcher.note(f"round {number} of at most {MOST_ROUNDS}: what is missing is made again")
        rehearsed = _round(rehearsed, run_options, produce)
        if _is_settled(rehearsed) or _only_waits(rehearsed) or number == MOST_ROUNDS:
            break
        run_in_order(_mend(environment, watcher), watcher.note)
        retaken = _retakable(environment, run_options, rehearsed)
        if retaken:
            named = f"--shots {','.join(sorted(retaken))} --new-take"
            watcher.note(
                f"refused, so made anew: tailframe produce {typed(environment.project)} {run_options.episode} {named}"
            )
            rehearsed = _round(rehearsed, replace(run_options, shots=retaken, new_take=True), produce)
            rehearsed = replace(rehearsed, rounds=number)
            if _is_settled(rehearsed):
                break
            run_in_order(
                _mend(environment, watcher), watcher.note
            )  # a retake of unknown outcome is settled too, so that another may follow
    return rehearsed


def _round(before: Rehearsed, run_options: RunOptions, produce: Produce) -> Rehearsed:
    try:
        result = produce(run_options)
    except (BudgetRefused, Unpriced) as error:
        return replace(before, rounds=before.rounds + 1, refused=error)
    return Rehearsed(
        rounds=before.rounds + 1,
        outcomes=result.outcomes,
        master=None if result.assembly is None else Path(result.assembly.master.path),
        fresh=result.assembly is not None and result.assembly.fresh,
        over_cap=result.exit_code == 3,
    )


def _is_settled(rehearsed: Rehearsed) -> bool:
    """Whether no further run is wanted: all is there, or a cap stands in the way."""
    return rehearsed.complete or rehearsed.refused is not None or rehearsed.over_cap


def _only_waits(rehearsed: Rehearsed) -> bool:
    """Whether vendors are at work on all that is left, for longer than a rehearsal waits."""
    at_work = [each.code == "still_running" for each in rehearsed.left if each.state is not ShotState.BLOCKED]
    return bool(at_work) and all(at_work)


def _retakable(environment: RehearsalEnvironment, run_options: RunOptions, rehearsed: Rehearsed) -> frozenset[str]:
    """The shots that a vendor refused, save those with a fixed seed: a new take of them would be the same clip."""
    refused = [each.key for each in rehearsed.left if each.state is ShotState.REFUSED]
    if not refused:
        return frozenset()
    episode = expand(load_project(environment.project), run_options.episode, provider=run_options.provider)
    return frozenset(key for key in refused if episode.shot(key).seed is None)


async def _mend(environment: RehearsalEnvironment, watcher: Watcher) -> None:
    """Settle every order of unknown outcome, and acknowledge every alarm, as a person would."""
    series = load_project(environment.project).series.series
    async with open_workspace(environment.project, watcher=watcher, rehearsal=True) as workspace:
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
