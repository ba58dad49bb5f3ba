"""What the tests of the animatic share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.render.animatic.orders import Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """An empty shelf for reference pictures."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    return Shelf(folder)
