"""Brings what other shots of the episode made to the shot that is sent it: their clips, or single frames of them."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from render.clips.continuity_media import kept_frame
from render.context import RunContext
from render.media.reference_facts import reference_facts
from storyboard.continuity.chains import own_frame
from storyboard.request import ReferenceFacts
from storyboard.shot import Episode, OwnTake
from storyboard.takes import ClipFacts


async def own_facts(context: RunContext, episode: Episode, own: OwnTake, clip: ClipFacts) -> ReferenceFacts:
    """The facts of an own take whose clip is in the store; a frame of it is taken now.

    Raises MediaError, StoreError.
    """
    frame = own_frame(episode, own, clip)
    sha256 = clip.sha256 if own.frame is None else await kept_frame(context, frame)
    ending = ".mp4" if own.frame is None else ".png"
    path = await context.in_thread(context.store.local_path, sha256, ending)
    return replace(await asyncio.to_thread(reference_facts, path, own.called), frame=frame)
