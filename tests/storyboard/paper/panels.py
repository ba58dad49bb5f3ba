"""Panels for tests, and letters that are all of one width: what is set can be told without any font."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from hypothesis import strategies as st

from storyboard.paper.panel import Board, Panel, Paragraph, Part, Standing
from storyboard.paper.typesetting_rules import POINT_MM, Style

WIDE, UPRIGHT, SQUARE = Fraction(16, 9), Fraction(9, 16), Fraction(1)


@dataclass(frozen=True, slots=True)
class Typewriter:
    """Every letter is half as wide as it is high."""

    def width_mm(self, text: str, style: Style) -> float:
        return len(text) * style.size_pt * POINT_MM / 2

    def lines(self, text: str, style: Style, room_mm: float) -> Sequence[str]:
        most = max(1, int(room_mm / self.width_mm("x", style)))
        found = [""]
        for word in text.split(" "):
            for part in [word[at : at + most] for at in range(0, len(word), most)] or [""]:
                if found[-1] and len(found[-1]) + 1 + len(part) > most:
                    found.append("")
                found[-1] = f"{found[-1]} {part}" if found[-1] else part
        return found if any(found) else []


def panel(key: str, *texts: str, standing: Standing = Standing.MADE, title: str = "") -> Panel:
    """A panel; the first text is what is seen, the others are lines of dialogue."""
    paragraphs = [
        Paragraph(Part.DIALOGUE if number else Part.PICTURE, "Mara" if number else "", text)
        for number, text in enumerate(texts)
    ]
    return Panel(
        key=key,
        scene=key.partition("/")[0],
        scene_title=title,
        length="4.5 s",
        standing=standing,
        paragraphs=tuple(paragraphs),
    )


def board(*panels: Panel, ratio: Fraction = WIDE) -> Board:
    """A board of these panels."""
    return Board(series="The Last Lamp", episode="e01  The Lamp", summary="some shots", ratio=ratio, panels=panels)


words = st.text("abcd efgh", min_size=1, max_size=12).map(str.strip)
texts = st.lists(words, max_size=60).map(lambda found: " ".join(filter(None, found))).filter(bool)


@st.composite
def boards(draw: st.DrawFn, ratio: Fraction = WIDE) -> Board:
    """Boards of some scenes, with texts from a word to a page."""
    panels = []
    for scene in range(draw(st.integers(1, 4))):
        title = draw(words)
        for shot in range(draw(st.integers(1, 9))):
            found = draw(st.lists(texts, min_size=1, max_size=4))
            standing = draw(st.sampled_from(Standing))
            panels.append(panel(f"s{scene}/{shot:03}", *found, standing=standing, title=title))
    return board(*panels, ratio=ratio)
