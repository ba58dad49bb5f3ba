"""The ledger as its callers hold it: read by queries, changed by steps, and every change passes `Ledger.write`."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine

from render.errors import Unconfirmed
from render.ledger.database import Transaction, looking, writing
from render.ledger.reader import LedgerReader
from render.ledger.records import RunId

P = ParamSpec("P")
T = TypeVar("T")


class Ledger(LedgerReader):
    """The truth about takes and money. Blocking, and safe from any thread.

    Made by `open_ledger`, and closed by whoever opened it.
    """

    def __init__(self, engine: Engine, *, run: str = "") -> None:
        super().__init__(lambda: looking(engine), engine.dispose)
        self._engine = engine
        self._run = run
        self._host = socket.gethostname()

    def during(self, run: RunId) -> Ledger:
        """The same ledger, whose events are written down as this run's. Close only the one that was opened."""
        return Ledger(self._engine, run=run)

    def write(self, step: Callable[Concatenate[Transaction, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Make a step, as in `ledger.write(settlement.done, take_id, clip)`: it is on disk, whole, once this returns.

        A step is a function of one transaction and the only way to change a ledger. Raises what the step raises, and
        LedgerError where the database fails: nothing has changed then, and it is safe to repeat. Where it fails within
        the commit, nobody knows (Unconfirmed): whoever repeats the step has to find the same either way.
        """
        results: list[T] = []
        try:
            with writing(self._engine, host=self._host, run=self._run) as tx:
                results.append(step(tx, *args, **kwargs))
        except Unconfirmed as lost:
            lost.result = results[0]
            raise
        return results[0]
