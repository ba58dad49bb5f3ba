"""What is to be done with one shot, and why: the rules of the plan, in the order in which they apply.

    waived      the producer gave the shot up
    a new take  where one is asked for: an unfinished one goes on, else the next variation is opened; a paid one whose
                clip did not come is given up for it
    reuse       the circled take fits; or takes opened together are still on their way (resume); or the lowest that fits
    reuse       another shot of this run wants the very same and is made anyway
    resume      a take is on its way
    stale       there is a take of this shot, on another frame; a cascade makes it again
    unknown     a take may have been paid for; nothing is bought before that is settled
    refused     the vendor refused this very content
    blocked     what it continues has no clip and will get none
    generate    everything else

A person's circle is never passed over: where it no longer fits, the shot is stale until a person asks for more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum

from storyboard.plan.candidates import Candidates
from storyboard.plan.continuity_state import ContinuityState
from storyboard.request import Request
from storyboard.shot_key import full_key
from storyboard.takes import CLIP_DAMAGED, TakeFacts, TakeState
from storyboard.text.dollars import usd


class Action(StrEnum):
    """What the plan says of a shot."""

    GENERATE = "generate"
    REUSE = "reuse"
    RESUME = "resume"
    STALE = "stale"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is to be done with one shot. `takes` are those to use or to go on with, `variations` those to open."""

    action: Action
    reason: str
    takes: tuple[TakeFacts, ...] = ()
    variations: tuple[int, ...] = ()
    new: bool = False  # a deliberate retake
    same_as: str | None = None  # the shot whose take serves this one too, once it is made
    gives_up: tuple[TakeFacts, ...] = ()  # paid takes whose clips did not come, where a person wants another

    @property
    def unsent(self) -> int:
        """How many of its takes were opened before, and nothing was reserved for yet."""
        return sum(take.state is TakeState.PLANNED for take in self.takes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Everything by which the rules decide about one shot."""

    candidates: Candidates
    continuity_state: ContinuityState
    asked: bool
    new_take: bool
    cascade: bool
    waived: bool
    twin: str | None  # a shot before this one that wants the very same and is made in this run
    request: Request | None  # what would be asked of the first vendor that can; None: none can
    barred: Collection[int]  # variations of this wish that are opened for other shots
    retaken: Collection[str] = ()  # ids; see `storyboard.plan.episode_plan.Choices`
    takes: int | None = None  # how many to make, where somebody says so

    @property
    def count(self) -> int:
        """How many takes to make of the shot, where it is made for the first time or again."""
        return self.takes or self.candidates.shot.takes


_BEGAN = {True: "continued another", False: "began its scene"}
"""How a shot began in its other place, by whether it continues nothing now."""

_Rule = Callable[[Question], Decision | None]


def judge(question: Question) -> Decision:
    """Apply the rules; the first that holds decides."""
    if question.waived:
        return Decision(action=Action.WAIVED, reason="given up by the producer")
    rules: tuple[_Rule, ...] = (_reuse, _twin, _resume, _stale)
    if question.asked and question.new_take:
        rules = (_retake,)
    for rule in (*rules, _unknown, _refused, _blocked):
        decision = rule(question)
        if decision is not None:
            return decision
    return _generate(question, _why_made(question))


def _retake(question: Question) -> Decision | None:
    candidates = question.candidates
    begun = _begun_retake(question) or _unknown(question) or _blocked(question)
    if begun is not None or not candidates.same_wish:
        return begun
    following = max((*(take.variation for take in candidates.same_wish), *question.barred)) + 1
    variations = tuple(range(following, following + (question.takes or 1)))
    given_up = tuple(candidates.undelivered)
    asked_for = "a new take is asked for" if len(variations) == 1 else f"{len(variations)} new takes are asked for"
    reason = "; ".join([asked_for, *(_given_up(take) for take in given_up)])
    return Decision(action=Action.GENERATE, reason=reason, variations=variations, new=True, gives_up=given_up)


def _begun_retake(question: Question) -> Decision | None:
    """New takes that are on their way, or that an interrupted run finished for these very words."""
    candidates = question.candidates
    going_on = candidates.siblings_under_way or [take for take in candidates.undelivered if take.id in question.retaken]
    if going_on:
        return _going_on(question, going_on)
    usable = () if question.continuity_state.moving else candidates.usable
    finished = next((take for take in usable if take.id in question.retaken), None)
    return None if finished is None else _using(candidates, finished)


def _reuse(question: Question) -> Decision | None:
    """A done take that fits. Takes still on their way come first only while nothing is circled for good."""
    candidates, continuity_state = question.candidates, question.continuity_state
    usable = [] if continuity_state.moving else candidates.usable
    if candidates.circled in usable:
        return _using(candidates, candidates.circled)
    if candidates.circled is not None and candidates.circled_by_person and not _cascades(question):
        return None
    if not usable:
        return None
    siblings = candidates.siblings_under_way
    return _going_on(question, siblings) if siblings and candidates.own(usable[0]) else _using(candidates, usable[0])


def _twin(question: Question) -> Decision | None:
    if question.twin is None or _outdated(question):
        return None
    return Decision(action=Action.REUSE, reason=f"same as {question.twin}", same_as=question.twin)


def _resume(question: Question) -> Decision | None:
    under_way = question.candidates.under_way
    return _going_on(question, under_way) if under_way else None


def _stale(question: Question) -> Decision | None:
    outdated = _outdated(question)
    if outdated is None:
        return None
    why = _why_stale(question, outdated)
    if not _cascades(question) or question.continuity_state.stuck:
        return Decision(action=Action.STALE, reason=why, takes=(outdated,))
    return _unknown(question) or _refused(question) or _blocked(question) or _generate(question, why)


def _unknown(question: Question) -> Decision | None:
    unknown = question.candidates.unknown
    if not unknown:
        return None
    reason = f"it is not known whether take {unknown[0].number} was made; settle it with `tailframe reconcile`"
    return Decision(action=Action.UNKNOWN, reason=reason, takes=(unknown[0],))


def _refused(question: Question) -> Decision | None:
    request = question.request
    refused = question.candidates.refused_by(request.provider, request.model) if request else None
    if refused is None:
        return None
    words = refused.error_message or refused.error_code or "no reason given"
    reason = f"{refused.provider} refused take {refused.number} ({words}); edit the shot, or ask for a --new-take"
    return Decision(action=Action.REFUSED, reason=reason, takes=(refused,))


def _blocked(question: Question) -> Decision | None:
    why = question.continuity_state.stuck or (question.continuity_state.not_asked if question.asked else "")
    return Decision(action=Action.BLOCKED, reason=why) if why else None


def _generate(question: Question, reason: str) -> Decision:
    candidates = question.candidates
    variations = candidates.free_variations(question.count, question.barred)
    return Decision(action=Action.GENERATE, reason=reason, variations=variations)


def _cascades(question: Question) -> bool:
    return question.asked and question.cascade


def _outdated(question: Question) -> TakeFacts | None:
    """The take that the cut goes on with although it should be made again."""
    candidates = question.candidates
    if candidates.changed_since_circled is not None:
        return candidates.changed_since_circled
    return candidates.outdated[0] if candidates.outdated else None


def _why_stale(question: Question, take: TakeFacts) -> str:
    if take in question.candidates.displaced:
        return (
            f"take {take.number} was made where the shot {_BEGAN[question.candidates.shot.continuity.source is None]}"
        )
    if take.wish != question.candidates.wish:
        return f"a person circled take {take.number}, and the shot has changed since"
    state = question.continuity_state
    if state.moving:
        return f"take {take.number} was made before: {state.moving}"
    if state.sent:
        return f"take {take.number} was made on other takes of what it is sent ({', '.join(state.sent)})"
    return f"take {take.number} was made on another frame of {question.candidates.shot.continuity.source}"


def out_elsewhere(question: Question) -> str:
    """Which order of this wish is out at another account of a vendor, in words; empty where none is."""
    out = question.candidates.out_elsewhere
    return f"take {out[0].number} is {out[0].state.value} at {out[0].account}, which is another account" if out else ""


def _why_made(question: Question) -> str:
    candidates = question.candidates
    failed = candidates.last_failed()
    if failed is not None:
        words = failed.error_message or failed.error_code or failed.state.value
        return f"take {failed.number} came to nothing: {words}"
    if any(take.rejected and candidates.own(take) for take in candidates.allowed):
        return "its takes were rejected"
    others = sorted({take.provider for take in candidates.same_wish} - set(candidates.shot.providers))
    if others:
        return f"there are takes by {', '.join(others)} only, which it does not name"
    return "there is no take of it yet"


def _using(candidates: Candidates, take: TakeFacts | None) -> Decision:
    assert take is not None
    return Decision(action=Action.REUSE, reason=_name(candidates, take), takes=(take,))


def _going_on(question: Question, takes: list[TakeFacts]) -> Decision:
    """Takes that nobody sent yet need a frame to begin on, like new ones; the others have theirs."""
    first = takes[0]
    blocked = _blocked(question)
    if blocked is not None and all(take.state is TakeState.PLANNED for take in takes):
        return blocked
    reason = f"take {first.number} {_standing(first, question.request)}"
    variations = tuple(sorted({take.variation for take in takes}))
    return Decision(action=Action.RESUME, reason=reason, takes=tuple(takes), variations=variations)


def _standing(take: TakeFacts, request: Request | None) -> str:
    if take.state is TakeState.PLANNED:
        return "was begun, and is not ordered yet"
    if take.undelivered:
        price = None if request is None else request.estimated_usd
        return (
            f"is paid for{'' if take.cost_usd is None else f' ({usd(take.cost_usd)})'}, and its clip {_clip_of(take)}; "
            "it is fetched again, and nothing is ordered. To give it up: `tailframe reconcile PROJECT --take "
            f"{take.shot}:{take.number} --charged`, or --new-take; another one costs "
            f"{'what is not known' if price is None else f'up to {usd(price)}'}"
        )
    return f"is {take.state.value} at {take.provider}"


def _given_up(take: TakeFacts) -> str:
    """What a new take costs beside its own price: a clip that was paid for, and is not waited for any longer."""
    return f"take {take.number}, whose clip {_clip_of(take)}, is given up for it and stays paid"


def _clip_of(take: TakeFacts) -> str:
    how = "comes damaged" if take.error_code == CLIP_DAMAGED else "is not to be had"
    return f"{how} from {take.provider}"


def _name(candidates: Candidates, take: TakeFacts) -> str:
    here = full_key(candidates.shot.episode, candidates.shot.key)
    of = "" if take.shot == here else f" of {take.shot}"
    return f"take {take.number}{of}" + ("" if candidates.within_reach(take) else f", made at {take.account}")
