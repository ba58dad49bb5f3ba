"""From YAML's events to a small tree in which every node knows where it is written.

Composed here and not by a YAML library, because libraries build first and check later: doubled keys are lost, tags
make objects, and a few lines of aliases fill the memory. What can be passed over is noted and composing goes on, so
that a producer sees all mistakes of a file at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from storyboard.errors import Mistake, Position
from storyboard.source import comments, slips
from storyboard.source.decode import UNPRINTABLE, Text, Unreadable, joined, unprintable
from storyboard.source.scalars import NumberTooLong, Scalar, resolve
from storyboard.source.syntax import NEEDS_QUOTES, explain, unquoted_template

MOST_NODES = 50_000
"""Values in one file at most; `storyboard.source.document` holds what aliases repeat to it as well."""

DEEPEST = 32
"""Levels of lists and mappings within each other at most."""


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """One text, number, truth or nothing."""

    at: Position
    value: Scalar
    spelling: str
    cut: Position | None = None  # where a comment begins that may have been meant as text


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """A list."""

    at: Position
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its value."""

    at: Position
    key: str
    node: Node


@dataclass(frozen=True, slots=True)
class MappingNode:
    """Keys with their values, each key once."""

    at: Position
    entries: tuple[Entry, ...]


Node = ScalarNode | SequenceNode | MappingNode


class BadSyntax(Unreadable):
    """YAML's grammar does not take the text."""


def compose(text: Text) -> tuple[Node | None, list[Mistake]]:
    """The tree of a text's only document, None where there is none, and the mistakes that did not stop it.

    libyaml is twenty times faster than ruamel.yaml's own parser and knows YAML 1.1 only: it refuses a link in
    `[https://…]`. What it refuses is asked of the slow one, whose word is final. Raises Unreadable.
    """
    composer = Composer(text)
    try:
        return composer.compose(), composer.mistakes
    except BadSyntax:
        composer = Composer(text, fast=False)
    try:
        return composer.compose(), composer.mistakes
    except Unreadable as reason:
        raise Unreadable(*composer.mistakes, *reason.mistakes) from None


@dataclass(slots=True)
class Composer:
    """Builds the tree of one text; `mistakes` are those that did not stop it."""

    text: Text
    fast: bool = True  # by libyaml, where it is installed
    mistakes: list[Mistake] = field(default_factory=list)
    _anchors: dict[str, Node] = field(default_factory=dict)
    _open: set[str] = field(default_factory=set)
    _count: int = 0

    def compose(self) -> Node | None:
        """The tree of the text's only document, None where there is none. Raises Unreadable."""
        events = self._events()
        root: Node | None = None
        for event in events:
            if isinstance(event, DocumentStartEvent):
                if root is not None:
                    raise self._stop(event, "a second document begins here; one file holds one, so remove the ---")
                root = self._node(next(events), events, depth=1)
        return root

    def _events(self) -> Iterator[Any]:
        try:
            yield from YAML(typ="safe", pure=not self.fast).parse(self.text.content)
        except MarkedYAMLError as error:
            raise BadSyntax(explain(error, self.text)) from None
        except (YAMLError, ValueError) as error:  # the slow parser trips over escapes of no character
            raise BadSyntax(Mistake(Position(self.text.name), f"this is not valid YAML: {error}")) from None

    def _node(self, event: Any, events: Iterator[Any], *, depth: int) -> Node:
        self._count += 1
        if self._count > MOST_NODES:
            raise self._stop(event, f"the file holds more than {MOST_NODES:,} values; split it up")
        if depth > DEEPEST:
            raise self._stop(event, f"this is nested more than {DEEPEST} levels deep")
        if isinstance(event, AliasEvent):
            return self._alias(event)
        self._note_tag(event)
        if event.anchor is None:
            return self._content(event, events, depth)
        self._open.add(event.anchor)
        node = self._anchors[event.anchor] = self._content(event, events, depth)
        self._open.discard(event.anchor)
        return node

    def _content(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        if isinstance(event, ScalarEvent):
            return self._scalar(event)
        if isinstance(event, SequenceStartEvent):
            return SequenceNode(self._at(event), tuple(self._items(events, depth)))
        return MappingNode(self._at(event), tuple(self._entries(events, depth)))

    def _items(self, events: Iterator[Any], depth: int) -> Iterator[Node]:
        while not isinstance(event := next(events), SequenceEndEvent):
            yield self._node(event, events, depth=depth + 1)

    def _entries(self, events: Iterator[Any], depth: int) -> Iterator[Entry]:
        first: dict[str, Position] = {}
        while not isinstance(event := next(events), MappingEndEvent):
            key_at, key = self._at(event), self._key(event)
            node = self._node(next(events), events, depth=depth + 1)
            if isinstance(node, ScalarNode) and node.value is None and not node.spelling:
                node = replace(node, at=key_at, cut=self._cut_from(event))  # the parser would point at what comes next
            if key in first:
                before = first[key]
                self._note(key_at, f"the key {key!r} is written twice; the first is at {before}")
                continue
            first[key] = key_at
            yield Entry(key_at, key, node)

    def _key(self, event: Any) -> str:
        if not isinstance(event, ScalarEvent):
            raise self._no_key(event)
        self._note_tag(event)
        if event.anchor is not None:
            self._note(self._at(event), "a key cannot be an anchor; write it out")
        return self._printable(event)

    def _scalar(self, event: ScalarEvent) -> ScalarNode:
        at, word = self._at(event), self._printable(event)
        if event.style not in (None, ""):
            return ScalarNode(at, word, word)
        if fence := slips.fence_within(self.text, at.line + 1, event.end_mark.line + 1):
            self._note(*fence)
        try:
            return ScalarNode(at, resolve(word), word, self._cut_behind(event) if word else None)
        except NumberTooLong:
            self._note(at, "this number is too long; if it is meant as text, quote it")
            return ScalarNode(at, word, word)

    def _cut_behind(self, event: ScalarEvent) -> Position | None:
        begin, end = event.start_mark, event.end_mark
        return comments.behind(self.text, begin.line, end.line, end.column)

    def _cut_from(self, key: Any) -> Position | None:
        return comments.behind_key(self.text, key.end_mark.line, key.end_mark.column)

    def _alias(self, event: AliasEvent) -> Node:
        node = self._anchors.get(event.anchor)
        if event.anchor in self._open:
            raise self._stop(event, f"*{event.anchor} stands inside of what it repeats")
        if node is None:
            raise self._stop(event, f"*{event.anchor} repeats something that is not marked &{event.anchor} above")
        return node

    def _note_tag(self, event: Any) -> None:
        if event.tag is not None:
            self._note(self._at(event), f"the tag {event.tag} is not read here; remove it (to force text, use quotes)")

    def _printable(self, event: ScalarEvent) -> str:
        word = joined(str(event.value))
        odd = UNPRINTABLE.search(word)
        if odd is None:
            return word
        self._note(self._at(event), f"this text holds {unprintable(odd.group())}")
        return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", word)

    def _note(self, at: Position, message: str) -> None:
        self.mistakes.append(self.text.mistake(at, message))

    def _no_key(self, event: Any) -> Unreadable:
        at = self._at(event)
        column = unquoted_template(self.text.lines[at.line - 1])
        if column is None:
            return self._stop(event, "a key must be a plain word; if this is meant as text, quote it")
        return Unreadable(self.text.mistake(Position(self.text.name, at.line, column), NEEDS_QUOTES))

    def _stop(self, event: Any, message: str) -> Unreadable:
        return Unreadable(self.text.mistake(self._at(event), message))

    def _at(self, event: Any) -> Position:
        mark = event.start_mark
        return Position(self.text.name, mark.line + 1, mark.column + 1)
