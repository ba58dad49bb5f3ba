"""A SQLite ledger for each test, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.episodes import new_ledger


@pytest.fixture
def sqlite_copy(tmp_path: Path) -> str:
    """The URL of a new ledger."""
    (tmp_path / "ledger.sqlite").write_bytes(new_ledger())
    return f"sqlite:///{tmp_path / 'ledger.sqlite'}"
