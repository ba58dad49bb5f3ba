"""Oxen.ai as a provider: `POST /queue`, then `GET /queue/ID` until it has a clip."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from render.errors import BadSetting, Scope, StoreError, Terminal
from render.providers.base import JobRef, JobStatus, ListedJob, PublishedReference
from render.providers.environment import poll_interval
from render.providers.findings import Finding
from render.providers.hosted import Hosted, OrderCall, content_type_of, endpoint_of, job_of
from render.providers.http import VendorHttp, quoted
from render.providers.oxen import VENDOR
from render.providers.oxen.capabilities import INLINE_BYTES, MODELS, capabilities
from render.providers.oxen.error_codes import ERROR_CODES
from render.providers.oxen.health import examine
from render.providers.oxen.payloads import (
    INLINE,
    STATES,
    order_body,
    read_inline_clip,
    read_list,
    read_new_job,
    read_oxen_error,
    read_status,
)
from render.providers.rejected_inputs import shown
from storyboard.capabilities import Capabilities
from storyboard.request import BoundReference, Request
from storyboard.shot import MediaKind

CREATE_TIMEOUT = timedelta(minutes=4)
"""Longer than other vendors': an order holds its pictures."""

POLL_INTERVAL = timedelta(seconds=5)


def open_account(environment: Mapping[str, str]) -> OxenProvider:
    """The account of the key in OXEN_API_KEY; BadSetting where there is none."""
    endpoint = replace(
        endpoint_of(VENDOR, environment),
        create_timeout=CREATE_TIMEOUT,
        error_codes=ERROR_CODES,
        vendor_error=read_oxen_error,
    )
    interval = poll_interval(environment, POLL_INTERVAL)
    return OxenProvider(VendorHttp(endpoint), capabilities(environment), interval, namespace=namespace_of(environment))


def namespace_of(environment: Mapping[str, str]) -> str | None:
    """OXEN_NAMESPACE: who pays and where results are kept; None leaves both with the key's own user."""
    namespace = environment.get("OXEN_NAMESPACE", "").strip()
    if not namespace.isprintable() or any(letter in " /?#" for letter in namespace):
        raise BadSetting("OXEN_NAMESPACE", "is not the name of a user or an organization")
    return namespace or None


class OxenProvider(Hosted):
    """One Oxen.ai account. It calls jobs generations, and can list and end them; `payloads` has its JSON."""

    def __init__(
        self, http: VendorHttp, capabilities: Capabilities, poll_interval: timedelta, *, namespace: str | None
    ) -> None:
        super().__init__(http, capabilities, poll_interval)
        self._namespace = namespace

    async def publish(self, reference: BoundReference, file: Path) -> PublishedReference:
        """A picture as a `data:` link that travels in the order. Terminal for anything else: it has no upload."""
        if reference.kind is not MediaKind.IMAGE:
            raise _out_of_reach(reference, f"a {reference.kind} reaches oxen only by a public link")
        size = (await asyncio.to_thread(file.stat)).st_size
        if size > INLINE_BYTES:
            raise _out_of_reach(
                reference, f"it has {size} bytes, and {INLINE_BYTES} is the most that goes within an order"
            )
        bytes_ = await asyncio.to_thread(file.read_bytes)
        return PublishedReference(reference, f"data:{content_type_of(file)};base64,{base64.b64encode(bytes_).decode()}")

    def order(self, request: Request, references: Sequence[PublishedReference], _take_id: str) -> OrderCall:
        """The order's one call: Oxen.ai documents no idempotency key and no callback."""
        body = order_body(request, references, self._namespace)
        return OrderCall(path="/queue", body=body, read=lambda told: read_new_job(told, request.shot))

    async def poll(self, job: JobRef) -> JobStatus:
        """How a generation stands. Raises as `Provider.poll`."""
        return await self._http.ask("GET", _path(job), read=read_status, what=job_of(job))

    async def download(self, job: JobRef, url: str, target: Path, progress: Callable[[float], None]) -> None:
        """Fetch the clip by its link, or out of the answer that holds it."""
        if url != INLINE:
            await super().download(job, url, target, progress)
            return
        what = f"the clip of job {job.id}"
        clip = await self._http.ask("GET", _path(job), read=read_inline_clip, what=what)
        try:
            await asyncio.to_thread(target.write_bytes, clip)
        except OSError as error:
            raise StoreError(f"{what} cannot be written: {error}", "Make room, then run again") from None
        progress(1.0)

    async def list_jobs(self, since: datetime) -> Sequence[ListedJob] | None:
        """Generations in any state; None where the list may not be whole.

        The queue tells only unfinished ones unless a state is named.
        """
        found: list[ListedJob] = []
        for model in MODELS:
            for state in STATES:
                params = {"model": model, "status": state}
                if self._namespace is not None:
                    params["namespace"] = self._namespace
                listed = await self._http.ask(
                    "GET", "/queue", params=params, read=lambda told: read_list(told, since), what="the queue"
                )
                if listed is None:
                    return None
                found += listed
        once = {job.id: job for job in found}  # one that moves on between two questions is told twice
        return tuple(job for job in once.values() if job.created_at >= since)

    async def cancel(self, job: JobRef) -> bool:
        """End a generation that is queued or processing; False where the vendor says that it did not."""
        return await self._http.ask(
            "DELETE", _path(job), read=lambda told: told["status"] == "success", what=f"the end of job {job.id}"
        )

    async def examine(self) -> Sequence[Finding]:
        """Look at the account without ordering anything."""
        return await examine(self._http, tuple(MODELS), self._namespace)


def _path(job: JobRef) -> str:
    return f"/queue/{quoted(job.id)}"


def _out_of_reach(reference: BoundReference, why: str) -> Terminal:
    return Terminal(
        f"{shown(reference)} cannot be sent to oxen: {why}",
        "Keep clips and "
        "references in an S3 store (TAILFRAME_STORE_URL=s3://BUCKET/PREFIX), which gives links, or name another vendor",
        code="out_of_reach",
        scope=Scope.SHOT,
        charged=False,
        input_name=reference.token or reference.name,
    )
