"""How a run ends: the episode is cut where it can be cut, archived, and it is said what became of each shot."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from flows.run.episode_approvals import animatic_key
from flows.run.finished_cut import finished_key, used_by
from flows.run.run_result import Result, concluded
from flows.run.shortfall import told_shortfall
from flows.run.told_end import told_end
from flows.run.unreached_hours import told_hours
from render.cards.card_files import stored_files
from render.decisions import decided
from render.episode.assemble import Assembly, assemble
from render.ledger import queries, recipes, runs
from render.store.snapshot import files_of
from render.takes.outcomes import Outcome, ShotState
from render.telemetry import OUTCOME, annotate

if TYPE_CHECKING:
    from flows.run.session import Session

__all__ = ["conclude"]

_LOG = logging.getLogger(__name__)

_OUTCOMES = {0: "done", 1: "not_done", 3: "beyond_budget"}
"""How telemetry calls what exit codes say of a run."""


async def conclude(session: "Session", asked: frozenset[str] | None) -> Result:
    """Cut, archive and write down the end of a run whose shots have all their outcomes; see `Session.finish`."""
    context, reading = session.context, session.reading
    outcomes = tuple(session.production.outcomes[shot.key] for shot in reading.episode.shots)
    if asked is None:
        asked = frozenset(shot.key for shot in reading.plan.shots if shot.asked)
    whole = all(outcome.clip is not None or outcome.state is ShotState.WAIVED for outcome in outcomes)
    assembly = None
    wanted = session.run_options.cut and (whole or session.run_options.allow_missing)
    if wanted and any(outcome.clip is not None for outcome in outcomes):
        assembly = await _assemble(session, outcomes)
    if assembly is not None and not assembly.fresh and not any(outcome.made for outcome in outcomes):
        context.watcher.note("nothing changed: no take was made, and the master is as it was")
    if assembly is not None and whole and session.run_options.preview:
        await context.write(recipes.remember_derived, animatic_key(reading), assembly.master.sha256)
    if assembly is not None and whole:
        await _remember_finished(session, outcomes, assembly)
    told = await told_shortfall(context, reading, session.beyond, session.run_options.budget_usd)
    hours = told_hours(reading.episode, outcomes, session.run_options.orders_until)
    result = concluded(outcomes, asked, assembly, told, hours)
    await context.write(runs.end_run, context.run, told_end(result, reading, session.run_options))
    annotate({OUTCOME: _OUTCOMES[result.exit_code]})
    decided(_LOG, "run ended", run=context.run, exit_code=result.exit_code, why=result.message)
    return result


async def _remember_finished(session: "Session", outcomes: tuple[Outcome, ...], assembly: Assembly) -> None:
    """So that no run is started for it again while nothing changes."""
    context, reading = session.context, session.reading
    if assembly.archived is None or session.run_options.rehearsal:
        return
    files = await context.in_thread(files_of, session.snapshot, context.store)
    notes = await context.read(queries.notes, reading.episode.series)
    key = finished_key(reading, used_by(outcomes), files, notes, session.workspace.places.archive_url)
    await context.write(recipes.remember_derived, key, assembly.master.sha256)


async def _assemble(session: "Session", outcomes: tuple[Outcome, ...]) -> Assembly:
    places, reading = session.workspace.places, session.reading
    return await assemble(
        session.context,
        reading.episode,
        outcomes,
        snapshot=session.snapshot,
        file_of=_files_of(session),
        references={source: facts.sha256 for source, facts in reading.references.items()},
        output=session.run_options.output(places),
        archive_url=None if session.run_options.preview else places.archive_url,
        project=places.project,
        own_archive=places.within(places.archive_url) is not None,
    )


def _files_of(session: "Session") -> Callable[[str], Path]:
    """Gives the files that the YAML names, as the run has frozen them."""
    store = session.context.store

    def file_of(source: str) -> Path:
        files = stored_files(files_of(session.snapshot, store), session.reading.project.respelled, store)
        return files(source)

    return file_of
