"""What every vendor behind one HTTP API answers the same way. A vendor's own module adds the rest of the Protocol:
how it is given references, ordered from, and asked.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from render.providers.base import JobRef, ListedJob
from render.providers.http import VendorHttp
from storyboard.capabilities import Capabilities


class Hosted:
    """One account over HTTP: what is not documented for a vendor, it cannot do."""

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
        """Between two polls of a young job."""
        return self._poll_interval

    async def download(self, job: JobRef, url: str, target: Path, progress: Callable[[float], None]) -> None:
        """Fetch the clip by its link."""
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


def content_type_of(file: Path) -> str:
    """A file's MIME type, by its name."""
    return mimetypes.guess_type(file.name, strict=False)[0] or "application/octet-stream"
