"""Both stores, for tests of what they promise alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from render.store import Store, open_store
from tests.s3 import bucket, s3_client, s3_endpoint, s3_environment

__all__ = ["bucket", "s3_client", "s3_endpoint", "s3_environment", "store"]


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty store: once in a folder, once in a bucket."""
    if request.param == "folder":
        return open_store(tmp_path / "blobs", cache=tmp_path / "cache")
    return open_store(request.getfixturevalue("bucket").url, cache=tmp_path / "cache")
