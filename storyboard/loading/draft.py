"""One YAML file on its way to a model: what is wrong is noted and mended, and what is left is validated again.

Mending serves one purpose: that a mistake in line 3 does not hide the one in line 30, nor those in other files. A
mended model is only ever used to look for more mistakes; work begins with a project that needed no mending.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from storyboard.errors import Mistake, Position
from storyboard.loading.cross_checks import Finding
from storyboard.loading.mendable import Cell, grow, lineage, plain, positions, remove
from storyboard.loading.mistake_texts import sentence
from storyboard.loading.project import Sheet
from storyboard.model.schema_lookup import is_prose_at, keys_at
from storyboard.source import Document, Path, Positions, slips
from storyboard.source.comments import cuts
from storyboard.source.slips import in_odd_quotes
from storyboard.text.suggestions import suggestion

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

M = TypeVar("M", bound=BaseModel)
Rules = Callable[[M, Positions], Iterable[Finding]]
"""Gives what is wrong with a model whose shape is right; see `storyboard.loading.cross_checks`."""

_MOST_ROUNDS = 12
_MOST_ERRORS = 500
_TOLD_OF_TOO_MANY = 50
_OF_SHAPE = {"dict_type", "extra_forbidden", "mapping_type", "model_type", "tuple_type"}
_FOLLOWS_FROM_MENDING = ("missing", "too_short")


@dataclass(slots=True)
class Draft(Generic[M]):
    """A document, the model that it is to become, and the mistakes found so far."""

    document: Document
    model: type[M]
    placeholders: dict[str, object]  # stand-ins for keys that are missing
    mistakes: list[Mistake] = field(default_factory=list)
    _root: Cell = field(init=False)
    _cut_off: dict[Path, Mistake] = field(init=False)
    _mended: bool = False
    _put_right: set[Path] = field(default_factory=set)  # values whose mistake is noted and mended already

    def __post_init__(self) -> None:
        self.mistakes += self.document.mistakes
        self._root = grow(self.document.value)
        self._cut_off = dict(self._prose_cut_off())
        self._put_right.update(self._cut_off)  # whatever else is wrong with such a text follows from it

    def finish(self, rules: Rules[M]) -> tuple[M, Sheet] | None:
        """The model and its sheet, of whatever is sound; None where too little is. Adds to `mistakes`."""
        if self.document.value is None and self.document.mistakes:
            return None
        model = self._validated()
        if model is None:
            return None
        self.mistakes += self._cut_off.values()
        findings = tuple(rules(model, self._positions()))
        if findings:
            self._take_out(findings)
            model = self._validated()
        return None if model is None else (model, Sheet(self.document.text, self._positions()))

    def _validated(self) -> M | None:
        for _ in range(_MOST_ROUNDS):
            try:
                return self.model.model_validate(plain(self._root))
            except ValidationError as invalid:
                errors = tuple(_without_echoes(invalid.errors(include_url=False)))
            if self._is_of_another_version(errors) or self._is_something_else(errors):
                return None
            self._report(errors)
            if not self._mend(errors):
                return None
        return None

    def _prose_cut_off(self) -> Iterator[tuple[Path, Mistake]]:
        """Prose that YAML ends at a `#`; a single word may well have a remark behind it."""
        for path, spot in self.document.positions.spots.items():
            if spot.cut is not None and is_prose_at(self.model, path):
                yield path, self.document.mistake(spot.cut, cuts(self.document.text, spot.cut))

    def _positions(self) -> Positions:
        return positions(self._root, self.document.positions) if self._mended else self.document.positions

    def _is_of_another_version(self, errors: Iterable[ErrorDetails]) -> bool:
        """A file of another version is read no further: all else about it would be misleading."""
        for error in errors:
            if error["loc"] == ("version",) and error["type"] != "missing":
                self._note(error)
                return True
        return False

    def _is_something_else(self, errors: tuple[ErrorDetails, ...]) -> bool:
        """A file with mistakes by the hundred is no storyboard: some of them are told, and it is read no further."""
        if len(errors) <= _MOST_ERRORS:
            return False
        for error in errors[:_TOLD_OF_TOO_MANY]:
            self._note(error)
        rest = len(errors) - _TOLD_OF_TOO_MANY
        top = Position(self.document.text.name)
        self.mistakes.append(Mistake(top, f"there are {rest:,} more mistakes in this file"))
        return True

    def _report(self, errors: tuple[ErrorDetails, ...]) -> None:
        renamed = {(*e["loc"][:-1], self._meant(e)) for e in errors if e["type"] == "extra_forbidden"}
        for error in errors:
            if error["type"] in _FOLLOWS_FROM_MENDING and self._mended:
                continue
            if error["type"] == "missing" and error["loc"] in renamed:
                continue  # said already: "did you mean 'prompt'?"
            if self._origin(error["loc"]) not in self._put_right:
                self._note(error)

    def _note(self, error: ErrorDetails) -> None:
        written = self.document.positions
        origin = self._origin(error["loc"])
        at = _at(error, origin, written)
        odd_sign = slips.slip(self.document.text, at.line) if error["type"] in _OF_SHAPE else None
        at, text = odd_sign or (at, sentence(error, self.model, written.spelling(origin)))
        self.mistakes.append(self.document.mistake(at, text))

    def _origin(self, loc: Path) -> Path:
        return lineage(self._root, loc)[-1].origin

    def _meant(self, error: ErrorDetails) -> str | None:
        return suggestion(str(error["loc"][-1]), keys_at(self.model, error["loc"][:-1]))

    def _mend(self, errors: Iterable[ErrorDetails]) -> bool:
        """Mend what each error names; False where the whole file would have to go."""
        self._mended = True
        renaming_first = sorted(errors, key=lambda error: error["type"] != "extra_forbidden")  # fills what is missing
        aims = [(error, lineage(self._root, error["loc"])) for error in renaming_first]
        mended = [self._mend_one(error, cells) for error, cells in aims]
        return all(mended)

    def _mend_one(self, error: ErrorDetails, cells: list[Cell]) -> bool:
        cell, key = cells[-1], str(error["loc"][-1]) if error["loc"] else ""
        if error["type"] == "missing" and isinstance(cell.content, dict) and key in self.placeholders:
            cell.content.setdefault(key, Cell(cell.origin, self.placeholders[key]))
            return True
        spelling = self.document.positions.spelling(cell.origin)
        if error["type"] == "string_type" and spelling and not isinstance(cell.content, str):
            cell.content = spelling
            self._put_right.add(cell.origin)
            return True
        if error["type"] in ("model_type", "dict_type", "mapping_type") and len(cells) > 1 and cell.content is None:
            cell.content = {}
            return True
        return self._remove(cells, renamed=self._meant(error) if error["type"] == "extra_forbidden" else None)

    def _remove(self, cells: list[Cell], *, renamed: str | None = None) -> bool:
        if len(cells) < 2:
            return False
        parent, cell = cells[-2], cells[-1]
        remove(parent, cell)
        if renamed is not None and isinstance(parent.content, dict):
            parent.content.setdefault(renamed, cell)
        return True

    def _take_out(self, findings: Iterable[Finding]) -> None:
        self._mended = True
        for finding, cells in [(finding, lineage(self._root, finding.path)) for finding in findings]:
            if cells[-1].origin not in self._put_right:
                spelling = self.document.positions.spelling(cells[-1].origin) or ""
                self.mistakes.append(self.document.mistake(finding.at, in_odd_quotes(spelling) or finding.message))
            self._remove(cells)


def _without_echoes(errors: Iterable[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Leave out "too short" where a list only seems empty because all of its items are wrong."""
    return (error for error in errors if not (error["type"] == "too_short" and error["input"]))


def _at(error: ErrorDetails, origin: Path, written: Positions) -> Position:
    if error["type"] in ("missing", "extra_forbidden") or error["loc"][-1:] == ("[key]",):
        return written.key(origin)
    return written.value(origin)
