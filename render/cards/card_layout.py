"""Where each line of a card stands in a picture of any ratio; pure but for the fonts that it measures.

Sizes are shares of the picture's shorter side, so a card that is composed in 16:9 stands as well in 9:16. A group whose
texts need more room than there is becomes smaller as a whole, down to `LEAST`, and keeps within the title-safe area
where it can.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from render.animatic.fonts import Typeface
from render.cards.typesetting import Box, SetLine, Setting, around
from render.cards.wrapping import wrapped
from storyboard.card_piece import Align, CardGroup, CardLook, CardText
from storyboard.shot import MasterFormat
from storyboard.text.letters import begins_right

LEAST = 0.5
"""The smallest that a text may become to fit, as a share of the size that is written."""

SAFE = 0.9
"""The share of width and height that screens are sure to show: the title-safe area."""

_STEPS = 11  # sizes that are tried
_ABOVE, _BELOW = 0.8, 0.2  # of a line's letters above and below its baseline, in sizes
_FAINT = 0.68  # how strong a role stands beside its name

FacesOf = Callable[[CardText], tuple[Typeface, ...]]
"""Gives the fonts of a text, best first."""


class DoesNotFit(ValueError):
    """A text that leaves the picture even at its smallest."""

    def __init__(self, text: CardText, why: str) -> None:
        self.text, self.why = text, why
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line at its place in the picture: where its baseline begins, in pixels."""

    line: SetLine
    x: float
    baseline: float
    text: CardText
    strength: float = 1.0  # 0 to 1

    @property
    def ink(self) -> Box:
        """What its letters cover."""
        left, top, right, bottom = self.line.ink
        return (self.x + left, self.baseline + top, self.x + right, self.baseline + bottom)


@dataclass(frozen=True, slots=True)
class CardLayout:
    """A card's lines at their places. Where it rolls they begin at its top, and `height` is all that passes."""

    lines: tuple[PlacedLine, ...]
    height: float
    unsafe: tuple[CardText, ...] = ()  # texts that leave the title-safe area
    shrunk: tuple[tuple[CardText, float], ...] = ()  # first texts of groups that were made smaller, and how small


def lay_out(look: CardLook, master: MasterFormat, faces_of: FacesOf) -> CardLayout:
    """Place a card's texts. Raises DoesNotFit for one that has no room even at its smallest."""
    lines, unsafe, shrunk = list[PlacedLine](), list[CardText](), list[tuple[CardText, float]]()
    height = 0.0
    for group in look.groups:
        placed, share, safe, high = _fitted(group, master, faces_of, rolls=look.rolls)
        lines += placed
        height = max(height, high)
        if not safe:
            unsafe.append(_outermost(placed, master))
        if share < 1:
            shrunk.append((group.texts[0], share))
    return CardLayout(tuple(lines), height, tuple(unsafe), tuple(shrunk))


def _fitted(
    group: CardGroup, master: MasterFormat, faces_of: FacesOf, *, rolls: bool
) -> tuple[list[PlacedLine], float, bool, float]:
    """The group's lines, how small they became, whether they are title-safe, and how high they are together."""
    shares = [1 - (1 - LEAST) * step / (_STEPS - 1) for step in range(_STEPS)]
    tried: list[tuple[float, list[PlacedLine], float]] = []
    wide: DoesNotFit | None = None
    for share in shares:
        try:
            placed, high = _placed(group, master, faces_of, share, rolls=rolls)
        except DoesNotFit as error:
            wide = error
            continue
        if _within(placed, _safe_area(master), rolls=rolls):
            return placed, share, True, high
        tried.append((share, placed, high))
    for share, placed, high in tried:
        if _within(placed, (0, 0, master.width, master.height), rolls=rolls):
            return placed, share, False, high
    if tried:
        raise DoesNotFit(_longest(tried[-1][1]), f"it leaves the picture even at {LEAST:.0%} of its size")
    assert wide is not None
    raise wide


def _placed(
    group: CardGroup, master: MasterFormat, faces_of: FacesOf, share: float, *, rolls: bool
) -> tuple[list[PlacedLine], float]:
    """The group's lines at one size. Raises DoesNotFit where a word is wider than its text may be."""
    shorter = min(master.width, master.height)
    lines: list[PlacedLine] = []
    top = 0.0
    for place, text in enumerate(group.texts):
        size = max(1, round(float(text.size) * shorter * share / 100))
        setting = Setting(faces_of(text), size, float(text.tracking) * size / 100)
        room = float(text.width) * master.width / 100
        left = float(group.x) * master.width / 100 - float(group.anchor.across) * room
        top += float(text.gap) * shorter * share / 100 if place else 0.0
        for row in text.rows:
            cells = _cells(row, text, setting, master)
            lines += _row(cells, text, left, room, top)
            top += max(len(cell) for cell in cells) * size * float(text.line_spacing)
        top -= size * (float(text.line_spacing) - _ABOVE - _BELOW)  # the last line ends with its letters
    down = 0.0 if rolls else float(group.y) * master.height / 100 - float(group.anchor.down) * top
    moved = [replace(each, baseline=round(each.baseline + down)) for each in lines]  # a stem's foot is sharp
    return moved, top


def _cells(row: Sequence[str], text: CardText, setting: Setting, master: MasterFormat) -> list[list[SetLine]]:
    """The lines of a row's one or two texts."""
    room = float(text.width) * master.width / 100
    if len(row) > 1:
        room = (room - setting.size) / 2
    cells = []
    for cell in row:
        broken = wrapped(cell, room, setting.width)
        widest = max(broken, key=setting.width)
        if setting.width(widest) > room:
            raise DoesNotFit(text, f"{_shown(widest)!r} is wider than its room even at {LEAST:.0%} of its size")
        cells.append([setting.line(line) for line in broken])
    return cells


def _row(
    cells: Sequence[Sequence[SetLine]], text: CardText, left: float, room: float, top: float
) -> Iterator[PlacedLine]:
    """A paragraph as it is aligned; or a role that ends left of the middle, and a name that begins right of it."""
    for place, cell in enumerate(cells):
        for number, line in enumerate(cell):
            baseline = top + line.size * (_ABOVE + number * float(text.line_spacing))
            if len(cells) == 1:
                spare = {Align.LEFT: 0.0, Align.CENTER: 0.5, Align.RIGHT: 1.0}[text.align]
                yield PlacedLine(line, left + (room - line.width) * spare, baseline, text)
                continue
            on_left = (place == 0) != _reads_right_to_left(text)
            x = left + (room - line.size) / 2 - line.width if on_left else left + (room + line.size) / 2
            yield PlacedLine(line, x, baseline, text, _FAINT if place == 0 else 1.0)


def _reads_right_to_left(text: CardText) -> bool:
    """Whether its columns begin on the right: where the first thing that it says runs that way."""
    return begins_right(next((cell for row in text.rows for cell in row if cell.strip()), ""))


def _safe_area(master: MasterFormat) -> Box:
    across, down = master.width * (1 - SAFE) / 2, master.height * (1 - SAFE) / 2
    return (across, down, master.width - across, master.height - down)


def _within(lines: Sequence[PlacedLine], area: Box, *, rolls: bool) -> bool:
    left, top, right, bottom = around([each.ink for each in lines if each.line.ink != (0, 0, 0, 0)] or [area])
    return area[0] <= left and right <= area[2] and (rolls or (area[1] <= top and bottom <= area[3]))


def _outermost(lines: Sequence[PlacedLine], master: MasterFormat) -> CardText:
    """The text that reaches farthest out."""

    def reach(each: PlacedLine) -> float:
        left, top, right, bottom = each.ink
        return max(-left / master.width, right / master.width - 1, -top / master.height, bottom / master.height - 1)

    return max(lines, key=reach).text


def _longest(lines: Sequence[PlacedLine]) -> CardText:
    """The text that takes most of the height."""
    heights = Counter[int]()
    for each in lines:
        heights[id(each.text)] += each.line.size
    return max((each.text for each in lines), key=lambda text: heights[id(text)])


def _shown(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
