"""What can be wrong with a storyboard, as a tree.

    StoryboardError
    ├── InvalidProject     mistakes a producer made, all of them at once, each with file, line and remedy
    ├── CannotBind         one shot that no vendor it names can make as it is written
    ├── LeadsOut           a folder that Tailframe writes is a link that leads out of the project
    └── NoSuchName         an episode, a shot or a vendor that was asked for and does not exist

All are the producer's to mend and end a command with exit code 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storyboard.text.confusables import difference


class StoryboardError(Exception):
    """Base of everything that `storyboard` raises on purpose."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Where in a project's YAML something is written. Lines and columns count from 1, as editors do."""

    file: str  # relative to the project, with forward slashes
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing to mend: `file:line:column: message`, the line itself, and what to write instead."""

    at: Position
    message: str  # one sentence, what is wrong, with the remedy where one is known
    excerpt: str = ""  # the source line, without its line break

    def __str__(self) -> str:
        text = f"{self.at}: {self.message}"
        if not self.excerpt:
            return text
        return f"{text}\n    {self.excerpt}\n    {' ' * (self.at.column - 1)}^"


class InvalidProject(StoryboardError):
    """The project cannot be used as it is written. `mistakes` holds every one that was found, in file order."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class CannotBind(StoryboardError):
    """A shot cannot be asked of this vendor. `remedy` says what to change."""

    def __init__(self, shot: str, provider: str, problem: str, remedy: str) -> None:
        self.shot, self.provider, self.problem, self.remedy = shot, provider, problem, remedy
        super().__init__(f"{shot}: {provider}: {problem}. {remedy}")


class LeadsOut(StoryboardError):
    """Something would be written through a link that leads out of the project. `link` is relative to the project."""

    def __init__(self, link: str, remedy: str) -> None:
        self.link, self.remedy = link, remedy
        super().__init__(
            f"{link!r} is a link that leads out of the project, and Tailframe reads and writes within it only. {remedy}"
        )


class NoSuchName(StoryboardError):
    """Something was asked for by a name that nothing has. The text lists the nearest names."""

    def __init__(self, kind: str, name: str, known: Sequence[str], suggestion: str | None = None) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        hint = f"; did you mean {suggestion!r}{difference(name, suggestion)}?" if suggestion else ""
        names = f" Valid names are: {', '.join(known)}" if known else ""
        super().__init__(f"there is no {kind} {name!r}{hint or '.'}{names}")
