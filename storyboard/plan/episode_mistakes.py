"""What is wrong with an episode as a whole, beyond what is wrong with any one of its shots. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from storyboard.bind.prices import free_prices
from storyboard.capabilities import Capabilities
from storyboard.errors import Position
from storyboard.plan.music_length import short_songs
from storyboard.request import ReferenceFacts
from storyboard.shot import Episode


def episode_mistakes(
    episode: Episode, facts: Mapping[str, ReferenceFacts], vendors: Mapping[str, Capabilities]
) -> Iterator[tuple[Position, str]]:
    """Songs that end before the shots made to them, and prices that these vendors do not charge: where, and what."""
    yield from short_songs(episode, facts)
    for each in free_prices(episode.prices, vendors):
        yield each.at, each.message
