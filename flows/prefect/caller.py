"""Where a run's news and result go: to the command that started it, else to Prefect's own log.

A flow that a worker runs has nobody watching in its process; one that the command line runs has a terminal. Both run
the same flow with the same parameters, so the command's `Caller` travels beside them, in a context variable.
"""

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from render.watcher import Unwatched, Watcher

if TYPE_CHECKING:
    from flows.run.session import Result

__all__ = ["CALLER", "Caller", "is_deployed"]


@dataclass(slots=True)
class Caller:
    """The command that started a run: who hears its news, and where its result or its error is left."""

    watcher: Watcher = field(default_factory=Unwatched)
    try_of: str | None = None  # under which the ledger counts what the run spends; see `flows.run.retry_budget`
    result: "Result | None" = None
    error: BaseException | None = None  # what ended the run before it had a result


CALLER: ContextVar[Caller | None] = ContextVar("tailframe_caller", default=None)
"""None in a worker's process, where no command waits for the run."""


def is_deployed() -> bool:
    """Whether the flow run that is under way is one of a deployment: a worker makes it, and nobody watches."""
    from prefect.context import FlowRunContext  # a command knows its caller before Prefect may be imported

    context = FlowRunContext.get()
    return context is not None and context.flow_run is not None and context.flow_run.deployment_id is not None
