"""Oxen.ai as its pages document it: orders are queued, and checked only when the job runs. No price is documented."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from render.sandbox.backend import Fate
from render.sandbox.dialect import Call, Dialect, Refusal
from render.sandbox.json_fields import Fields
from render.sandbox.pixel_sizes import RATIOS, pixels
from render.sandbox.reference_fetch import MB, Limits, Unreadable, breach, misplaced
from render.sandbox.vendor_order import Job, Order, Reference, Stage
from storyboard.shot import MediaKind

MODEL = "bytedance-seedance-2-0-reference-to-video"
LINK_LIFE_S = 24 * 3_600.0  # "a limited time"
MOST_REFERENCES = 12
AUTO_S = 5
FATE = Fate(("", "The content was refused by moderation"), ("", "The generation failed"), refunds=False)
STATES = {
    Stage.WAITING: "queued",
    Stage.WORKING: "processing",
    Stage.DONE: "succeeded",
    Stage.FAILED: "failed",
    Stage.CANCELLED: "cancelled",
}
LENGTHS = ("auto", *(str(length) for length in range(4, 16)))
LIMITS = {
    MediaKind.IMAGE: Limits(formats=frozenset({"jpeg", "png", "webp"}), bytes_each=30 * MB),
    MediaKind.VIDEO: Limits(  # 2-15 s in all, and less than 50 MB in all
        formats=frozenset({"mp4", "mov"}), bytes_all=50 * MB - 1, seconds_all_least=2, seconds_all=15
    ),
    MediaKind.AUDIO: Limits(formats=frozenset({"wav", "mp3"}), bytes_each=15 * MB, seconds_all=15),
}
_KEYS = ("input_images", "input_videos", "input_audios")
SCHEMA = {
    "required": ["prompt"],
    "properties": {
        "prompt": {"type": "string"},
        **{key: {"type": "array", "items": {"type": "string"}} for key in _KEYS},
        "duration": {"enum": list(LENGTHS)},
        "resolution": {"enum": ["480p", "720p"]},
        "generate_audio": {"type": "boolean"},
        "seed": {"type": "integer"},
    },
}


class Oxen(Dialect):
    """Oxen.ai's API, which is at https://hub.oxen.ai/api/ai."""

    name = "oxen"
    addresses = {"OXEN_BASE_URL": "/oxen/api/ai"}  # noqa: RUF012 - never changed
    cancels = True

    def routes(self) -> list[Route]:
        """The queue, and what is sold."""
        base = "/oxen/api/ai"
        return [
            self.route(f"{base}/queue", "POST", "create", self._create),
            self.route(f"{base}/queue", "GET", "list", self._list),
            self.route(f"{base}/queue/{{job}}", "GET", "poll", self._poll),
            self.route(f"{base}/queue/{{job}}", "DELETE", "cancel", self._cancel),
            self.route(f"{base}/models/{{model}}", "GET", "model", self._model),
        ]

    def error_response(self, status: int, message: str) -> Response:
        """The shapes that its pages show: a bare word for a wrong key, an error with a title for all else."""
        if status == 401:
            return JSONResponse({"status": "error", "status_message": "unauthenticated"}, 401)
        error = {"type": f"http_{status}", "title": message}
        if status == 404:
            error = {"type": "resource_not_found", "title": "Resource not found"}
        headers = {"Retry-After": "1"} if status == 429 else None
        return JSONResponse({"error": error, "status": "error", "status_message": error["type"]}, status, headers)

    def poor(self, required_usd: Decimal, available_usd: Decimal) -> Response:  # noqa: ARG002 - no sums are told
        """An empty list, and why."""
        return JSONResponse({"generations": [], "error": {"detail": "Insufficient credits"}})

    def told(self, job: Job) -> dict[str, Any]:
        """The poll object. Times are epoch seconds."""
        stage = job.stage
        over = stage in {Stage.DONE, Stage.FAILED}
        return {
            "generation_id": job.id,
            "model_name": job.model,
            "status": STATES[stage],
            "result_url": self.backend.clip_link(job, LINK_LIFE_S) if stage is Stage.DONE else None,
            "error_message": job.words if stage is Stage.FAILED else None,
            "enqueued_at": int(job.created_at),
            "started_at": None if stage is Stage.WAITING else int(job.started_at),
            "completed_at": int(job.ready_at) if over else None,
        }

    async def _create(self, call: Call) -> Response:
        body = call.object
        if body.get("model") != MODEL:
            raise Refusal(self.error_response(404, ""))
        count = body.get("num_generations", 1)
        count = count if isinstance(count, int) and 1 <= count <= 4 else 1
        order = await self._read(call)
        jobs = [self.backend.place(order, self.name, str(uuid.uuid4()), fate=FATE) for _ in range(count)]
        call.job = jobs[0].id
        return JSONResponse({"generations": [{"generation_id": job.id, "status": "queued"} for job in jobs]})

    async def _poll(self, call: Call) -> Response:
        return JSONResponse(self.told(self.job_of(call, call.request.path_params["job"])))

    async def _list(self, call: Call) -> Response:
        """The newest first. No page shows the answer's shape."""
        asked = call.request.query_params
        told = [self.told(job) for job in reversed(self.backend.books.jobs(self.name))]
        some = [each for each in told if asked.get("status") in {None, each["status"]}]
        return JSONResponse({"generations": some})

    async def _model(self, call: Call) -> Response:
        """What one model takes. No page shows the answer's shape."""
        if call.request.path_params["model"] != MODEL:
            raise Refusal(self.error_response(404, ""))
        return JSONResponse({"id": MODEL, "object": "model", "request_schema": SCHEMA})

    async def _cancel(self, call: Call) -> Response:
        job = self.job_of(call, call.request.path_params["job"])
        if job.stage not in {Stage.WAITING, Stage.WORKING}:
            return JSONResponse({"error": {"message": f"The generation is {STATES[job.stage]}"}}, 400)
        self.backend.books.cancel(job)
        return JSONResponse({"status": "success", "generation_id": job.id})

    async def _read(self, call: Call) -> Order:
        """Take whatever came; what is wrong with it fails the job."""
        fields = Fields(call.object, known={"model", "num_generations", "target_namespace"})
        prompt = fields.text("prompt")
        lists = {kind: fields.links(key, most) for (kind, most), key in zip(_MOST.items(), _KEYS, strict=True)}
        seconds = fields.choice("duration", LENGTHS, "auto")
        resolution = fields.choice("resolution", ("480p", "720p"), "720p")
        ratio = fields.choice("aspect_ratio", (*RATIOS, "auto"), "auto")
        audio = fields.flag("generate_audio", True)
        fields.whole("seed", None, 0)
        fields.whole("num_generations", range(1, 5), 1)
        call.flags += [f"unknown key: {key}" for key in fields.unknown]
        references, words = await self._references(lists)
        width, height = pixels(resolution, ratio, references)
        return Order(
            model=MODEL,
            body=_without_files(call.object),
            prompt=prompt,
            references=references,
            seconds=AUTO_S if seconds == "auto" else int(seconds),
            width=width,
            height=height,
            audio=audio,
            price_usd=None,
            words=_first_words(fields, lists) or words,
        )

    async def _references(self, lists: dict[MediaKind, list[str]]) -> tuple[tuple[Reference, ...], str]:
        """The references, and what is wrong with them."""
        try:
            urls = [url for some in lists.values() for url in some]
            found = tuple(await self.backend.reader.read_all(urls, inline=True))
        except Unreadable as error:
            return (), f"Failed to download input: {error}"
        if wrong := misplaced(found, lists):
            return found, f"Invalid input: {wrong.kind} among inputs of another kind"
        if any(each.url.startswith("data:") and each.kind is not MediaKind.IMAGE for each in found):
            return found, "Invalid input: only images may be sent as data"
        broken = breach(found, LIMITS)
        return found, f"Invalid input: {broken.message}" if broken else ""


_MOST = {MediaKind.IMAGE: 9, MediaKind.VIDEO: 3, MediaKind.AUDIO: 3}


def _first_words(fields: Fields, lists: dict[MediaKind, list[str]]) -> str:
    """What the job says first of an order that is wrong."""
    if not fields.text("prompt").strip():
        return "Field required"
    if sum(len(urls) for urls in lists.values()) > MOST_REFERENCES or _wrong(fields, "too_many"):
        return "Too many input files"
    if lists[MediaKind.AUDIO] and not (lists[MediaKind.IMAGE] or lists[MediaKind.VIDEO]):
        return "Audio requires at least one image or video"
    first = fields.problems[0].path if fields.problems else ""
    return f"Invalid {first}" if first else ""


def _wrong(fields: Fields, code: str) -> bool:
    return any(each.code == code for each in fields.problems)


def _without_files(body: dict[str, Any]) -> dict[str, Any]:
    """The body without the content of the files that came inside it."""
    shown = dict(body)
    for key in _KEYS:
        if isinstance(shown.get(key), list):
            shown[key] = [f"{str(each)[:40]}…" if str(each).startswith("data:") else each for each in shown[key]]
    return shown


DIALECT = Oxen
