"""What the manifest says of each shot, from the ledger's takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from render.clips.kept_stills import Still
from render.context import RunContext
from render.cut.cut_plan import Piece
from render.cut.join import MasterFacts
from render.episode.manifest import (
    Cost,
    Loudness,
    Manifest,
    Master,
    NoteRecord,
    ShotRecord,
    TailFrame,
    UsedClip,
    UsedReference,
)
from render.ledger import Note, Take, TakeId, queries
from render.ledger.stored_request import read_order
from render.takes.outcomes import Outcome, ShotState
from storyboard.continuity.timing import tail_of
from storyboard.request import FrameId, Request
from storyboard.shot import Episode, MasterFormat
from storyboard.text.printable import one_line, printable
from storyboard.timeline.master_timeline import Span, Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One shot in the cut: its piece, where in the master it stands, and the take it came from (None: a slate)."""

    piece: Piece
    span: Span
    take: Take | None
    stale: str = ""  # why the take is not what the storyboard asks for now
    stale_since: datetime | None = None
    notes: tuple[Note, ...] = ()  # what people noted of the take, oldest first


@dataclass(frozen=True, slots=True, kw_only=True)
class CutShots:
    """The shots of one cut: where each stands in it, and what became of it; and its pieces, cards among them."""

    episode: Episode
    timeline: Timeline
    pieces: Sequence[Piece]
    placed: Sequence[Placed]
    outcomes: Sequence[Outcome]


async def place(
    context: RunContext, outcomes: Sequence[Outcome], pieces: Sequence[Piece], timeline: Timeline
) -> list[Placed]:
    """Every shot's piece with its place in the timeline and its take."""
    circled = {outcome.key: TakeId(outcome.take) for outcome in outcomes if outcome.take is not None}
    names = {piece.key: circled[piece.key] for piece in pieces if piece.clip is not None and piece.key in circled}
    takes = await context.read(queries.takes_named, {*names.values()})
    noted = await context.read(queries.notes, context.series)
    spans = dict(zip(timeline.keys, timeline.spans, strict=True))
    stale = {outcome.key: outcome for outcome in outcomes if outcome.state is ShotState.STALE}
    return [
        Placed(
            piece=piece,
            span=spans[piece.key],
            take=takes[names[piece.key]] if piece.key in names else None,
            stale=stale[piece.key].message if piece.key in stale else "",
            stale_since=stale[piece.key].stale_since if piece.key in stale else None,
            notes=tuple(note for note in noted if note.take == names.get(piece.key)),
        )
        for piece in pieces
        if not piece.card
    ]


def tail_frames(placed: Sequence[Placed], master: MasterFormat) -> dict[str, Still]:
    """The last frame of the part of each shot that the cut uses, by the shot's key; a slate has none."""
    return {each.piece.key: tail_frame(each.piece, master) for each in placed if each.piece.clip is not None}


def tail_frame(piece: Piece, master: MasterFormat) -> Still:
    """The last frame of the part of this piece's clip that the cut uses."""
    assert piece.clip is not None
    return Still(FrameId(piece.clip.sha256, tail_of(piece.edit, piece.frames, piece.clip, master.fps)))


def make_manifest(
    episode: Episode, placed: Sequence[Placed], master: MasterFacts, stills: Mapping[Still, str], *, snapshot: str
) -> Manifest:
    """The manifest of this cut; `stills` has the blobs of all its `tail_frames`."""
    takes = [each.take for each in placed if each.take is not None]
    orders = {take.id: read_order(take.request_json or "") for take in takes}
    shots = [_record(each, orders, episode.master, stills) for each in placed]
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
            loudness=_loudness(master),
        ),
        cost=Cost(
            estimated_usd=_sum([orders[take.id].estimated_usd for take in takes]),
            actual_usd=_sum([take.cost_usd for take in takes]),
        ),
        shots=tuple(shots),
    )


def _loudness(master: MasterFacts) -> Loudness | None:
    """As it was measured on the encoded sound; None of a master that is silent, or was cut before it was measured."""
    heard = master.loudness
    if heard is None or heard.integrated_lufs is None:
        return None
    return Loudness(lufs=float(heard.integrated_lufs), peak_dbtp=float(heard.true_peak_dbtp))


def clip_path(key: str) -> str:
    """Where a shot's clip lies beside its manifest: `clips/lamp/010.mp4`."""
    return f"clips/{key}.mp4"


def _record(
    placed: Placed, orders: Mapping[TakeId, Request], master: MasterFormat, stills: Mapping[Still, str]
) -> ShotRecord:
    piece, take = placed.piece, placed.take
    start_s, duration_s = _seconds(placed.span.start, master), _seconds(placed.span.frames, master)
    if take is None or piece.clip is None:
        return ShotRecord.of_slate(key=piece.key, start_s=start_s, duration_s=duration_s)
    order = orders[take.id]
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
        tail_frame=TailFrame(sha256=stills[tail_frame(piece, master)]),
        start_s=start_s,
        duration_s=duration_s,
        seed=order.seed,
        own_seed=None if order.seed is None else order.own_seed,
        stale=placed.stale,
        stale_since=placed.stale_since,
        notes=tuple(map(_note, placed.notes)),
    )


def _note(note: Note) -> NoteRecord:
    words, by = printable(note.words, lines=True), one_line(note.by)[:500]
    return NoteRecord(words=words, by=by, at=note.at, frame=note.frame, retake=note.retake)


def _seconds(frames: int, master: MasterFormat) -> Decimal:
    exact = frames / master.fps
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    """The sum, or None where any part of it is not known."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None
