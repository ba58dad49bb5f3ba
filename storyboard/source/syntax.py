"""What a producer most likely meant where YAML's grammar gives up."""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml.error import MarkedYAMLError

from storyboard.errors import Mistake, Position
from storyboard.source import comments
from storyboard.source.text import Text

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
_LEADING_TAB = re.compile(r" *\t")


def explain(error: MarkedYAMLError, text: Text) -> Mistake:
    """The parser's complaint as a sentence with a remedy, where it is one of the usual slips."""
    problem, context = (error.problem or "").strip(), (error.context or "").strip()
    if "quoted scalar" in context and "end of" in problem:
        return text.mistake(_at(error.context_mark, text), "this quote is never closed")
    at = _at(error.problem_mark or error.context_mark, text)
    if "flow" in context and re.search("expected ','", problem):
        return _open_bracket(_at(error.context_mark, text), at, text)
    comment = comments.above(text, at.line) if at.line <= len(text.lines) else None
    if comment is not None:
        return text.mistake(comment, comments.cuts(text, comment))
    line = text.lines[at.line - 1] if at.line <= len(text.lines) else ""
    usual = _usual_slip(problem, line, at)
    if usual is not None:
        column, message = usual
        return text.mistake(Position(text.name, at.line, column), message)
    since = _since(error, at)
    return text.mistake(at, f"this is not valid YAML: {_plainly(problem)}{since}")


def _open_bracket(bracket: Position, at: Position, text: Text) -> Mistake:
    comment = comments.within_brackets(text, bracket.line, at.line)
    if comment is not None:
        return text.mistake(comment, comments.cuts(text, comment))
    return text.mistake(bracket, "this bracket is never closed, or a comma is missing in it")


def unquoted_template(line: str) -> int | None:
    """The column where a `{{` begins a text that is not quoted, which YAML reads as a mapping within a mapping."""
    found = _TEMPLATE_UNQUOTED.search(line)
    return found.start(1) + 1 if found else None


def _usual_slip(problem: str, line: str, at: Position) -> tuple[int, str] | None:
    tab = _LEADING_TAB.match(line)
    if tab:
        return tab.end(), "the line is indented with a tab; YAML takes spaces only"
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
