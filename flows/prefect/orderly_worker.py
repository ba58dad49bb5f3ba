"""A process worker that ends in order: told to end, it takes no more runs, lets those that it has end, and then goes.

Prefect's own worker kills its runs at once when it is told to end (SIGKILL, as 3.8.8 does it), also one whose order is
on its way: the answer, which names a job that is paid for, is then lost, and somebody has to look for it.
"""

import asyncio
import contextlib
import logging
import os
import signal
import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import anyio
import httpx
from prefect.workers.process import ProcessWorker

from flows.errors import UsageError
from flows.prefect.named_server import prefect_settings, require_prefect
from render.net.system_proxies import reaching

if TYPE_CHECKING:
    from prefect.client.schemas.objects import FlowRun

__all__ = ["while_server_is_away", "work"]

_LOG = logging.getLogger(__name__)

LOOK_S = 0.2
"""How often it is looked whether a run has ended."""


@contextlib.contextmanager
def while_server_is_away() -> Iterator[None]:
    """Leave a question to a server that does not answer, or has trouble of its own: it is asked again soon.

    Prefect's own worker gives up after some minutes of that, and kills its runs, which need no server to go on.
    """
    try:
        yield
    except httpx.TransportError as error:
        _LOG.warning("the Prefect server does not answer (%s); runs go on", type(error).__name__)
    except httpx.HTTPStatusError as error:
        if not error.response.is_server_error:
            raise
        _LOG.warning("the Prefect server answers %d; runs go on", error.response.status_code)


class _Started:
    """Notes the process of a run when it is started, and passes it on."""

    def __init__(self, status: Any, pids: set[int]) -> None:
        self._status, self._pids, self.pid = status, pids, 0

    def started(self, pid: int) -> None:
        """As anyio's `TaskStatus` is told."""
        self.pid = pid
        self._pids.add(pid)
        self._status.started(pid)


with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it takes the place of Prefect's own worker of this type, which is meant

    class OrderlyWorker(ProcessWorker):
        """Prefect's process worker, that knows its runs' processes and can be closed to new ones."""

        def __init__(self, **asked: Any) -> None:
            super().__init__(**asked)
            self._closed, self._pids = False, set[int]()

        async def get_and_submit_flow_runs(self) -> "list[FlowRun]":
            """Nothing more once it is closed, and nothing while the server is away."""
            if not self._closed:
                with while_server_is_away():
                    return await super().get_and_submit_flow_runs()
            return []

        async def sync_with_backend(self) -> None:
            """Tell the server that it lives, once that answers."""
            with while_server_is_away():
                await super().sync_with_backend()

        async def run(self, flow_run: "FlowRun", configuration: Any, task_status: Any = None) -> Any:
            """A run, from its process's start to its end."""
            noted = _Started(task_status or anyio.TASK_STATUS_IGNORED, self._pids)
            try:
                return await super().run(flow_run, configuration, noted)  # type: ignore[arg-type]
            finally:
                self._pids.discard(noted.pid)

        async def end_runs(self, patience: timedelta, tell: Callable[[str], None]) -> None:
            """Take no more, tell each run to end, and wait for them, at most so long."""
            self._closed = True
            if self._pids:
                tell(f"{len(self._pids)} of its runs end; waiting for them, at most {patience.total_seconds():g} s")
            told: set[int] = set()
            with anyio.move_on_after(patience.total_seconds()):
                while self._pids:
                    for pid in self._pids - told:
                        with contextlib.suppress(ProcessLookupError):
                            os.kill(pid, signal.SIGTERM)
                    told |= self._pids
                    await asyncio.sleep(LOOK_S)


async def work(
    *,
    pool: str,
    queues: Sequence[str],
    name: str | None,
    limit: int,
    healthcheck: bool,
    patience: timedelta,
    tell: Callable[[str], None],
) -> None:
    """Take runs from a work pool until this task is cancelled; then end in order. Cancelled again, it ends at once.

    `queues` are those of the pool that it takes runs of; none: all of them.

    Raises UsageError where no server is named, ServerError and SettingsError where what is named is none.
    """
    url = prefect_settings().api.url
    if not url:
        raise UsageError("a worker stands on a Prefect server, and PREFECT_API_URL names none", "Set it")
    with reaching(url):
        require_prefect(url)
        worker = OrderlyWorker(work_pool_name=pool, work_queues=list(queues) or None, name=name, limit=limit)
        working = asyncio.create_task(worker.start(with_healthcheck=healthcheck, printer=tell))
        try:
            await asyncio.shield(working)
        except asyncio.CancelledError:
            await worker.end_runs(patience, tell)
            raise
        finally:
            working.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await working
