"""The contact sheet: every shot of an episode as one small picture, scene by scene, to be read at a glance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageDraw

from render.animatic.lettering import line_mask, shorten, width
from render.errors import MediaError
from render.media.pictures import decoded, fitted, laid_on
from render.media.striped_jpeg import write_strips
from storyboard.shot_key import ShotKey
from storyboard.text.decimals import plain_decimal
from storyboard.text.printable import one_line

_WIDTH = 1920  # pixels, whatever the number of shots
_MARGIN, _GAP = 48, 20
_PAPER, _INK, _FAINT, _EMPTY = (246, 243, 236), (32, 34, 40), (120, 118, 112), (224, 219, 208)
_GROUND = (18, 19, 22)  # behind pictures
_MARKS = {
    "stale": (214, 150, 42),
    "failed": (196, 66, 54),
    "refused": (196, 66, 54),
    "missing": (196, 66, 54),
    "blocked": (150, 96, 60),
    "unknown": (150, 80, 150),
    "waived": (110, 112, 118),
    "planned": (110, 112, 118),
    "running": (60, 120, 170),
}
_NOTED = (255, 176, 32)
_HEADING, _TEXT, _QUALITY = 30, 17, 86
_SCENE = round(_HEADING * 1.8)  # rows of pixels that a scene's name has
_TOP = _MARGIN + _SCENE
_MOST_WEIGHED = 8_000_000
"""Pixels of a sheet that is written as small as it can be, whole; a larger one is drawn and written in strips."""

Colour = tuple[int, int, int]
Box = tuple[int, int]
"""Width and height in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetEntry:
    """One shot on the sheet. `key` is `SCENE/SHOT`; `image_path` is None where there is no picture of it.

    Where `image_path` is a thumbnail, made to fit `cell_box`, `size` is that of the picture that it shows (pixels).
    """

    key: str
    image_path: Path | None
    caption: str
    state: str
    duration_s: Decimal
    scene_title: str = ""  # how people call its scene; by its id where it has no title
    size: Box | None = None  # None: that of `image_path`
    notes: int = 0  # how many there are on the take that is shown

    @property
    def scene(self) -> str:
        """The part of the key that shots of one scene share."""
        return ShotKey.parse(self.key).scene


Scenes = Sequence[tuple[str, Sequence[SheetEntry]]]
"""The shots of each scene, with its id."""


@dataclass(frozen=True, slots=True)
class _Grid:
    """How the sheet is divided: so many columns of cells, all of one size."""

    columns: int
    cell_width: int
    picture_height: int

    @property
    def cell_height(self) -> int:
        return self.picture_height + round(_TEXT * 3.4)

    def rows(self, count: int) -> int:
        return -(-count // self.columns)


def contact_sheet(entries: Sequence[SheetEntry], title: str, target: Path) -> None:
    """Write the sheet as a JPEG. Shots keep their order; one without a picture shows its state in its place.

    A picture that cannot be opened counts as missing: a report never stops a cut. OSError where `target` cannot be
    written.
    """
    scenes = [(scene, list(shots)) for scene, shots in groupby(entries, key=lambda entry: entry.scene)]
    grid = _grid(len(entries), next(filter(None, map(_size, entries)), None))
    rows = sum(grid.rows(len(shots)) for _, shots in scenes)
    height = _TOP + len(scenes) * _SCENE + rows * (grid.cell_height + _GAP) + _MARGIN
    strips = _strips(entries, title, scenes, grid)
    if height * _WIDTH > _MOST_WEIGHED:
        write_strips(strips, height, target, quality=_QUALITY)
    else:
        _whole(strips, height).save(target, format="JPEG", quality=_QUALITY, optimize=True)


def _strips(entries: Sequence[SheetEntry], title: str, scenes: Scenes, grid: _Grid) -> Iterator[Image.Image]:
    """The sheet from its top to its bottom, each part when it is asked for."""
    yield _heading(title, _summary(entries))
    for scene, shots in scenes:
        yield _scene_heading(shots[0].scene_title or scene or "–")
        for first in range(0, len(shots), grid.columns):
            yield _row(shots[first : first + grid.columns], grid)
    yield _paper(_MARGIN)


def _whole(strips: Iterable[Image.Image], height: int) -> Image.Image:
    sheet, top = _paper(height), 0
    for strip in strips:
        sheet.paste(strip, (0, top))
        top += strip.height
    return sheet


def _paper(height: int) -> Image.Image:
    return Image.new("RGB", (_WIDTH, height), _PAPER)


def _heading(title: str, summary: str) -> Image.Image:
    strip = _paper(_TOP)
    _write(strip, (_MARGIN, _MARGIN // 2), title, round(_HEADING * 1.25), colour=_INK, room=_WIDTH * 0.6)
    _write_right(strip, _MARGIN // 2 + 10, summary)
    return strip


def _scene_heading(name: str) -> Image.Image:
    strip = _paper(_SCENE)
    _write(strip, (_MARGIN, 0), name, _HEADING - 6, colour=_FAINT, room=_WIDTH - 2 * _MARGIN)
    return strip


def _row(shots: Sequence[SheetEntry], grid: _Grid) -> Image.Image:
    strip = _paper(grid.cell_height + _GAP)
    for column, entry in enumerate(shots):
        _draw_cell(strip, (_MARGIN + column * (grid.cell_width + _GAP), 0), entry, grid)
    return strip


def cell_box(shots: int, first: Box | None) -> Box:
    """The size of every shot's picture on a sheet of so many shots, of which `first` is that of the first picture."""
    grid = _grid(shots, first)
    return grid.cell_width, grid.picture_height


def _grid(shots: int, first: Box | None) -> _Grid:
    """More columns for more shots; the cells take the ratio of the first picture."""
    columns = next((columns for most, columns in ((3, 3), (16, 4), (40, 5), (90, 6), (240, 8)) if shots <= most), 12)
    cell_width = (_WIDTH - 2 * _MARGIN - (columns - 1) * _GAP) // columns
    ratio = 16 / 9 if first is None else first[0] / first[1]
    return _Grid(columns, cell_width, round(cell_width / min(2.4, max(0.75, ratio))))


def _size(entry: SheetEntry) -> Box | None:
    if entry.size is not None:
        return entry.size
    picture = _open(entry.image_path)
    return None if picture is None else picture.size


def _open(path: Path | None) -> Image.Image | None:
    if path is None:
        return None
    try:
        return laid_on(decoded(path, about=800), _GROUND)
    except (MediaError, OSError):
        return None


def _draw_cell(sheet: Image.Image, at: tuple[int, int], entry: SheetEntry, grid: _Grid) -> None:
    left, top = at
    frame = Image.new("RGB", (grid.cell_width, grid.picture_height), _EMPTY)
    picture = _open(entry.image_path)
    if picture is None:
        _cross_out(frame, entry.state)
    else:
        small = fitted(picture, frame.size)
        frame.paste(_GROUND, (0, 0, *frame.size))
        frame.paste(small, ((frame.width - small.width) // 2, (frame.height - small.height) // 2))
    _mark(frame, entry.state)
    _mark_notes(frame, entry.notes)
    sheet.paste(frame, at)
    line = top + grid.picture_height + 6
    seconds = f"{plain_decimal(entry.duration_s)} s"
    room = grid.cell_width - width(seconds, _TEXT) - 12
    _write(sheet, (left, line), entry.key, _TEXT, colour=_INK, room=room)
    _write(
        sheet,
        (round(left + grid.cell_width - width(seconds, _TEXT) - 2), line),
        seconds,
        _TEXT,
        colour=_FAINT,
        room=200,
    )
    _write(sheet, (left, line + round(_TEXT * 1.4)), entry.caption, _TEXT - 2, colour=_FAINT, room=grid.cell_width)


def _cross_out(frame: Image.Image, state: str) -> None:
    """An empty frame with a diagonal, and the state in words across it."""
    pen = ImageDraw.Draw(frame)
    pen.line([(0, frame.height), (frame.width, 0)], fill=_MARKS.get(state, _FAINT), width=2)
    words = state if state != "done" else "no picture"
    mask = line_mask(shorten(words, 26, frame.width - 20), 26)
    at = (frame.width - mask.width) // 2, (frame.height - mask.height) // 2
    pen.rectangle((at[0] - 12, at[1] - 2, at[0] + mask.width + 12, at[1] + mask.height + 2), fill=_EMPTY)
    frame.paste(_MARKS.get(state, _FAINT), at, mask)


def _mark(frame: Image.Image, state: str) -> None:
    """A bar along the foot in the state's colour; a shot that is done needs none."""
    if colour := _MARKS.get(state):
        frame.paste(colour, (0, frame.height - 6, frame.width, frame.height))
        label = line_mask(state, 15)
        frame.paste(colour, (0, frame.height - label.height - 8, label.width + 18, frame.height))
        frame.paste((255, 255, 255), (9, frame.height - label.height - 5), label)


def _mark_notes(frame: Image.Image, notes: int) -> None:
    """In the upper right corner, how many notes there are."""
    if notes:
        label = line_mask(f"{notes} {'note' if notes == 1 else 'notes'}", 15)
        left = frame.width - label.width - 18
        frame.paste(_NOTED, (left, 0, frame.width, label.height + 8))
        frame.paste(_INK, (left + 9, 3), label)


def _write(sheet: Image.Image, at: tuple[int, int], text: str, size: int, *, colour: Colour, room: float) -> None:
    if text.strip():
        sheet.paste(colour, at, line_mask(shorten(one_line(text), size, room), size))


def _write_right(sheet: Image.Image, top: int, text: str) -> None:
    mask = line_mask(text, _TEXT + 1)
    sheet.paste(_FAINT, (_WIDTH - _MARGIN - mask.width, top), mask)


def _summary(entries: Sequence[SheetEntry]) -> str:
    total = sum((entry.duration_s for entry in entries), Decimal(0))
    missing = sum(entry.image_path is None for entry in entries)
    shots = f"{len(entries)} {'shot' if len(entries) == 1 else 'shots'}, {plain_decimal(total)} s"
    return f"{shots}, {missing} without a picture" if missing else shots
