"""Tells whoever asked that a job is over: once where the vendor tells once, again where it tries again.

What is due stands in the sandbox's database, so a callback that was not sent when the sandbox died is sent when it is
back. Only this machine is called.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping

import httpx

from render.net.addresses import is_loopback_url
from render.sandbox.backend import Backend
from render.sandbox.dialect import Dialect
from render.sandbox.vendor_order import Job

LOOK_EVERY_S = 0.1
ANSWER_WITHIN_S = 10.0

log = logging.getLogger(__name__)


async def call_back(backend: Backend, dialects: Mapping[str, Dialect]) -> None:
    """Send every callback when it is due, until cancelled."""
    async with httpx.AsyncClient(trust_env=False, timeout=ANSWER_WITHIN_S) as client:
        while True:
            due = backend.books.calls_due()
            await asyncio.gather(*(_call(client, backend, dialects[job.vendor], job) for job in due))
            await asyncio.sleep(LOOK_EVERY_S)


async def _call(client: httpx.AsyncClient, backend: Backend, dialect: Dialect, job: Job) -> None:
    """One attempt. The next one is written down first: a crash in between repeats nothing."""
    waits = dialect.callback_waits_s
    again_at = time.time() + waits[job.calls] if job.calls < len(waits) else None
    backend.books.called(job, again_at=again_at)
    fault = backend.books.fault(job.vendor, "callback", job.prompt)
    number = backend.books.hear(job.vendor, "callback", "POST", job.callback, dialect.called(job))
    if fault and fault.what == "lose":
        backend.books.answered(number, 0, job.id, ["fault: lose"])
        return
    if not is_loopback_url(job.callback):
        backend.books.settle_call(job)
        backend.books.answered(number, 0, job.id, ["not on this machine: nobody was called"])
        return
    times = 2 if fault else 1
    statuses = [await _post(client, job.callback, dialect.called(job)) for _ in range(times)]
    backend.books.answered(number, statuses[-1], job.id, ["fault: repeat"] if fault else [])
    if again_at is not None and 200 <= statuses[-1] < 300:
        backend.books.settle_call(job)


async def _post(client: httpx.AsyncClient, url: str, body: object) -> int:
    try:
        return (await client.post(url, json=body)).status_code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        log.info("a callback reached nobody: %s", error)
        return 0
