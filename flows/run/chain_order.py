"""The order in which an episode's shots are attempted: along chains of frames, and chains side by side."""

import asyncio
from collections.abc import Awaitable, Callable

from storyboard.continuity.chains import roots, successors
from storyboard.shot import Episode

__all__ = ["along_chains"]


async def along_chains(episode: Episode, attempt: Callable[[str], Awaitable[None]]) -> None:
    """Attempt every shot: each after the one whose frame it needs, everything else side by side."""
    following = successors(episode)

    async def follow(key: str) -> None:
        await attempt(key)
        for after in following[key]:
            shots.create_task(follow(after))

    async with asyncio.TaskGroup() as shots:  # whatever ends it leaves no shot behind, as `gather` would
        for key in roots(episode):
            shots.create_task(follow(key))
