"""`tailframe takes` shows what was sent, what came back, what it cost and where it lies, as the ledger has it."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from flows.cli.takes_table import print_takes
from flows.run.take_details import details_of
from flows.settings import places_of, read_settings
from flows.terminal.consoles import SafeConsole
from render.ledger import open_ledger_read_only
from render.store import open_store
from tests.acme.fixture import Acme
from tests.flows.cli.in_process import make, tailframe
from tests.flows.episodes import buys_from, edit, film, produce, three_shots
from tests.projects import write_project


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, acme_clips: Path) -> Iterator[tuple[Path, Acme]]:
    """An episode whose first shot was refused once, and made by a second take."""
    vendor = Acme(tmp_path_factory.mktemp("acme"), acme_clips)
    vendor.start(job_seconds=0)
    with pytest.MonkeyPatch.context() as environment:
        buys_from(vendor, environment)
        project = film(tmp_path_factory.mktemp("film"), *three_shots(seed=7)[:1])
        vendor.script(on="job", do="refuse", code="content_refused", words="no lamps")
        produce(project)
        edit(project, '"seed": 7', '"seed": 8')
        produce(project)
        yield project, vendor
    vendor.close()


def shown(project: Path, shot: str) -> list[dict[str, Any]]:
    done = tailframe("takes", project, "e01", shot, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["series"], told["shot"]) == ("lighthouse", f"e01/{shot}")
    takes: list[dict[str, Any]] = told["takes"]
    return takes


def test_a_take_is_told_as_it_was_sent(made: tuple[Path, Acme]) -> None:
    """Prompt, parameters, tokens and prices are those that the vendor heard and told."""
    project, acme = made
    first, second = shown(project, "lamp/010")
    jobs = {job.id: job for job in acme.jobs()}
    for take in (first, second):
        body = jobs[take["job_id"]].body
        assert take["prompt"] == body["prompt"]
        asked = take["parameters"]
        assert (asked["billed_s"], asked["resolution"], asked["seed"]) == (
            body["duration"],
            body["resolution"],
            body["seed"],
        )
        assert len(take["references"]) == len(body["images"])
    assert (first["state"], first["circled"], first["cost_usd"], first["clip"]) == ("failed", False, "0.00", None)
    assert first["error"]["code"] == "content_refused"
    assert "no lamps" in first["error"]["message"]
    assert [each["state"] for each in first["history"]] == ["planned", "submitting", "submitted", "failed"]
    assert (second["state"], second["circled"], second["cost_usd"], second["reported_usd"]) == (
        "done",
        True,
        "0.40",
        "0.40",
    )
    assert second["created_at"] <= second["submitted_at"] <= second["ended_at"]


def test_a_take_tells_where_its_clip_and_its_references_lie(made: tuple[Path, Acme]) -> None:
    """The blob, the copy beside the master, the project's files, and the frame that it continues from."""
    project, _ = made
    before, take = shown(project, "lamp/010")[-1], shown(project, "lamp/020")[-1]
    clip = take["clip"]
    assert clip["there"]
    assert Path(clip["blob"]).read_bytes() == Path(clip["output"]).read_bytes()
    assert take["continuity"] == {"clip_sha256": before["clip"]["sha256"], "frame": 23}
    roles = {reference["role"]: reference for reference in take["references"]}
    assert roles["continuity"]["source"] == "lamp/010"
    assert (project / roles["cast"]["source"]).is_file()
    assert take["findings"] == []


@pytest.mark.parametrize("width", [80, 120])
def test_a_person_reads_it_at_any_width(made: tuple[Path, Acme], width: int) -> None:
    """A section a take; no line is longer than the terminal, and no word of the prompt is lost."""
    project, _ = made
    places = places_of(project, read_settings())
    ledger = open_ledger_read_only(places.ledger)
    assert ledger is not None
    with ledger:
        store = open_store(places.store_url, cache=places.private / "cache")
        takes = details_of(ledger, store, places.output("e01"), "lighthouse", "e01/lamp/010")
    console = SafeConsole(file=io.StringIO(), width=width, color_system=None)
    with console.capture() as captured:
        print_takes(console, "e01/lamp/010", takes)
    said = captured.get()
    assert max(map(len, said.splitlines())) <= width
    assert "e01/lamp/010 take 1: failed, refused\n" in said
    assert "e01/lamp/010 take 2: done, circled\n" in said
    assert takes[1].request is not None
    assert takes[1].request.prompt.split()[-1] in said
    for words in ("content_refused", "$0.40, as the vendor told", "seed 8", "1 s of 4 s bought"):
        assert words in said


def test_without_json_the_command_prints_the_sections(made: tuple[Path, Acme]) -> None:
    """On standard output, for a pager."""
    project, _ = made
    done = tailframe("takes", project, "e01", "lamp/020")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "e01/lamp/020 take 2: done, circled\n" in done.stdout


def test_a_wrong_shot_is_told_with_the_nearest(made: tuple[Path, Acme]) -> None:
    """As every command does."""
    project, _ = made
    done = tailframe("takes", project, "e01", "lamp/011")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "lamp/01" in done.stderr
    assert tailframe("takes", project, "e02", "lamp/010").exit_code == 2


def test_a_shot_that_its_storyboard_has_lost_still_has_its_takes(tmp_path: Path) -> None:
    """What was paid for can be looked up after an edit; a shot without takes says so."""
    project = write_project(tmp_path)
    none = tailframe("takes", project, "e01", "lamp/010")
    assert (none.exit_code, none.stdout, none.stderr) == (0, "", "e01/lamp/010 has no takes yet\n")
    make(project, "lamp/010", "failed", words="too dark")
    episode = json.loads((project / "episodes/e01.yaml").read_text())
    episode["scenes"][0]["shots"][0]["id"] = "011"
    (project / "episodes/e01.yaml").write_text(json.dumps(episode))
    (take,) = shown(project, "lamp/010")
    assert take["error"] == {"code": "broken", "message": "too dark"}


def test_an_order_of_another_version_hides_nothing_else(tmp_path: Path) -> None:
    """Its request cannot be read; state, money and clip can."""
    project = write_project(tmp_path)
    made = make(project, "lamp/010")
    with closing(sqlite3.connect(project / ".tailframe/ledger.sqlite")) as ledger, ledger:
        ledger.execute('UPDATE takes SET request_json = \'{"of": "tomorrow"}\'')
    (take,) = shown(project, "lamp/010")
    assert (take["prompt"], take["parameters"], take["references"], take["findings"]) == (None, None, [], [])
    assert made.clip is not None
    assert take["clip"]["sha256"] == made.clip.sha256
    assert "another version" in tailframe("takes", project, "e01", "lamp/010").stdout
