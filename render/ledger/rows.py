"""From rows to the ledger's frozen values, whichever driver read them. Knows no database library.

A ledger may come from somebody else, or from a disk that lost bits: what no Tailframe writes is a LedgerError.
"""

from __future__ import annotations

import functools
import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, ParamSpec, TypeVar

from render.errors import LedgerDamaged
from render.ledger.drawings import read_drawing
from render.ledger.money import dollars
from render.ledger.records import Alarm, BudgetLine, Event, Hold, Note, RunId, SentSeed, Take, TakeId
from storyboard.auto_length import AutoLength
from storyboard.continuity.timing import rate_from
from storyboard.film_traits import Trait
from storyboard.price_proof import Receipt
from storyboard.request import FrameId
from storyboard.shot import MediaKind
from storyboard.takes import Circle, ClipFacts, TakeFacts, TakeState, is_undelivered

Row = Mapping[str, Any]
P = ParamSpec("P")
T = TypeVar("T")
N = TypeVar("N", Fraction, Decimal)

_SHA256 = re.compile("[0-9a-f]{64}")
_MOST_DIGITS = 40


def _as_written(read: Callable[P, T]) -> Callable[P, T]:
    """Say in one sentence where a value is of a kind that nothing here writes."""

    @functools.wraps(read)
    def checked(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return read(*args, **kwargs)
        except (ValueError, TypeError, KeyError, ArithmeticError, AttributeError, RecursionError) as error:
            raise LedgerDamaged(
                f"the ledger holds a row that no Tailframe wrote ({type(error).__name__}: {str(error)[:80]!a})",
                "Restore a backup of it, or name another",
            ) from error

    return checked


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


@_as_written
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
        bytes=_count(facts["bytes"]),
        width=_count(facts["width"]),
        height=_count(facts["height"]),
        frames=_count(facts["frames"]),
        fps=rate_from(facts["fps"]),
        duration_s=_positive(_length(facts["duration_s"])),
        frame_times_us=None if times is None else tuple(map(_whole, times)),
        audio_s=None if audio is None else _length(audio),
        audio_channels=None if (channels := facts.get("audio_channels")) is None else _count(channels),
        traits=tuple(map(Trait, facts.get("traits", ()))),
        first_apart=None if (far := facts.get("first_apart")) is None else _length(far),
        last_apart=None if (far := facts.get("last_apart")) is None else _length(far),
    )


@_as_written
def moment_from(value: datetime | str | None) -> datetime | None:
    """A time as either driver gives it, aware and UTC."""
    if value is None:
        return None
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


@_as_written
def take_from(row: Row) -> Take:
    """One take, whole. The row is of `takes`, with `owner` and `expires_at` of its lease."""
    state = TakeState(row["state"])
    return Take(
        id=TakeId(_name(row["id"])),
        series=_name(row["series"]),
        shot=_name(row["shot"]),
        number=_whole(row["number"]),
        run=RunId(_name(row["run"])),
        ordinal=_whole(row["ordinal"]),
        state=state,
        wish=_text(row["wish"]),
        variation=_whole(row["variation"]),
        provider=_name(row["provider"]),
        account=_name(row["account"]),
        model=_text(row["model"]),
        fingerprint=_maybe_text(row["fingerprint"]),
        request_json=_maybe_text(row["request_json"]),
        continuity=_frame_from(row),
        job_id=_maybe_text(row["job_id"]),
        owner=_maybe_text(row["owner"]),
        lease_expires_at=moment_from(row["expires_at"]),
        reserved_usd=_dollars(row["reserved_micros"]),
        cost_usd=_maybe_dollars(row["cost_micros"]),
        usage=_text(row["usage"]),
        clip=clip_from(row["clip"]),
        clip_url=_maybe_text(row["clip_url"]),
        clip_url_expires_at=moment_from(row["clip_url_expires_at"]),
        error_code=_maybe_text(row["error_code"]),
        error_message=_maybe_text(row["error_message"]),
        refused=bool(row["refused"]),
        rejected=bool(row["rejected"]),
        asked_for=bool(row["asked_for"]),
        created_at=_moment(row["created_at"]),
        submitted_at=moment_from(row["submitted_at"]),
        ended_at=moment_from(row["ended_at"]),
        rival=None if row["rival"] is None else TakeId(_name(row["rival"])),
        reported_usd=_maybe_dollars(row["reported_micros"]),
    )


@_as_written
def facts_from(row: Row) -> TakeFacts:
    """One take, as the plan sees it."""
    return TakeFacts(
        id=_name(row["id"]),
        shot=_name(row["shot"]),
        number=_whole(row["number"]),
        state=TakeState(row["state"]),
        provider=_name(row["provider"]),
        account=_name(row["account"]),
        model=_text(row["model"]),
        wish=_text(row["wish"]),
        variation=_whole(row["variation"]),
        fingerprint=_maybe_text(row["fingerprint"]),
        continuity=_frame_from(row),
        clip=clip_from(row["clip"]),
        rejected=bool(row["rejected"]),
        error_code=_maybe_text(row["error_code"]),
        error_message=_maybe_text(row["error_message"]),
        refused=bool(row["refused"]),
        cost_usd=_maybe_dollars(row["cost_micros"]),
        reserved_usd=_dollars(row["reserved_micros"]),
    )


@_as_written
def receipt_from(row: Row) -> Receipt:
    """What one order asked for and what its vendor told of the cost. Its request is read no further than for that."""
    request = json.loads(row["request_json"])
    return Receipt(
        account=_name(row["account"]),
        model=_text(row["model"]),
        resolution=_text(request["resolution"]),
        with_video=any(each["kind"] == MediaKind.VIDEO for each in request["references"]),
        billed_s=_billed_s(row, request),
        reported_usd=_maybe_dollars(row["reported_micros"]),
        upscale=_maybe_text(request.get("upscale")),
    )


def _billed_s(row: Row, request: Mapping[str, Any]) -> Decimal | None:
    """The seconds of a receipt. Where the vendor chose the length: those that came, None while they are awaited.

    Where they never come, the fewest that it may have been: the price of a second is then never read too low.
    """
    reserved_s = _positive(Decimal(str(request["billed_s"])))
    if request.get("duration_s", reserved_s) is not None:
        return reserved_s
    length, clip = _auto_length(request), clip_from(row["clip"])
    if clip is not None:
        sold = length or AutoLength(shortest_s=Decimal(1), longest_s=reserved_s, step_s=Decimal(1))
        return _positive(sold.bought_s(clip.duration_s, clip.fps))
    state = TakeState(row["state"])
    if state is TakeState.GENERATED and not is_undelivered(state, row["error_code"]):
        return None
    return reserved_s if length is None else _positive(length.shortest_s)


@_as_written
def sent_seed(request_json: str | None) -> SentSeed | None:
    """The seed that an order was sent with; None where it had none, or was never sent."""
    request = {} if request_json is None else json.loads(request_json)
    seed = request.get("seed")
    return None if seed is None else SentSeed(_whole(seed), own=request.get("own_seed") is True)


@_as_written
def auto_length_from(request_json: str | None) -> AutoLength | None:
    """How the clip of an order is billed whose length its vendor chooses; None for others, and earlier versions'."""
    return None if request_json is None else _auto_length(json.loads(request_json))


def _auto_length(request: Mapping[str, Any]) -> AutoLength | None:
    told = request.get("auto_length")
    if told is None:
        return None
    step, input_video = told["step_s"], told["input_video_s"]
    return AutoLength(
        shortest_s=_positive(_length(told["shortest_s"])),
        longest_s=_positive(_length(told["longest_s"])),
        step_s=None if step is None else _positive(_length(step)),
        input_video_s=None if input_video is None else _length(input_video),
    )


@_as_written
def circle_from(row: Row) -> Circle:
    """The choice for one shot; a waived shot names no take, even where one was circled before."""
    take = None if row["waived"] else _maybe_text(row["take"])
    return Circle(shot=_name(row["shot"]), take=take, by_person=bool(row["by_person"]))


@_as_written
def budget_from(row: Row) -> BudgetLine:
    """One cap and what counts against it."""
    return BudgetLine(
        scope=_name(row["scope"]),
        key=_name(row["key"]),
        cap_usd=_maybe_dollars(row["cap_micros"]),
        spent_usd=_dollars(row["spent_micros"]),
        reserved_usd=_dollars(row["reserved_micros"]),
    )


@_as_written
def event_from(row: Row) -> Event:
    """One event of one take."""
    return Event(
        take=TakeId(_name(row["take"])),
        at=_moment(row["at"]),
        from_state=None if row["from_state"] is None else TakeState(row["from_state"]),
        to_state=TakeState(row["to_state"]),
        run=_text(row["run"]),
        host=_text(row["host"]),
        words=_text(row["words"]),
        alarm=bool(row["alarm"]),
    )


@_as_written
def alarm_from(row: Row) -> Alarm:
    """One alarm that nobody has acknowledged yet."""
    return Alarm(
        account=_name(row["account"]),
        take=TakeId(_name(row["take"])),
        at=_moment(row["at"]),
        words=_text(row["words"]),
        stops_claims=row["stopped_why"] is not None,
    )


@_as_written
def hold_from(row: Row) -> Hold:
    """A person's hold on a series."""
    return Hold(by=_text(row["held_by"]), why=_text(row["why"]), at=_moment(row["at"]))


@_as_written
def note_from(row: Row) -> Note:
    """What a person wrote of a take."""
    frame = row["frame"]
    return Note(
        id=_text(row["id"]),
        take=TakeId(_text(row["take"])),
        frame=None if frame is None else _whole(frame),
        words=_text(row["words"]),
        by=_text(row["written_by"]),
        at=_moment(row["at"]),
        retake=bool(row["retake"]),
        drawing=read_drawing(json.loads(row["drawing"] or "[]")),
    )


@_as_written
def spent_and_reserved(row: Row) -> tuple[Decimal, Decimal]:
    """What counts against one budget, in US dollars."""
    return _dollars(row["spent_micros"]), _dollars(row["reserved_micros"])


def _frame_from(row: Row) -> FrameId | None:
    clip = _maybe_text(row["continuity_clip"])
    return None if clip is None else FrameId(clip, _whole(row["continuity_frame"]))


def _moment(value: datetime | str) -> datetime:
    moment = moment_from(value)
    if moment is None:
        raise ValueError("a time is missing")
    return moment


def _text(value: object) -> str:
    """What may hold a vendor's or a person's words: whoever shows it sees to what is in it."""
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} where a text should be")
    return value


def _maybe_text(value: object) -> str | None:
    return None if value is None else _text(value)


def _name(value: object) -> str:
    """What Tailframe itself calls a thing by: on one line, without controls."""
    text = _text(value)
    if not text.isprintable():
        raise ValueError("a name that cannot be printed")
    return text


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{type(value).__name__} where a whole number should be")
    return value


def _count(value: object) -> int:
    return int(_positive(Fraction(_whole(value))))


def _length(text: str) -> Decimal:
    """In seconds, and nothing that is short to write and takes a machine's memory to reckon with ("1e-999999999")."""
    seconds = Decimal(text)
    if not seconds.is_finite() or not -_MOST_DIGITS < seconds.adjusted() < _MOST_DIGITS:
        raise ValueError("a length that is no number")
    return seconds


def _positive(number: N) -> N:
    if not 0 < number < math.inf:
        raise ValueError("a measure that is not above 0")
    return number


def _dollars(micros: object) -> Decimal:
    return dollars(_whole(micros))


def _maybe_dollars(micros: object) -> Decimal | None:
    return None if micros is None else _dollars(micros)
