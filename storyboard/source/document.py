"""One YAML file as plain values, with the place of each and every mistake on the way."""

from __future__ import annotations

import stat
from dataclasses import dataclass, field
from pathlib import Path as FilePath

from storyboard.errors import Mistake, Position
from storyboard.source.decode import MOST_BYTES, Text, Unreadable, decode
from storyboard.source.nodes import DEEPEST, MOST_NODES, MappingNode, Node, ScalarNode, SequenceNode, compose
from storyboard.source.positions import Path, Positions, Spot
from storyboard.source.scalars import Scalar

Plain = Scalar | list["Plain"] | dict[str, "Plain"]


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was read. `value` is None where nothing of it can be used; `mistakes` then says why."""

    text: Text
    value: Plain
    positions: Positions
    mistakes: tuple[Mistake, ...] = ()

    def mistake(self, at: Position, message: str) -> Mistake:
        """A mistake in this file, with its line."""
        return self.text.mistake(at, message)


def read(file: FilePath, name: str) -> Document:
    """Read a file under the name that its mistakes carry. Never raises for what the file is or holds."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            return unusable(name, "this is not a regular file")
        with file.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
    except OSError as error:
        return unusable(name, f"the file cannot be read: {error.strerror or error}")
    return parse(raw, name)


def parse(raw: bytes, name: str) -> Document:
    """Parse the bytes of a file. Never raises for what they are."""
    text = Text(name, "")
    try:
        text = decode(raw, name)
        root, mistakes = compose(text)
        if root is None:
            raise Unreadable(Mistake(Position(name), "the file is empty; its first line must be `version: 1`"))
        unfolding = _Unfolding(text)
        value = unfolding.plain(root, (), None, 1)
    except Unreadable as reason:
        return Document(text, None, Positions(name, {}), reason.mistakes)
    return Document(text, value, Positions(name, unfolding.spots), tuple(mistakes))


def unusable(name: str, why: str) -> Document:
    """A document of which nothing can be used."""
    return Document(Text(name, ""), None, Positions(name, {}), (Mistake(Position(name), why),))


@dataclass(slots=True)
class _Unfolding:
    """Turns the tree into plain values, writing out what aliases repeat, under the same limits as the tree itself."""

    text: Text
    spots: dict[Path, Spot] = field(default_factory=dict)

    def plain(self, node: Node, path: Path, key: Position | None, depth: int) -> Plain:
        if len(self.spots) >= MOST_NODES or depth > DEEPEST:
            raise Unreadable(self.text.mistake(node.at, "what is repeated here with * grows beyond all bounds"))
        if isinstance(node, ScalarNode):
            self.spots[path] = Spot(node.at, key, node.spelling, node.cut)
            return node.value
        self.spots[path] = Spot(node.at, key)
        if isinstance(node, SequenceNode):
            return self._list(node, path, depth)
        return self._dict(node, path, depth)

    def _list(self, node: SequenceNode, path: Path, depth: int) -> Plain:
        return [self.plain(item, (*path, index), None, depth + 1) for index, item in enumerate(node.items)]

    def _dict(self, node: MappingNode, path: Path, depth: int) -> Plain:
        return {entry.key: self.plain(entry.node, (*path, entry.key), entry.at, depth + 1) for entry in node.entries}
