"""Kinovi's JSON: an order as it is written there, and what its answers say. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from render.net.responses import Json, Unreadable, read_job_id, read_url, words
from render.providers.base import Ended, JobStatus, Pending, PublishedReference, Succeeded
from render.providers.ended_jobs import ended
from render.providers.kinovi import VENDOR
from render.providers.kinovi.capabilities import USD_PER_CREDIT, Dialect
from render.providers.kinovi.error_codes import ERROR_CODES, JOB_UNKNOWN
from render.providers.parsing import bill, moment, whole
from render.providers.vendor_errors import VendorError, read_vendor_error
from storyboard.request import Mode, Request
from storyboard.shot import MediaKind

LINK_LIVES = timedelta(days=14)


def order_body(request: Request, references: Sequence[PublishedReference], dialect: Dialect) -> Json:
    """The order, with every parameter that Kinovi would choose otherwise, and no key that its dialect lacks."""
    inputs: dict[str, Json] = {
        "prompt": request.prompt,
        "aspectRatio": request.aspect_ratio,
        "mode": "keyframe" if request.mode is Mode.FIRST_FRAME else "reference",
    }
    spelled = _typed(request, references) if dialect is Dialect.TYPED else _urls(request, references)
    return {"model": request.model, "inputs": inputs | spelled}


def _urls(request: Request, references: Sequence[PublishedReference]) -> dict[str, Json]:
    """The documented pages: pictures and videos in one list, a length in text, and 4k as an upscale."""
    links = {"urls": _links(references, MediaKind.IMAGE, MediaKind.VIDEO)}
    links["audioUrls"] = _links(references, MediaKind.AUDIO)
    larger = {} if request.upscale is None else {"upscaleResolution": request.upscale}
    size = {"outputResolution": request.resolution, **larger}
    return {**_filled(links), "duration": str(int(request.billed_s)), **size}


def _typed(request: Request, references: Sequence[PublishedReference]) -> dict[str, Json]:
    """The newer repository page: a list by kind, a length as a number, a sound switch and a seed."""
    links = {f"{kind.value}Urls": _links(references, kind) for kind in MediaKind}
    seed = {} if request.seed is None else {"seed": request.seed}
    return {
        **_filled(links),
        "duration": int(request.billed_s),
        "outputResolution": request.resolution,
        "generate_audio": request.audio,
        **seed,
    }


def _links(references: Sequence[PublishedReference], *kinds: MediaKind) -> list[str]:
    return [published.url for published in references if published.reference.kind in kinds]


def _filled(links: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {key: each for key, each in links.items() if each}


def read_new_job(told: Json) -> str:
    """The id in the answer to an order."""
    return read_job_id(told["taskId"])


def read_upload(told: Json) -> tuple[str, str, str | None]:
    """Where to put a file, the link under which Kinovi reads it then, and the content type that it wants."""
    content_type = told.get("contentType")
    return read_url(told["uploadUrl"]), read_url(told["url"]), content_type if isinstance(content_type, str) else None


def read_status(told: Json) -> JobStatus:
    """How a job stands. The state is under `status`, on one page under `state`."""
    match told.get("status", told.get("state")):
        case "waiting" as state:
            return Pending(words=state)
        case "generating":
            return Pending()
        case "success":
            return _succeeded(told)
        case "fail":
            return _failed(told)
        case other:
            raise Unreadable(f"Kinovi tells a state that is not documented: {other!r:.60}")


def _succeeded(told: Json) -> Succeeded:
    outputs = told["output"]
    if not isinstance(outputs, list) or not outputs:
        raise Unreadable("Kinovi says success and gives no clip")
    spent, completed = bill(told.get("creditsUsed")), moment(told.get("completeTime"))
    last_frame = outputs[0].get("lastFrameImage")
    return Succeeded(
        clip_url=read_url(outputs[0]["url"]),
        last_frame_url=last_frame if isinstance(last_frame, str) and last_frame else None,
        cost_usd=None if spent is None else spent * USD_PER_CREDIT,
        usage="" if told.get("creditsUsed") is None else words(f"{told['creditsUsed']} credits"),
        expires_at=None if completed is None else completed + LINK_LIVES,
        seed=whole(outputs[0].get("seed")),
    )


def _failed(told: Json) -> Ended:
    """Failed jobs are refunded, by the vendor's pages."""
    vendor_error = read_vendor_error({"error": told.get("error")})
    return ended(vendor_error, ERROR_CODES, provider=VENDOR.name, key_variable=VENDOR.key_variable, charged=False)


def read_refusal(told: Json) -> VendorError:
    """A refusal's code and words; for missing credit, with how much is missing."""
    vendor_error = read_vendor_error(told)
    if vendor_error.words == "Task not found":
        return replace(vendor_error, code=JOB_UNKNOWN)
    required, available = (told.get(name) if isinstance(told, Mapping) else None for name in ("required", "available"))
    if required is None or available is None:
        return vendor_error
    return replace(vendor_error, words=words(f"{vendor_error.words} ({required} needed, {available} left)"))
