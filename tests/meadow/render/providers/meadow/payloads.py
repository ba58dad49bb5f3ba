"""Meadow's words: an order, what its answers mean, and what its errors mean. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from render.providers.meadow import VENDOR

from render.net.responses import Json, Unreadable, read_job_id, read_url
from render.providers.base import JobStatus, Pending, PublishedReference, Succeeded
from render.providers.ended_jobs import ended
from render.providers.vendor_errors import CONTENT, ErrorMeanings, read_vendor_error
from storyboard.request import Request

ERROR_CODES: ErrorMeanings = {"content_policy_violation": CONTENT}


def order_body(request: Request, references: Sequence[PublishedReference]) -> dict[str, Json]:
    """One order, every parameter spelled out."""
    links: dict[str, Json] = {}
    for published in references:
        links.setdefault(f"{published.reference.kind.value}_urls", []).append(published.url)
    return {
        "model": request.model,
        "prompt": request.prompt,
        **links,
        "duration": int(request.billed_s),
        "resolution": request.resolution,
        "aspect_ratio": request.aspect_ratio,
        "generate_audio": request.audio,
    }


def read_new_job(told: Json) -> str:
    """The id of the job that an order became."""
    return read_job_id(told["id"])


def read_upload(told: Json) -> str:
    """Where an uploaded file is."""
    return read_url(told["url"])


def read_status(told: Json) -> JobStatus:
    """How a job stands; ValueError for a state that is not documented."""
    match told["status"]:
        case "pending" | "processing" as state:
            return Pending(words=state)
        case "completed":
            return Succeeded(clip_url=read_url(told["results"][0]["url"]))
        case "failed":
            vendor_error = read_vendor_error({"error": told.get("error")})
            return ended(
                vendor_error, ERROR_CODES, provider=VENDOR.name, key_variable=VENDOR.key_variable, charged=None
            )
        case other:
            raise Unreadable(f"{other!r:.60} is no state that Meadow documents")
