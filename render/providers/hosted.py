"""What every vendor behind one HTTP API does alike: its endpoint, how an order is sent, how files come and go.

A vendor's own module adds the rest of the Protocol: how it is given references, what an order says, how it is asked.
"""

from __future__ import annotations

import mimetypes
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from render.concurrency.lease import Lease
from render.net.responses import Json
from render.providers.base import JobRef, ListedJob, PublishedReference
from render.providers.endpoint import Endpoint
from render.providers.environment import api_key
from render.providers.hosted_vendor import HostedVendor
from render.providers.http import VendorHttp
from render.providers.http_outcomes import Read
from render.providers.rejected_inputs import shown
from storyboard.capabilities import Capabilities
from storyboard.request import BoundReference, Request

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCall:
    """The HTTP request that orders one clip: a POST of JSON."""

    path: str  # below the vendor's base URL
    body: Mapping[str, Json]
    read: Read[str]  # the id of the job, out of the answer
    headers: Mapping[str, str] = field(default_factory=dict)
    callback_key: str = ""  # where the body names who is called back; empty where the vendor calls nobody


class Hosted(ABC):
    """One account over HTTP: what is not documented for a vendor, it cannot do.

    A vendor says with `order` what it is sent; one whose orders travel otherwise has a `create` of its own.
    """

    def __init__(self, http: VendorHttp, capabilities: Capabilities, poll_interval: timedelta) -> None:
        self._http, self._capabilities, self._poll_interval = http, capabilities, poll_interval

    @property
    def capabilities(self) -> Capabilities:
        """What it sells."""
        return self._capabilities

    @property
    def create_timeout(self) -> timedelta:
        """The longest that an order can take."""
        return self._http.endpoint.create_timeout

    @property
    def poll_interval(self) -> timedelta:
        """How long to wait between two polls of a young job."""
        return self._poll_interval

    @abstractmethod
    def order(self, request: Request, references: Sequence[PublishedReference], take_id: str) -> OrderCall:
        """What is sent for this request. `take_id` is the idempotency key, for vendors that take one."""

    async def create(
        self,
        request: Request,
        references: Sequence[PublishedReference],
        *,
        take_id: str,
        callback_url: str | None = None,
        lease: Lease | None = None,
    ) -> str:
        """Order one clip; returns the vendor's job id. Sent at most once; see `VendorHttp.create`."""
        order = self.order(request, references, take_id)
        called_back = {order.callback_key: callback_url} if order.callback_key and callback_url is not None else {}
        return await self._http.create(
            order.path,
            {**order.body, **called_back},
            read=order.read,
            shot=request.shot,
            headers=order.headers,
            lease=lease,
        )

    async def download(self, job: JobRef, url: str, target: Path, progress: Callable[[float], None]) -> None:
        """Fetch the clip by its link; see `VendorHttp.download`."""
        await self._http.download(url, target, what=f"the clip of job {job.id}", progress=progress)

    async def list_jobs(self, since: datetime) -> Sequence[ListedJob] | None:  # noqa: ARG002 - as the Protocol has it
        """None: no list is documented."""
        return None

    async def cancel(self, job: JobRef) -> bool:  # noqa: ARG002 - as the Protocol has it
        """False: no way to is documented."""
        return False

    async def aclose(self) -> None:
        """Close its connections."""
        await self._http.aclose()


def endpoint_of(vendor: HostedVendor, environment: Mapping[str, str]) -> Endpoint:
    """Where the vendor is, and the key that the environment holds. Raises BadSetting.

    What is the vendor's own (its error codes, how its refusals are read) is put into it by `dataclasses.replace`.
    """
    return Endpoint(
        provider=vendor.name,
        base_url=vendor.url(environment),
        key=api_key(environment, vendor.key_variable),
        key_variable=vendor.key_variable,
    )


async def upload(http: VendorHttp, path: str, reference: BoundReference, file: Path, read: Read[T]) -> T:
    """Send a reference as a form to the vendor's own upload; returns what `read` finds in the answer."""
    content_type = content_type_of(file)
    return await http.upload(path, file, read=read, content_type=content_type, what=upload_of(reference))


def upload_of(reference: BoundReference) -> str:
    """How an upload is called in sentences: `the upload of @image1 (mara)`."""
    return f"the upload of {shown(reference)}"


def job_of(job: JobRef) -> str:
    """How a job is called in sentences: `job task_7 of e01/lamp/010`."""
    return f"job {job.id} of {job.request.shot}"


def content_type_of(file: Path) -> str:
    """A file's MIME type, by its name: `video/mp4`; `application/octet-stream` where the name tells none."""
    return mimetypes.guess_type(file.name, strict=False)[0] or "application/octet-stream"
