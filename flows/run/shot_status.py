"""How every shot of an episode stands, in the words that scripts read: decided from the plan and the ledger, purely."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flows.run.approval_words import approvals_json
from flows.run.stale_words import stale_json
from render.ledger.rows import sent_seed
from render.takes.outcomes import ShotState
from storyboard.plan.episode_plan import Action
from storyboard.shot_key import full_key
from storyboard.takes import TakeFacts, TakeState
from storyboard.text.dollars import plain_usd

if TYPE_CHECKING:
    from flows.run.episode_approvals import SubjectStanding
    from flows.run.planned_episode import PlannedEpisode
    from render.ledger import Note, Take
    from storyboard.plan.episode_plan import PlannedShot

__all__ = ["EpisodeStatus", "ShotStatus", "TakeStatus", "episode_status", "status_json"]

_AS_PLANNED = {
    Action.BLOCKED: ShotState.BLOCKED,
    Action.REFUSED: ShotState.REFUSED,
    Action.STALE: ShotState.STALE,
    Action.UNKNOWN: ShotState.UNKNOWN,
    Action.WAIVED: ShotState.WAIVED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeStatus:
    """One take of a shot, and whether it is the one that the cut uses."""

    take: "Take"
    circled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotStatus:
    """How one shot stands."""

    key: str  # SCENE/SHOT
    state: ShotState
    reason: str  # why the plan does what it does about it
    stale_usd: Decimal | None  # what it would cost to make again, alone, where it is stale; None: not known
    stale_since: datetime | None  # where it is stale; None: not known
    stale_edit: str  # the file whose last edit that was; then it may have been stale a while before
    fitting: int | None  # the number of a good take of what it says now, where a person circled one of before
    takes: tuple[TakeStatus, ...]
    wishes: int = 0  # notes on the take that the cut uses that ask for another one, since which none was made


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeStatus:
    """How one episode stands: its shots in story order, the money that counts against it, and what the rest costs."""

    series: str
    episode: str
    spent_usd: Decimal
    reserved_usd: Decimal
    shots: tuple[ShotStatus, ...]
    to_make: int = 0  # shots that have to be ordered yet
    to_make_usd: Decimal = Decimal(0)  # what they would reserve, as far as prices are known
    unpriced: int = 0  # how many of them have no known price
    stale_usd: Decimal | None = Decimal(0)  # what stale shots and all that follows would cost; None: not known
    approvals: tuple["SubjectStanding", ...] = ()  # of what the series asks to be approved


def episode_status(
    read: "PlannedEpisode",
    takes: Sequence["Take"],
    money: tuple[Decimal, Decimal],
    has_blob: Callable[[str], bool],
    *,
    notes: Sequence["Note"] = (),
    approvals: Sequence["SubjectStanding"] = (),
) -> EpisodeStatus:
    """The status of one episode. `takes` are all of its shots' and those that they use, `notes` are of the series.

    `money` is (spent, reserved) in US dollars.

    `has_blob` says whether the store has the bytes of a SHA-256.
    """
    circled = {circle.shot: circle.take for circle in read.circles}
    spent, reserved = money
    own = {
        shot.key: _takes_of(full_key(read.episode.episode, shot.key), shot.take, takes, circled)
        for shot in read.plan.shots
    }
    shots = (_shot_status(shot, read.takes, own[shot.key], has_blob, notes) for shot in read.plan.shots)
    return EpisodeStatus(
        series=read.episode.series,
        episode=read.episode.episode,
        spent_usd=spent,
        reserved_usd=reserved,
        shots=tuple(shots),
        to_make=sum(shot.estimated_cost_usd != 0 for shot in read.plan.shots),
        to_make_usd=read.plan.estimated_cost_usd,
        unpriced=read.plan.unpriced_shots,
        stale_usd=read.plan.stale_cost_usd,
        approvals=tuple(approvals),
    )


def _shot_status(
    shot: "PlannedShot",
    takes: Mapping[str, TakeFacts],
    own: tuple[TakeStatus, ...],
    has_blob: Callable[[str], bool],
    notes: Sequence["Note"],
) -> ShotStatus:
    return ShotStatus(
        key=shot.key,
        state=shot_state(shot, takes, has_blob),
        reason=shot.reason,
        stale_usd=shot.stale_cost_usd,
        stale_since=shot.stale_since,
        stale_edit=shot.stale_edit,
        fitting=_fitting(shot, takes),
        takes=own,
        wishes=_wishes(own, notes),
    )


def _fitting(shot: "PlannedShot", takes: Mapping[str, TakeFacts]) -> int | None:
    used = takes.get(shot.take or "")
    if shot.action is not Action.STALE or used is None or used.wish == shot.wish:
        return None
    good = (each for each in takes.values() if each.shot == used.shot and each.wish == shot.wish)
    return max((each.number for each in good if each.state is TakeState.DONE and not each.rejected), default=None)


def _takes_of(
    shot: str, used: str | None, takes: Sequence["Take"], circled: Mapping[str, str | None]
) -> tuple[TakeStatus, ...]:
    """The shot's own takes, and the one it uses, which may have been made under another name."""
    own = [take for take in takes if take.shot == shot or take.id == used]
    return tuple(TakeStatus(take=take, circled=circled.get(shot) == take.id) for take in own)


def _wishes(takes: Sequence[TakeStatus], notes: Sequence["Note"]) -> int:
    """How many notes on the circled take ask for another one, and were written after the last take was opened."""
    used = {each.take.id for each in takes if each.circled}
    opened = max((each.take.created_at for each in takes), default=None)
    asking = (note for note in notes if note.retake and note.take in used)
    return sum(opened is not None and note.at >= opened for note in asking)


def shot_state(shot: "PlannedShot", takes: Mapping[str, TakeFacts], has_blob: Callable[[str], bool]) -> ShotState:
    """How one shot stands, by what the plan would do about it."""
    if shot.action in _AS_PLANNED:
        return _AS_PLANNED[shot.action]
    used = takes.get(shot.take) if shot.take else None
    if used is not None and used.state is TakeState.DONE:
        there = used.clip is not None and has_blob(used.clip.sha256)
        return ShotState.DONE if there else ShotState.MISSING
    if used is not None and used.state is not TakeState.PLANNED:
        return ShotState.FAILED if used.undelivered else ShotState.RUNNING
    return ShotState.FAILED if used is None and _failed_last(shot.wish, takes) else ShotState.PLANNED


def _failed_last(wish: str, takes: Mapping[str, TakeFacts]) -> bool:
    """Whether the latest attempt at this very wish failed (one that was called off or superseded says nothing)."""
    attempts = [take for take in takes.values() if take.wish == wish and take.state is not TakeState.CANCELLED]
    return bool(attempts) and max(attempts, key=lambda take: take.number).state is TakeState.FAILED


def status_json(status: EpisodeStatus) -> dict[str, Any]:
    """The episode as `status --json` says it. Money is strings of dollars."""
    return {
        "series": status.series,
        "episode": status.episode,
        "spent_usd": plain_usd(status.spent_usd),
        "reserved_usd": plain_usd(status.reserved_usd),
        "shots": [
            {
                "key": shot.key,
                "state": shot.state.value,
                **(_stale(shot) if shot.state is ShotState.STALE else {}),
                "takes": [_take_json(take) for take in shot.takes],
                "wishes": shot.wishes,
            }
            for shot in status.shots
        ],
        **({"approvals": approvals_json(status.approvals)} if status.approvals else {}),
    }


def _stale(shot: ShotStatus) -> dict[str, Any]:
    return {"stale": stale_json(shot.reason, shot.stale_since, shot.stale_edit, shot.stale_usd)}


def _take_json(status: TakeStatus) -> dict[str, Any]:
    take = status.take
    error = {"code": take.error_code, "message": take.error_message or ""} if take.error_code else None
    seed = sent_seed(take.request_json)
    return {
        "number": take.number,
        "state": take.state.value,
        "circled": status.circled,
        "provider": take.provider,
        "job_id": take.job_id,
        "cost_usd": None if take.cost_usd is None else plain_usd(take.cost_usd),
        "error": error,
        "seed": None if seed is None else seed.value,
        "own_seed": seed is not None and seed.own,
    }
