"""Lines of a project's YAML, as they are shown beside what was made of them. Pure."""

from dataclasses import dataclass

from flows.review.room_links import source_link
from storyboard.errors import Position
from storyboard.loading import Project
from storyboard.text.printable import printable

__all__ = ["Excerpt", "SourceLine", "excerpt_of", "whole_file"]

MOST_LINES = 60
"""Of one excerpt; the rest is on the file's own page."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line of a file."""

    number: int  # from 1
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Lines of one file, from the first that is meant on."""

    file: str  # relative to the project, with forward slashes
    line: int  # the one that is meant
    place: str  # as a person calls it: `episodes/e01.yaml:31`
    link: str  # to the room's page of the file
    editor: str | None  # to open it in the person's editor; None where they set none
    lines: tuple[SourceLine, ...]
    more: bool  # there are more lines of it than are shown


def excerpt_of(project: Project, at: Position, editor: str | None) -> Excerpt:
    """An item of a list in the YAML: from its line to the last that is indented further than it begins."""
    texts = _texts(project, at.file)
    own = _own_lines(texts, at)
    return _excerpt(project, at, editor, own[:MOST_LINES], more=len(own) > MOST_LINES)


def whole_file(project: Project, file: str, line: int, editor: str | None) -> Excerpt:
    """A whole file of the project. Raises KeyError where the project has no YAML file of that name."""
    if file not in project.sheets:
        raise KeyError(file)
    texts = _texts(project, file)
    at = Position(file, min(max(line, 1), max(len(texts), 1)))
    every = [SourceLine(number, printable(text)) for number, text in enumerate(texts, 1)]
    return _excerpt(project, at, editor, every, more=False)


def _excerpt(project: Project, at: Position, editor: str | None, lines: list[SourceLine], *, more: bool) -> Excerpt:
    return Excerpt(
        file=at.file,
        line=at.line,
        place=f"{at.file}:{at.line}",
        link=source_link(at.file, at.line),
        editor=None if editor is None else _in_editor(project, at, editor),
        lines=tuple(lines),
        more=more,
    )


def _own_lines(texts: tuple[str, ...], at: Position) -> list[SourceLine]:
    """The item's lines: those after it which are indented as far as its first key, or empty."""
    column = at.column - 1
    found: list[SourceLine] = []
    for number, text in enumerate(texts[at.line - 1 :], at.line):
        if found and text.strip() and len(text) - len(text.lstrip(" ")) < column:
            break
        found.append(SourceLine(number, printable(text)))
    while len(found) > 1 and not found[-1].text.strip():
        found.pop()
    return found


def _texts(project: Project, file: str) -> tuple[str, ...]:
    sheet = project.sheets.get(file)
    return sheet.text.lines if sheet else ()


def _in_editor(project: Project, at: Position, editor: str) -> str:
    """The person's own pattern, such as `vscode://file/{path}:{line}`, with this place in it."""
    from urllib.parse import quote

    path = quote(str((project.root / at.file).absolute()))
    return editor.replace("{path}", path).replace("{line}", str(at.line))
