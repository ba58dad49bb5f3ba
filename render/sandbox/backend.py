"""What the sandbox's vendors share: the record of jobs, the drawing of clips, links that are signed and expire."""

from __future__ import annotations

import hashlib
import hmac
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from render.sandbox.faults import Fault
from render.sandbox.footage import Footage
from render.sandbox.reference_fetch import Reader
from render.sandbox.vendor_books import Books
from render.sandbox.vendor_order import Job, Order, Placed

KEY = "sandbox-key"
"""The one key that is taken unless another is made up, so that no key which can pay is ever typed here. Clients take it
out of what they read, so it is no word that an answer could hold."""

BOUND = 5
"""Jobs at once of one account, unless it is started with another number; Kinovi's page shows this one."""

ODD = "Nächtliche Fähre [take 1] "
"""How an odd link names its clip, raw as somebody typed it."""

OVERCHARGE = 10
"""How many times its price a job costs that is charged for more than that."""

_STUCK_S = 10 * 365 * 86_400.0


@dataclass(slots=True)
class Backend:
    """One sandbox at work. `url` is where it listens, `job_seconds` how long a job takes."""

    books: Books
    footage: Footage
    job_seconds: float
    url: str
    jobs_at_once: int = BOUND
    spellings: Mapping[str, str] = field(default_factory=dict)  # vendor -> the one of its spellings that is understood
    key: str = KEY
    reader: Reader = field(default_factory=Reader)

    def place(self, order: Order, vendor: str, job_id: str, *, fate: Fate, key: str = "") -> Job:
        """Take an order: decide its times and how it ends, and write it down."""
        fault = self.books.fault(vendor, "job", order.prompt)
        now = time.time()
        started = self._turn(vendor, now)
        what = fault.what if fault else ""
        agreed = self.books.agreed(vendor)
        if order.price_usd is None and agreed is not None:
            order = replace(order, price_usd=agreed * order.seconds)
        if what == "overcharge" and order.price_usd is not None:
            order = replace(order, price_usd=order.price_usd * OVERCHARGE)
        code, words = {"fail": fate.failure, "moderation": fate.moderation}.get(what, (order.code, order.words))
        ready = started + _lasts(fault, self.job_seconds)
        placed = Placed(
            id=job_id,
            vendor=vendor,
            created_at=now,
            started_at=started,
            ready_at=ready,
            null_until=ready + (fault.seconds if fault and what == "null_results" else 0),
            refunds=fate.refunds,
            code=code,
            words=words,
            key=key,
        )
        return self.books.take(order, placed)

    def full(self, vendor: str) -> bool:
        """Whether as many jobs are under way as an account may have at once."""
        return len(self.books.busy_until(vendor)) >= self.jobs_at_once

    def _turn(self, vendor: str, now: float) -> float:
        """When a job begins: now, or when enough of those before it are over."""
        busy = self.books.busy_until(vendor)
        return now if len(busy) < self.jobs_at_once else busy[len(busy) - self.jobs_at_once]

    def clip_link(self, job: Job, life_s: float) -> str:
        """The clip's link, which lives so long after it was done. An odd one has letters that want percent-encoding."""
        if self.books.fault(job.vendor, "link", job.prompt):
            return f"{self._signed(f'clips/{job.vendor}/{ODD}{job.id}.mp4', job.ready_at + life_s)}&title={ODD}"
        return self._signed(f"clips/{job.vendor}/{job.id}.mp4", job.ready_at + life_s)

    def frame_link(self, job: Job, life_s: float) -> str:
        """The link of the clip's last frame."""
        return self._signed(f"clips/{job.vendor}/{job.id}_lastframe.png", job.ready_at + life_s)

    def file_link(self, name: str) -> str:
        """The link of an uploaded file."""
        return f"{self.url}/files/{name}"

    def signed(self, path: str, expires: str, signature: str) -> bool:
        """Whether a link was given out here and still lives."""
        right = hmac.compare_digest(signature, self._signature(path, expires))
        return right and expires.isdigit() and int(expires) > time.time()

    def _signed(self, path: str, expires_at: float) -> str:
        expires = str(int(expires_at))
        return f"{self.url}/{path}?expires={expires}&signature={self._signature(path, expires)}"

    def _signature(self, path: str, expires: str) -> str:
        return hmac.new(self.books.secret.encode(), f"{path} {expires}".encode(), hashlib.sha256).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Fate:
    """How jobs of a vendor fail, as code and words, and whether it gives their price back."""

    moderation: tuple[str, str]
    failure: tuple[str, str]
    refunds: bool


def fresh_id() -> str:
    """Letters and digits that no other job has."""
    return uuid.uuid4().hex


def _lasts(fault: Fault | None, job_seconds: float) -> float:
    """How many seconds a job takes."""
    if fault and fault.what == "stuck":
        return _STUCK_S
    return fault.seconds if fault and fault.what == "slow" else job_seconds
