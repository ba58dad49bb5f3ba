"""The root of all errors that a user can meet, and what can be wrong with a storyboard, as a tree.

    TailframeError
    └── StoryboardError
        ├── InvalidProject     mistakes a producer made, all of them at once, each with file, line and remedy
        ├── CannotBind         one shot that no vendor it names can make as it is written
        ├── CannotDeliver      a delivery that the cut, as it came out, does not allow
        ├── LeadsOut           a folder that Tailframe writes is a link that leads out of the project
        └── NoSuchName         an episode, a shot or a vendor that was asked for and does not exist

A StoryboardError is the producer's to mend and ends a command with exit code 2. Two more trees stand under the root:
RenderError (`render/errors.py`) and FlowError (`flows/errors.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from storyboard.text.confusables import difference


class ExitCode(IntEnum):
    """The exit code of a command, on which scripts may rely."""

    DONE = 0  # all that was asked for is done
    NOT_DONE = 1
    WRONG_INPUT = 2
    BUDGET = 3  # a budget refused
    INTERRUPTED = 130


class TailframeError(Exception):
    """Base of everything that Tailframe raises on purpose and a user can meet. Its text is made of the fields.

    `message` says what happened and where, `remedy` what to do now (empty where there is nothing to say), `code` is one
    word in snake_case for programs: the class's own, unless an instance was given another.
    """

    code: str = "tailframe_error"
    exit_code: ClassVar[ExitCode] = ExitCode.NOT_DONE
    """The exit code of a command that ends by this error."""

    def __init__(self, message: str, remedy: str = "", *, code: str = "") -> None:
        super().__init__(message, remedy)
        self.message, self.remedy = message, remedy
        self.code = code or type(self).code

    def __str__(self) -> str:
        return sentences(self.message, self.remedy)


def sentences(*parts: str) -> str:
    """Sentences as one text. Each may end with its full stop or without, empty ones are left out."""
    *before, last = [part for part in parts if part] or [""]
    return "".join(f"{part} " if part.endswith("?") else f"{part.rstrip('. ')}. " for part in before) + last


class StoryboardError(TailframeError):
    """Base of everything that `storyboard` raises on purpose."""

    code = "storyboard_error"
    exit_code = ExitCode.WRONG_INPUT


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

    code = "invalid_project"

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class CannotBind(StoryboardError):
    """A shot cannot be asked of this vendor. `problem` says why, `remedy` what to change, `at` where, if known."""

    code = "cannot_bind"

    def __init__(self, shot: str, provider: str, problem: str, remedy: str, *, at: Position | None = None) -> None:
        self.shot, self.provider, self.problem, self.at = shot, provider, problem, at
        super().__init__(f"{shot}: {provider}: {problem}", remedy)


class CannotDeliver(StoryboardError):
    """A delivery cannot be made of this cut. `problem` says why, `at` where it is written, if known."""

    code = "cannot_deliver"

    def __init__(self, delivery: str, problem: str, at: Position | None = None) -> None:
        self.delivery, self.problem, self.at = delivery, problem, at
        where = "" if at is None else f"{at}: "
        super().__init__(f"{where}the delivery {delivery} cannot be made: {problem}", "Change its `from` or its `to`")


class LeadsOut(StoryboardError):
    """Something would be written through a link that leads out of the project. `link` is relative to the project."""

    code = "leads_out"

    def __init__(self, link: str, remedy: str) -> None:
        self.link = link
        super().__init__(
            f"{link!r} is a link that leads out of the project, and Tailframe reads and writes within it only", remedy
        )


class NoSuchName(StoryboardError):
    """Something was asked for by a name that nothing has. The text lists the nearest names."""

    code = "no_such_name"

    def __init__(self, kind: str, name: str, known: Sequence[str], suggestion: str | None = None) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        hint = f"; did you mean {suggestion!r}{difference(name, suggestion)}?" if suggestion else ""
        names = f"Valid names are: {', '.join(known)}" if known else ""
        super().__init__(f"there is no {kind} {name!r}{hint or '.'}", names)
