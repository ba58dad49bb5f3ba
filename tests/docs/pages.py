"""The pages that readers read, as tests see them: fenced blocks, inline code, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = tuple(sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]))

_FENCE = re.compile(r"^```(?P<language>\w*) ?(?P<info>.*)$")
_INLINE = re.compile(r"(?<!`)`([^`\n]+(?:\n[^`\n]+)?)`(?!`)")


@dataclass(frozen=True)
class Block:
    """One fenced block. `info` is what follows its language, such as `server` in a block of `console server`."""

    page: Path
    line: int  # of its first line of text
    language: str
    info: str
    text: str

    @property
    def place(self) -> str:
        """Where it stands, as an editor opens it."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"


@dataclass(frozen=True)
class Command:
    """One command of a `console` block, with the output shown beneath it."""

    place: str
    line: str
    shown: tuple[str, ...]


def blocks(page: Path, language: str | None = None) -> Iterator[Block]:
    """The fenced blocks of a page, in order; those of one language where it is given."""
    begun: Block | None = None
    lines: list[str] = []
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        fence = _FENCE.match(line)
        if begun is None and fence:
            begun, lines = Block(page, number + 1, fence["language"], fence["info"], ""), []
        elif begun is not None and line == "```":
            if language in {None, begun.language}:
                yield Block(page, begun.line, begun.language, begun.info, "\n".join(lines))
            begun = None
        elif begun is not None:
            lines.append(line)
    assert begun is None, f"{page}: the block that begins in line {begun.line} has no end"


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def inline_code(page: Path) -> list[str]:
    """Everything that stands between single backticks in a page's prose."""
    return [" ".join(code.split()) for code in _INLINE.findall(prose(page))]


def commands(block: Block) -> list[Command]:
    """The commands of a `console` block: each line after `$ `, with what is shown until the next one."""
    found: list[Command] = []
    for number, line in enumerate(block.text.splitlines(), block.line):
        if line.startswith("$ "):
            found.append(Command(f"{block.page.relative_to(ROOT)}:{number}", line[2:], ()))
        elif line.strip():
            assert found, f"{block.place}: output without a command"
            last = found[-1]
            found[-1] = Command(last.place, last.line, (*last.shown, line))
    return found


def typed() -> list[tuple[str, str]]:
    """Everything in the pages that a reader could type, with its place: console, sh, and inline code."""
    found = []
    for page in PAGES:
        found += [(each.place, each.line) for block in blocks(page, "console") for each in commands(block)]
        for block in blocks(page, "sh"):
            lines = (line.partition(" #")[0].strip() for line in block.text.splitlines())
            found += [(block.place, line) for line in lines if line]
        found += [(page.name, code) for code in inline_code(page)]
    return found
