"""Every wish by which takes may serve an episode's shots: known before it is planned, to ask for those takes alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from storyboard.continuity.chains import order
from storyboard.identity import wish, wishes_elsewhere
from storyboard.plan.own_media import facts_of_own, numbered_take
from storyboard.request import ReferenceFacts
from storyboard.shot import Episode, Shot
from storyboard.takes import TakeFacts, TakeState


def possible_wishes(
    episode: Episode, references: Mapping[str, ReferenceFacts], takes: Sequence[TakeFacts]
) -> frozenset[str]:
    """What the planner will look for, in every place where a shot may stand. `takes` are those of its own shots."""
    wishes: dict[str, str] = {}
    found = set[str]()
    for key in order(episode):
        shot = episode.shot(key)
        facts = {**references, **_numbered(episode, shot, takes)}
        wishes[key] = wish(shot, facts, wishes)
        found |= {wishes[key], *wishes_elsewhere(shot, facts, wishes)}
    return frozenset(found)


def _numbered(episode: Episode, shot: Shot, takes: Sequence[TakeFacts]) -> dict[str, ReferenceFacts]:
    """What is known of the takes that the shot is sent by their numbers: they are part of what it wants."""
    named = ((own, numbered_take(episode, own, takes)) for own in shot.own_takes if own.take is not None)
    return {
        own.called: facts_of_own(episode, own, take.clip)
        for own, take in named
        if take is not None and take.state is TakeState.DONE and take.clip is not None
    }
