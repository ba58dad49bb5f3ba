"""One EvoLink account over HTTP: an API for orders, and a host for files beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from render.errors import BadSetting
from render.net.addresses import is_loopback_url
from render.providers.base import JobRef, JobStatus, ListedJob, PublishedReference
from render.providers.environment import poll_interval
from render.providers.evolink import VENDOR
from render.providers.evolink.batch import Polls
from render.providers.evolink.capabilities import capabilities
from render.providers.evolink.error_codes import ERROR_CODES, FILES_ERROR_CODES
from render.providers.evolink.health import examine
from render.providers.evolink.payloads import order_body, read_listed, read_new_task, read_upload
from render.providers.findings import Finding
from render.providers.hosted import Hosted, OrderCall, endpoint_of, upload
from render.providers.http import VendorHttp
from storyboard.capabilities import Capabilities
from storyboard.request import BoundReference, Request

POLL_EVERY = timedelta(seconds=10)
UPLOAD_LIVES = timedelta(hours=72)


def open_account(environment: Mapping[str, str]) -> EvoLinkProvider:
    """The account whose key the environment holds. Raises BadSetting."""
    endpoint = replace(endpoint_of(VENDOR, environment), error_codes=ERROR_CODES)
    files = replace(endpoint, base_url=VENDOR.url(environment, "EVOLINK_FILES_URL"), error_codes=FILES_ERROR_CODES)
    return EvoLinkProvider(
        VendorHttp(endpoint), VendorHttp(files), capabilities(environment), poll_interval(environment, POLL_EVERY)
    )


class EvoLinkProvider(Hosted):
    """One EvoLink account. No page tells how to end a task.

    Each order carries its take's id as `Idempotency-Key`, as the vendor's own client does. That the same key is the
    same task stands on no page, so nothing relies on it.
    """

    def __init__(
        self, http: VendorHttp, files: VendorHttp, capabilities: Capabilities, poll_interval: timedelta
    ) -> None:
        super().__init__(http, capabilities, poll_interval)
        self._files = files
        self._polls = Polls(http, poll_interval)

    async def publish(self, reference: BoundReference, file: Path) -> PublishedReference:
        self._refuse_real_host()
        latest = datetime.now(UTC) + UPLOAD_LIVES
        url, expires_at = await upload(self._files, "/api/v1/files/upload/stream", reference, file, read_upload)
        return PublishedReference(reference, url, expires_at or latest)

    def _refuse_real_host(self) -> None:
        """A stand-in's key and a project's files have no business at the real files host."""
        if self._http.allow_loopback and not is_loopback_url(self._files.endpoint.base_url):
            raise BadSetting("EVOLINK_FILES_URL", "must name this machine too while EVOLINK_BASE_URL does")

    def order(self, request: Request, references: Sequence[PublishedReference], take_id: str) -> OrderCall:
        return OrderCall(
            path="/v1/videos/generations",
            body=order_body(request, references),
            read=read_new_task,
            headers={"Idempotency-Key": take_id},
            callback_key="callback_url",
        )

    async def poll(self, job: JobRef) -> JobStatus:
        return await self._polls.status(job)

    async def list_jobs(self, since: datetime) -> Sequence[ListedJob] | None:
        return await self._http.ask(
            "GET", "/v1/tasks", read=lambda told: read_listed(told, since), what="the list of tasks"
        )

    async def examine(self) -> Sequence[Finding]:
        return await examine(self._http, self._files)

    async def aclose(self) -> None:
        self._polls.close()
        await super().aclose()
        await self._files.aclose()
