"""Types what a page says, as an operator would: in a shell of one folder, whose variables stay from line to line."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.docs.pages import ROOT, Command, blocks, commands

PAGE = ROOT / "docs" / "operations.md"
As = Callable[[str], str]


def steps(name: str) -> list[Command]:
    """Every command of the page's `console` blocks of this name, in order."""
    found = [each for block in blocks(PAGE, "console") if block.info == name for each in commands(block)]
    assert found, f"{PAGE.name} has no console block {name!r}"
    return found


class Terminal:
    """A shell in a folder. `here` says in this machine's ports what the page says in the usual ones."""

    def __init__(self, folder: Path, environment: Mapping[str, str], here: As = str) -> None:
        self.folder, self._here = folder, here
        self._kept = folder / ".variables"
        self._kept.write_text("".join(f"export {name}={shlex.quote(value)}\n" for name, value in environment.items()))

    def type(self, line: str, *, ends: int = 0, timeout_s: float = 300) -> str:
        """Run a line to its end; what it printed. AssertionError where it ends otherwise."""
        keep = f"{{ code=$?; {{ export -p; declare -f; }} > {shlex.quote(str(self._kept))}; exit $code; }}"
        script = f". {shlex.quote(str(self._kept))}\n{self._here(line)}\n{keep}"
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.folder,
            env={},
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        assert done.returncode == ends, f"{line} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def start(self, line: str, log: Path) -> subprocess.Popen[bytes]:
        """Run a line that goes on until somebody ends it."""
        script = f". {shlex.quote(str(self._kept))}\nexec {self._here(line)}"
        with log.open("ab") as said:
            return subprocess.Popen(
                ["bash", "-c", script], cwd=self.folder, env={}, stdout=said, stderr=said, start_new_session=True
            )


def replaced(values: Mapping[str, str]) -> As:
    """Each pattern's matches become its value, in one pass."""
    which = re.compile("|".join(f"({pattern})" for pattern in values))
    found = list(values.values())

    def here(line: str) -> str:
        return which.sub(lambda match: found[(match.lastindex or 1) - 1], line)

    return here
