"""Oxen.ai's JSON: an order as its pages document it, and what its answers mean. Pure."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime

from render.errors import Terminal
from render.net.responses import Json, Unreadable, read_job_id, read_url
from render.providers.base import Ended, JobStatus, ListedJob, Pending, PublishedReference, Succeeded
from render.providers.ended_jobs import ended
from render.providers.oxen import VENDOR
from render.providers.oxen.error_codes import ERROR_CODES, classed
from render.providers.parsing import moment, whole
from render.providers.vendor_errors import VendorError, read_vendor_error, refusal
from storyboard.request import Request
from storyboard.shot import MediaKind

STATES = ("queued", "processing", "succeeded", "failed", "cancelled")

SHORTEST_PAGE = 10
"""A list with fewer entries than any page holds is whole, also where it does not say so."""

INLINE = "inline:video"
"""Stands for a link where the clip itself is in the answer; it is asked for again when it is fetched."""


def order_body(request: Request, references: Sequence[PublishedReference], namespace: str | None) -> dict[str, Json]:
    """One order, every parameter spelled out, and no key that is not documented. A length is a text here.

    `namespace` says who pays and where results are kept, never what is made: no hash holds it.
    """
    return {
        "model": request.model,
        "prompt": request.prompt,
        "input_images": _links(references, MediaKind.IMAGE),
        "input_videos": _links(references, MediaKind.VIDEO),
        "input_audios": _links(references, MediaKind.AUDIO),
        "resolution": request.resolution,
        "duration": "auto" if request.duration_s is None else str(int(request.billed_s)),
        "aspect_ratio": request.aspect_ratio,
        "generate_audio": request.audio,
        "num_generations": 1,
        **({} if request.seed is None else {"seed": request.seed}),
        **({} if namespace is None else {"target_namespace": namespace}),
    }


def _links(references: Sequence[PublishedReference], kind: MediaKind) -> list[str]:
    return [published.url for published in references if published.reference.kind is kind]


def read_oxen_error(told: Json) -> VendorError:
    """The words of an error, under a code of ours where they are known: Oxen.ai sends no codes of its own."""
    return classed(read_vendor_error(told))


def read_new_job(told: Json, shot: str) -> str:
    """The id of the generation that an order became; Terminal where the answer says that there is none, and why."""
    if not told.get("generations") and (told.get("error") or told.get("status") == "error"):
        raise _refused(told, f"the order for {shot}", charged=False)
    return read_job_id(told["generations"][0]["generation_id"])


def read_status(told: Json) -> JobStatus:
    """How a generation stands; ValueError for a state that is not documented."""
    match told["status"]:
        case "queued" | "processing" as state:
            return Pending(words=state)
        case "succeeded":
            return Succeeded(clip_url=_clip_url(told))
        case "failed":
            return _failed(told)
        case "cancelled":
            return Ended(code="cancelled", words="it was cancelled", cancelled=True)
        case "error" if read_oxen_error(told).code in ERROR_CODES:
            raise _refused(told, "the question", charged=None)
        case other:
            raise Unreadable(f"{other!r:.60} is no state that Oxen.ai documents")


def _refused(told: Json, what: str, *, charged: bool | None) -> Terminal:
    return refusal(
        read_oxen_error(told),
        200,
        ERROR_CODES,
        provider=VENDOR.name,
        key_variable=VENDOR.key_variable,
        what=what,
        charged=charged,
    )


def _clip_url(told: Mapping[str, Json]) -> str:
    """The clip's link, or `INLINE` where the clip itself is in the answer."""
    if told.get("result_url"):
        return read_url(told["result_url"])
    read_inline_clip(told)
    return INLINE


def read_inline_clip(told: Json) -> bytes:
    """A clip that came within the answer; ValueError where there is none that can be read."""
    clip = base64.b64decode(told["videos"][0]["b64_json"], validate=True)
    if not clip:
        raise Unreadable("the clip in the answer is empty")
    return clip


def _failed(told: Mapping[str, Json]) -> Ended:
    """Why there is no clip, and what to do. No refund is documented, so what was charged is not known."""
    said = told.get("error_message")
    vendor_error = read_oxen_error({"error": said} if said else told)
    return ended(vendor_error, ERROR_CODES, provider=VENDOR.name, key_variable=VENDOR.key_variable, charged=None)


def read_list(told: Json, since: datetime) -> tuple[ListedJob, ...] | None:
    """Generations of one state; None where it may leave out some that are younger than `since`.

    A generation is adopted where it is the only one that fits, so half a list is worse than none, and so is one that
    cannot be read.
    """
    jobs = tuple(_listed(each) for each in told["generations"])
    times = [job.created_at for job in jobs]
    reaches_back = bool(times) and times[-1] < since and times == sorted(times, reverse=True)
    return jobs if reaches_back or _whole(told, len(jobs)) else None


def _whole(told: Mapping[str, Json], count: int) -> bool:
    """Whether a list says, or is too short to be otherwise, that it leaves nothing out."""
    pages = told.get("total_pages")
    return pages <= 1 if isinstance(pages, int) else count < SHORTEST_PAGE


def _listed(told: Mapping[str, Json]) -> ListedJob:
    enqueued_at, prompt = moment(told["enqueued_at"]), told.get("prompt")
    if enqueued_at is None:
        raise Unreadable(f"{told['enqueued_at']!r:.60} is no time")
    model = told["model_name"]
    if not isinstance(model, str):
        raise Unreadable(f"{model!r:.60} is no model")
    return ListedJob(
        id=read_job_id(told["generation_id"]),
        model=model,
        created_at=enqueued_at,
        prompt=prompt if isinstance(prompt, str) else None,
        seed=whole(told.get("seed")),
    )
