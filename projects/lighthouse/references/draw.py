"""Draws every picture of "The Last Lamp" and its theme: `python draw.py` writes them beside this file.

The pictures are committed, so nobody needs to run this to render the series. They come out the same every time.
"""

from __future__ import annotations

from pathlib import Path

import indoors
import outdoors
import people
import theme
from gouache import Sheet, keep
from PIL import Image

HERE = Path(__file__).parent


def main() -> None:
    """Write the locations, the cast, the prop, the style board and the theme."""
    for place in (outdoors.headland, indoors.lamp_room, indoors.kitchen, outdoors.slipway):
        keep(place(), HERE / "locations" / f"{place.__name__}.webp")
    for member in (people.mara, people.mara_storm, people.edda, people.voss):
        keep(member(), HERE / "cast" / f"{member.__name__}.webp")
    keep(people.logbook(), HERE / "props/logbook.webp")
    keep(style_board(), HERE / "styles/gouache.webp")
    theme.write(HERE / "music/theme.mp3")


def style_board() -> Image.Image:
    """The style board: the series' colours as brushed patches."""
    sheet = Sheet(960, 540, 41, ((0, "#efe6d4"), (1, "#e6dac3")))
    rows = (
        ("#0d1b2a", "#15303f", "#1d4a5c", "#3d6a70", "#7d9c90", "#a9cdc8"),
        ("#3a2b2c", "#6b4a3b", "#b06a3c", "#ff9a3d", "#ffd27a", "#fff2cf"),
        ("#4a4e57", "#7c2f32", "#c4473b", "#e9b232", "#6f94a6", "#f0c9a0"),
    )
    for row, colours in enumerate(rows):
        for column, colour in enumerate(colours):
            x, y = 58 + column * 145, 48 + row * 156
            edge = [
                (x, y + 4),
                (x + 60, y - 4),
                (x + 122, y + 3),
                (x + 126, y + 66),
                (x + 121, y + 128),
                (x + 58, y + 132),
                (x - 3, y + 127),
                (x - 4, y + 60),
            ]
            sheet.shape(edge, colour, rough=1.6, grain=1.6)
    return sheet.finished()


if __name__ == "__main__":
    main()
