"""The map of modules in the architecture is the disk's, and every line of it stands above all that it imports."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from render.providers.registry import hosted_vendors
from tests.docs.pages import ROOT, blocks

PAGE = ROOT / "docs" / "architecture.md"
FLOORS = ("flows", "render", "storyboard")
MOST_IMPORTED = 15
GAP = "  "  # two blanks or more part the names from what is said of them


def the_map() -> dict[str, list[list[str]]]:
    """The names in each line of the map, from the top, by floor."""
    (drawn,) = [block for block in blocks(PAGE, "text") if block.info == "map"]
    lines: dict[str, list[list[str]]] = {floor: [] for floor in FLOORS}
    floor = ""
    for line in filter(None, drawn.text.splitlines()):
        begins = re.match(r"(\w+)/ +", line)
        floor = begins[1] if begins else floor
        names = line[13:].partition(GAP)[0] if begins is None else line[begins.end() :].partition(GAP)[0]
        lines[floor].append(names.split(" · "))
    return lines


MAP = the_map()


@pytest.mark.parametrize("floor", FLOORS)
def test_the_map_names_every_module_at_the_top_of_a_floor_and_no_other(floor: str) -> None:
    """A module that comes or goes changes the map."""
    told = [name for line in MAP[floor] for name in line]
    on_disk = {each.stem for each in (ROOT / floor).glob("*.py")} - {"__init__"}
    folders = {each.name for each in (ROOT / floor).iterdir() if each.is_dir() and any(each.rglob("*.py"))}
    assert len(told) == len(set(told))
    assert set(told) == on_disk | folders - {"__pycache__"}


def test_every_package_is_named() -> None:
    """Packages within packages are told of too; a hosted vendor's need not be, as it has a page of its own."""
    text = PAGE.read_text(encoding="utf-8")
    vendors = {ROOT / vendor.package.replace(".", "/") for vendor in hosted_vendors()}
    packages = {each.parent for floor in FLOORS for each in (ROOT / floor).glob("*/**/__init__.py")} - vendors
    missing = [f"{each.relative_to(ROOT)}/" for each in packages if f"`{each.relative_to(ROOT)}/`" not in text]
    assert missing == []


def test_every_module_that_the_page_names_exists() -> None:
    """Dotted names and file names in the text are modules, or names within them."""
    text = PAGE.read_text(encoding="utf-8")
    for name in re.findall(r"`((?:flows|render|storyboard)\.[\w.]+?)(?:\(.*?\))?`", text):
        parts = name.split(".")
        assert _module(parts) or _module(parts[:-1]), f"there is no {name}"
    for row in re.findall(r"^\| `((?:flows|render|storyboard)/[\w/]+/)` \| (.+) \|$", text, re.MULTILINE):
        package, told = row
        for name in re.findall(r"`(\w+)`", told):
            assert _module([*package.strip("/").split("/"), name]), f"{package} has no {name}"


def test_every_package_says_which_question_it_answers() -> None:
    """In the first line of its docstring, so that a newcomer opens one folder for one question."""
    silent = [
        str(each.relative_to(ROOT))
        for floor in FLOORS
        for each in (ROOT / floor).rglob("__init__.py")
        if "?" not in (ast.get_docstring(ast.parse(each.read_text(encoding="utf-8"))) or "").partition("\n")[0]
    ]
    assert silent == []


def test_no_two_modules_share_a_name() -> None:
    """Unless they are the same thing: each floor's tree of errors, or the same part of different vendors."""
    homes: dict[str, set[str]] = {}
    for floor in FLOORS:
        for each in (ROOT / floor).rglob("*.py"):
            if each.stem.startswith(("__", "v0")) or each.is_relative_to(ROOT / "flows" / "template"):
                continue
            homes.setdefault(each.stem, set()).add(str(each.parent.relative_to(ROOT)))
    shared = {name: found for name, found in homes.items() if len(found) > 1 and name not in {"errors", "capabilities"}}
    vendors = {f"render/providers/{each.name}" for each in (ROOT / "render/providers").iterdir()} | {"render/animatic"}
    assert {name: found for name, found in shared.items() if not found <= vendors} == {}


@pytest.mark.parametrize("floor", FLOORS)
def test_no_line_imports_from_a_line_above_it(floor: str) -> None:
    """Each line of the map stands above all that it imports, imports within functions included."""
    rank = {name: number for number, line in enumerate(MAP[floor]) for name in line}
    wrong = [
        f"{importer} imports {imported}"
        for importer, imported in _imports(floor)
        if importer in rank and imported in rank and rank[imported] < rank[importer]
    ]
    assert wrong == []


@pytest.mark.parametrize("floor", FLOORS)
def test_no_module_imports_more_than_fifteen_others(floor: str) -> None:
    """A module that needs more does several things, and can be parted; imports within functions count too."""
    modules = {_dotted(file) for each in FLOORS for file in (ROOT / each).rglob("*.py")}
    counts = {_dotted(file): len(_needed(file, modules)) for file in (ROOT / floor).rglob("*.py")}
    assert {name: count for name, count in counts.items() if count > MOST_IMPORTED} == {}


def _dotted(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _needed(file: Path, modules: set[str]) -> set[str]:
    """Those of our modules that a file imports when it runs, each where a name is taken from it or it is named."""
    names = set[str]()
    for node in _running(file):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            within = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= {name if name in modules else node.module for name in within}
    return names & modules


def _module(parts: list[str]) -> Path | None:
    path = ROOT.joinpath(*parts)
    return next((each for each in (path.with_suffix(".py"), path / "__init__.py") if each.is_file()), None)


def _imports(floor: str) -> Iterator[tuple[str, str]]:
    """Which top-level name of a floor imports which; imports for type checkers only do not count."""
    for file in (ROOT / floor).rglob("*.py"):
        parts = file.relative_to(ROOT).with_suffix("").parts
        for node in _running(file):
            if not isinstance(node, ast.ImportFrom) or not node.module:
                continue
            origin = node.module.split(".")
            if origin[0] == floor:
                yield from ((parts[1], name) for name in (origin[1:2] or [alias.name for alias in node.names]))


def _running(file: Path) -> Iterator[ast.AST]:
    """All of a module but what type checkers alone read."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    typed = {id(node) for each in ast.walk(tree) if _is_typing(each) for node in ast.walk(each)}
    return (node for node in ast.walk(tree) if id(node) not in typed)


def _is_typing(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
