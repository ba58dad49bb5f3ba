"""AIHubMax's JSON: an order as its pages document it, and what its answers mean. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from render.net.responses import Json, Unreadable, read_job_id, read_url, words
from render.providers.aihubmax import VENDOR
from render.providers.aihubmax.error_codes import ERROR_CODES
from render.providers.base import Ended, JobStatus, Pending, PublishedReference, Succeeded
from render.providers.ended_jobs import ended
from render.providers.parsing import share
from render.providers.vendor_errors import VendorError, read_vendor_error
from storyboard.framing import AUTO
from storyboard.request import Mode, Request

LINK_LIVES = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class NoClipYet:
    """A task that is `completed` without results: this was seen, and means that the clip is not there yet."""


def order_body(request: Request, references: Sequence[PublishedReference]) -> dict[str, Json]:
    """One order, every parameter spelled out, and no key that is not documented."""
    return {
        "model": request.model,
        "prompt": request.prompt,
        **_links(request.mode, references),
        "duration": -1 if request.duration_s is None else int(request.billed_s),
        "resolution": request.resolution,
        "aspect_ratio": "adaptive" if request.aspect_ratio == AUTO else request.aspect_ratio,
        "generate_audio": request.audio,
        "seed": -1 if request.seed is None else request.seed,
    }


def _links(mode: Mode, references: Sequence[PublishedReference]) -> dict[str, Json]:
    """The literal frames, or the references by kind in the order of their tokens; an empty kind is left out."""
    if mode is Mode.FIRST_FRAME:
        return dict(zip(("image_url", "end_image_url"), (each.url for each in references), strict=False))
    links: dict[str, Json] = {}
    for published in references:
        links.setdefault(f"{published.reference.kind.value}_urls", []).append(published.url)
    return links


def read_new_task(told: Json) -> str:
    """The id of the task that an order became."""
    return read_job_id(told["id"])


def read_upload(told: Json) -> str:
    """The link to an uploaded file."""
    return read_url(told["url"])


def read_task(told: Json, now: datetime) -> JobStatus | NoClipYet:
    """How a task stands; ValueError for a state that is not documented."""
    match told["status"]:
        case "pending" | "queued" | "processing" | "running" as state:
            return Pending(progress=share(told.get("progress")), words=state)
        case "completed":
            return _completed(told, now)
        case "failed":
            return _failed(told)
        case "cancelled":
            return Ended(code="cancelled", words="it was cancelled", cancelled=True)
        case other:
            raise Unreadable(f"{other!r:.60} is no state that AIHubMax documents")


def _completed(told: Mapping[str, Json], now: datetime) -> Succeeded | NoClipYet:
    """The first result: an object with a link, on older pages the link itself."""
    results = told.get("results")
    if not results:
        return NoClipYet()
    if not isinstance(results, list):
        raise Unreadable(f"{results!r:.60} is no list of results")
    first = results[0]
    link = first if isinstance(first, str) else first["url"]
    return Succeeded(clip_url=read_url(link), usage=_usage(told.get("usage")), expires_at=now + LINK_LIVES)


def _usage(told: Json) -> str:
    """Credits and the like, raw: what one is worth in dollars is not documented."""
    if not isinstance(told, Mapping):
        return ""
    return words(", ".join(f"{name} {value}" for name, value in told.items() if isinstance(value, str | int | Decimal)))


def _failed(told: Mapping[str, Json]) -> Ended:
    """Why there is no clip, and what to do. No refund is documented, so what was charged is not known."""
    error = told.get("error")
    vendor_error = read_vendor_error({"error": error}) if error else VendorError()
    return ended(vendor_error, ERROR_CODES, provider=VENDOR.name, key_variable=VENDOR.key_variable, charged=None)
