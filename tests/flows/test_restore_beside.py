"""An archive is brought back beside a ledger in which something already stands of its shots, and nothing is bought."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from render.ledger import Want, open_ledger, queries, runs, take_slots
from storyboard.takes import TakeState
from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import actions, buys_from, film, made, plan, produce
from tests.projects import scene, shot
from tests.render.episode.archive.episode import forge_takes
from tests.thinning import exhaustive

Fault = dict[str, Any]
"""What Acme is told to do wrong; see `Acme.script`."""


def one_shot(folder: Path) -> Path:
    """The same episode of one shot in any folder."""
    return film(folder, scene("lamp", shot("010", "{{ mara }} lights the lamp")))


@pytest.fixture
def archive(acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The episode, bought and archived with a ledger of its own."""
    buys_from(acme, monkeypatch, ACME_LISTS_JOBS="0")
    project = one_shot(tmp_path / "made")
    assert produce(project).exit_code == 0
    return project / "archive/lighthouse/e01"


def buy(project: Path) -> None:
    """A run that may come to nothing."""
    produce(project)


def begin(project: Path) -> None:
    """A run that opened its take, and died before it claimed it."""
    (planned,) = plan(project).shots
    assert planned.request is not None
    asked = planned.request
    with open_ledger(os.environ["TAILFRAME_LEDGER_URL"]) as ledger:
        run = ledger.write(runs.begin_run, asked.series, "e01", "0" * 64, caps=None)
        wanted = Want(
            shot=asked.shot,
            ordinal=0,
            wish=asked.wish,
            variation=asked.variation,
            provider=asked.provider,
            account=asked.account,
            model=asked.model,
        )
        ledger.write(take_slots.open_takes, run, [wanted])


HERE: dict[str, tuple[Fault, Callable[[Path], None], TakeState]] = {
    "an order whose answer was lost": ({"on": "create", "do": "drop", "when": "after"}, buy, TakeState.UNKNOWN),
    "a job that failed": ({"on": "job", "do": "fail", "times": None}, buy, TakeState.FAILED),
    "content that was refused": ({"on": "job", "do": "refuse"}, buy, TakeState.FAILED),
    "a clip that does not come": (
        {"on": "download", "do": "answer", "status": 503, "times": None},
        buy,
        TakeState.GENERATED,
    ),
    "a take that was begun": ({"on": "poll", "do": "drop"}, begin, TakeState.PLANNED),
}


@exhaustive
@pytest.mark.parametrize("here", HERE.values(), ids=HERE)
def test_what_stands_here_keeps_no_good_clip_away(
    acme: Acme,
    archive: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    here: tuple[Fault, Callable[[Path], None], TakeState],
) -> None:
    """However the shot stands in the shared ledger: the archive's clip serves it, and the vendor sees no order more."""
    fault, work, state = here
    monkeypatch.setenv("TAILFRAME_LEDGER_URL", f"sqlite:///{tmp_path / 'shared.sqlite'}")
    open_ledger(os.environ["TAILFRAME_LEDGER_URL"]).close()
    acme.script(**fault)
    work(one_shot(tmp_path / "here"))
    with open_ledger(os.environ["TAILFRAME_LEDGER_URL"]) as ledger:
        assert {take.state for take in ledger.read(queries.takes, "lighthouse")} == {state}
    acme.forgive()
    before = len(acme.jobs())
    back = tmp_path / "back"

    assert tailframe("restore", archive, back).exit_code == 0

    assert actions(back) == {"lamp/010": "reuse"}
    result = produce(back)
    assert (result.exit_code, made(result), len(acme.jobs())) == (0, [], before)
    again = tailframe("restore", archive, tmp_path / "again")
    assert (again.exit_code, actions(tmp_path / "again")) == (0, {"lamp/010": "reuse"})


def test_a_strangers_takes_are_told_of_and_never_come(archive: Path, tmp_path: Path) -> None:
    """`verify` and `restore` end with 1, say which take and field it is without its colours, and make no folder."""
    (version,) = (each for each in archive.iterdir() if each.is_dir())
    books = json.loads((version / "takes.json").read_text())
    books["takes"][0] |= {"provider": "\x1b[31mred", "number": 10**30}
    forge_takes(version, json.dumps(books).encode())
    told = tailframe("verify", archive)
    assert (told.exit_code, "1 file is" in told.stderr) == (1, True)
    assert "takes.json: takes[0] of e01/lamp/010: number must be" in told.stdout
    refused = tailframe("restore", archive, tmp_path / "back")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "takes[0] of e01/lamp/010: number must be" in refused.stderr
    assert "\x1b" not in told.output + refused.output
    assert not (tmp_path / "back").exists()
