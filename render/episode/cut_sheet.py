"""The contact sheet of a cut: one picture a shot, from the middle of what the cut uses."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from render.clips.kept_stills import Still, kept_stills
from render.context import RunContext
from render.cut.cut_plan import Piece
from render.episode.contact_sheet import Box, SheetEntry, cell_box, contact_sheet
from render.episode.manifest_records import CutShots, Placed, tail_frame
from render.takes.outcomes import Outcome
from storyboard.request import FrameId
from storyboard.shot import Episode
from storyboard.takes import ClipFacts


def thumbnails(shots: CutShots) -> dict[str, Still]:
    """The picture of each shot on the sheet of this cut, by its key; a slate has none."""
    pieces = [each.piece for each in shots.placed if each.piece.clip is not None]
    box = cell_box(len(shots.placed), next((_size(piece.clip) for piece in pieces if piece.clip), None))
    return {piece.key: thumbnail(shots.episode, piece, box) for piece in pieces}


def thumbnail(episode: Episode, piece: Piece, box: Box) -> Still:
    """The picture of one shot: the frame that is on screen in the middle of what the cut uses of its clip."""
    assert piece.clip is not None
    middle = piece.frame_at(piece.frames // 2, episode.master.fps)
    return Still(FrameId(piece.clip.sha256, middle or 0), box)


async def take_stills(context: RunContext, episode: Episode, piece: Piece) -> None:
    """Take the single frames that a cut shows of this piece as soon as its clip is there.

    The sheet is taken to have all shots of the episode, and pictures of this one's size: where it has not, its
    thumbnails are made again.
    """
    assert piece.clip is not None
    box = cell_box(len(episode.shots), _size(piece.clip))
    await kept_stills(context, [tail_frame(piece, episode.master), thumbnail(episode, piece, box)])


async def draw_sheet(context: RunContext, shots: CutShots, stills: Mapping[Still, str], folder: Path) -> Path:
    """Draw the contact sheet of this cut into `folder`; returns the JPEG's path. `stills` has all its thumbnails."""
    episode, pictures = shots.episode, thumbnails(shots)
    files = {key: await context.in_thread(context.store.local_path, stills[each]) for key, each in pictures.items()}
    told = {outcome.key: outcome for outcome in shots.outcomes}
    entries = [_entry(episode, each, told[each.piece.key], files.get(each.piece.key)) for each in shots.placed]
    target = folder / "contact_sheet.jpg"
    title = f"{episode.series_title} – {episode.title}"
    await asyncio.to_thread(contact_sheet, entries, title, target)
    return target


def _size(clip: ClipFacts) -> Box:
    return clip.width, clip.height


def _entry(episode: Episode, placed: Placed, outcome: Outcome, picture: Path | None) -> SheetEntry:
    piece, shot = placed.piece, episode.shot(placed.piece.key)
    return SheetEntry(
        key=piece.key,
        image_path=picture,
        caption=shot.dialogue[0].text if shot.dialogue else "",
        state=outcome.state.value,
        duration_s=Decimal(round(placed.span.frames / episode.master.fps * 100)) / 100,
        scene_title=shot.scene_title,
        size=None if piece.clip is None else _size(piece.clip),
        notes=len(placed.notes),
    )
