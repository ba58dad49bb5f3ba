"""The ledger's frozen values: what is asked of it and what it answers. Money is in US dollars, times are UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NewType

from render.ledger.drawings import Drawing
from storyboard.approval_rules import NeededApprovals, Subject
from storyboard.price_proof import StatedPrice
from storyboard.request import FrameId
from storyboard.shot_key import ShotKey
from storyboard.takes import ClipFacts, TakeState, is_undelivered

RunId = NewType("RunId", str)
TakeId = NewType("TakeId", str)

WRITTEN_OFF = "settled_charged"
"""The error code of a take of which a person said that it was charged and that its clip is lost."""


EVERYTHING = "*"
"""In a series' place: a hold of every series of the ledger. No series can be called so."""

MOST_CHARACTERS = 2_000
"""Of one note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a person wrote of a take, or of one frame of its clip."""

    id: str  # 32 digits of hex, of whoever wrote it
    take: TakeId
    frame: int | None  # from 0; None: the whole take
    words: str
    by: str
    at: datetime
    retake: bool = False  # whoever wrote it asks for another take
    drawing: Drawing = ()  # on that frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What somebody approved, by its hash; it stands until somebody withdraws it."""

    id: str
    series: str
    episode: str
    subject: Subject
    hash: str  # of what was approved
    content: str  # JSON of it, from which a change is told
    usd: Decimal | None  # of spending: up to this
    by: str
    words: str
    at: datetime
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None

    @property
    def stands(self) -> bool:
        """Whether nobody has withdrawn it."""
        return self.withdrawn_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """One take that a run wants: opened once, before any task starts."""

    shot: str  # EPISODE/SCENE/SHOT
    ordinal: int  # which of the takes of this shot in this run, from 0
    wish: str
    variation: int  # of the wish; ignored with `new`
    provider: str
    account: str  # see `storyboard.accounts`
    model: str
    new: bool = False  # a deliberate retake: opens the next variation, after resuming an unfinished take of the shot
    gives_up: tuple[str, ...] = ()  # paid takes whose clips did not come and that a person wants this one for


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """One attempt at a shot, paid or free, as the ledger has it: the row of `takes`, and its lease."""

    id: TakeId
    series: str
    shot: str
    number: int  # per shot, from 1; only shown
    run: RunId
    ordinal: int
    state: TakeState
    wish: str
    variation: int
    provider: str
    account: str  # see `storyboard.accounts`
    model: str
    fingerprint: str | None
    request_json: str | None  # the Request as it was claimed
    continuity: FrameId | None
    job_id: str | None
    owner: str | None
    lease_expires_at: datetime | None
    reserved_usd: Decimal
    cost_usd: Decimal | None  # what counts: what the vendor told, else what was reserved
    usage: str
    clip: ClipFacts | None
    clip_url: str | None
    clip_url_expires_at: datetime | None
    error_code: str | None
    error_message: str | None
    refused: bool
    rejected: bool
    asked_for: bool  # a person asked for this take (--new-take): once good, it takes the circle
    created_at: datetime
    submitted_at: datetime | None  # when it was claimed: the order left after this, if it left
    ended_at: datetime | None
    rival: TakeId | None = None  # the live take that it gave way to
    reported_usd: Decimal | None = None  # what the vendor itself told; None where it told nothing, or no sum

    @property
    def local_key(self) -> str:
        """`SCENE/SHOT`, as whoever watches an episode knows the shot."""
        return ShotKey.parse(self.shot).local

    @property
    def undelivered(self) -> bool:
        """Whether it is paid for, and its clip came damaged or not at all."""
        return is_undelivered(self.state, self.error_code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a claim is made with. `reserve_usd` is the request's upper bound, None where its price is not known."""

    run: RunId  # who pays: the claiming run, whichever run opened the take
    owner: str
    request_json: str
    fingerprint: str
    continuity: FrameId | None
    reserve_usd: Decimal | None
    lease: timedelta  # longer than the create's total time-out
    account_bound: int | None  # how many jobs the vendor account runs at once; None: no bound is known
    anew: bool = False  # somebody said to pay although the same order is out at another account of the vendor
    stated: StatedPrice | None = None  # where only the project's word says what it costs
    unpriced_agreed: bool = False  # somebody agreed to an unknown price beside the sum that caps the run
    approvals: NeededApprovals | None = None  # what must be approved for it; None: nothing
    run_sum_agreed: bool = False  # the run's cap is the very sum that somebody agreed to: reaching it is no news


@dataclass(frozen=True, slots=True)
class SentSeed:
    """The seed that an order was sent with; `own` where the producer wrote none and it is Tailframe's."""

    value: int
    own: bool


@dataclass(frozen=True, slots=True)
class Rival:
    """Another live take already has this fingerprint: follow that one. The asking take was cancelled."""

    take: TakeId


@dataclass(frozen=True, slots=True)
class Claimed:
    """The claim holds: the order may be sent until the lease is over."""

    take: TakeId
    lease_expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLine:
    """One cap and what counts against it. `cap_usd` is None where none is set."""

    scope: str  # "series", "episode", "day", "run"
    key: str  # the series, the episode, an ISO date, the run
    cap_usd: Decimal | None
    spent_usd: Decimal
    reserved_usd: Decimal

    @property
    def left_usd(self) -> Decimal | None:
        """What may still be reserved; None where there is no cap."""
        return None if self.cap_usd is None else self.cap_usd - self.spent_usd - self.reserved_usd


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event of one take, never changed: a transition, or a note where `from_state` and `to_state` are one."""

    take: TakeId
    at: datetime
    from_state: TakeState | None
    to_state: TakeState
    run: str
    host: str
    words: str
    alarm: bool = False  # a person should look at it


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that a person should look at, until it is acknowledged for its account."""

    account: str
    take: TakeId
    at: datetime
    words: str
    stops_claims: bool  # whether claims at this account are stopped until then


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A person's word that nothing more may be ordered for a series, or for any."""

    series: str  # or EVERYTHING
    by: str
    why: str
    at: datetime

    @property
    def everything(self) -> bool:
        """Whether every series of the ledger is held."""
        return self.series == EVERYTHING

    @property
    def told(self) -> str:
        """Who holds what, and why, as a sentence without its end."""
        what = "everything" if self.everything else self.series
        return f"{self.by} holds {what}{f': {self.why}' if self.why else ''}"
