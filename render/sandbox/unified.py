"""What EvoLink and AIHubMax have in common: one address to order at, `{"error": {…}}`, the same models and lists."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from starlette.responses import JSONResponse, Response

from render.sandbox.backend import Fate, fresh_id
from render.sandbox.dialect import Call, Dialect, Refusal
from render.sandbox.json_fields import Fields
from render.sandbox.reference_fetch import misplaced
from render.sandbox.vendor_order import Job, Order, Reference, Stage
from storyboard.shot import MediaKind

STANDARD, FAST = "seedance-2.0-reference-to-video", "seedance-2.0-fast-reference-to-video"
FIRST_FRAME = "seedance-2.0-image-to-video"
LENGTHS = range(4, 16)
LINK_LIFE_S = 24 * 3_600.0
CREDITS_A_USD = 100  # no page gives the rate; it is only shown
STATES = {
    Stage.WAITING: "pending",
    Stage.WORKING: "processing",
    Stage.DONE: "completed",
    Stage.FAILED: "failed",
    Stage.CANCELLED: "cancelled",
}


class Unified(Dialect):
    """What both dialects share: an order becomes a task, and errors stand in one envelope."""

    codes: dict[int, str]
    fate: Fate

    @abstractmethod
    async def read(self, call: Call) -> Order:
        """The order in a request; Refusal where it cannot be taken."""

    @abstractmethod
    def results(self, job: Job) -> list[Any] | None:
        """What a completed task gives."""

    def error_response(self, status: int, message: str, code: str = "") -> Response:
        """The envelope; a 429 says when to come again."""
        code = code or self.codes.get(status, "unknown_error")
        kind = "server_error" if status >= 500 else "rate_limit_error" if status == 429 else "invalid_request_error"
        body = {"error": {"code": code, "message": message, "type": kind}}
        return JSONResponse(body, status, {"Retry-After": "1"} if status == 429 else None)

    def poor(self, required_usd: Decimal, available_usd: Decimal) -> Response:
        """402 insufficient_quota."""
        return self.error_response(402, f"Insufficient credits: ${required_usd} are needed, ${available_usd} are left")

    def told(self, job: Job) -> dict[str, Any]:
        """The task. Times are epoch seconds."""
        done = job.stage is Stage.DONE
        told: dict[str, Any] = {
            "id": job.id,
            "object": "video.generation.task",
            "created": int(job.created_at),
            "model": job.model,
            "status": STATES[job.stage],
            "progress": job.progress,
            "type": "video",
            "task_info": {
                "can_cancel": job.stage is Stage.WAITING,
                "estimated_time": max(1, round(job.ready_at - job.started_at)),
                "video_duration": job.seconds,
            },
            "usage": self._usage(job),
        }
        if done:
            told["results"] = self.results(job)
        if job.stage is Stage.FAILED:
            told["error"] = {"code": job.code, "message": job.words}
        return told

    def _usage(self, job: Job) -> dict[str, Any]:
        usage: dict[str, Any] = {"billing_rule": "per_second", "user_group": "default"}
        if job.charged_usd is not None:
            usage["credits_reserved"] = round(float(job.charged_usd) * CREDITS_A_USD, 2)
        return usage

    def check(self, fields: Fields, call: Call) -> None:
        """Refuse an order with something wrong in it.

        No page says what becomes of keys that nobody knows; the sandbox refuses them, so that they are seen.
        """
        call.flags += [f"unknown key: {key}" for key in fields.unknown]
        for key in fields.unknown:
            fields.wrong(key, "invalid_request", f"Unknown parameter: {key}")
        if fields.problems:
            raise Refusal(self.error_response(400, "; ".join(each.message for each in fields.problems)))

    def check_together(self, references: Sequence[Reference], lists: dict[MediaKind, list[str]]) -> None:
        """Each list holds its own kind."""
        if wrong := misplaced(references, lists):
            raise Refusal(self.error_response(400, f"{wrong.url[:120]} is {wrong.kind} in a list of another kind"))

    async def create(self, call: Call) -> Response:
        """Take an order. The same idempotency key gives the same task again, where the vendor knows keys."""
        key = self.key_of(call)
        if key and (before := self.backend.books.job_of_key(self.name, key)):
            call.job = before.id
            return JSONResponse(self.told(before), headers={"idempotency-replayed": "true"})
        order = await self.read(call)
        if self.backend.full(self.name):
            raise Refusal(self.error_response(429, f"{self.backend.jobs_at_once} tasks are under way"))
        self.check_purse(order.price_usd)
        job = self.backend.place(order, self.name, f"task-unified-{fresh_id()}", fate=self.fate, key=key)
        call.job = job.id
        return JSONResponse(self.told(job))

    def key_of(self, _: Call) -> str:
        """The idempotency key, where the vendor knows any."""
        return ""

    async def poll(self, call: Call) -> Response:
        """One task."""
        return JSONResponse(self.told(self.job_of(call, call.request.path_params["job"])))

    async def balance(self, _: Call) -> Response:
        """What is left. No page shows the answer's shape."""
        left = self.backend.books.left_usd(self.name)
        return JSONResponse({"data": {"credits": float(left * CREDITS_A_USD), "usd": str(left)}})
