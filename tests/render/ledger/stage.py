"""What the ledger's tests play with: a run, its takes, and short ways to bring a take to any state."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from render.ledger import (
    Claimed,
    Ledger,
    Order,
    Rival,
    RunId,
    Take,
    TakeId,
    Want,
    claims,
    jobs,
    queries,
    runs,
    settlement,
    take_slots,
)
from render.ledger.rows import auto_length_from
from storyboard.request import FrameId
from storyboard.shot import Caps
from storyboard.takes import LIVE, ClipFacts, TakeState

SERIES = "lighthouse"
SHOT = "e01/lamp/010"
ACCOUNT = "acme"
MINUTE = timedelta(minutes=1)
NO_CAPS = Caps()


def want(
    shot: str = SHOT, ordinal: int = 0, *, wish: str | None = None, new: bool = False, account: str = ACCOUNT
) -> Want:
    """A want whose wish follows from its shot, unless said otherwise."""
    return Want(
        shot=shot,
        ordinal=ordinal,
        wish=wish or f"wish of {shot}",
        variation=ordinal,
        provider="acme",
        account=account,
        model="acme-1",
        new=new,
    )


def clip(name: str = "clip") -> ClipFacts:
    """A clip of two seconds; another name, another clip."""
    return ClipFacts(
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        bytes=4096,
        width=160,
        height=90,
        frames=48,
        fps=Fraction(24000, 1001),
        duration_s=Decimal("2.002"),
        frame_times_us=(0, 41708),
        audio_s=Decimal("2.02"),
    )


@dataclass(frozen=True)
class Stage:
    """A ledger and a run of it."""

    ledger: Ledger
    run: RunId

    @classmethod
    def begin(cls, ledger: Ledger, caps: Caps = NO_CAPS, episode: str = "e01") -> Stage:
        """Begin a run under these caps."""
        return cls(ledger, ledger.write(runs.begin_run, SERIES, episode, "snapshot", caps=caps))

    def another_run(self, caps: Caps = NO_CAPS, episode: str = "e01") -> Stage:
        """A later run on the same ledger."""
        return Stage.begin(self.ledger, caps, episode)

    def open(self, *wants: Want) -> tuple[Take, ...]:
        """Open takes for these wants; one ordinary want if none is named."""
        return self.ledger.write(take_slots.open_takes, self.run, wants or (want(),))

    def planned(self, shot: str = SHOT, ordinal: int = 0) -> Take:
        """A planned take."""
        return self.open(want(shot, ordinal))[0]

    def order(  # every figure of a claim, with defaults that fit
        self,
        take: Take,
        *,
        owner: str = "ann",
        reserve: str | None = "1.00",
        fingerprint: str | None = None,
        lease: timedelta = MINUTE,
        bound: int | None = None,
        continuity: FrameId | None = None,
        request_json: str = '{"prompt": "a lamp"}',
    ) -> Order:
        """What a take is claimed with for this run."""
        return Order(
            run=self.run,
            owner=owner,
            request_json=request_json,
            fingerprint=fingerprint or f"order {take.id}",
            continuity=continuity,
            reserve_usd=None if reserve is None else Decimal(reserve),
            lease=lease,
            account_bound=bound,
        )

    def claim(self, take: Take, **figures: Any) -> Claimed | Rival:
        """Claim the take for this run, with the figures of `order`."""
        return self.ledger.write(claims.claim, take.id, self.order(take, **figures))

    def submitting(self, shot: str = SHOT, ordinal: int = 0, reserve: str | None = "1.00") -> Take:
        """A take that was claimed."""
        take = self.planned(shot, ordinal)
        self.claim(take, reserve=reserve)
        return self.now(take)

    def submitted(self, shot: str = SHOT, ordinal: int = 0, reserve: str | None = "1.00") -> Take:
        """A take whose job is known."""
        return self.submit(self.submitting(shot, ordinal, reserve))

    def submit(self, take: Take) -> Take:
        """Let the vendor name the take's job."""
        jobs.record_job(self.ledger, take.id, f"job-{take.id}")
        return self.now(take)

    def unknown(self, shot: str = SHOT, ordinal: int = 0, reserve: str | None = "1.00") -> Take:
        """A take whose order got no answer."""
        take = self.submitting(shot, ordinal, reserve)
        self.ledger.write(claims.outcome_unknown, take.id, "ann", "the connection broke")
        return self.now(take)

    def generated(self, shot: str = SHOT, ordinal: int = 0) -> Take:
        """A take whose clip is paid for and not here yet."""
        return self.generate(self.submitted(shot, ordinal))

    def generate(self, take: Take, cost: str | None = None) -> Take:
        """Let the vendor deliver."""
        self.ledger.write(
            settlement.generated,
            take.id,
            cost_usd=None if cost is None else Decimal(cost),
            usage="200 credits",
            clip_url="https://cdn.acme.example/1.mp4?sig=x",
            expires_at=None,
        )
        return self.now(take)

    def done(self, shot: str = SHOT, ordinal: int = 0) -> Take:
        """A take with a clip."""
        return self.finish(self.planned(shot, ordinal))

    def finish(self, take: Take, continuity: FrameId | None = None) -> Take:
        """Bring a planned take to its good end."""
        self.claim(take, continuity=continuity)
        self.generate(self.submit(take))
        self.ledger.write(settlement.done, take.id, clip(take.id))
        return self.now(take)

    def now(self, take: Take | TakeId) -> Take:
        """The take as it stands now."""
        return self.ledger.read(queries.take, take if isinstance(take, str) else take.id)

    def circled(self, shot: str = SHOT) -> str | None:
        """The take that has the shot's circle."""
        return next((circle.take for circle in self.ledger.read(queries.circles, SERIES) if circle.shot == shot), None)

    def budget(self, scope: str) -> tuple[Decimal, Decimal]:
        """Spent and reserved in this scope, over all its keys."""
        lines = [line for line in self.ledger.read(queries.budgets, SERIES) if line.scope == scope]
        return sum((line.spent_usd for line in lines), Decimal(0)), sum(
            (line.reserved_usd for line in lines), Decimal(0)
        )


def audit(ledger: Ledger, series: str = SERIES) -> None:
    """What must hold at every moment, whoever died when."""
    takes = ledger.read(queries.takes, series)
    _audit_money(ledger, series, takes)
    live = [(take.account, take.fingerprint) for take in takes if take.state in LIVE and take.fingerprint]
    assert len(live) == len(set(live)), "two live takes of one fingerprint"
    for take in takes:
        states = [event.to_state for event in ledger.read(queries.events, take.id)]
        assert states[-1] is take.state, "the last event says where the take stands"
        leased = take.state in (TakeState.SUBMITTING, TakeState.UNKNOWN)
        assert (take.owner is not None) == leased, f"{take.state} with the lease of {take.owner}"
        holds_money = take.state in (TakeState.SUBMITTING, TakeState.SUBMITTED, TakeState.UNKNOWN)
        if take.state is TakeState.GENERATED and take.cost_usd is None:  # its clip is to tell what it cost
            holds_money = auto_length_from(take.request_json) is not None
        assert holds_money or take.reserved_usd == 0, f"{take.state} holds ${take.reserved_usd}"


def _audit_money(ledger: Ledger, series: str, takes: tuple[Take, ...]) -> None:
    reserved = sum((take.reserved_usd for take in takes), Decimal(0))
    spent = sum((take.cost_usd or Decimal(0) for take in takes), Decimal(0))
    for scope in ("series", "episode", "day", "run"):
        lines = [line for line in ledger.read(queries.budgets, series) if line.scope == scope]
        assert sum(line.reserved_usd for line in lines) == reserved, f"{scope}: reserved beside the takes"
        assert sum(line.spent_usd for line in lines) == spent, f"{scope}: spent beside the takes"
        for line in lines:
            assert line.cap_usd is None or line.spent_usd + line.reserved_usd <= line.cap_usd, f"over the {scope} cap"
