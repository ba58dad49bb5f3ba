"""Asks EvoLink for many tasks at once, where many are waited for: one request in place of fifty.

Of `POST /v1/tasks/batch` the vendor's pages tell the address and that it takes up to 50 ids, and no more. Assumed is
that the ids go as `task_ids`, and that the answer lists tasks as they are told one by one. An answer that shows
otherwise ends this for as long as the provider lives: each task is then asked for alone, as it always can be. And no
money is given back on its word: a task that it calls failed (it may mean one that it cannot find) is asked for alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import timedelta

from render.errors import TakeError, Terminal, Transient
from render.net.responses import Json, Unreadable
from render.providers.base import Ended, JobRef, JobStatus, Pending
from render.providers.evolink.payloads import entries, read_status
from render.providers.http import VendorHttp, quoted
from render.providers.http_outcomes import UNREADABLE

MOST_IDS = 50
LONGEST_WINDOW = timedelta(seconds=1)

_LOG = logging.getLogger(__name__)

_Waiting = dict[str, list["asyncio.Future[JobStatus | None]"]]
"""By task id, who waits for its status; None tells them to ask by themselves."""


class Polls:
    """How one account's tasks are polled. Belongs to one event loop; one who stops waiting harms no other."""

    def __init__(self, http: VendorHttp, poll_interval: timedelta) -> None:
        self._http = http
        self._window_s = min(LONGEST_WINDOW, poll_interval / 10).total_seconds()
        self._refused = False
        self._pending: set[str] = set()  # tasks that were on their way when they were last asked for
        self._waiting: _Waiting = {}
        self._timer: asyncio.TimerHandle | None = None
        self._asking: set[asyncio.Task[None]] = set()

    async def status(self, job: JobRef) -> JobStatus:
        """How a task stands: asked at once where it is the only one, else together with those asked for soon after."""
        together = not self._refused and bool(self._waiting or self._pending - {job.id})
        told = await self._wait(job.id) if together else None
        status = await self._alone(job) if told is None or isinstance(told, Ended) else told
        if isinstance(status, Pending):
            self._pending.add(job.id)
        else:
            self._pending.discard(job.id)
        return status

    def close(self) -> None:
        """End all polling; whoever waits for a status is cancelled."""
        if self._timer is not None:
            self._timer.cancel()
        for task in self._asking:
            task.cancel()
        _cancel(self._waiting)

    async def _alone(self, job: JobRef) -> JobStatus:
        what = f"task {job.id} of {job.request.shot}"
        return await self._http.ask("GET", f"/v1/tasks/{quoted(job.id)}", read=read_status, what=what)

    def _wait(self, task_id: str) -> asyncio.Future[JobStatus | None]:
        """Join the window that is open, or open one. It closes when its time is over or a request is full."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[JobStatus | None] = loop.create_future()
        self._waiting.setdefault(task_id, []).append(waiter)
        if self._timer is None:
            self._timer = loop.call_later(self._window_s, self._close_window)
        if len(self._waiting) == MOST_IDS:
            self._close_window()
        return waiter

    def _close_window(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        waiting, self._waiting, self._timer = self._waiting, {}, None
        task = asyncio.get_running_loop().create_task(self._answer(waiting))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def _answer(self, waiting: _Waiting) -> None:
        """Give everyone who still waits what the vendor says, or the error that stood in the way."""
        wanted = [task_id for task_id, waiters in waiting.items() if not all(waiter.done() for waiter in waiters)]
        try:
            told = await self._batch(wanted) if len(wanted) > 1 and not self._refused else {}
        except Transient as error:
            for waiter in _still(waiting):
                waiter.set_exception(copy(error))
                waiter.exception()  # whoever is cancelled at this very moment leaves it unread, and that is no mistake
        else:
            for task_id in wanted:
                for waiter in _still({task_id: waiting[task_id]}):
                    waiter.set_result(told.get(task_id))
        finally:
            _cancel(waiting)

    async def _batch(self, ids: Sequence[str]) -> Mapping[str, JobStatus]:
        """What is told of these tasks; nothing where such questions are not answered as they should be."""
        try:
            told = await self._http.ask(
                "POST", "/v1/tasks/batch", body={"task_ids": list(ids)}, read=_as_it_is, what=f"{len(ids)} tasks"
            )
            return read_batch(told, ids)
        except (Terminal, Unreadable) as error:
            self._give_up(error)
        except Transient as error:
            if error.code != "unreadable":
                raise
            self._give_up(error)
        return {}

    def _give_up(self, error: TakeError | Unreadable) -> None:
        if not self._refused:
            _LOG.debug("evolink is asked for each task alone from now on: %s", error)
        self._refused = True


def read_batch(told: Json, ids: Sequence[str]) -> dict[str, JobStatus]:
    """The tasks of an answer by id; those that cannot be read are left out. Unreadable where none of them is told."""
    try:
        listed = entries(told)
    except UNREADABLE as error:
        raise Unreadable(f"no list of tasks is in the answer: {error}") from None
    named = {str(each.get("id", each.get("task_id"))): each for each in listed if isinstance(each, Mapping)}
    if not named.keys() & set(ids):
        raise Unreadable("the answer tells none of the tasks that were asked for")
    found = {}
    for task_id in named.keys() & set(ids):
        try:
            found[task_id] = read_status(named[task_id])
        except UNREADABLE:
            continue
    return found


def _as_it_is(told: Json) -> Json:
    """What cannot be read is no reason to ask the same again."""
    return told


def _still(waiting: _Waiting) -> list[asyncio.Future[JobStatus | None]]:
    return [waiter for waiters in waiting.values() for waiter in waiters if not waiter.done()]


def _cancel(waiting: _Waiting) -> None:
    for waiter in _still(waiting):
        waiter.cancel()
