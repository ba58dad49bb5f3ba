"""Writes a run into the ledger with its caps and its snapshot, and opens the vendors that it may ask."""

from flows.run.episode_approvals import needed_approvals
from flows.run.ledger_facts import asked_of
from flows.run.options import RunOptions
from flows.run.planned_episode import PlannedEpisode, is_todo
from flows.run.retry_budget import new_try
from flows.run.workspace import Workspace
from render.context import RunContext
from render.ledger import Ledger, queries, runs
from render.telemetry import FLOW_RUN, RUN, SERIES, annotate
from storyboard.shot import Caps
from storyboard.takes import TakeState

__all__ = ["register_run"]

_AT_VENDORS = (TakeState.SUBMITTING, TakeState.SUBMITTED, TakeState.GENERATED, TakeState.UNKNOWN)


def register_run(
    workspace: Workspace[Ledger], run_options: RunOptions, reading: PlannedEpisode, snapshot: str
) -> RunContext:
    """Begin the run and open its vendors. Only those that something is to be ordered from have to open."""
    episode, ledger = reading.episode, workspace.ledger
    ledger.write(runs.remember_snapshot, snapshot, episode.series)
    caps = _caps(run_options, reading)
    asked = asked_of(run_options.choices)
    name = None if run_options.try_of is None else new_try(run_options.try_of)
    run = ledger.write(
        runs.begin_run,
        episode.series,
        episode.episode,
        snapshot,
        caps=caps,
        run=name,
        asked=asked,
        orders_until=run_options.orders_until,
    )
    flow_run = None if run_options.try_of is None else run_options.try_of.removesuffix(f"-{episode.episode}")
    annotate({SERIES: episode.series, RUN: run, FLOW_RUN: flow_run})
    workspace.store.note_user(run)
    needed = {shot.provider for shot in reading.plan.shots if is_todo(shot) and shot.provider is not None}
    named = {shot.provider for shot in reading.plan.shots if shot.provider is not None}
    others = {name for shot in reading.plan.shots if is_todo(shot) for name in episode.shot(shot.key).providers}
    earlier = {take.provider for take in ledger.read(queries.takes, episode.series, states=_AT_VENDORS)}
    return workspace.for_series(reading.project.series).run_context(
        episode.series,
        run,
        needed,
        also=named | others | earlier,
        patience=run_options.patience,
        anew=run_options.anew,
        unpriced=run_options.unpriced,
        run_sum_agreed=run_options.run_sum_agreed,
        approvals=None if run_options.rehearsal or not run_options.buys else needed_approvals(reading),
    )


def _caps(run_options: RunOptions, reading: PlannedEpisode) -> Caps | None:
    """The caps to hold; None leaves them. A rehearsal makes what has no known price too, and then no cap can hold."""
    if not run_options.buys:
        return None
    return Caps() if run_options.rehearsal and reading.plan.unpriced_shots else reading.episode.caps
