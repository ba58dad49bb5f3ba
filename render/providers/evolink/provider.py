"""One EvoLink account over HTTP: an API for orders, and a host for files beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from render.concurrency.lease import Lease
from render.errors import BadSetting
from render.net.addresses import is_loopback_url
from render.providers.base import JobRef, JobStatus, ListedJob, PublishedReference
from render.providers.endpoint import Endpoint
from render.providers.environment import api_key, base_url, poll_interval
from render.providers.evolink.batch import Polls
from render.providers.evolink.capabilities import BASE_URL, FILES_URL, capabilities
from render.providers.evolink.error_codes import ERROR_CODES, FILES_ERROR_CODES
from render.providers.evolink.health import examine
from render.providers.evolink.payloads import (
    KEY_VARIABLE,
    order_body,
    read_listed,
    read_new_task,
    read_upload,
)
from render.providers.findings import Finding
from render.providers.hosted import Hosted, content_type_of
from render.providers.http import VendorHttp
from render.providers.rejected_inputs import shown
from storyboard.capabilities import Capabilities
from storyboard.request import BoundReference, Request

POLL_EVERY = timedelta(seconds=10)
UPLOAD_LIVES = timedelta(hours=72)


def open_evolink(environment: Mapping[str, str]) -> EvoLinkProvider:
    """The account whose key the environment holds. Raises BadSetting."""
    endpoint = Endpoint(
        provider="evolink",
        base_url=base_url(environment, "EVOLINK_BASE_URL", BASE_URL),
        key=api_key(environment, KEY_VARIABLE),
        key_variable=KEY_VARIABLE,
        error_codes=ERROR_CODES,
    )
    files = replace(
        endpoint, base_url=base_url(environment, "EVOLINK_FILES_URL", FILES_URL), error_codes=FILES_ERROR_CODES
    )
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
        url, expires_at = await self._files.upload(
            "/api/v1/files/upload/stream",
            file,
            read=read_upload,
            content_type=content_type_of(file),
            what=f"the upload of {shown(reference)}",
        )
        return PublishedReference(reference, url, expires_at or latest)

    def _refuse_real_host(self) -> None:
        """A stand-in's key and a project's files have no business at the real files host."""
        if self._http.allow_loopback and not is_loopback_url(self._files.endpoint.base_url):
            raise BadSetting("EVOLINK_FILES_URL", "must name this machine too while EVOLINK_BASE_URL does")

    async def create(
        self,
        request: Request,
        references: Sequence[PublishedReference],
        *,
        take_id: str,
        callback_url: str | None = None,
        lease: Lease | None = None,
    ) -> str:
        body, headers = order_body(request, references), {"Idempotency-Key": take_id}
        if callback_url is not None:
            body["callback_url"] = callback_url
        return await self._http.create(
            "/v1/videos/generations", body, read=read_new_task, shot=request.shot, headers=headers, lease=lease
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
