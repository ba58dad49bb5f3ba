"""Reads and plans the project as a run has frozen it: from its snapshot, with what links and archives hold."""

import asyncio
import contextlib
import os
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flows.run.dated_plan import dated
from flows.run.freeze import checked_out, freeze
from flows.run.options import RunOptions
from flows.run.planned_episode import PlannedEpisode
from flows.run.planning import archives_of, read_plan
from flows.run.retry_budget import less_earlier_tries
from flows.run.workspace import Workspace
from flows.terminal.slow_notice import Telling
from render.concurrency.memory_arenas import share_arenas
from render.concurrency.together import both
from render.ledger import Ledger, claims
from render.media.ffmpeg_needs import need_for_the_cut
from storyboard.loading import load_project

if TYPE_CHECKING:
    from render.episode.finished import Archives

__all__ = ["FrozenProject", "frozen_project"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenProject:
    """A project as one run has frozen it: its snapshot, and a folder with those files. It is read as often as asked."""

    snapshot: str
    folder: Path
    workspace: Workspace[Ledger]
    run_options: RunOptions
    archives: "Archives | None"

    async def first_reading(self) -> PlannedEpisode:
        """The episode and its plan. Links that were never fetched are fetched first: it knows what they hold.

        Meanwhile ffmpeg is asked whether it can make the cut. Raises MediaError where it cannot.
        """
        reading, _ = await both(self.reading(), asyncio.to_thread(need_for_the_cut))
        if reading.unfetched and self.run_options.makes:
            from flows.run.fetch_references import fetch_links

            await fetch_links(reading, self.workspace)
            reading = await self.reading()
        return reading

    async def reading(self) -> PlannedEpisode:
        """The episode and its plan, as things stand now.

        It is read in a thread, which looks into no long film any more once nobody waits for it.
        """
        given_up = threading.Event()

        def told(news: str) -> None:
            if given_up.is_set():
                raise asyncio.CancelledError
            self.workspace.watcher.note(news)

        try:
            return await asyncio.to_thread(_read, self, told)
        finally:
            given_up.set()


@contextlib.asynccontextmanager
async def frozen_project(workspace: Workspace[Ledger], run_options: RunOptions) -> AsyncIterator[FrozenProject]:
    """The snapshot that the run was given, or a new one, for as long as its files are looked at.

    With it a run begins, and its threads.
    """
    share_arenas(workspace.environment)
    snapshot, archives = run_options.snapshot, _archives(workspace, run_options)
    if snapshot is None:
        snapshot = await asyncio.to_thread(freeze, workspace.root, workspace.store)
    with contextlib.ExitStack() as stack:
        opened = checked_out(snapshot, workspace.store, workspace.places.scratch)
        yield FrozenProject(
            snapshot=snapshot,
            folder=await asyncio.to_thread(stack.enter_context, opened),
            workspace=workspace,
            run_options=run_options,
            archives=archives,
        )


def _archives(workspace: Workspace[Ledger], run_options: RunOptions) -> "Archives | None":
    """Where shots may stand that this run would pay for; None where it pays nobody, or was told to pay anew."""
    if run_options.anew or run_options.rehearsal or not run_options.buys:
        return None
    return archives_of(workspace.places, workspace.root, network=True)


def _read(frozen: FrozenProject, told: Telling) -> PlannedEpisode:
    workspace, run_options = frozen.workspace, frozen.run_options
    project = load_project(frozen.folder)
    workspace.ledger.write(claims.expire_leases, project.series.series)
    read = read_plan(
        frozen.folder,
        run_options.episode,
        ledger=workspace.ledger,
        store=workspace.store,
        environment=os.environ,
        choices=run_options.choices,
        provider="animatic" if run_options.preview else run_options.provider,
        caps=run_options.caps,
        preview=run_options.preview,
        told=told,
        archives=frozen.archives,
        loaded=project,
    )
    read = dated(read, workspace.ledger)
    return read if run_options.try_of is None else less_earlier_tries(read, workspace.ledger, run_options.try_of)
