"""`tailframe approve`, and what `plan`, `status` and `produce` say of approvals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import buys_from, edit, film, shoot, three_shots


@pytest.fixture
def project(acme: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Three shots at 40 cents each, whose storyboard is approved before, and of which 50 cents are."""
    buys_from(acme, monkeypatch)
    return film(tmp_path, *three_shots(), approval={"storyboard": True, "spend_usd": 0.5})


def test_what_waits_is_shown_approved_and_locked_by_an_edit(project: Path, acme: Acme) -> None:
    """Everywhere the same words: what waits, who approved it, what changed since."""
    shown = tailframe("approve", project, "e01")
    assert shown.stdout == "storyboard: waits for approval\nspending of up to $1.20: waits for approval\n"
    assert tailframe("plan", project, "e01").stderr.endswith(shown.stdout)
    refused = tailframe("produce", project, "e01", "--yes")
    assert refused.exit_code == 3
    assert (
        "the storyboard of e01 is not approved\nspending $1.20 on e01 is not approved\nnothing of e01" in refused.stderr
    )
    assert f"tailframe approve {project} e01" in refused.stderr

    long = tailframe("approve", project, "e01", "storyboard", "--note", "a" * 2_001)
    assert (long.exit_code, "has 2,001 characters; 2,000 are the most" in long.stderr) == (2, True)
    done = tailframe("approve", project, "e01", "storyboard", "--note", "as of Monday")
    assert done.exit_code == 0, done.output
    assert tailframe("approve", project, "e01", "spending").exit_code == 0
    assert ": as of Monday" in tailframe("status", project, "e01").stdout
    assert shoot(project).exit_code == 0
    assert len(acme.jobs()) == 3

    edit(project, "rows against", "rests on")
    status = tailframe("status", project, "e01").stdout
    assert "storyboard: waits for approval; it changed since" in status
    assert " approved it on " in status
    assert 'shore/010 changed: prompt from "Tomas rows against the swell" to "Tomas rests on the swell"' in status
    assert f"tailframe approve {project} e01 storyboard" in status


def test_scripts_read_what_waits(project: Path) -> None:
    """The same of `plan`, `status` and `approve`; a series that asks for nothing says nothing."""
    (told, spending) = json.loads(tailframe("approve", project, "e01", "--json").stdout)["approvals"]
    assert (told["subject"], told["waits"], told["approved"]) == ("storyboard", True, None)
    assert (spending["subject"], spending["usd"]) == ("spending", "1.20")
    for command in ("plan", "status"):
        assert json.loads(tailframe(command, project, "e01", "--json").stdout)["approvals"] == [told, spending]
    edit(project, '"storyboard": true', '"storyboard": false', "series.yaml")
    edit(project, '"spend_usd": 0.5', '"animatic": false', "series.yaml")
    assert "approvals" not in json.loads(tailframe("plan", project, "e01", "--json").stdout)
    assert "asks for no approval" in tailframe("approve", project, "e01").stderr


def test_an_approval_is_taken_back_by_a_person(project: Path) -> None:
    """From then on the run is refused again; what nobody approved is told so."""
    assert "nobody has approved" in tailframe("approve", project, "e01", "storyboard", "--withdraw").stderr
    tailframe("approve", project, "e01", "storyboard")
    assert tailframe("approve", project, "e01", "storyboard", "--withdraw").exit_code == 0
    assert "storyboard: waits for approval" in tailframe("approve", project, "e01").stdout


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("animatic",), 2, "the series does not ask for one"),
        (("--withdraw",), 2, "say which"),
        (("music",), 2, "is not one of"),
    ],
)
def test_what_cannot_be_approved_is_told(project: Path, words: tuple[str, ...], code: int, told: str) -> None:
    """With what to write instead."""
    done = tailframe("approve", project, "e01", *words)
    assert (done.exit_code, told in done.output) == (code, True), done.output
