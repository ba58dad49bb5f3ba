"""The plan: what would be made of an episode, what is there already, why, and at what cost. Pure, and the same twice.

Shots are judged in the order in which they would be made, as what becomes of one decides what the next stands on. The
rules are in `storyboard.plan.rules`; here they are asked in turn, bound to vendors and added up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from storyboard.bind.binding import bind
from storyboard.bind.offer import valid_values
from storyboard.bind.prices import free_prices
from storyboard.capabilities import Capabilities
from storyboard.continuity.chains import followers, order
from storyboard.errors import CannotBind, InvalidProject, Mistake
from storyboard.identity import wish
from storyboard.plan.candidates import Pool
from storyboard.plan.continuity_state import ContinuityState, Prospect, Standing, continuity_state
from storyboard.plan.music_length import at_least, music_note
from storyboard.plan.rules import Action, Decision, Question, judge, out_elsewhere
from storyboard.price_proof import Receipt, doubt
from storyboard.request import BoundReference, Dropped, ReferenceFacts, Request
from storyboard.shot import Continuity, ContinuityMode, Episode, Shot
from storyboard.shot_key import full_key
from storyboard.takes import Circle, TakeFacts, TakeState

__all__ = ["Action", "Choices", "Plan", "PlannedShot", "plan"]

_NOTHING = Decimal(0)
_PROSPECTS = {
    Action.GENERATE: (Prospect.COMING, "is about to be made"),
    Action.RESUME: (Prospect.COMING, "is on its way"),
    Action.REUSE: (Prospect.SETTLED, "is there"),
    Action.STALE: (Prospect.STALE, "is stale"),
    Action.BLOCKED: (Prospect.STUCK, "is blocked"),
    Action.UNKNOWN: (Prospect.STUCK, "is of unknown outcome"),
    Action.REFUSED: (Prospect.STUCK, "is refused"),
    Action.WAIVED: (Prospect.GIVEN_UP, "is given up"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What somebody asks for beyond the storyboard itself.

    `shots` are keys SCENE/SHOT, None for all. With `cascade` what follows a named shot counts as named too. `retaken`
    are the ids of takes that an interrupted run opened for these very choices: they count as the new takes asked for.
    """

    shots: frozenset[str] | None = None
    new_take: bool = False
    cascade: bool = False
    retaken: frozenset[str] = frozenset()


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
    archived: str = ""  # the archive that it stands in, where the ledger lacks its take and it would be paid for again
    named_in: str = ""  # the manifest that names its take, where no archive was found that it stands in


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole episode's plan, in story order. The total covers what is asked for and has a known price."""

    series: str
    episode: str
    shots: tuple[PlannedShot, ...]
    estimated_cost_usd: Decimal
    unpriced_shots: int
    stale_cost_usd: Decimal | None  # on top of the total, what --cascade would make; None: not known
    doubts: tuple[str, ...] = ()  # why stated prices are not simply believed, each once
    notes: tuple[str, ...] = ()  # what a producer should know of the episode as a whole


def plan(  # noqa: PLR0917  six kinds of facts, in the order in which they are gathered
    episode: Episode,
    capabilities: Mapping[str, Capabilities],
    references: Mapping[str, ReferenceFacts],
    takes: Sequence[TakeFacts],
    circles: Sequence[Circle],
    choices: Choices | None = None,
    *,
    receipts: Sequence[Receipt] = (),
) -> Plan:
    """Plan an episode. `takes` and `circles` are those of the whole series, `references` facts by source.

    `receipts` are what vendors told of costs, of any series at these accounts, the newest first.

    Raises InvalidProject where a shot that is asked for and has to be made can be made by none of its vendors.
    """
    choices = choices or Choices()
    keys = frozenset(shot.key for shot in episode.shots)
    named = keys if choices.shots is None else choices.shots & keys
    planner = _Planner(
        episode=episode,
        capabilities=capabilities,
        references=references,
        pool=Pool(takes, {circle.shot: circle for circle in circles}, capabilities, _full(episode, keys)),
        new_takes=named if choices.new_take else frozenset(),
        asked=followers(episode, named) if choices.cascade else named,
        cascade=choices.cascade,
        retaken=choices.retaken,
        receipts=receipts,
    )
    for key in order(episode):
        planner.see_to(episode.shot(key))
    planner.refuse_free_prices()
    if planner.mistakes:
        raise InvalidProject(planner.mistakes)
    planned = tuple(planner.planned[shot.key] for shot in episode.shots)
    to_pay = [shot for shot in planned if shot.asked]
    again = [shot.stale_cost_usd for shot in to_pay if shot.action is Action.STALE]
    return Plan(
        series=episode.series,
        episode=episode.episode,
        shots=planned,
        estimated_cost_usd=sum((shot.estimated_cost_usd or _NOTHING for shot in to_pay), _NOTHING),
        unpriced_shots=sum(shot.estimated_cost_usd is None for shot in to_pay),
        stale_cost_usd=None if None in again else sum((cost for cost in again if cost is not None), _NOTHING),
        doubts=planner.doubts(),
        notes=_episode_notes(episode, planned, references),
    )


def _episode_notes(
    episode: Episode, planned: Sequence[PlannedShot], references: Mapping[str, ReferenceFacts]
) -> tuple[str, ...]:
    known = references.get(episode.music.source) if episode.music else None
    if episode.music is None or known is None:
        return ()
    lasts_s = at_least(shot.duration_s for shot in planned if shot.action is not Action.WAIVED)
    note = music_note(episode.music, known.duration_s, lasts_s)
    return (note,) if note else ()


@dataclass(frozen=True, slots=True)
class _Offer:
    """What the first vendor that can make a shot is asked for, and why those before it cannot."""

    request: Request | None
    failures: tuple[CannotBind, ...]


@dataclass(slots=True, kw_only=True)
class _Planner:
    """One planning of one episode. Everything but the inputs is filled shot by shot."""

    episode: Episode
    capabilities: Mapping[str, Capabilities]
    references: Mapping[str, ReferenceFacts]
    pool: Pool
    asked: frozenset[str]
    new_takes: frozenset[str]
    cascade: bool
    retaken: frozenset[str]
    receipts: Sequence[Receipt]
    planned: dict[str, PlannedShot] = field(default_factory=dict)
    standings: dict[str, Standing] = field(default_factory=dict)
    makers: dict[tuple[str, object], list[str]] = field(default_factory=dict)  # shots by wish and what they begin on
    barred: dict[str, set[int]] = field(default_factory=dict)  # variations that this plan opens, by wish
    mistakes: list[Mistake] = field(default_factory=list)

    def see_to(self, shot: Shot) -> None:
        """Judge one shot, whose source has been judged before."""
        source = shot.continuity.source
        ground = continuity_state(self.episode, shot, self.standings[source] if source else None)
        hash_ = wish(shot, self.references)
        first = self._offer(shot, hash_, ground, shot.providers)
        question = Question(
            candidates=self.pool.candidates(shot, hash_, ground.frames),
            continuity_state=ground,
            asked=shot.key in self.asked,
            new_take=shot.key in self.new_takes,
            cascade=self.cascade,
            waived=self.pool.waived(shot),
            twin=self._twin(shot, hash_, ground),
            request=first.request,
            barred=self.barred.get(hash_, ()),
            retaken=self.retaken,
        )
        decision = judge(question)
        self._refuse_same_seed(shot, question, decision)
        shown = self._offer(shot, hash_, ground, (decision.takes[0].provider,)) if decision.takes else first
        self._refuse_unmakeable(shot, question, decision, shown)
        self.planned[shot.key] = _planned(shot, question, decision, shown=shown, first=first)
        standing = self.standings[shot.key] = self._standing(question, decision)
        if question.asked and decision.action is Action.GENERATE:
            self.barred.setdefault(hash_, set()).update(decision.variations)
        if standing.prospect is Prospect.COMING and decision.same_as is None and not decision.new:
            self.makers.setdefault((hash_, ground.signature), []).append(shot.key)

    def refuse_free_prices(self) -> None:
        """A price of nothing for a vendor that takes money, where anything is to be ordered there."""
        asked = {name for key in self._to_order() for name in self.episode.shot(key).providers}
        vendors = {name: sold for name, sold in self.capabilities.items() if name in asked}
        self.mistakes += free_prices(self.episode.prices, vendors)

    def doubts(self) -> tuple[str, ...]:
        """Why the stated prices of what is to be ordered are not simply believed."""
        stated = [self.planned[key].request for key in self._to_order()]
        doubts = [doubt(each.stated, self.receipts) for each in stated if each is not None and each.stated is not None]
        return tuple(dict.fromkeys(told for told in doubts if told is not None))

    def _to_order(self) -> list[str]:
        return [key for key, shot in self.planned.items() if shot.asked and shot.estimated_cost_usd != _NOTHING]

    def _twin(self, shot: Shot, hash_: str, ground: ContinuityState) -> str | None:
        """A shot before this one that wants the very same, of a vendor and model that this one allows too."""
        for key in self.makers.get((hash_, ground.signature), ()):
            maker = self.planned[key]
            if self.pool.may_make(shot, maker.provider, maker.model):
                return key
        return None

    def _offer(self, shot: Shot, hash_: str, ground: ContinuityState, providers: Sequence[str]) -> _Offer:
        failures: list[CannotBind] = []
        for provider in providers:
            try:
                return _Offer(self._bound(shot, hash_, ground, provider), tuple(failures))
            except CannotBind as failure:
                failures.append(failure)
        return _Offer(None, tuple(failures))

    def _bound(self, shot: Shot, hash_: str, ground: ContinuityState, provider: str) -> Request:
        vendor = self.capabilities.get(provider)
        if vendor is None:
            remedy = valid_values(provider, self.capabilities)
            raise CannotBind(shot.key, provider, "there is no such vendor", remedy)
        return bind(
            shot,
            vendor,
            series=self.episode.series,
            references=self.references,
            continuity=ground.continuity,
            wish=hash_,
            prices=self.episode.prices,
            receipts=self.receipts,
            master=self.episode.master,
        )

    def _refuse_same_seed(self, shot: Shot, question: Question, decision: Decision) -> None:
        """The same seed makes the same clip: a retake of it would be paid for and change nothing."""
        retaken = any(take.rejected for take in question.candidates.allowed) and max(decision.variations, default=0)
        if shot.seed is None or decision.action is not Action.GENERATE or not question.asked:
            return
        if decision.new or retaken:
            message = f"{shot.key} has a fixed seed, so a new take would be the same clip; change or remove `seed`"
            self.mistakes.append(Mistake(shot.at, message))

    def _refuse_unmakeable(self, shot: Shot, question: Question, decision: Decision, offer: _Offer) -> None:
        to_send = decision.action is Action.GENERATE or _unsent(decision)
        if question.asked and to_send and offer.request is None:
            reasons = "; ".join(f"{each.provider}: {each.problem}. {each.remedy}" for each in offer.failures)
            self.mistakes.append(Mistake(shot.at, f"{shot.key} cannot be made: {reasons}"))

    def _standing(self, question: Question, decision: Decision) -> Standing:
        """What the shots after this one can count on."""
        if decision.same_as is not None:
            return self.standings[decision.same_as]
        prospect, state = _PROSPECTS[decision.action]
        to_open = decision.action is Action.GENERATE or len(decision.takes) == _unsent(decision)
        if prospect is Prospect.COMING and to_open and not question.asked:
            return Standing(Prospect.NOT_ASKED, "has no clip")
        return Standing(prospect, state, decision.takes[0].clip if decision.takes else None)


def _full(episode: Episode, keys: Iterable[str]) -> frozenset[str]:
    return frozenset(full_key(episode.episode, key) for key in keys)


def _planned(shot: Shot, question: Question, decision: Decision, *, shown: _Offer, first: _Offer) -> PlannedShot:
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
        stale_cost_usd=_cost(first.request, shot.takes) if again else _NOTHING,
        prompt=request.prompt if request else "",
        continuity=shot.continuity if question.continuity_state.continuity else Continuity(ContinuityMode.NONE),
        references=request.references if request else (),
        dropped=request.dropped if request else (),
        notes=_notes(question, request, first),
        wish=question.candidates.wish,
        take=take.id if take else None,
        same_as=decision.same_as,
        elsewhere=out_elsewhere(question) if decision.action is Action.GENERATE else "",
        variations=decision.variations,
        new=decision.new,
        gives_up=tuple(given.id for given in decision.gives_up),
        request=request,
    )


def _account(take: TakeFacts | None, request: Request | None) -> str | None:
    """Who was paid for the take, or is to be: what was never sent goes to whichever account is asked today."""
    if take is not None and (request is None or take.state is not TakeState.PLANNED):
        return take.account
    return request.account if request is not None else None


def _reason(question: Question, decision: Decision, first: _Offer) -> str:
    """Why; where it would be paid anew; and why a vendor that the shot names before the one that makes it cannot."""
    if decision.action is not Action.GENERATE:
        return decision.reason
    passed_over = first.failures if first.request is not None else ()
    cannot = (f"{each.provider} cannot: {each.problem}" for each in passed_over)
    return "; ".join(filter(None, (decision.reason, out_elsewhere(question), *cannot)))


def _notes(question: Question, request: Request | None, first: _Offer) -> tuple[str, ...]:
    notes = [question.continuity_state.note] if question.continuity_state.note else []
    if first.request is None:
        notes += [f"{each.provider} cannot make it: {each.problem}. {each.remedy}" for each in first.failures]
    return (*notes, *(request.notes if request else ()))


def _length(shot: Shot, decision: Decision) -> Decimal | None:
    """As written; of an `auto` shot that is there, what was delivered."""
    clip = decision.takes[0].clip if decision.takes else None
    return clip.duration_s if shot.duration_s is None and clip else shot.duration_s


def _unsent(decision: Decision) -> int:
    """Takes that were opened before and nothing was reserved for yet."""
    return sum(take.state is TakeState.PLANNED for take in decision.takes)


def _to_reserve(decision: Decision) -> int:
    return len(decision.variations) if decision.action is Action.GENERATE else _unsent(decision)


def _cost(request: Request | None, takes: int) -> Decimal | None:
    if takes == 0:
        return _NOTHING
    if request is None or request.estimated_usd is None:
        return None
    return request.estimated_usd * takes
