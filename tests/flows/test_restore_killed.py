"""`restore` is killed before its steps on the disk: the folder is whole or not there, and it can be run again.

The moments are found by the command itself: every folder that it makes, every rename, link and removal, and every time
that it opens a ledger. With `EVERY_MOMENT=1` it dies at each of them, else at some.
"""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

import pytest

from render.ledger import circles, open_ledger, queries
from storyboard.takes import Circle
from tests.flows.cli.in_process import tailframe
from tests.flows.dying_restore import die_restoring
from tests.flows.forks import fork
from tests.flows.runs import command, run, tiny_project
from tests.thinning import exhaustive, patient, stride

SERIES, EPISODE = "lighthouse", "e01"

pytestmark = patient


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of an episode that was drawn here."""
    project = tiny_project(tmp_path_factory.mktemp("made") / "project")
    assert run(project)["exit_code"] == 0
    return project / "archive" / SERIES / EPISODE


@exhaustive
@pytest.mark.parametrize("shared", [False, True], ids=["a ledger of its own", "a ledger that others use"])
def test_no_moment_to_die_at_leaves_a_folder_without_its_takes(archived: Path, tmp_path: Path, *, shared: bool) -> None:
    """Whatever stands after a kill is whole, and the same command ends well; then nothing is left to make."""
    died = 0
    for moment in count(1, step=stride(19)):
        target = tmp_path / str(moment) / "back"
        ledger = f"sqlite:///{tmp_path / str(moment) / 'ledger.sqlite'}"
        environment = {"TAILFRAME_LEDGER_URL": ledger} if shared else {}
        killed, _ = fork(die_restoring, archived, target, moment, environment=environment).end()
        if not killed:
            break
        died += 1
        if not target.exists():
            assert command("restore", archived, target, environment=environment)[0] == 0
        result = run(target, environment=environment)
        assert (result["exit_code"], result["made"]) == (0, [])
        assert [each.name for each in target.parent.iterdir() if each.name.startswith(".")] == []
    assert died > 3


@exhaustive
def test_a_restore_leaves_the_choices_of_a_living_series_alone(
    archived: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shared ledger goes on by what was decided there; the archive's choices come for the asking."""
    monkeypatch.setenv("TAILFRAME_LEDGER_URL", f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    shot = f"{EPISODE}/lamp/010"
    assert tailframe("restore", archived, tmp_path / "first").exit_code == 0
    with open_ledger(os.environ["TAILFRAME_LEDGER_URL"]) as ledger:
        before = next(circle for circle in ledger.read(queries.circles, SERIES) if circle.shot == shot)
        ledger.write(circles.waive, SERIES, shot, "by a person, since")
    again = tailframe("restore", archived, tmp_path / "second")
    assert (again.exit_code, shot in again.stderr, "--choices" in again.stderr) == (0, True, True)
    assert choice(shot) == Circle(shot=shot, take=None, by_person=True)
    asked = tailframe("restore", archived, tmp_path / "third", "--choices")
    assert (asked.exit_code, asked.stderr.count(shot)) == (0, 0)
    assert choice(shot).take == before.take


def choice(shot: str) -> Circle:
    with open_ledger(os.environ["TAILFRAME_LEDGER_URL"]) as ledger:
        return next(circle for circle in ledger.read(queries.circles, SERIES) if circle.shot == shot)
