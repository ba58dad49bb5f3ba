"""Where a run's news and result go: the desk of the command that started it, else Prefect's own log.

A flow that a worker runs has nobody watching in its process; one that the command line runs has a terminal. Both run
the same flow with the same parameters, so the desk travels beside them, in a context variable.
"""

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from render.watcher import Unwatched, Watcher

if TYPE_CHECKING:
    from flows.run.session import Result

__all__ = ["CALLER", "Caller"]


@dataclass(slots=True)
class Caller:
    """One command's side of a run."""

    watcher: Watcher = field(default_factory=Unwatched)
    try_of: str | None = (
        None  # the name under which the ledger counts what the run spends; see `flows.run.retry_budget`
    )
    result: "Result | None" = None
    error: BaseException | None = None  # what ended the run before it had a result


CALLER: ContextVar[Caller | None] = ContextVar("tailframe_desk", default=None)
