"""Cards for tests: looks from a few words, laid out and drawn at tiny sizes, in the one font that every machine has."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from PIL import Image, ImageFont

from render.cards.card_fonts import CardFonts
from render.cards.card_layout import CardLayout, lay_out
from storyboard.card_piece import Align, Anchor, Card, CardGroup, CardKind, CardLook, CardText, Ground
from storyboard.errors import Position
from storyboard.shot import MasterFormat

MASTER = MasterFormat(160, 90, Fraction(24))
RATIOS = [(160, 90), (90, 160), (100, 100)]


def text(*rows: str | tuple[str, ...], **keys: Any) -> CardText:
    """A white text; rows are paragraphs, or roles and names."""
    given: Mapping[str, Any] = {
        "fonts": (),
        "size": 12,
        "colour": "#ffffff",
        "align": Align.CENTER,
        "width": 80,
        "line_spacing": "1.25",
        "tracking": 0,
        "gap": 0,
        "shadow": 0,
        "at": Position("cards/c.yaml", 4, 11),
        **keys,
    }
    exact = {
        name: Decimal(str(each)) if name in {"size", "width", "line_spacing", "tracking", "gap", "shadow"} else each
        for name, each in given.items()
    }
    return CardText(rows=tuple((row,) if isinstance(row, str) else row for row in rows), **exact)


def group(
    *texts: CardText, anchor: Anchor = Anchor.CENTER, x: float | None = None, y: float | None = None
) -> CardGroup:
    """Texts at an anchor, ten percent from the edges."""
    across = 10 + anchor.across * 80 if x is None else Decimal(str(x))
    down = 10 + anchor.down * 80 if y is None else Decimal(str(y))
    return CardGroup(anchor=anchor, x=Decimal(across), y=Decimal(down), texts=texts)


def look(*groups: CardGroup, colour: str = "#000000", **keys: Any) -> CardLook:
    """A look on a ground of one colour."""
    return CardLook(ground=keys.pop("ground", Ground(colour=colour)), groups=groups, **keys)


def card(shown: CardLook, frames: int = 24) -> Card:
    """A title card."""
    return Card(key="title", kind=CardKind.TITLE, before=None, frames=frames, look=shown)


def no_file(source: str) -> Path:
    """Where no file is looked for."""
    raise AssertionError(source)


def laid_out(shown: CardLook, master: MasterFormat = MASTER) -> CardLayout:
    """The layout in the built-in font."""
    return lay_out(shown, master, CardFonts(no_file).faces)


def lit(picture: Image.Image, least: int = 60) -> tuple[int, int, int, int]:
    """The box of all that is brighter than the black ground; nothing lit is a mistake of the test."""
    box = picture.convert("L").point(lambda level: 255 if level >= least else 0).getbbox()
    assert box is not None
    return box


def font_file(target: Path) -> Path:
    """The built-in font as a file."""
    source = ImageFont.load_default(16).path  # type: ignore[union-attr]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.getvalue())  # type: ignore[union-attr]
    return target
