"""One shot's line of the plan: what is to be done with it and why, on what it stands, and at what cost. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from storyboard.plan.rules import Action, Decision, Question, out_elsewhere
from storyboard.plan.vendor_offers import VendorOffer
from storyboard.request import BoundReference, Dropped, Request
from storyboard.shot import Continuity, ContinuityMode, Shot
from storyboard.takes import TakeFacts, TakeState

NOTHING = Decimal(0)
"""What a shot costs that is there already, or for which money was set aside before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedShot:
    """One shot of the plan. Money is in US dollars and an upper bound."""

    key: str
    action: Action
    reason: str
    asked: bool  # whether this run is to see to it
    provider: str | None
    account: str | None  # who is paid, or was; see `storyboard.accounts`
    model: str | None
    duration_s: Decimal | None
    billed_s: Decimal | None
    estimated_cost_usd: Decimal | None  # what it still has to reserve, all its takes together; None: not known
    stale_cost_usd: Decimal | None  # what a stale shot would cost if it were made again
    prompt: str
    continuity: Continuity
    references: tuple[BoundReference, ...]
    dropped: tuple[Dropped, ...]
    notes: tuple[str, ...]
    wish: str
    take: str | None  # the take to use or to go on with
    same_as: str | None  # the shot of this run whose take serves this one too
    elsewhere: str  # which order of it is out at another account, where it would be paid anew; empty where none is
    variations: tuple[int, ...]  # of the wish: one take each, to open or to go on with
    new: bool  # they are deliberate retakes
    gives_up: tuple[str, ...]  # paid takes whose clips did not come, and that are given up for them
    request: Request | None  # as it would be bound now; None where no vendor can make it as it is written
    directions: tuple[str, ...] = ()  # what its prompt says of rejected takes; see `storyboard.shot.Shot`
    archived: str = ""  # the archive that it stands in, where the ledger lacks its take and it would be paid for again
    stale_since: datetime | None = None  # where it is stale and that is known, in UTC
    stale_edit: str = ""  # the file whose last edit that was; then it may have been stale a while before
    named_in: str = ""  # the manifest that names its take, where no archive was found that it stands in


def planned_shot(
    shot: Shot, question: Question, decision: Decision, *, shown: VendorOffer, first: VendorOffer
) -> PlannedShot:
    """The line of a shot, as it was decided: `shown` is the order to tell of, `first` what would be ordered anew."""
    take, request = (decision.takes[0] if decision.takes else None), shown.request
    source = take or request
    again = decision.action is Action.STALE
    return PlannedShot(
        key=shot.key,
        action=decision.action,
        reason=_reason(question, decision, first),
        asked=question.asked,
        provider=source.provider if source else shot.providers[0],
        account=_account(take, request),
        model=source.model if source else shot.model,
        duration_s=_length(shot, decision),
        billed_s=request.billed_s if request else None,
        estimated_cost_usd=_cost(request, _to_reserve(decision)),
        stale_cost_usd=_cost(first.request, question.count) if again else NOTHING,
        prompt=request.prompt if request else "",
        continuity=shot.continuity if question.continuity_state.continuity else Continuity(ContinuityMode.NONE),
        references=request.references if request else (),
        dropped=request.dropped if request else (),
        notes=_notes(question, request, first, shot.directions),
        wish=question.candidates.wish,
        take=take.id if take else None,
        same_as=decision.same_as,
        elsewhere=out_elsewhere(question) if decision.action is Action.GENERATE else "",
        variations=decision.variations,
        new=decision.new,
        gives_up=tuple(given.id for given in decision.gives_up),
        request=request,
        directions=shot.directions,
    )


def _account(take: TakeFacts | None, request: Request | None) -> str | None:
    """Who was paid for the take, or is to be: what was never sent goes to whichever account is asked today."""
    if take is not None and (request is None or take.state is not TakeState.PLANNED):
        return take.account
    return request.account if request is not None else None


def _reason(question: Question, decision: Decision, first: VendorOffer) -> str:
    """Why; where it would be paid anew; and why a vendor that the shot names before the one that makes it cannot."""
    if decision.action is not Action.GENERATE:
        return decision.reason
    passed_over = first.failures if first.request is not None else ()
    cannot = (f"{each.provider} cannot: {each.problem}" for each in passed_over)
    return "; ".join(filter(None, (decision.reason, out_elsewhere(question), *cannot)))


def _notes(
    question: Question, request: Request | None, first: VendorOffer, directions: Sequence[str]
) -> tuple[str, ...]:
    notes = [question.continuity_state.note] if question.continuity_state.note else []
    notes += [f"its prompt says what was noted of takes before it: {'; '.join(directions)}"] if directions else []
    if first.request is None:
        notes += [f"{each.provider} cannot make it: {each.problem}. {each.remedy}" for each in first.failures]
    return (*notes, *(request.notes if request else ()))


def _length(shot: Shot, decision: Decision) -> Decimal | None:
    """As written; of an `auto` shot that is there, what was delivered."""
    clip = decision.takes[0].clip if decision.takes else None
    return clip.duration_s if shot.duration_s is None and clip else shot.duration_s


def _to_reserve(decision: Decision) -> int:
    return len(decision.variations) if decision.action is Action.GENERATE else decision.unsent


def _cost(request: Request | None, takes: int) -> Decimal | None:
    if takes == 0:
        return NOTHING
    if request is None or request.estimated_usd is None:
        return None
    return request.estimated_usd * takes
