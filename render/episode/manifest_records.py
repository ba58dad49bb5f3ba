"""What the manifest says of each shot, from the ledger's takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from render.clips.continuity_media import kept_frame
from render.context import RunContext
from render.cut.cut_plan import Piece
from render.cut.join import MasterFacts
from render.episode.manifest import Cost, Manifest, Master, ShotRecord, TailFrame, UsedClip, UsedReference
from render.ledger import Take, TakeId, queries
from render.ledger.stored_request import read_order
from render.takes.outcomes import Outcome
from storyboard.continuity.timing import tail_of
from storyboard.request import FrameId
from storyboard.shot import Episode, MasterFormat
from storyboard.timeline.master_timeline import Span, Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One shot in the cut: its piece, where in the master it stands, and the take it came from (None: a slate)."""

    piece: Piece
    span: Span
    take: Take | None


async def place(
    context: RunContext, outcomes: Sequence[Outcome], pieces: Sequence[Piece], timeline: Timeline
) -> list[Placed]:
    """Every shot's piece with its place in the timeline and its take."""
    takes = {outcome.key: outcome.take for outcome in outcomes}
    placed = []
    for piece in pieces:
        if piece.card:
            continue
        name = takes[piece.key] if piece.clip is not None else None
        take = None if name is None else await context.read(queries.take, TakeId(name))
        placed.append(Placed(piece=piece, span=timeline.span(piece.key), take=take))
    return placed


async def make_manifest(
    context: RunContext, episode: Episode, placed: Sequence[Placed], master: MasterFacts, *, snapshot: str
) -> Manifest:
    """The manifest of this cut. Takes the tail frame of every clip out of it, where that was not done before."""
    shots = [await _record(context, each, episode.master) for each in placed]
    takes = [each.take for each in placed if each.take is not None]
    return Manifest(
        series=episode.series,
        episode=episode.episode,
        snapshot=snapshot,
        created_at=datetime.now(UTC),
        master=Master(
            path=f"{episode.episode}.mp4",
            sha256=master.sha256,
            bytes=master.bytes,
            duration_s=master.duration_s,
            width=master.width,
            height=master.height,
            fps=master.fps,
        ),
        cost=Cost(
            estimated_usd=_sum([_estimate(take) for take in takes]), actual_usd=_sum([take.cost_usd for take in takes])
        ),
        shots=tuple(shots),
    )


def clip_path(key: str) -> str:
    """Where a shot's clip lies beside its manifest: `clips/lamp/010.mp4`."""
    return f"clips/{key}.mp4"


async def _record(context: RunContext, placed: Placed, master: MasterFormat) -> ShotRecord:
    piece, take = placed.piece, placed.take
    start_s, duration_s = _seconds(placed.span.start, master), _seconds(placed.span.frames, master)
    if take is None or piece.clip is None:
        return ShotRecord.of_slate(key=piece.key, start_s=start_s, duration_s=duration_s)
    order = read_order(take.request_json or "")
    tail = FrameId(piece.clip.sha256, tail_of(piece.edit, piece.frames, piece.clip, master.fps))
    return ShotRecord(
        key=piece.key,
        take=take.number,
        slate=False,
        provider=take.provider,
        model=take.model,
        job_id=take.job_id,
        fingerprint=take.fingerprint,
        prompt=order.prompt,
        references=tuple(
            UsedReference(token=each.token, role=each.role.value, name=each.name, sha256=each.sha256)
            for each in order.references
            if each.sha256 is not None
        ),
        clip=UsedClip(path=clip_path(piece.key), sha256=piece.clip.sha256, duration_s=piece.clip.duration_s),
        tail_frame=TailFrame(sha256=await kept_frame(context, tail)),
        start_s=start_s,
        duration_s=duration_s,
        seed=order.seed,
        own_seed=None if order.seed is None else order.own_seed,
    )


def _seconds(frames: int, master: MasterFormat) -> Decimal:
    exact = frames / master.fps
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _estimate(take: Take) -> Decimal | None:
    return None if take.request_json is None else read_order(take.request_json).estimated_usd


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    """The sum, or None where any part of it is not known."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None
