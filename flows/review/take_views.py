"""One take as a page shows it: its clip, its order as it was sent, what was found, noted and done. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flows.review import room_links
from storyboard.text.dollars import usd, usd_or_unknown
from storyboard.text.printable import printable

if TYPE_CHECKING:
    from flows.run.take_details import TakeDetails
    from render.ledger import Note, Take
    from storyboard.request import BoundReference, Request
    from storyboard.takes import ClipFacts

__all__ = [
    "ClipView",
    "MomentView",
    "NoteView",
    "ReferenceView",
    "TakeView",
    "clip_view",
    "note_view",
    "poster_frame",
    "reference_view",
    "take_view",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipView:
    """A clip to be played: frames count from 0, each is shown from `frame / fps` on."""

    sha256: str
    link: str
    proxy: str  # the same for browsers that cannot play it
    poster: str
    width: int
    height: int
    frames: int
    fps: float
    seconds: float
    times: tuple[float, ...]  # when each frame begins; empty where the rate is constant
    sound: bool
    there: bool  # the store has it


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """What a person wrote of a take."""

    id: str
    words: str
    by: str
    at: datetime
    frame: int | None
    retake: bool
    drawing: tuple[tuple[tuple[float, float], ...], ...]  # strokes of points, from 0 to 1 of the frame


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceView:
    """A reference as it was sent."""

    token: str
    role: str
    kind: str  # image, video, audio
    name: str
    source: str  # as the YAML names it
    media: str | None  # to look at it; None where its bytes are not here
    outside: str | None  # where it was named by a link that may be followed
    fit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentView:
    """One line of a take's history."""

    at: datetime
    state: str
    words: str
    alarm: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeView:
    """One take of a shot."""

    id: str
    number: int
    shot: str  # of the series; another shot's where this one uses its take
    foreign: bool
    state: str
    circled: bool
    rejected: bool
    unknown: bool  # its outcome is: it waits to be settled
    settleable: bool
    provider: str
    account: str
    model: str
    job: str | None
    cost: str  # "$0.40", or "price unknown"
    reserved: str  # empty where nothing is
    made: datetime
    clip: ClipView | None
    error: str
    findings: tuple[str, ...]
    notes: tuple[NoteView, ...]
    prompt: str
    parameters: tuple[tuple[str, str], ...]
    references: tuple[ReferenceView, ...]
    unread: str  # why its order cannot be shown
    history: tuple[MomentView, ...]

    @property
    def ref(self) -> str:
        """What tells it from all others of its page: another shot's take may have the same number."""
        return f"{'x' if self.foreign else ''}{self.number}"


def take_view(details: "TakeDetails", shot: str, has_media: Callable[[str], bool]) -> TakeView:
    """The view of one take on the page of `shot`. `has_media` says whether a reference's bytes can be shown."""
    take, request = details.take, details.request
    return TakeView(
        id=take.id,
        number=take.number,
        shot=take.shot,
        foreign=take.shot != shot,
        state=take.state.value,
        circled=details.circled,
        rejected=take.rejected,
        unknown=take.state.value == "unknown",
        settleable=take.state.value in {"unknown", "submitted", "generated"},
        provider=take.provider,
        account=take.account,
        model=take.model,
        job=None if take.job_id is None else printable(take.job_id),
        cost=_cost(take),
        reserved=usd(take.reserved_usd) if take.reserved_usd else "",
        made=take.created_at,
        clip=None if take.clip is None else clip_view(take.clip, there=details.blob_there),
        error=printable(take.error_message or take.error_code or "", lines=True),
        findings=tuple(each.message for each in details.findings),
        notes=tuple(note_view(each) for each in details.notes),
        prompt="" if request is None else printable(request.prompt, lines=True),
        parameters=() if request is None else _parameters(request),
        references=() if request is None else tuple(reference_view(each, has_media) for each in request.references),
        unread=printable(details.unread),
        history=tuple(
            MomentView(at=each.at, state=each.to_state.value, words=printable(each.words), alarm=each.alarm)
            for each in details.history
        ),
    )


def _cost(take: "Take") -> str:
    """What it cost, once that is settled; empty where it cost nothing that counts."""
    if take.state.value == "done":
        return usd_or_unknown(take.cost_usd)
    return usd(take.cost_usd) if take.cost_usd else ""


def clip_view(clip: "ClipFacts", *, there: bool) -> ClipView:
    """How a clip is played."""
    times = clip.frame_times_us
    return ClipView(
        sha256=clip.sha256,
        link=room_links.take_link(clip.sha256),
        proxy=room_links.proxy_link(clip.sha256),
        poster=room_links.poster_link(clip.sha256, poster_frame(clip)),
        width=clip.width,
        height=clip.height,
        frames=clip.frames,
        fps=float(clip.fps),
        seconds=float(clip.duration_s),
        times=() if times is None else tuple(round((each - times[0]) / 1e6, 6) for each in times),
        sound=clip.audio_s is not None,
        there=there,
    )


def poster_frame(clip: "ClipFacts") -> int:
    """The frame that stands for a clip: its middle, as films often begin out of the dark."""
    return clip.frames // 2


def note_view(note: "Note") -> NoteView:
    """A note, fit to be shown."""
    return NoteView(
        id=note.id,
        words=printable(note.words, lines=True),
        by=printable(note.by),
        at=note.at,
        frame=note.frame,
        retake=note.retake,
        drawing=note.drawing,
    )


def _parameters(request: "Request") -> tuple[tuple[str, str], ...]:
    lasts = "as the vendor chooses" if request.duration_s is None else f"{request.duration_s:f} s"
    rows = (
        ("mode", request.mode.value),
        ("length", lasts),
        ("bought", f"{request.billed_s:f} s"),
        ("resolution", request.resolution),
        ("made larger to", request.upscale or ""),
        ("ratio", request.aspect_ratio),
        ("expected", f"{request.width} × {request.height}, {float(request.fps):g} fps"),
        ("sound", "yes" if request.audio else "no"),
        ("seed", "" if request.seed is None else f"{request.seed}{' (Tailframe’s own)' if request.own_seed else ''}"),
        ("estimate", usd_or_unknown(request.estimated_usd)),
    )
    return tuple((name, printable(value)) for name, value in rows if value)


def reference_view(reference: "BoundReference", has_media: Callable[[str], bool]) -> ReferenceView:
    """A reference as it was sent, or would be."""
    sha256 = reference.sha256 if reference.frame is None else None
    media = None
    if reference.frame is not None and reference.kind.value == "image":
        media = room_links.still_link(reference.frame.clip_sha256, reference.frame.index)
    elif sha256 is not None and has_media(sha256):
        media = room_links.take_link(sha256)
    return ReferenceView(
        token=reference.token,
        role=reference.role.value,
        kind=reference.kind.value,
        name=printable(reference.name),
        source=printable(reference.source),
        media=media,
        outside=room_links.outside(reference.source),
        fit=reference.fit,
    )
