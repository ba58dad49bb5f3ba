"""AIHubMax as its pages document it. Its prices stand on no page that was read, so nothing is charged."""

from __future__ import annotations

import mimetypes
import time
from functools import partial
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from render.sandbox import file_uploads
from render.sandbox.backend import Fate
from render.sandbox.dialect import Call, Refusal
from render.sandbox.json_fields import Fields
from render.sandbox.pixel_sizes import RATIOS, pixels
from render.sandbox.reference_fetch import MB, Bounds, Limits, Unreadable, breach
from render.sandbox.unified import FAST, FIRST_FRAME, LENGTHS, LINK_LIFE_S, STANDARD, Unified
from render.sandbox.vendor_order import Job, Order, Reference, as_frames
from storyboard.shot import MediaKind

MOST_REFERENCES = 12
MOST_FILE_BYTES = 100 * MB
AUTO_S = 5  # the length that −1, the vendor's choice, becomes here
LIMITS = {
    MediaKind.IMAGE: Limits(formats=frozenset({"jpeg", "png", "webp"}), bytes_each=30 * MB),
    MediaKind.VIDEO: Limits(  # 2-15 s in all, and less than 50 MB in all
        formats=frozenset({"mp4", "mov"}), bytes_all=50 * MB - 1, seconds_all_least=2, seconds_all=15
    ),
    MediaKind.AUDIO: Limits(formats=frozenset({"wav", "mp3"}), bytes_each=15 * MB, seconds_each=Bounds(0, 15)),
}


class AIHubMax(Unified):
    """AIHubMax's API, which is at https://api.aihubmax.com."""

    name = "aihubmax"
    addresses = {"AIHUBMAX_BASE_URL": "/aihubmax"}  # noqa: RUF012 - never changed
    fate = Fate(
        ("content_policy_violation", "The content violates the usage policy"),
        ("generation_failed_no_content", "Nothing was generated"),
        refunds=False,
    )
    codes = {  # noqa: RUF012 - never changed
        400: "invalid_request",
        401: "invalid_api_key",
        402: "insufficient_quota",
        403: "forbidden",
        404: "task_not_found",
        422: "invalid_parameters",
        429: "rate_limit_exceeded",
        500: "internal_error",
        502: "bad_gateway",
        503: "service_unavailable",
    }

    def routes(self) -> list[Route]:
        """Tasks, credits and files."""
        uploads = [
            self.route(f"/aihubmax/v1/files/upload/{form}", "POST", "upload", partial(self._upload, form=form))
            for form in file_uploads.FORMS
        ]
        return [
            self.route("/aihubmax/v1/videos/generations", "POST", "create", self.create),
            self.route("/aihubmax/v1/tasks/{job}", "GET", "poll", self.poll),
            self.route("/aihubmax/v1/account/credits", "GET", "balance", self.balance),
            *uploads,
        ]

    def gate(self, call: Call) -> None:
        """Third parties saw a client without a browser's User-Agent turned away."""
        if not call.request.headers.get("user-agent", "").startswith("Mozilla/"):
            call.flags.append("no browser's User-Agent")
            raise Refusal(self.error_response(403, "Forbidden"))

    def results(self, job: Job) -> list[Any] | None:
        """Objects; null for a while, as third parties saw, where a fault says so."""
        if job.null_until > time.time():
            return None
        return [{"url": self.backend.clip_link(job, LINK_LIFE_S), "content_type": "video/mp4"}]

    async def read(self, call: Call) -> Order:
        """Check an order, its media included."""
        fields = Fields(call.object)
        model = fields.text("model", required=True)
        if model and model not in {STANDARD, FAST, FIRST_FRAME}:
            raise Refusal(self.error_response(422, f"The model {model!r:.60} does not exist", "model_not_found"))
        prompt = fields.text("prompt", required=True, most=5000)
        frames = [frame for key in ("image_url", "end_image_url") if (frame := fields.text(key))]
        lists = {
            MediaKind.IMAGE: [*fields.links("image_urls", 9), *frames],
            MediaKind.VIDEO: fields.links("video_urls", 3),
            MediaKind.AUDIO: fields.links("audio_urls", 3),
        }
        seconds = fields.whole("duration", (-1, *LENGTHS), 5)
        sizes = ("480p", "720p") if model == FAST else ("480p", "720p", "1080p")
        resolution = fields.choice("resolution", sizes, "720p")
        ratio = fields.choice("aspect_ratio", (*RATIOS, "adaptive"), "adaptive")
        audio = fields.flag("generate_audio", True)
        fields.whole("seed", None, -1)
        _check_counts(fields, lists, frames)
        if model == FIRST_FRAME and "image_url" not in fields.body:
            fields.wrong("image_url", "invalid_request", "image_url is required: the frame to begin on")
        self.check(fields, call)
        references = await self._references(lists, literal=bool(frames))
        width, height = pixels(resolution, ratio, references)
        return Order(
            model=model,
            body=call.body,
            prompt=prompt,
            references=references,
            seconds=AUTO_S if seconds == -1 else seconds,
            width=width,
            height=height,
            audio=audio,
            price_usd=None,
        )

    async def _references(self, lists: dict[MediaKind, list[str]], *, literal: bool = False) -> tuple[Reference, ...]:
        urls, keep = [url for each in lists.values() for url in each], self.backend.footage.pictures
        try:
            found = tuple(await self.backend.reader.read_all(urls, keep=keep if literal else None))
        except Unreadable as error:
            raise Refusal(self.error_response(422, str(error), "invalid_image_url")) from None
        self.check_together(found, lists)
        if broken := breach(found, LIMITS):
            if broken.about == "format":
                raise Refusal(self.error_response(422, f"{broken.url[:120]}: {broken.message}", "invalid_file_type"))
            raise Refusal(self.error_response(400, f"{broken.url[:120]}: {broken.message}"))
        return as_frames(found) if literal else found

    async def _upload(self, call: Call, *, form: str) -> Response:
        try:
            upload = await file_uploads.received(call, self.backend, self.name, form, MOST_FILE_BYTES)
        except file_uploads.BadUpload as error:
            raise Refusal(self.error_response(400, str(error))) from None
        if mimetypes.guess_type(upload.title)[0] is None and upload.type == "application/octet-stream":
            raise Refusal(self.error_response(422, f"{upload.title} is of no type that is taken", "invalid_file_type"))
        return JSONResponse(
            {
                "id": upload.name,
                "filename": upload.title,
                "url": self.backend.file_link(upload.name),
                "size": len(upload.content or b""),
                "created": int(upload.created_at),
            }
        )


def _check_counts(fields: Fields, lists: dict[MediaKind, list[str]], frames: list[str]) -> None:
    count = sum(len(urls) for urls in lists.values())
    if count > MOST_REFERENCES:
        fields.wrong("image_urls", "too_many", f"{count} references, at most {MOST_REFERENCES} are allowed in all")
    if lists[MediaKind.AUDIO] and not (lists[MediaKind.IMAGE] or lists[MediaKind.VIDEO]):
        fields.wrong("audio_urls", "invalid_request", "audio needs at least one image or video with it")
    if frames and count > len(frames):
        fields.wrong("image_url", "invalid_request", "a first frame takes no references beside it")
    if "end_image_url" in fields.body and "image_url" not in fields.body:
        fields.wrong("end_image_url", "invalid_request", "end_image_url needs image_url")


DIALECT = AIHubMax
