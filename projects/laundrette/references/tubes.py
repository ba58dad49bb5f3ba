"""The letters of the neon signs, as the tubes that they are bent of, and the moon."""

from __future__ import annotations

from neon import MOON, Board, Point, arc

_LETTERS: dict[str, list[list[Point]]] = {  # in a cell one wide and one and a half high
    "A": [[(0, 1.5), (0.5, 0), (1, 1.5)], [(0.2, 0.95), (0.8, 0.95)]],
    "C": [arc(0.55, 0.75, 1.1, 1.5, 310, 50)],
    "E": [[(0.9, 0), (0.1, 0), (0.1, 1.5), (0.9, 1.5)], [(0.1, 0.72), (0.75, 0.72)]],
    "G": [[*arc(0.55, 0.75, 1.1, 1.5, 315, 20), (1.05, 0.82), (0.62, 0.82)]],
    "H": [[(0.05, 0), (0.05, 1.5)], [(0.95, 0), (0.95, 1.5)], [(0.05, 0.75), (0.95, 0.75)]],
    "L": [[(0.1, 0), (0.1, 1.5), (0.9, 1.5)]],
    "N": [[(0.05, 1.5), (0.05, 0), (0.95, 1.5), (0.95, 0)]],
    "O": [arc(0.5, 0.75, 1.1, 1.5, 0, 360)],
    "P": [[(0.1, 1.5), (0.1, 0), *arc(0.5, 0.4, 0.9, 0.8, -90, 90), (0.1, 0.8)]],
    "S": [[*arc(0.5, 0.38, 0.86, 0.76, -30, -270), *arc(0.5, 1.12, 0.9, 0.76, -90, 150)]],
    "U": [[(0.05, 0), (0.05, 1.0), *arc(0.5, 1.0, 0.9, 1.0, 180, 0), (0.95, 0)]],
    "W": [[(0, 0), (0.27, 1.5), (0.55, 0.35), (0.83, 1.5), (1.1, 0)]],
    "2": [[*arc(0.5, 0.42, 0.84, 0.84, -170, 30), (0.08, 1.5), (0.92, 1.5)]],
    "4": [[(0.95, 1.05), (0.02, 1.05), (0.68, 0), (0.68, 1.5)]],
    "7": [[(0.05, 0), (0.95, 0), (0.4, 1.5)]],
}


def sign(
    board: Board, word: str, x: float, y: float, size: float, colour: str, width: float = 7, dark: str = ""
) -> None:
    """A word of tubes from its top left; letters of `dark` do not burn."""
    for place, letter in enumerate(word):
        for stroke in _LETTERS.get(letter, []):
            path = [(x + (place * 1.5 + px) * size, y + py * size) for px, py in stroke]
            if letter in dark:
                board.line(path, width, "#4a2a55")
            else:
                board.tube(path, colour, width)


def moon(board: Board, x: float, y: float, across: float, halo: float = 1.0) -> None:
    """The full moon: its light on the sky, its seas and its craters."""
    board.glow(x, y, across * 1.9, "#7a5fd0", 0.55 * halo)
    board.glow(x, y, across * 1.0, "#ffdca0", 0.5 * halo)
    face = board.oval(x, y, across, across, MOON, "#ffd9a8")
    for dx, dy, wide, high in (
        (-0.17, -0.16, 0.3, 0.24),
        (0.05, -0.22, 0.22, 0.18),
        (-0.2, 0.1, 0.22, 0.3),
        (0.12, -0.02, 0.24, 0.2),
        (0.03, 0.22, 0.16, 0.12),
    ):
        board.oval(x + dx * across, y + dy * across, wide * across, high * across, "#e8bf98", strength=0.5)
    for dx, dy, size in ((0.27, 0.16, 0.09), (0.2, 0.32, 0.06), (-0.05, 0.36, 0.08), (0.33, -0.14, 0.06)):
        board.oval(x + dx * across, y + dy * across, size * across, size * across, "#f3d3ae")
        ring = arc(x + dx * across, y + dy * across, size * across, size * across, 200, 330, 16)
        board.line(ring, across * 0.008, "#c99a7c")
    board.dots(face, "#d7a184", across / 40, 0.35)
    board.rim(face, across * 0.012, across * 0.012, "#ffffff", 0.8)
