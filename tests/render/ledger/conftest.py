"""Every ledger test runs twice: on SQLite and on a real PostgreSQL (in `make test` each third of them)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from render.ledger import Ledger, open_ledger
from tests.postgres import postgres_empty_url, postgres_ledger_url, postgres_server, postgres_template
from tests.render.ledger.stage import Stage
from tests.thinning import in_part, thinned

__all__ = ["postgres_empty_url", "postgres_ledger_url", "postgres_server", "postgres_template"]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that holds a new ledger, to be copied."""
    path = tmp_path_factory.mktemp("ledger") / "template.sqlite"
    open_ledger(f"sqlite:///{path}").close()
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=[thinned, in_part])])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a new ledger, of either kind."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_ledger_url"))
    path = tmp_path / "ledger.sqlite"
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    """A new ledger, of either kind."""
    with open_ledger(ledger_url) as ledger:
        yield ledger


@pytest.fixture
def stage(ledger: Ledger) -> Stage:
    """A new ledger with a run begun in it, without caps."""
    return Stage.begin(ledger)
