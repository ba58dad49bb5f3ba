"""Single frames of clips, kept as blobs by what they are made of: tail frames, own frames, thumbnails.

All that are wanted are looked up at once. Of a clip that lacks some, they are taken in one pass, and nothing is taken
twice: neither in the next cut, nor by the shot that continues this one.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from render.concurrency.together import together
from render.context import RunContext
from render.ledger import recipes
from render.media.colour_conversion import is_ordinary
from render.media.pictures import fitted
from render.media.signature import signature
from render.media.tail_frame import frames_shown, save_png
from storyboard.request import FrameId

Box = tuple[int, int]
"""Width and height in pixels."""


@dataclass(frozen=True, slots=True)
class Still:
    """A frame of a clip as a PNG: as it is shown, or a thumbnail, as large as fits into a box."""

    frame: FrameId
    box: Box | None = None

    @property
    def recipe(self) -> str:
        """The name under which it is kept: the same name always means the same pixels."""
        frame = f"{self.frame.clip_sha256}:{self.frame.index}"
        return f"frame:2:{frame}" if self.box is None else f"thumbnail:1:{frame}:{self.box[0]}x{self.box[1]}"

    @property
    def recipe_before(self) -> str | None:
        """What it was called while no notice was taken of HDR and its like: right for clips that are ordinary."""
        return None if self.box else f"frame:1:{self.frame.clip_sha256}:{self.frame.index}"


@dataclass(frozen=True, slots=True)
class Stills:
    """The sha256 of each still, and which of them were made now."""

    blobs: Mapping[Still, str]
    made: frozenset[Still] = frozenset()

    def plus(self, others: Stills) -> Stills:
        """These and others."""
        return Stills({**self.blobs, **others.blobs}, self.made | others.made)


async def kept_stills(context: RunContext, wanted: Collection[Still]) -> Stills:
    """These stills in the store: those that are kept, and the others made now, clip by clip.

    Raises MediaError where a clip has no such frame, StoreError.
    """
    every = sorted({*wanted}, key=lambda still: still.recipe)
    kept = await context.in_thread(_kept, context, every)
    lacking = sorted((still for still in every if still.recipe not in kept), key=_clip)
    # Each decodes on several processors by itself; one is written while another is decoded.
    turns = asyncio.Semaphore(max(2, (os.cpu_count() or 1) // 4))

    async def of_clip(stills: Sequence[Still]) -> Mapping[Still, str]:
        async with turns:
            return await _of_clip(context, stills, kept)

    jobs = [of_clip([*stills]) for _, stills in groupby(lacking, key=_clip)]
    came = {still: sha256 for each in await together(jobs) for still, sha256 in each.items()}
    blobs = {still: kept.get(still.recipe) or came[still] for still in every}
    made = frozenset(still for still in came if still.recipe_before not in kept)
    return Stills(blobs, made)


def _clip(still: Still) -> str:
    return still.frame.clip_sha256


def _kept(context: RunContext, stills: Sequence[Still]) -> dict[str, str]:
    """Of their recipes, of today and of before, those whose blobs are still there."""
    names = {each.recipe for each in stills} | {each.recipe_before for each in stills if each.recipe_before}
    found = context.derived.derived_blobs(names)
    return {name: sha256 for name, sha256 in found.items() if context.store.has(sha256)}


async def _of_clip(context: RunContext, stills: Sequence[Still], kept: Mapping[str, str]) -> Mapping[Still, str]:
    """The stills of one clip that are not kept under their own names."""
    clip = await context.in_thread(context.store.local_path, _clip(stills[0]), ".mp4")
    came = {still: kept[before] for still in stills if (before := still.recipe_before) and before in kept}
    if came and not is_ordinary(await asyncio.to_thread(signature, clip)):
        came = {}
    if rest := [still for still in stills if still not in came]:
        came |= await _taken(context, clip, rest)
    await context.write(recipes.remember_all, {still.recipe: sha256 for still, sha256 in came.items()})
    return came


async def _taken(context: RunContext, clip: Path, stills: Sequence[Still]) -> dict[Still, str]:
    context.scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="stills-", dir=context.scratch) as folder:
        files = await asyncio.to_thread(_written, clip, stills, Path(folder))
        return {still: await context.in_thread(context.store.put_made, file) for still, file in files.items()}


def _written(clip: Path, stills: Sequence[Still], folder: Path) -> dict[Still, Path]:
    shown = frames_shown(clip, {still.frame.index for still in stills}, folder)
    files = {still: folder / f"{number}.png" for number, still in enumerate(stills)}
    for still, file in files.items():
        picture = shown[still.frame.index]
        save_png(picture if still.box is None else fitted(picture, still.box), file)
    return files
