"""Several takes of a shot in one film, beside each other or in rows, each with its number and what is said of it.

All begin together and run in step, frame by frame at the master's rate; one that ends first is held on its last frame.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from render.animatic.lettering import LEADING, line_mask, shorten
from render.cut.conform import ClipPart, conformed_part
from render.media.ffmpeg import Progress, run
from render.media.ffmpeg_needs import need_for_comparison
from render.media.graph import Stream, merge, sink, source, still
from storyboard.continuity.timing import frame_count
from storyboard.shot import MasterFormat
from storyboard.takes import ClipFacts
from storyboard.timeline.source_range import Shown

MOST = 9
"""Takes that are still to be seen beside each other."""

_WIDEST, _HIGHEST = 1920, 1080  # pixels of the film, about
_LETTERS = 0.055  # of a picture's shorter side
_SMALLEST = 12  # pixels
_GROUND, _INK = "#101114", (236, 236, 232)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One of the takes: its clip, and the line under its picture."""

    clip: Path
    facts: ClipFacts
    line: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Where pictures stand: in so many columns and rows, each of so many pixels above a line of text."""

    columns: int
    rows: int
    width: int
    height: int
    line: int  # height of the line of text

    def at(self, place: int) -> tuple[int, int]:
        """The left upper corner of picture number `place`, from 0."""
        row, column = divmod(place, self.columns)
        return column * self.width, row * (self.height + self.line)


def grid_of(count: int, master: MasterFormat, *, stacked: bool) -> Grid:
    """A grid for so many takes: one column where they are stacked, else as near to a square as it gets.

    The film is at most about as large as a screen. All sizes are even, as video wants them.
    """
    upright = master.height > master.width
    columns = 1 if stacked else count if count <= (4 if upright else 2) else ceil(sqrt(count))
    rows = ceil(count / columns)
    share = min(1.0, _WIDEST / (columns * master.width), _HIGHEST / (rows * master.height))
    width, height = _even(master.width * share), _even(master.height * share)
    letters = max(_SMALLEST, round(min(width, height) * _LETTERS))
    return Grid(columns, rows, width, height, _even(letters * LEADING * 1.2))


async def compare(
    takes: Sequence[Compared],
    master: MasterFormat,
    target: Path,
    *,
    heard: int = 0,
    stacked: bool = False,
    progress: Progress | None = None,
) -> None:
    """Write the film of these takes, at most MOST, to `target` (.mp4), with the sound of take number `heard`, from 0.

    Raises MediaError where a clip cannot be decoded, or ffmpeg lacks what is needed; nothing is left of the film then.
    """
    await asyncio.to_thread(need_for_comparison)
    grid = grid_of(len(takes), master, stacked=stacked)
    frames = [frame_count(each.facts.duration_s, master.fps) for each in takes]
    seconds = max(frames) / master.fps
    with TemporaryDirectory(prefix=".compare.", dir=target.parent) as folder:
        cells = []
        for number, (take, own) in enumerate(zip(takes, frames, strict=True)):
            shown = Shown(0, own, held_after=max(frames) - own)
            cells.append(await _cell(take, shown, grid, master, Path(folder) / f"{number}.mp4"))
        layout = "|".join(f"{x}_{y}" for x, y in (grid.at(place) for place in range(len(cells))))
        picture = merge(cells, "xstack", inputs=len(cells), layout=layout, fill=_GROUND)
        sound = [source(takes[heard].clip).audio] if takes[heard].facts.audio_s is not None else []
        graph = sink([picture, *sound], target, t=float(seconds), **_OPTIONS)
        await run(graph, what="lay the takes beside each other", total_s=float(seconds), progress=progress)


async def _cell(take: Compared, shown: Shown, grid: Grid, master: MasterFormat, clip: Path) -> Stream:
    """One picture above its line of text. `clip` is a name of its own in the graph: two takes may have one clip."""
    line = await asyncio.to_thread(_prepared, take, grid, clip)
    picture = await conformed_part(ClipPart(path=clip, clip=take.facts, shown=shown), master)
    sized = picture.filter("scale", w=grid.width, h=grid.height, flags="bicubic").filter("setsar", 1)
    padded = sized.filter("pad", grid.width, grid.height + grid.line, 0, 0, _GROUND)
    lettered = still(line, grid.width, grid.line)
    return merge([padded, lettered], "overlay", x=0, y=grid.height, format="yuv420", eof_action="repeat")


def _prepared(take: Compared, grid: Grid, clip: Path) -> Path:
    """Give the clip its name, and draw its line beside it; returns the picture of that."""
    clip.symlink_to(take.clip.absolute())
    line = clip.with_suffix(".rgb")
    line.write_bytes(_lettered(take.line, grid).tobytes())
    return line


def _lettered(text: str, grid: Grid) -> Image.Image:
    """A line of text as a picture, as wide as a cell, shortened where it has no room."""
    size = round(grid.line / (LEADING * 1.2))
    mask = line_mask(shorten(text, size, grid.width - 2 * size), size)
    picture = Image.new("RGB", (grid.width, grid.line), _GROUND)
    picture.paste(_INK, (size, (grid.line - mask.height) // 2), mask)
    return picture


def _even(pixels: float) -> int:
    return max(2, round(pixels / 2) * 2)


_OPTIONS: dict[str, object] = {
    "format": "mp4",
    "c:v": "libx264",
    "preset": "veryfast",
    "crf": 18,
    "pix_fmt": "yuv420p",
    "c:a": "aac",
    "b:a": "192k",
    "ac": 2,
    "map_metadata": -1,
    "movflags": "+faststart",
}
