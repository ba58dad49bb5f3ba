"""AIHubMax's words: an order as its pages document it, and what its answers mean. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from render.errors import Scope
from render.providers.answers import Json, Unreadable, read_job_id, read_url, words
from render.providers.base import Ended, JobStatus, Pending, PublishedReference, Succeeded
from render.providers.complaints import (
    CONTENT,
    MEND_SHOT,
    NOT_THERE,
    PAY,
    Complaint,
    Verdict,
    Verdicts,
    read_complaint,
)
from render.providers.endings import ended
from render.providers.figures import share
from storyboard.framing import AUTO
from storyboard.request import Mode, Request

KEY_VARIABLE = "AIHUBMAX_API_KEY"
LINK_LIVES = timedelta(hours=24)

OTHER_PICTURE = Verdict(
    scope=Scope.SHOT, remedy="Give another picture for the reference that it names, then produce again"
)
LATER = Verdict(scope=Scope.ATTEMPT, remedy="Produce again later: {provider} failed, not the shot")
ONCE_MORE = Verdict(
    scope=Scope.ATTEMPT, remedy="Produce again; where it fails so once more, change the shot's words or references"
)
ELSEWHERE = Verdict(
    scope=Scope.VENDOR, remedy="{provider} has no room for this model now: produce again later, or name another vendor"
)

VERDICTS: Verdicts = {
    404: Verdict(
        scope=Scope.ATTEMPT,
        remedy="Look for the task on {provider}'s own page, with the account of the key in {key_variable}",
    ),
    403: Verdict(
        scope=Scope.VENDOR,
        remedy="Ask {provider} to allow this model for the key in {key_variable}; it also turns away what it takes "
        "for a robot",
    ),
    "insufficient_quota": PAY,
    "model_not_found": NOT_THERE,
    "no_compatible_channel": ELSEWHERE,
    "invalid_file_type": MEND_SHOT,
    "invalid_image_url": OTHER_PICTURE,
    "content_policy_violation": CONTENT,
    "invalid_parameters": MEND_SHOT,
    "image_processing_error": OTHER_PICTURE,
    "image_dimension_mismatch": OTHER_PICTURE,
    "generation_failed_no_content": ONCE_MORE,
    "service_error": LATER,
    "generation_timeout": LATER,
    "resource_exhausted": LATER,
    "quota_exceeded": PAY,
    "service_unavailable": LATER,
    "upstream_error": LATER,
}
"""By the code of a refused order or of a failed task. Any other code says to look it up."""


@dataclass(frozen=True, slots=True)
class NoClipYet:
    """`completed` without results: seen, and it means that the clip is not there yet."""


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
    """The literal first frame, or the references by kind in the order of their tokens; an empty kind is left out."""
    if mode is Mode.FIRST_FRAME:
        (frame,) = references
        return {"image_url": frame.url}
    links: dict[str, Json] = {}
    for published in references:
        links.setdefault(f"{published.reference.kind.value}_urls", []).append(published.url)
    return links


def read_new_task(told: Json) -> str:
    """The id of the task that an order became."""
    return read_job_id(told["id"])


def read_upload(told: Json) -> str:
    """Where an uploaded file is."""
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
    complaint = read_complaint({"error": error}) if error else Complaint()
    return ended(complaint, VERDICTS, provider="aihubmax", key_variable=KEY_VARIABLE, charged=None)
