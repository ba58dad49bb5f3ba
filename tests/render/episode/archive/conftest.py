"""A small finished episode, and both kinds of place to archive it in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.render.episode.archive.episode import FinishedEpisode
from tests.s3 import bucket, s3_client, s3_endpoint, s3_environment
from tests.thinning import in_part, thinned

__all__ = ["archive_url", "bucket", "finished", "s3_client", "s3_endpoint", "s3_environment"]


@pytest.fixture
def finished(tmp_path: Path) -> FinishedEpisode:
    """A finished episode of two shots and a slate."""
    return FinishedEpisode.make(tmp_path / "studio")


@pytest.fixture(params=["folder", pytest.param("s3", marks=[thinned, in_part("archive")])])
def archive_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty archive: once in a folder, once in a bucket (in `make test` each third of those)."""
    return str(tmp_path / "archive") if request.param == "folder" else request.getfixturevalue("bucket").url
