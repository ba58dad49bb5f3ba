"""The life of one take, from `planned` to `done`.

`make_take` is one loop around one question: where does this take stand? Each step moves it once, and every move is in
the ledger before the next begins. So the function can be called again at any moment, by this process after an error or
by another after a crash, with the same take: it goes on from there and never orders a second time.

    planned ── order ──> submitted ── poll ──> generated ── download, check, store ──> done

What happens to money is decided by the ledger alone; what a vendor's answer means, by its provider alone.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import stamina

from render.bench import Bench
from render.download import GONE_FOR_GOOD, download_clip
from render.errors import (
    AccountFull,
    ClipRejected,
    LedgerError,
    NotClaimable,
    NotSent,
    Refused,
    StillRunning,
    TakeError,
    Terminal,
    UnknownOutcome,
)
from render.last_frame import doubt
from render.ledger import Rival, Take, TakeId
from render.media.checks import check_clip
from render.orders import order_json, read_order
from render.providers import Ended, JobRef, JobStatus, Pending, Provider, PublishedReference, Succeeded
from render.providers.http import poll_delay
from render.publishing import publish_references
from render.reconcile import look_up
from render.unbroken import unbroken
from storyboard.identity import fingerprint
from storyboard.request import FrameId, Request
from storyboard.shot import Role
from storyboard.takes import TakeState

LEASE_MARGIN = timedelta(seconds=30)
"""How much longer a claim's lease is than the longest create; covers slow commits and a busy machine."""

LOST_AFTER = timedelta(days=1)
"""A link without a known end that is still refused so long after its order is believed. The shortest of the vendors'
links lives an hour, most a day."""

References = tuple[PublishedReference, ...]


Compose = Callable[[Take], Request]
"""Says what to order for a take that was not ordered yet."""


async def make_take(bench: Bench, take_id: TakeId, compose: Compose | None = None) -> Take:
    """Carry one take to its end and return it, done.

    Without `compose` only takes that were ordered before can be carried on. Where another take turns out to be the same
    order, that one is followed and returned.

    Raises TakeError (Transient: call again), ClaimRefused (nothing was sent), MediaError, StoreError.
    """
    while True:
        take = await bench.ask(bench.ledger.take, take_id)
        match take.state:
            case TakeState.PLANNED:
                take_id = await _order(bench, take, compose)
            case TakeState.SUBMITTING:
                await _wait_for_sender(bench, take)
            case TakeState.SUBMITTED:
                await _await_clip(bench, take)
            case TakeState.GENERATED:
                await _collect(bench, take)
            case TakeState.UNKNOWN:
                await _look_up(bench, take)
            case TakeState.DONE:
                return take
            case TakeState.CANCELLED if take.rival is not None:
                take_id = take.rival
            case TakeState.FAILED | TakeState.CANCELLED:
                raise _ended(take)


async def keep_clip(bench: Bench, take: Take) -> Take:
    """A done take whose blob is in the store: fetched again where it went missing and the vendor still has it.

    Raises Terminal(`clip_lost`) where it cannot be had any more; nothing is ever generated again by itself.
    """
    assert take.clip is not None
    if await bench.ask(bench.store.has, take.clip.sha256):
        return take
    bench.watcher.shot(_key(take), "fetching", "its clip is missing from the store")
    provider, job = bench.provider(take.provider), _job(take)
    status = await provider.poll(job)
    if isinstance(status, Succeeded):
        facts = await download_clip(
            provider, job, status, scratch=bench.scratch, store=bench.store, request=job.request
        )
        if facts.sha256 == take.clip.sha256:
            return take
    raise Terminal(
        f"the clip of take {take.number} of {take.shot} is gone from the store, and {take.provider} no longer has it. "
        "Restore the store from a backup or an archive, or make a new take with --new-take",
        code="clip_lost",
        scope=None,
    )


async def _order(bench: Bench, take: Take, compose: Compose | None) -> TakeId:
    """Claim the take, then send its order. Returns the take to go on with (a rival's, where one is the same order)."""
    if compose is None:
        raise NotClaimable(f"take {take.number} of {take.shot} was never ordered, and nothing asks for it now")
    request = compose(take)
    provider = bench.provider(take.provider)
    references = await publish_references(request, provider, bench.store, bench.ledger)
    begun = time.monotonic()
    while True:
        stop = asyncio.Event()
        try:
            return await unbroken(_claim_and_send(bench, take, request, references, stop), stop)
        except AccountFull as full:
            if time.monotonic() - begun > bench.patience.total_seconds():
                raise
            bench.watcher.shot(_key(take), "waiting", str(full))
            await bench.ask(bench.ledger.expire_leases_at, take.origin)
            await asyncio.sleep(min(2.0, provider.poll_interval.total_seconds()))


async def _claim_and_send(
    bench: Bench, take: Take, request: Request, references: References, stop: asyncio.Event
) -> TakeId:
    """Claim, and send what was claimed; one step, so that nothing is ever claimed and then left lying.

    Raises ClaimRefused, and what the vendor's refusal says. A take that somebody else moved is looked at anew.
    """
    provider = bench.provider(take.provider)
    try:
        claim = await bench.ask(
            bench.ledger.claim,
            take.id,
            run=bench.run,
            owner=bench.owner.name,
            request_json=order_json(request),
            fingerprint=fingerprint(request),
            continuity=continuity_of(request),
            reserve_usd=request.estimated_usd,
            lease=provider.create_timeout + LEASE_MARGIN,
            account_bound=provider.capabilities.concurrent_jobs,
        )
    except NotClaimable:
        return take.id
    if isinstance(claim, Rival):
        return claim.take
    if stop.is_set():
        await bench.ask(bench.ledger.not_sent, take.id, bench.owner.name, "interrupted before the order was sent")
    else:
        await _send(bench, take, request, references)
    return take.id


async def _send(bench: Bench, take: Take, request: Request, references: References) -> None:
    """Send the order, and write what came of it before anything else happens."""
    ledger, owner = bench.ledger, bench.owner.name
    provider = bench.provider(take.provider)
    if not await bench.ask(ledger.holds_lease, take.id, owner, for_at_least=provider.create_timeout):
        await bench.ask(ledger.not_sent, take.id, owner, "the lease was nearly over before the order could be sent")
        return
    bench.watcher.shot(_key(take), "submitting")
    try:
        job_id = await provider.create(request, references, take_id=take.id)
    except NotSent as error:
        await bench.ask(ledger.not_sent, take.id, owner, error.message)
        raise
    except Terminal as error:
        await bench.ask(
            ledger.refused_at_create,
            take.id,
            owner,
            code=error.code,
            words=error.message,
            refused=isinstance(error, Refused),
            charged=error.charged if error.charged is not None else False,
        )
        raise
    except Exception as error:
        await bench.ask(ledger.outcome_unknown, take.id, owner, str(error))
        raise
    await _write_down(bench, take, job_id)


async def _write_down(bench: Bench, take: Take, job_id: str) -> None:
    """Keep the vendor's job id, through a ledger that stumbles: without it a paid job would be hard to find."""
    try:
        async for attempt in stamina.retry_context(_database_failed, attempts=8, timeout=60, wait_initial=0.2):
            with attempt:
                await bench.ask(bench.ledger.job_known, take.id, job_id)
    except LedgerError:
        bench.watcher.note(
            f"{take.provider} took the order for {take.shot} as job {job_id}, and the ledger could not write that. "
            f"Once it works again: tailframe reconcile PROJECT --take {take.shot}:{take.number} --adopt {job_id}"
        )
        raise


def _database_failed(error: Exception) -> bool:
    """The database, and not what it was asked: a job that belongs to another take stays so."""
    return isinstance(error, LedgerError) and error.__cause__ is not None


async def _wait_for_sender(bench: Bench, take: Take) -> None:
    """Another process is sending this order. Wait for its answer, or find out that it died."""
    if take.owner is not None and bench.owner.is_dead(take.owner):
        await bench.ask(bench.ledger.outcome_unknown, take.id, take.owner, f"its owner {take.owner} died while sending")
        return
    if not await bench.ask(bench.ledger.expire_leases, bench.series):
        bench.watcher.shot(_key(take), "submitting", f"by {take.owner}")
        await asyncio.sleep(1)


async def _await_clip(bench: Bench, take: Take) -> None:
    """Poll the job until it ends, and settle."""
    provider, job = bench.provider(take.provider), _job(take)
    begun = take.submitted_at or datetime.now(UTC)
    while True:
        status = await provider.poll(job)
        match status:
            case Succeeded():
                await _settle(bench, take, status)
                return
            case Ended():
                await _settle_ended(bench, take, status)
                return
            case Pending():
                age = datetime.now(UTC) - begun
                if age > bench.patience:
                    raise _still_running(take, age)
                percent = f" {status.progress:.0%}" if status.progress is not None else ""
                bench.watcher.shot(_key(take), "generating", f"{status.words}{percent}".strip())
                base = bench.poll_interval or provider.poll_interval
                await asyncio.sleep(poll_delay(age, base, job.id).total_seconds())


async def _settle(bench: Bench, take: Take, status: Succeeded) -> None:
    await bench.ask(
        bench.ledger.generated,
        take.id,
        cost_usd=status.cost_usd,
        usage=status.usage,
        clip_url=status.clip_url,
        expires_at=status.expires_at,
    )


async def _settle_ended(bench: Bench, take: Take, status: Ended) -> None:
    if status.cancelled:
        await bench.ask(bench.ledger.cancelled, take.id, status.words, charged=status.charged)
        return
    await bench.ask(
        bench.ledger.failed,
        take.id,
        code=status.code,
        words=status.words,
        refused=status.refused,
        charged=status.charged,
    )


async def _collect(bench: Bench, take: Take) -> None:
    """Fetch the clip, check it, keep it. It is paid for, so every way to get it is tried before it is given up."""
    provider, job = bench.provider(take.provider), _job(take)
    bench.watcher.shot(_key(take), "downloading", cost_usd=take.cost_usd)
    status = await _ask_for_clip(provider, take, job)
    if isinstance(status, Pending):
        raise _still_running(take, datetime.now(UTC) - (take.submitted_at or datetime.now(UTC)))
    if isinstance(status, Ended):
        await bench.ask(bench.ledger.clip_lost, take.id, f"{take.provider} says {status.code}: {status.words}")
        return
    try:
        clip = await download_clip(provider, job, status, scratch=bench.scratch, store=bench.store, request=job.request)
    except ClipRejected as error:
        await bench.ask(bench.ledger.failed, take.id, code=error.code, words=error.message, charged=True)
        return
    except Terminal as error:
        if error.code != "clip_lost" or not _is_lost(take, error):
            raise
        await bench.ask(bench.ledger.clip_lost, take.id, error.message)
        return
    await bench.ask(bench.ledger.done, take.id, clip)
    for finding in check_clip(clip, job.request):
        bench.watcher.note(f"{_key(take)}: {finding.message}")
    if status.last_frame_url is not None:
        doubts = await doubt(bench, provider, job, status.last_frame_url, clip)
        if doubts is not None:
            bench.watcher.note(doubts)


async def _ask_for_clip(provider: Provider, take: Take, job: JobRef) -> JobStatus:
    """The job as the vendor tells it now, with a fresh link; where it knows the job no longer, with the old one."""
    try:
        return await provider.poll(job)
    except Terminal:
        if take.clip_url is None:
            raise
        return Succeeded(clip_url=take.clip_url, expires_at=take.clip_url_expires_at)


def _is_lost(take: Take, error: Terminal) -> bool:
    """Whether a clip is gone for good: its host says so, its link has run out, or nobody has given it for a day.

    One refusal proves nothing: a host that stumbles would make a producer pay twice.
    """
    if error.words == GONE_FOR_GOOD:
        return True
    now = datetime.now(UTC)
    if take.clip_url_expires_at is not None:
        return take.clip_url_expires_at < now
    return take.submitted_at is not None and now - take.submitted_at > LOST_AFTER


async def _look_up(bench: Bench, take: Take) -> None:
    """A create whose answer was lost. Adopt its job where that is certain; else leave it to a person."""
    if not await look_up(bench, take):
        raise UnknownOutcome(
            f"it is not known whether {take.provider} took the order for take {take.number} of {take.shot}; "
            f"its money stays reserved. Look at the vendor's own page, then run `tailframe reconcile`",
            code="unknown_outcome",
        )


def _job(take: Take) -> JobRef:
    assert take.job_id is not None, f"take {take.id} is {take.state} without a job id"
    assert take.request_json is not None, f"take {take.id} is {take.state} without its order"
    return JobRef(take.job_id, read_order(take.request_json))


def continuity_of(request: Request) -> FrameId | None:
    """The frame that this order continues from, where it continues one."""
    return next((r.frame for r in request.references if r.role is Role.CONTINUITY), None)


def _key(take: Take) -> str:
    """`SCENE/SHOT`, as whoever watches an episode knows the shot."""
    return take.shot.partition("/")[2]


def _still_running(take: Take, age: timedelta) -> StillRunning:
    minutes = int(age.total_seconds() // 60)
    return StillRunning(
        f"take {take.number} of {take.shot} has been with {take.provider} for {minutes} minutes (job {take.job_id}) "
        "and is still running. Nothing is lost: run the same command later and it goes on",
        code="still_running",
    )


def _ended(take: Take) -> TakeError:
    """A failed or cancelled take, as the error that ends its shot."""
    kind = Refused if take.refused else Terminal
    return kind(
        take.error_message or f"take {take.number} of {take.shot} was {take.state}",
        code=take.error_code or take.state.value,
    )
