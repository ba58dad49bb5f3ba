"""Texts stand where they should in every ratio, shrink where they must, and never leave the picture."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from render.cards.card_art import card_picture
from render.cards.card_layout import LEAST, DoesNotFit, lay_out
from storyboard.card_piece import Align, Anchor, CardLook
from storyboard.shot import MasterFormat
from tests.render.cards.boards import MASTER, RATIOS, group, laid_out, lit, look, text

LETTERS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)


def drawn(shown: CardLook, size: tuple[int, int] = (160, 90)) -> Image.Image:
    """The card as it stands."""
    master = MasterFormat(*size, Fraction(24))
    return card_picture(laid_out(shown, master), Image.new("RGB", size))


@pytest.mark.parametrize("size", RATIOS, ids=str)
@pytest.mark.parametrize("anchor", Anchor)
def test_a_text_stands_at_its_anchor(anchor: Anchor, size: tuple[int, int]) -> None:
    """Nine places, in every ratio: ten percent from the edges, or in the middle, to a pixel or two of its letters."""
    align = (Align.LEFT, Align.CENTER, Align.RIGHT)[int(anchor.across * 2)]
    left, top, right, bottom = lit(drawn(look(group(text("HHH", size=14, align=align), anchor=anchor)), size))
    width, height = size
    slack = 0.14 * min(size) * 0.3 + 1.5  # the room that a line leaves above and below its capitals
    where = {0: left - 0.1 * width, 1: (left + right - width) / 2, 2: right - 0.9 * width}[int(anchor.across * 2)]
    assert abs(where) <= 2
    where = {0: top - 0.1 * height, 1: (top + bottom - height) / 2, 2: bottom - 0.9 * height}[int(anchor.down * 2)]
    assert abs(where) <= slack


@pytest.mark.parametrize("size", RATIOS, ids=str)
def test_letters_are_a_share_of_the_shorter_side(size: tuple[int, int]) -> None:
    """One template serves every ratio: capitals are about seven tenths of the size that is written."""
    _, top, _, bottom = lit(drawn(look(group(text("H", size=40))), size))
    assert bottom - top == pytest.approx(0.4 * min(size) * 0.7, abs=2)


def test_texts_of_one_group_stand_below_each_other() -> None:
    """With the gap that is written, and never over each other, however many lines the first one takes."""
    for words in ("One", "One more winter is all that anyone ever asks"):
        upper, lower = text(words, size=10), text("below", size=10, gap=5)
        layout = laid_out(look(group(upper, lower)))
        above = [line.ink[3] for line in layout.lines if line.text is upper]
        below = [line.ink[1] for line in layout.lines if line.text is lower]
        assert max(above) < min(below)


def test_a_text_that_needs_more_room_becomes_smaller() -> None:
    """With all of its group, and only as far as it must."""
    shown = look(group(text("WWWWWWWWW WWWWWWWWW", size=20), text("x", size=10)))
    layout = laid_out(shown)
    ((_, share),) = layout.shrunk
    assert LEAST <= share < 1
    sizes = {line.line.size for line in layout.lines}
    assert sizes == {round(0.2 * 90 * share), round(0.1 * 90 * share)}


@pytest.mark.parametrize("words", ["W" * 60, "One more winter. " * 40])
def test_a_text_that_cannot_fit_is_refused(words: str) -> None:
    """A word that is too wide, or lines that are too many, even at the smallest size."""
    with pytest.raises(DoesNotFit, match="50% of its size") as refused:
        laid_out(look(group(text("fine", size=5), text(words, size=20))))
    assert refused.value.text.rows == ((words,),)


def test_words_are_never_parted() -> None:
    """A line ends between words."""
    words = "One more winter is all that anyone ever asks of a lamp"
    layout = laid_out(look(group(text(words, size=8))))
    assert len(layout.lines) > 1
    assert " ".join(part.text for line in layout.lines for part in line.line.glyphs) == words


def test_roles_end_where_names_begin() -> None:
    """Two columns around the middle; a name without a role stands in the middle."""
    rows = text(("Directed by", "Ann"), ("", "Bo"), "Thanks", size=8)
    layout = laid_out(look(group(rows)))
    said = {"".join(part.text for part in line.line.glyphs): line for line in layout.lines}
    assert said["Directed by"].ink[2] < 80 < said["Ann"].x
    assert said["Ann"].x == said["Bo"].x
    left, _, right, _ = said["Thanks"].ink
    assert (left + right) / 2 == pytest.approx(80, abs=2)
    assert said["Directed by"].strength < said["Ann"].strength == 1


def test_what_leaves_the_safe_area_is_told() -> None:
    """Where it stands near the edge because it was put there."""
    near = text("edge", size=6)
    assert laid_out(look(group(near, anchor=Anchor.TOP, y=1))).unsafe == (near,)
    assert laid_out(look(group(near, anchor=Anchor.TOP, y=8))).unsafe == ()


def test_tracking_parts_letters() -> None:
    """By its share of their height, and not behind the last."""
    plain, spaced = (laid_out(look(group(text("HHHH", size=10, tracking=each)))).lines[0].line for each in (0, 100))
    assert spaced.width == pytest.approx(plain.width + 3 * 9, abs=0.1)
    assert len(spaced.glyphs) == 4


@given(
    words=st.lists(LETTERS, min_size=1, max_size=4),
    size=st.sampled_from([3, 8, 20, 60]),
    ratio=st.sampled_from([*RATIOS, (64, 256), (256, 64)]),
    tracking=st.sampled_from([-10, 0, 50]),
    spot=st.tuples(st.sampled_from(Anchor), st.integers(0, 100), st.integers(0, 100)),
)
def test_nothing_leaves_the_picture(
    words: list[str], size: int, ratio: tuple[int, int], tracking: int, spot: tuple[Anchor, int, int]
) -> None:
    """Any text at any size and place is in the picture whole, or refused."""
    anchor, x, y = spot
    shown = look(group(text(*words, size=size, tracking=tracking, width=100), anchor=anchor, x=x, y=y))
    master = MasterFormat(*ratio, Fraction(24))
    try:
        layout = laid_out(shown, master)
    except DoesNotFit:
        return
    for line in layout.lines:
        canvas = Image.new("L", (ratio[0] + 200, ratio[1] + 200))
        line.line.draw(canvas, line.x + 100, line.baseline + 100)
        left, top, right, bottom = canvas.getbbox() or (100, 100, 100, 100)
        assert left >= 100 <= top
        assert right <= ratio[0] + 100
        assert bottom <= ratio[1] + 100


def test_an_empty_card_is_its_ground() -> None:
    """No text is no mistake."""
    assert lay_out(look(), MASTER, lambda _: ()).lines == ()
