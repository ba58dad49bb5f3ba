"""What every test shares that starts an embedded Prefect server."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def prefect_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One state folder, so that only the first server migrates an empty database."""
    return tmp_path_factory.mktemp("state")
