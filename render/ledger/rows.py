"""From rows to the ledger's frozen values, whichever driver read them. Knows no database library."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from render.ledger.money import dollars, dollars_or_none
from render.ledger.records import Alarm, BudgetLine, Event, Hold, Run, RunId, Take, TakeId
from storyboard.request import FrameId
from storyboard.takes import Circle, ClipFacts, TakeFacts, TakeState

Row = Mapping[str, Any]


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
    }
    return json.dumps(facts, sort_keys=True, separators=(",", ":"))


def clip_from(text: str | None) -> ClipFacts | None:
    """What `clip_json` wrote."""
    if text is None:
        return None
    facts = json.loads(text)
    times, audio = facts["frame_times_us"], facts["audio_s"]
    return ClipFacts(
        sha256=facts["sha256"],
        bytes=facts["bytes"],
        width=facts["width"],
        height=facts["height"],
        frames=facts["frames"],
        fps=Fraction(facts["fps"]),
        duration_s=Decimal(facts["duration_s"]),
        frame_times_us=None if times is None else tuple(times),
        audio_s=None if audio is None else Decimal(audio),
    )


def moment_from(value: datetime | str | None) -> datetime | None:
    """A time as either driver gives it, aware and UTC."""
    if value is None:
        return None
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def take_from(row: Row) -> Take:
    """One take, whole. The row is of `takes`, with `owner` and `expires_at` of its lease."""
    state = TakeState(row["state"])
    return Take(
        id=TakeId(row["id"]),
        series=row["series"],
        shot=row["shot"],
        number=row["number"],
        run=RunId(row["run"]),
        ordinal=row["ordinal"],
        state=state,
        wish=row["wish"],
        variation=row["variation"],
        provider=row["provider"],
        account=row["account"],
        model=row["model"],
        fingerprint=row["fingerprint"],
        request_json=row["request_json"],
        continuity=_frame_from(row),
        job_id=row["job_id"],
        owner=row["owner"],
        lease_expires_at=moment_from(row["expires_at"]),
        reserved_usd=dollars(row["reserved_micros"]),
        cost_usd=dollars_or_none(row["cost_micros"]),
        usage=row["usage"],
        clip=clip_from(row["clip"]),
        clip_url=row["clip_url"],
        clip_url_expires_at=moment_from(row["clip_url_expires_at"]),
        error_code=row["error_code"],
        error_message=row["error_message"],
        refused=bool(row["refused"]),
        rejected=bool(row["rejected"]),
        asked_for=bool(row["asked_for"]),
        created_at=_moment(row["created_at"]),
        submitted_at=moment_from(row["submitted_at"]),
        ended_at=moment_from(row["ended_at"]),
        rival=None if row["rival"] is None else TakeId(row["rival"]),
        reported_usd=dollars_or_none(row["reported_micros"]),
    )


def facts_from(row: Row) -> TakeFacts:
    """One take, as the plan sees it."""
    return TakeFacts(
        id=row["id"],
        shot=row["shot"],
        number=row["number"],
        state=TakeState(row["state"]),
        provider=row["provider"],
        account=row["account"],
        model=row["model"],
        wish=row["wish"],
        variation=row["variation"],
        fingerprint=row["fingerprint"],
        continuity=_frame_from(row),
        clip=clip_from(row["clip"]),
        rejected=bool(row["rejected"]),
        error_code=row["error_code"],
        error_message=row["error_message"],
        refused=bool(row["refused"]),
        cost_usd=dollars_or_none(row["cost_micros"]),
        reserved_usd=dollars(row["reserved_micros"]),
    )


def circle_from(row: Row) -> Circle:
    """The choice for one shot; a waived shot names no take, even where one was circled before."""
    take = None if row["waived"] else row["take"]
    return Circle(shot=row["shot"], take=take, by_person=bool(row["by_person"]))


def budget_from(row: Row) -> BudgetLine:
    """One cap and what counts against it."""
    return BudgetLine(
        scope=row["scope"],
        key=row["key"],
        cap_usd=dollars_or_none(row["cap_micros"]),
        spent_usd=dollars(row["spent_micros"]),
        reserved_usd=dollars(row["reserved_micros"]),
    )


def event_from(row: Row) -> Event:
    """One move of one take."""
    return Event(
        take=TakeId(row["take"]),
        at=_moment(row["at"]),
        from_state=None if row["from_state"] is None else TakeState(row["from_state"]),
        to_state=TakeState(row["to_state"]),
        run=row["run"],
        host=row["host"],
        words=row["words"],
        alarm=bool(row["alarm"]),
    )


def alarm_from(row: Row) -> Alarm:
    """One alarm that nobody has acknowledged yet."""
    return Alarm(
        account=row["account"],
        take=TakeId(row["take"]),
        at=_moment(row["at"]),
        words=row["words"],
        stops_claims=row["stopped_why"] is not None,
    )


def run_from(row: Row) -> Run:
    """One `produce`."""
    return Run(
        id=RunId(row["id"]),
        series=row["series"],
        episode=row["episode"],
        snapshot=row["snapshot"],
        host=row["host"],
        created_at=_moment(row["created_at"]),
    )


def hold_from(row: Row) -> Hold:
    """A person's hold on a series."""
    return Hold(by=row["held_by"], why=row["why"], at=_moment(row["at"]))


def _frame_from(row: Row) -> FrameId | None:
    clip = row["continuity_clip"]
    return None if clip is None else FrameId(clip, row["continuity_frame"])


def _moment(value: datetime | str) -> datetime:
    moment = moment_from(value)
    assert moment is not None
    return moment
