"""The own takes that a shot is sent, once those that it needs are made: which clip each is, and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping

from render.clips.own_clips import own_facts
from render.context import RunContext
from render.errors import Scope, Terminal
from render.ledger import queries
from render.takes.collect import keep_clip
from render.takes.outcomes import Outcome
from storyboard.request import ReferenceFacts
from storyboard.shot import Episode, OwnTake, Shot
from storyboard.shot_key import full_key
from storyboard.takes import ClipFacts, TakeState


async def facts_of_sent(
    context: RunContext, episode: Episode, shot: Shot, outcomes: Mapping[str, Outcome]
) -> dict[str, ReferenceFacts]:
    """The facts of the own takes that the shot is sent, by source. Raises Terminal where one is not to be had."""
    facts = {}
    for own in shot.own_takes:
        clip = outcomes[own.shot].clip if own.take is None else await _numbered(context, episode, own)
        if clip is None:
            raise Terminal(f"{shot.key} is sent {own.called}, which has no clip", code="blocked", scope=Scope.SHOT)
        facts[own.called] = await own_facts(context, episode, own, clip)
    return facts


async def _numbered(context: RunContext, episode: Episode, own: OwnTake) -> ClipFacts | None:
    """The clip of a take that is named by its number, fetched again where it went missing."""
    shot = full_key(episode.episode, own.shot)
    found = await context.read(queries.takes, context.series, shot=shot, states=(TakeState.DONE,))
    take = next((each for each in found if each.number == own.take), None)
    return None if take is None else (await keep_clip(context, take)).clip
