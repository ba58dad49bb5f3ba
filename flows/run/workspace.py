"""The one place where a project's ledger, store and vendors are opened: by commands, flows, doctor and rehearsals.

    workspace = workspace_of(project)                  # settings and places; no ledger
    with workspace.reading() as opened: ...            # the ledger to look at: makes no file, loads no database library
    with workspace.writing() as opened: ...            # the ledger for a decision that a person made
    async with open_workspace(project) as opened: ...  # for a run that may order: the store is looked at, a claim has
                                                       # an owner, and `context` opens the vendors

The store is opened when it is first asked for. Every library that one of these needs is imported when it is opened.
"""

import contextlib
import os
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from flows.run.boundaries import own_places, refuse_lonely_store
from flows.settings import Places, Settings, read_settings
from render.watcher import Unwatched, Watcher

if TYPE_CHECKING:
    from render.concurrency.process_lock import Owner
    from render.context import RunContext
    from render.ledger import Ledger, LedgerReader, RunId
    from render.providers import Provider
    from render.store import Store
    from storyboard.approval_rules import NeededApprovals
    from storyboard.model import SeriesFile

__all__ = ["Workspace", "open_workspace", "unopened", "workspace_of"]

REHEARSED_CLIP_PATIENCE = timedelta(seconds=10)  # a sandbox is never late by much

LedgerT_co = TypeVar("LedgerT_co", bound="LedgerReader | None", covariant=True)
"""How the ledger was opened: `Ledger` to write, `LedgerReader | None` to read, None not at all."""

AnotherT = TypeVar("AnotherT", bound="LedgerReader | None")


@dataclass(frozen=True, kw_only=True)
class Workspace(Generic[LedgerT_co]):
    """One project's places, opened: the context of one command or one flow run.

    It holds the settings and the environment as they were read, where things are, the ledger as far as it was opened,
    the store, and whoever watches. `workspace_of` makes one without a ledger; `reading`, `writing` and
    `open_workspace` make one with it, for as long as their block lasts, and close what they opened at its end. The
    store needs no closing; vendors are opened by `context`, and closed with that.
    """

    root: Path
    environment: Mapping[str, str] = field(repr=False)
    settings: Settings
    places: Places
    ledger: LedgerT_co
    open_store: "Callable[[], Store]" = field(repr=False)  # the same one, however often it is called
    owner: "Owner | None" = None  # whose claims are made here; None: nothing is ordered
    watcher: Watcher = field(default_factory=Unwatched)
    rehearsal: bool = False  # then only vendors on this machine are opened: nobody can be paid

    @property
    def store(self) -> "Store":
        """Where clips and references are kept. StoreError where its address has no form of one."""
        return self.open_store()

    def store_cached_in(self, cache: Path) -> "Store":
        """The same place, with another folder for copies of what lies in a bucket: to see what others see there."""
        return _store_at(self.places, cache)

    @contextlib.contextmanager
    def reading(self) -> "Iterator[Workspace[LedgerReader | None]]":
        """With the ledger to look at; None where nothing was ever made. Raises LedgerError."""
        from render.ledger import open_ledger_read_only

        with contextlib.ExitStack() as stack:
            ledger = open_ledger_read_only(self.places.ledger)
            if ledger is not None:
                stack.enter_context(contextlib.closing(ledger))
            yield self._with(ledger)

    @contextlib.contextmanager
    def writing(self) -> "Iterator[Workspace[Ledger]]":
        """With the ledger to write; made where nothing was ever decided or produced. Raises LedgerError."""
        from flows.run.run_records import recorded
        from render.ledger import open_ledger

        records = recorded(self.places, self.settings, self.environment, self.watcher.note)
        with contextlib.closing(open_ledger(self.places.ledger)) as ledger, records:
            yield self._with(ledger)

    def for_series(self, series: "SeriesFile") -> "Workspace[LedgerT_co]":
        """The same places; its vendors are opened as this series says where the environment says nothing."""
        from flows.run.series_settings import with_series_settings

        return replace(self, environment=with_series_settings(self.environment, series))

    def vendor(self, name: str, *, scratch: Path | None = None) -> "Provider":
        """A vendor, ready to be asked; whoever opens it closes it. `scratch` is for its files on their way.

        Raises RealVendor where a rehearsal would ask a real one, NoSuchName, and BadSetting where its key is missing.
        """
        from flows.run.open_vendors import open_vendor

        return open_vendor(
            name,
            scratch=self.places.scratch if scratch is None else scratch,
            blob_path=self._blob,
            environment=self.environment,
            rehearsal=self.rehearsal,
        )

    def run_context(
        self: "Workspace[Ledger]",
        series: str,
        run: "RunId",
        providers: Collection[str],
        also: Iterable[str] = (),
        *,
        patience: timedelta | None = None,
        anew: bool = False,
        unpriced: Collection[str] = (),
        run_sum_agreed: bool = False,
        approvals: "NeededApprovals | None" = None,
    ) -> "RunContext":
        """The context of one run; only in a workspace of `open_workspace`. Whoever asks for it closes it.

        It needs `providers`; those in `also` are left out where they cannot be opened. `unpriced` are shots that
        somebody agreed to though nobody knows their price, `approvals` what must be approved before it orders.
        """
        from flows.run.open_vendors import those_that_open
        from flows.terminal.cancellation import steps_here
        from render.callbacks.listener import CallbackListener
        from render.concurrency.blocking import BlockingCalls
        from render.context import CLIP_PATIENCE, PATIENCE, RunContext
        from render.providers.registry import capabilities_of

        assert self.owner is not None, "a run context is asked of a workspace that nothing is ordered in"
        interval = self.settings.tailframe_poll_interval
        waits_s = self.settings.tailframe_clip_patience
        waits = REHEARSED_CLIP_PATIENCE if self.rehearsal else CLIP_PATIENCE
        opened = {name: self.vendor(name) for name in providers}
        opened |= those_that_open(set(also) - set(providers), self.vendor, self.watcher)
        ledger, calls, steps = self.ledger.during(run), BlockingCalls(), steps_here()
        return RunContext(
            series=series,
            run=run,
            ledger=ledger,
            store=self.store,
            providers=opened,
            accounts={name: capabilities_of(name, self.environment).account for name in opened},
            scratch=self.places.scratch,
            owner=self.owner,
            watcher=self.watcher,
            anew=anew,
            approvals=approvals,
            poll_interval=None if interval is None else timedelta(seconds=interval),
            patience=PATIENCE if patience is None else patience,
            clip_patience=waits if waits_s is None else timedelta(seconds=waits_s),
            unpriced=frozenset(unpriced),
            run_sum_agreed=run_sum_agreed,
            callback_listener=CallbackListener.of(ledger, series, calls.in_thread),
            steps=steps,
            calls=calls,
        )

    def _with(self, ledger: AnotherT) -> "Workspace[AnotherT]":
        return Workspace(
            root=self.root,
            environment=self.environment,
            settings=self.settings,
            places=self.places,
            ledger=ledger,
            open_store=self.open_store,
            watcher=self.watcher,
            rehearsal=self.rehearsal,
        )

    def _blob(self, sha256: str) -> Path:
        return self.store.local_path(sha256)


def workspace_of(
    project: Path, *, watcher: Watcher | None = None, rehearsal: bool = False, misplaced: bool = False
) -> Workspace[None]:
    """A project's places, or its rehearsals' own, with nothing opened yet. Makes no file.

    `misplaced` lets a ledger be that lies where an earlier version kept it. Raises SettingsError; LeadsOut where a
    folder leads out of the project; LedgerError where the ledger is misplaced.
    """
    settings = read_settings()
    places = own_places(project, settings, rehearsal=rehearsal, misplaced=misplaced)
    return unopened(project, settings, places, dict(os.environ), watcher=watcher, rehearsal=rehearsal)


def unopened(
    root: Path,
    settings: Settings,
    places: Places,
    environment: Mapping[str, str],
    *,
    watcher: Watcher | None = None,
    rehearsal: bool = False,
) -> Workspace[None]:
    """A workspace at these places, whatever lies there: for whoever looks what is wrong with them."""
    return Workspace(
        root=root,
        environment=environment,
        settings=settings,
        places=places,
        ledger=None,
        open_store=cache(partial(_store_at, places, places.cache)),
        watcher=watcher or Unwatched(),
        rehearsal=rehearsal,
    )


@contextlib.asynccontextmanager
async def open_workspace(
    root: Path, *, watcher: Watcher | None = None, rehearsal: bool = False
) -> "AsyncIterator[Workspace[Ledger]]":
    """Open a project's ledger and store for a run, or its rehearsals' own; close them at the end, whatever happened.

    Raises SettingsError, LedgerError, StoreError, each with the remedy.
    """
    from render.concurrency.process_lock import Owner

    workspace = workspace_of(root, watcher=watcher, rehearsal=rehearsal)
    workspace.places.scratch.mkdir(parents=True, exist_ok=True)
    refuse_lonely_store(workspace.places, workspace.store, workspace.environment)
    with workspace.writing() as opened:
        owner = Owner.acquire(workspace.places.owners)
        try:
            await _keep_within_bound(workspace)
            yield replace(opened, owner=owner)
        finally:
            owner.release()
        await _keep_within_bound(workspace)


async def _keep_within_bound(workspace: Workspace[None]) -> None:
    """What this machine keeps of places elsewhere. A snapshot's folder is in use as long as this run's owner lives."""
    import asyncio

    from flows.run.local_copies import keep_copies_within_bound, note_project

    note_project(workspace.places)
    await asyncio.to_thread(keep_copies_within_bound, workspace.places, workspace.settings)


def _store_at(places: Places, cache: Path) -> "Store":
    from render.store import open_store

    return open_store(places.store_url, cache=cache, within=places.within(places.store_url))
