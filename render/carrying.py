"""Carries on the takes that vendors already have, whatever today's storyboard asks for: they are paid for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection

from render.bench import Bench
from render.errors import RenderError
from render.ledger import Take, TakeId
from render.takes import make_take

_LOG = logging.getLogger(__name__)


async def carry_on(bench: Bench, but_not: Collection[TakeId] = ()) -> tuple[Take, ...]:
    """Carry every unfinished take of the series to its end, side by side; returns those that are now done.

    `but_not` are takes that somebody else in this run carries already. What goes wrong is told, and changes nothing
    for the others: the ledger keeps each take where it stands.
    """
    unfinished = await bench.ask(bench.ledger.unfinished, bench.series)
    waiting = [take for take in unfinished if take.id not in but_not and take.provider in bench.providers]
    ended = await asyncio.gather(*(_carry(bench, take) for take in waiting))
    return tuple(take for take in ended if take is not None)


async def _carry(bench: Bench, take: Take) -> Take | None:
    try:
        done = await make_take(bench, take.id)
    except Exception as error:  # whatever it meets, today's shots go on
        if not isinstance(error, RenderError):
            _LOG.exception("take %s could not be carried on", take.id)
        bench.watcher.note(f"take {take.number} of {take.shot} from an earlier run: {error}")
        return None
    bench.watcher.shot(take.shot.partition("/")[2], "done", cost_usd=done.cost_usd)
    bench.watcher.note(f"take {take.number} of {take.shot} from an earlier run is in the store")
    return done
