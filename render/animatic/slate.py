"""The slate that stands in a gap of the cut: which shot is missing, why, and how long the gap lasts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw

from render.animatic.lettering import block_mask, line_mask, shorten, wrap
from render.animatic.strip import letter_size, running_time
from render.cut import house_encoder
from render.media import ffmpeg
from render.media.graph import raw_frames
from storyboard.shot import MasterFormat
from storyboard.text.printable import one_line

_GROUND = (30, 32, 37)
_BAR = (44, 47, 54)
_INK = (240, 237, 230)
_FAINT = (160, 162, 168)
_RED = (226, 88, 74)


async def draw_slate(key: str, title: str, reason: str, *, frames: int, master: MasterFormat, target: Path) -> None:
    """Write a silent slate of exactly so many frames, in the pieces' own format, so that the cut can copy it.

    `title` is the scene's; `reason` completes "missing:". Raises MediaError where it cannot be written.
    """
    await ffmpeg.run(
        house_encoder.output(raw_frames(master.width, master.height, master.fps), None, target, master),
        what=f"draw the slate of {key}",
        total_s=float(frames / master.fps),
        feed=slate_frames(key, title, reason, frames, master),
    )


def slate_frames(key: str, title: str, reason: str, frames: int, master: MasterFormat) -> Iterator[bytes]:
    """The slate's frames as raw RGB: all alike but for the running time and the line that fills up."""
    size = letter_size(master.width, master.height)
    board = _board(key, title, reason, master)
    left, foot = round(master.width * 0.1), round(master.height * 0.84)
    for frame in range(frames):
        picture = board.copy()
        times = f"{running_time(frame, master.fps)}  /  {running_time(frames, master.fps)}"
        picture.paste(_FAINT, (left, foot), line_mask(times, size))
        reached = left + round(master.width * 0.8 * (frame + 1) / frames)
        picture.paste(_RED, (left, foot - size // 2, reached, foot - size // 2 + max(1, size // 9)))
        yield picture.tobytes()


def _board(key: str, title: str, reason: str, master: MasterFormat) -> Image.Image:
    """Everything that stays the same: diagonal bars, the key in large letters, and why the shot is missing."""
    size = letter_size(master.width, master.height)
    board = Image.new("RGB", (master.width, master.height), _GROUND)
    _draw_bars(board, size)
    left, room = round(master.width * 0.1), master.width * 0.8
    top = round(master.height * 0.2)
    if title:
        board.paste(_FAINT, (left, top), line_mask(shorten(one_line(title), size, room), size))
    large = round(size * 3.4)
    board.paste(_INK, (left, top + round(size * 1.6)), line_mask(shorten(one_line(key), large, room), large))
    words = wrap(f"missing: {reason}", round(size * 1.4), room, 3 if master.width > master.height else 6)
    board.paste(_RED, (left, top + round(size * 7)), block_mask(words, round(size * 1.4)))
    return board


def _draw_bars(board: Image.Image, size: int) -> None:
    pen = ImageDraw.Draw(board)
    for x in range(-board.height, board.width, size * 8):
        corners = [
            (x, board.height),
            (x + board.height, 0),
            (x + board.height + size * 4, 0),
            (x + size * 4, board.height),
        ]
        pen.polygon(corners, fill=_BAR)
