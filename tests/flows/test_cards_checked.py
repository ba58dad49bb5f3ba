"""A card that cannot be drawn stops a run before anything is ordered, and `check` says where it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyboard.errors import InvalidProject
from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import buys_from, edit, film, produce, takes_of
from tests.projects import scene, shot


def test_nothing_is_ordered_where_a_card_cannot_be_drawn(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The vendor hears nothing; once it is mended, the shot is made once, and the card cost nothing."""
    buys_from(acme, monkeypatch)
    project = film(tmp_path, scene("lamp", shot("010", "{{ mara }} lights the lamp"), title="Café"), scene_card="scene")
    with pytest.raises(
        InvalidProject, match=r"series\.yaml:\d+:\d+: in the card scene-lamp, the built-in font lacks é"
    ):
        produce(project)
    assert acme.heard() == []
    assert takes_of(project) == ()

    edit(project, "Café", "Cafe")
    assert produce(project).exit_code == 0
    assert len(acme.jobs()) == 1


def test_check_tells_mistakes_and_remarks(tmp_path: Path) -> None:
    """Mistakes on standard output, with their lines; remarks beside them. Both where they are written."""
    project = film(tmp_path, scene("lamp", shot("010", "{{ mara }} lights the lamp")), title_card="mine")
    (project / "cards").mkdir()
    (project / "cards/mine.yaml").write_text(
        "version: 1\ntexts:\n  - text: naïve\n  - {text: near, at: top, y: 1}\n", encoding="utf-8"
    )
    done = tailframe("check", project)
    assert done.exit_code == 2
    assert "cards/mine.yaml:3:11: in the card title, the built-in font lacks ï" in done.stdout

    (project / "cards/mine.yaml").write_text(
        "version: 1\ntexts:\n  - text: plain\n  - {text: near, at: top, y: 1}\n", encoding="utf-8"
    )
    done = tailframe("check", project)
    assert done.exit_code == 0
    assert "cards/mine.yaml:4:12: a text of the card title leaves the title-safe area" in " ".join(done.stderr.split())
