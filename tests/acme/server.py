"""Acme Video, a vendor that never was: real orders over real HTTP, and everything goes wrong as a test scripts it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import threading
import time
import uuid
from datetime import UTC, datetime
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from tests.acme.footage import Format, clip_of
from tests.acme.shop import PRICES_USD, Job, Shop

KEY = "acme-test-key"
FORBIDDEN_WORD = "forbidden fruit"
SIZES = {
    ("180p", "16:9"): (320, 180),
    ("180p", "9:16"): (180, 320),
    ("180p", "1:1"): (180, 180),
    ("480p", "16:9"): (854, 480),
    ("480p", "9:16"): (480, 854),
    ("480p", "1:1"): (480, 480),
    ("720p", "16:9"): (1280, 720),
    ("720p", "9:16"): (720, 1280),
    ("720p", "1:1"): (720, 720),
}
SMALL = SIZES | {
    sold: (2 * round(width / 8), 2 * round(height / 8)) for sold, (width, height) in SIZES.items() if sold[0] != "180p"
}
"""For films that are decoded soon, where nobody looks at their size."""


class Droppable(H11Protocol):
    """Lets the application hang up in the middle of a request, as a broken network does."""

    lines: dict[tuple[str, int], asyncio.Transport] = {}  # noqa: RUF012 — one a process

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.line = transport.get_extra_info("peername")[:2]
        self.lines[self.line] = transport
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.lines.pop(self.line, None)
        super().connection_lost(exc)


class Acme:
    """The vendor behind its HTTP face."""

    def __init__(
        self,
        shop: Shop,
        clips: Path,
        *,
        job_seconds: float,
        bound: int = 5,
        small: bool = False,
        lists_seeds: bool = False,
    ) -> None:
        self.lists_seeds = lists_seeds
        self.shop, self.clips, self.job_seconds, self.bound = shop, clips, job_seconds, bound
        self.sizes = SMALL if small else SIZES
        self.drawing = asyncio.Semaphore(2)

    def routes(self) -> list[Route]:
        return [
            Route("/v1/jobs", self.create, methods=["POST"]),
            Route("/v1/jobs", self.list, methods=["GET"]),
            Route("/v1/jobs/{job}", self.poll, methods=["GET"]),
            Route("/v1/jobs/{job}", self.cancel, methods=["DELETE"]),
            Route("/v1/files", self.upload, methods=["POST"]),
            Route("/files/{file}", self.receive_file, methods=["PUT"]),
            Route("/files/{file}", self.file, methods=["GET"]),
            Route("/clips/{job}.mp4", self.download, methods=["GET"]),
        ]

    async def create(self, request: Request) -> Response:
        body = await request.json()
        self.shop.hear("create", "POST", request.url.path, None)
        fault = self.shop.fault("create", str(body.get("prompt", ""))) or {}
        if fault and fault.get("when", "before") == "before" and (gone := await self._go_wrong(request, fault)):
            return gone
        key = request.headers.get("idempotency-key", "")
        job = self.shop.ordered_with(key)
        if job is None:
            if refused := self._refuse(request, body):
                return refused
            job = self.shop.take_order(body, self.job_seconds)
            if key:
                self.shop.keep_key(key, job.id)
        if fault and fault.get("when") == "after" and (gone := await self._go_wrong(request, fault)):
            return gone
        return JSONResponse({"id": job.id, "status": "running", "price_usd": str(job.price)}, 201)

    def _refuse(self, request: Request, body: dict[str, Any]) -> Response | None:
        if unauthorized := _unauthorized(request):
            return unauthorized
        if FORBIDDEN_WORD in body["prompt"]:
            return _error(400, "content_refused", f"the prompt says {FORBIDDEN_WORD!r}", "prompt")
        if not 4 <= int(body["duration"]) <= 15:
            return _error(422, "bad_duration", "4 to 15 seconds are sold", "duration")
        if (body["resolution"], body["aspect_ratio"]) not in SIZES:
            return _error(422, "bad_size", f"not sold: {body['resolution']} {body['aspect_ratio']}", "resolution")
        if self.shop.running() >= self.bound:
            return JSONResponse(
                {"error": {"code": "too_many_jobs", "message": f"{self.bound} jobs are running"}},
                429,
                {"Retry-After": "0"},
            )
        return None

    async def list(self, request: Request) -> Response:
        if gone := await self._meet(request, "list", None):
            return gone
        since = float(request.query_params.get("since", "0"))
        return JSONResponse({"jobs": [self._listed(job) for job in self.shop.jobs() if job.created_at >= since]})

    def _listed(self, job: Job) -> dict[str, Any]:
        created = datetime.fromtimestamp(job.created_at, UTC).isoformat()
        tells = {"seed": job.body["seed"]} if self.lists_seeds else {"prompt": job.prompt}
        return {"id": job.id, "model": job.body["model"], "created_at": created, **tells}

    async def poll(self, request: Request) -> Response:
        job = self._job(request)
        if gone := await self._meet(request, "poll", job):
            return gone
        if job is None:
            return _error(404, "no_such_job", "there is no such job")
        return JSONResponse(_told(job, str(request.base_url)))

    async def cancel(self, request: Request) -> Response:
        job = self._job(request)
        if gone := await self._meet(request, "cancel", job):
            return gone
        return JSONResponse({"cancelled": job is not None and self.shop.cancel(job.id)})

    async def upload(self, request: Request) -> Response:
        if gone := await self._meet(request, "upload", None):
            return gone
        name = self.shop.expect_upload((await request.json())["name"])
        link = f"{request.base_url}files/{name}"
        return JSONResponse({"upload_url": f"{link}?signature=x", "url": link, "expires_in_s": 86400}, 201)

    async def receive_file(self, request: Request) -> Response:
        assert "authorization" not in request.headers
        self.shop.keep_upload(request.path_params["file"], await request.body())
        return Response()

    async def file(self, request: Request) -> Response:
        return Response(self.shop.upload(request.path_params["file"]))

    async def download(self, request: Request) -> Response:
        job = self._job(request)
        self.shop.hear("download", "GET", request.url.path, job.id if job else None)
        if job is None or job.state != "succeeded":
            return Response(status_code=404)
        fault = self.shop.fault("download", job.prompt) or {}
        if fault.get("do") in ("answer", "text", "drop", "stall") and (gone := await self._go_wrong(request, fault)):
            return gone
        size = self.sizes[job.body["resolution"], job.body["aspect_ratio"]]
        ordered = Format(*size, seconds=int(job.body["duration"]), audio=bool(job.body["audio"]))
        async with self.drawing:
            clip = await asyncio.to_thread(clip_of, job.id, self.shop.place_of(job.id), ordered, self.clips)
        return _spoilt(clip, fault.get("do"))

    def _job(self, request: Request) -> Job | None:
        try:
            return self.shop.job(request.path_params["job"])
        except KeyError:
            return None

    async def _meet(self, request: Request, kind: str, job: Job | None) -> Response | None:
        """Note the request, check its key, and let it meet its fault."""
        self.shop.hear(kind, request.method, request.url.path, job.id if job else None)
        if unauthorized := _unauthorized(request):
            return unauthorized
        fault = self.shop.fault(kind, job.prompt if job else "")
        return await self._go_wrong(request, fault) if fault else None

    async def _go_wrong(self, request: Request, fault: dict[str, Any]) -> Response | None:
        """The scripted fault's own answer; None where everything goes on afterwards."""
        match fault["do"]:
            case "answer":
                body = fault.get("body", {"error": {"code": fault.get("code", ""), "message": fault.get("words", "")}})
                return JSONResponse(body, fault["status"], fault.get("headers"))
            case "text":
                return Response(fault["words"], fault.get("status", 200), media_type="application/json")
            case "drop":
                assert request.client is not None
                Droppable.lines[request.client.host, request.client.port].abort()
                return Response()
            case "stall":
                await asyncio.sleep(float(fault["seconds"]))
        return None


def _unauthorized(request: Request) -> Response | None:
    if request.headers.get("authorization") == f"Bearer {KEY}":
        return None
    return _error(401, "bad_key", "this key is not known")


def _error(status: int, code: str, message: str, param: str | None = None) -> Response:
    return JSONResponse({"error": {"code": code, "message": message, "param": param}}, status)


def _told(job: Job, base_url: str) -> dict[str, Any]:
    told: dict[str, Any] = {"id": job.id, "status": job.state, "charged_usd": str(job.charged)}
    if job.state == "running":
        spent = time.time() - job.created_at
        told["progress"] = min(0.99, spent / max(0.001, job.ready_at - job.created_at))
    if job.state == "succeeded":
        told["clip_url"] = f"{base_url}clips/{job.id}.mp4?signature={uuid.uuid4().hex}"
    if job.state in ("failed", "refused"):
        told["error"] = {"code": job.code, "message": job.words}
        told["refunded"] = job.charged == Decimal(0)
    return told


def _spoilt(clip: bytes, how: str | None) -> Response:
    half = len(clip) // 2
    if how == "truncate":
        clip = clip[:half]
    if how == "corrupt":
        clip = clip[:half] + bytes(byte ^ 0xFF for byte in clip[half : half + 20_000]) + clip[half + 20_000 :]
    if how == "garbage":
        clip = b"not a clip at all " * 1000
    if how == "header":
        clip = clip[:24]
    headers = {"Content-Length": str(len(clip))}
    if how == "cut":
        return _Cut(clip[:half], headers=headers, media_type="video/mp4")
    return Response(clip, headers=headers, media_type="video/mp4")


class _Cut(Response):
    """Promises all and sends half; the connection breaks then."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        await asyncio.sleep(0.05)
        Droppable.lines[tuple(scope["client"])].abort()


def serve(listening: socket.socket, whoever: Connection, shop: Path, clips: Path, **how: Any) -> None:
    """Serve there until whoever started it ends, so that no test run leaves one behind.

    job_seconds: how long a job takes; bound: how many run at once; small: whether films are sent a quarter as wide;
    lists_seeds: whether its list tells a job's seed, and then not its prompt.
    """
    threading.Thread(target=_end_with, args=(whoever,), daemon=True).start()
    app = Starlette(routes=Acme(Shop(shop), clips, **how).routes())
    uvicorn.Server(uvicorn.Config(app, http=Droppable, log_level="error", access_log=False)).run(sockets=[listening])


def _end_with(whoever: Connection) -> None:
    with contextlib.suppress(EOFError):
        whoever.recv()
    os._exit(0)


assert {resolution for resolution, _ in SIZES} == set(PRICES_USD)
