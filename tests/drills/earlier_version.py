"""A checkout of this repository as it was one version of the ledger ago."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.drills.services import ROOT

STEP = "render/ledger/migrations/versions/v0006_outgoing.py"


@contextlib.contextmanager
def earlier_checkout(folder: Path) -> Iterator[Path]:
    """The commit before that step of the ledger's schema, in a folder. Fails where history does not reach to it."""
    found = _git("log", "--diff-filter=A", "--format=%H", "--", STEP).stdout.split()
    assert found, "this checkout has no history of an earlier version of the ledger (git fetch --unshallow)"
    made = _git("worktree", "add", "--detach", str(folder), f"{found[-1]}~1")
    assert made.returncode == 0, made.stderr
    try:
        yield folder
    finally:
        _git("worktree", "remove", "--force", str(folder))


def _git(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
