"""One run that is tried several times, as Prefect does on a person's word: what it may spend, all its tries share."""

import uuid
from dataclasses import replace
from decimal import Decimal

from flows.run.planning import PlannedEpisode
from render.ledger import LedgerReader, RunId, queries

__all__ = ["less_earlier_tries", "new_try"]


def new_try(try_of: str) -> RunId:
    """A name for one more run that is a try of this."""
    return RunId(f"{_beginning(try_of)}{uuid.uuid4().hex}")


def less_earlier_tries(read: PlannedEpisode, ledger: LedgerReader, try_of: str) -> PlannedEpisode:
    """The episode under what is left of the run's cap: what earlier tries spent and hold, nobody agreed to twice."""
    caps = read.episode.caps
    if caps.run is None:
        return read
    lines = [line for line in ledger.read(queries.budgets, read.episode.series) if line.scope == "run"]
    earlier = [line for line in lines if line.key.startswith(_beginning(try_of))]
    gone = sum((line.spent_usd + line.reserved_usd for line in earlier), Decimal(0))
    left = max(caps.run - gone, Decimal(0))
    return replace(read, episode=replace(read.episode, caps=replace(caps, run=left)))


def _beginning(try_of: str) -> str:
    return f"{try_of}-try-"
