"""What is ordered for a take of a shot, once what it needs of other shots is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from render.clips.continuity_media import continuity_input
from render.context import RunContext
from render.errors import Scope, TakeError, Terminal
from render.ledger import Take
from render.takes.life import Compose
from render.takes.outcomes import Outcome
from render.takes.sent_takes import facts_of_sent
from storyboard.bind.binding import ContinuityInput, bind
from storyboard.capabilities import Capabilities
from storyboard.plan.episode_plan import PlannedShot
from storyboard.price_proof import Receipt
from storyboard.request import ReferenceFacts, Request
from storyboard.shot import ContinuityMode, Episode, Shot


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeRequests:
    """One run's way from a take to the request that is ordered for it."""

    context: RunContext
    episode: Episode
    references: Mapping[str, ReferenceFacts]
    capabilities: Mapping[str, Capabilities]
    receipts: Sequence[Receipt]
    spoiled: Mapping[str, TakeError]  # vendors that can make nothing more in this run

    async def composer(self, planned: PlannedShot, outcomes: Mapping[str, Outcome]) -> Compose:
        """What to order for a take of this shot, now that what it needs of other shots is there."""
        shot = self.episode.shot(planned.key)
        continuity = await self._continuity(shot, outcomes)
        references = {**self.references, **await facts_of_sent(self.context, self.episode, shot, outcomes)}

        def compose(take: Take) -> Request:
            spoiled = self.spoiled.get(take.provider)
            if spoiled is not None:
                why = f"not sent, because {take.provider} cannot make anything now: {spoiled}"
                raise Terminal(why, code=spoiled.code, scope=Scope.VENDOR)
            return self._request(planned, take, references, continuity)

        return compose

    def _request(
        self,
        planned: PlannedShot,
        take: Take,
        references: Mapping[str, ReferenceFacts],
        continuity: ContinuityInput | None,
    ) -> Request:
        return bind(
            replace(self.episode.shot(planned.key), directions=planned.directions),
            self.capabilities.get(take.provider) or self.context.provider_of(take).capabilities,
            series=self.episode.series,
            references=references,
            continuity=continuity,
            variation=take.variation,
            wish=planned.wish,
            prices=self.episode.prices,
            receipts=self.receipts,
            master=self.episode.master,
        )

    async def _continuity(self, shot: Shot, outcomes: Mapping[str, Outcome]) -> ContinuityInput | None:
        """The frame or the seconds that the shot begins on; None where it continues nothing that is there."""
        if shot.continuity.source is None or shot.continuity.mode is ContinuityMode.NONE:
            return None
        before = outcomes[shot.continuity.source]
        if before.clip is None:
            return None
        return await continuity_input(self.context, self.episode, shot, before.clip)
