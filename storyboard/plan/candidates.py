"""Of all takes of a series, those that may serve one shot: which can be used, which are on their way, which failed.

Takes are found by wish over the whole series, so a scene that is renamed or moved buys nothing. What a shot may use is
narrower: the vendor and model must be among those that it allows now, and of a real vendor where the real one is asked,
so that nothing from a rehearsal or an animatic ever passes for the real thing. Which of several accounts paid for a
good take does not matter; only an order that is out can be followed from its own account alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from storyboard.accounts import vendor_of
from storyboard.capabilities import Capabilities
from storyboard.request import FrameId
from storyboard.shot import Shot
from storyboard.shot_key import full_key, is_of_episode
from storyboard.takes import LIVE, Circle, TakeFacts, TakeState
from storyboard.text.printable import one_line

UNDER_WAY = frozenset({TakeState.PLANNED, TakeState.SUBMITTING, TakeState.SUBMITTED, TakeState.GENERATED})
"""States of a take that will still become something."""

OUT = (UNDER_WAY - {TakeState.PLANNED}) | {TakeState.UNKNOWN}
"""States of a take whose order has left, or may have."""

_UNSETTLED = UNDER_WAY | {TakeState.UNKNOWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The takes that may serve one shot, its own before those of other shots, the lowest numbers first."""

    shot: Shot
    wish: str
    frames: Collection[FrameId] | None  # that a take may have been made on; None: it does not matter
    same_wish: tuple[TakeFacts, ...]  # from anybody, rejected ones too
    allowed: tuple[TakeFacts, ...]  # of those, by vendors and models that the shot names now
    displaced: tuple[TakeFacts, ...]  # done for this shot while it stood where it began otherwise, as `allowed`
    circled: TakeFacts | None  # usable by its vendor, of whatever wish
    circled_by_person: bool
    own: Callable[[TakeFacts], bool]
    within_reach: Callable[[TakeFacts], bool]  # its vendor is asked today as the customer that ordered it

    @property
    def takes(self) -> list[TakeFacts]:
        """All that may serve, in whatever state."""
        return [take for take in self.allowed if not take.rejected]

    @property
    def usable(self) -> list[TakeFacts]:
        """Done, and made on a frame that is as good as today's."""
        return [take for take in self._done if self._stands_right(take)]

    @property
    def outdated(self) -> list[TakeFacts]:
        """Done for this very shot, on another frame or in another place. The circled one first: the cut uses it."""
        found = [take for take in self._done if self.own(take) or take is self.circled]
        found += self.displaced
        return sorted(found, key=lambda take: take is not self.circled)

    @property
    def under_way(self) -> list[TakeFacts]:
        """Takes that will become something, of this shot or on its frame."""
        return [take for take in self._followed if take.state in UNDER_WAY and self._concerns(take)]

    @property
    def siblings_under_way(self) -> list[TakeFacts]:
        """Takes of this shot that were opened together with one that is done, and still decide which is circled.

        One whose clip did not come decides nothing: it may stay so for ever.
        """
        ours = [take for take in self.under_way if self.own(take) and not take.undelivered]
        return [take for take in ours if take.continuity is None or self._stands_right(take)]

    @property
    def undelivered(self) -> list[TakeFacts]:
        """Takes of this shot that are paid for, and whose clips came damaged or not at all."""
        return [take for take in self.under_way if self.own(take) and take.undelivered]

    @property
    def unknown(self) -> list[TakeFacts]:
        """Takes that may have been paid for, and nobody knows."""
        return [take for take in self._followed if take.state is TakeState.UNKNOWN and self._concerns(take)]

    @property
    def out_elsewhere(self) -> list[TakeFacts]:
        """Orders that are out, or may be, at another account of a vendor that this shot allows."""
        out = [take for take in self.takes if take.state in OUT and not self.within_reach(take)]
        return [take for take in out if self._concerns(take)]

    @property
    def changed_since_circled(self) -> TakeFacts | None:
        """The take that a person circled, where what the shot asks for has changed since."""
        changed = self.circled is not None and self.circled.wish != self.wish
        return self.circled if changed and self.circled_by_person else None

    @property
    def directions(self) -> tuple[str, ...]:
        """What a next take is told of this shot's own before it, oldest first, each once.

        Of a rejected take all that people noted; of another one only where a note asks for another take.
        """
        own = (take for take in self.same_wish if self.own(take))
        told = (note for take in own for note in (take.notes if take.rejected else take.wishes))
        return tuple(dict.fromkeys(map(one_line, told)))

    def refused_by(self, provider: str, model: str) -> TakeFacts | None:
        """The latest take whose content this vendor refused, on a frame that would be sent again."""
        refused = [
            take
            for take in self.takes
            if take.refused
            and (take.provider, take.model) == (provider, model)
            and (take.continuity is None or self._stands_right(take))
        ]
        return refused[-1] if refused else None

    def last_failed(self) -> TakeFacts | None:
        """The last take of this wish that came to nothing."""
        failed = [take for take in self.takes if take.state in {TakeState.FAILED, TakeState.CANCELLED}]
        return max(failed, key=lambda take: (self.own(take), take.number), default=None)

    def free_variations(self, count: int, barred: Collection[int] = ()) -> tuple[int, ...]:
        """The lowest variations of this wish that no take stands in the way of."""
        near = [take for take in self.allowed if take.state not in _UNSETTLED or self.within_reach(take)]
        taken = {take.variation for take in near if self._stands_in_the_way(take)} | set(barred)
        free = (number for number in range(len(taken) + count) if number not in taken)
        return tuple(number for number, _ in zip(free, range(count), strict=False))

    @property
    def _followed(self) -> list[TakeFacts]:
        return [take for take in self.takes if self.within_reach(take)]

    @property
    def _done(self) -> list[TakeFacts]:
        return [take for take in self.takes if take.state is TakeState.DONE]

    def _stands_right(self, take: TakeFacts) -> bool:
        return self.frames is None or take.continuity in self.frames

    def _concerns(self, take: TakeFacts) -> bool:
        return self.own(take) or self._stands_right(take)

    def _stands_in_the_way(self, take: TakeFacts) -> bool:
        if take.state in _UNSETTLED:
            return True
        return take.state in LIVE and (take.rejected or self._stands_right(take))


@dataclass(frozen=True)
class Pool:
    """Takes and circles of a series, all that may serve the episode, and what vendors there are."""

    takes: Sequence[TakeFacts]
    circles: Mapping[str, Circle]
    capabilities: Mapping[str, Capabilities]
    keys: frozenset[str]  # EPISODE/SCENE/SHOT of every shot that the episode has now

    def candidates(
        self, shot: Shot, wish: str, frames: Collection[FrameId] | None, elsewhere: Collection[str] = ()
    ) -> Candidates:
        """What may serve this shot. `elsewhere` are its wishes in other places of a scene."""
        key = full_key(shot.episode, shot.key)

        def own(take: TakeFacts) -> bool:
            """Opened for this shot, or for one that the episode no longer has: this one may be its new name."""
            return take.shot == key or (is_of_episode(take.shot, shot.episode) and take.shot not in self.keys)

        same_wish = self._sorted(self._by_wish.get(wish, ()), key)
        there = (each for other in sorted(elsewhere) for each in self._by_wish.get(other, ()))
        moved = [each for each in there if each.state is TakeState.DONE and not each.rejected]
        circle = self.circles.get(key)
        circled = self._by_id.get(circle.take or "") if circle is not None else None
        good = circled is not None and circled.state is TakeState.DONE and not circled.rejected
        return Candidates(
            shot=shot,
            wish=wish,
            frames=frames,
            same_wish=same_wish,
            allowed=tuple(take for take in same_wish if self.allows(shot, take)),
            displaced=tuple(take for take in self._sorted(moved, key) if own(take) and self.allows(shot, take)),
            circled=circled if good and circled is not None and self.allows(shot, circled) else None,
            circled_by_person=circle is not None and circle.by_person,
            own=own,
            within_reach=self._within_reach,
        )

    def waived(self, shot: Shot) -> bool:
        """Whether the producer gave this shot up."""
        circle = self.circles.get(full_key(shot.episode, shot.key))
        return circle is not None and circle.take is None

    def allows(self, shot: Shot, take: TakeFacts) -> bool:
        """Whether a take's vendor and model are among those that the shot may be made by today."""
        vendor = self.capabilities.get(take.provider)
        if vendor is None or vendor_of(vendor.account) != vendor_of(take.account):
            return False
        return self.may_make(shot, take.provider, take.model)

    def may_make(self, shot: Shot, provider: str | None, model: str | None) -> bool:
        """Whether the shot names this vendor, and this model of it or none."""
        vendor = self.capabilities.get(provider or "")
        if provider not in shot.providers or vendor is None:
            return False
        if shot.model is None or model == shot.model:
            return True
        named = vendor.models.get(shot.model)
        return named is not None and model == named.first_frame_model

    @cached_property
    def _by_id(self) -> dict[str, TakeFacts]:
        return {take.id: take for take in reversed(self.takes)}

    @cached_property
    def _by_wish(self) -> dict[str, list[TakeFacts]]:
        found: dict[str, list[TakeFacts]] = {}
        for take in self.takes:
            found.setdefault(take.wish, []).append(take)
        return found

    def _within_reach(self, take: TakeFacts) -> bool:
        """Whether its vendor is asked as the same customer. A take that was never sent may go to any account."""
        vendor = self.capabilities.get(take.provider)
        return take.state is TakeState.PLANNED or (vendor is not None and vendor.account == take.account)

    def _sorted(self, takes: Iterable[TakeFacts], key: str) -> tuple[TakeFacts, ...]:
        return tuple(sorted(takes, key=lambda take: (take.shot != key, take.number, take.id)))
