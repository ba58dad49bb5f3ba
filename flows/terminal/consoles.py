"""Where tables are printed: as wide as the terminal, never cut off where there is none, and fit to be shown."""

import sys
from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from storyboard.text.printable import printable

__all__ = ["SafeConsole", "cell", "news", "results"]

PIPE_WIDTH = 160  # columns where nobody has a window


class SafeConsole(Console):
    """A console that colours and moves by its own will alone: no text that it prints can."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Everything that is printed passes here."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=printable(segment.text, lines=True))


def results() -> SafeConsole:
    """A console on standard output. Colours go with NO_COLOR and where the output is no terminal."""
    return SafeConsole(width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False, soft_wrap=False)


def news() -> SafeConsole:
    """A console on standard error."""
    return SafeConsole(stderr=True)


def cell(text: str, style: str = "", *, lines: bool = False) -> Text:
    """One line of a table or beside one, which begins no other, unless it may have several."""
    return Text(printable(text, lines=lines), style=style)
