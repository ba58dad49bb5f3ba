"""Every frame of a card as it is drawn: colours, grounds, fades and rolls."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from render.cards.card_art import card_frames, draw_ground
from storyboard.card_piece import Anchor, CardLook, Fade, Ground, PictureFit
from storyboard.shot import MasterFormat
from tests.render.cards.boards import MASTER, card, group, laid_out, lit, look, text

SIZE = (MASTER.width, MASTER.height)


def frames(shown: CardLook, count: int = 24, ground: Image.Image | None = None) -> list[Image.Image]:
    """All frames of a card."""
    behind = ground or draw_ground(shown.ground, None, MASTER)
    drawn = card_frames(card(shown, count), laid_out(shown), behind, MASTER)
    return [Image.frombytes("RGB", SIZE, each) for each in drawn]


def mean(picture: Image.Image) -> float:
    """How bright it is, 0 to 255."""
    return ImageStat.Stat(picture.convert("L")).mean[0]


def test_letters_and_ground_have_their_colours() -> None:
    """To the digit, in the middle of a stroke and in a corner."""
    (frame,) = frames(look(group(text("I", size=60, colour="#e0b040")), colour="#102030"), 1)
    left, top, right, bottom = lit(frame)
    assert frame.getpixel(((left + right) // 2, (top + bottom) // 2)) == (0xE0, 0xB0, 0x40)
    assert frame.getpixel((0, 0)) == (0x10, 0x20, 0x30)


def test_a_still_card_is_still() -> None:
    """Without fades all its frames are alike."""
    first, *rest = frames(look(group(text("still"))), 5)
    assert all(each.tobytes() == first.tobytes() for each in rest)


def test_the_picture_fades_from_black_and_to_it() -> None:
    """Over as many frames as are written, and never wholly black."""
    shown = look(group(text("x")), colour="#808080", fade_in_s=Decimal("0.25"), fade_out_s=Decimal("0.5"))
    levels = [frame.getpixel((0, 0))[0] for frame in frames(shown)]  # type: ignore[index]
    assert levels[:6] == sorted(levels[:6])
    assert 0 < levels[0] < levels[5] < 128
    assert levels[6:12] == [128] * 6
    assert levels[12:] == sorted(levels[12:], reverse=True)
    assert 0 < levels[-1] < 16


def test_only_the_text_fades_on_a_ground_that_stays() -> None:
    """As on the first frame of a shot, which then goes on."""
    shown = look(group(text("x", size=50)), colour="#404040", fade_in_s=Decimal("0.5"), fade=Fade.TEXT)
    drawn = frames(shown)
    assert all(frame.getpixel((0, 0)) == (0x40, 0x40, 0x40) for frame in drawn)
    brightness = [mean(frame) for frame in drawn[:12]]
    assert brightness == sorted(brightness)
    assert brightness[0] < brightness[-1]


def test_a_held_frame_is_darkened_as_the_text_comes_and_goes() -> None:
    """So that the shot whose frame it is begins without a seam."""
    ground, bare = Image.new("RGB", SIZE, "#404040"), Image.new("RGB", SIZE, "#808080")
    shown = look(group(text("x", size=20)), fade_in_s=Decimal("0.25"), fade_out_s=Decimal("0.25"), fade=Fade.TEXT)
    drawn = card_frames(card(shown, 24), laid_out(shown), ground, MASTER, bare=bare)
    levels = [Image.frombytes("RGB", SIZE, each).getpixel((0, 0))[0] for each in drawn]  # type: ignore[index]
    assert levels[:6] == sorted(levels[:6], reverse=True)
    assert levels[6:18] == [0x40] * 12
    assert levels[18:] == sorted(levels[18:])
    assert 0x80 - levels[-1] <= 10


def test_what_rolls_comes_from_below_and_leaves_above() -> None:
    """Once, at one pace: its first frame and its last show nothing of it, and each other one stands higher."""
    shown = look(group(text("HHH", "HHH", "HHH", size=10)), rolls=True)
    drawn = frames(shown, 40)
    assert mean(drawn[0]) == mean(drawn[-1]) == 0
    tops = [lit(frame)[1] for frame in drawn[8:24]]
    assert tops == sorted(tops, reverse=True)
    steps = {one - other for one, other in pairwise(tops)}
    assert steps <= {2, 3, 4}
    middle = lit(drawn[20])
    assert (middle[1] + middle[3]) / 2 == pytest.approx(45, abs=4)


def test_rolling_is_smooth() -> None:
    """Between two rows of pixels both are mixed, so the letters move on in each frame however slowly they roll."""
    shown = look(group(text("HHH", size=20)), rolls=True)
    drawn = frames(shown, 400)[150:170]
    heights = []
    for frame in drawn:
        column = frame.convert("L").resize((1, 90), Image.Resampling.BOX)
        levels = list(column.tobytes())
        heights.append(sum(row * level for row, level in enumerate(levels)) / sum(levels))
    steps = [one - other for one, other in pairwise(heights)]
    assert all(step == pytest.approx(108 / 399, abs=0.1) for step in steps)


@pytest.mark.parametrize("fit", PictureFit)
def test_a_picture_fills_or_stands_whole(fit: PictureFit, tmp_path: Path) -> None:
    """Cover cuts its edges off, contain shows the ground beside it; both are darkened."""
    Image.new("RGB", (50, 100), "#ff0000").save(tmp_path / "tall.png")
    ground = Ground(colour="#0000ff", picture="tall.png", fit=fit, darken=Decimal(50))
    drawn = draw_ground(ground, tmp_path / "tall.png", MASTER)
    assert drawn.size == SIZE
    assert drawn.getpixel((80, 45)) == (127, 0, 0)
    assert drawn.getpixel((5, 45)) == ((127, 0, 0) if fit is PictureFit.COVER else (0, 0, 127))


def test_what_is_see_through_shows_the_ground(tmp_path: Path) -> None:
    """And no colour that is hidden in it."""
    Image.new("RGBA", SIZE, (255, 0, 0, 0)).save(tmp_path / "clear.png")
    drawn = draw_ground(Ground(colour="#00ff00", picture="clear.png"), tmp_path / "clear.png", MASTER)
    assert drawn.getpixel((80, 45)) == (0, 255, 0)


def test_a_shadow_darkens_what_is_behind_the_letters() -> None:
    """Around them, and nowhere else."""
    plain, shaded = (frames(look(group(text("HH", size=30, shadow=each)), colour="#a0a0a0"), 1)[0] for each in (0, 80))
    assert mean(shaded) < mean(plain)
    box = ImageChops.difference(plain, shaded).getbbox()
    assert box is not None
    left, top, right, bottom = lit(plain, 200)
    assert (box[0], box[1]) >= (left - 27, top - 27)
    assert box[2] <= right + 27
    assert box[3] <= bottom + 27


def test_text_at_an_edge_is_drawn_whole() -> None:
    """A mask that begins outside the picture loses nothing of what is within."""
    (frame,) = frames(look(group(text("H", size=20), anchor=Anchor.TOP_LEFT, x=0, y=0)), 1)
    left, _, right, _ = lit(frame)
    assert right - left >= 8


@pytest.mark.parametrize("size", [(64, 36), (36, 64)])
def test_a_tiny_picture_can_be_drawn(size: tuple[int, int]) -> None:
    """No size is too small to be drawn."""
    master = MasterFormat(*size, Fraction(24))
    shown = look(group(text("The Lamp", size=11)))
    drawn = list(card_frames(card(shown, 2), laid_out(shown, master), Image.new("RGB", size), master))
    assert [len(each) for each in drawn] == [3 * size[0] * size[1]] * 2
