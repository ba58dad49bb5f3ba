"""Acme as a provider: what a vendor's module looks like on the shared HTTP base, and what the tests pay."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from render.net.responses import Json, read_job_id, read_url
from render.providers.base import (
    Ended,
    JobRef,
    JobStatus,
    ListedJob,
    Pending,
    PublishedReference,
    Succeeded,
)
from render.providers.endpoint import Endpoint
from render.providers.environment import api_key, base_url, origin_of, poll_interval, whole_number
from render.providers.http import VendorHttp, quoted
from render.providers.registry import ProviderContext
from render.providers.vendor_errors import CONTENT, MEND_SHOT
from storyboard.capabilities import Capabilities, Lengths, MediaLimits, ModelCapabilities, Rate
from storyboard.prompt_forms import MARKED_BEATS, PromptForms
from storyboard.request import BoundReference, Mode, Request
from storyboard.shot import MediaKind

BASE_URL = "https://api.acme.example"
RATES = {
    "180p": Rate(usd_per_second=Decimal("0.05"), as_of="2026-01-01"),
    "480p": Rate(usd_per_second=Decimal("0.10"), as_of="2026-01-01"),
    "720p": Rate(usd_per_second=Decimal("0.20"), as_of="2026-01-01"),
}
FRAME_SIZES = {
    ("180p", "16:9"): (320, 180),
    ("180p", "9:16"): (180, 320),
    ("180p", "1:1"): (180, 180),
    ("480p", "16:9"): (854, 480),
    ("480p", "9:16"): (480, 854),
    ("480p", "1:1"): (480, 480),
    ("720p", "16:9"): (1280, 720),
    ("720p", "9:16"): (720, 1280),
    ("720p", "1:1"): (720, 720),
}
SMALL = FRAME_SIZES | {
    sold: (2 * round(width / 8), 2 * round(height / 8))
    for sold, (width, height) in FRAME_SIZES.items()
    if sold[0] != "180p"
}
"""Where Acme is told to sell films that are decoded soon."""


def _model(
    name: str, rates: Mapping[str, Rate], sizes: Mapping[tuple[str, str], tuple[int, int]], forms: PromptForms
) -> ModelCapabilities:
    return ModelCapabilities(
        name=name,
        lengths=Lengths(min_s=Decimal(4), max_s=Decimal(15), auto=False),
        resolutions=tuple(RATES),
        aspect_ratios=("16:9", "9:16", "1:1"),
        media={
            MediaKind.IMAGE: MediaLimits(count=9, formats=("jpeg", "png", "webp"), max_bytes=30_000_000),
            MediaKind.VIDEO: MediaLimits(count=3, formats=("mp4",), total_s=Decimal(15)),
            MediaKind.AUDIO: MediaLimits(count=3, formats=("mp3", "wav"), total_s=Decimal(15)),
        },
        references_in_all=15,
        prompt_characters=4000,
        seed=True,
        audio_switch=True,
        first_frame_model="acme-1-i2v",
        last_frame=True,
        frame_sizes=sizes,
        rates=rates,
        prompt_forms=forms,
    )


class AcmeVendor:
    """The entry point by which Acme is found."""

    def capabilities(self, environment: Mapping[str, str]) -> Capabilities:
        rates = RATES if environment.get("ACME_TELLS_PRICES", "1") == "1" else {}
        forms = PromptForms(beat=MARKED_BEATS) if environment.get("ACME_MARKS") == "1" else PromptForms()
        sizes = SMALL if environment.get("ACME_SMALL") == "1" else FRAME_SIZES
        return Capabilities(
            provider="acme",
            origin=origin_of(base_url(environment, "ACME_BASE_URL", BASE_URL)),
            models={name: _model(name, rates, sizes, forms) for name in ("acme-1", "acme-1-i2v")},
            default_model="acme-1",
            tokens={MediaKind.IMAGE: "@image{n}", MediaKind.VIDEO: "@video{n}", MediaKind.AUDIO: "@audio{n}"},
            fps=Fraction(24),
            concurrent_jobs=whole_number(environment, "ACME_CONCURRENT_JOBS", 5),
            cancels=True,
            replays_by_key=environment.get("ACME_REPLAYS") == "1",
        )

    def open(self, context: ProviderContext) -> AcmeProvider:
        environment = context.environment
        endpoint = Endpoint(
            provider="acme",
            base_url=base_url(environment, "ACME_BASE_URL", BASE_URL),
            key=api_key(environment, "ACME_API_KEY"),
            key_variable="ACME_API_KEY",
            create_timeout=timedelta(seconds=whole_number(environment, "ACME_CREATE_TIMEOUT", 20)),
            error_codes={"content_refused": CONTENT, "bad_duration": MEND_SHOT},
        )
        return AcmeProvider(
            VendorHttp(endpoint),
            self.capabilities(environment),
            poll_interval(environment, timedelta(milliseconds=100)),
            lists_jobs=environment.get("ACME_LISTS_JOBS", "1") == "1",
        )


VENDOR = AcmeVendor()


class AcmeProvider:
    """One Acme account."""

    def __init__(
        self, http: VendorHttp, capabilities: Capabilities, poll_interval: timedelta, *, lists_jobs: bool
    ) -> None:
        self._http = http
        self._capabilities = capabilities
        self._poll_interval = poll_interval
        self._lists_jobs = lists_jobs

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    @property
    def create_timeout(self) -> timedelta:
        return self._http.endpoint.create_timeout

    @property
    def poll_interval(self) -> timedelta:
        return self._poll_interval

    async def publish(self, reference: BoundReference, file: Path) -> PublishedReference:
        links = await self._http.ask(
            "POST", "/v1/files", body={"name": file.name}, read=_upload_links, what=f"the upload of {file.name}"
        )
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        await self._http.put(links[0], file, content_type=kind)
        return PublishedReference(reference, links[1], datetime.now(UTC) + timedelta(hours=24))

    async def create(
        self,
        request: Request,
        references: Sequence[PublishedReference],
        *,
        take_id: str,
        callback_url: str | None = None,
    ) -> str:
        headers = {"Idempotency-Key": take_id} if self._capabilities.replays_by_key else {}
        body = order_body(request, references)
        return await self._http.create("/v1/jobs", body, read=_new_job, shot=request.shot, headers=headers)

    async def poll(self, job: JobRef) -> JobStatus:
        return await self._http.ask("GET", f"/v1/jobs/{quoted(job.id)}", read=_status, what=f"job {job.id}")

    async def download(self, job: JobRef, url: str, target: Path, progress: Callable[[float], None]) -> None:
        await self._http.download(url, target, what=f"the clip of job {job.id}", progress=progress)

    async def list_jobs(self, since: datetime) -> Sequence[ListedJob] | None:
        if not self._lists_jobs:
            return None
        since_s = str(since.timestamp())
        return await self._http.ask("GET", "/v1/jobs", params={"since": since_s}, read=_listed, what="the list of jobs")

    async def cancel(self, job: JobRef) -> bool:
        return await self._http.ask(
            "DELETE", f"/v1/jobs/{quoted(job.id)}", read=lambda told: bool(told["cancelled"]), what=f"job {job.id}"
        )

    async def aclose(self) -> None:
        await self._http.aclose()


def order_body(request: Request, references: Sequence[PublishedReference]) -> Json:
    """The order in Acme's words: links by kind, in the order of their tokens."""
    links: dict[str, list[str]] = {"images": [], "videos": [], "audios": []}
    for published in references:
        links[f"{published.reference.kind.value}s"].append(published.url)
    return {
        "model": request.model,
        "mode": "first_frame" if request.mode is Mode.FIRST_FRAME else "reference",
        "prompt": request.prompt,
        **links,
        "duration": int(request.billed_s),
        "resolution": request.resolution,
        "aspect_ratio": request.aspect_ratio,
        "audio": request.audio,
        "seed": request.seed,
    }


def _upload_links(told: Json) -> tuple[str, str]:
    return read_url(told["upload_url"]), read_url(told["url"])


def _new_job(told: Json) -> str:
    return read_job_id(told["id"])


def _listed(told: Json) -> tuple[ListedJob, ...]:
    return tuple(
        ListedJob(
            id=read_job_id(job["id"]),
            model=job["model"],
            created_at=datetime.fromisoformat(job["created_at"]),
            prompt=job.get("prompt"),
            seed=job.get("seed"),
        )
        for job in told["jobs"]
    )


def _status(told: Json) -> JobStatus:
    match told["status"]:
        case "running":
            return Pending(progress=float(told["progress"]))
        case "succeeded":
            charged = Decimal(told["charged_usd"])
            return Succeeded(clip_url=read_url(told["clip_url"]), cost_usd=charged, usage=f"${charged}")
        case "cancelled":
            return Ended(code="cancelled", words="it was cancelled", cancelled=True, charged=False)
        case "failed" | "refused" as ended:
            error = told["error"]
            charged_at_all = None if not told["refunded"] else False
            return Ended(code=error["code"], words=error["message"], refused=ended == "refused", charged=charged_at_all)
        case other:
            raise ValueError(f"Acme knows no state {other!r}")
