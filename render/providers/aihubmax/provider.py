"""AIHubMax as a provider: `POST /v1/videos/generations`, then `GET /v1/tasks/ID` until it has a clip."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from render.errors import Terminal
from render.providers.aihubmax import VENDOR
from render.providers.aihubmax.capabilities import capabilities
from render.providers.aihubmax.error_codes import ERROR_CODES
from render.providers.aihubmax.payloads import NoClipYet, order_body, read_new_task, read_task, read_upload
from render.providers.base import JobRef, JobStatus, Pending, PublishedReference
from render.providers.endpoint import USER_AGENT
from render.providers.environment import poll_interval
from render.providers.findings import Finding
from render.providers.health_checks import examine_by_credits
from render.providers.hosted import Hosted, OrderCall, endpoint_of, job_of, upload
from render.providers.http import VendorHttp, quoted
from storyboard.capabilities import Capabilities
from storyboard.request import BoundReference, Request

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
"""A client that does not look like a browser was answered 403."""

UPLOAD_LIVES = timedelta(hours=72)
POLL_INTERVAL = timedelta(seconds=5)
PATIENCE_FOR_CLIP = timedelta(minutes=10)
"""How long one process waits for the clip of a task that is `completed` and names none."""


def open_account(environment: Mapping[str, str]) -> AihubmaxProvider:
    """The account of the key in AIHUBMAX_API_KEY; BadSetting where there is none."""
    endpoint = replace(endpoint_of(VENDOR, environment), user_agent=f"{BROWSER} {USER_AGENT}", error_codes=ERROR_CODES)
    return AihubmaxProvider(VendorHttp(endpoint), capabilities(environment), poll_interval(environment, POLL_INTERVAL))


class AihubmaxProvider(Hosted):
    """One AIHubMax account. Its pages document no list of tasks, no way to end one, no idempotency key, no callback."""

    def __init__(
        self,
        http: VendorHttp,
        capabilities: Capabilities,
        poll_interval: timedelta,
        *,
        patience: timedelta = PATIENCE_FOR_CLIP,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(http, capabilities, poll_interval)
        self._patience, self._clock = patience, clock
        self._without_clip_since: dict[str, float] = {}  # task id -> when it was first seen completed without one

    async def publish(self, reference: BoundReference, file: Path) -> PublishedReference:
        """Upload a reference; its link lives 72 hours, by the vendor's pages. Raises Transient, Terminal."""
        url = await upload(self._http, "/v1/files/upload/stream", reference, file, read_upload)
        return PublishedReference(reference, url, datetime.now(UTC) + UPLOAD_LIVES)

    def order(self, request: Request, references: Sequence[PublishedReference], _take_id: str) -> OrderCall:
        """The order's one call: AIHubMax documents no idempotency key and no callback."""
        return OrderCall(path="/v1/videos/generations", body=order_body(request, references), read=read_new_task)

    async def poll(self, job: JobRef) -> JobStatus:
        """How a task stands. Terminal where it has been completed without a clip for longer than is patient."""
        status = await self._http.ask(
            "GET",
            f"/v1/tasks/{quoted(job.id)}",
            read=lambda told: read_task(told, datetime.now(UTC)),
            what=job_of(job),
        )
        if isinstance(status, NoClipYet):
            return self._wait_for_clip(job)
        self._without_clip_since.pop(job.id, None)
        return status

    def _wait_for_clip(self, job: JobRef) -> Pending:
        now = self._clock()
        since = self._without_clip_since.setdefault(job.id, now)
        if now - since > self._patience.total_seconds():
            del self._without_clip_since[job.id]
            raise Terminal(
                f"aihubmax says that {job_of(job)} is completed, and has named no clip of it for {self._patience}",
                "The take is kept: produce again later and the clip is asked for anew. If there "
                "never is one, ask aihubmax about the job, then settle it with `tailframe reconcile`",
                code="no_clip",
            )
        return Pending(progress=1.0, words="completed, its clip is not named yet")

    async def examine(self) -> Sequence[Finding]:
        """Look at the account without ordering anything."""
        return await examine_by_credits(self._http, "/v1/account/credits")
