"""Projects and ledgers of earlier versions mean what they meant: every take serves, and nothing is bought again."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from flows.run.planning import read_plan
from tests.flows.episodes import actions, plain_environment
from tests.flows.runs import ROOT
from tests.ledgers.earlier import pier

LIGHTHOUSE = {
    "e01": "46aae233f35cfecf863f1bde41145559605181b2ff3da66397e8a8530d282355",
    "e02": "32d1eff80526dccd4467fa40b44d8ac356d76d1f63fa2591da89d98da75c75cc",
}
"""One hash over the keys and wishes of each episode's shots, as they were before references had parts and jobs."""


@pytest.mark.parametrize("episode", sorted(LIGHTHOUSE))
def test_the_example_asks_for_what_it_always_asked_for(episode: str) -> None:
    """A wish that changes buys a shot again."""
    planned = read_plan(ROOT / "projects/lighthouse", episode, ledger=None, environment={}).plan
    wishes = "\n".join(f"{shot.key} {shot.wish}" for shot in planned.shots)
    assert hashlib.sha256(wishes.encode()).hexdigest() == LIGHTHOUSE[episode]


def test_what_an_earlier_version_bought_serves_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chains of every mode, a length of the vendor's, a song cut to its first 15 seconds, what was required and given
    up: all of it is there, whatever an order would be refused for today."""
    plain_environment(monkeypatch)
    for vendor in ("KINOVI", "AIHUBMAX"):
        monkeypatch.setenv(f"{vendor}_BASE_URL", f"http://127.0.0.1:9/{vendor.lower()}")
        monkeypatch.setenv(f"{vendor}_API_KEY", "nobody-asks")
    project = pier(tmp_path)
    shutil.copytree(ROOT / "projects/lighthouse/references", project / "references", dirs_exist_ok=True)
    assert actions(project) == dict.fromkeys(
        [
            *("water/010", "water/020", "water/030", "water/040"),
            *("inside/010", "inside/020", "inside/030"),
        ],
        "reuse",
    )
