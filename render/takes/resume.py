"""Carries on the takes that vendors already have, whatever today's storyboard asks for: they are paid for.

Nothing here orders anything.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable

from render.context import RunContext
from render.errors import RenderError, StillRunning, StoreError
from render.ledger import Take, TakeId, queries
from render.store.blob_store import Store
from render.takes.collect import keep_clip
from render.takes.life import make_take
from storyboard.takes import TakeState

_LOG = logging.getLogger(__name__)


async def carry_on(context: RunContext, but_not: Collection[TakeId] = ()) -> tuple[Take, ...]:
    """Carry every unfinished take of the series to its end, side by side; returns those that are now done.

    `but_not` are takes that somebody else in this run carries already. What goes wrong is told, and changes nothing
    for the others: the ledger keeps each take where it stands.
    """
    unfinished = await context.read(queries.unfinished, context.series)
    waiting = [take for take in unfinished if take.id not in but_not and take.provider in context.providers]
    async with asyncio.TaskGroup() as group:
        carried = [group.create_task(_carry(context, take)) for take in waiting]
    return tuple(take for each in carried if (take := each.result()) is not None)


HAVE_JOBS = frozenset({TakeState.SUBMITTED, TakeState.GENERATED, TakeState.DONE})
"""States of a take that has a job which gave a clip, or may have by now."""


def without_clips(takes: Iterable[Take], store: Store) -> tuple[Take, ...]:
    """Those of these takes whose job may give a clip that is not in the store. Blocking."""
    return tuple(
        take for take in takes if take.state in HAVE_JOBS and (take.clip is None or not store.has(take.clip.sha256))
    )


async def redownload(context: RunContext, takes: Iterable[Take]) -> tuple[Take, ...]:
    """Fetch the clip of each of these takes, which have none; returns those that are left without one.

    What became of each is told to the watcher. A job that its vendor still works on is left to the next run.
    """
    found = await asyncio.gather(*(_redownload(context, take) for take in takes))
    return tuple(take for take in found if take is not None)


async def _redownload(context: RunContext, take: Take) -> Take | None:
    """The take itself, where it is left without its clip."""
    named = f"{take.shot}:{take.number}"
    try:
        if take.provider not in context.providers:
            raise StoreError(f"{take.provider} cannot be asked for it")
        await (keep_clip(context, take) if take.state is TakeState.DONE else make_take(context, take.id))
    except StillRunning as error:
        context.watcher.note(f"{named} is not finished: {error}")
        return None
    except RenderError as error:
        context.watcher.note(f"{named} was not fetched: {error}")
        return take
    context.watcher.note(f"{named} is in the store")
    return None


async def _carry(context: RunContext, take: Take) -> Take | None:
    try:
        done = await make_take(context, take.id)
    except Exception as error:  # whatever it meets, today's shots go on
        if not isinstance(error, RenderError):
            _LOG.exception("take %s could not be carried on", take.id)
        context.watcher.note(f"take {take.number} of {take.shot} from an earlier run: {error}")
        return None
    context.watcher.shot(take.local_key, "done", cost_usd=done.cost_usd)
    context.watcher.note(f"take {take.number} of {take.shot} from an earlier run is in the store")
    return done
