"""The last leg of a take: its finished job's clip is fetched, checked and kept, or it is told what stands in the way.

A clip that is paid for is given up by its vendor's word or by a person's, and by nothing else. Where its host stumbles
the take stays `generated`, and every run asks again. Where its file is damaged, fetched again and again, it stays so
too, with `clip_damaged` beside it: fetching costs nothing, while ordering anew is a choice with a price.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from render.bench import Bench
from render.download import CLIP_LOST, GONE_FOR_GOOD, NO_CLIP, download_clip
from render.errors import ClipRejected, StillRunning, TakeError, Terminal, usd
from render.last_frame import doubt
from render.ledger import Take
from render.media.checks import check_clip
from render.ordering import shot_key
from render.orders import read_order
from render.providers import Ended, JobRef, JobStatus, Pending, Provider, Succeeded
from render.providers.endings import told
from render.publishing import known_links
from storyboard.takes import CLIP_DAMAGED, ClipFacts

__all__ = ["collect", "job_of", "keep_clip", "still_running", "told_end"]

LOST_AFTER = timedelta(days=1)
"""A link without a known end that is still refused so long after its order is believed. The shortest of the vendors'
links lives an hour, most a day."""


async def collect(bench: Bench, take: Take, fresh: Succeeded | None) -> None:
    """Fetch the clip, check it, keep it. It is paid for, so every way to get it is tried before it is given up.

    `fresh` is what its vendor said a moment ago. Raises TakeError where the take stays `generated`.
    """
    provider, job = bench.provider_of(take), job_of(take)
    bench.watcher.shot(shot_key(take), "downloading", cost_usd=take.cost_usd)
    status = fresh or await _ask_for_clip(provider, take, job)
    if not isinstance(status, Succeeded):
        await _without_clip(bench, take, status)
        return
    try:
        clip = await _download(bench, take, status, late=not _is_old(take))
    except ClipRejected as error:
        await _damaged(bench, take, error)
        return
    except TakeError as error:
        lost = error.code == CLIP_LOST and (error.words == GONE_FOR_GOOD or _is_old(take))
        if lost:
            await bench.ask(bench.ledger.clip_lost, take.id, error.message)
            return
        if error.code in {CLIP_LOST, NO_CLIP}:
            error.say_more(_ways(take))
        raise
    await _keep(bench, take, status, clip)


async def keep_clip(bench: Bench, take: Take) -> Take:
    """A done take whose blob is in the store: fetched again where it went missing and the vendor still has it.

    Raises Terminal(`clip_lost`) where it cannot be had any more; nothing is ever generated again by itself.
    """
    assert take.clip is not None
    if await bench.ask(bench.store.has, take.clip.sha256):
        return take
    bench.watcher.shot(shot_key(take), "fetching", "its clip is missing from the store")
    status = await bench.provider_of(take).poll(job_of(take))
    if isinstance(status, Succeeded):
        facts = await _fetch_again(bench, take, status)
        if facts.sha256 == take.clip.sha256:
            return take
    raise Terminal(
        f"the clip of take {take.number} of {take.shot} is gone from the store, and {take.provider} no longer has it. "
        "Restore the store from a backup or an archive, or make a new take with --new-take",
        code="clip_lost",
        scope=None,
    )


async def _fetch_again(bench: Bench, take: Take, status: Succeeded) -> ClipFacts:
    try:
        return await _download(bench, take, status, late=False)
    except TakeError as error:
        if error.code in {CLIP_LOST, NO_CLIP}:
            error.say_more("The next run asks again; if it is gone for good, make a new take with --new-take")
        raise


async def _download(bench: Bench, take: Take, status: Succeeded, *, late: bool) -> ClipFacts:
    job = job_of(take)
    return await download_clip(
        bench.provider_of(take),
        job,
        status,
        scratch=bench.scratch,
        store=bench.store,
        request=job.request,
        patience=bench.clip_patience,
        late=late,
    )


async def _keep(bench: Bench, take: Take, status: Succeeded, clip: ClipFacts) -> None:
    job = job_of(take)
    await bench.ask(bench.ledger.done, take.id, clip)
    for finding in check_clip(clip, job.request):
        bench.watcher.note(f"{shot_key(take)}: {finding.message}")
    if status.last_frame_url is not None:
        doubts = await doubt(bench, bench.provider_of(take), job, status.last_frame_url, clip)
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


async def _without_clip(bench: Bench, take: Take, status: Pending | Ended) -> None:
    """The vendor takes back that the job is finished: it works on, or there will be no clip. Raises StillRunning."""
    if isinstance(status, Pending):
        raise still_running(take, datetime.now(UTC) - (take.submitted_at or datetime.now(UTC)))
    words = told_end(bench.provider_of(take), take, status)
    await bench.ask(bench.ledger.clip_lost, take.id, words)


async def _damaged(bench: Bench, take: Take, error: ClipRejected) -> None:
    """The file itself is damaged. Raises ClipRejected `clip_damaged`, with what can be done and what that costs.

    What costs nothing just fails, and is made again; and whatever the vendor takes back is lost by its own word.
    """
    provider = bench.provider_of(take)
    if not provider.capabilities.paid:
        await bench.ask(bench.ledger.failed, take.id, code=error.code, words=error.message, charged=True)
        return
    try:
        status = await provider.poll(job_of(take))
    except TakeError:  # nobody said anything new
        status = None
    if isinstance(status, Ended | Pending):
        await _without_clip(bench, take, status)
        return
    words = _choice(take, error)
    await bench.ask(bench.ledger.clip_damaged, take.id, words)
    raise ClipRejected(words, code=CLIP_DAMAGED, charged=True)


def _choice(take: Take, error: ClipRejected) -> str:
    """What happened, and what can be done."""
    return (
        f"the clip of take {take.number} of {take.shot} comes damaged from {take.provider}, though its job "
        f"{take.job_id} is finished ({error.message.rstrip('. ')}). {_ways(take)}"
    )


def _ways(take: Take) -> str:
    """What can be done about a clip that is paid for and does not come: for nothing first, and then at a price."""
    price = job_of(take).request.estimated_usd
    paid = "Its cost is not known" if take.cost_usd is None else f"It cost {usd(take.cost_usd)}"
    anew = "at a price that is not known" if price is None else f"for up to {usd(price)}"
    return (
        f"{paid}, and nothing is ordered again by itself. Fetch it again for nothing: `tailframe redownload PROJECT`, "
        f"or any run. Or give it up: `tailframe reconcile PROJECT --take {take.shot}:{take.number} --charged`; the "
        f"next run then orders it anew, {anew}"
    )


def _is_old(take: Take) -> bool:
    """Whether a refusal of the clip's link is believed: it has run out, or nobody has given the clip for a day.

    One refusal of a younger one proves nothing: a host that stumbles would make a producer pay twice.
    """
    now = datetime.now(UTC)
    if take.clip_url_expires_at is not None:
        return take.clip_url_expires_at < now
    return take.submitted_at is not None and now - take.submitted_at > LOST_AFTER


def told_end(provider: Provider, take: Take, end: Ended) -> str:
    """Why there is no clip, with the shot, the input and what to do: in every log and on every page the same."""
    known = known_links(job_of(take).request, provider)
    keys = provider.capabilities.reference_keys
    return told(end, provider=take.provider, shot=take.shot, references=known, keys=keys)


def job_of(take: Take) -> JobRef:
    """The take's job at its vendor, and the order that it came from."""
    assert take.job_id is not None, f"take {take.id} is {take.state} without a job id"
    assert take.request_json is not None, f"take {take.id} is {take.state} without its order"
    return JobRef(take.job_id, read_order(take.request_json))


def still_running(take: Take, age: timedelta) -> StillRunning:
    """The vendor works on it for longer than this run waits."""
    minutes = int(age.total_seconds() // 60)
    return StillRunning(
        f"take {take.number} of {take.shot} has been with {take.provider} for {minutes} minutes (job {take.job_id}) "
        "and is still running. Nothing is lost: run the same command later and it goes on",
        code="still_running",
    )
