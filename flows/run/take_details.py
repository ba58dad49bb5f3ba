"""All that the ledger knows of one shot's takes, for people and scripts. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.run.noted_takes import note_json
from render.episode.manifest import MOST_BYTES, from_json
from render.errors import LedgerError, RenderError
from render.ledger import queries
from render.ledger.stored_request import read_order
from render.media.clip_checks import check_clip
from render.store.plain_files import read_plain
from storyboard.shot import Role
from storyboard.text.dollars import plain_usd

if TYPE_CHECKING:
    from render.ledger import Event, LedgerReader, Note, Take
    from render.media.clip_checks import Finding
    from render.store import Store
    from storyboard.request import BoundReference, FrameId, Request

__all__ = ["TakeDetails", "details_json", "details_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeDetails:
    """One take of a shot: its row in the ledger, its order as it was sent, its history, and where its clip lies."""

    take: "Take"
    circled: bool  # the cut uses it
    request: "Request | None"  # as it was sent; None where it was never ordered
    unread: str  # why the order cannot be read; empty where it can
    findings: "tuple[Finding, ...]"  # what is not as it was ordered
    history: "tuple[Event, ...]"  # each move, in order
    notes: "tuple[Note, ...]"  # what people wrote of it, oldest first
    blob: str | None  # where the store keeps the clip; None where there is none
    blob_there: bool
    output: Path | None  # the copy beside the master, where that is of this take

    @property
    def continues(self) -> "FrameId | None":
        """The frame that it continues from. What the row says may stand for several frames and clips of others."""
        if self.request is None:
            return self.take.continuity
        return next((each.frame for each in self.request.references if each.role is Role.CONTINUITY), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What is looked into for each take of one shot: made for one call of `details_of`."""

    ledger: "LedgerReader"
    store: "Store"
    circled: str | None
    notes: "Sequence[Note]"  # of the whole series
    beside: Mapping[str, Path]  # clips beside the master, by sha256

    def details(self, take: "Take") -> TakeDetails:
        request, unread = _request(take)
        sha256 = take.clip.sha256 if take.clip is not None else None
        return TakeDetails(
            take=take,
            circled=take.id == self.circled,
            request=request,
            unread=unread,
            findings=check_clip(take.clip, request) if take.clip is not None and request is not None else (),
            history=self.ledger.read(queries.events, take.id),
            notes=tuple(note for note in self.notes if note.take == take.id),
            blob=None if sha256 is None else self.store.place(sha256),
            blob_there=sha256 is not None and self.store.has(sha256),
            output=None if sha256 is None else self.beside.get(sha256),
        )


def details_of(ledger: "LedgerReader", store: "Store", output: Path, series: str, shot: str) -> tuple[TakeDetails, ...]:
    """Each take of a shot (EPISODE/SCENE/SHOT) by number, and last the one that it uses of another shot.

    `output` is the folder of the episode's master.
    """
    circled = next((each.take for each in ledger.read(queries.circles, series) if each.shot == shot), None)
    takes = list(ledger.read(queries.takes, series, shot=shot))
    if circled is not None and circled not in {take.id for take in takes}:
        takes.append(ledger.read(queries.take, circled))
    notes = ledger.read(queries.notes, series)
    reading = _Reading(ledger=ledger, store=store, circled=circled, notes=notes, beside=_clips_beside(output))
    return tuple(map(reading.details, takes))


def _request(take: "Take") -> "tuple[Request | None, str]":
    if take.request_json is None:
        return None, ""
    try:
        return read_order(take.request_json), ""
    except LedgerError as error:
        return None, str(error).partition("\n")[0]


def details_json(series: str, shot: str, takes: Sequence[TakeDetails]) -> dict[str, Any]:
    """The shot as `takes --json` says it. Money is strings of dollars, times are ISO in UTC."""
    return {"series": series, "shot": shot, "takes": [_take_json(each) for each in takes]}


def _take_json(details: TakeDetails) -> dict[str, Any]:
    take, request = details.take, details.request
    error = {"code": take.error_code, "message": take.error_message or ""} if take.error_code else None
    return {
        "id": take.id,
        "shot": take.shot,
        "number": take.number,
        "state": take.state.value,
        "circled": details.circled,
        "rejected": take.rejected,
        "run": take.run,
        "created_at": _moment(take.created_at),
        "submitted_at": _moment(take.submitted_at),
        "ended_at": _moment(take.ended_at),
        "provider": take.provider,
        "account": take.account,
        "model": take.model,
        "job_id": take.job_id,
        "reserved_usd": _money(take.reserved_usd),
        "cost_usd": _money(take.cost_usd),
        "reported_usd": _money(take.reported_usd),
        "usage": take.usage,
        "prompt": None if request is None else request.prompt,
        "parameters": None if request is None else _parameters(request),
        "references": [] if request is None else [_reference(each) for each in request.references],
        "continuity": None
        if details.continues is None
        else {"clip_sha256": details.continues.clip_sha256, "frame": details.continues.index},
        "clip": _clip(details),
        "findings": [{"code": each.code, "message": each.message} for each in details.findings],
        "notes": [note_json(each) for each in details.notes],
        "error": error,
        "history": [
            {"at": _moment(each.at), "state": each.to_state.value, "words": each.words} for each in details.history
        ],
    }


def _parameters(request: "Request") -> dict[str, Any]:
    return {
        "mode": request.mode.value,
        "duration_s": None if request.duration_s is None else float(request.duration_s),
        "billed_s": float(request.billed_s),
        "resolution": request.resolution,
        "upscale": request.upscale,
        "aspect_ratio": request.aspect_ratio,
        "width": request.width,
        "height": request.height,
        "fps": float(request.fps),
        "audio": request.audio,
        "seed": request.seed,
        "own_seed": request.own_seed,
        "variation": request.variation,
        "estimated_usd": _money(request.estimated_usd),
    }


def _reference(reference: "BoundReference") -> dict[str, Any]:
    return {
        "token": reference.token,
        "role": reference.role.value,
        "kind": reference.kind.value,
        "name": reference.name,
        "source": reference.source,
        "sha256": reference.sha256,
        "fit": reference.fit,
    }


def _clip(details: TakeDetails) -> dict[str, Any] | None:
    clip = details.take.clip
    if clip is None:
        return None
    return {
        "sha256": clip.sha256,
        "bytes": clip.bytes,
        "width": clip.width,
        "height": clip.height,
        "frames": clip.frames,
        "duration_s": float(clip.duration_s),
        "first_apart": None if clip.first_apart is None else float(clip.first_apart),
        "last_apart": None if clip.last_apart is None else float(clip.last_apart),
        "blob": details.blob,
        "there": details.blob_there,
        "output": None if details.output is None else str(details.output),
    }


def _clips_beside(output: Path) -> dict[str, Path]:
    """The clips that lie beside a master, by sha256, as its manifest says; none where that cannot be read."""
    try:
        manifest = from_json(read_plain(output / "manifest.json", most_bytes=MOST_BYTES))
    except (OSError, RenderError):
        return {}
    return {clip.sha256: output / clip.path for clip in manifest.clips()}


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else plain_usd(amount)
