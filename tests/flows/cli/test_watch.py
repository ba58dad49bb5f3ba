"""`tailframe watch` shows what changes, in whatever process it changes, and ends when a person says so."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.flows.episodes import film, plain_environment, shoot
from tests.flows.forked_commands import begin
from tests.flows.pseudo_terminal import command_terminal
from tests.projects import scene, shot


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A shot that nobody has made."""
    plain_environment(monkeypatch)
    return film(tmp_path, scene("lamp", shot("010", "{{ mara }} lights the lamp")), provider="animatic")


def test_a_screen_shows_what_another_process_makes(project: Path) -> None:
    """And what to do next, which changes with it; Ctrl-C ends it well."""
    with command_terminal("watch", project, "e01", "--every", "0.2", environment=os.environ) as screen:
        screen.until("is to be made, for nothing")
        assert shoot(project).exit_code == 0
        screen.until("there is no master of it here")
        assert "1:done*" in screen.said
        screen.interrupt()
        code, said = screen.end()
    assert code == 0, said
    assert "Traceback" not in said


def test_lines_tell_each_change_once(project: Path) -> None:
    """Where nobody has a screen; an interrupt ends it well."""
    watching = begin("watch", project, "e01", "--every", "0.2", environment=os.environ)
    assert watching.stdout is not None
    assert watching.stdout.readline().split()[1:] == ["e01/lamp/010", "planned"]
    assert shoot(project).exit_code == 0
    seen = [watching.stdout.readline().split()[1:]]
    while seen[-1][1:] != ["done", "1:done*"]:
        seen.append(watching.stdout.readline().split()[1:])
    assert len(seen) == len({tuple(line) for line in seen})
    watching.send_signal(signal.SIGINT)
    assert watching.wait() == 0
    watching.close()


def test_mistakes_are_shown_while_they_are_there(project: Path) -> None:
    """Whoever edits the storyboard meanwhile ends nothing."""
    file = project / "episodes/e01.yaml"
    written = file.read_text()
    with command_terminal("watch", project, "e01", "--every", "0.2", environment=os.environ) as screen:
        screen.until("is to be made, for nothing")
        file.write_text(written.replace("{{ mara }}", "{{ nobody }}"))
        screen.until("nobody")
        before = len(screen.said)
        file.write_text(written)
        screen.until("is to be made, for nothing", after=before)
        screen.interrupt()
        assert screen.end()[0] == 0
