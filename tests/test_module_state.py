"""What modules keep for as long as the process lives, and why: nothing that a run opened."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
KEPT = {
    "flows/terminal/cancellation.py: _endings": "signals come to the process",
    "render/cut/house_signature.py: _house_signatures": "facts about ffmpeg",
    "render/media/ffmpeg_needs.py: _found": "facts about ffmpeg",
    "render/media/ffmpeg.py: _slots": "the machine's processors, for each event loop",
}
"""A registry at the top of a module outlives whoever entered something: each needs a reason of its own."""

CONTAINERS = {"dict", "list", "set", "defaultdict", "deque", "OrderedDict"}


def test_no_module_keeps_what_a_run_opened() -> None:
    """Whatever is live has an owner that closes it. A new exception stands here with its reason, or not at all."""
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for floor in ("flows", "render", "storyboard")
        for path in (ROOT / floor).rglob("*.py")
        for name in registries(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == set(KEPT)


def registries(module: ast.Module) -> Iterator[str]:
    """The names at the top of a module that begin as an empty container."""
    for each in module.body:
        match each:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_empty(value):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if _is_empty(value):
                yield name


def _is_empty(value: ast.expr | None) -> bool:
    match value:
        case ast.Dict(keys=[]) | ast.List(elts=[]):
            return True
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[], keywords=[]):
            return name in CONTAINERS or name.startswith("Weak")
    return False
