"""The order in which an episode's shots are attempted: each after those that it needs, everything else side by side."""

import asyncio
from collections.abc import Awaitable, Callable

from storyboard.continuity.chains import roots, successors
from storyboard.shot import Episode

__all__ = ["along_chains"]


async def along_chains(episode: Episode, attempt: Callable[[str], Awaitable[None]]) -> None:
    """Attempt every shot: each after those whose frame or clip it needs, everything else side by side."""
    following = successors(episode)
    waits_for = {shot.key: len(shot.needs) for shot in episode.shots}

    async def follow(key: str) -> None:
        await attempt(key)
        for after in following[key]:
            waits_for[after] -= 1
            if not waits_for[after]:
                shots.create_task(follow(after))

    async with asyncio.TaskGroup() as shots:  # whatever ends it leaves no shot behind, as `gather` would
        for key in roots(episode):
            shots.create_task(follow(key))
