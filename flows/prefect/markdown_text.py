"""Words of others as Markdown that shows them as they are: Prefect's pages take every text of a table for Markdown."""

import re

from storyboard.text.printable import one_line

__all__ = ["linked", "markdown_text"]

_MARKS = re.compile(r"""[\\`*_\[\]<>&#|~@]|(?<=:)(?=//)|(?<=www)(?=\.)|^(?=[-+=])|^\d+(?=[.)])""", re.IGNORECASE)


def markdown_text(text: str) -> str:
    """The text in one line, without markup, links, pictures or HTML, whoever wrote it."""
    return _MARKS.sub(lambda mark: f"\\{mark[0]}" if not mark[0].isdigit() else f"{mark[0]}\\", one_line(text))


def linked(text: str, address: str) -> str:
    """A link to an address that is ours, under a text that may be anybody's."""
    return f"[{markdown_text(text)}](<{address}>)"
