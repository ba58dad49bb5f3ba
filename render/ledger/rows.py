"""From rows to the ledger's frozen values, whichever driver read them. Knows no database library.

A ledger may come from somebody else, or from a disk that lost bits: what no Tailframe writes is a LedgerError.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from render.ledger.drawings import read_drawing
from render.ledger.records import Alarm, BudgetLine, Event, Hold, Note, RunId, SentSeed, Take, TakeId
from render.ledger.row_values import (
    as_written,
    maybe_dollars,
    maybe_text,
    moment_from,
    positive,
    some_count,
    some_dollars,
    some_length,
    some_moment,
    some_name,
    some_number,
    some_text,
)
from storyboard.auto_length import AutoLength
from storyboard.continuity.timing import rate_from
from storyboard.film_traits import Trait
from storyboard.price_proof import Receipt
from storyboard.request import FrameId
from storyboard.shot import MediaKind
from storyboard.takes import Circle, ClipFacts, TakeFacts, TakeState, is_undelivered

Row = Mapping[str, Any]

_SHA256 = re.compile("[0-9a-f]{64}")


def clip_json(clip: ClipFacts) -> str:
    """A clip's facts as text; `clip_from` gives back an equal value."""
    facts = {
        "sha256": clip.sha256,
        "bytes": clip.bytes,
        "width": clip.width,
        "height": clip.height,
        "frames": clip.frames,
        "fps": str(clip.fps),
        "duration_s": str(clip.duration_s),
        "frame_times_us": clip.frame_times_us,
        "audio_s": None if clip.audio_s is None else str(clip.audio_s),
        "audio_channels": clip.audio_channels,
    } | ({"traits": list(clip.traits)} if clip.traits else {})
    ends = {"first_apart": clip.first_apart, "last_apart": clip.last_apart}
    facts |= {name: str(far) for name, far in ends.items() if far is not None}
    return json.dumps(facts, sort_keys=True, separators=(",", ":"))


@as_written
def clip_from(text: str | None) -> ClipFacts | None:
    """The facts that `clip_json` wrote; None for no text. Raises LedgerDamaged where no Tailframe wrote it."""
    if text is None:
        return None
    facts = json.loads(text)
    times, audio = facts["frame_times_us"], facts["audio_s"]
    if not _SHA256.fullmatch(facts["sha256"]):
        raise ValueError("a clip is named by its sha256")
    return ClipFacts(
        sha256=facts["sha256"],
        bytes=some_count(facts["bytes"]),
        width=some_count(facts["width"]),
        height=some_count(facts["height"]),
        frames=some_count(facts["frames"]),
        fps=rate_from(facts["fps"]),
        duration_s=positive(some_length(facts["duration_s"])),
        frame_times_us=None if times is None else tuple(map(some_number, times)),
        audio_s=None if audio is None else some_length(audio),
        audio_channels=None if (channels := facts.get("audio_channels")) is None else some_count(channels),
        traits=tuple(map(Trait, facts.get("traits", ()))),
        first_apart=None if (far := facts.get("first_apart")) is None else some_length(far),
        last_apart=None if (far := facts.get("last_apart")) is None else some_length(far),
    )


@as_written
def take_from(row: Row) -> Take:
    """One take, whole. The row is of `takes`, with `owner` and `expires_at` of its lease."""
    state = TakeState(row["state"])
    return Take(
        id=TakeId(some_name(row["id"])),
        series=some_name(row["series"]),
        shot=some_name(row["shot"]),
        number=some_number(row["number"]),
        run=RunId(some_name(row["run"])),
        ordinal=some_number(row["ordinal"]),
        state=state,
        wish=some_text(row["wish"]),
        variation=some_number(row["variation"]),
        provider=some_name(row["provider"]),
        account=some_name(row["account"]),
        model=some_text(row["model"]),
        fingerprint=maybe_text(row["fingerprint"]),
        request_json=maybe_text(row["request_json"]),
        continuity=_frame_from(row),
        job_id=maybe_text(row["job_id"]),
        owner=maybe_text(row["owner"]),
        lease_expires_at=moment_from(row["expires_at"]),
        reserved_usd=some_dollars(row["reserved_micros"]),
        cost_usd=maybe_dollars(row["cost_micros"]),
        usage=some_text(row["usage"]),
        clip=clip_from(row["clip"]),
        clip_url=maybe_text(row["clip_url"]),
        clip_url_expires_at=moment_from(row["clip_url_expires_at"]),
        error_code=maybe_text(row["error_code"]),
        error_message=maybe_text(row["error_message"]),
        refused=bool(row["refused"]),
        rejected=bool(row["rejected"]),
        asked_for=bool(row["asked_for"]),
        created_at=some_moment(row["created_at"]),
        submitted_at=moment_from(row["submitted_at"]),
        ended_at=moment_from(row["ended_at"]),
        rival=None if row["rival"] is None else TakeId(some_name(row["rival"])),
        reported_usd=maybe_dollars(row["reported_micros"]),
    )


@as_written
def facts_from(row: Row) -> TakeFacts:
    """One take, as the plan sees it."""
    return TakeFacts(
        id=some_name(row["id"]),
        shot=some_name(row["shot"]),
        number=some_number(row["number"]),
        state=TakeState(row["state"]),
        provider=some_name(row["provider"]),
        account=some_name(row["account"]),
        model=some_text(row["model"]),
        wish=some_text(row["wish"]),
        variation=some_number(row["variation"]),
        fingerprint=maybe_text(row["fingerprint"]),
        continuity=_frame_from(row),
        clip=clip_from(row["clip"]),
        rejected=bool(row["rejected"]),
        error_code=maybe_text(row["error_code"]),
        error_message=maybe_text(row["error_message"]),
        refused=bool(row["refused"]),
        cost_usd=maybe_dollars(row["cost_micros"]),
        reserved_usd=some_dollars(row["reserved_micros"]),
    )


@as_written
def receipt_from(row: Row) -> Receipt:
    """What one order asked for and what its vendor told of the cost. Its request is read no further than for that."""
    request = json.loads(row["request_json"])
    return Receipt(
        account=some_name(row["account"]),
        model=some_text(row["model"]),
        resolution=some_text(request["resolution"]),
        with_video=any(each["kind"] == MediaKind.VIDEO for each in request["references"]),
        billed_s=_billed_s(row, request),
        reported_usd=maybe_dollars(row["reported_micros"]),
        upscale=maybe_text(request.get("upscale")),
    )


def _billed_s(row: Row, request: Mapping[str, Any]) -> Decimal | None:
    """The seconds of a receipt. Where the vendor chose the length: those that came, None while they are awaited.

    Where they never come, the fewest that it may have been: the price of a second is then never read too low.
    """
    reserved_s = positive(Decimal(str(request["billed_s"])))
    if request.get("duration_s", reserved_s) is not None:
        return reserved_s
    length, clip = _auto_length(request), clip_from(row["clip"])
    if clip is not None:
        sold = length or AutoLength(shortest_s=Decimal(1), longest_s=reserved_s, step_s=Decimal(1))
        return positive(sold.bought_s(clip.duration_s, clip.fps))
    state = TakeState(row["state"])
    if state is TakeState.GENERATED and not is_undelivered(state, row["error_code"]):
        return None
    return reserved_s if length is None else positive(length.shortest_s)


@as_written
def sent_seed(request_json: str | None) -> SentSeed | None:
    """The seed that an order was sent with; None where it had none, or was never sent."""
    request = {} if request_json is None else json.loads(request_json)
    seed = request.get("seed")
    return None if seed is None else SentSeed(some_number(seed), own=request.get("own_seed") is True)


@as_written
def auto_length_from(request_json: str | None) -> AutoLength | None:
    """How the clip of an order is billed whose length its vendor chooses; None for others, and earlier versions'."""
    return None if request_json is None else _auto_length(json.loads(request_json))


def _auto_length(request: Mapping[str, Any]) -> AutoLength | None:
    told = request.get("auto_length")
    if told is None:
        return None
    step, input_video = told["step_s"], told["input_video_s"]
    return AutoLength(
        shortest_s=positive(some_length(told["shortest_s"])),
        longest_s=positive(some_length(told["longest_s"])),
        step_s=None if step is None else positive(some_length(step)),
        input_video_s=None if input_video is None else some_length(input_video),
    )


@as_written
def circle_from(row: Row) -> Circle:
    """The choice for one shot; a waived shot names no take, even where one was circled before."""
    take = None if row["waived"] else maybe_text(row["take"])
    return Circle(shot=some_name(row["shot"]), take=take, by_person=bool(row["by_person"]))


@as_written
def budget_from(row: Row) -> BudgetLine:
    """One cap and what counts against it."""
    return BudgetLine(
        scope=some_name(row["scope"]),
        key=some_name(row["key"]),
        cap_usd=maybe_dollars(row["cap_micros"]),
        spent_usd=some_dollars(row["spent_micros"]),
        reserved_usd=some_dollars(row["reserved_micros"]),
    )


@as_written
def event_from(row: Row) -> Event:
    """One event of one take."""
    return Event(
        take=TakeId(some_name(row["take"])),
        at=some_moment(row["at"]),
        from_state=None if row["from_state"] is None else TakeState(row["from_state"]),
        to_state=TakeState(row["to_state"]),
        run=some_text(row["run"]),
        host=some_text(row["host"]),
        words=some_text(row["words"]),
        alarm=bool(row["alarm"]),
    )


@as_written
def alarm_from(row: Row) -> Alarm:
    """One alarm that nobody has acknowledged yet."""
    return Alarm(
        account=some_name(row["account"]),
        take=TakeId(some_name(row["take"])),
        at=some_moment(row["at"]),
        words=some_text(row["words"]),
        stops_claims=row["stopped_why"] is not None,
    )


@as_written
def hold_from(row: Row) -> Hold:
    """A person's hold on a series, or on everything."""
    series, held_by, why = some_text(row["series"]), some_text(row["held_by"]), some_text(row["why"])
    return Hold(series=series, by=held_by, why=why, at=some_moment(row["at"]))


@as_written
def note_from(row: Row) -> Note:
    """What a person wrote of a take."""
    frame = row["frame"]
    return Note(
        id=some_text(row["id"]),
        take=TakeId(some_text(row["take"])),
        frame=None if frame is None else some_number(frame),
        words=some_text(row["words"]),
        by=some_text(row["written_by"]),
        at=some_moment(row["at"]),
        retake=bool(row["retake"]),
        drawing=read_drawing(json.loads(row["drawing"] or "[]")),
    )


@as_written
def spent_and_reserved(row: Row) -> tuple[Decimal, Decimal]:
    """What counts against one budget, in US dollars."""
    return some_dollars(row["spent_micros"]), some_dollars(row["reserved_micros"])


def _frame_from(row: Row) -> FrameId | None:
    clip = maybe_text(row["continuity_clip"])
    return None if clip is None else FrameId(clip, some_number(row["continuity_frame"]))
