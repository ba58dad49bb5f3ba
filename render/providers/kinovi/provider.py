"""One Kinovi account over HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from render.concurrency.lease import Lease
from render.providers.base import JobRef, JobStatus, PublishedReference
from render.providers.endpoint import Endpoint
from render.providers.environment import api_key, base_url, poll_interval
from render.providers.findings import Finding
from render.providers.hosted import Hosted, content_type_of
from render.providers.http import VendorHttp
from render.providers.kinovi.capabilities import BASE_URL, Dialect, capabilities, dialect_of
from render.providers.kinovi.error_codes import ERROR_CODES
from render.providers.kinovi.health import examine
from render.providers.kinovi.payloads import (
    KEY_VARIABLE,
    order_body,
    read_new_job,
    read_refusal,
    read_status,
    read_upload,
)
from render.providers.rejected_inputs import shown
from storyboard.capabilities import Capabilities
from storyboard.request import BoundReference, Request

POLL_EVERY = timedelta(seconds=5)
UPLOAD_LIVES = timedelta(hours=24)


def open_kinovi(environment: Mapping[str, str]) -> KinoviProvider:
    """The account whose key the environment holds. Raises BadSetting."""
    endpoint = Endpoint(
        provider="kinovi",
        base_url=base_url(environment, "KINOVI_BASE_URL", BASE_URL),
        key=api_key(environment, KEY_VARIABLE),
        key_variable=KEY_VARIABLE,
        error_codes=ERROR_CODES,
        vendor_error=read_refusal,
    )
    sold, dialect = capabilities(environment), dialect_of(environment)
    return KinoviProvider(VendorHttp(endpoint), sold, dialect, poll_interval(environment, POLL_EVERY))


class KinoviProvider(Hosted):
    """One Kinovi account. It lists no jobs, ends none, and knows no idempotency key, as far as its pages tell."""

    def __init__(
        self, http: VendorHttp, capabilities: Capabilities, dialect: Dialect, poll_interval: timedelta
    ) -> None:
        super().__init__(http, capabilities, poll_interval)
        self._dialect = dialect

    async def publish(self, reference: BoundReference, file: Path) -> PublishedReference:
        what, expires_at = f"the upload of {shown(reference)}", datetime.now(UTC) + UPLOAD_LIVES
        put_url, url, content_type = await self._http.ask(
            "POST", "/uploads", body={"fileName": file.name}, read=read_upload, what=what
        )
        await self._http.put(put_url, file, content_type=content_type or content_type_of(file), what=what)
        return PublishedReference(reference, url, expires_at)

    async def create(
        self,
        request: Request,
        references: Sequence[PublishedReference],
        *,
        take_id: str,  # noqa: ARG002 - it knows no key for orders
        callback_url: str | None = None,
        lease: Lease | None = None,
    ) -> str:
        body = order_body(request, references, self._dialect)
        if callback_url is not None:
            body["callBackUrl"] = callback_url
        return await self._http.create("/jobs/createTask", body, read=read_new_job, shot=request.shot, lease=lease)

    async def poll(self, job: JobRef) -> JobStatus:
        params, what = {"taskId": job.id}, f"job {job.id} of {job.request.shot}"
        return await self._http.ask("GET", "/jobs/recordInfo", params=params, read=read_status, what=what)

    async def examine(self) -> Sequence[Finding]:
        return await examine(self._http, self._dialect)
