"""The ledger as its callers hold it: one method a question or a move, each one transaction, safe from any thread."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy import Engine, delete, insert

from render.errors import LedgerConflict
from render.ledger import callback_tokens, circles, claims, holds, import_takes, jobs, runs, settlement, take_slots
from render.ledger.database import Transaction, fetch_rows, looking, reading, writing
from render.ledger.reader import LedgerReader
from render.ledger.records import Claimed, Order, Rival, RunId, Take, TakeId, Want
from render.ledger.tables import derived
from storyboard.price_proof import StatedPrice
from storyboard.request import FrameId
from storyboard.shot import Caps
from storyboard.takes import Circle, ClipFacts


class Ledger(LedgerReader):
    """The truth about takes and money. Every method blocks until its step is on disk; call it from a thread.

    Moves say False where somebody else made them before, and then change nothing. Raises LedgerError where the
    database fails: the step is then written whole or not at all, and safe to repeat.
    """

    def __init__(self, engine: Engine, *, run: str = "") -> None:
        super().__init__(self._rows, engine.dispose)
        self._engine = engine
        self._run = run
        self._host = socket.gethostname()

    def during(self, run: RunId) -> Ledger:
        """The same ledger, whose moves are written down as this run's. Close only the one that was opened."""
        return Ledger(self._engine, run=run)

    # The beginning of a run

    def begin_run(
        self,
        series: str,
        episode: str,
        snapshot: str,
        *,
        caps: Caps | None,
        run: RunId | None = None,
        asked: str = "",
    ) -> RunId:
        """Write a run down and make the caps what the project says now; None leaves them. Safe to repeat."""
        with self._step() as tx:
            return runs.begin_run(tx, series, episode, snapshot, caps=caps, run=run, asked=asked)

    def end_run(self, run: RunId) -> None:
        """Write down that a run came to its end."""
        with self._step() as tx:
            runs.end_run(tx, run)

    def remember_snapshot(self, snapshot: str, series: str) -> None:
        """Write a snapshot's name down."""
        with self._step() as tx:
            runs.remember_snapshot(tx, snapshot, series)

    def open_takes(self, run: RunId, wants: Sequence[Want]) -> tuple[Take, ...]:
        """The take of each want, in order; once a run, before any task starts. Safe to repeat."""
        with self._step() as tx:
            return take_slots.open_takes(tx, run, wants)

    def call_off(self, take_ids: Sequence[TakeId], words: str) -> bool:
        """End what was opened and never sent, all or none; False where an order of one is out or gave a clip."""
        with self._step() as tx:
            return take_slots.call_off(tx, take_ids, words)

    # Claims

    def claim(
        self,
        take_id: TakeId,
        *,
        run: RunId,
        owner: str,
        request_json: str,
        fingerprint: str,
        continuity: FrameId | None,
        reserve_usd: Decimal | None,
        lease: timedelta,
        account_bound: int | None,
        anew: bool = False,
        stated: StatedPrice | None = None,
        unpriced_agreed: bool = False,
    ) -> Claimed | Rival:
        """Make the take this owner's to send, with its money set aside, or learn which take stands for it already.

        Raises a ClaimRefused (OnHold, VendorStopped, NotClaimable, OrderedElsewhere, AccountFull, BudgetRefused,
        Unpriced); nothing has changed then.
        """
        order = Order(
            run=run,
            owner=owner,
            request_json=request_json,
            fingerprint=fingerprint,
            continuity=continuity,
            reserve_usd=reserve_usd,
            lease=lease,
            account_bound=account_bound,
            anew=anew,
            stated=stated,
            unpriced_agreed=unpriced_agreed,
        )
        with self._step() as tx:
            return claims.claim(tx, take_id, order)

    def holds_lease(self, take_id: TakeId, owner: str, *, for_at_least: timedelta) -> bool:
        """Whether the owner may still send, and will be for so long, by the database's clock."""
        with looking(self._engine) as tx:
            return claims.holds_lease(tx, take_id, owner, for_at_least=for_at_least)

    def not_sent(self, take_id: TakeId, owner: str, words: str) -> bool:
        """It is proven that no order left: planned again, the reservation released."""
        with self._step() as tx:
            return claims.not_sent(tx, take_id, owner, words)

    def outcome_unknown(self, take_id: TakeId, owner: str, words: str) -> bool:
        """An order left and no answer came: unknown, and the money stays reserved."""
        with self._step() as tx:
            return claims.outcome_unknown(tx, take_id, owner, words)

    def expire_leases(self, series: str) -> tuple[TakeId, ...]:
        """Make every claim of the series unknown whose lease is over; returns those."""
        with self._step() as tx:
            return claims.expire_leases(tx, series)

    def expire_leases_at(self, account: str) -> tuple[TakeId, ...]:
        """The same for every claim at this vendor account, of whatever series."""
        with self._step() as tx:
            return claims.expire_leases_at(tx, account)

    def refused_at_create(
        self, take_id: TakeId, owner: str, *, code: str, words: str, refused: bool, charged: bool | None = False
    ) -> bool:
        """The vendor clearly refused the order itself: failed."""
        with self._step() as tx:
            return settlement.refused_at_create(
                tx, take_id, owner, code=code, words=words, refused=refused, charged=charged
            )

    # What the vendor says

    def job_known(self, take_id: TakeId, job_id: str, words: str = "") -> None:
        """Write the vendor's job id down, whatever the take's state; what nobody expects raises an alarm.

        Raises LedgerError, after the alarm is written, where the job belongs to another take.
        """
        with self._step() as tx:
            other = jobs.job_known(tx, take_id, job_id, words)
        if other is not None:
            raise LedgerConflict(
                f"the vendor answered take {take_id} with job {job_id}, which belongs to take {other}",
                "Look at both at the vendor, then settle this one with `tailframe reconcile`",
            )

    def generated(
        self,
        take_id: TakeId,
        *,
        cost_usd: Decimal | None,
        usage: str,
        clip_url: str | None,
        expires_at: datetime | None,
    ) -> bool:
        """The clip exists and is paid for; `cost_usd` None, or no sum of money, makes the reservation spent."""
        with self._step() as tx:
            return settlement.generated(
                tx, take_id, cost_usd=cost_usd, usage=usage, clip_url=clip_url, expires_at=expires_at
            )

    def done(self, take_id: TakeId, clip: ClipFacts) -> bool:
        """The clip is in the store and was checked; circled where the shot waits for one."""
        with self._step() as tx:
            return settlement.done(tx, take_id, clip)

    def failed(self, take_id: TakeId, *, code: str, words: str, refused: bool = False, charged: bool | None) -> bool:
        """The job ended without a usable clip; spent unless `charged` is False."""
        with self._step() as tx:
            return settlement.failed(tx, take_id, code=code, words=words, refused=refused, charged=charged)

    def cancelled(self, take_id: TakeId, words: str, charged: bool | None) -> bool:
        """The job was called off; spent unless `charged` is False."""
        with self._step() as tx:
            return settlement.cancelled(tx, take_id, words, charged=charged)

    def clip_lost(self, take_id: TakeId, words: str) -> bool:
        """The vendor says that the job gave no clip after all, and charges nothing for it: its cost is given back."""
        with self._step() as tx:
            return settlement.clip_lost(tx, take_id, words)

    def undelivered(self, take_id: TakeId, *, code: str, words: str) -> bool:
        """The clip of a finished job came damaged or not at all: it stays `generated`, and runs fetch it again."""
        with self._step() as tx:
            return settlement.undelivered(tx, take_id, code=code, words=words)

    # Who calls back

    def open_callback_link(self, take_id: TakeId, owner: str) -> str | None:
        """A door for the order that this owner is about to send: its token, told this once, to be put into a link.

        None where the owner does not hold the claim any more. One of an earlier claim of the take opens nothing then.
        """
        with self._step() as tx:
            return callback_tokens.open_callback_link(tx, take_id, owner)

    def vendor_at(self, token: str) -> str | None:
        """The vendor whose order has this token; None where it opens no door, or none any more."""
        with looking(self._engine) as tx:
            return callback_tokens.vendor_at(tx, token)

    def mark_called(self, token: str, job_id: str | None) -> bool:
        """Somebody called at a door, and named a job or none. False where there is no such door.

        Moves no take. A second ring within a second changes nothing, and is not even a write, unless it is the first
        to name a job; of jobs, the first that is named is kept.
        """
        with looking(self._engine) as tx:
            news = callback_tokens.is_news(tx, token, job_id)
        if not news:
            return news is not None
        with self._step() as tx:
            return callback_tokens.mark_called(tx, token, job_id)

    def forget_told_job(self, take_id: TakeId, job_id: str) -> None:
        """The job that a caller named is not this take's: listen to the next one."""
        with self._step() as tx:
            callback_tokens.forget_told_job(tx, take_id, job_id)

    def callback_server_url(self) -> str | None:
        """The public URL at which doors are answered now, by the database's clock; None: nobody answers."""
        with looking(self._engine) as tx:
            return callback_tokens.callback_server_url(tx)

    def renew_callback_server(self, url: str) -> None:
        """Whoever answers doors at this URL is alive. To be said every half minute."""
        with self._step() as tx:
            callback_tokens.renew_callback_server(tx, url)

    def retire_callback_server(self, url: str) -> None:
        """Nobody answers doors at this URL any more."""
        with self._step() as tx:
            callback_tokens.retire_callback_server(tx, url)

    # What a person says

    def adopt(self, take_id: TakeId, job_id: str, words: str) -> None:
        """The lost order is this job. Raises LedgerError unless the take is unknown and the job nobody's."""
        with self._step() as tx:
            jobs.adopt(tx, take_id, job_id, words)

    def settle_not_charged(self, take_id: TakeId, words: str) -> None:
        """The lost order was never charged: failed, the reservation released."""
        with self._step() as tx:
            settlement.settle_unknown(tx, take_id, words, charged=False)

    def settle_charged(self, take_id: TakeId, words: str) -> None:
        """The lost order was charged and its clip is lost: failed, the reservation spent."""
        with self._step() as tx:
            settlement.settle_unknown(tx, take_id, words, charged=True)

    def circle(self, series: str, shot: str, take_id: TakeId, *, by_person: bool) -> None:
        """Put the shot's circle on this take, which is done. Raises LedgerError where it cannot be."""
        with self._step() as tx:
            circles.circle(tx, series, shot, take_id, by_person=by_person)

    def circle_best(self, run: RunId, shot: str) -> TakeId | None:
        """At a run's end: circle the best that it has, where some takes of the shot did not end; who has the circle."""
        with self._step() as tx:
            return circles.circle_best(tx, run, shot)

    def reject(self, take_id: TakeId) -> None:
        """Never use this take again. Raises LedgerError unless it is done."""
        with self._step() as tx:
            circles.reject(tx, take_id)

    def waive(self, series: str, shot: str, words: str) -> None:
        """Give the shot up."""
        with self._step() as tx:
            circles.waive(tx, series, shot, words)

    def unwaive(self, series: str, shot: str) -> None:
        """Ask for the shot again."""
        with self._step() as tx:
            circles.unwaive(tx, series, shot)

    def hold(self, series: str, by: str, why: str) -> None:
        """Let nothing more be ordered for the series."""
        with self._step() as tx:
            holds.hold(tx, series, by, why)

    def release(self, series: str) -> None:
        """Let a held series go on."""
        with self._step() as tx:
            holds.release(tx, series)

    def acknowledge(self, account: str) -> None:
        """This account's alarms were seen: claims go on."""
        with self._step() as tx:
            holds.acknowledge(tx, account)

    # What was made before

    def remember_derived(self, key: str, sha256: str) -> None:
        """This recipe gave this blob."""
        with self._step() as tx:
            tx.conn.execute(delete(derived).where(derived.c.key == key))
            tx.conn.execute(insert(derived).values(key=key, sha256=sha256, at=tx.now))

    def import_take(self, series: str, take: Take, *, snapshot: str = "restored") -> TakeId:
        """Write an archived take down as done; returns the take that now stands for it. Nothing is charged."""
        with self._step() as tx:
            return import_takes.import_take(tx, series, take, snapshot)

    def import_takes(
        self,
        series: str,
        takes: Sequence[Take],
        chosen: Sequence[Circle],
        derived: Mapping[str, str] = MappingProxyType({}),
        *,
        snapshot: str,
        choices: bool = False,
    ) -> tuple[str, ...]:
        """Write an archive's takes, choices and derived blobs down, all or none.

        A shot of which something is decided here keeps its choice, unless `choices` asks for the archive's; returns the
        shots whose choice here is another one and was left alone. Nothing is charged.
        """
        with self._step() as tx:
            import_takes.import_derived(tx, derived)
            return import_takes.import_takes(tx, series, takes, chosen, snapshot, choices=choices)

    def _step(self) -> AbstractContextManager[Transaction]:
        return writing(self._engine, host=self._host, run=self._run)

    def _rows(self, sql: str, values: Mapping[str, object]) -> Sequence[Mapping[str, Any]]:
        with reading(self._engine) as conn:
            return fetch_rows(conn, sql, values)
