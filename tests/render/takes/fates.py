"""Processes that may die at every step, and a vendor that answers as it pleases, both as a list of numbers tells.

The numbers are drawn by a property test: 0 is the kindest fate, and so is whatever comes after the last number.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Any

from render.concurrency.process_lock import Owner
from render.context import RunContext
from render.errors import LinkGone, NotSent, PutOff, Refused, Scope, Terminal, Transient, UnknownOutcome
from render.ledger import TakeId
from render.providers import Ended, JobRef, JobStatus, ListedJob, Pending, PublishedReference, Succeeded
from storyboard.capabilities import Capabilities
from storyboard.request import BoundReference, Request

PRICE_USD = Decimal(1)
CLIP_S = 4  # every clip that is delivered
CREATE_TIMEOUT = timedelta(minutes=2)


class Gibberish(Exception):
    """An answer that no vendor's page knows, and no client of ours."""


class Killed(BaseException):
    """The process is gone. No `except Exception` runs any more."""


@dataclass
class Process:
    """One run's process: it goes on step by step, each at a time of its own, and may die before or after any."""

    owner: Owner
    fates: Iterator[int]
    look: Callable[[], None]  # at the world, after each step
    dally: Callable[[], None]  # every lease runs out meanwhile
    dead: bool = False

    async def before(self) -> None:
        """Wait for this step's turn, if there is still anybody to take it."""
        fate = next(self.fates, 0)
        await asyncio.sleep(fate % 8 / 4)
        if fate == 255:
            self.dally()
        self._die_of(fate, 249, 252)

    def after(self) -> None:
        """The step took effect."""
        self.look()
        self._die_of(next(self.fates, 0), 252, 255)

    def _die_of(self, fate: int, first: int, last: int) -> None:
        if first <= fate < last and not self.dead:
            self.dead = True
            self.owner._lock.close()  # as the kernel does
        if self.dead:
            raise Killed

    async def ask(self, call: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """A call of the ledger or the store, as one step."""
        await self.before()
        result = call(*args, **kwargs)
        self.after()
        return result

    def end(self) -> None:
        """It came to its end by itself."""
        if not self.dead:
            self.owner.release()


@dataclass(frozen=True, slots=True, kw_only=True)
class MortalContext(RunContext):
    """A run's context whose every question and every move is a step of its process."""

    process: Process

    async def in_thread(self, call: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """One step."""
        return await self.process.ask(call, *args, **kwargs)


@dataclass
class Job:
    """One order that the vendor took."""

    id: str
    take: TakeId
    request: Request
    pending: int  # polls until it ends
    end: Succeeded | Ended
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def charged_usd(self) -> Decimal:
        """What is on the bill as it stands: what failed without a word about a refund is charged."""
        if isinstance(self.end, Succeeded):
            return self._price_usd if self.end.cost_usd is None else self.end.cost_usd
        return PRICE_USD if self.pending or self.end.charged is not False else Decimal(0)

    @property
    def _price_usd(self) -> Decimal:
        """Of a clip as long as the vendor likes, the share that comes, in whole micro-dollars."""
        if self.request.duration_s is not None:
            return PRICE_USD
        share = PRICE_USD * CLIP_S / self.request.billed_s
        return share.quantize(Decimal("0.000001"), rounding=ROUND_CEILING)


@dataclass
class Vendor:
    """One account, with books of its own."""

    capabilities: Capabilities
    clip: Path
    answers: Iterator[int]
    ordered: Callable[[TakeId, Request], None]  # sees every order that is taken
    tells: int  # of lost orders: 0 nothing; 1 by a list; 2 by one with prompts; 3 the same key is the same job
    kind: bool = False  # for now
    jobs: dict[str, Job] = field(default_factory=dict)

    def next(self) -> int:
        """What it feels like."""
        return 0 if self.kind else next(self.answers, 0)

    def take(self, request: Request, take_id: str) -> str:
        """Take an order, and decide what becomes of it."""
        known = next((job.id for job in self.jobs.values() if job.take == take_id), None)
        if known is not None and self.tells == 3:
            return known
        self.ordered(TakeId(take_id), request)
        job = Job(f"job-{len(self.jobs) + 1}", TakeId(take_id), request, self.next() % 3, _ends(self.next()))
        self.jobs[job.id] = job
        return job.id

    def charged_usd(self) -> Decimal:
        """The bill."""
        return sum((job.charged_usd for job in self.jobs.values()), Decimal(0))


_BAD_ENDS = {
    5: Ended(code="failed", words="it fell over", charged=False),
    6: Ended(code="failed", words="it fell over"),
    7: Ended(code="no_credit", words="nobody pays", charged=False, scope=Scope.VENDOR),
    8: Ended(code="cancelled", words="stopped", cancelled=True),
    9: Ended(code="moderation", words="no", refused=True, charged=False),
}


def _ends(how: int) -> Succeeded | Ended:
    """How a job ends: seven in twelve give a clip, some for less than was feared."""
    bad = _BAD_ENDS.get(how % 12)
    return bad or Succeeded(clip_url="clip", cost_usd=PRICE_USD - Decimal("0.10") if how % 2 else None)


@dataclass(eq=False)
class Counter:
    """The vendor as one process reaches it: a `Provider` whose every request is a step of that process."""

    vendor: Vendor
    process: Process

    @property
    def capabilities(self) -> Capabilities:
        return self.vendor.capabilities

    @property
    def create_timeout(self) -> timedelta:
        return CREATE_TIMEOUT

    @property
    def poll_interval(self) -> timedelta:
        return timedelta(seconds=1)

    async def publish(self, reference: BoundReference, file: Path) -> PublishedReference:
        raise AssertionError("these orders have no references")

    async def create(self, request: Request, references: Sequence[PublishedReference], *, take_id: str) -> str:
        await self.process.before()
        match self.vendor.next() % 16:
            case 8:
                raise PutOff("too many", code="429", charged=False)
            case 9:
                raise NotSent("refused connection", charged=False)
            case 10:
                raise Terminal("no such model", code="400", charged=False)
            case 11:
                raise Refused("not that", code="moderation", charged=False)
            case 12:
                raise UnknownOutcome("it never arrived, and nobody knows")
            case lost:
                job_id = self.vendor.take(request, take_id)
        await self._answered()
        if lost > 13:
            raise UnknownOutcome("the answer is lost") if lost == 14 else Gibberish
        return job_id

    async def poll(self, job: JobRef) -> JobStatus:
        await self.process.before()
        if self.vendor.next() % 16 == 15:
            raise Transient("not now")
        known = self.vendor.jobs.get(job.id)
        if known is None:
            raise Terminal(f"there is no job {job.id}", code="404")
        known.pending = max(0, known.pending - 1)
        status: JobStatus = Pending() if known.pending else known.end
        await self._answered()
        return status

    async def download(self, job: JobRef, url: str, target: Path, progress: Callable[[float], None]) -> None:
        await self.process.before()
        match self.vendor.next() % 16:
            case 11:
                whole = await asyncio.to_thread(self.vendor.clip.read_bytes)
                await asyncio.to_thread(target.write_bytes, whole[: len(whole) * 3 // 4])
            case 12:
                await asyncio.to_thread(target.write_bytes, b"this is no clip")
            case 13:
                raise Transient("cut off")
            case 14:
                raise LinkGone("gone", status=403)
            case 15:
                raise LinkGone("gone for good", status=410)
            case _:
                shutil.copy(self.vendor.clip, target)
        await self._answered()

    async def list_jobs(self, since: datetime) -> Sequence[ListedJob] | None:
        await self.process.before()
        if self.vendor.next() % 16 == 15:
            raise Transient("not now")
        listed = [
            ListedJob(
                id=job.id,
                model=job.request.model,
                created_at=job.created_at,
                prompt=job.request.prompt if self.vendor.tells == 2 else None,
            )
            for job in self.vendor.jobs.values()
        ]
        await self._answered()
        return listed if self.vendor.tells else None

    async def cancel(self, job: JobRef) -> bool:
        return False

    async def aclose(self) -> None:
        pass

    async def _answered(self) -> None:
        """The request took effect; its answer is on its way."""
        self.process.after()
        await self.process.before()
