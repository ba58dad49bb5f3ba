"""Whatever happens in whatever order, the books are right: two owners, a vendor with books of its own, and bad luck.

The vendor here counts what it was really sent and really charges. The ledger is never shown that count; it must cover
it all the same, never pass a cap, and never let one order reach the vendor twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from render.claim_errors import AccountFull, BudgetRefused, NotClaimable
from render.ledger import (
    Claimed,
    Ledger,
    Order,
    RunId,
    Take,
    TakeId,
    claims,
    jobs,
    queries,
    runs,
    settlement,
    take_slots,
)
from storyboard.shot import Caps
from storyboard.takes import CLIP_MISSING, LIVE, TakeState
from tests.render.ledger.stage import MINUTE, audit, clip, want
from tests.thinning import examples, thinned

CAPS = Caps(series=Decimal(5), episode=Decimal(4), day=Decimal(4), run=Decimal(3))
BOUND = 4
PICK = st.integers(min_value=0, max_value=10**6)
OWNER = st.sampled_from(["ann", "bob"])
RARELY = st.integers(0, 5).map(lambda number: number == 5)


def where_one_is(*states: TakeState) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Only where a take stands in one of these states."""
    return precondition(lambda machine: bool(machine.states & set(states)))


@dataclass
class Vendor:
    """What was really ordered, and what it really costs."""

    orders: dict[str, tuple[TakeId, str]] = field(default_factory=dict)  # job id -> take, fingerprint
    charges: dict[str, Decimal] = field(default_factory=dict)

    def create(self, take: Take, cost: Decimal) -> str:
        """Take an order."""
        job_id = f"job-{uuid.uuid4().hex}"
        self.orders[job_id] = (take.id, take.fingerprint or "")
        self.charges[job_id] = cost
        return job_id

    def job_of(self, take: TakeId) -> str | None:
        """The job that a take's order became."""
        return next((job for job, (owner, _) in self.orders.items() if owner == take), None)


class LifeOfTakes(RuleBasedStateMachine):
    """Runs, owners, crashes and answers in any order. A crash is simply that nobody goes on."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__()
        self.ledger = ledger
        self.series = f"series-{uuid.uuid4().hex}"
        self.account = f"acme:{uuid.uuid4().hex}"
        self.vendor = Vendor()
        self.answers: list[tuple[TakeId, str]] = []  # job ids on their way, late
        self.told: set[str] = set()
        self.states: set[TakeState] = set()
        self.run_id = self._begin()

    def _begin(self) -> RunId:
        return self.ledger.write(runs.begin_run, self.series, "e01", "snapshot", caps=CAPS)

    def _pick(self, number: int, *states: TakeState) -> Take:
        takes = self.ledger.read(queries.takes, self.series, states=states)
        return takes[number % len(takes)]

    @rule()
    def another_run_begins(self) -> None:
        """Prefect retries, or the producer runs it again."""
        self.run_id = self._begin()

    @precondition(lambda machine: not machine.states & {TakeState.PLANNED})
    @rule(shot=st.integers(0, 2), ordinal=st.integers(0, 1), new=RARELY, edit=RARELY)
    def takes_are_opened(self, shot: int, ordinal: int, new: bool, edit: bool) -> None:
        """A run wants a shot, ordinary or new, perhaps edited."""
        wish = want(f"e01/a/{shot}", ordinal, wish=f"wish {shot} {edit}", new=new, account=self.account)
        self.ledger.write(take_slots.open_takes, self.run_id, [wish])

    @where_one_is(*TakeState)
    @rule(pick=PICK, owner=OWNER, order=st.integers(0, 9), dead=RARELY, astray=RARELY)
    def a_take_is_claimed(self, pick: int, owner: str, order: int, dead: bool, astray: bool) -> None:
        """An owner claims; some then sleep through their lease, some claim what they should not."""
        states = set(TakeState) if astray or TakeState.PLANNED not in self.states else {TakeState.PLANNED}
        take = self._pick(pick, *states)
        try:
            claim = self.ledger.write(
                claims.claim,
                take.id,
                Order(
                    run=self.run_id,
                    owner=owner,
                    request_json="{}",
                    fingerprint=f"order {order}",
                    continuity=None,
                    reserve_usd=Decimal(1),
                    lease=timedelta(0) if dead else MINUTE,
                    account_bound=BOUND,
                ),
            )
        except (BudgetRefused, NotClaimable, AccountFull):
            assert self.ledger.read(queries.take, take.id) == take, "a refused claim changes nothing"
            return
        if isinstance(claim, Claimed):
            assert take.state is TakeState.PLANNED

    @where_one_is(TakeState.SUBMITTING)
    @rule(
        pick=PICK,
        cents=st.integers(0, 100),
        answer=st.sampled_from(["now", "now", "now", "late", "lost", "refused", "not sent"]),
    )
    def an_order_is_sent(self, pick: int, cents: int, answer: str) -> None:
        """Whoever still holds the lease sends; the answer comes, comes late, is lost, or is a no."""
        take = self._pick(pick, TakeState.SUBMITTING)
        if take.owner is None or self.vendor.job_of(take.id) is not None:
            return
        if not self.ledger.read(claims.holds_lease, take.id, take.owner, for_at_least=timedelta(0)):
            return
        if answer == "refused":
            assert self.ledger.write(
                settlement.refused_at_create, take.id, take.owner, code="400", words="no", refused=True
            )
        elif answer == "not sent":
            assert self.ledger.write(claims.not_sent, take.id, take.owner, "429")
        else:
            self._reach_the_vendor(take, Decimal(cents) / 100, answer)

    def _reach_the_vendor(self, take: Take, cost: Decimal, answer: str) -> None:
        job_id = self.vendor.create(take, cost)
        if answer == "now":
            self._tell(take.id, job_id)
        elif answer == "late":
            self.answers.append((take.id, job_id))
        else:
            self.ledger.write(claims.outcome_unknown, take.id, take.owner or "", "time-out")

    def _tell(self, take_id: TakeId, job_id: str) -> None:
        jobs.record_job(self.ledger, take_id, job_id)
        self.told.add(job_id)

    @precondition(lambda machine: machine.answers)
    @rule()
    def a_late_answer_comes(self) -> None:
        """However late, and whatever became of the take."""
        self._tell(*self.answers.pop(0))

    @where_one_is(TakeState.SUBMITTING)
    @rule()
    def leases_run_out(self) -> None:
        """Someone sweeps up after the dead."""
        self.ledger.write(claims.expire_leases, self.series)

    @where_one_is(TakeState.SUBMITTED)
    @rule(pick=PICK, reported=st.booleans())
    def a_job_succeeds(self, pick: int, reported: bool) -> None:
        """The vendor delivers, with or without a bill."""
        take = self._pick(pick, TakeState.SUBMITTED)
        assert take.job_id is not None
        cost = self.vendor.charges[take.job_id] if reported else None
        assert self.ledger.write(settlement.generated, take.id, cost_usd=cost, usage="", clip_url=None, expires_at=None)
        assert not self.ledger.write(
            settlement.generated, take.id, cost_usd=cost, usage="", clip_url=None, expires_at=None
        )

    @where_one_is(TakeState.GENERATED)
    @rule(pick=PICK, missing=RARELY)
    def a_clip_arrives_or_does_not(self, pick: int, missing: bool) -> None:
        """Either way its cost stays; what does not arrive stays where it is."""
        take = self._pick(pick, TakeState.GENERATED)
        if missing:
            assert self.ledger.write(settlement.undelivered, take.id, code=CLIP_MISSING, words="404")
        else:
            assert self.ledger.write(settlement.done, take.id, clip(take.id))

    @where_one_is(TakeState.GENERATED)
    @rule(pick=PICK, sure=RARELY)
    def a_clip_is_taken_back(self, pick: int, sure: bool) -> None:
        """Seldom enough: the vendor says that there is none after all, and takes it off the bill."""
        take = self._pick(pick, TakeState.GENERATED)
        assert take.job_id is not None
        if sure:
            self.vendor.charges[take.job_id] = Decimal(0)
            assert self.ledger.write(settlement.clip_lost, take.id, "it failed after all")

    @where_one_is(TakeState.SUBMITTED)
    @rule(pick=PICK, refunded=st.booleans(), cancel=st.booleans())
    def a_job_ends_badly(self, pick: int, refunded: bool, cancel: bool) -> None:
        """Failed or cancelled, refunded for certain or not."""
        take = self._pick(pick, TakeState.SUBMITTED)
        assert take.job_id is not None
        if refunded:
            self.vendor.charges[take.job_id] = Decimal(0)
        charged = False if refunded else None
        if cancel:
            assert self.ledger.write(settlement.cancelled, take.id, "stopped", charged=charged)
        else:
            assert self.ledger.write(settlement.failed, take.id, code="x", words="", charged=charged)

    @where_one_is(TakeState.UNKNOWN)
    @rule(pick=PICK)
    def a_person_settles(self, pick: int) -> None:
        """An honest person looks at the vendor's site: there is the job, or there is none."""
        take = self._pick(pick, TakeState.UNKNOWN)
        job_id = self.vendor.job_of(take.id)
        if job_id is None:
            self.ledger.write(settlement.settle_unknown, take.id, "no such job", charged=False)
        elif pick % 2:
            self.ledger.write(jobs.adopt, take.id, job_id, "found")
            self.told.add(job_id)
        else:
            self.ledger.write(settlement.settle_unknown, take.id, "it is on the bill", charged=True)

    @invariant()
    def the_ledger_covers_what_the_vendor_charges(self) -> None:
        """Everything that was really charged is spent or reserved in the books, and the books keep to the caps."""
        for job_id, (take_id, _) in self.vendor.orders.items():
            take = self.ledger.read(queries.take, take_id)
            assert self.vendor.charges[job_id] <= (take.cost_usd or 0) + take.reserved_usd
        for line in self.ledger.read(queries.budgets, self.series):
            assert line.cap_usd is None or line.spent_usd + line.reserved_usd <= line.cap_usd

    @invariant()
    def one_order_reaches_the_vendor_once(self) -> None:
        """Of takes that are live, no two have one fingerprint, and each was sent at most once."""
        takes = {take.id: take for take in self.ledger.read(queries.takes, self.series)}
        self.states = {take.state for take in takes.values()}
        sent = [takes[take_id] for take_id, _ in self.vendor.orders.values()]
        assert len({take.id for take in sent}) == len(sent)
        live = [take.fingerprint for take in sent if take.state in LIVE]
        assert len(live) == len(set(live))

    @invariant()
    def every_job_that_was_told_is_recorded(self) -> None:
        """A job id that reached us once is never lost again."""
        recorded = {take.job_id for take in self.ledger.read(queries.takes, self.series)}
        assert self.told <= recorded

    def teardown(self) -> None:
        """And all that must always hold, holds."""
        audit(self.ledger, self.series)


@thinned
def test_the_books_are_right_whatever_happens(ledger: Ledger) -> None:
    """At most one live take per order, spent and reserved within every cap, no charge and no job id lost."""
    number = examples(32) if ledger._engine.name == "sqlite" else examples(8)
    machine: Callable[[], RuleBasedStateMachine] = lambda: LifeOfTakes(ledger)  # noqa: E731
    run_state_machine_as_test(machine, settings=settings(max_examples=number, stateful_step_count=30, deadline=None))
