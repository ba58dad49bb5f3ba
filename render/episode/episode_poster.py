"""The poster of an episode that names one: a frame of its shot, as a picture beside the master."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from render.context import RunContext
from render.episode.manifest import BesideRecord
from render.episode.manifest_records import CutShots
from render.ledger import recipes
from render.markers.poster import take_poster
from storyboard.timeline.markers import PosterFrame, poster_frames

_POSTER = "poster-1"
"""Changes with anything that changes the picture."""


async def poster_record(context: RunContext, shots: CutShots, folder: Path) -> list[BesideRecord]:
    """The poster that the episode names, out of the clip of its shot."""
    if shots.episode.poster is None:
        return []
    pieces = {piece.key: piece for piece in shots.pieces if piece.clip is not None}
    frames = [each for each in poster_frames(shots.episode, shots.timeline) if each.key in pieces]
    if not frames:
        return []

    def frame_at(frame: PosterFrame) -> tuple[Path, int]:
        piece = pieces[frame.key]
        return piece.path, piece.frame_at(frame.frame, shots.timeline.fps) or 0

    said = json.dumps([[pieces[each.key].recipe, each.frame] for each in frames])
    key = f"{_POSTER}:{hashlib.sha256(said.encode()).hexdigest()}"
    sha256 = await context.derived_blob(key)
    if sha256 is None:
        target = folder / "poster.jpg"
        await context.in_thread(take_poster, frames, frame_at, target)
        sha256 = await context.in_thread(context.store.put_file, target)
        await context.write(recipes.remember_derived, key, sha256)
    size = (await context.in_thread(context.store.local_path, sha256, ".jpg")).stat().st_size
    return [BesideRecord(kind="poster", path=f"{shots.episode.episode}.jpg", sha256=sha256, bytes=size)]
