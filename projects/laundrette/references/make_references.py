"""Draws and synthesises all that "Night Cycle" is made of: `python make_references.py` writes it beside this file.

The files are committed, so nobody needs to run this to render the series. Pictures and music come out the same every
time; voices are made again where espeak-ng is installed. With names (`make_references.py bolo roof`) it makes those
alone: pictures by theirs, `neon` (the style board), `music`, `effects`, `voices`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import effects
import machines
import night_music
import places
import voices
from neon import Board, keep
from PIL import Image
from tubes import moon, sign

HERE = Path(__file__).parent


def style_board() -> Image.Image:
    """The style board: enamel colours, tubes and dots on the night."""
    board = Board(540, 960, ((0, "#150b30"), (0.6, "#3b1a5e"), (1, "#8a3a74")), seed=2)
    moon(board, 380, 180, 190)
    sign(board, "LUNA", 60, 130, 44, "#ff4f9a", 7)
    sign(board, "24", 62, 248, 40, "#5ef2c6", 6)
    rows = (
        ("#8ff5d8", "#2c7a92"),
        ("#ff8f62", "#9a2f5e"),
        ("#ff5f96", "#8a2472"),
        ("#ffe9cf", "#d9a08a"),
        ("#ffb84d", "#d96a6a"),
    )
    for row, (top, foot) in enumerate(rows):
        patch = board.box(60, 372 + row * 112, 300, 462 + row * 112, 26, top, foot)
        board.dots(patch, "#2a1450", 9, 0.5)
        board.rim(patch, 5, 4, "#fff4e4", 0.85)
        door = board.oval(400, 417 + row * 112, 92, 92, "#fbeee2", "#a987b4")
        board.rim(door, 3, 3, "#ffffff", 0.9)
        board.oval(400, 417 + row * 112, 68, 68, top, foot)
    return board.finished()


PICTURES = {
    "locations": (places.street, places.street_dark, places.laundrette, places.roof),
    "cast": (machines.bolo, machines.bolo_moon, machines.vera, machines.vera_quiet, machines.penny),
    "props": (machines.seven,),
}


def main(names: list[str]) -> None:
    """Write the pictures of these names, or everything."""
    for folder, drawings in PICTURES.items():
        for draw in drawings:
            if not names or draw.__name__ in names:
                keep(draw(), HERE / folder / f"{draw.__name__}.webp")
    if not names or "neon" in names:
        keep(style_board(), HERE / "styles/neon.webp")
    if not names or "music" in names:
        night_music.write_music(HERE / "music")
    if not names or "effects" in names:
        effects.write_effects(HERE / "effects")
    if not names or "voices" in names:
        voices.write_voices(HERE / "voices")


if __name__ == "__main__":
    main(sys.argv[1:])
