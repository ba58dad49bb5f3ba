"""One run of one episode: who makes which shot, on which frame, and what became of it. Knows nothing of Prefect.

The plan says what to do; `Production.make` does it for one shot, once the shot it continues has its outcome. Callers
decide when and where (`flows.prefect.produce` awaits one Prefect task a shot, tests await plain coroutines).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from render.clips.continuity_media import continuity_input
from render.context import RunContext
from render.decisions import decided
from render.errors import RenderError, Scope, TakeError, Terminal, Transient
from render.ledger import Take, TakeId, circles, queries
from render.takes.failover import Failover
from render.takes.life import Compose, keep_clip, make_take
from render.takes.outcomes import Outcome, ShotState, spoilt
from storyboard.bind.binding import ContinuityInput, bind
from storyboard.capabilities import Capabilities
from storyboard.errors import StoryboardError
from storyboard.plan.episode_plan import Action, Plan, PlannedShot
from storyboard.price_proof import Receipt
from storyboard.request import ReferenceFacts, Request
from storyboard.shot import ContinuityMode, Episode, Shot
from storyboard.shot_key import full_key
from storyboard.takes import TakeState

_LOG = logging.getLogger(__name__)

_UNMADE = {
    Action.BLOCKED: ShotState.BLOCKED,
    Action.UNKNOWN: ShotState.UNKNOWN,
    Action.REFUSED: ShotState.REFUSED,
    Action.WAIVED: ShotState.WAIVED,
    Action.GENERATE: ShotState.MISSING,
    Action.RESUME: ShotState.RUNNING,
}


@dataclass(slots=True, kw_only=True)
class Production:
    """The context of one run's shots: what is to be made of each, and what has become of it so far.

    A session makes it, once the takes are opened, and it lives as long as that. It opens nothing and closes nothing:
    the bench, by which everything is made, is the session's.
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
        """Make one shot, or find that nothing has to be made. The shot it continues must have its outcome.

        Never raises for what concerns this shot alone, except Transient: then call again.
        """
        planned = self._moved.get(key) or next(shot for shot in self.plan.shots if shot.key == key)
        try:
            outcome = await self._outcome_of(planned)
        except Transient as error:
            self.context.watcher.shot(key, "waiting", str(error))  # for minutes, where nobody should wonder why
            raise
        except (RenderError, StoryboardError) as error:
            outcome = spoilt(key, error)
        return self.settle(outcome)

    def settle(self, outcome: Outcome) -> Outcome:
        """Record what became of a shot, and tell whoever watches."""
        self.outcomes[outcome.key] = outcome
        self._end_of(outcome.key).set()
        reused = outcome.state is ShotState.DONE and not outcome.made
        cost = outcome.cost_usd if outcome.made else None
        decision = "reused" if reused else f"shot {outcome.state.value}"
        place = self._place(outcome.key)
        decided(_LOG, decision, shot=place, take=outcome.number, cost_usd=cost, why=outcome.message)
        self.context.watcher.shot(outcome.key, "reused" if reused else outcome.state.value, outcome.message, cost)
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
        return await self._leave(planned)

    async def _leave(self, planned: PlannedShot) -> Outcome:
        """A shot for which this run does nothing: nobody asked for it, or something stands in its way."""
        state = _UNMADE.get(planned.action, ShotState.MISSING)
        if planned.action is Action.RESUME and planned.take is not None:
            take = await self.context.read(queries.take, planned.take)
            state = ShotState.PLANNED if take.state is TakeState.PLANNED else state
        return Outcome(key=planned.key, state=state, message=planned.reason)

    def _obstacle(self, key: str) -> Outcome | None:
        """Why a shot cannot be made now, though the plan wants it: what it continues has no clip."""
        source = self.episode.shot(key).continuity.source
        if source is None:
            return None
        before = self.outcomes[source]
        if before.clip is not None or before.state is ShotState.WAIVED:
            return None
        why = f"it continues {source}, which is {before.state.value}"
        return Outcome(key=key, state=ShotState.BLOCKED, code="blocked", message=why, budget=before.budget)

    async def _reuse(self, planned: PlannedShot, take_id: TakeId) -> Outcome:
        take = await keep_clip(self.context, await self.context.read(queries.take, take_id))
        await self._circle(planned.key, take)
        state = ShotState.STALE if planned.action is Action.STALE else ShotState.DONE
        return finished(planned.key, state, take, message=planned.reason if state is ShotState.STALE else "")

    async def _share(self, planned: PlannedShot, other: str) -> Outcome:
        """The very same order as another shot of this run: made once, and used for both."""
        await self._end_of(other).wait()
        made = self.outcomes[other]
        if made.take is None:
            why = f"it is the same as {other}, which is {made.state.value}"
            return Outcome(key=planned.key, state=made.state, code=made.code, message=why, budget=made.budget)
        return await self._reuse(planned, TakeId(made.take))

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

    @property
    def _failover(self) -> Failover:
        return Failover(
            self.context, self.episode, self.references, self.capabilities, self.receipts, preview=self.preview
        )

    async def _make_takes(self, planned: PlannedShot) -> Outcome:
        """Make every take that was opened for a shot; the first good one by number is circled.

        Where the shot it continues has no clip, nothing is ordered; what a vendor has already is carried to its end.
        """
        takes = [await self.context.read(queries.take, each) for each in self.opened[planned.key]]
        stopped = self._obstacle(planned.key)
        if stopped is not None:
            takes = [take for take in takes if take.state is not TakeState.PLANNED]
            if not takes:
                return stopped
        compose = await self._composer(planned)
        made = (make_take(self.context, take.id, compose) for take in takes)
        results = await asyncio.gather(*made, return_exceptions=True)
        good = [take for take in results if isinstance(take, Take)]
        errors = [error for error in results if isinstance(error, BaseException)]
        for error in errors:
            if not good or not isinstance(error, RenderError):
                raise error
        take = await keep_clip(self.context, await self._chosen(planned.key, good))
        note = f"{len(errors)} of {len(results)} takes failed: {errors[0]}" if errors else ""
        return finished(planned.key, ShotState.DONE, take, made=True, message=note)

    async def _chosen(self, key: str, good: Sequence[Take]) -> Take:
        """The take that the cut uses now: the circled one, which a person may have chosen meanwhile."""
        circled = await self.context.write(circles.circle_best, self.context.run, self._place(key))
        if circled is None:
            return good[0]
        for take in good:
            if take.id == circled:
                return take
        return await self.context.read(queries.take, circled)

    async def _composer(self, planned: PlannedShot) -> Compose:
        """What to order for a take of this shot, now that the frame it continues from is known."""
        shot = self.episode.shot(planned.key)
        continuity = await self._continuity(shot)

        def compose(take: Take) -> Request:
            spoiled = self._spoiled.get(take.provider)
            if spoiled is not None:
                why = f"not sent, because {take.provider} cannot make anything now: {spoiled}"
                raise Terminal(why, code=spoiled.code, scope=Scope.VENDOR)
            return self._request(planned, shot, take, continuity)

        return compose

    def _request(self, planned: PlannedShot, shot: Shot, take: Take, continuity: ContinuityInput | None) -> Request:
        return bind(
            shot,
            self.capabilities.get(take.provider) or self.context.provider_of(take).capabilities,
            series=self.episode.series,
            references=self.references,
            continuity=continuity,
            variation=take.variation,
            wish=planned.wish,
            prices=self.episode.prices,
            receipts=self.receipts,
            master=self.episode.master,
        )

    async def _continuity(self, shot: Shot) -> ContinuityInput | None:
        if shot.continuity.source is None or shot.continuity.mode is ContinuityMode.NONE:
            return None
        before = self.outcomes[shot.continuity.source]
        if before.clip is None:
            return None
        return await continuity_input(self.context, self.episode, shot, before.clip)

    async def _circle(self, key: str, take: Take) -> None:
        """Circle the take that this shot uses, unless it is circled already (a person's mark is then kept)."""
        shot = self._place(key)
        circled = await self.context.read(queries.circles, self.episode.series)
        now = next((circle for circle in circled if circle.shot == shot), None)
        if now is None or (now.take != take.id and not now.by_person):
            await self.context.write(circles.circle, self.episode.series, shot, take.id, by_person=False)

    def _place(self, key: str) -> str:
        """The shot's name within its series; a preview has takes and circles of its own, beside the master's."""
        return full_key(self.episode.episode, key, preview=self.preview)


def finished(key: str, state: ShotState, take: Take, *, made: bool = False, message: str = "") -> Outcome:
    """The outcome of a shot that has its clip."""
    return Outcome(
        key=key,
        state=state,
        take=take.id,
        number=take.number,
        clip=take.clip,
        cost_usd=take.cost_usd,
        made=made,
        message=message,
    )
