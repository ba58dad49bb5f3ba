"""The contact sheet of a cut: one picture a shot, from the middle of what the cut uses."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from render.context import RunContext
from render.episode.contact_sheet import SheetEntry, contact_sheet
from render.episode.manifest_records import Placed
from render.media.tail_frame import extract_frame
from render.takes.outcomes import Outcome
from storyboard.shot import Episode


async def draw_sheet(
    context: RunContext, episode: Episode, placed: Sequence[Placed], outcomes: Sequence[Outcome], folder: Path
) -> Path:
    """Draw the contact sheet of this cut into `folder`; returns the JPEG's path."""
    context.watcher.stage("contact sheet")
    told = {outcome.key: outcome for outcome in outcomes}
    entries = await asyncio.gather(*(_entry(episode, each, told[each.piece.key], folder) for each in placed))
    target = folder / "contact_sheet.jpg"
    title = f"{episode.series_title} – {episode.title}"
    await asyncio.to_thread(contact_sheet, entries, title, target)
    return target


async def _entry(episode: Episode, placed: Placed, outcome: Outcome, folder: Path) -> SheetEntry:
    piece, fps = placed.piece, episode.master.fps
    picture, middle = None, piece.frame_at(piece.frames // 2, fps)
    if middle is not None:
        picture = folder / f"still-{placed.span.start}.png"
        await asyncio.to_thread(extract_frame, piece.path, middle, picture)
    shot = episode.shot(piece.key)
    return SheetEntry(
        key=piece.key,
        image_path=picture,
        caption=shot.dialogue[0].text if shot.dialogue else "",
        state=outcome.state.value,
        duration_s=Decimal(round(placed.span.frames / fps * 100)) / 100,
        scene_title=shot.scene_title,
    )
