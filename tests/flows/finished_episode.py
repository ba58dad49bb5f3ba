"""An episode that is made and cut, for tests of what comes after that; import both fixtures to use the second."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.flows.episodes import film, plain_environment, produce, three_shots

__all__ = ["finished", "finished_copy"]


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An episode of three shots that were drawn here and cut. Nobody changes it: see `finished_copy`."""
    with pytest.MonkeyPatch.context() as environment:
        plain_environment(environment)
        project = film(tmp_path_factory.mktemp("finished"), *three_shots(), provider="animatic")
        assert produce(project).exit_code == 0
    return project


@pytest.fixture
def finished_copy(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The finished project in a folder of the test's own."""
    plain_environment(monkeypatch)
    return Path(shutil.copytree(finished, tmp_path / "project"))
