"""The sandbox as one web application: every dialect, the files they give out, and pages for whoever tests with it."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import time
from collections.abc import AsyncIterator, Mapping
from decimal import Decimal

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from render.sandbox.backend import ODD, Backend
from render.sandbox.callback_sender import call_back
from render.sandbox.dialect import Dialect
from render.sandbox.dialects import dialects
from render.sandbox.faults import BadPlan, Fault, read_faults
from render.sandbox.faulty_http import CutOff, hang_up
from render.sandbox.vendor_order import Job, Stage

HOSTS = ["127.0.0.1", "localhost"]
PAGE = "<!doctype html><title>Sign in</title><p>Prove that you are no robot, then load this page again."
PACKED = {"Content-Encoding": "aws-chunked,gzip"}  # as object stores repeat what an upload said


def application(backend: Backend) -> Starlette:
    """Everything that the sandbox answers. Only requests that name this machine are heard."""
    spoken = {name: dialect(backend) for name, dialect in dialects().items()}
    own = _OwnPages(backend, spoken)
    routes = [route for dialect in spoken.values() for route in dialect.routes()]

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        calling = asyncio.create_task(call_back(backend, spoken))
        yield
        calling.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await calling
        await backend.reader.aclose()

    guard = Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS)
    return Starlette(routes=[*routes, *own.routes()], middleware=[guard], lifespan=lifespan)


class _OwnPages:
    """The addresses that belong to no vendor's API: files, clips, and `/sandbox/…` for whoever tests."""

    def __init__(self, backend: Backend, dialects: Mapping[str, Dialect]) -> None:
        self.backend, self.books, self.dialects = backend, backend.books, dialects
        self.late_until: dict[str, float] = {}  # by job: its file is not there before

    def routes(self) -> list[Route]:
        return [
            Route("/files/{name}", self.receive, methods=["PUT"]),
            Route("/files/{name}", self.file, methods=["GET"]),
            Route("/clips/{vendor}/{file}", self.clip, methods=["GET"]),
            Route("/sandbox/log", self.log, methods=["GET"]),
            Route("/sandbox/jobs", self.jobs, methods=["GET"]),
            Route("/sandbox/jobs/{vendor}/{job}", self.cancel, methods=["DELETE"]),
            Route("/sandbox/contracts/{vendor}", self.agree, methods=["PUT"]),
            Route("/sandbox/faults", self.faults, methods=["GET"]),
            Route("/sandbox/faults", self.plan, methods=["POST"]),
            Route("/sandbox/faults", self.forgive, methods=["DELETE"]),
        ]

    async def receive(self, request: Request) -> Response:
        """A file by its upload link: with its content type, and never with the key."""
        upload = self.books.upload(request.path_params["name"])
        content = await request.body()
        vendor = upload.vendor if upload else ""
        number = self.books.hear(vendor, "put", "PUT", request.url.path, f"{len(content)} bytes")
        flags = ["the key was sent to a file's link"] if "authorization" in request.headers else []
        fits = upload is not None and request.headers.get("content-type", "") == upload.type
        signed = request.query_params.get("signature") == "put"
        status = 200 if fits and signed and not flags else 403
        if upload is not None and status == 200:
            self.books.keep_upload(upload.name, content)
        self.books.answered(number, status, "", flags)
        return Response(status_code=status)

    async def file(self, request: Request) -> Response:
        """A file that was uploaded, for as long as it lives."""
        upload = self.books.upload(request.path_params["name"])
        if upload is None or upload.content is None or upload.expires_at < time.time():
            return Response(status_code=404)
        return Response(upload.content, media_type=upload.type)

    async def clip(self, request: Request) -> Response:
        """A clip or its last frame, by a link that was signed here and still lives."""
        vendor, file = request.path_params["vendor"], request.path_params["file"]
        job_id, _, ending = file.removeprefix(ODD).removesuffix("_lastframe.png").partition(".mp4")
        job = None if ending else self.books.job(vendor, job_id)
        number = self.books.hear(vendor, "download", "GET", request.url.path, None)
        asked = request.query_params
        signed = self.backend.signed(
            request.scope["path"].lstrip("/"), asked.get("expires", ""), asked.get("signature", "")
        )
        if job is None or job.stage is not Stage.DONE or not signed:
            self.books.answered(number, 403, job_id, [] if signed else ["expired or not signed"])
            return Response(status_code=403)
        if file.endswith("_lastframe.png"):
            self.books.answered(number, 200, job.id, ["last frame"])
            return Response(await self.backend.footage.last_frame(job), media_type="image/png")
        fault = None if self._is_late(job) else self.books.fault(vendor, "download", job.prompt)
        response = await self._deliver(request, job, fault)
        self.books.answered(number, response.status_code, job.id, [f"fault: {fault.what}"] if fault else [])
        return response

    def _is_late(self, job: Job) -> bool:
        return self.late_until.get(job.id, 0) > time.time()

    async def _deliver(self, request: Request, job: Job, fault: Fault | None) -> Response:
        what = fault.what if fault else ""
        if fault and what == "late":
            self.late_until[job.id] = time.time() + fault.seconds
        if self._is_late(job):
            return Response(status_code=404)
        if what in {"500", "503"}:
            return Response(status_code=int(what))
        if what == "expire":
            return Response(status_code=403)
        if what == "drop":
            return hang_up(request)
        if what == "page":
            return HTMLResponse(PAGE)
        if fault and what == "slow":
            await asyncio.sleep(fault.seconds)
        content = _spoilt(await self.backend.footage.clip(job), what)
        kind = CutOff if what == "cut" else Response
        headers = {"Content-Length": str(len(content))} | (PACKED if what == "coding" else {})
        return kind(content, headers=headers, media_type="video/mp4")

    async def log(self, _: Request) -> Response:
        """Every request that was heard."""
        return JSONResponse(self.books.heard())

    async def jobs(self, _: Request) -> Response:
        """Every job, as the sandbox itself knows it."""
        return JSONResponse([job.as_json() for job in self.books.jobs()])

    async def cancel(self, request: Request) -> Response:
        """A person ends a job on the vendor's own page; 409 where it is over, or where no page knows such an end."""
        vendor = request.path_params["vendor"]
        job = self.books.job(vendor, request.path_params["job"])
        if job is None:
            return JSONResponse({"error": "there is no such job"}, 404)
        if not self.dialects[vendor].cancels or job.stage not in {Stage.WAITING, Stage.WORKING}:
            return JSONResponse({"error": f"a job of {vendor} that is {job.stage.value} cannot be cancelled"}, 409)
        self.books.cancel(job)
        return Response(status_code=204)

    async def agree(self, request: Request) -> Response:
        """What a second of output costs at a vendor whose pages tell no price: `{"usd_per_second": "0.10"}`."""
        vendor = request.path_params["vendor"]
        if vendor not in self.dialects:
            return JSONResponse({"error": f"there is no vendor {vendor}"}, 404)
        try:
            usd = Decimal((await request.json())["usd_per_second"])
        except (ValueError, ArithmeticError, TypeError, KeyError):
            usd = Decimal(-1)
        if not (usd.is_finite() and usd >= 0):
            return JSONResponse({"error": 'usd_per_second must be a sum such as "0.10"'}, 422)
        self.books.agree(vendor, usd)
        return Response(status_code=204)

    async def faults(self, _: Request) -> Response:
        """Every fault that was met, and those that still wait."""
        return JSONResponse({"met": self.books.faults_met(), "waiting": self.books.faults_waiting()})

    async def plan(self, request: Request) -> Response:
        """More faults: one, or a list."""
        try:
            faults = read_faults(await request.json())
        except BadPlan as error:
            return JSONResponse({"error": str(error)}, 422)
        except ValueError:
            return JSONResponse({"error": "this is no JSON"}, 400)
        self.books.plan(faults)
        return JSONResponse({"planned": len(faults)}, 201)

    async def forgive(self, _: Request) -> Response:
        """Forget every fault."""
        self.books.forgive()
        self.late_until.clear()
        return Response(status_code=204)


def _spoilt(clip: bytes, how: str) -> bytes:
    half = len(clip) // 2
    if how == "coding":
        return gzip.compress(clip, compresslevel=1)
    if how == "truncate":
        return clip[:half]
    if how == "corrupt":
        return clip[:half] + bytes(byte ^ 0xFF for byte in clip[half : half + 20_000]) + clip[half + 20_000 :]
    return clip
