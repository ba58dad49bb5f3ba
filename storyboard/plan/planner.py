"""Judges the shots of one episode in turn: the rules are asked, vendors are bound, mistakes are gathered. Pure.

What becomes of one shot decides what the next stands on, so whoever calls this sees to a shot after those that it
needs. The rules are in `storyboard.plan.rules`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from storyboard.bind.prices import free_prices
from storyboard.errors import Mistake
from storyboard.identity import wish, wishes_elsewhere
from storyboard.plan.candidates import Candidates, Pool
from storyboard.plan.continuity_state import ContinuityState, Prospect, Standing, continuity_state
from storyboard.plan.own_media import with_own_takes
from storyboard.plan.pinned_cuts import pinned_cut
from storyboard.plan.planned_shot import NOTHING, PlannedShot, planned_shot
from storyboard.plan.rules import Action, Decision, Question, judge
from storyboard.plan.vendor_offers import VendorOffer, VendorOffers
from storyboard.price_proof import doubt
from storyboard.shot import Episode, Shot

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


@dataclass(slots=True, kw_only=True)
class Planner:
    """One planning of one episode. Everything but the inputs is filled shot by shot."""

    episode: Episode
    offers: VendorOffers
    pool: Pool
    asked: frozenset[str]
    new_takes: frozenset[str]
    cascade: bool
    retaken: frozenset[str]
    takes: int | None = None
    with_notes: bool = False
    planned: dict[str, PlannedShot] = field(default_factory=dict)
    standings: dict[str, Standing] = field(default_factory=dict)
    makers: dict[tuple[str, object], list[str]] = field(default_factory=dict)  # shots by wish and what they begin on
    barred: dict[str, set[int]] = field(default_factory=dict)  # variations that this plan opens, by wish
    wishes: dict[str, str] = field(default_factory=dict)  # by shot
    mistakes: list[Mistake] = field(default_factory=list)

    def see_to(self, shot: Shot) -> None:
        """Judge one shot, whose source has been judged before."""
        ground = self._ground(shot)
        candidates = self._candidates(shot, ground)
        hash_ = candidates.wish
        directed = self._directed(shot, candidates)
        first = self.offers.first(directed, hash_, ground, shot.providers)
        question = self._question(shot, candidates, ground, first)
        decision = judge(question)
        if decision.action is Action.GENERATE or decision.unsent:
            shot = directed
        elif directed is not shot:
            first = self.offers.first(shot, hash_, ground, shot.providers)
        self._refuse_same_seed(shot, question, decision)
        shown = self.offers.first(shot, hash_, ground, (decision.takes[0].provider,)) if decision.takes else first
        self._refuse_unmakeable(shot, question, decision, shown)
        self.planned[shot.key] = planned_shot(shot, question, decision, shown=shown, first=first)
        self._count_on(shot.key, question, decision)

    def _candidates(self, shot: Shot, ground: ContinuityState) -> Candidates:
        facts = self.offers.facts(ground)
        wanted = self.wishes[shot.key] = wish(shot, facts, self.wishes)
        return self.pool.candidates(shot, wanted, ground.frames, wishes_elsewhere(shot, facts, self.wishes))

    def _count_on(self, key: str, question: Question, decision: Decision) -> None:
        """Remember what the shots after this one can count on: its standing, its variations, its take as theirs."""
        wanted = question.candidates.wish
        standing = self.standings[key] = self._standing(question, decision)
        if question.asked and decision.action is Action.GENERATE:
            self.barred.setdefault(wanted, set()).update(decision.variations)
        if standing.prospect is Prospect.COMING and decision.same_as is None and not decision.new:
            self.makers.setdefault((wanted, question.continuity_state.signature), []).append(key)

    def _question(self, shot: Shot, candidates: Candidates, ground: ContinuityState, first: VendorOffer) -> Question:
        asked = shot.key in self.asked
        return Question(
            candidates=candidates,
            continuity_state=ground,
            asked=asked,
            new_take=shot.key in self.new_takes,
            cascade=self.cascade,
            waived=self.pool.waived(shot),
            twin=self._twin(shot, candidates.wish, ground),
            request=first.request,
            barred=self.barred.get(candidates.wish, ()),
            retaken=self.retaken,
            takes=self.takes if asked else None,
        )

    def _directed(self, shot: Shot, candidates: Candidates) -> Shot:
        """The shot with what was noted of its takes, where a new one is to be told."""
        told = candidates.directions if self.with_notes and shot.key in self.asked else ()
        return replace(shot, directions=told) if told else shot

    def refuse_free_prices(self) -> None:
        """A price of nothing for a vendor that takes money, where anything is to be ordered there."""
        asked = {name for key in self._to_order() for name in self.episode.shot(key).providers}
        vendors = {name: sold for name, sold in self.offers.capabilities.items() if name in asked}
        self.mistakes += free_prices(self.episode.prices, vendors)

    def doubts(self) -> tuple[str, ...]:
        """Why the stated prices of what is to be ordered are not simply believed."""
        stated = [self.planned[key].request for key in self._to_order()]
        doubts = [
            doubt(each.stated, self.offers.receipts) for each in stated if each is not None and each.stated is not None
        ]
        return tuple(dict.fromkeys(told for told in doubts if told is not None))

    def _ground(self, shot: Shot) -> ContinuityState:
        source = shot.continuity.source
        state = continuity_state(self.episode, shot, self.standings[source] if source else None)
        state = with_own_takes(state, self.episode, shot, self.standings, self.pool.takes)
        pinned = pinned_cut(self.episode, shot)
        return replace(state, note="; ".join(filter(None, (state.note, pinned)))) if pinned else state

    def _to_order(self) -> list[str]:
        return [key for key, shot in self.planned.items() if shot.asked and shot.estimated_cost_usd != NOTHING]

    def _twin(self, shot: Shot, hash_: str, ground: ContinuityState) -> str | None:
        """A shot before this one that wants the very same, of a vendor and model that this one allows too."""
        for key in self.makers.get((hash_, ground.signature), ()):
            maker = self.planned[key]
            if self.pool.may_make(shot, maker.provider, maker.model):
                return key
        return None

    def _refuse_same_seed(self, shot: Shot, question: Question, decision: Decision) -> None:
        """The same seed makes the same clip: a retake of it would be paid for and change nothing."""
        retaken = any(take.rejected for take in question.candidates.allowed) and max(decision.variations, default=0)
        if shot.seed is None or shot.directions or decision.action is not Action.GENERATE or not question.asked:
            return
        if decision.new or retaken:
            message = f"{shot.key} has a fixed seed, so a new take would be the same clip; change or remove `seed`"
            self.mistakes.append(Mistake(shot.at, message))

    def _refuse_unmakeable(self, shot: Shot, question: Question, decision: Decision, offer: VendorOffer) -> None:
        to_send = decision.action is Action.GENERATE or decision.unsent
        if question.asked and to_send and offer.request is None:
            reasons = "; ".join(f"{each.provider}: {each.problem}. {each.remedy}" for each in offer.failures)
            self.mistakes.append(Mistake(shot.at, f"{shot.key} cannot be made: {reasons}"))

    def _standing(self, question: Question, decision: Decision) -> Standing:
        """What the shots after this one can count on."""
        if decision.same_as is not None:
            return self.standings[decision.same_as]
        prospect, state = _PROSPECTS[decision.action]
        to_open = decision.action is Action.GENERATE or len(decision.takes) == decision.unsent
        if prospect is Prospect.COMING and to_open and not question.asked:
            return Standing(Prospect.NOT_ASKED, "has no clip")
        return Standing(prospect, state, decision.takes[0].clip if decision.takes else None)
