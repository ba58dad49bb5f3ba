"""Every shot stands once on the paper, in order and whole, whatever the paper and however much was written."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.paper.page_layout import DoesNotFitPaper, Layout, Page, grid_of, laid_out
from storyboard.paper.panel import Board, Standing
from storyboard.paper.panel_setting import Box
from storyboard.paper.paper_size import SIZES, Paper
from storyboard.paper.typesetting_rules import LEAST_PT
from tests.storyboard.paper.panels import SQUARE, UPRIGHT, WIDE, Typewriter, board, boards, panel

SLACK_MM = 1e-6
A4 = SIZES["A4"]
PAPERS = [*SIZES.values(), *(paper.landscape for paper in SIZES.values()), Paper(120, 120), Paper(600, 90)]
RATIOS = [WIDE, UPRIGHT, SQUARE, Fraction(239, 100)]


def printed(shown: Board, paper: Paper = A4, columns: int | None = None) -> Layout:
    return laid_out(shown, grid_of(paper, shown.ratio, columns), Typewriter())


def within(box: Box, paper: Paper) -> bool:
    return (
        box.x_mm >= -SLACK_MM
        and box.y_mm >= -SLACK_MM
        and box.right_mm <= paper.width_mm + SLACK_MM
        and box.bottom_mm <= paper.height_mm + SLACK_MM
    )


def apart(one: Box, other: Box) -> bool:
    return (
        one.right_mm <= other.x_mm + SLACK_MM
        or other.right_mm <= one.x_mm + SLACK_MM
        or one.bottom_mm <= other.y_mm + SLACK_MM
        or other.bottom_mm <= one.y_mm + SLACK_MM
    )


def boxes(page: Page) -> list[Box]:
    return [*(heading.box for heading in page.headings), *(each.box for each in page.panels)]


@given(st.sampled_from(RATIOS).flatmap(boards), st.sampled_from(PAPERS), st.integers(1, 5) | st.none())
def test_panels_stand_whole_on_their_pages_and_none_covers_another(
    shown: Board, paper: Paper, columns: int | None
) -> None:
    """Headings too; every line stays within its own panel."""
    try:
        layout = printed(shown, paper, columns)
    except DoesNotFitPaper:
        if columns is None:
            raise
        return
    setter = Typewriter()
    for page in layout.pages:
        for box in boxes(page):
            assert within(box, paper)
        for one, other in combinations(boxes(page), 2):
            assert apart(one, other)
        for each in page.panels:
            assert within(each.frame, paper)
            for line in each.lines:
                left = line.x_mm - setter.width_mm(line.text, line.style) * line.to_the_right
                right = left + setter.width_mm(line.text, line.style)
                assert left >= each.box.x_mm - SLACK_MM
                assert right <= each.box.right_mm + SLACK_MM
                assert each.box.y_mm <= line.baseline_mm <= each.box.bottom_mm + SLACK_MM


@given(boards(), st.sampled_from(PAPERS))
def test_every_shot_stands_once_in_the_order_of_the_story(shown: Board, paper: Paper) -> None:
    """Page after page, row after row, from left to right."""
    layout = printed(shown, paper)
    placed = [each for page in layout.pages for each in page.panels]
    assert [each.panel for each in placed] == list(shown.panels)
    for page in layout.pages:
        for one, other in pairwise(page.panels):
            assert other.box.y_mm > one.box.y_mm or other.box.x_mm > one.box.x_mm


@given(boards(), st.sampled_from(PAPERS))
def test_a_heading_stands_right_above_the_first_row_of_its_scene(shown: Board, paper: Paper) -> None:
    """Never alone at the foot of a page; where a scene goes on overleaf, its heading says so."""
    seen = set[str]()
    for page in printed(shown, paper).pages:
        assert page.headings[0].box.y_mm < min(each.box.y_mm for each in page.panels)
        for heading in page.headings:
            below = [each for each in page.panels if each.box.y_mm > heading.box.y_mm]
            assert below[0].panel.scene == heading.scene
            assert heading.continues == (heading.scene in seen)
            seen.add(heading.scene)
        assert {each.panel.scene for each in page.panels} == {heading.scene for heading in page.headings}


@given(boards())
def test_what_fits_is_not_cut_off(shown: Board) -> None:
    """On large paper every word is there."""
    layout = printed(shown, SIZES["A3"])
    for page in layout.pages:
        for each in page.panels:
            set_ = " ".join(line.text for line in each.lines)
            assert "…" not in set_
            written = "".join(text.text for text in each.panel.paragraphs).replace(" ", "")
            assert sorted(written) == sorted(
                "".join(
                    line.text
                    for line in each.lines
                    if line.text not in {"Mara", each.panel.key, "4.5 s", *map(str, Standing)}
                ).replace(" ", "")
            )


def test_a_text_without_room_shrinks_and_then_says_that_more_was_written() -> None:
    """At letters that can still be read, with an ellipsis at its end, and at nowhere else."""
    endless = " ".join(f"word{number}" for number in range(9000))
    (page,) = printed(board(panel("lamp/010", endless))).pages
    *above, last = page.panels[0].lines
    assert last.text.endswith("…")
    assert not any("…" in line.text for line in above)
    assert min(line.style.size_pt for line in above) >= LEAST_PT
    assert last.style.size_pt < grid_of(A4, WIDE).shape.text_pt
    assert page.panels[0].box.bottom_mm <= grid_of(A4, WIDE).bottom_mm + SLACK_MM


def test_pages_say_which_of_how_many_they_are() -> None:
    """With the series, the episode and what is on them."""
    layout = printed(board(*(panel(f"lamp/{number:03}", "she waits") for number in range(40))))
    for number, page in enumerate(layout.pages, start=1):
        assert [line.text for line in page.head] == [
            "The Last Lamp",
            f"page {number} of {len(layout.pages)}",
            "e01  The Lamp",
            "some shots",
        ]


@pytest.mark.parametrize(
    ("paper", "ratio", "columns"),
    [
        (A4.landscape, WIDE, 3),
        (A4, WIDE, 2),
        (SIZES["A5"], WIDE, 2),
        (SIZES["A3"].landscape, WIDE, 4),
        (SIZES["Letter"].landscape, UPRIGHT, 3),
    ],
)
def test_as_many_columns_as_read_well(paper: Paper, ratio: Fraction, columns: int) -> None:
    """Panels are about as wide as a hand."""
    assert grid_of(paper, ratio).columns == columns


def test_columns_and_papers_that_fit_nothing_are_refused_with_what_fits() -> None:
    """0 where not even one column does."""
    for paper, columns, most in ((A4, 9, 4), (A4, 0, 4), (Paper(30, 40), None, 0), (Paper(30, 40), 1, 0)):
        with pytest.raises(DoesNotFitPaper) as refused:
            grid_of(paper, WIDE, columns)
        assert refused.value.most == most
