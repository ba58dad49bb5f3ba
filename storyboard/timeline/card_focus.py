"""What a narrower picture must show of a card: the middle of its texts. Pure, and without measuring letters.

Lines that the layout breaks further make a text a little higher than is counted here.
"""

from __future__ import annotations

from fractions import Fraction

from storyboard.card_piece import CardGroup, CardLook
from storyboard.deliveries import CENTER, Anchor
from storyboard.shot import MasterFormat


def card_focus(look: CardLook, master: MasterFormat) -> Anchor:
    """The middle of all that is written on a card; of the picture, where nothing is, or where it rolls."""
    if look.rolls or not look.texts:
        return CENTER
    boxes = [_box(group, master) for group in look.groups if group.texts]
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    return Anchor(x=_within((left + right) / 2), y=_within((top + bottom) / 2))


def _box(group: CardGroup, master: MasterFormat) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """Where a group's texts stand: left, top, right and bottom, as shares of width and height."""
    shorter = Fraction(min(master.width, master.height), master.height)
    sizes = sum(
        (len(text.rows) * Fraction(text.size) * Fraction(text.line_spacing) for text in group.texts), Fraction(0)
    )
    gaps = sum((Fraction(text.gap) for text in group.texts[1:]), Fraction(0))
    high = (sizes + gaps) * shorter / 100
    wide = max(Fraction(text.width) for text in group.texts) / 100
    left = Fraction(group.x) / 100 - Fraction(group.anchor.across) * wide
    top = Fraction(group.y) / 100 - Fraction(group.anchor.down) * high
    return left, top, left + wide, top + high


def _within(share: Fraction) -> Fraction:
    return min(Fraction(1), max(Fraction(0), share))
