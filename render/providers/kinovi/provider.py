"""One Kinovi account over HTTP: `POST /jobs/createTask`, then `GET /jobs/recordInfo` until it has a clip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from render.providers.base import JobRef, JobStatus, PublishedReference
from render.providers.environment import poll_interval
from render.providers.findings import Finding
from render.providers.hosted import Hosted, OrderCall, content_type_of, endpoint_of, job_of, upload_of
from render.providers.http import VendorHttp
from render.providers.kinovi import VENDOR
from render.providers.kinovi.capabilities import Dialect, capabilities, dialect_of
from render.providers.kinovi.error_codes import ERROR_CODES
from render.providers.kinovi.health import examine
from render.providers.kinovi.payloads import order_body, read_new_job, read_refusal, read_status, read_upload
from storyboard.capabilities import Capabilities
from storyboard.request import BoundReference, Request

POLL_EVERY = timedelta(seconds=5)
UPLOAD_LIVES = timedelta(hours=24)


def open_account(environment: Mapping[str, str]) -> KinoviProvider:
    """The account whose key the environment holds. Raises BadSetting."""
    endpoint = replace(endpoint_of(VENDOR, environment), error_codes=ERROR_CODES, vendor_error=read_refusal)
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
        what, expires_at = upload_of(reference), datetime.now(UTC) + UPLOAD_LIVES
        put_url, url, content_type = await self._http.ask(
            "POST", "/uploads", body={"fileName": file.name}, read=read_upload, what=what
        )
        await self._http.put(put_url, file, content_type=content_type or content_type_of(file), what=what)
        return PublishedReference(reference, url, expires_at)

    def order(self, request: Request, references: Sequence[PublishedReference], _take_id: str) -> OrderCall:
        body = order_body(request, references, self._dialect)
        return OrderCall(path="/jobs/createTask", body=body, read=read_new_job, callback_key="callBackUrl")

    async def poll(self, job: JobRef) -> JobStatus:
        params = {"taskId": job.id}
        return await self._http.ask("GET", "/jobs/recordInfo", params=params, read=read_status, what=job_of(job))

    async def examine(self) -> Sequence[Finding]:
        return await examine(self._http, self._dialect)
