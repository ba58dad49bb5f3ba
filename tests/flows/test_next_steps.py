"""What `status` says to type next is what helps: typed as it stands, the step is gone afterwards."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import buys_from, edit, film, forget_clips, produce, shoot
from tests.projects import scene, shot
from tests.thinning import exhaustive


@pytest.fixture
def project(acme: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Two shots, the second of which continues the first; nothing is made."""
    buys_from(acme, monkeypatch)
    return film(tmp_path, scene("lamp", shot("010", "{{ mara }} lights the lamp"), shot("020", "{{ mara }} waits")))


def told(project: Path) -> list[tuple[str, list[str]]]:
    """What `status` says is next: why, and the command's words behind `tailframe`."""
    done = tailframe("status", project, "e01")
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    steps = []
    for place, line in enumerate(lines):
        if line.startswith("next: "):
            program, *words = shlex.split(lines[place + 1])
            assert program == "tailframe"
            steps.append((line.removeprefix("next: "), words))
    return steps


def test_what_is_missing_is_made_cut_and_then_nothing_is_left(project: Path) -> None:
    """With its price; once shots are there without a master, the cut; then nothing."""
    assert told(project) == [
        ("lamp/010, lamp/020 are to be made, for $0.80 at most", ["produce", str(project), "e01"]),
    ]
    assert shoot(project).exit_code == 0
    ((why, words),) = told(project)
    assert why == "there is no master of it here"
    assert tailframe(*words).exit_code == 0
    assert told(project) == []


@exhaustive
def test_stale_shots_have_a_price_alone_and_with_what_follows(project: Path) -> None:
    """An edit under a person's circle: the cut goes on, and the cascade makes it fit again."""
    assert produce(project).exit_code == 0
    assert tailframe("circle", project, "e01", "lamp/010", "1").exit_code == 0
    edit(project, "lights the lamp", "puts the lamp out")
    ((why, words),) = told(project)
    assert why == "lamp/010, lamp/020 are stale, and the cut goes on; made again, for $0.80 at most"
    assert words[-1] == "--cascade"
    shown = " ".join(tailframe("status", project, "e01").stdout.split())
    assert "the shot has changed since (an edit of episodes/e01.yaml, at " in shown
    assert "UTC or before); made again, $0.40 at most" in shown

    typed = []
    while steps := told(project):
        typed.append(steps[0][1][0])
        assert len(typed) < 6, typed
        if typed[-1] == "produce":
            assert produce(project, cascade="--cascade" in steps[0][1]).exit_code == 0
        else:
            assert tailframe(*steps[0][1]).exit_code == 0
    assert typed[:2] == ["produce", "circle"]


@exhaustive
def test_a_hold_a_lost_clip_and_a_refusal_each_name_their_command(project: Path, acme: Acme) -> None:
    """The hold first, as nothing can be ordered before; typed as they stand, hold and loss are gone."""
    acme.script(on="job", do="refuse", code="content_refused", words="no lamps", shot="lamp/010")
    shoot(project)
    refusal = "lamp/010 was refused: edit what it says, or try the same again"
    assert (refusal, ["produce", str(project), "e01", "--shots", "lamp/010", "--new-take"]) in told(project)

    edit(project, "lights the lamp", "polishes the lamp")
    assert produce(project).exit_code == 0
    forget_clips(project)
    assert tailframe("hold", project).exit_code == 0
    (hold, release), (lost, fetch) = told(project)
    assert hold == "the series is on hold, so nothing is ordered"
    assert lost == "the store lacks the clip of lamp/010, lamp/020"
    for words in (release, fetch):
        assert tailframe(*words).exit_code == 0
    ((why, _),) = told(project)
    assert why == "there is no master of it here"
