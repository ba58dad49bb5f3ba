"""Trims and transitions in whole runs: nothing is bought for them, and who begins on a moved frame is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyboard.plan.episode_plan import Action
from tests.acme.fixture import Acme
from tests.clips import numbers
from tests.flows.episodes import buys_from, edit, film, plan, produce, three_shots
from tests.thinning import exhaustive


@exhaustive
def test_edits_of_a_made_episode_order_nothing(acme: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """They make another master of the same takes; taken back, they give the very first one again."""
    buys_from(acme, monkeypatch)
    project = film(tmp_path, *three_shots())
    first = produce(project)
    assert first.assembly is not None
    before, jobs = first.assembly.master, len(acme.jobs())

    written = (project / "episodes/e01.yaml").read_text()
    edit(project, '"id": "shore"', '"transition": "dissolve", "id": "shore"')
    edit(project, '"id": "lamp"', '"transition": {"kind": "dip-to-black", "length": "6f"}, "id": "lamp"')
    edited = produce(project)
    assert edited.assembly is not None
    assert edited.assembly.master.duration_s == before.duration_s
    assert edited.assembly.master.sha256 != before.sha256
    assert len(numbers(edited.assembly.master.path)) == 72

    (project / "episodes/e01.yaml").write_text(written)
    again = produce(project)
    assert again.assembly is not None
    assert (again.assembly.master.sha256, again.assembly.fresh) == (before.sha256, False)
    assert len(acme.jobs()) == jobs


@exhaustive
def test_a_moved_out_point_names_the_shot_that_begins_on_it(
    acme: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The plan says it and what making it again costs; the cut goes on with the take that is there."""
    buys_from(acme, monkeypatch)
    project = film(tmp_path, *three_shots())
    produce(project)
    jobs = len(acme.jobs())
    edit(project, '"prompt": "{{ mara }} lights', '"out": 0.5, "prompt": "{{ mara }} lights')
    planned = {shot.key: shot for shot in plan(project).shots}
    assert planned["lamp/010"].action is Action.REUSE
    assert planned["lamp/020"].action is Action.STALE
    assert planned["lamp/020"].reason == "take 1 was made on another frame of lamp/010"
    assert planned["lamp/020"].stale_cost_usd
    result = produce(project)
    assert result.assembly is not None
    assert len(numbers(result.assembly.master.path)) == 12 + 24 + 24
    assert len(acme.jobs()) == jobs
