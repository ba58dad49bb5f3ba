"""A plan reads what concerns its episode, and decides as if it had read the whole series."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.run.planning import read_plan
from render.ledger import open_ledger_read_only, queries
from storyboard.plan.episode_plan import plan
from tests.flows.cli.in_process import make
from tests.flows.episodes import film, plain_environment, three_shots
from tests.projects import episode_file


def test_takes_are_found_wherever_their_shots_went(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scene that was renamed, and one that moved to another episode, are not bought again; and less is read."""
    plain_environment(monkeypatch)
    project = film(tmp_path, provider="animatic")
    for key in ("lamp/010", "shore/010"):
        make(project, key)
    lamp, shore = three_shots()
    for episode, scene in (("e01", {**lamp, "id": "attic"}), ("e02", shore)):
        (project / f"episodes/{episode}.yaml").write_text(json.dumps(episode_file(episode, scene)))
    ledger = open_ledger_read_only(project / ".tailframe" / "ledger.sqlite")
    assert ledger is not None
    for episode, key in (("e01", "attic/010"), ("e02", "shore/010")):
        read = read_plan(project, episode, ledger=ledger, environment={})
        every = ledger.read(queries.take_facts, read.episode.series)
        circles = ledger.read(queries.circles, read.episode.series)
        whole = plan(read.episode, read.capabilities, read.references, every, circles, receipts=read.receipts)
        assert read.plan == whole
        assert next(shot for shot in read.plan.shots if shot.key == key).action == "reuse"
        assert len(read.takes) == 1 < len(every)
    ledger.close()
