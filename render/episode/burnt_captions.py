"""Puts the subtitles of a cut into its master: drawn into each segment's picture, and as tracks beside it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from render.captions.burn_in import burnt
from render.captions.soft_tracks import with_soft_tracks
from render.cut.cut_episode import DrawnOver
from render.cut.join import MasterFacts
from render.cut.segment_files import ConformedPieces, SegmentFile
from render.episode.cut_captions import CutCaptions
from render.media.measures import sha256_of
from storyboard.captions.caption import captions_within
from storyboard.shot import Episode


def over_pictures(captions: CutCaptions, kept: ConformedPieces, scratch: Path) -> DrawnOver | None:
    """What draws captions into segments; None where none are drawn."""
    drawn = captions.burnt
    if drawn is None:
        return None

    async def over(picture: SegmentFile, start: int) -> SegmentFile:
        inside = captions_within(drawn.captions, start, start + picture.frames)
        key = picture.key or await asyncio.to_thread(sha256_of, picture.path)
        path = await burnt(
            picture.path,
            key,
            inside,
            drawn.letters,
            drawn.master,
            kept=kept,
            scratch=scratch,
            what=f"subtitles from frame {start} on",
        )
        return replace(picture, path=path)

    return over


async def with_tracks(facts: MasterFacts, captions: CutCaptions, episode: Episode) -> MasterFacts:
    """The master with a track of each language that is whole, in the place of the one without. Raises MediaError."""
    if not captions.soft:
        return facts
    target = facts.path.with_name(f"{facts.path.stem}.subtitled{facts.path.suffix}")
    default = None if captions.burnt is not None else episode.language
    try:
        await with_soft_tracks(facts.path, captions.soft, target, default=default)
        target.replace(facts.path)
    finally:
        target.unlink(missing_ok=True)
    sha256 = await asyncio.to_thread(sha256_of, facts.path)
    return replace(facts, sha256=sha256, bytes=facts.path.stat().st_size)
