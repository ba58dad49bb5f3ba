"""One run of one episode from its first look at the project to the finished master, without Prefect.

    async with open_workspace(root) as workspace:
        async with begin(workspace, assignment) as session:    # snapshot, plan, budget, takes opened
            await session.make_all(session.production.make)
            result = await session.finish()

`flows.prefect.produce` gives `make_all` a Prefect task for each shot; whatever decides anything is here and below.
"""

import asyncio
import contextlib
import logging
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flows.run.fetch_references import fetch_links
from flows.run.freeze import checked_out, freeze
from flows.run.ledger_facts import asked_of
from flows.run.options import RunOptions
from flows.run.planned_episode import PlannedEpisode, films_of, is_todo
from flows.run.planning import archives_of, read_plan
from flows.run.retry_budget import less_earlier_tries, new_try
from flows.run.run_result import Result, concluded
from flows.run.shortfall import told_shortfall
from flows.run.workspace import Workspace
from flows.terminal.slow_notice import Telling
from render.context import RunContext
from render.decisions import decided
from render.episode.archive.trial_write import try_archive
from render.episode.assemble import Assembly, assemble
from render.episode.cutting_room import CuttingRoom, KeptPieces
from render.episode.elsewhere import refuse_archived, refuse_ordered_elsewhere
from render.episode.finished import Archives
from render.errors import StoreError, Transient
from render.ledger import Ledger, TakeId, Want, claims, queries, runs, take_slots
from render.ledger.plan_caps import beyond_caps, refuse_above_caps, why_beyond
from render.media.ffmpeg_needs import need_for_films, need_for_the_cut
from render.takes.outcomes import Outcome, ShotState, spoilt
from render.takes.production import Production
from render.takes.reconcile import look_up_all
from render.takes.resume import carry_on
from storyboard.continuity.chains import roots, successors
from storyboard.loading import load_project
from storyboard.paths import refuse_link_out
from storyboard.plan.episode_plan import PlannedShot
from storyboard.shot import Caps, Episode
from storyboard.shot_key import ShotKey, full_key
from storyboard.takes import TakeState

Make = Callable[[str], Awaitable[Outcome]]
"""Makes one shot by its key; see `Production.make`."""

_LOG = logging.getLogger(__name__)
_AT_VENDORS = (TakeState.SUBMITTING, TakeState.SUBMITTED, TakeState.GENERATED, TakeState.UNKNOWN)

__all__ = ["Result", "RunOptions", "Session", "along_chains", "begin"]


@dataclass(slots=True, kw_only=True)
class Session:
    """The context of one run of one episode that has begun: its takes are opened, each shot's work is known.

    It holds what the run was asked for and works on (assignment, plan, snapshot), and what it works with: the
    workspace, and a bench, a production and a cutting room of its own. `begin` makes it, and closes the bench when its
    block ends; `finish` waits for the cutting room. The workspace is its caller's.
    """

    workspace: Workspace[Ledger]
    run_options: RunOptions
    reading: PlannedEpisode
    snapshot: str
    context: RunContext
    production: Production
    cutting_room: CuttingRoom
    beyond: Mapping[str, PlannedShot]  # shots that the money does not reach, in story order

    async def make_all(self, make: Make) -> None:
        """Bring every shot to its outcome, and every take of earlier runs to its end."""

        async def attempt(key: str) -> None:
            await self._attempt(key, make if self.production.needs_work(key) else self.production.make)

        opened = [take for takes in self.production.opened.values() for take in takes]
        both = carry_on(self.context, opened), along_chains(self.reading.episode, attempt)
        for ended in await asyncio.gather(*both, return_exceptions=True):
            if isinstance(ended, BaseException):
                raise ended

    async def _attempt(self, key: str, make: Make) -> None:
        if key in self.beyond:
            why = why_beyond(self.beyond[key])
            self.production.settle(Outcome(key=key, state=ShotState.MISSING, message=why, budget=True))
            return
        try:
            self.cutting_room.take_in(await make(key))
        except Exception as error:  # whatever one shot meets, the others go on
            if not isinstance(error, Transient):
                _LOG.exception("shot %s ended by an error that nobody expected", key)
            self.production.settle(spoilt(key, error))

    async def finish(self, *, asked: frozenset[str] | None = None) -> Result:
        """Cut the episode where it can be cut, archive it, and say how the run ended.

        `asked` are the shots that the exit code answers for; None: those that the plan says were asked for.
        """
        await self.cutting_room.close()
        outcomes = tuple(self.production.outcomes[shot.key] for shot in self.reading.episode.shots)
        if asked is None:
            asked = frozenset(shot.key for shot in self.reading.plan.shots if shot.asked)
        whole = all(outcome.clip is not None or outcome.state is ShotState.WAIVED for outcome in outcomes)
        assembly = None
        if (whole or self.run_options.allow_missing) and any(outcome.clip is not None for outcome in outcomes):
            assembly = await self._assemble(outcomes)
        if assembly is not None and not assembly.fresh and not any(outcome.made for outcome in outcomes):
            self.context.watcher.note("nothing changed: no take was made, and the master is as it was")
        told = await told_shortfall(self.context, self.reading, self.beyond, self.run_options.budget_usd)
        await self.context.write(runs.end_run, self.context.run)
        result = concluded(outcomes, asked, assembly, told)
        decided(_LOG, "run ended", run=self.context.run, exit_code=result.exit_code, why=result.message)
        return result

    async def _assemble(self, outcomes: tuple[Outcome, ...]) -> Assembly:
        places = self.workspace.places
        return await assemble(
            self.context,
            self.reading.episode,
            outcomes,
            snapshot=self.snapshot,
            references={source: facts.sha256 for source, facts in self.reading.references.items()},
            output=_output(self.workspace, self.run_options),
            archive_url=None if self.run_options.preview else places.archive_url,
            project=places.project,
            own_archive=places.within(places.archive_url) is not None,
        )


async def along_chains(episode: Episode, attempt: Callable[[str], Awaitable[None]]) -> None:
    """Attempt every shot: each after the one whose frame it needs, everything else side by side."""
    following = successors(episode)

    async def follow(key: str) -> None:
        await attempt(key)
        for after in following[key]:
            shots.create_task(follow(after))

    async with asyncio.TaskGroup() as shots:  # whatever ends it leaves no shot behind, as `gather` would
        for key in roots(episode):
            shots.create_task(follow(key))


@contextlib.asynccontextmanager
async def begin(workspace: Workspace[Ledger], run_options: RunOptions) -> AsyncIterator[Session]:
    """Freeze the project, plan it, hold the plan against the caps, and open every take the run will make.

    Links that were never fetched are fetched first, so that the plan knows what they hold.
    Raises InvalidProject, NoSuchName, OrderedElsewhere and StandsInArchive (exit 2), BudgetRefused and Unpriced (exit
    3), MediaError where ffmpeg could not make the cut, or show a film in the master's colours, StoreError where the
    archive could not take it; nothing is claimed by then.
    """
    await asyncio.to_thread(need_for_the_cut)
    snapshot, archives = run_options.snapshot, _archives(workspace, run_options)
    if snapshot is None:
        snapshot = await asyncio.to_thread(freeze, workspace.root, workspace.store)
    async with _look_at(workspace, snapshot) as frozen:
        reading = await _reading(workspace, run_options, frozen, archives)
        if reading.unfetched and run_options.makes:
            await fetch_links(reading, workspace)
            reading = await _reading(workspace, run_options, frozen, archives)
        _refuse_links_out(workspace, run_options, reading.episode)
        await asyncio.to_thread(need_for_films, films_of(reading))
        if run_options.buys and any(is_todo(shot) for shot in reading.plan.shots):
            await asyncio.to_thread(_try_archive, workspace)
        context = await asyncio.to_thread(_context, workspace, run_options, reading, snapshot)
        try:
            if run_options.buys and await look_up_all(context):
                reading = await _reading(workspace, run_options, frozen, archives)
            yield await _open(workspace, run_options, reading, snapshot, context)
        finally:
            await context.aclose()


@contextlib.asynccontextmanager
async def _look_at(workspace: Workspace[Ledger], snapshot: str) -> AsyncIterator[Path]:
    with contextlib.ExitStack() as stack:
        opened = checked_out(snapshot, workspace.store, workspace.places.scratch)
        yield await asyncio.to_thread(stack.enter_context, opened)


def _output(workspace: Workspace[Ledger], run_options: RunOptions) -> Path:
    output = workspace.places.output(run_options.episode)
    return output / "preview" if run_options.preview else output


def _refuse_links_out(workspace: Workspace[Ledger], run_options: RunOptions, episode: Episode) -> None:
    """Clips are laid in a folder a scene. One that leads out of the project is told before anything is made."""
    for scene in {shot.key.partition("/")[0] for shot in episode.shots}:
        refuse_link_out(workspace.places.project, _output(workspace, run_options) / "clips" / scene)


def _try_archive(workspace: Workspace[Ledger]) -> None:
    """Whatever is paid for must find a place. Tried once a run, before anything is claimed."""
    url = workspace.places.archive_url
    try:
        try_archive(url, within=workspace.places.within(url))
    except StoreError as error:
        told = f"the archive cannot take the episode, so nothing was ordered: {error.message}"
        raise StoreError(told, error.remedy) from error


def _context(
    workspace: Workspace[Ledger], run_options: RunOptions, reading: PlannedEpisode, snapshot: str
) -> RunContext:
    """Begin the run and open its vendors. Only those that something is to be ordered from have to open."""
    episode, ledger = reading.episode, workspace.ledger
    ledger.write(runs.remember_snapshot, snapshot, episode.series)
    caps = _caps(run_options, reading)
    asked = asked_of(run_options.choices)
    name = None if run_options.try_of is None else new_try(run_options.try_of)
    run = ledger.write(runs.begin_run, episode.series, episode.episode, snapshot, caps=caps, run=name, asked=asked)
    needed = {shot.provider for shot in reading.plan.shots if is_todo(shot) and shot.provider is not None}
    named = {shot.provider for shot in reading.plan.shots if shot.provider is not None}
    others = {name for shot in reading.plan.shots if is_todo(shot) for name in episode.shot(shot.key).providers}
    earlier = {take.provider for take in ledger.read(queries.takes, episode.series, states=_AT_VENDORS)}
    return workspace.run_context(
        episode.series,
        run,
        needed,
        also=named | others | earlier,
        patience=run_options.patience,
        anew=run_options.anew,
        unpriced=run_options.unpriced,
    )


def _caps(run_options: RunOptions, reading: PlannedEpisode) -> Caps | None:
    """The caps to hold; None leaves them. A rehearsal makes what has no known price too, and then no cap can hold."""
    if not run_options.buys:
        return None
    return Caps() if run_options.rehearsal and reading.plan.unpriced_shots else reading.episode.caps


def _archives(workspace: Workspace[Ledger], run_options: RunOptions) -> Archives | None:
    """Where shots may stand that this run would pay for; None where it pays nobody, or was told to pay anew."""
    if run_options.anew or run_options.rehearsal or not run_options.buys:
        return None
    return archives_of(workspace.places, workspace.root, network=True)


async def _reading(
    workspace: Workspace[Ledger], run_options: RunOptions, root: Path, archives: Archives | None
) -> PlannedEpisode:
    """Read and plan in a thread, which looks into no long film any more once nobody waits for it."""
    given_up = threading.Event()

    def told(news: str) -> None:
        if given_up.is_set():
            raise asyncio.CancelledError
        workspace.watcher.note(news)

    try:
        return await asyncio.to_thread(_read, workspace, run_options, root, told, archives)
    finally:
        given_up.set()


def _read(
    workspace: Workspace[Ledger], run_options: RunOptions, root: Path, told: Telling, archives: Archives | None
) -> PlannedEpisode:
    workspace.ledger.write(claims.expire_leases, load_project(root).series.series)
    provider = "animatic" if run_options.preview else run_options.provider
    read = read_plan(
        root,
        run_options.episode,
        ledger=workspace.ledger,
        store=workspace.store,
        environment=os.environ,
        choices=run_options.choices,
        provider=provider,
        caps=Caps(run=run_options.run_cap_usd, day=run_options.day_budget_usd),
        preview=run_options.preview,
        told=told,
        archives=archives,
    )
    return read if run_options.try_of is None else less_earlier_tries(read, workspace.ledger, run_options.try_of)


async def _open(
    workspace: Workspace[Ledger], run_options: RunOptions, reading: PlannedEpisode, snapshot: str, context: RunContext
) -> Session:
    episode, run = reading.episode, context.run
    todo = [shot for shot in reading.plan.shots if is_todo(shot)]
    for note in reading.notes:
        context.watcher.note(note)
    refuse_archived(todo, workspace.root)
    # Read after the plan, so that what other runs claim in between counts twice here, and never not at all.
    lines = await context.read(queries.budgets, episode.series)
    beyond: dict[str, PlannedShot] = {}
    if run_options.until_budget:
        beyond = {shot.key: shot for shot in beyond_caps(todo, lines, episode, run, unpriced=run_options.unpriced)}
    else:
        refuse_above_caps(todo, lines, episode, run, unpriced=run_options.unpriced)
    if not run_options.anew:
        refuse_ordered_elsewhere([shot for shot in todo if shot.key not in beyond])
    wants = [want for shot in todo if shot.key not in beyond for want in _wants(run_options, reading, shot)]
    most_usd, count = reading.plan.estimated_cost_usd, len(todo) - len(beyond)
    decided(_LOG, "run begun", run=run, episode=episode.episode, snapshot=snapshot, shots=count, up_to_usd=most_usd)
    takes = await context.write(take_slots.open_takes, run, wants)
    for shot in reading.plan.shots:
        if shot.asked:
            context.watcher.shot(shot.key, "planned")
    production = Production(
        context=context,
        episode=episode,
        plan=reading.plan,
        references=reading.references,
        capabilities=reading.capabilities,
        receipts=reading.receipts,
        opened=_by_shot(wants, [take.id for take in takes]),
        preview=run_options.preview,
    )
    return Session(
        workspace=workspace,
        run_options=run_options,
        reading=reading,
        snapshot=snapshot,
        context=context,
        production=production,
        cutting_room=CuttingRoom(episode, KeptPieces(context.store, context.derived), context.scratch, context.watcher),
        beyond=beyond,
    )


def _wants(run_options: RunOptions, reading: PlannedEpisode, shot: PlannedShot) -> Iterable[Want]:
    if shot.provider is None or shot.account is None or shot.model is None:
        return
    for ordinal, variation in enumerate(shot.variations):
        yield Want(
            shot=full_key(reading.episode.episode, shot.key, preview=run_options.preview),
            ordinal=ordinal,
            wish=shot.wish,
            variation=variation,
            provider=shot.provider,
            account=shot.account,
            model=shot.model,
            new=shot.new,
            gives_up=shot.gives_up,
        )


def _by_shot(wants: list[Want], takes: list[TakeId]) -> dict[str, list[TakeId]]:
    opened: dict[str, list[TakeId]] = {}
    for want, take in zip(wants, takes, strict=True):
        opened.setdefault(ShotKey.parse(want.shot).local, []).append(take)
    return opened
