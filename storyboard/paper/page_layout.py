"""Lays panels on pages: scene by scene, in story order, in columns, under a head that says what and which page it is.

A panel is never parted, and a scene's heading never stands without its first row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import groupby

from storyboard.paper.page_heads import HEADING_MM, PAGE_HEAD_MM, Heading, heading, page_head
from storyboard.paper.panel import Board
from storyboard.paper.panel_setting import LEAST_LINES, Box, PanelShape, SetPanel, head_height_mm, set_panel
from storyboard.paper.paper_size import Paper
from storyboard.paper.typesetting_rules import LEAST_PT, SetText, Style, Typesetter

_USUAL_PANEL_SHARE = 0.3  # of the longer side: as wide as panels are made where nobody says how many columns
_USUAL_PANEL_MM = (55.0, 90.0)  # but not narrower or wider than this
_LEAST_PANEL_MM = 36.0
_WIDE_PANEL_MM = 150.0  # from here on text stands beside the frame
_UPRIGHT = Fraction(6, 5)  # and wherever a frame is not wider than this, by its height
_COLUMN_GAP_MM, _ROW_GAP_MM = 6.0, 5.0
_LEAST_FRAME_MM = 10.0  # the shorter side of a frame in which anything can be made out
_ROUNDING_MM = 1e-6
_SMALLER = (0.93, 0.86)  # how much smaller frames are made where that saves a page
_FRAME_SHARE = 0.6  # of a page's height that a frame takes at most where text stands beneath it


class DoesNotFitPaper(ValueError):
    """Nothing that can be read fits this paper, or not in so many columns; `most` is how many do, 0 for none."""

    def __init__(self, most: int) -> None:
        super().__init__(f"at most {most} columns fit")
        self.most = most


@dataclass(frozen=True, slots=True)
class Page:
    """One page: the lines at its head, and what stands beneath."""

    head: tuple[SetText, ...]
    rule_mm: float  # how far down the head's rule is
    headings: tuple[Heading, ...]
    panels: tuple[SetPanel, ...]

    @property
    def in_order(self) -> list[Heading | SetPanel]:
        """All that stands on it, as it is read: what is copied out of a document comes in the order of its drawing."""
        return sorted([*self.headings, *self.panels], key=lambda each: each.box.y_mm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A whole storyboard, laid out."""

    paper: Paper
    margin_mm: float
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """How a paper is divided."""

    paper: Paper
    margin_mm: float
    columns: int
    top_mm: float  # where panels and headings begin
    shape: PanelShape

    @property
    def bottom_mm(self) -> float:
        """Where they end at the latest."""
        return self.paper.height_mm - self.margin_mm

    def line(self, y_mm: float) -> Box:
        """From margin to margin, so far down the page."""
        return Box(self.margin_mm, y_mm, self.paper.width_mm - 2 * self.margin_mm, 0)

    def x_mm(self, column: int) -> float:
        """Where a column begins: the first at one margin, the last ends at the other."""
        spare_mm = self.paper.width_mm - 2 * self.margin_mm - self.columns * self.shape.width_mm
        return self.margin_mm + column * (self.shape.width_mm + spare_mm / max(1, self.columns - 1))


def grid_of(paper: Paper, ratio: Fraction, columns: int | None = None) -> Grid:
    """Divide a paper for frames of this ratio; `columns` None: as many as read well.

    Raises DoesNotFitPaper.
    """
    margin_mm = min(14.0, max(5.0, 0.055 * min(paper.width_mm, paper.height_mm)))
    usable_mm = paper.width_mm - 2 * margin_mm
    most = max(0, int((usable_mm + _COLUMN_GAP_MM) // (_LEAST_PANEL_MM + _COLUMN_GAP_MM)))
    narrowest_mm, widest_mm = _USUAL_PANEL_MM
    panel_mm = min(widest_mm, max(narrowest_mm, _USUAL_PANEL_SHARE * max(paper.width_mm, paper.height_mm)))
    usual = max(1, min(most, round(usable_mm / panel_mm)))
    found = {count: _grid(paper, ratio, count, margin_mm) for count in range(1, most + 1)}
    fitting = {count: grid for count, grid in found.items() if grid is not None}
    wanted = min(fitting, key=lambda count: abs(count - usual), default=0) if columns is None else columns
    if wanted not in fitting:
        raise DoesNotFitPaper(max(fitting, default=0))
    return fitting[wanted]


def _grid(paper: Paper, ratio: Fraction, columns: int, margin_mm: float) -> Grid | None:
    """The grid of so many columns; None where it has no room for frames and some lines of text."""
    width_mm = (paper.width_mm - 2 * margin_mm - (columns - 1) * _COLUMN_GAP_MM) / columns
    top_mm = margin_mm + PAGE_HEAD_MM + 4.0
    body_mm = paper.height_mm - margin_mm - top_mm - HEADING_MM
    shape = _shape(width_mm, body_mm, ratio)
    needed_mm = head_height_mm(shape.text_pt) + LEAST_LINES * Style(LEAST_PT).line_mm
    if shape.text_box.height_mm < needed_mm or min(shape.frame_width_mm, shape.frame_height_mm) < _LEAST_FRAME_MM:
        return None
    return Grid(paper=paper, margin_mm=margin_mm, columns=columns, top_mm=top_mm, shape=shape)


def laid_out(board: Board, grid: Grid, setter: Typesetter) -> Layout:
    """Every panel of a board on its page, in order. Frames are a little smaller where that makes fewer pages."""
    tried = [(each, list(_filled(board, each, setter))) for each in (grid, *_smaller(grid))]
    grid, pages = min(tried, key=lambda each: len(each[1]))
    return Layout(
        paper=grid.paper,
        margin_mm=grid.margin_mm,
        pages=tuple(
            Page(
                page_head(board, grid.line(grid.margin_mm), f"page {number} of {len(pages)}", setter),
                grid.top_mm - 3.0,
                tuple(page.headings),
                tuple(page.panels),
            )
            for number, page in enumerate(pages, start=1)
        ),
    )


def _smaller(grid: Grid) -> Iterator[Grid]:
    """The same grid with smaller frames, where text stands beneath them; panels stay as wide as their frames."""
    if grid.shape.beside:
        return
    for scale in _SMALLER:
        width_mm, height_mm = grid.shape.frame_width_mm * scale, grid.shape.frame_height_mm * scale
        if min(width_mm, height_mm) >= _LEAST_FRAME_MM and width_mm >= _LEAST_PANEL_MM * _SMALLER[-1]:
            panel_mm = width_mm if grid.columns > 1 else grid.shape.width_mm
            shape = replace(grid.shape, width_mm=panel_mm, frame_width_mm=width_mm, frame_height_mm=height_mm)
            yield replace(grid, shape=shape)


def _shape(width_mm: float, body_mm: float, ratio: Fraction) -> PanelShape:
    """Frame and text of a panel so wide, on a page with so much room for it."""
    beside = ratio < _UPRIGHT or width_mm >= _WIDE_PANEL_MM
    frame_mm = width_mm if not beside else width_mm * (0.42 if ratio < 1 else 0.46)
    most_mm = body_mm if beside else body_mm * _FRAME_SHARE
    height_mm = min(frame_mm / float(ratio), most_mm)
    frame_mm = height_mm * float(ratio)
    room_mm = width_mm - frame_mm if beside else width_mm
    return PanelShape(
        width_mm=width_mm,
        most_mm=body_mm,
        frame_width_mm=frame_mm,
        frame_height_mm=height_mm,
        beside=beside,
        text_pt=min(10.0, max(6.5, 5.6 + room_mm * 0.028)),
    )


@dataclass(slots=True)
class _Filling:
    """A page that is being filled, down to `y_mm`."""

    y_mm: float
    headings: list[Heading] = field(default_factory=list)
    panels: list[SetPanel] = field(default_factory=list)


def _filled(board: Board, grid: Grid, setter: Typesetter) -> Iterator[_Filling]:
    page = _Filling(grid.top_mm)
    for _, scene in groupby(board.panels, key=lambda panel: panel.scene):
        panels = list(scene)
        for first in range(0, len(panels), grid.columns):
            row = [set_panel(panel, grid.shape, setter) for panel in panels[first : first + grid.columns]]
            height_mm = max(each.box.height_mm for each in row)
            above_mm = HEADING_MM if first == 0 else 0.0
            if page.panels and page.y_mm + above_mm + height_mm > grid.bottom_mm + _ROUNDING_MM:
                yield page
                page = _Filling(grid.top_mm)
            if first == 0 or not page.panels:
                page.headings.append(heading(panels, grid.line(page.y_mm), setter, continues=first > 0))
                page.y_mm += HEADING_MM
            page.panels += [each.moved(grid.x_mm(column), page.y_mm) for column, each in enumerate(row)]
            page.y_mm += height_mm + _ROW_GAP_MM
    if page.panels or not board.panels:
        yield page
