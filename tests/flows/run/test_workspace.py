"""A project's workspace opens what is asked of it, and nothing else."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from flows.run.workspace import open_workspace, workspace_of
from flows.terminal.cancellation import ending_in_order, steps_here
from render.errors import LedgerError
from render.ledger import RunId, holds, queries
from tests.flows.runs import ROOT
from tests.projects import write_project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("TAILFRAME_LEDGER_URL", "TAILFRAME_STORE_URL", "TAILFRAME_ARCHIVE_URL", "TAILFRAME_ALLOW_LOCAL_STORE"):
        monkeypatch.delenv(name, raising=False)
    return write_project(tmp_path / "film")


def files(project: Path) -> set[str]:
    """All that lies in the project's own folder for what it makes."""
    return {str(each.relative_to(project)) for each in (project / ".tailframe").rglob("*")}


def test_looking_leaves_no_trace(project: Path) -> None:
    """A project in which nothing was ever made has no ledger to read, and gets none."""
    workspace = workspace_of(project)
    with workspace.reading() as opened:
        assert opened.ledger is None
        assert opened.store is workspace.store
    assert not (project / ".tailframe").exists()


def test_looking_loads_no_database_library() -> None:
    """Nor any that only runs need: `plan` has half a second."""
    program = (
        "import sys; from pathlib import Path; from flows.run.workspace import workspace_of\n"
        "with workspace_of(Path('projects/lighthouse')).reading() as opened: opened.store\n"
        "print([name for name in ('sqlalchemy', 'asyncio', 'httpx', 'av', 'PIL', 'prefect') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_a_decision_makes_a_ledger_and_nothing_else(project: Path) -> None:
    """Nobody orders anything there, so no owner arrives."""
    with workspace_of(project).writing() as workspace:
        workspace.ledger.write(holds.hold, "lighthouse", "ann", "not tonight")
    assert not {name for name in files(project) if not name.startswith(".tailframe/ledger.sqlite")}
    with workspace_of(project).reading() as workspace:
        assert workspace.ledger is not None
        assert workspace.ledger.read(queries.held, "lighthouse")


def test_a_run_has_an_owner_as_long_as_its_workspace(project: Path) -> None:
    """Whoever finds its mark unlocked or gone knows that the run is over."""

    async def run() -> None:
        async with open_workspace(project) as workspace:
            assert workspace.owner is not None
            assert (project / ".tailframe/owners" / workspace.owner.name).exists()

    asyncio.run(run())
    assert not list((project / ".tailframe/owners").iterdir())


def test_a_shared_ledger_with_clips_on_one_disk_is_refused_before_it_is_opened(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other machines would miss the clips; nobody answers at this address, and nobody is asked."""
    monkeypatch.setenv("TAILFRAME_LEDGER_URL", "postgresql://127.0.0.1:9/none")

    async def run() -> None:
        async with open_workspace(project):
            pass

    with pytest.raises(LedgerError, match="TAILFRAME_STORE_URL"):
        asyncio.run(run())


def test_a_signal_waits_for_the_orders_of_the_run_that_it_ends(project: Path) -> None:
    """What a run sends is known where signals are heard; where none are, each run has steps of its own."""

    async def run() -> None:
        assert steps_here() is not steps_here()
        with ending_in_order(print):
            async with open_workspace(project) as workspace:
                context = await asyncio.to_thread(workspace.run_context, "lighthouse", RunId("run"), ())
                with context.steps.order_under_way(timedelta(seconds=9)):
                    assert len(steps_here().orders_under_way()) == 1
                await context.aclose()

    asyncio.run(run())
