"""What vendors are asked for one shot: the first of them that can make it, and why those before it cannot. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storyboard.bind.binding import bind
from storyboard.bind.offer import valid_values
from storyboard.capabilities import Capabilities
from storyboard.errors import CannotBind
from storyboard.plan.continuity_state import ContinuityState
from storyboard.price_proof import Receipt
from storyboard.request import ReferenceFacts, Request
from storyboard.shot import Episode, Shot


@dataclass(frozen=True, slots=True)
class VendorOffer:
    """What the first vendor that can make a shot is asked for, and why those before it cannot."""

    request: Request | None
    failures: tuple[CannotBind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorOffers:
    """Binds the shots of one episode to the vendors that they name."""

    episode: Episode
    capabilities: Mapping[str, Capabilities]
    references: Mapping[str, ReferenceFacts]
    receipts: Sequence[Receipt]

    def first(self, shot: Shot, hash_: str, ground: ContinuityState, providers: Sequence[str]) -> VendorOffer:
        """The first of `providers` that can make the shot, on this ground; `hash_` is its wish."""
        failures: list[CannotBind] = []
        for provider in providers:
            try:
                return VendorOffer(self._bound(shot, hash_, ground, provider), tuple(failures))
            except CannotBind as failure:
                failures.append(failure)
        return VendorOffer(None, tuple(failures))

    def facts(self, ground: ContinuityState) -> Mapping[str, ReferenceFacts]:
        """The facts of all that a shot on this ground may be sent, by source."""
        return {**self.references, **ground.own} if ground.own else self.references

    def _bound(self, shot: Shot, hash_: str, ground: ContinuityState, provider: str) -> Request:
        vendor = self.capabilities.get(provider)
        if vendor is None:
            remedy = valid_values(provider, self.capabilities)
            raise CannotBind(shot.key, provider, "there is no such vendor", remedy)
        return bind(
            shot,
            vendor,
            series=self.episode.series,
            references=self.facts(ground),
            continuity=ground.continuity,
            wish=hash_,
            prices=self.episode.prices,
            receipts=self.receipts,
            master=self.episode.master,
        )
