"""Makes what lies beside a master: its deliveries, its subtitles as files, its stems, its poster. Each is made once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from render.context import RunContext
from render.cut.join import MasterFacts
from render.deliveries.delivery_facts import DeliveryFacts
from render.deliveries.make_deliveries import Delivered, make_deliveries
from render.deliveries.stored_deliveries import StoredDeliveries
from render.episode.cut_work import PartWork
from render.episode.delivery_ingredients import DeliveryIngredients, with_what_is_said
from render.episode.delivery_records import with_deliveries
from render.episode.episode_poster import poster_record
from render.episode.manifest import BesideRecord, Manifest
from render.episode.manifest_records import CutShots
from render.episode.master_sound import MasterSound
from render.episode.planned_master import PlannedMaster
from render.episode.subtitle_files import subtitle_records
from storyboard.timeline.delivery_plan import delivery_plans

if TYPE_CHECKING:
    from render.cards.card_fonts import FileOf


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideMaster:
    """All that lies beside a master, in the store."""

    deliveries: tuple[Delivered, ...] = ()
    files: tuple[BesideRecord, ...] = ()

    def work(self) -> Iterator[PartWork]:
        """What of it was made, and what was there."""
        made = sum(each.fresh for each in self.deliveries)
        if self.deliveries:
            yield PartWork(what="deliveries", made=made, reused=len(self.deliveries) - made)

    def recorded(self, manifest: Manifest) -> Manifest:
        """The manifest with a record of each."""
        facts: Sequence[DeliveryFacts] = [each.facts for each in self.deliveries]
        return replace(with_deliveries(manifest, facts), beside=self.files)


async def make_beside(
    context: RunContext, shots: CutShots, planned: PlannedMaster, master: MasterFacts, folder: Path, *, file_of: FileOf
) -> BesideMaster:
    """Make it, or find it; scratch files lie in `folder`, and `file_of` gives each file of the project.

    Raises MediaError, UnfitDelivery among it.
    """
    files = [
        *await subtitle_records(context, shots.episode.episode, planned.captions),
        *await poster_record(context, shots, folder),
    ]
    if shots.episode.stems:
        files += await MasterSound(context, planned, master, folder).stems(shots.episode)
    tracks = planned.captions.soft
    plans = [with_what_is_said(plan, tracks) for plan in delivery_plans(shots.episode, shots.timeline)]
    done: tuple[Delivered, ...] = ()
    if plans:
        context.watcher.stage("deliveries", 0)
        done = await make_deliveries(
            plans,
            DeliveryIngredients(context, shots, planned, master, folder, file_of).of,
            StoredDeliveries(context.store, context.derived),
            folder,
            progress=lambda share: context.watcher.stage("deliveries", share),
        )
    return BesideMaster(deliveries=done, files=tuple(files))
