"""One Meadow account over HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from render.providers.meadow import VENDOR
from render.providers.meadow.capabilities import capabilities
from render.providers.meadow.payloads import ERROR_CODES, order_body, read_new_job, read_status, read_upload

from render.providers.base import JobRef, JobStatus, PublishedReference
from render.providers.environment import poll_interval
from render.providers.findings import Finding
from render.providers.health_checks import examine_by_credits
from render.providers.hosted import Hosted, OrderCall, endpoint_of, job_of, upload
from render.providers.http import VendorHttp, quoted
from storyboard.request import BoundReference, Request

UPLOAD_LIVES = timedelta(hours=72)


def open_account(environment: Mapping[str, str]) -> MeadowProvider:
    """The account whose key the environment holds. Raises BadSetting."""
    endpoint = replace(endpoint_of(VENDOR, environment), error_codes=ERROR_CODES)
    return MeadowProvider(
        VendorHttp(endpoint), capabilities(environment), poll_interval(environment, timedelta(seconds=5))
    )


class MeadowProvider(Hosted):
    """One Meadow account."""

    async def publish(self, reference: BoundReference, file: Path) -> PublishedReference:
        url = await upload(self._http, "/files", reference, file, read_upload)
        return PublishedReference(reference, url, datetime.now(UTC) + UPLOAD_LIVES)

    def order(self, request: Request, references: Sequence[PublishedReference], _take_id: str) -> OrderCall:
        return OrderCall(path="/jobs", body=order_body(request, references), read=read_new_job)

    async def poll(self, job: JobRef) -> JobStatus:
        return await self._http.ask("GET", f"/jobs/{quoted(job.id)}", read=read_status, what=job_of(job))

    async def examine(self) -> Sequence[Finding]:
        return await examine_by_credits(self._http, "/credits")
