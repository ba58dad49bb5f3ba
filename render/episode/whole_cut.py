"""Makes all of a cut that lies in no folder yet: its master, and the single frames of its clips that go with it.

Tail frames, thumbnails and the contact sheet depend on the clips alone, so they are made while the master is cut; of a
long episode one after the other, as decoded pictures, a mix and a sheet together are more memory than each needs.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from render.clips.kept_stills import Still, Stills, kept_stills
from render.concurrency.together import both
from render.context import RunContext
from render.cut.join import MasterFacts
from render.episode.cut_sheet import draw_sheet, thumbnails
from render.episode.cut_work import CutWork, PartWork
from render.episode.manifest_records import CutShots, tail_frames
from render.episode.master_cut import cut_master
from render.episode.planned_master import PlannedMaster

LONG = 240
"""Shots of an episode whose clips, mix and contact sheet are not in memory at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeCut:
    """A master in the store, with its tail frames; its contact sheet, where that was drawn."""

    master: MasterFacts
    pieces: PartWork | None  # None: the master is the one of before, and nothing was cut
    stills: Stills
    sheet: Path | None

    def work(self) -> CutWork:
        """What was made for it, and what was there."""
        stills = (self._stills("tail frames", boxed=False), self._stills("thumbnails", boxed=True))
        return CutWork(() if self.pieces is None else (self.pieces,), cut=self.pieces is not None).plus(*stills)

    def _stills(self, what: str, *, boxed: bool) -> PartWork:
        some = {still for still in self.stills.blobs if (still.box is not None) is boxed}
        made = len(some & self.stills.made)
        return PartWork(what=what, made=made, reused=len(some) - made)


async def make_whole(context: RunContext, shots: CutShots, planned: PlannedMaster, folder: Path) -> WholeCut:
    """The master of before with its tail frames, or a new one with its contact sheet too. Files lie in `folder`.

    Raises MediaError, StoreError.
    """
    tails = tail_frames(shots.placed, shots.episode.master).values()
    if planned.kept is not None:
        return WholeCut(master=planned.kept, pieces=None, stills=await kept_stills(context, tails), sheet=None)
    if len(shots.placed) > LONG:
        stills = await _stills(context, shots, tails)
        master, work = await cut_master(context, shots, planned, folder=folder)
        sheet = await draw_sheet(context, shots, stills.blobs, folder)
    else:
        cutting = cut_master(context, shots, planned, folder=folder)
        (master, work), (stills, sheet) = await both(cutting, _shown(context, shots, tails, folder))
    return WholeCut(master=master, pieces=work, stills=stills, sheet=sheet)


async def with_sheet(context: RunContext, shots: CutShots, cut: WholeCut, folder: Path) -> WholeCut:
    """The same with its contact sheet, drawn into `folder` unless it was."""
    if cut.sheet is not None:
        return cut
    context.watcher.stage("contact sheet")
    stills, sheet = await _shown(context, shots, (), folder)
    return replace(cut, stills=cut.stills.plus(stills), sheet=sheet)


async def _shown(context: RunContext, shots: CutShots, also: Collection[Still], folder: Path) -> tuple[Stills, Path]:
    """The contact sheet, its thumbnails, and other stills that are wanted of the same clips."""
    stills = await _stills(context, shots, also)
    return stills, await draw_sheet(context, shots, stills.blobs, folder)


async def _stills(context: RunContext, shots: CutShots, also: Collection[Still]) -> Stills:
    """The thumbnails of the contact sheet, and other stills that are wanted of the same clips."""
    return await kept_stills(context, [*thumbnails(shots).values(), *also])
