"""A project as a clone of it is: its storyboard, its archive and its output, and no ledger; and how it is looked at."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from render.claim_errors import StandsInArchive
from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import buys_from, film, made, produce

KEYS = ["lamp/010", "lamp/020", "shore/010"]
ARCHIVE = "archive/lighthouse/e01"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, acme_clips: Path) -> Iterator[Acme]:
    """One Acme for all of these tests, which ask by how much its count grows."""
    vendor = Acme(tmp_path_factory.mktemp("acme"), acme_clips)
    vendor.start()
    yield vendor
    vendor.close()


@pytest.fixture(scope="module")
def finished(shop: Acme, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An episode of three shots that was made, paid for and archived; each test gets a copy."""
    project = film(tmp_path_factory.mktemp("finished"))
    with pytest.MonkeyPatch.context() as environment:
        buys_from(shop, environment)
        assert produce(project).exit_code == 0
    return project


@pytest.fixture
def clone(shop: Acme, finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project as a clone has it: its storyboard, its archive and its output, and no ledger."""
    shop.forgive()
    buys_from(shop, monkeypatch)
    copy = Path(shutil.copytree(finished, tmp_path / "project"))
    shutil.rmtree(copy / ".tailframe")
    return copy


def refused(project: Path, **asked: Any) -> str:
    """What a run says that asks before it pays; AssertionError where it would pay without a word."""
    with pytest.raises(StandsInArchive) as told:
        produce(project, **asked)
    return str(told.value)


def restore(project: Path, archive: Path | str | None = None, *options: str) -> str:
    """Bring the archive back into the project; what the command said beside its result."""
    done = tailframe("restore", archive or project / ARCHIVE, project, *options)
    assert done.exit_code == 0, done.output
    return done.stderr


def served(shop: Acme, project: Path, before: int) -> bool:
    """Whether the next run has every shot for nothing, by its own account and by the vendor's."""
    result = produce(project)
    assert (result.exit_code, made(result)) == (0, [])
    return len(shop.jobs()) == before


def text_of(project: Path) -> str:
    return (project / "episodes/e01.yaml").read_text()
