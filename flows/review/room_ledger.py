"""The room's way to the ledger: opened when it is first asked, which may be before anything was ever made."""

import contextlib
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from flows.run.workspace import Workspace
from render.ledger.schema_versions import HEAD

if TYPE_CHECKING:
    from render.ledger import Ledger, LedgerReader
    from render.ledger.database import Transaction
    from render.ledger.reader import ReadTransaction

__all__ = ["RoomLedger"]

P = ParamSpec("P")
T = TypeVar("T")


class RoomLedger:
    """Reads and writes one project's ledger, from any thread. Whoever makes it closes it."""

    def __init__(self, workspace: Workspace[None]) -> None:
        self._workspace = workspace
        self._opening = threading.Lock()
        self._open = contextlib.ExitStack()
        self._reader: LedgerReader | None = None
        self._writer: Ledger | None = None

    def reader(self) -> "LedgerReader | None":
        """The ledger to look at; None while nothing was ever made. Raises LedgerError."""
        with self._opening:
            if self._reader is not None:
                return self._reader
            with contextlib.ExitStack() as opened:
                found = opened.enter_context(self._workspace.reading()).ledger
                if found is not None:
                    self._open.push(opened.pop_all())
                    self._reader = found if found.read(_version) == HEAD else None  # an older one may be brought up
            return found

    def read(
        self, query: "Callable[Concatenate[ReadTransaction, P], T]", /, *args: P.args, **kwargs: P.kwargs
    ) -> "T | None":
        """A query's answer; None while nothing was ever made."""
        reader = self.reader()
        return None if reader is None else reader.read(query, *args, **kwargs)

    def write(self, step: "Callable[Concatenate[Transaction, P], T]", /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Make a step; the ledger is made where nothing was ever decided."""
        with self._opening:
            if self._writer is None:
                self._writer = self._open.enter_context(self._workspace.writing()).ledger
        return self._writer.write(step, *args, **kwargs)

    def close(self) -> None:
        """Let go of every connection."""
        with self._opening:
            self._reader = self._writer = None
            self._open.close()


def _version(tx: "ReadTransaction") -> str:
    return str(tx.rows("SELECT version_num FROM alembic_version")[0]["version_num"])
