"""The last leg of a take: its finished job's clip is fetched, checked and kept, or it is told what stands in the way.

A clip that is paid for is given up by a person's word, or where its vendor itself says that there is none and charges
nothing for it; by nothing else. Whatever its host does, the take stays `generated`, and every run asks again. What is
more than a passing fault (a dead link, something else in its place, a damaged file) is written beside it: fetching
costs nothing, while ordering anew is a choice with a price.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from render.clips.begun_as_asked import measured
from render.clips.download import NO_CLIP, download_clip
from render.clips.last_frame import doubt
from render.context import RunContext
from render.decisions import decided
from render.errors import Scope, TakeError, Terminal, Transient
from render.ledger import Take, queries, settlement
from render.media.clip_checks import check_clip
from render.providers import Ended, JobRef, JobStatus, Pending, Provider, Succeeded
from render.takes.take_job import job_of, still_running, told_end
from render.takes.undelivered import may_pass, price_anew, ways, write_undelivered
from render.telemetry import BYTES, DIRECTION, DOWNLOAD, FINDING, FINDINGS, MEDIA, add, annotate, span
from storyboard.takes import ClipFacts

__all__ = ["collect", "keep_clip"]

_LOG = logging.getLogger(__name__)

OLD_AFTER = timedelta(days=1)
"""A link without a known end is called old so long after its order: no host is that late. The shortest of the vendors'
links lives an hour, most a day."""


async def collect(context: RunContext, take: Take, fresh: Succeeded | None) -> None:
    """Fetch the clip, check it, keep it. It is paid for, so every way to get it is tried before it is given up.

    `fresh` is what its vendor said a moment ago. Raises TakeError where the take stays `generated`.
    """
    provider, job = context.provider_of(take), job_of(take)
    context.watcher.shot(take.local_key, "downloading", cost_usd=take.cost_usd)
    try:
        status = fresh or await _ask_for_clip(provider, take, job)
        if isinstance(status, Succeeded):
            clip = await _download(context, take, status, late=not await _is_old(context, take))
    except (Terminal, Transient) as error:
        await _undelivered(context, take, error)
        return
    if isinstance(status, Succeeded):
        await _keep(context, take, status, clip)
    else:
        await _taken_back(context, take, status)


async def keep_clip(context: RunContext, take: Take) -> Take:
    """A done take whose blob is in the store: fetched again where it went missing and the vendor still has it.

    Raises Terminal(`clip_lost`) where it cannot be had any more; nothing is ever generated again by itself.
    """
    assert take.clip is not None
    if await context.in_thread(context.store.has, take.clip.sha256):
        return take
    context.watcher.shot(take.local_key, "fetching", "its clip is missing from the store")
    status = await context.provider_of(take).poll(job_of(take))
    if isinstance(status, Succeeded):
        facts = await _fetch_again(context, take, status)
        if facts.sha256 == take.clip.sha256:
            return take
    raise Terminal(
        f"the clip of take {take.number} of {take.shot} is gone from the store, and {take.provider} no longer has it",
        f"Restore the store from a backup or an archive, or make a new take with --new-take, {price_anew(take)}",
        code="clip_lost",
        scope=None,
    )


async def _fetch_again(context: RunContext, take: Take, status: Succeeded) -> ClipFacts:
    try:
        return await _download(context, take, status, late=False)
    except TakeError as error:
        if isinstance(error, Terminal) or error.code == NO_CLIP:
            error.say_more(
                "Nothing is ordered again by itself: `tailframe redownload PROJECT`, or any run, asks again for "
                f"nothing. If it is gone for good, make a new take with --new-take, {price_anew(take)}"
            )
        raise


async def _download(context: RunContext, take: Take, status: Succeeded, *, late: bool) -> ClipFacts:
    job = job_of(take)
    with span(DOWNLOAD):
        clip = await download_clip(
            context.provider_of(take),
            job,
            status,
            scratch=context.scratch,
            store=context.store,
            request=job.request,
            patience=context.clip_patience,
            late=late,
        )
        annotate({BYTES: clip.bytes})
    add(MEDIA, clip.bytes, {DIRECTION: "receive"})
    return clip


def _log_download(take: Take, clip: ClipFacts) -> None:
    decided(
        _LOG,
        "downloaded",
        shot=take.shot,
        take=take.number,
        vendor=take.account,
        clip=clip.sha256,
        bytes=clip.bytes,
        frames=clip.frames,
    )


async def _keep(context: RunContext, take: Take, status: Succeeded, clip: ClipFacts) -> None:
    job = job_of(take)
    _log_download(take, clip)
    clip = await measured(context, context.provider_of(take), job.request, clip)
    await context.write(settlement.done, take.id, clip)
    for finding in check_clip(clip, job.request):
        context.watcher.note(f"{take.local_key}: {finding.message}")
        add(FINDINGS, 1, {FINDING: finding.code})
    if status.last_frame_url is not None:
        doubts = await doubt(context, context.provider_of(take), job, status.last_frame_url, clip)
        if doubts is not None:
            context.watcher.note(doubts)


async def _ask_for_clip(provider: Provider, take: Take, job: JobRef) -> JobStatus:
    """The job as the vendor tells it now, with a fresh link; where nothing of use is told, with the old one."""
    try:
        return await provider.poll(job)
    except (Terminal, Transient):
        if take.clip_url is None:
            raise
        return Succeeded(clip_url=take.clip_url, expires_at=take.clip_url_expires_at)


async def _taken_back(context: RunContext, take: Take, status: Pending | Ended) -> None:
    """The vendor takes back that the job is finished. What it charges nothing for is over, and may be made again.

    Raises StillRunning where it works on, Terminal where there is no clip and no word that nothing is charged.
    """
    if isinstance(status, Pending):
        now = await context.read(queries.now)
        raise still_running(take, now - (take.submitted_at or now))
    words = told_end(context, take, status)
    if status.charged is False or not context.provider_of(take).capabilities.paid:
        await context.write(settlement.clip_lost, take.id, words)
        return
    raise await write_undelivered(context, take, Terminal(words, words=status.words))


async def _undelivered(context: RunContext, take: Take, error: Terminal | Transient) -> None:
    """The clip did not come. Unless its vendor takes back that there is one, raises the error, with what can be done.

    What may pass is left at that; so is what is the matter with our account. What costs nothing just fails, and is made
    again. Anything else is written beside the take, which stays paid for.
    """
    if error.scope is Scope.VENDOR or may_pass(error):
        if await _is_old(context, take):
            error.say_more(ways(take))
        raise error
    provider = context.provider_of(take)
    if not provider.capabilities.paid:
        await context.write(settlement.failed, take.id, code=error.code, words=str(error), charged=True)
        return
    try:
        status = await provider.poll(job_of(take))
    except TakeError:  # nobody said anything new
        status = None
    if isinstance(status, Ended | Pending):
        await _taken_back(context, take, status)
        return
    raise await write_undelivered(context, take, error)


async def _is_old(context: RunContext, take: Take) -> bool:
    """Whether a clip that does not come is no longer just late: its link has run out, or it was ordered a day ago."""
    now = await context.read(queries.now)
    if take.clip_url_expires_at is not None:
        return take.clip_url_expires_at < now
    return take.submitted_at is not None and now - take.submitted_at > OLD_AFTER
