"""Where in a project's YAML a finding in a template is written."""

from __future__ import annotations

from storyboard.bind.prompt_template import Finding
from storyboard.errors import Position
from storyboard.loading import Project

_MOST_LINES_SEARCHED = 2_000


def place_of(project: Project, start: Position, finding: Finding) -> Position:
    """Where the text of a finding is written, from the value's beginning on, however its YAML is wrapped."""
    if not finding.text:
        return start
    seen = 0
    for line in range(start.line, start.line + _MOST_LINES_SEARCHED):
        written = project.excerpt(Position(start.file, line, 1_000_000))
        column = written.find(finding.text, start.column - 1 if line == start.line else 0)
        while column >= 0:
            if seen == finding.nth:
                return Position(start.file, line, column + 1 + finding.offset)
            seen, column = seen + 1, written.find(finding.text, column + 1)
    return start
