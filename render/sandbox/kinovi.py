"""Kinovi as its pages document it, in both dialects: `urls`, and the newer page's typed lists.

Nobody knows which of them the real one speaks, so the sandbox can be held to either. Keys that a dialect does not have
are ignored, as the newer page says: a wrong key costs money and gives a wrong clip. The log flags them.
"""

from __future__ import annotations

import mimetypes
import random
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from render.sandbox.backend import Fate, fresh_id
from render.sandbox.dialect import Call, Dialect, Refusal
from render.sandbox.json_fields import Fields, Problem
from render.sandbox.pixel_sizes import RATIOS, pixels
from render.sandbox.reference_fetch import Bounds, Limits, Unreadable, breach
from render.sandbox.vendor_order import Job, Order, Reference, Stage, as_frames
from storyboard.shot import MediaKind

CREDIT_USD = Decimal("0.005")
LINK_LIFE_S = 14 * 86_400.0
FILE_LIFE_S = 24 * 3_600.0
FATE = Fate(("2038", "The prompt was refused by text moderation"), ("500", "Generation failed"), refunds=True)
STATES = {
    Stage.WAITING: "waiting",
    Stage.WORKING: "generating",
    Stage.DONE: "success",
    Stage.FAILED: "fail",
    Stage.CANCELLED: "fail",
}
RATES = {  # credits per second of output by its page, October 2026, and what a reference video adds
    "seedance-20": {"1080p": (83, 17), "720p": (40, 8), "480p": (15, 4)},
    "seedance2-fast": {"720p": (28, 6), "480p": (10, 3)},
}
UPSCALE_CREDITS = 28
LENGTHS = range(4, 16)
LIMITS = {
    MediaKind.IMAGE: Limits(formats=frozenset({"jpeg", "png", "webp"})),
    MediaKind.VIDEO: Limits(formats=frozenset({"mp4"}), seconds_each=Bounds(0, 15)),
    MediaKind.AUDIO: Limits(formats=frozenset({"mp3", "wav", "aac", "m4a", "ogg", "flac"}), seconds_all=15),
}
MOST = {MediaKind.IMAGE: 9, MediaKind.VIDEO: 3, MediaKind.AUDIO: 3}
TOKEN = re.compile(r"@(?:image|video|audio)\d", re.IGNORECASE)
TYPED_KEYS = frozenset({"imageUrls", "videoUrls", "seed", "generate_audio", "bitrate_mode"})


Spelling = Literal["urls", "typed", "both"]
"""Which of its two dialects Kinovi understands."""


class Kinovi(Dialect):
    """Kinovi's API, which is at https://kinovi.ai/api/v1."""

    name = "kinovi"
    addresses = {"KINOVI_BASE_URL": "/kinovi/api/v1"}  # noqa: RUF012 - never changed

    def routes(self) -> list[Route]:
        """Jobs and uploads."""
        base = "/kinovi/api/v1"
        return [
            self.route(f"{base}/jobs/createTask", "POST", "create", self._create),
            self.route(f"{base}/jobs/recordInfo", "GET", "poll", self._poll),
            self.route(f"{base}/uploads", "POST", "upload", self._upload),
        ]

    def error_response(self, status: int, message: str) -> Response:
        """`{"message": …}`; a 429 also tells the limit."""
        if status == 429:
            most = self.backend.jobs_at_once
            words = f"Concurrency limit reached ({most}/{most})"
            return JSONResponse({"message": words, "limit": most, "current": most}, 429)
        return JSONResponse({"message": message}, status)

    def poor(self, required_usd: Decimal, available_usd: Decimal) -> Response:
        """402, with both sums in credits."""
        required, available = int(required_usd / CREDIT_USD), int(available_usd / CREDIT_USD)
        return JSONResponse({"message": "Insufficient credits", "required": required, "available": available}, 402)

    def prompt_of(self, body: dict[str, Any]) -> str:
        """It stands among the inputs."""
        inputs = body.get("inputs")
        return str(inputs.get("prompt", "")) if isinstance(inputs, dict) else ""

    def told(self, job: Job) -> dict[str, Any]:
        """The poll object. Times are epoch milliseconds."""
        over = job.stage in {Stage.DONE, Stage.FAILED}
        failed = job.stage is Stage.FAILED
        return {
            "taskId": job.id,
            "model": job.model,
            "status": STATES[job.stage],
            "creditsUsed": int((job.price_usd or Decimal(0)) / CREDIT_USD) if job.stage is Stage.DONE else 0,
            "output": [self._output(job)] if job.stage is Stage.DONE else None,
            "error": {"code": job.code, "message": job.words} if failed else None,
            "createTime": int(job.created_at * 1000),
            "completeTime": int(job.ready_at * 1000) if over else None,
        }

    def _output(self, job: Job) -> dict[str, Any]:
        return {
            "url": self.backend.clip_link(job, LINK_LIFE_S),
            "width": job.width,
            "height": job.height,
            "mediaType": "video/mp4",
            "seed": _seed(job),
            "lastFrameImage": self.backend.frame_link(job, LINK_LIFE_S),
        }

    def called(self, job: Job) -> dict[str, Any]:
        """A callback wraps the poll object."""
        return {"code": 200, "message": "success", "data": self.told(job)}

    async def _create(self, call: Call) -> Response:
        order = await self._read(call)
        if self.backend.full(self.name):
            raise Refusal(self.error_response(429, ""))
        self.check_purse(order.price_usd)
        job = self.backend.place(order, self.name, f"task_{fresh_id()}", fate=FATE)
        call.job = job.id
        return JSONResponse({"taskId": job.id})

    async def _poll(self, call: Call) -> Response:
        return JSONResponse(self.told(self.job_of(call, call.request.query_params.get("taskId", ""))))

    async def _upload(self, call: Call) -> Response:
        title = call.object.get("fileName")
        if not isinstance(title, str) or not title:
            raise Refusal(self._invalid([Problem("fileName", "required", "fileName is required")]))
        kind = mimetypes.guess_type(title)[0] or "application/octet-stream"
        upload = self.backend.books.expect_upload(self.name, title, kind, FILE_LIFE_S, None)
        link = self.backend.file_link(upload.name)
        return JSONResponse({"uploadUrl": f"{link}?signature=put", "url": link, "contentType": kind})

    def _invalid(self, problems: Sequence[Problem]) -> Response:
        errors = [{"code": each.code, "message": each.message, "path": each.path} for each in problems]
        return JSONResponse({"message": "Invalid inputs for model", "errors": errors}, 400)

    async def _read(self, call: Call) -> Order:
        top = Fields(call.object)
        model = top.choice("model", RATES, "")
        if not model and not top.problems:
            top.wrong("model", "required", "model is required")
        callback = top.text("callBackUrl")
        top.known.add("inputs")
        given = call.object.get("inputs")
        inputs = Fields(given if isinstance(given, dict) else {}, "inputs.", top.problems)
        reading = _Reading(inputs, model, self.backend.spellings.get(self.name, "both"))
        urls = reading.links()
        call.flags += [f"unknown key: {key}" for key in (*top.unknown, *inputs.unknown)]
        references = await self._references(urls, inputs, literal=reading.mode == "keyframe")
        reading.check(references)
        if inputs.problems:
            raise Refusal(self._invalid(inputs.problems))
        return reading.order(references, call.body, callback)

    async def _references(self, urls: Sequence[str], inputs: Fields, *, literal: bool) -> tuple[Reference, ...]:
        keep = self.backend.footage.pictures if literal else None
        try:
            references = await self.backend.reader.read_all(urls, keep=keep)
        except Unreadable as error:
            inputs.wrong(_path(error.url, inputs.body), "unreadable", str(error))
            return ()
        if broken := breach(references, LIMITS):
            inputs.wrong(_path(broken.url, inputs.body), f"invalid_{broken.about}", broken.message)
        return as_frames(references) if literal else tuple(references)


class _Reading:
    """One order's inputs, read in the dialect that is spoken; where both are, in the one that they are written in."""

    def __init__(self, inputs: Fields, model: str, spoken: str) -> None:
        self.inputs, self.model, self.spoken = inputs, model, spoken
        written = bool(TYPED_KEYS & set(inputs.body)) and "urls" not in inputs.body
        self.typed = written if spoken == "both" else spoken == "typed"
        self.mode = inputs.choice("mode", ("reference", "keyframe"), "reference" if self.typed else "keyframe")
        self.prompt = inputs.text("prompt", most=10_000 if self.typed else 4_000)
        self.seconds = self._seconds()
        self.ratio = inputs.choice("aspectRatio", RATIOS, "16:9")
        sizes = [*RATES.get(model, {"720p": (0, 0)}), *(["4k"] if self.typed else [])]
        default = "720p" if self.typed or "1080p" not in sizes else "1080p"
        self.resolution = inputs.choice("outputResolution", sizes, default)
        self.upscale = inputs.choice("upscaleResolution", ("4k",), "") if not self.typed else ""
        self.audio = inputs.flag("generate_audio", True) if self.typed else True
        if self.typed:
            inputs.whole("seed", None, 0)
            inputs.text("bitrate_mode")

    def _seconds(self) -> int:
        """The older page writes a length as text, the newer one as a number; neither takes the other's."""
        if self.typed:
            return self.inputs.whole("duration", LENGTHS, 5)
        return int(self.inputs.choice("duration", [str(length) for length in LENGTHS], "5"))

    def links(self) -> list[str]:
        """Every reference's link."""
        sound = self.inputs.links("audioUrls", MOST[MediaKind.AUDIO])
        if self.typed:
            return [*self.inputs.links("imageUrls", 9), *self.inputs.links("videoUrls", 3), *sound]
        for key in ("imageUrls", "videoUrls"):  # passed over as unknown, unless it is no list at all
            if self.spoken == "both" and not isinstance(self.inputs.body.get(key, []), list):
                self.inputs.links(key, 0)
        return [*self.inputs.links("urls", MOST[MediaKind.IMAGE] + MOST[MediaKind.VIDEO]), *sound]

    def check(self, references: Sequence[Reference]) -> None:
        """What can be said only once the references are seen."""
        seen = [each for each in references if each.kind is not MediaKind.AUDIO]
        for kind, most in MOST.items():
            count = sum(each.kind is kind for each in references)
            if count > most:
                key = f"{kind}Urls" if self.typed or kind is MediaKind.AUDIO else "urls"
                self.inputs.wrong(key, "too_many", f"{count} references are {kind}, at most {most} are allowed")
        if self.inputs.problems:
            return
        if self.mode == "reference":
            if not self.prompt.strip():
                self.inputs.wrong("prompt", "required", "prompt is required in reference mode")
            if not seen and not self.typed:
                self.inputs.wrong("urls", "required", "urls must hold at least one image or video")
        elif not 1 <= len(seen) <= 2 or any(each.kind is not MediaKind.IMAGE for each in references):
            key = "imageUrls" if self.typed else "urls"
            self.inputs.wrong(key, "invalid_value", "keyframe mode takes a first and a last frame, and nothing else")
        elif TOKEN.search(self.prompt):
            self.inputs.wrong("prompt", "invalid_value", "keyframe mode has no @ syntax")

    def order(self, references: tuple[Reference, ...], body: Any, callback: str) -> Order:
        """The order, once nothing is wrong with it."""
        width, height = pixels("4k" if self.upscale else self.resolution, self.ratio)
        return Order(
            model=self.model,
            body=body,
            prompt=self.prompt,
            references=references,
            seconds=self.seconds,
            width=width,
            height=height,
            audio=self.audio,
            price_usd=self._price_usd(any(each.kind is MediaKind.VIDEO for each in references)),
            callback=callback,
        )

    def _price_usd(self, with_video: bool) -> Decimal:
        sold = RATES[self.model]
        large = self.upscale or self.resolution == "4k"
        rate, surcharge = sold.get(self.resolution) or next(iter(sold.values()))
        credits_each_s = rate + (surcharge if with_video else 0) + (UPSCALE_CREDITS if large else 0)
        return credits_each_s * self.seconds * CREDIT_USD


def _seed(job: Job) -> int:
    """The one that was ordered, in the dialect that has one; else a number to show."""
    inputs = job.body["inputs"]
    ordered = None if "urls" in inputs else inputs.get("seed")
    return ordered if isinstance(ordered, int) else random.Random(job.id).randrange(100_000)  # noqa: S311


def _path(url: str, inputs: dict[str, Any]) -> str:
    """Where a link stands in the inputs, as errors name it."""
    for key in ("urls", "imageUrls", "videoUrls", "audioUrls"):
        links = inputs.get(key)
        if isinstance(links, list) and url in links:
            return f"{key}.{links.index(url)}"
    return "urls"


DIALECT = Kinovi
