"""Prompt templates: what a producer may write between `{{ }}`, read into a wording with its mentions still open.

A template comes from whoever wrote the project, so it is never run. Jinja2's sandbox parses it and only what the parse
may hold is taken over: text, `{{ name }}`, `{{ name.look }}` and comments. There is nothing to loop, call or reach, so
the time and the size of the result are bounded by the template's own length.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from storyboard.shot import Mention, Wording
from storyboard.text.confusables import called, difference
from storyboard.text.suggestions import suggestion

_SHOWN = re.compile(r"\{#.*?#\}|(\{\{[-+]?.*?[-+]?\}\})", re.DOTALL)
_UNEXPECTED = re.compile(r"unexpected char ('.+'|\".+\") at \d+")
_WIDE_BRACES = re.compile("[\uff5b\ufe5b]{2}")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong in a template: what, and the text to look for (its `nth` occurrence, from 0) to find where.

    What is wrong begins `offset` characters into that text.
    """

    message: str
    text: str = ""
    nth: int = 0
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A sort of template: how messages speak of it, and whether its blanks and line breaks mean anything."""

    allowed: str  # what it may hold, as a sentence without its full stop
    names: str  # what a name in it may call
    where: str  # "a prompt"
    keeps_lines: bool = False


PROMPTS = Vocabulary(
    "Prompts may hold {{ name }}, {{ name.look }} and {# comments #}, and nothing else of Jinja2",
    "cast member, look, location or prop",
    "a prompt",
)


class BadTemplate(ValueError):
    """A template that cannot be used. `findings` holds everything wrong with it; `wording` reads on without it."""

    def __init__(self, findings: tuple[Finding, ...], wording: Wording = ()) -> None:
        self.findings, self.wording = findings, wording
        super().__init__("; ".join(finding.message for finding in findings))


def render(template: str, names: Mapping[str, str], vocabulary: Vocabulary = PROMPTS) -> Wording:
    """Read a template. `names` maps each name that may be called ("mara", "mara.storm") to how it reads ("Mara").

    Raises BadTemplate with every unknown name, and with everything that is more than a name.
    """
    body = _parse(template, vocabulary)
    shown = [match[1] for match in _SHOWN.finditer(template) if match[1]]
    findings: list[Finding] = []
    parts: list[str | Mention] = []
    calls = 0
    for node in _pieces(body, vocabulary):
        if isinstance(node, nodes.TemplateData):
            parts.append(node.data)
            continue
        text = shown[calls] if calls < len(shown) else ""
        nth = shown[:calls].count(text)
        calls += 1
        called = _called(node)
        if called in names:
            parts.append(Mention(called, names[called]))
        else:
            offset = max(0, text.find(called.partition(".")[0])) if called else 0
            findings.append(Finding(_complaint(node, called, names, vocabulary), text, nth, offset))
            parts.append(called or text)
    findings += _wide_braces(template)
    wording = tuple(parts) if vocabulary.keeps_lines else _tidied(parts)
    if findings:
        raise BadTemplate(tuple(findings), wording)
    return wording


def mentions(wording: Wording) -> Iterator[str]:
    """The names that a wording calls, in order, repeats included."""
    return (part.name for part in wording if isinstance(part, Mention))


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)


def _parse(template: str, vocabulary: Vocabulary) -> nodes.Template:
    try:
        return _environment().parse(template)
    except TemplateSyntaxError as error:
        said = _UNEXPECTED.sub(_by_name, (error.message or "syntax error").rstrip("."))
        message = f"the template cannot be read: {said}. {vocabulary.allowed}"
        raise BadTemplate((_at_line(template, error.lineno, message),), (template,)) from None
    except (RecursionError, OverflowError, ValueError):  # what deep nesting and huge literals do to the parser
        message = f"the template is nested too deeply. {vocabulary.allowed}"
        raise BadTemplate((Finding(message),), (template,)) from None


def _wide_braces(template: str) -> Iterator[Finding]:
    found = _WIDE_BRACES.search(template)
    if found:
        yield Finding(f"{called(found[0][0])} calls no name; write {{{{ and }}}}", found[0])


def _by_name(unexpected: re.Match[str]) -> str:
    sign = str(ast.literal_eval(unexpected[1]))
    return unexpected[0] if sign.isascii() else f"{called(sign)} stands between its braces; remove it"


def _at_line(template: str, line: int, message: str) -> Finding:
    """Points at a tag of the line that Jinja2 complains of, as it tells no column: the last for a missing end."""
    lines = template.splitlines() or [""]
    at = min(max(line, 1), len(lines)) - 1
    tags = [match.start() for match in re.finditer(r"\{[{%#]", lines[at])]
    start = (tags[-1] if "end of template" in message or "Missing end" in message else tags[0]) if tags else 0
    text = lines[at][start:].strip()
    return Finding(message, text, sum(text in each for each in lines[:at]) if text else 0)


def _pieces(body: nodes.Template, vocabulary: Vocabulary) -> Iterator[nodes.Node]:
    for node in body.body:
        if isinstance(node, nodes.Output):
            yield from node.nodes
        else:
            message = f"block tags have no place in {vocabulary.where}. {vocabulary.allowed}"
            raise BadTemplate((Finding(message, "{%"),))


def _called(node: nodes.Node) -> str:
    """The name that an expression calls; empty where it is more than a name."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return f"{node.node.name}.{node.attr}"
    return ""


def _complaint(node: nodes.Node, called: str, names: Mapping[str, str], vocabulary: Vocabulary) -> str:
    if not called:
        return f"this is more than a name ({type(node).__name__.lower()}). {vocabulary.allowed}"
    base, _, look = called.partition(".")
    if look and base in names:
        looks = [name for name in names if name.startswith(f"{base}.")]
        return f"'{base}' has no look '{look}'" + _suggestion(called, looks, "It has none")
    return f"'{called}' is no {vocabulary.names}" + _suggestion(called, list(names), "There are none")


def _suggestion(word: str, candidates: list[str], otherwise: str) -> str:
    if not candidates:
        return f". {otherwise}"
    close = suggestion(word, candidates)
    if close:
        return f"; did you mean '{close}'{difference(word, close)}?"
    shown = ", ".join(sorted(candidates)[:12]) + (", …" if len(candidates) > 12 else "")
    return f". Valid names are: {shown}"


def _tidied(parts: list[str | Mention]) -> Wording:
    """Neighbouring texts joined, runs of blanks and line breaks made one blank, and the ends trimmed.

    A prompt means the same however its YAML was wrapped, so wrapping it otherwise must not change what it is.
    """
    joined: list[str | Mention] = []
    for part in parts:
        before = joined[-1] if joined else None
        if isinstance(part, str) and isinstance(before, str):
            joined[-1] = before + part
        else:
            joined.append(part)
    tidy = [part if isinstance(part, Mention) else re.sub(r"\s+", " ", part) for part in joined]
    if tidy and isinstance(tidy[0], str):
        tidy[0] = tidy[0].lstrip()
    if tidy and isinstance(tidy[-1], str):
        tidy[-1] = tidy[-1].rstrip()
    return tuple(part for part in tidy if part)
