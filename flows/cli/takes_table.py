"""Takes as a person reads them: a section a take, with what was asked on the left of what came of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from flows.terminal.consoles import cell
from flows.terminal.progress import BAD
from storyboard.text.decimals import plain_decimal
from storyboard.text.dollars import usd, usd_or_unknown

if TYPE_CHECKING:
    from flows.run.take_details import TakeDetails
    from storyboard.request import BoundReference, Request

__all__ = ["print_takes"]

_STYLES = {"done": "green", "generated": "cyan", "submitted": "cyan", "submitting": "cyan"}


def print_takes(console: Console, shot: str, takes: "Sequence[TakeDetails]") -> None:
    """Each take of a shot, the first one first."""
    for number, details in enumerate(takes):
        if number:
            console.print()
        console.print(cell(_headline(shot, details), style=f"bold {_style(details)}".strip()))
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for name, text in _lines(details):
            table.add_row(cell(name, style="dim"), cell(text, lines=True))
        console.print(Padding(table, (0, 0, 0, 2), expand=False))


def _headline(shot: str, details: "TakeDetails") -> str:
    take = details.take
    marks = ["circled"] * details.circled + ["rejected"] * take.rejected + ["refused"] * take.refused
    marks += [f"used for {shot}"] if take.shot != shot else []
    return f"{take.shot} take {take.number}: {', '.join([take.state.value, *marks])}"


def _style(details: "TakeDetails") -> str:
    state = details.take.state.value
    return "red" if state in BAD else _STYLES.get(state, "")


def _lines(details: "TakeDetails") -> Iterator[tuple[str, str]]:
    take, request = details.take, details.request
    yield "opened", _times(details)
    job = f", job {take.job_id}" if take.job_id else ""
    model = "" if take.model == take.provider else f" {take.model}"
    yield "vendor", f"{take.provider}{model}, account {take.account}{job}"
    yield "cost", _cost(details)
    if details.unread:
        yield "order", details.unread
    if request is not None:
        yield "asked", _parameters(request)
        for number, reference in enumerate(request.references):
            yield "" if number else "sent", _reference(reference)
        yield "prompt", request.prompt
    if details.continues is not None:
        yield "continues", f"frame {details.continues.index} of clip {details.continues.clip_sha256}"
    if take.clip is not None:
        yield from _clip(details)
    for number, finding in enumerate(details.findings):
        yield "" if number else "finds", finding.message
    for number, note in enumerate(details.notes):
        at = "" if note.frame is None else f", frame {note.frame}"
        more = ", drawn" * bool(note.drawing) + ", wishes for another take" * note.retake
        yield "" if number else "notes", f"{note.words} ({note.by}{at}{more}, {_moment(note.at)} UTC)"
    if take.error_code:
        why = take.error_message or (details.history[-1].words if details.history else "")
        yield "error", f"{take.error_code}: {why}"


def _times(details: "TakeDetails") -> str:
    take = details.take
    times = [_moment(take.created_at)]
    times += [f"ordered {_moment(take.submitted_at)}"] if take.submitted_at else []
    times += [f"ended {_moment(take.ended_at)}"] if take.ended_at else []
    return ", ".join(times) + " UTC"


def _moment(at: datetime) -> str:
    return f"{at:%F %T}"


def _cost(details: "TakeDetails") -> str:
    take = details.take
    if take.reserved_usd:
        return f"up to {usd(take.reserved_usd)}, reserved"
    if take.cost_usd is None:
        return "not known" if take.submitted_at else "nothing yet"
    told = "" if take.reported_usd is None else ", as the vendor told"
    return f"{usd_or_unknown(take.cost_usd)}{told}{f' ({take.usage})' if take.usage else ''}"


def _parameters(request: "Request") -> str:
    used = "auto" if request.duration_s is None else f"{plain_decimal(request.duration_s)} s"
    parts = [
        used if request.billed_s == request.duration_s else f"{used} of {plain_decimal(request.billed_s)} s bought",
        f"{request.resolution}{f' upscaled to {request.upscale}' if request.upscale else ''} {request.aspect_ratio}, "
        f"{request.width}x{request.height} at {float(request.fps):g} fps",
        "with sound" if request.audio else "silent",
    ]
    parts += ["on a literal first frame"] if request.mode.value == "first_frame" else []
    parts += ["and a literal last one"] if any(each.role.value == "last_frame" for each in request.references) else []
    ours = " (Tailframe's own)" if request.own_seed else ""
    parts += [f"seed {request.seed}{ours}"] if request.seed is not None else []
    parts += [f"variation {request.variation}"] if request.variation else []
    return ", ".join(parts)


def _reference(reference: "BoundReference") -> str:
    fit = f", as {reference.fit}" if reference.fit else ""
    frame = f", frame {reference.frame.index}" if reference.frame is not None else ""
    return f"{reference.token} {reference.role} {reference.name} ({reference.source}{frame}{fit})"


def _clip(details: "TakeDetails") -> Iterator[tuple[str, str]]:
    clip = details.take.clip
    assert clip is not None
    sound = "silent" if clip.audio_s is None else "with sound"
    yield "clip", f"{clip.duration_s:.2f} s, {clip.frames} frames, {clip.width}x{clip.height}, {sound}"
    yield "", f"{details.blob}{'' if details.blob_there else ' (missing: tailframe redownload)'}"
    ends = (("begins", clip.first_apart, "first"), ("ends", clip.last_apart, "last"))
    if told := [f"{what} {far:.2f} of 1 from its {which} frame" for what, far, which in ends if far is not None]:
        yield "", ", ".join(told)
    if details.output is not None:
        yield "", f"{details.output}"
