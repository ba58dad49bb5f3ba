"""One run of one episode: who makes which shot, on which frame, and what became of it. Knows nothing of Prefect.

The plan says what to do; `Production.make` does it for one shot, once the shot it continues has its outcome. Callers
decide when and where (`flows.prefect.shot_tasks` awaits one Prefect task a shot, tests await plain coroutines).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from render.context import RunContext
from render.decisions import decided
from render.errors import RenderError, Scope, TakeError, passes
from render.ledger import TakeId
from render.takes.failover import Failover
from render.takes.outcomes import Outcome, ShotState, spoilt
from render.takes.shot_outcomes import left_alone, made, reused, takes_to_make
from render.takes.take_request import TakeRequests
from storyboard.capabilities import Capabilities
from storyboard.errors import StoryboardError
from storyboard.plan.episode_plan import Action, Plan, PlannedShot
from storyboard.price_proof import Receipt
from storyboard.request import ReferenceFacts
from storyboard.shot import Episode
from storyboard.shot_key import full_key

_LOG = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Production:
    """The context of one run's shots: what is to be made of each, and what has become of it so far.

    A session makes it, once the takes are opened, and it lives as long as that. It opens nothing and closes nothing:
    the run context, by which everything is made, is the session's.
    """

    context: RunContext
    episode: Episode
    plan: Plan
    references: Mapping[str, ReferenceFacts]
    capabilities: Mapping[str, Capabilities]  # of each vendor that the episode names, as far as references reach it
    opened: dict[str, list[TakeId]]  # the takes to make, by shot key
    receipts: Sequence[Receipt] = ()  # what vendors told of costs before it began, the newest first
    preview: bool = False
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    _ended: dict[str, asyncio.Event] = field(default_factory=dict)
    _moved: dict[str, PlannedShot] = field(default_factory=dict)  # shots that another vendor makes than was planned
    _spoiled: dict[str, TakeError] = field(default_factory=dict)  # vendors that can make nothing more in this run

    async def make(self, key: str) -> Outcome:
        """Make one shot, or find that nothing has to be made. The shots it needs must have their outcomes.

        Never raises for what concerns this shot alone, except what passes (`render.errors.passes`): then call again.
        """
        planned = self._moved.get(key) or next(shot for shot in self.plan.shots if shot.key == key)
        try:
            outcome = await self._outcome_of(planned)
        except (RenderError, StoryboardError) as error:
            if passes(error):
                self.context.watcher.shot(key, "waiting", str(error))  # for minutes, where nobody should wonder why
                raise
            outcome = spoilt(key, error)
        return self.settle(outcome)

    def settle(self, outcome: Outcome) -> Outcome:
        """Record what became of a shot, and tell whoever watches."""
        self.outcomes[outcome.key] = outcome
        self._end_of(outcome.key).set()
        as_it_was = outcome.state is ShotState.DONE and not outcome.made
        cost = outcome.cost_usd if outcome.made else None
        decision = "reused" if as_it_was else f"shot {outcome.state.value}"
        place = self._place(outcome.key)
        decided(_LOG, decision, shot=place, take=outcome.number, cost_usd=cost, why=outcome.message)
        self.context.watcher.shot(outcome.key, "reused" if as_it_was else outcome.state.value, outcome.message, cost)
        return outcome

    def _end_of(self, key: str) -> asyncio.Event:
        return self._ended.setdefault(key, asyncio.Event())

    def needs_work(self, key: str) -> bool:
        """Whether a shot takes time or money in this run."""
        return key in self.opened

    async def _outcome_of(self, planned: PlannedShot) -> Outcome:
        if planned.key in self.opened:
            return await self._make_somewhere(planned)
        if planned.same_as is not None:
            return await self._share(planned, planned.same_as)
        if planned.action in {Action.REUSE, Action.STALE} and planned.take is not None:
            return await self._reuse(planned, TakeId(planned.take))
        return await left_alone(self.context, planned)

    async def _reuse(self, planned: PlannedShot, take_id: TakeId) -> Outcome:
        return await reused(self.context, planned, self._place(planned.key), take_id)

    async def _share(self, planned: PlannedShot, other: str) -> Outcome:
        """The very same order as another shot of this run: made once, and used for both."""
        await self._end_of(other).wait()
        twin = self.outcomes[other]
        if twin.take is None:
            why = f"it is the same as {other}, which is {twin.state.value}"
            return Outcome(key=planned.key, state=twin.state, code=twin.code, message=why, budget=twin.budget)
        return await self._reuse(planned, TakeId(twin.take))

    async def _make_somewhere(self, planned: PlannedShot) -> Outcome:
        """Make a shot at its vendor, or, where that vendor cannot make anything now, at the next one that it names."""
        while True:
            try:
                return await self._make_takes(planned)
            except TakeError as error:
                if error.scope is not Scope.VENDOR or planned.provider is None:
                    raise
                self._spoiled.setdefault(planned.provider, error)
                following = await self._failover.following(planned, self._spoiled, self.opened)
                if following is None:
                    raise
                planned = self._moved[planned.key] = following

    async def _make_takes(self, planned: PlannedShot) -> Outcome:
        """Make every take that was opened for a shot; the first good one by number is circled.

        Where the shot it continues has no clip, nothing is ordered; what a vendor has already is carried to its end.
        """
        stopped = self._obstacle(planned.key)
        takes = await takes_to_make(self.context, self.opened[planned.key], only_ordered=stopped is not None)
        if stopped is not None and not takes:
            return stopped
        compose = await self._requests.composer(planned, self.outcomes)
        return await made(self.context, planned.key, self._place(planned.key), takes, compose)

    def _obstacle(self, key: str) -> Outcome | None:
        """Why a shot cannot be made now, though the plan wants it: a shot that it needs has no clip."""
        shot = self.episode.shot(key)
        for needed in shot.needs:
            before, continues = self.outcomes[needed], needed == shot.continuity.source
            sent = any(own.shot == needed for own in shot.own_takes if own.take is None)
            if before.clip is None and (sent or before.state is not ShotState.WAIVED):
                why = f"it {'continues' if continues else 'is sent'} {needed}, which is {before.state.value}"
                return Outcome(key=key, state=ShotState.BLOCKED, code="blocked", message=why, budget=before.budget)
        return None

    @property
    def _requests(self) -> TakeRequests:
        return TakeRequests(
            context=self.context,
            episode=self.episode,
            references=self.references,
            capabilities=self.capabilities,
            receipts=self.receipts,
            spoiled=self._spoiled,
        )

    @property
    def _failover(self) -> Failover:
        return Failover(
            self.context, self.episode, self.references, self.capabilities, self.receipts, preview=self.preview
        )

    def _place(self, key: str) -> str:
        """The shot's name within its series; a preview has takes and circles of its own, beside the master's."""
        return full_key(self.episode.episode, key, preview=self.preview)
