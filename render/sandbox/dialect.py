"""What every dialect does with a request: log it, check its key, apply the fault that is planned for it, answer."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from render.sandbox.backend import Backend
from render.sandbox.faults import Fault
from render.sandbox.faulty_http import hang_up
from render.sandbox.vendor_order import Job

MOST_BODY_BYTES = 160 * 1024**2
DROPPED = 0  # the status of a request whose connection was broken


class Refusal(Exception):
    """Raised where a request is answered with an error; `response` is that answer."""

    def __init__(self, response: Response) -> None:
        self.response = response
        super().__init__(response.status_code)


@dataclass(slots=True)
class Call:
    """One request on its way to its answer. `flags` is what the log should show of it."""

    request: Request
    body: Any
    raw: bytes
    flags: list[str] = field(default_factory=list)
    job: str = ""

    @property
    def object(self) -> dict[str, Any]:
        """The body as a JSON object; an empty one where it is none."""
        return self.body if isinstance(self.body, dict) else {}


Answerer = Callable[[Call], Awaitable[Response]]


class Dialect(ABC):
    """The stand-in for one vendor: its addresses, the fields of its answers, its errors."""

    name: ClassVar[str]
    addresses: ClassVar[Mapping[str, str]]  # variable of the environment -> the path at which this dialect is spoken
    cancels: ClassVar[bool] = False  # its pages document a job's state "cancelled"
    callback_waits_s: ClassVar[tuple[float, ...]] = ()  # before each repetition of a callback that was not answered

    def __init__(self, backend: Backend) -> None:
        self.backend = backend

    @abstractmethod
    def routes(self) -> list[Route]:
        """Every address of this vendor."""

    @abstractmethod
    def error_response(self, status: int, message: str) -> Response:
        """An error in this vendor's shape."""

    @abstractmethod
    def poor(self, required_usd: Decimal, available_usd: Decimal) -> Response:
        """The answer to an order that the account's credit does not cover, both in US dollars."""

    @abstractmethod
    def told(self, job: Job) -> dict[str, Any]:
        """A job as polls and callbacks tell it."""

    def called(self, job: Job) -> dict[str, Any]:
        """A callback's body."""
        return self.told(job)

    def prompt_of(self, body: dict[str, Any]) -> str:
        """The prompt in an order's body."""
        return str(body.get("prompt", ""))

    def gate(self, call: Call) -> None:  # noqa: B027 - most turn nobody away
        """Raises Refusal for a request that is turned away before anything else."""

    def route(self, path: str, method: str, kind: str, answer: Answerer) -> Route:
        """An address and what answers there."""

        async def endpoint(request: Request) -> Response:
            call = await _call(request)
            shown = call.body if call.body is not None else f"{len(call.raw)} bytes" if call.raw else None
            path_asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            number = self.backend.books.hear(self.name, kind, method, path_asked, shown)
            response, status = await self._answered(kind, call, answer)
            self.backend.books.answered(number, status, call.job, call.flags)
            return response

        return Route(path, endpoint, methods=[method], name=f"{self.name} {kind}")

    async def _answered(self, kind: str, call: Call, answer: Answerer) -> tuple[Response, int]:
        try:
            if len(call.raw) > MOST_BODY_BYTES:
                raise Refusal(self.error_response(413, "The request is too large"))
            self._check_key(call)
            self.gate(call)
            fault = self.backend.books.fault(self.name, kind, self._prompt(call))
            if fault and fault.when == "before" and (gone := await self._faulty_answer(fault, call)):
                return gone
            response = await answer(call)
            if fault and fault.when == "after" and (gone := await self._faulty_answer(fault, call)):
                return gone
        except Refusal as refusal:
            response = refusal.response
        return response, response.status_code

    def _check_key(self, call: Call) -> None:
        if call.request.headers.get("authorization") != f"Bearer {self.backend.key}":
            call.flags.append("wrong or missing key")
            raise Refusal(self.error_response(401, "Invalid API Key"))

    def _prompt(self, call: Call) -> str:
        asked = call.request.path_params.get("job") or call.request.query_params.get("taskId")
        if asked is None:
            return self.prompt_of(call.object)
        job = self.backend.books.job(self.name, asked)
        return job.prompt if job else ""

    async def _faulty_answer(self, fault: Fault, call: Call) -> tuple[Response, int] | None:
        """The answer of a request that goes wrong; None where it only takes longer."""
        call.flags.append(f"fault: {fault.what}")
        match fault.what:
            case "slow":
                await asyncio.sleep(fault.seconds)
                return None
            case "drop":
                return hang_up(call.request), DROPPED
            case "garbage":
                return PlainTextResponse("<html>Bad gateway</html>"), 200
            case "echo":
                return _echo(call, self.error_response)
            case "no_credit":
                poor = self.poor(Decimal(1), Decimal(0))
                return poor, poor.status_code
        status = int(fault.what)
        return self.error_response(
            status, "Too many requests" if status == 429 else "The sandbox fails on purpose"
        ), status

    def job_of(self, call: Call, job_id: str) -> Job:
        """The job that is asked for; Refusal where there is none."""
        job = self.backend.books.job(self.name, job_id)
        if job is None:
            raise Refusal(self.error_response(404, "Task not found"))
        call.job = job.id
        return job

    def check_purse(self, price_usd: Decimal | None) -> None:
        """Raises Refusal where the account cannot pay that many US dollars."""
        left = self.backend.books.left_usd(self.name)
        if price_usd is not None and price_usd > left:
            raise Refusal(self.poor(price_usd, left))


def _echo(call: Call, error_response: Callable[[int, str], Response]) -> tuple[Response, int]:
    """A refusal that repeats what it was sent: the key in several spellings, every link, all headers."""
    key = call.request.headers["authorization"]
    spellings = [key, base64.b64encode(key.encode()).decode(), quote(key, safe=""), key.partition("-")[2]]
    headers = [f"{name}: {value}" for name, value in call.request.headers.items()]
    links = re.findall(rb"https?://[^\"\s]+", call.raw[:100_000])
    said = [*spellings, *(link.decode("latin-1") for link in links), *headers]
    response = error_response(400, f"Cannot read your request: {'; '.join(said)}")
    response.headers["X-Your-Authorization"] = key
    return response, 400


async def _call(request: Request) -> Call:
    raw = await request.body()
    body = None
    if raw and "json" in request.headers.get("content-type", ""):
        try:
            body = json.loads(raw)
        except ValueError:
            body = None
    return Call(request, body, raw)
