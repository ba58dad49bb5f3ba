"""What every vendor looks like from here: one Protocol, and the few frozen values that pass through it.

A provider never touches the ledger, never retries a create, and never decides about money. It speaks one vendor's
dialect and says honestly what it knows: `Transient`, `Terminal` or `UnknownOutcome` (see `render.errors`).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Protocol, TypeGuard

from render.concurrency.lease import Lease
from render.errors import Scope
from storyboard.capabilities import Capabilities
from storyboard.request import BoundReference, Request


@dataclass(frozen=True, slots=True)
class PublishedReference:
    """A reference in a form that the vendor can read: a link, or a file where the vendor is this machine."""

    reference: BoundReference
    url: str
    expires_at: datetime | None = None  # when the link ends; None: not while this run lasts


@dataclass(frozen=True, slots=True)
class JobRef:
    """A vendor's job and the order that it came from."""

    id: str
    request: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """The job is on its way. `progress` is 0 to 1, None where the vendor does not say."""

    progress: float | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Succeeded:
    """The clip can be fetched. `cost_usd` is what the vendor reports, in US dollars; None where it reports nothing."""

    clip_url: str
    last_frame_url: str | None = None
    cost_usd: Decimal | None = None
    usage: str = ""  # the vendor's own figures, kept raw
    expires_at: datetime | None = None  # when the clip's link ends (UTC); None: not told
    seed: int | None = None  # that the vendor tells of the job; None: not told


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The job ended without a clip. `charged`: False where the vendor documents or reports a refund, None: unknown."""

    code: str
    words: str  # the vendor's own
    remedy: str = ""  # what to do now
    refused: bool = False  # the content was refused
    cancelled: bool = False
    charged: bool | None = None
    input_name: str | None = None
    scope: Scope = Scope.ATTEMPT  # VENDOR: no other shot fares better there now


JobStatus = Pending | Succeeded | Ended


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedJob:
    """A job in the vendor's own list, for adopting one whose id was lost."""

    id: str
    model: str
    created_at: datetime
    prompt: str | None = None
    seed: int | None = None  # None: not told


class Provider(Protocol):
    """One vendor account, asked as that vendor documents it. Safe to share between all tasks of one event loop."""

    @property
    def capabilities(self) -> Capabilities:
        """What it sells, as data."""
        ...

    @property
    def create_timeout(self) -> timedelta:
        """The longest a create can take in all, from the first byte sent to giving up."""
        ...

    @property
    def poll_interval(self) -> timedelta:
        """How long to wait between two polls of a young job."""
        ...

    async def publish(self, reference: BoundReference, file: Path) -> PublishedReference:
        """Make a reference readable for the vendor. Free of charge and safe to repeat. Raises Transient, Terminal."""
        ...

    async def create(
        self,
        request: Request,
        references: Sequence[PublishedReference],
        *,
        take_id: str,
        callback_url: str | None = None,
    ) -> str:
        """Order one clip; returns the vendor's job id. Costs money. Never repeated by the provider itself.

        `take_id` is the order's idempotency key: where a vendor documents one, a second order with it is the same job.

        `callback_url` is a link that the vendor may call once the job is over, and a secret: it goes into the order
        and nowhere else. It is given only to vendors whose capabilities name `callback_job`.

        A `create` that also has a parameter `lease` is given one (see `LeasedProvider`).

        Raises NotSent (nothing left this machine, or a 429), Terminal (a clear refusal), or UnknownOutcome.
        """
        ...

    async def poll(self, job: JobRef) -> JobStatus:
        """Ask how a job stands. Safe to repeat.

        Raises Transient where the vendor cannot be asked now, Terminal where it refuses or knows no such job.
        """
        ...

    async def download(self, job: JobRef, url: str, target: Path, progress: Callable[[float], None]) -> None:
        """Fetch the clip to `target`, which does not exist yet. `progress` is told fractions from 0 to 1.

        Raises Transient, LinkGone, or Terminal.
        """
        ...

    async def list_jobs(self, since: datetime) -> Sequence[ListedJob] | None:
        """The account's jobs since then (aware, UTC), whole; None where the vendor has no list, or may leave some out.

        Raises Transient, Terminal.
        """
        ...

    async def cancel(self, job: JobRef) -> bool:
        """Ask for a job's end. Safe to repeat. False where the vendor has no way to, or says that it did not end it.

        Only `poll` tells what became of the job and of its price. A job that is finished keeps its clip: a vendor that
        would delete it is asked by nothing that cannot tell the two apart. Called where `Capabilities.cancels` says so.

        Raises Transient where the answer was lost, Terminal for a clear refusal.
        """
        ...

    async def aclose(self) -> None:
        """Close connections, and end tasks of its own."""
        ...


class LeasedProvider(Provider, Protocol):
    """A provider that looks at the claim once more before an order's first byte leaves."""

    async def create(
        self,
        request: Request,
        references: Sequence[PublishedReference],
        *,
        take_id: str,
        callback_url: str | None = None,
        lease: Lease | None = None,
    ) -> str:
        """As `Provider.create`. `lease` is how long the order may leave: `await lease.look()` is the last thing before
        its first byte, and nothing is sent where that raises.
        """
        ...


def looks_at_leases(provider: Provider) -> TypeGuard[LeasedProvider]:
    """Whether its `create` takes a lease; one that was written before there were any has no such parameter."""
    return "lease" in inspect.signature(provider.create).parameters
