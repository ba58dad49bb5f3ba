"""Sets one panel: its frame, and beneath or beside it all of its text, which shrinks before anything is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from storyboard.paper.panel import Panel, Paragraph, Part, Standing
from storyboard.paper.typesetting_rules import SetText, Style, Typesetter, ended, one_line_of
from storyboard.text.letters import begins_right

_SCALES = (1.0, 0.93, 0.86, 0.8, 0.74)
_GAP_MM = 1.6  # between the frame and its text
_APART = 0.32  # between paragraphs, and beneath the shot's name, in lines
_GUTTER_SHARE = 0.3  # of the room, for labels at most
_GUTTER_GAP_MM, _GUTTER_SLACK_MM = 1.6, 0.4
_USUAL_LABEL = "Camera"  # labels of most panels are about as wide, so that their texts stand in line
_LEAST_BESIDE_MM = 42.0  # room for text in which labels still stand beside it, not above
LEAST_LINES = 4
"""Lines of text for which every panel has room."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the paper, from its upper left corner."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float

    @property
    def right_mm(self) -> float:
        """Its right edge."""
        return self.x_mm + self.width_mm

    @property
    def bottom_mm(self) -> float:
        """Its lower edge."""
        return self.y_mm + self.height_mm

    def moved(self, x_mm: float, y_mm: float) -> Box:
        """The same rectangle, further right and down."""
        return replace(self, x_mm=self.x_mm + x_mm, y_mm=self.y_mm + y_mm)


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelShape:
    """What all panels of a storyboard have in common."""

    width_mm: float
    most_mm: float  # how high a panel may become
    frame_width_mm: float
    frame_height_mm: float
    beside: bool  # whether the text stands beside the frame instead of beneath it
    text_pt: float

    @property
    def text_box(self) -> Box:
        """Where text may stand, as high as it may become."""
        if self.beside:
            x_mm = self.frame_width_mm + 2 * _GAP_MM
            return Box(x_mm, 0, self.width_mm - x_mm, self.most_mm)
        y_mm = self.frame_height_mm + _GAP_MM
        return Box(0, y_mm, self.width_mm, self.most_mm - y_mm)


@dataclass(frozen=True, slots=True)
class SetPanel:
    """A panel as it is set, from its own upper left corner."""

    panel: Panel
    box: Box
    frame: Box
    lines: tuple[SetText, ...]

    def moved(self, x_mm: float, y_mm: float) -> SetPanel:
        """The same panel, further right and down."""
        lines = tuple(replace(line, x_mm=line.x_mm + x_mm, baseline_mm=line.baseline_mm + y_mm) for line in self.lines)
        return SetPanel(self.panel, self.box.moved(x_mm, y_mm), self.frame.moved(x_mm, y_mm), lines)


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a panel's text: a label, what stands beside it, and how far below the row before it stands."""

    text: str
    style: Style
    x_mm: float
    room_mm: float
    label: str = ""
    label_style: Style | None = None
    right: bool = False  # it runs from right to left
    apart_mm: float = 0.0

    @property
    def height_mm(self) -> float:
        return self.apart_mm + self.style.line_mm


def set_panel(panel: Panel, shape: PanelShape, setter: Typesetter) -> SetPanel:
    """Set a panel. Its text is as large as fits; where not even the smallest fits, it ends in an ellipsis."""
    text = shape.text_box
    for scale in _SCALES:
        head = _head(panel, shape.text_pt * scale, text.width_mm, setter)
        rows = list(_rows(panel.paragraphs, shape.text_pt * scale, text.width_mm, setter))
        room_mm = text.height_mm - head.height_mm
        if sum(row.height_mm for row in rows) <= room_mm:
            break
    else:
        rows = _cut_to(rows, room_mm, setter)
    below = list(_placed(rows, head.height_mm))
    used_mm = head.height_mm + sum(row.height_mm for row in rows)
    moved = tuple(
        replace(line, x_mm=line.x_mm + text.x_mm, baseline_mm=line.baseline_mm + text.y_mm)
        for line in (*head.lines, *below)
    )
    frame = Box(0, 0, shape.frame_width_mm, shape.frame_height_mm)
    return SetPanel(panel, Box(0, 0, shape.width_mm, max(frame.bottom_mm, text.y_mm + used_mm)), frame, moved)


@dataclass(frozen=True, slots=True)
class _Head:
    lines: tuple[SetText, ...]
    height_mm: float


def head_height_mm(text_pt: float) -> float:
    """How high the lines above a panel's text may become: its name, and how it stands."""
    return Style(text_pt * 1.12).line_mm + Style(text_pt * 0.86).line_mm


def _head(panel: Panel, text_pt: float, room_mm: float, setter: Typesetter) -> _Head:
    """The shot's name and its length on one line; how it stands there too, or on a line of its own."""
    name, length = Style(text_pt * 1.12, strong=True), Style(text_pt, faint=True)
    standing = Style(text_pt * 0.86, faint=True).scaled(1)
    length_mm = setter.width_mm(panel.length, length)
    key = one_line_of(panel.key, name, room_mm - length_mm - 2, setter)
    told = SetText(panel.length, length, room_mm, name.baseline_mm, to_the_right=True)
    lines = [SetText(key, name, 0, name.baseline_mm), told]
    height_mm = name.line_mm
    if panel.standing is not Standing.MADE:
        x_mm, words = setter.width_mm(key, name) + 2.2, str(panel.standing)
        if x_mm + setter.width_mm(words, standing) + 2 <= room_mm - length_mm:
            lines.insert(1, SetText(words, standing, x_mm, name.baseline_mm))
        else:
            words = one_line_of(words, standing, room_mm, setter)
            lines.append(SetText(words, standing, 0, height_mm + standing.baseline_mm))
            height_mm += standing.line_mm
    return _Head(tuple(lines), height_mm)


def _rows(paragraphs: Sequence[Paragraph], text_pt: float, room_mm: float, setter: Typesetter) -> Iterator[_Row]:
    """All lines of a panel's text at this size."""
    label_style = Style(text_pt * 0.86, faint=True).scaled(1)
    speaker_style = Style(text_pt * 0.9, strong=True).scaled(1)
    styles = {part: speaker_style if part is Part.DIALOGUE else label_style for part in Part}
    labels = [(each.label, styles[each.part]) for each in paragraphs if each.label]
    gutter_mm = _gutter_mm([(_USUAL_LABEL, label_style), *labels], room_mm, setter)
    for number, each in enumerate(paragraphs):
        style = Style(text_pt, faint=each.part is Part.NOTES)
        apart_mm = style.line_mm * (_APART if number else _APART / 2)
        if not each.label:
            rows = _text_rows(each.text, style, 0, room_mm, setter)
        elif room_mm < _LEAST_BESIDE_MM:
            above = _label_row(each.label, styles[each.part], room_mm, setter)
            rows = [above, *_text_rows(each.text, style, 0, room_mm, setter)]
        else:
            rows = _beside(each, (style, styles[each.part]), gutter_mm, room_mm, setter)
        yield replace(rows[0], apart_mm=apart_mm)
        yield from rows[1:]


def _gutter_mm(labels: Sequence[tuple[str, Style]], room_mm: float, setter: Typesetter) -> float:
    """How much of the room is for labels, with the gap behind them."""
    widest_mm = max(setter.width_mm(label, style) for label, style in labels)
    return min(widest_mm + _GUTTER_SLACK_MM, room_mm * _GUTTER_SHARE) + _GUTTER_GAP_MM


def _label_row(label: str, style: Style, room_mm: float, setter: Typesetter) -> _Row:
    """A label on a line of its own."""
    return _Row(one_line_of(label, style, room_mm, setter), style, 0, room_mm, right=begins_right(label))


def _text_rows(text: str, style: Style, x_mm: float, room_mm: float, setter: Typesetter) -> list[_Row]:
    right = begins_right(text)
    return [_Row(line, style, x_mm, room_mm, right=right) for line in setter.lines(text, style, room_mm)]


def _beside(
    paragraph: Paragraph, styles: tuple[Style, Style], gutter_mm: float, room_mm: float, setter: Typesetter
) -> list[_Row]:
    """A text with its label in the gutter, where that wraps too."""
    style, label_style = styles
    narrow_mm = room_mm - gutter_mm
    labels = setter.lines(paragraph.label, label_style, gutter_mm - _GUTTER_GAP_MM)
    texts = setter.lines(paragraph.text, style, narrow_mm)
    right = begins_right(paragraph.text)
    return [
        _Row(text, style, gutter_mm, narrow_mm, label, label_style, right)
        for text, label in zip_longest(texts, labels, fillvalue="")
    ]


def _cut_to(rows: Sequence[_Row], room_mm: float, setter: Typesetter) -> list[_Row]:
    """As many rows as there is room for; the last says that more was written."""
    kept, used_mm = list[_Row](), 0.0
    for row in rows:
        used_mm += row.height_mm
        if used_mm > room_mm:
            break
        kept.append(row)
    if kept:
        last = kept[-1]
        (text,) = ended([last.text, ""], 1, last.style, last.room_mm, setter)
        kept[-1] = replace(last, text=text)
    return kept


def _placed(rows: Sequence[_Row], top_mm: float) -> Iterator[SetText]:
    y_mm = top_mm
    for row in rows:
        baseline_mm = y_mm + row.apart_mm + row.style.baseline_mm
        if row.label and row.label_style is not None:
            yield SetText(row.label, row.label_style, 0, baseline_mm)
        if row.text:
            x_mm = row.x_mm + (row.room_mm if row.right else 0)
            yield SetText(row.text, row.style, x_mm, baseline_mm, to_the_right=row.right, right_to_left=row.right)
        y_mm += row.height_mm
