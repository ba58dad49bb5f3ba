"""One studio for all drills of a session: it takes longer to open than most drills take."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drills.studio import Studio, opened_studio


@pytest.fixture(scope="session")
def studio() -> Iterator[Studio]:
    """A studio whose every part stands. Not in pytest's own folder: PostgreSQL runs as another user."""
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    folder = Path(tempfile.mkdtemp(prefix="tailframe-studio-"))
    folder.chmod(0o755)
    try:
        with opened_studio(folder) as opened:
            yield opened
    finally:
        if kept := os.environ.get("DRILL_LOGS"):
            for log in folder.glob("*.log"):
                shutil.copy(log, kept)
        shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def archives(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """What this process needs to read the studio's archive."""
    for name, value in studio.reading_environment().items():
        monkeypatch.setenv(name, value)
