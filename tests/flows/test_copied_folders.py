"""A folder that is copied while its run is sending an order: the copy does not believe the sender dead.

Both folders share one ledger, as a team's do. The vendor holds its answer back, so the sender lives and waits.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import buys_from, film, produce, states, takes_of
from tests.flows.forks import Fork
from tests.flows.runs import start
from tests.postgres import postgres_ledger_url, postgres_server, postgres_template
from tests.projects import scene, shot
from tests.thinning import exhaustive, one_in

__all__ = ["postgres_ledger_url", "postgres_server", "postgres_template"]

HELD_BACK_S = 3


@pytest.fixture(params=["sqlite", "postgresql"])
def shared_ledger(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a ledger that several folders use."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shared' / 'ledger.sqlite'}"
    return str(request.getfixturevalue("postgres_ledger_url"))


@pytest.fixture
def project(acme: Acme, tmp_path: Path, shared_ledger: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One shot, whose order arrives, and whose answer the vendor holds back."""
    shared = {"TAILFRAME_LEDGER_URL": shared_ledger, "TAILFRAME_STORE_URL": str(tmp_path / "shared" / "blobs")}
    buys_from(acme, monkeypatch, TAILFRAME_ALLOW_LOCAL_STORE="1", ACME_LISTS_JOBS="0", **shared)
    acme.script(on="create", do="stall", seconds=HELD_BACK_S, when="after")
    return film(tmp_path, scene("lamp", shot("010", "{{ mara }} lights the lamp")), ledger=False)


@pytest.fixture
def sender(acme: Acme, project: Path) -> Fork:
    """A run that has sent its order, and waits for the answer."""
    sender = start(project)
    until = time.monotonic() + 60
    while not acme.heard("create"):
        assert time.monotonic() < until
        time.sleep(0.02)
    return sender


@pytest.fixture
def copy(sender: Fork, project: Path, tmp_path: Path) -> Path:
    """The project's folder, copied with everything that is in it."""
    return Path(shutil.copytree(project, tmp_path / "copy"))


@exhaustive
def test_a_living_sender_is_not_declared_dead_by_a_copy(acme: Acme, project: Path, copy: Path, sender: Fork) -> None:
    """`reconcile` and `produce` in the copy wait for the sender's answer: one job, paid once, in both folders."""
    reconciled = tailframe("reconcile", copy)
    result = produce(copy)

    assert reconciled.exit_code == 0, reconciled.output
    assert (result.exit_code, states(result)) == (0, {"lamp/010": "done"})
    assert sender.finish()["exit_code"] == 0
    (take,), (job,) = takes_of(project), acme.jobs()
    assert take.job_id == job.id
    assert len(acme.heard("create")) == 1


@one_in(2)
def test_a_sender_that_died_is_noticed_where_it_was(acme: Acme, project: Path, copy: Path, sender: Fork) -> None:
    """The copy cannot know, and leaves it to the lease; the folder itself says at once that the outcome is unknown."""
    (take,) = takes_of(copy)
    assert take.state.value == "submitting"
    sender.kill()

    told = tailframe("reconcile", project)

    assert (told.exit_code, "died while sending" in told.stdout) == (1, True), told.output
    assert states(produce(copy)) == {"lamp/010": "unknown"}
    assert len(acme.heard("create")) == 1
