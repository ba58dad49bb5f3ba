"""`status`, `takes`, `plan` and the manifest say since when a stale shot is stale."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import buys_from, edit, film, manifest, produce, shoot
from tests.projects import scene, shot


@pytest.fixture
def project(acme: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Two shots, the second of which continues the first; both are made."""
    buys_from(acme, monkeypatch)
    made = film(tmp_path, scene("lamp", shot("010", "{{ mara }} lights the lamp"), shot("020", "{{ mara }} waits")))
    assert shoot(made).exit_code == 0
    return made


def printed(*words: str | Path) -> str:
    """What a command prints, on one line however wide its table is."""
    return " ".join(tailframe(*words).stdout.split())


def test_a_moved_circle_leaves_its_time_everywhere(project: Path) -> None:
    """To the minute in tables, exactly for scripts and in the manifest, which the next run does not change."""
    before = datetime.now(UTC).replace(microsecond=0)
    assert shoot(project, shots=frozenset({"lamp/010"}), new_take=True).exit_code == 0
    assert produce(project).exit_code == 0
    written = manifest(project)
    record = next(each for each in written["shots"] if each["key"] == "lamp/020")
    since = datetime.fromisoformat(record["stale_since"])
    assert before <= since <= datetime.now(UTC)

    told = f"take 1 was made on another frame of lamp/010 (since {since:%F %R} UTC)"
    assert f"{told}; made again, $0.40 at most" in printed("status", project, "e01")
    assert told in printed("plan", project, "e01")
    assert f"stale: {told}; made again, $0.40 at most" in printed("takes", project, "e01", "lamp/020")
    for words in (("takes", project, "e01", "lamp/020"), ("status", project, "e01")):
        answer = json.loads(tailframe(*words, "--json").stdout)
        stale = answer["stale"] if "stale" in answer else answer["shots"][1]["stale"]
        assert datetime.fromisoformat(stale["since"]) == since
        assert (stale["edited"], stale["again_usd"]) == (None, "0.40")
    assert produce(project).exit_code == 0
    assert manifest(project) == written


def test_an_edit_under_a_persons_circle_names_the_file(project: Path) -> None:
    """The time is that of the file's last edit, at the latest."""
    assert tailframe("circle", project, "e01", "lamp/010", "1").exit_code == 0
    edit(project, "lights the lamp", "puts the lamp out")
    at = datetime.fromtimestamp((project / "episodes/e01.yaml").stat().st_mtime, UTC)
    assert f"(an edit of episodes/e01.yaml, at {at:%F %R} UTC or before)" in printed("status", project, "e01")
