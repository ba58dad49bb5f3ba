"""What stands above the panels of a page: which series, episode and page it is, and which scene begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from storyboard.paper.panel import Board, Panel
from storyboard.paper.panel_setting import Box
from storyboard.paper.typesetting_rules import SetText, Style, Typesetter, one_line_of

_SERIES, _PAGE = Style(13, strong=True, display=True), Style(8.5, faint=True)
_EPISODE, _SUMMARY = Style(9.5), Style(8.5, faint=True)
_SCENE, _SCENE_NOTE = Style(10.5, strong=True), Style(8, faint=True)

PAGE_HEAD_MM = _SERIES.line_mm + _SUMMARY.line_mm
"""How high the two lines at the head of a page are."""

HEADING_MM = _SCENE.line_mm + 3.0
"""How high a scene's heading is, with the room beneath it."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The line above a scene's panels; `continues` on a page on which the scene does not begin."""

    scene: str
    continues: bool
    box: Box
    lines: tuple[SetText, ...]


def heading(panels: Sequence[Panel], line: Box, setter: Typesetter, *, continues: bool) -> Heading:
    """The scene's title, its id and how many shots it has, from one end of a line to the other."""
    scene, title = panels[0].scene, panels[0].scene_title
    count = f"{len(panels)} {'shot' if len(panels) == 1 else 'shots'}"
    told = ", ".join(filter(None, [scene if title else "", "continued" if continues else count]))
    note = one_line_of(told, _SCENE_NOTE, line.width_mm * 0.45, setter)
    room_mm = line.width_mm - setter.width_mm(note, _SCENE_NOTE) - 3
    baseline_mm = line.y_mm + _SCENE.baseline_mm
    named = SetText(one_line_of(title or scene, _SCENE, room_mm, setter), _SCENE, line.x_mm, baseline_mm)
    counted = SetText(note, _SCENE_NOTE, line.right_mm, baseline_mm, to_the_right=True)
    return Heading(scene, continues, replace(line, height_mm=_SCENE.line_mm + 0.6), (named, counted))


def page_head(board: Board, line: Box, which: str, setter: Typesetter) -> tuple[SetText, ...]:
    """Series and page on one line, episode and summary on the next; `line` is where the first of them begins."""
    first, second = line.moved(0, _SERIES.baseline_mm), line.moved(0, _SERIES.line_mm + _EPISODE.baseline_mm - 0.6)
    return (
        *_ends_of_a_line((board.series, _SERIES), (which, _PAGE), first, setter),
        *_ends_of_a_line((board.episode, _EPISODE), (board.summary, _SUMMARY), second, setter),
    )


def _ends_of_a_line(
    left: tuple[str, Style], right: tuple[str, Style], line: Box, setter: Typesetter
) -> Iterator[SetText]:
    """Two texts at the ends of a line; the right one is shortened first."""
    shown = one_line_of(*right, line.width_mm * 0.6, setter)
    room_mm = line.width_mm - setter.width_mm(shown, right[1]) - 4
    yield SetText(one_line_of(*left, room_mm, setter), left[1], line.x_mm, line.y_mm)
    yield SetText(shown, right[1], line.right_mm, line.y_mm, to_the_right=True)
