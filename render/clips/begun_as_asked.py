"""Measures how far a delivered clip begins and ends from the pictures that it was ordered to begin and end on."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal

from render.context import RunContext
from render.media.likeness import apart
from render.providers import Provider
from storyboard.request import BoundReference, Mode, Request
from storyboard.takes import ClipFacts


async def measured(context: RunContext, provider: Provider, request: Request, clip: ClipFacts) -> ClipFacts:
    """The facts with `first_apart` and `last_apart`, where the clip was ordered with literal frames.

    Never raises for what it cannot read: the clip is paid for and was checked. What is drawn here for nothing is not
    measured, as its strip is no part of the picture.
    """
    if request.mode is not Mode.FIRST_FRAME or not provider.capabilities.paid:
        return clip
    first, last = (*request.references, None, None)[:2]
    return replace(
        clip,
        first_apart=await _apart(context, request, first, clip, 0),
        last_apart=await _apart(context, request, last, clip, None),
    )


async def _apart(
    context: RunContext, request: Request, asked: BoundReference | None, clip: ClipFacts, index: int | None
) -> Decimal | None:
    if asked is None or asked.sha256 is None:
        return None
    try:
        film = await context.in_thread(context.store.local_path, clip.sha256, ".mp4")
        picture = await context.in_thread(context.store.local_path, asked.sha256)
        return await asyncio.to_thread(apart, film, index, picture)
    except Exception as error:
        context.watcher.note(f"the clip of {request.shot} cannot be held against {asked.source}: {error}")
        return None
