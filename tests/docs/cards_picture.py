"""Draws the picture of `docs/cards.md`: the built-in cards in three formats. `python -m tests.docs.cards_picture`."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageOps

from render.cards.card_art import card_frames, draw_ground
from render.cards.card_fonts import CardFonts
from render.cards.card_layout import lay_out
from storyboard.card_piece import Card
from storyboard.expand.expansion import expand
from storyboard.loading import load_project
from storyboard.shot import MasterFormat
from tests.projects import episode_file, scene, shot, write_project

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "docs" / "images" / "cards.webp"
STILL = ROOT / "projects" / "lighthouse" / "references" / "locations" / "lamp_room.webp"
FORMATS = ((640, 360), (360, 640), (480, 480))
_HEIGHT, _GAP = 200, 6  # pixels of the picture
_CREDITS = [
    {"role": "Directed by", "name": "Ann Weaver"},
    {"role": "Written by", "name": ["Ann Weaver", "Bo Lind"]},
    {"role": "Music", "name": "Cy Aldane"},
    {"name": "Thanks to the harbour of Sund"},
]


def cards() -> tuple[Card, ...]:
    """The built-in ones, as an episode of the example would use them."""
    keys = {"title_card": "title", "scene_card": "scene", "credits_card": "credits", "credits": _CREDITS}
    episode = episode_file("e01", scene("lamp", shot("010"), title="The lamp room, midnight"), **keys)
    with TemporaryDirectory() as folder:
        return expand(load_project(write_project(Path(folder), episodes={"e01": episode})), "e01").cards


def drawn(card: Card, size: tuple[int, int]) -> Image.Image:
    """The middle frame of a card."""
    master = MasterFormat(*size, Fraction(24))
    layout = lay_out(card.look, master, CardFonts(Path).faces)
    ground = draw_ground(card.look.ground, STILL if card.look.ground.hold else None, master)
    frames = list(card_frames(card, layout, ground, master))
    return Image.frombytes("RGB", size, frames[len(frames) // 2])


def picture() -> Image.Image:
    """All of them side by side, a row a card."""
    wide = sum(round(_HEIGHT * width / height) + _GAP for width, height in FORMATS) - _GAP
    made = cards()
    sheet = Image.new("RGB", (wide, (_HEIGHT + _GAP) * len(made) - _GAP), "#ffffff")
    for row, card in enumerate(made):
        left = 0
        for size in FORMATS:
            shown = ImageOps.contain(drawn(card, size), (wide, _HEIGHT), Image.Resampling.LANCZOS)
            sheet.paste(shown, (left, row * (_HEIGHT + _GAP)))
            left += shown.width + _GAP
    return sheet


if __name__ == "__main__":
    picture().save(TARGET, quality=82, method=6)
