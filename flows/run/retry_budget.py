"""One run that is tried several times, as Prefect does on a person's word: what it may spend, all its tries share."""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from flows.run.planned_episode import PlannedEpisode
from render.ledger import BudgetLine, LedgerReader, RunId, queries

__all__ = ["less_earlier_tries", "new_try", "spent_by"]


def new_try(try_of: str) -> RunId:
    """A name for one more run that is a try of this: it begins with what all tries of it share."""
    return RunId(f"{_beginning(try_of)}{uuid.uuid4().hex}")


def less_earlier_tries(read: PlannedEpisode, ledger: LedgerReader, try_of: str) -> PlannedEpisode:
    """The same episode, whose cap for the run is less by what earlier tries spent and have reserved."""
    caps = read.episode.caps
    if caps.run is None:
        return read
    gone = spent_by(ledger.read(queries.budgets, read.episode.series), try_of)
    left = max(caps.run - gone, Decimal(0))
    return replace(read, episode=replace(read.episode, caps=replace(caps, run=left)))


def spent_by(lines: Iterable[BudgetLine], try_of: str) -> Decimal:
    """What all tries of a run have spent and reserved, in US dollars."""
    tries = [line for line in lines if line.scope == "run" and line.key.startswith(_beginning(try_of))]
    return sum((line.spent_usd + line.reserved_usd for line in tries), Decimal(0))


def _beginning(try_of: str) -> str:
    return f"{try_of}-try-"
