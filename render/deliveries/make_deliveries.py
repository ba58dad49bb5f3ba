"""Makes all deliveries of an episode side by side: each that was made before from the same inputs is found instead."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from render.decisions import decided
from render.deliveries.delivery_facts import DeliveryFacts
from render.deliveries.delivery_inputs import DeliveryInputs
from render.deliveries.delivery_keys import delivery_key, picture_key
from render.deliveries.encode_delivery import is_picture_file, make_delivery
from render.deliveries.stored_deliveries import StoredDeliveries
from render.media.ffmpeg import Progress
from storyboard.timeline.delivery_plan import DeliveryPlan

_LOG = logging.getLogger(__name__)

InputsOf = Callable[[DeliveryPlan], DeliveryInputs]
"""What a delivery is made of. Only keys are asked of it at first: nothing is mixed or drawn until it is needed."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """One delivery of the episode. `fresh`: it was made now; else it was found."""

    facts: DeliveryFacts
    fresh: bool


async def make_deliveries(
    plans: Sequence[DeliveryPlan],
    inputs_of: InputsOf,
    kept: StoredDeliveries,
    scratch: Path,
    *,
    progress: Progress = lambda _: None,
) -> tuple[Delivered, ...]:
    """Every delivery, in the order of the plans. Those that share a picture are made one after the other.

    Raises MediaError, of which UnfitDelivery names a delivery that did not come out right. What was finished before
    that is kept; of the others nothing is left. `scratch` is a folder that is there.
    """
    work = [_Work(plan, inputs_of(plan), kept) for plan in plans]
    meter = _Meter(work, progress)
    with TemporaryDirectory(prefix="deliveries-", dir=scratch) as folder:
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(_in_turn(each, Path(folder), meter)) for each in _by_picture(work)]
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None
    done = {each.facts.name: each for task in tasks for each in task.result()}
    return tuple(done[plan.name] for plan in plans)


@dataclass(frozen=True, slots=True)
class _Work:
    plan: DeliveryPlan
    inputs: DeliveryInputs
    kept: StoredDeliveries

    @property
    def key(self) -> str:
        return delivery_key(self.plan, self.inputs)

    @property
    def picture(self) -> str | None:
        return picture_key(self.plan, self.inputs)

    @property
    def weight(self) -> int:
        """How much there is to do, very roughly: the pixels of all frames, and something for what has none."""
        picture = self.plan.picture
        return self.plan.frames * (1 if picture is None else 1 + picture.width * picture.height)

    def found(self) -> DeliveryFacts | None:
        facts = self.kept.found(self.key)
        return facts and replace(facts, name=self.plan.name, file_name=self.plan.file_name)


@dataclass(slots=True)
class _Meter:
    """Adds up how far all of them are."""

    work: Sequence[_Work]
    progress: Progress
    done: dict[str, float] = field(default_factory=dict)

    def of(self, work: _Work) -> Progress:
        def told(share: float) -> None:
            self.done[work.plan.name] = share * work.weight
            self.progress(min(1.0, sum(self.done.values()) / sum(each.weight for each in self.work)))

        return told


def _by_picture(work: Sequence[_Work]) -> Iterator[list[_Work]]:
    groups: dict[str, list[_Work]] = {}
    for each in work:
        groups.setdefault(each.picture or each.plan.name, []).append(each)
    yield from groups.values()


async def _in_turn(group: Sequence[_Work], folder: Path, meter: _Meter) -> list[Delivered]:
    return [await _one(each, folder, meter.of(each)) for each in group]


async def _one(work: _Work, folder: Path, progress: Progress) -> Delivered:
    if (facts := await asyncio.to_thread(work.found)) is not None:
        progress(1.0)
        decided(_LOG, "delivery_found", delivery=work.plan.name, sha256=facts.sha256)
        return Delivered(facts, fresh=False)
    picture = None
    if not is_picture_file(work.plan):
        picture = await asyncio.to_thread(work.kept.picture, work.picture, f".{work.plan.delivery.kind}")
    made = await make_delivery(work.plan, work.inputs, folder, picture=picture, progress=progress)
    await asyncio.to_thread(work.kept.keep, work.key, work.picture, made.file, made.facts)
    decided(_LOG, "delivered", delivery=work.plan.name, sha256=made.facts.sha256, copied_picture=picture is not None)
    return Delivered(made.facts, fresh=True)
