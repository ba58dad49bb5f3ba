"""A document that can be mended: values may be taken out or put right, and each still knows where it was written."""

from __future__ import annotations

from dataclasses import dataclass

from storyboard.source import Path, Plain, Positions
from storyboard.source.positions import Spot


@dataclass(slots=True, eq=False)
class Cell:
    """One value. `origin` is its path in the file, which it keeps when its neighbours go."""

    origin: Path
    content: object  # a single value, a list of cells, or a dict of cells


def grow(value: Plain, origin: Path = ()) -> Cell:
    """The cells of a plain value."""
    if isinstance(value, dict):
        return Cell(origin, {key: grow(item, (*origin, key)) for key, item in value.items()})
    if isinstance(value, list):
        return Cell(origin, [grow(item, (*origin, index)) for index, item in enumerate(value)])
    return Cell(origin, value)


def plain(cell: Cell) -> object:
    """The plain value of cells."""
    if isinstance(cell.content, dict):
        return {key: plain(item) for key, item in cell.content.items()}
    if isinstance(cell.content, list):
        return [plain(item) for item in cell.content]
    return cell.content


def lineage(root: Cell, path: Path) -> list[Cell]:
    """The cells from the root towards a path, as far as there are any."""
    cells = [root]
    for step in path:
        inner = _child(cells[-1], step)
        if inner is None:
            break
        cells.append(inner)
    return cells


def remove(parent: Cell, child: Cell) -> None:
    """Take a cell out of the one that holds it, if it is still there."""
    if isinstance(parent.content, dict):
        parent.content = {key: item for key, item in parent.content.items() if item is not child}
    elif isinstance(parent.content, list):
        parent.content = [item for item in parent.content if item is not child]


def positions(root: Cell, written: Positions) -> Positions:
    """Where the values that are left are written, by the paths that they have now."""
    spots: dict[Path, Spot] = {}
    _collect(root, (), written, spots)
    return Positions(written.file, spots)


def _collect(cell: Cell, path: Path, written: Positions, spots: dict[Path, Spot]) -> None:
    spot = written.spots.get(cell.origin)
    if spot is not None:
        spots[path] = spot
    if isinstance(cell.content, dict):
        for key, item in cell.content.items():
            _collect(item, (*path, key), written, spots)
    elif isinstance(cell.content, list):
        for index, item in enumerate(cell.content):
            _collect(item, (*path, index), written, spots)


def _child(cell: Cell, step: str | int) -> Cell | None:
    if isinstance(cell.content, dict):
        return cell.content.get(str(step))
    if isinstance(cell.content, list) and isinstance(step, int) and step < len(cell.content):
        return cell.content[step]  # type: ignore[no-any-return]
    return None
