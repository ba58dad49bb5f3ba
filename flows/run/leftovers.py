"""Carries to their end the takes that earlier runs left at vendors, of every series of a ledger, and orders nothing.

What a sweep and `tailframe reconcile` do without a person: orders of dead senders become unknown, an unknown one is
given its job where exactly one fits, jobs are settled, clips are fetched. What a take is part of today, nobody asks.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from flows.run.workspace import Workspace
from render.ledger import Ledger, RunId, TakeId, claims, queries
from render.store.snapshot import files_of
from storyboard.errors import TailframeError
from storyboard.loading import load_leniently
from storyboard.takes import TakeState

if TYPE_CHECKING:
    from render.context import RunContext
    from render.ledger import Take
    from render.store import Store
    from storyboard.model import SeriesFile

__all__ = ["LEFT", "Swept", "series_of_snapshot", "sweep_ledger", "sweep_series"]

LEFT = (TakeState.SUBMITTING, TakeState.UNKNOWN, TakeState.SUBMITTED, TakeState.GENERATED)
"""States of a take for which an order has left, and which has not ended."""

_SAID = {
    TakeState.DONE: "done",
    TakeState.FAILED: "failed",
    TakeState.CANCELLED: "cancelled",
    TakeState.SUBMITTED: "still running",
    TakeState.GENERATED: "whose clip is not to be had yet",
    TakeState.SUBMITTING: "being sent",
    TakeState.UNKNOWN: "unknown: tailframe reconcile",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What became of the takes that one series had left at vendors."""

    series: str
    states: Sequence[TakeState]  # one a take, as they stand now

    @property
    def message(self) -> str:
        """`lighthouse: 2 done, 1 still running`."""
        counts = Counter(self.states)
        told = ", ".join(f"{counts[state]} {words}" for state, words in _SAID.items() if counts[state])
        return f"{self.series}: {told or 'nothing was left'}"


async def sweep_ledger(workspace: Workspace[Ledger], own: "SeriesFile", patience: timedelta) -> tuple[Swept, ...]:
    """Sweep this project's series, and every other one of its ledger that has anything left; see `sweep_series`."""
    left = await asyncio.to_thread(workspace.ledger.read, queries.series_with, LEFT)
    swept = [await sweep_series(workspace.for_series(own), own.series, patience)]
    for series in left:
        if series != own.series:
            swept.append(await sweep_series(await asyncio.to_thread(_as_it_says, workspace, series), series, patience))
    return tuple(swept)


async def sweep_series(workspace: Workspace[Ledger], series: str, patience: timedelta) -> Swept:
    """Carry on all that is left of one series. Jobs younger than `patience` are waited for, others looked at once.

    What goes wrong with one take is told to the watcher, and changes nothing for the others. Raises LedgerError alone.
    """
    ledger = workspace.ledger
    await asyncio.to_thread(ledger.write, claims.expire_leases, series)
    takes = await asyncio.to_thread(lambda: ledger.read(queries.takes, series, states=LEFT))
    if not takes:
        return Swept(series=series, states=())
    vendors = {take.provider for take in takes}
    context = await asyncio.to_thread(workspace.run_context, series, RunId("sweep"), (), vendors, patience=patience)
    try:
        await _carry(context)
        return Swept(series=series, states=await _states(context, takes))
    finally:
        await context.aclose()


async def _carry(context: "RunContext") -> None:
    from render.takes.reconcile import bury_dead_senders, look_up_all
    from render.takes.resume import carry_on

    await bury_dead_senders(context)
    await look_up_all(context, ask_again=False)
    await carry_on(context)


async def _states(context: "RunContext", takes: "Sequence[Take]") -> tuple[TakeState, ...]:
    now = await context.read(queries.takes_named, frozenset(TakeId(take.id) for take in takes))
    return tuple(now[take.id].state for take in takes)


def _as_it_says(workspace: Workspace[Ledger], series: str) -> Workspace[Ledger]:
    """The workspace for another series of its ledger, whose vendors are opened as its newest snapshot says."""
    snapshot = workspace.ledger.read(queries.newest_snapshot, series)
    try:
        said = None if snapshot is None else series_of_snapshot(snapshot, workspace.store, workspace.places.scratch)
    except TailframeError as error:
        workspace.watcher.note(f"{series}: its vendors are asked as the environment says alone ({error})")
        return workspace
    return workspace if said is None else workspace.for_series(said)


def series_of_snapshot(snapshot: str, store: "Store", scratch: Path) -> "SeriesFile | None":
    """What a snapshot's YAML says of its series; nothing else of it is fetched. None where it is none."""
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="series-", dir=scratch) as folder:
        for name, sha256 in files_of(snapshot, store).items():
            if name.endswith(".yaml"):
                file = Path(folder, name)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(store.get(sha256))
        project, _ = load_leniently(Path(folder))
        return None if project is None else project.series
