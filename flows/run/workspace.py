"""Opens what a run works with (ledger, store, vendors) from the settings, once, and closes it again."""

import contextlib
import os
from collections.abc import AsyncIterator, Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flows.run.boundaries import own_places
from flows.run_log import run_log
from flows.settings import Settings, Workspace, needs_shared_store, read_settings
from render.concurrency.process_lock import Owner
from render.context import CLIP_PATIENCE, PATIENCE, RunContext, Unwatched, Watcher
from render.errors import LedgerError, RenderError
from render.ledger import Ledger, RunId, open_ledger
from render.providers import Provider
from render.providers.registry import ProviderContext, capabilities_of, open_provider
from render.store import Store, open_store
from storyboard.accounts import is_stand_in
from storyboard.errors import StoryboardError

__all__ = ["RealVendor", "Studio", "open_studio"]

REHEARSED_CLIP_PATIENCE = timedelta(seconds=10)  # a sandbox is never late by much


class RealVendor(RenderError):
    """A rehearsal was about to ask a vendor that is not on this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """One project's places, opened. Vendors are added once it is known which of them a run needs."""

    root: Path
    settings: Settings
    places: Workspace
    ledger: Ledger
    store: Store
    owner: Owner
    watcher: Watcher
    rehearsal: bool = False  # then only vendors on this machine are opened: nobody can be paid

    def run_context(
        self,
        series: str,
        run: RunId,
        providers: Collection[str],
        also: Iterable[str] = (),
        *,
        patience: timedelta | None = None,
        anew: bool = False,
        unpriced: Collection[str] = (),
    ) -> RunContext:
        """The bench for one run. It needs `providers`; those in `also` are left out where they cannot be opened.

        `unpriced` are shots that somebody agreed to though nobody knows their price.
        """
        context = ProviderContext(
            scratch=self.places.scratch, blob_path=self.store.local_path, environment=dict(os.environ)
        )
        interval = self.settings.tailframe_poll_interval
        waits_s = self.settings.tailframe_clip_patience
        waits = REHEARSED_CLIP_PATIENCE if self.rehearsal else CLIP_PATIENCE
        opened = {name: self._open(name, context) for name in providers}
        opened |= self._opened(set(also) - set(providers), context)
        return RunContext(
            series=series,
            run=run,
            ledger=self.ledger.during(run),
            store=self.store,
            providers=opened,
            accounts={name: capabilities_of(name, context.environment).account for name in opened},
            scratch=self.places.scratch,
            owner=self.owner,
            watcher=self.watcher,
            anew=anew,
            poll_interval=None if interval is None else timedelta(seconds=interval),
            patience=PATIENCE if patience is None else patience,
            clip_patience=waits if waits_s is None else timedelta(seconds=waits_s),
            unpriced=frozenset(unpriced),
        )

    def _open(self, name: str, context: ProviderContext) -> Provider:
        sold = capabilities_of(name, context.environment)
        if self.rehearsal and sold.origin.startswith(("http://", "https://")) and not is_stand_in(sold.account):
            raise RealVendor(
                f"a rehearsal asks stand-ins on this machine only, and {name} is the real one, at {sold.origin}. "
                "Run `tailframe rehearse`, which brings a sandbox, or choose a vendor that it speaks for: --provider"
            )
        return open_provider(name, context)

    def _opened(self, names: Iterable[str], context: ProviderContext) -> dict[str, Provider]:
        """Vendors of earlier takes. One that cannot be opened today (its key is gone) stops nothing else."""
        opened = {}
        for name in names:
            try:
                opened[name] = self._open(name, context)
            except (RenderError, StoryboardError) as error:
                self.watcher.note(f"{name} cannot be asked for clips that are on their way or missing: {error}")
        return opened


@contextlib.asynccontextmanager
async def open_studio(root: Path, *, watcher: Watcher | None = None, rehearsal: bool = False) -> AsyncIterator[Studio]:
    """Open a project's ledger and store, or its rehearsals' own; close them at the end, whatever happened.

    Raises SettingsError, LedgerError, StoreError, each with the remedy.
    """
    settings = read_settings()
    places = own_places(root, settings, rehearsal=rehearsal)
    places.scratch.mkdir(parents=True, exist_ok=True)
    store = open_store(places.store_url, cache=places.private / "cache", within=places.within(places.store_url))
    _refuse_lonely_store(places, store)
    ledger = open_ledger(places.ledger)
    owner = Owner.acquire(places.private / "owners")
    try:
        with run_log(places.logs, settings.tailframe_log):
            yield Studio(
                root=root,
                settings=settings,
                places=places,
                ledger=ledger,
                store=store,
                owner=owner,
                watcher=watcher or Unwatched(),
                rehearsal=rehearsal,
            )
    finally:
        owner.release()
        ledger.close()


def _refuse_lonely_store(places: Workspace, store: Store) -> None:
    if not store.shared and needs_shared_store(places.ledger, os.environ):
        raise LedgerError(
            f"the ledger is shared (PostgreSQL), but the clips would be kept in {store.url}, which other machines "
            "cannot see. Set TAILFRAME_STORE_URL to s3://bucket/prefix, or TAILFRAME_ALLOW_LOCAL_STORE=1 if every "
            "process runs on this machine"
        )
