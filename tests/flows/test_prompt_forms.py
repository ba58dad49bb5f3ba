"""A model whose form is changed gets its next orders in the new one, and nothing is ordered again for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acme.fixture import Acme
from tests.flows.episodes import actions, buys_from, film, made, shoot
from tests.projects import scene, shot

BEATS = [{"at": 0, "prompt": "a match flares"}, {"at": 0.5, "prompt": "{{ mara }} turns"}]


def test_a_changed_form_is_ordered_by_and_buys_nothing_again(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The vendor gets prose, then marks; in between the plan reuses every shot, and it hears of no order."""
    buys_from(acme, monkeypatch)
    project = film(tmp_path, scene("lamp", shot("010", "the lamp", beats=BEATS)))
    assert shoot(project).exit_code == 0
    monkeypatch.setenv("ACME_MARKS", "1")

    assert actions(project) == {"lamp/010": "reuse"}
    assert made(shoot(project)) == []
    assert len(acme.jobs()) == 1
    assert made(shoot(project, shots=frozenset({"lamp/010"}), new_take=True)) == ["lamp/010"]

    first, second = (job.prompt.splitlines()[1:3] for job in acme.jobs())
    assert first == ["From 0.0 s: a match flares.", "From 0.5 s: Mara (@image1) turns."]
    assert second == ["[0:00-0:00.5] a match flares.", "[0:00.5-0:01] Mara (@image1) turns."]
