"""An order as any of the four vendors takes it, and the job that comes of it. Pure."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from storyboard.shot import MediaKind


class Stage(StrEnum):
    """Where a job stands; each dialect has its own word for it."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A reference that was really fetched and measured."""

    url: str
    kind: MediaKind
    format: str
    bytes: int
    sha256: str
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    fps: float = 0.0
    frame: str = ""  # "first" or "last": literally a picture of the clip

    def as_json(self) -> dict[str, Any]:
        """As the database and `/sandbox/jobs` hold it. A reference that came inside its link is named by its hash."""
        shown = replace(self, url="data:…") if self.url.startswith("data:") else self
        return asdict(shown)


def as_frames(references: Sequence[Reference]) -> tuple[Reference, ...]:
    """References of which the first two are the clip's first picture and its last."""
    places = dict(enumerate(("first", "last")))
    return tuple(replace(each, frame=places.get(number, "")) for number, each in enumerate(references))


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What was asked for, checked. A `code` or `words` says what is wrong where the vendor finds it out only later."""

    model: str
    body: Any
    prompt: str
    references: tuple[Reference, ...]
    seconds: int
    width: int
    height: int
    audio: bool
    price_usd: Decimal | None  # None: no page says
    callback: str = ""
    code: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What becomes of an order: its job's id, its times in epoch seconds, and its fate."""

    id: str
    vendor: str
    created_at: float
    started_at: float
    ready_at: float
    null_until: float
    refunds: bool
    code: str
    words: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One order that was taken. Its stage is a question of the clock, so it goes on while the sandbox is down."""

    id: str
    vendor: str
    model: str
    body: Any
    prompt: str
    references: tuple[dict[str, Any], ...]
    created_at: float
    started_at: float
    ready_at: float
    null_until: float
    seconds: int
    width: int
    height: int
    audio: bool
    price_usd: Decimal | None
    refunds: bool
    code: str
    words: str
    cancelled: bool
    callback: str
    calls: int

    @property
    def stage(self) -> Stage:
        """Where it stands now."""
        now = time.time()
        if self.cancelled:
            return Stage.CANCELLED
        if now >= self.ready_at:
            return Stage.FAILED if self.code or self.words else Stage.DONE
        begins = self.started_at + (self.ready_at - self.started_at) / 5
        return Stage.WORKING if now >= begins else Stage.WAITING

    @property
    def progress(self) -> int:
        """How much of it is made, in hundredths."""
        if self.stage is Stage.DONE:
            return 100
        spent, whole = time.time() - self.started_at, max(0.001, self.ready_at - self.started_at)
        return max(0, min(99, int(100 * spent / whole)))

    @property
    def charged_usd(self) -> Decimal | None:
        """What it costs as it stands; None where no page says the price."""
        given_back = self.stage is Stage.CANCELLED or (self.stage is Stage.FAILED and self.refunds)
        return Decimal(0) if given_back else self.price_usd

    def as_json(self) -> dict[str, Any]:
        """As `/sandbox/jobs` shows it."""
        charged = self.charged_usd
        return {
            **asdict(self),
            "stage": self.stage.value,
            "price_usd": None if self.price_usd is None else str(self.price_usd),
            "charged_usd": None if charged is None else str(charged),
        }
