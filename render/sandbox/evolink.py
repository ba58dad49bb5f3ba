"""EvoLink as its pages and its own clients document it, save that callbacks go to this machine and nowhere else."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from render.sandbox import file_uploads
from render.sandbox.backend import Fate
from render.sandbox.dialect import Call, Refusal
from render.sandbox.json_fields import Fields
from render.sandbox.pixel_sizes import RATIOS, pixels
from render.sandbox.reference_fetch import MB, Bounds, Breach, Limits, Unreadable, breach
from render.sandbox.unified import FAST, FIRST_FRAME, LENGTHS, LINK_LIFE_S, STANDARD, Unified
from render.sandbox.vendor_order import Job, Order, Reference, as_frames
from storyboard.shot import MediaKind

MOST_BODY_BYTES = 64 * MB
MOST_FILE_BYTES = 100 * MB
MOST_IN_A_BATCH = 50
RATES = {  # US dollars per second of its price page, October 2026: of output; of input and output with a video
    ("standard", "480p"): (Decimal("0.0919"), Decimal("0.0560")),
    ("standard", "720p"): (Decimal("0.1985"), Decimal("0.1209")),
    ("fast", "480p"): (Decimal("0.0745"), Decimal("0.0443")),
    ("fast", "720p"): (Decimal("0.1608"), Decimal("0.0957")),
}
_SIDE, _RATIO = Bounds(300, 6000), Bounds(0.4, 2.5)
LIMITS = {
    MediaKind.IMAGE: Limits(formats=frozenset({"jpeg", "png", "webp"}), bytes_each=30 * MB, side=_SIDE, ratio=_RATIO),
    MediaKind.VIDEO: Limits(
        formats=frozenset({"mp4", "mov"}),
        bytes_each=50 * MB,
        seconds_each=Bounds(2, 15),
        seconds_all=15,
        side=_SIDE,
        ratio=_RATIO,
        frame_pixels=Bounds(409_600, 927_408),
        fps=Bounds(24, 60),
    ),
    MediaKind.AUDIO: Limits(
        formats=frozenset({"wav", "mp3"}), bytes_each=15 * MB, seconds_each=Bounds(2, 15), seconds_all=15
    ),
}
_FAULTS = {"dimensions": "image_dimension_mismatch", "format": "image_processing_error"}


class EvoLink(Unified):
    """EvoLink's API, which is at https://api.evolink.ai, and the files host beside it."""

    name = "evolink"
    addresses = {"EVOLINK_BASE_URL": "/evolink", "EVOLINK_FILES_URL": "/evolink-files"}  # noqa: RUF012 - never changed
    cancels = True
    callback_waits_s = (1.0, 2.0, 4.0)
    fate = Fate(
        ("content_policy_violation", "The content violates the usage policy"),
        ("generation_failed_no_content", "Nothing was generated"),
        refunds=True,
    )
    codes = {  # noqa: RUF012 - never changed
        400: "invalid_request",
        401: "unauthorized",
        402: "insufficient_quota",
        403: "model_access_denied",
        404: "resource_not_found",
        413: "request_too_large",
        429: "rate_limit_exceeded",
        500: "service_error",
        502: "upstream_error",
        503: "service_unavailable",
    }

    def routes(self) -> list[Route]:
        """Tasks, credits, and files at a host of their own."""
        uploads = [
            self.route(f"/evolink-files/api/v1/files/upload/{form}", "POST", "upload", partial(self._upload, form=form))
            for form in file_uploads.FORMS
        ]
        return [
            self.route("/evolink/v1/videos/generations", "POST", "create", self.create),
            self.route("/evolink/v1/tasks/batch", "POST", "poll", self._batch),
            self.route("/evolink/v1/tasks", "GET", "list", self._list),
            self.route("/evolink/v1/tasks/{job}", "GET", "poll", self.poll),
            self.route("/evolink/v1/credits", "GET", "balance", self.balance),
            *uploads,
        ]

    def gate(self, call: Call) -> None:
        """Bodies have a limit."""
        if len(call.raw) > MOST_BODY_BYTES and "/files/" not in call.request.url.path:
            raise Refusal(self.error_response(413, f"The request has more than {MOST_BODY_BYTES} bytes"))

    def results(self, job: Job) -> list[Any] | None:
        """Links, as text."""
        return [self.backend.clip_link(job, LINK_LIFE_S)]

    def key_of(self, call: Call) -> str:
        """The vendor's own client sends one."""
        return call.request.headers.get("idempotency-key", "")

    async def read(self, call: Call) -> Order:
        """Check an order. What is wrong with the media is found while the task runs, and fails it."""
        fields = Fields(call.object)
        model = fields.choice("model", (STANDARD, FAST, FIRST_FRAME), "")
        if not model:
            fields.wrong("model", "invalid_request", "model is required, and must be one that is sold")
        prompt = fields.text("prompt", required=True)
        first = model == FIRST_FRAME
        lists = {
            MediaKind.IMAGE: fields.links("image_urls", 2 if first else 9),
            MediaKind.VIDEO: [] if first else fields.links("video_urls", 3),
            MediaKind.AUDIO: [] if first else fields.links("audio_urls", 3),
        }
        seconds = fields.whole("duration", LENGTHS, 5)
        sizes = ("480p", "720p") if model == FAST else ("480p", "720p", "1080p")
        quality = fields.choice("quality", sizes, "720p")
        ratio = fields.choice("aspect_ratio", (*RATIOS, "adaptive"), "16:9")
        audio = fields.flag("generate_audio", True)
        callback = fields.text("callback_url", most=2048)
        if first and not lists[MediaKind.IMAGE]:
            fields.wrong("image_urls", "invalid_request", "image_urls must hold 1 or 2 images")
        if lists[MediaKind.AUDIO] and not (lists[MediaKind.IMAGE] or lists[MediaKind.VIDEO]):
            fields.wrong("audio_urls", "invalid_request", "audio needs at least one image or video with it")
        self.check(fields, call)
        references, code, words = await self._references(lists, literal=first)
        width, height = pixels(quality, ratio, references)
        return Order(
            model=model,
            body=call.body,
            prompt=prompt,
            references=references,
            seconds=seconds,
            width=width,
            height=height,
            audio=audio,
            price_usd=_price_usd(model, quality, seconds, references),
            callback=callback,
            code=code,
            words=words,
        )

    async def _references(
        self, lists: dict[MediaKind, list[str]], *, literal: bool
    ) -> tuple[tuple[Reference, ...], str, str]:
        """The references; code and words of what is wrong with them."""
        urls, keep = [url for each in lists.values() for url in each], self.backend.footage.pictures
        try:
            found = tuple(await self.backend.reader.read_all(urls, keep=keep if literal else None))
        except Unreadable as error:
            return (), "image_processing_error", str(error)
        self.check_together(found, lists)
        broken: Breach | None = breach(found, LIMITS)
        if broken is None:
            return as_frames(found) if literal else found, "", ""
        return found, _FAULTS.get(broken.about, "invalid_parameters"), f"{broken.url[:120]}: {broken.message}"

    async def _list(self, call: Call) -> Response:
        """The newest first. No page shows the answer's shape."""
        jobs = self.backend.books.jobs(self.name)[::-1]
        asked = call.request.query_params
        start, most = _number(asked.get("offset"), 0), _number(asked.get("limit"), 20)
        page = [self.told(job) for job in jobs[start : start + most]]
        return JSONResponse({"object": "list", "data": page, "total": len(jobs)})

    async def _batch(self, call: Call) -> Response:
        """Several tasks at once; those that nobody knows are left out."""
        ids = call.object.get("task_ids", call.object.get("ids"))
        if not isinstance(ids, list) or not 1 <= len(ids) <= MOST_IN_A_BATCH:
            raise Refusal(self.error_response(400, f"task_ids must hold 1 to {MOST_IN_A_BATCH} ids"))
        jobs = [self.backend.books.job(self.name, str(each)) for each in ids]
        return JSONResponse({"data": [self.told(job) for job in jobs if job]})

    async def _upload(self, call: Call, *, form: str) -> Response:
        try:
            upload = await file_uploads.received(call, self.backend, self.name, form, MOST_FILE_BYTES)
        except file_uploads.BadUpload as error:
            raise Refusal(self.error_response(400, str(error))) from None
        kept = {
            "file_id": upload.name,
            "file_name": upload.title,
            "file_url": self.backend.file_link(upload.name),
            "mime_type": upload.type,
            "file_size": len(upload.content or b""),
            "expires_at": int(upload.expires_at),
        }
        return JSONResponse({"success": True, "code": 200, "data": kept})


def _price_usd(model: str, quality: str, seconds: int, references: tuple[Reference, ...]) -> Decimal | None:
    """With a video coming in: (longer of the two + output) at the lower rate. None for 1080p: no page says."""
    rates = RATES.get(("fast" if model == FAST else "standard", quality))
    if rates is None:
        return None
    videos_s = [each.seconds for each in references if each.kind is MediaKind.VIDEO]
    if not videos_s:
        return rates[0] * seconds
    came_s = Decimal(str(round(sum(videos_s), 3)))
    return rates[1] * (max(came_s, Decimal(seconds)) + seconds)


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else default


DIALECT = EvoLink
