"""Which takes of a series somebody means by an episode and shots of it."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.shot_key import full_key, is_of_episode

if TYPE_CHECKING:
    from render.ledger import Take
    from storyboard.shot import Episode

__all__ = ["expanded", "known_shot", "takes_meant"]


def expanded(project: Path, episode: str) -> "Episode":
    """The episode with all its shots. Raises InvalidProject with every mistake."""
    from storyboard.expand.expansion import expand
    from storyboard.loading import load_project

    return expand(load_project(project), episode)


def known_shot(episode: "Episode", key: str) -> str:
    """EPISODE/SCENE/SHOT of a shot that the episode has. Raises NoSuchName with the nearest one."""
    from storyboard.errors import NoSuchName
    from storyboard.text.suggestions import suggestion

    keys = [shot.key for shot in episode.shots]
    if key not in keys:
        raise NoSuchName("shot", key, keys, suggestion(key, keys))
    return full_key(episode.episode, key)


def takes_meant(project: Path, episode: str, keys: Collection[str] | None) -> "Callable[[Take], bool]":
    """Whether a take is one of the episode, or of these shots of it. Raises NoSuchName for what there is not."""
    found = expanded(project, episode)
    if keys is None:
        return lambda take: is_of_episode(take.shot, episode)
    named = {known_shot(found, key) for key in keys}
    return lambda take: take.shot in named
