"""Asks the next vendor that a shot names, where one cannot make anything now: no credit, no such model, an outage.

Never for a shot's content: what one vendor refuses to show is not shopped around. The next vendor's attempt is a take
of its own with its own reservation, and what the first one was to make is called off before.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

from render.context import RunContext
from render.errors import TakeError
from render.ledger import TakeId, Want, take_slots
from storyboard.bind.binding import bind
from storyboard.capabilities import Capabilities
from storyboard.errors import CannotBind
from storyboard.plan.continuity_state import continuity_input
from storyboard.plan.episode_plan import PlannedShot
from storyboard.price_proof import Receipt
from storyboard.request import ReferenceFacts, Request
from storyboard.shot import Episode, Shot
from storyboard.shot_key import full_key

ORDINALS_PER_VENDOR = 1000
"""More than a shot may ask for takes."""


@dataclass(frozen=True, slots=True)
class Failover:
    """Finds the next vendor for the shots of one run, and opens their takes there."""

    context: RunContext
    episode: Episode
    references: Mapping[str, ReferenceFacts]
    capabilities: Mapping[str, Capabilities]
    receipts: Sequence[Receipt]
    preview: bool

    async def following(
        self, planned: PlannedShot, spoiled: Mapping[str, TakeError], opened: dict[str, list[TakeId]]
    ) -> PlannedShot | None:
        """The shot as the next vendor is to make it, its takes opened in place of the first one's.

        None where there is no other, or where an order of the shot has left: its clip may still come, so nobody else is
        paid for it.
        """
        shot = self.episode.shot(planned.key)
        request = self._next(shot, planned, spoiled)
        if request is None:
            return None
        if not await self.context.write(take_slots.call_off, opened[planned.key], "another vendor is asked"):
            return None
        following = replace(
            planned, provider=request.provider, account=request.account, model=request.model, request=request
        )
        wants = [self._want(following, request, ordinal) for ordinal in range(len(planned.variations))]
        takes = await self.context.write(take_slots.open_takes, self.context.run, wants)
        opened[planned.key] = [take.id for take in takes]
        why = spoiled[planned.provider or ""]
        self.context.watcher.note(f"{planned.key}: {request.provider} is asked in place of {planned.provider}: {why}")
        return following

    def _next(self, shot: Shot, planned: PlannedShot, spoiled: Container[str]) -> Request | None:
        """The order for the first vendor after this one that is open, works, and can make the shot as it is written."""
        if planned.provider not in shot.providers:
            return None
        continuity = continuity_input(self.episode, shot) if planned.continuity.source is not None else None
        for name in shot.providers[shot.providers.index(planned.provider) + 1 :]:
            if name in spoiled or name not in self.context.providers or name not in self.capabilities:
                continue
            try:
                return bind(
                    shot,
                    self.capabilities[name],
                    series=self.episode.series,
                    references=self.references,
                    continuity=continuity,
                    wish=planned.wish,
                    prices=self.episode.prices,
                    receipts=self.receipts,
                    master=self.episode.master,
                )
            except CannotBind as error:
                self.context.watcher.note(f"{planned.key}: {name} cannot make it either: {error}")
        return None

    def _want(self, shot: PlannedShot, request: Request, ordinal: int) -> Want:
        """Each vendor has ordinals of its own, so that a run never opens one place twice."""
        vendor = self.episode.shot(shot.key).providers.index(request.provider)
        return Want(
            shot=full_key(self.episode.episode, shot.key, preview=self.preview),
            ordinal=ordinal + vendor * ORDINALS_PER_VENDOR,
            wish=shot.wish,
            variation=shot.variations[ordinal],
            provider=request.provider,
            account=request.account,
            model=request.model,
            new=shot.new,
        )
