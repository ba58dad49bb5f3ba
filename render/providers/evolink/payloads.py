"""EvoLink's JSON: an order as it is written there, and what its answers say. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from render.net.responses import Json, Unreadable, read_job_id, read_url, words
from render.providers.base import Ended, JobStatus, ListedJob, Pending, PublishedReference, Succeeded
from render.providers.ended_jobs import ended
from render.providers.evolink import VENDOR
from render.providers.evolink.error_codes import TASK_ERROR_CODES
from render.providers.parsing import moment, share
from render.providers.vendor_errors import read_vendor_error
from storyboard.framing import AUTO
from storyboard.request import Request
from storyboard.shot import MediaKind

LINK_LIVES = timedelta(hours=24)

SHORTEST_PAGE = 10
"""A list with fewer entries than any page holds is whole, also where it does not say so."""


def order_body(request: Request, references: Sequence[PublishedReference]) -> Json:
    """The order, with every parameter that EvoLink would choose otherwise. The literal first frame,
    and the last, are `image_urls` alone.
    """
    links = {
        f"{kind.value}_urls": [published.url for published in references if published.reference.kind is kind]
        for kind in MediaKind
    }
    return {
        "model": request.model,
        "prompt": request.prompt,
        **{key: each for key, each in links.items() if each},
        "duration": int(request.billed_s),
        "quality": request.resolution,
        "aspect_ratio": "adaptive" if request.aspect_ratio == AUTO else request.aspect_ratio,
        "generate_audio": request.audio,
    }


def read_new_task(told: Json) -> str:
    """The id in the answer to an order."""
    return read_job_id(told["id"])


def read_upload(told: Json) -> tuple[str, datetime | None]:
    """The link to an uploaded file, and when it ends where that is told."""
    if told.get("success") is False:
        raise Unreadable(f"the file was not taken: {read_vendor_error(told).words or 'no reason is told'}")
    return read_url(told["data"]["file_url"]), moment(told["data"].get("expires_at"))


def read_status(told: Json) -> JobStatus:
    """How a task stands, from its JSON. Raises Unreadable for a state that is not documented."""
    match told["status"]:
        case "pending" | "queued" as state:
            return Pending(progress=share(told.get("progress")), words=state)
        case "processing" | "running":
            return Pending(progress=share(told.get("progress")))
        case "completed":
            return Succeeded(clip_url=_clip_url(told), usage=_usage(told), expires_at=_link_ends(told))
        case "failed":
            return _failed(told)
        case "cancelled":
            # That failed tasks are refunded is documented; that cancelled ones are is not.
            return Ended(code="cancelled", words="it was cancelled at evolink", cancelled=True)
        case other:
            raise Unreadable(f"EvoLink tells a state that is not documented: {other!r:.60}")


def _clip_url(told: Mapping[str, Json]) -> str:
    """The clip's link, at each place where the vendor's pages and its own script look for it."""
    places = (
        _first(told.get("results")),
        _named(_first(told.get("results")), "url"),
        _named(_first(told.get("result_data")), "video_url"),
        _named(told.get("output"), "video_url"),
        told.get("video_url"),
    )
    return read_url(next((each for each in places if isinstance(each, str) and each), None))


def _link_ends(told: Mapping[str, Json]) -> datetime | None:
    """When the clip's link ends: as the result says, else a day after the task was completed or last changed.

    None where the answer tells none of these: a day from now would be later each time that it is asked.
    """
    results = (_first(told.get("results")), _first(told.get("result_data")), told.get("output"), told)
    ends = _first_moment(_named(result, "expires_at") for result in results)
    over = _first_moment(told.get(name) for name in ("completed_at", "completed", "updated_at", "updated"))
    return ends or (over and _after(over, LINK_LIVES))


def _first_moment(values: Iterable[Json]) -> datetime | None:
    return next((found for value in values if (found := moment(value)) is not None), None)


def _after(time: datetime, lasting: timedelta) -> datetime | None:
    try:
        return time + lasting
    except OverflowError:
        return None


def _first(value: Json) -> Json:
    return value[0] if isinstance(value, list) and value else None


def _named(value: Json, name: str) -> Json:
    return value.get(name) if isinstance(value, Mapping) else None


def _usage(told: Mapping[str, Json]) -> str:
    """The vendor's own figures, raw: what a credit costs is not documented."""
    usage = told.get("usage")
    figures = usage.items() if isinstance(usage, Mapping) else ()
    return words(", ".join(f"{name} {figure}" for name, figure in figures))


def _failed(told: Mapping[str, Json]) -> Ended:
    """Failed tasks are refunded, by the vendor's pages."""
    vendor_error = read_vendor_error({"error": told.get("error")})
    return ended(vendor_error, TASK_ERROR_CODES, provider=VENDOR.name, key_variable=VENDOR.key_variable, charged=False)


def read_listed(told: Json, since: datetime) -> tuple[ListedJob, ...] | None:
    """The tasks of an answer; None where it may leave out some that are younger than `since`.

    A task is adopted where it is the only one that fits, so half a list is worse than none. How the list is wrapped is
    not documented: it is found under each of the usual names.
    """
    jobs = tuple(_listed(entry) for entry in entries(told))
    times = [job.created_at for job in jobs]
    reaches_back = times == sorted(times, reverse=True) and bool(times) and times[-1] < since
    return jobs if reaches_back or _whole(told, len(jobs)) else None


def entries(told: Json) -> list[Json]:
    """The list in an answer, under whichever of the usual names it is. Raises Unreadable where there is none."""
    if isinstance(told, list):
        return told
    for name in ("data", "tasks", "items", "results"):
        found = told.get(name)
        if isinstance(found, list):
            return found
        if isinstance(found, Mapping):
            return entries(found)
    raise Unreadable("no list of tasks is in the answer")


def _whole(told: Json, count: int) -> bool:
    """Whether a list says, or is too short to be otherwise, that it leaves nothing out."""
    if not isinstance(told, Mapping):
        return count < SHORTEST_PAGE
    wrappings = [told, *(each for each in told.values() if isinstance(each, Mapping))]
    if any(each.get(name) for each in wrappings for name in ("has_more", "next", "next_page", "next_cursor")):
        return False
    totals: list[int] = [each["total"] for each in wrappings if isinstance(each.get("total"), int)]
    if totals:
        return max(totals) <= count
    return any(each.get("has_more") is False for each in wrappings) or count < SHORTEST_PAGE


def _listed(entry: Json) -> ListedJob:
    created_at = moment(entry.get("created", entry.get("created_at")))
    model, prompt = entry["model"], entry.get("prompt")
    if created_at is None or not isinstance(model, str):
        raise Unreadable("a listed task without a time or a model")
    return ListedJob(
        id=read_job_id(entry["id"]),
        model=model,
        created_at=created_at,
        prompt=prompt if isinstance(prompt, str) else None,
    )
