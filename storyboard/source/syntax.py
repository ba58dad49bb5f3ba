"""Explains errors of YAML's syntax: what a producer most likely meant, and what to write."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from ruamel.yaml.error import MarkedYAMLError

from storyboard.errors import Mistake, Position
from storyboard.source import comments, slips
from storyboard.source.decode import Text

_TEMPLATE_UNQUOTED = re.compile(r"(?:[:-]\s+|^\s*)(\{\{)")
_GOES_ON_AFTER_QUOTE = re.compile(r"""[:-]\s+("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*[^\s,\]}#:]""")
NEEDS_QUOTES = "a text that begins with {{ must stand in quotes as a whole"
_PARSER_WORDS = {
    "<block end>": "the end of the block",
    "'<block mapping start>'": "a key that is indented differently",
    "'<block sequence start>'": "a list that is indented differently",
    "'<scalar>'": "more text",
    "'<stream end>'": "the end of the file",
}


def explain(error: MarkedYAMLError, text: Text) -> Mistake:
    """The parser's complaint as a sentence with a remedy, where it is one of the usual slips."""
    problem, context = (error.problem or "").strip(), (error.context or "").strip()
    if "quoted scalar" in context and "end of" in problem:
        return text.mistake(_at(error.context_mark, text), "this quote is never closed")
    at = _at(error.problem_mark or error.context_mark, text)
    if "flow" in context and re.search("expected ','", problem):
        return _open_bracket(_at(error.context_mark, text), at, text)
    found = _odd_sign(error, at, text) or _cut_above(text, at)
    if found is not None:
        return text.mistake(*found)
    line = text.lines[at.line - 1] if at.line <= len(text.lines) else ""
    usual = _usual_slip(problem, line, at)
    if usual is not None:
        column, message = usual
        return text.mistake(Position(text.name, at.line, column), message)
    since = _since(error, at)
    return text.mistake(at, f"this is not valid YAML: {_plainly(problem)}{since}")


def _odd_sign(error: MarkedYAMLError, at: Position, text: Text) -> tuple[Position, str] | None:
    """A sign that only looks like one of YAML's, in the line that the parser names, or in one beside it.

    Of a key without a colon it names the line after, and of a text that goes on the line in which that ends.
    """
    began = _at(error.context_mark, text).line if "simple key" in (error.context or "") else at.line
    here = (began, at.line) if began < at.line else (at.line,)
    beside = [*reversed(_written(text, 1, here[0] - 1)[-2:]), *_written(text, at.line + 1, len(text.lines))[:1]]
    looks = [
        *(partial(slips.slip, text, line) for line in here),
        *(partial(slips.quote, text, line) for line in here),
        *(partial(slips.slip_beside, text, line) for line in beside),
        *(partial(slips.stuck_colon, text, line) for line in here if "expected ':'" in (error.problem or "")),
    ]
    return next((found for look in looks if (found := look())), None)


def _written(text: Text, first: int, last: int) -> list[int]:
    return [line for line in range(first, last + 1) if text.lines[line - 1].strip()]


def _cut_above(text: Text, at: Position) -> tuple[Position, str] | None:
    comment = comments.above(text, at.line) if at.line <= len(text.lines) else None
    return (comment, comments.cuts(text, comment)) if comment is not None else None


def _open_bracket(bracket: Position, at: Position, text: Text) -> Mistake:
    comment = comments.within_brackets(text, bracket.line, at.line)
    if comment is not None:
        return text.mistake(comment, comments.cuts(text, comment))
    return text.mistake(bracket, "this bracket is never closed, or a comma is missing in it")


def unquoted_template(line: str) -> int | None:
    """The column, from 1, where `{{` begins a text that is not quoted, which YAML reads as a mapping in a mapping."""
    found = _TEMPLATE_UNQUOTED.search(line)
    return found.start(1) + 1 if found else None


def _usual_slip(problem: str, line: str, at: Position) -> tuple[int, str] | None:
    template = unquoted_template(line)
    if template:
        return template, NEEDS_QUOTES
    quoted = _GOES_ON_AFTER_QUOTE.search(line)
    if quoted:
        return quoted.start(1) + 1, "the text goes on after its closing quote; put all of it in quotes"
    if "mapping values" in problem:
        return at.column, 'a text with ": " in it must stand in quotes (or the line is indented wrongly)'
    if "cannot start any token" in problem:
        return at.column, f"a text that begins with {line[at.column - 1 : at.column]} must stand in quotes"
    return None


def _since(error: MarkedYAMLError, at: Position) -> str:
    began = error.context_mark
    if began is None or began.line + 1 == at.line:
        return ""
    return f" (in what began at line {began.line + 1})"


def _plainly(problem: str) -> str:
    for said, meant in _PARSER_WORDS.items():
        problem = problem.replace(said, meant)
    return problem or "it cannot be read"


def _at(mark: Any, text: Text) -> Position:
    if mark is None:
        return Position(text.name)
    return Position(text.name, mark.line + 1, mark.column + 1)
