"""Hands a shot's last frame to the shot that continues it: the file to what `storyboard.continuity.chains` decides."""

from __future__ import annotations

import asyncio
import tempfile
from decimal import Decimal
from pathlib import Path

from render.clips.kept_stills import Still, kept_stills
from render.context import RunContext
from render.ledger import recipes
from render.media.colour_conversion import is_ordinary
from render.media.reference_facts import reference_facts
from render.media.signature import signature
from render.media.tail_frame import extract_tail_clip
from storyboard.bind.binding import ContinuityInput
from storyboard.continuity.chains import continuity_frame
from storyboard.request import FrameId
from storyboard.shot import TAIL_CLIP_S, ContinuityMode, Episode, MediaKind, Shot
from storyboard.takes import ClipFacts
from storyboard.text.decimals import plain_decimal


async def continuity_input(context: RunContext, episode: Episode, shot: Shot, clip: ClipFacts) -> ContinuityInput:
    """The frame (or the seconds) of `clip` that `shot` begins on, in the store and ready to be bound.

    `clip` is the original of the circled take of `shot.continuity.source`. Raises MediaError, StoreError.
    """
    assert shot.continuity.source is not None
    frame = continuity_frame(episode, shot, clip)
    moving = shot.continuity.mode is ContinuityMode.TAIL_CLIP and not shot.continuity.reanchor
    sha256 = await (_kept_tail(context, frame, shot.tail_clip_s) if moving else kept_frame(context, frame))
    name = shot.continuity.source
    path = await context.in_thread(context.store.local_path, sha256, ".mp4" if moving else ".png")
    facts = await asyncio.to_thread(reference_facts, path, name)
    return ContinuityInput(
        kind=MediaKind.VIDEO if moving else MediaKind.IMAGE,
        source=name,
        sha256=sha256,
        frame=frame,
        width=facts.width,
        height=facts.height,
        duration_s=facts.duration_s,
    )


async def kept_frame(context: RunContext, frame: FrameId) -> str:
    """The blob with this frame as a PNG; taken from the original clip the first time it is asked for."""
    still = Still(frame)
    return (await kept_stills(context, [still])).blobs[still]


async def _kept_tail(context: RunContext, frame: FrameId, tail_s: Decimal) -> str:
    """The blob with the seconds that end on this frame."""
    recipe = _recipe(frame, tail_s, version=2)
    if (kept := await context.derived_blob(recipe)) is not None:
        return kept
    clip = await context.in_thread(context.store.local_path, frame.clip_sha256, ".mp4")
    sha256 = await _kept_before(context, clip, _recipe(frame, tail_s, version=1))
    if sha256 is None:
        sha256 = await _taken(context, clip, frame, tail_s)
    await context.write(recipes.remember_derived, recipe, sha256)
    return sha256


def _recipe(frame: FrameId, tail_s: Decimal, *, version: int) -> str:
    """The name under which it is kept. One of two seconds is called as it was when all had two."""
    what = f"tail-clip:{version}:{frame.clip_sha256}:{frame.index}"
    return what if tail_s == TAIL_CLIP_S else f"{what}:{plain_decimal(tail_s)}s"


async def _kept_before(context: RunContext, clip: Path, recipe: str) -> str | None:
    """What the first version of the recipe gave, which took no notice of HDR and its like, and was right for others."""
    kept = await context.derived_blob(recipe)
    if kept is None:
        return None
    return kept if is_ordinary(await asyncio.to_thread(signature, clip)) else None


async def _taken(context: RunContext, clip: Path, frame: FrameId, tail_s: Decimal) -> str:
    context.scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=context.scratch) as folder:
        target = Path(folder) / "tail.mp4"
        await extract_tail_clip(clip, frame.index, float(tail_s), target)
        return await context.in_thread(context.store.put_made, target)
