"""A delivery that crops shows all that is written on a card, where its window is as large as that."""

from __future__ import annotations

from fractions import Fraction

import pytest

from render.cards.typesetting import around
from storyboard.card_piece import Anchor, CardGroup
from storyboard.deliveries import CENTER
from storyboard.shot import MasterFormat
from storyboard.timeline.card_focus import card_focus
from storyboard.timeline.crop_windows import corner, window_size
from tests.render.cards.boards import group, laid_out, look, text

UPRIGHT, WIDE = MasterFormat(90, 160, Fraction(24)), MasterFormat(160, 90, Fraction(24))


def listed(anchor: Anchor, *, x: float | None = None, y: float | None = None) -> CardGroup:
    rows = [("Voices", "all of us"), ("Typeface", "one"), ("Door", "seven")]
    heading, rest = text("Cycle", size=11, width=60), text(*rows, size=5, gap=6, width=60, line_spacing="1.6")
    return group(heading, rest, anchor=anchor, x=x, y=y)


@pytest.mark.parametrize("master", [UPRIGHT, WIDE], ids=["upright", "wide"])
@pytest.mark.parametrize("anchor", Anchor)
def test_a_square_window_shows_every_letter(anchor: Anchor, master: MasterFormat) -> None:
    """Wherever the texts stand on the card."""
    shown = look(listed(anchor))
    size = window_size(master, (100, 100))
    x, y = corner(card_focus(shown, master), size, master)
    left, top, right, bottom = around([line.ink for line in laid_out(shown, master).lines])
    assert x <= left
    assert right <= x + size[0]
    assert y <= top
    assert bottom <= y + size[1]


def test_what_is_written_far_apart_is_looked_at_in_its_middle() -> None:
    """Neither the one group nor the other is preferred."""
    apart = look(listed(Anchor.TOP, y=5), listed(Anchor.BOTTOM, y=95))
    assert card_focus(apart, UPRIGHT).y == Fraction(1, 2)


def test_a_card_that_says_nothing_or_rolls_is_shown_in_its_middle() -> None:
    """There is no one place to look at."""
    assert card_focus(look(), UPRIGHT) == CENTER
    assert card_focus(look(listed(Anchor.TOP), rolls=True), UPRIGHT) == CENTER
