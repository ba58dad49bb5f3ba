"""Samples of YAML load, samples of JSON have the keys that commands print, and tables list what the code has."""

from __future__ import annotations

import ast
import json
import re
import sqlite3
import tomllib
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from flows.cli.new_project import new_project
from flows.settings import Settings
from render.episode import manifest
from render.ledger import state_machine
from render.providers.registry import built_in_names, capabilities_of
from render.takes.outcomes import ShotState
from storyboard.accounts import account_variable
from storyboard.bind.reference_jobs import job
from storyboard.loading import load_project
from storyboard.plan.episode_plan import Action
from storyboard.shot import MediaKind, Reference, Role, Use
from storyboard.takes import TakeState
from tests.acme.fixture import Acme
from tests.docs.pages import PAGES, ROOT, Block, blocks
from tests.docs.vendors import tables
from tests.flows.cli.in_process import make, tailframe
from tests.flows.episodes import buys_from, edit, film, produce, three_shots
from tests.projects import episode_file, write_project
from tests.thinning import exhaustive
from tests.vendors import FACTS

GUIDE = ROOT / "docs" / "guide.md"
VENDORS = ROOT / "docs" / "vendors.md"
OPERATORS = ROOT / "docs" / "operators.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
HEADS = re.compile(r"# my-series/(?P<file>[\w./]+)(?P<part>, (?:the|one) \w+ of it)?")
SUBTITLES = ROOT / "docs" / "subtitles.md"
YAML_SAMPLES = [*blocks(GUIDE, "yaml"), *blocks(SUBTITLES, "yaml")]

safe = YAML(typ="safe")


@pytest.mark.parametrize("sample", YAML_SAMPLES, ids=[sample.place for sample in YAML_SAMPLES])
def test_every_sample_of_yaml_loads(sample: Block, tmp_path: Path) -> None:
    """What the guide shows can be written into the project that `tailframe new` begins."""
    head = HEADS.fullmatch(sample.text.splitlines()[0])
    assert head, f"{sample.place}: a sample begins with the file it belongs to"
    project = tmp_path / "my-series"
    new_project(project)
    file = project / head["file"]
    _write(file, _filled_in(safe.load(file), safe.load(sample.text), head["part"] or ""))
    for name in re.findall(r"(?:references|fonts)/[\w./-]+", sample.text):
        (project / name).parent.mkdir(exist_ok=True)
        if not (project / name).exists():
            (project / name).write_bytes(b"what the reader puts there")
    assert load_project(project).episodes


def _filled_in(written: dict[str, Any], sample: Any, part: str) -> dict[str, Any]:
    """The file with the sample in it: as a whole, as some of its keys, or as a shot of its last scene."""
    if not part:
        return dict(sample)
    if part == ", one shot of it":
        written["scenes"][-1]["shots"] = sample
        return written
    if "cast" in sample:
        sample = {"cast": written["cast"] | sample["cast"]}
    return written | sample


def _write(file: Path, content: dict[str, Any]) -> None:
    with file.open("w", encoding="utf-8") as stream:
        YAML().dump(content, stream)


def _sample(name: str) -> Any:
    (found,) = [block for block in blocks(OPERATORS, "json") if block.info == name]
    return json.loads(found.text)


def _keys(value: Any, path: str = "") -> set[str]:
    """Every key of a JSON value with its path; lists count by what is in them."""
    if isinstance(value, list):
        return set().union(*(_keys(each, f"{path}[]") for each in value)) if value else set()
    if isinstance(value, dict):
        return set().union(*({f"{path}.{key}"} | _keys(each, f"{path}.{key}") for key, each in value.items()))
    return set()


def _printed(*words: object) -> Any:
    result = tailframe(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_sample_of_a_plan_has_the_keys_that_are_printed(tmp_path: Path) -> None:
    """Scripts may rely on what the page shows of `plan --json`."""
    project = write_project(tmp_path)
    assert _keys(_sample("plan")) == _keys(_printed("plan", project, "e01"))


def test_the_page_names_every_key_of_the_plan_of_all(tmp_path: Path) -> None:
    """What `plan --all --json` adds up stands beneath the sample of one plan; an episode's own is that sample's."""
    project = write_project(tmp_path, episodes={"e01": episode_file(), "e02": episode_file("e02", style="nobodys")})
    printed = json.loads(tailframe("plan", project, "--all", "--json").stdout)
    (told,) = re.findall(r"With `--all` in place of an episode: `(\{.+?\})`", OPERATORS.read_text(), re.DOTALL)
    top = {key: value for key, value in printed.items() if key != "episodes"}
    assert re.findall(r'"(\w+)":', told) == [*list(printed)[:-1], "unplanned", "episode", "why"]
    assert _keys(top) == {f".{key}" for key in top} | {".unplanned[].episode", ".unplanned[].why"}
    assert _keys(_sample("plan")) == _keys(printed["episodes"][0])


def test_the_sample_of_a_status_has_the_keys_that_are_printed(tmp_path: Path) -> None:
    """Scripts may rely on what the page shows of `status --json`, a failed take included."""
    project = write_project(tmp_path)
    make(project, "lamp/010")
    make(project, "shore/010", "failed", words="too dark")
    assert _keys(_sample("status")) == _keys(_printed("status", project, "e01"))
    every = _printed("status", project)
    assert set(every) == {"series", "episodes"}


def test_the_sample_of_approvals_has_the_keys_that_are_printed(tmp_path: Path) -> None:
    """Scripts may rely on what the page shows of `approve --json`, a change included; plan and status say the same."""
    project = write_project(tmp_path, series={"approval": {"storyboard": True}})
    assert tailframe("approve", project, "e01", "storyboard").exit_code == 0
    edit(project, "rows against", "rests on")
    printed, sample = _printed("approve", project, "e01"), _sample("approvals")
    assert _keys(sample) == _keys(printed)
    assert sample["approvals"][0]["changes"][0]["kind"] == printed["approvals"][0]["changes"][0]["kind"]
    assert _printed("plan", project, "e01")["approvals"] == printed["approvals"]


@exhaustive
def test_the_sample_of_takes_has_the_keys_that_are_printed(
    acme: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Scripts may rely on what the page shows of `takes --json`, a finding included."""
    acme.restart(job_seconds=0)
    buys_from(acme, monkeypatch)
    project = film(tmp_path, *three_shots()[:1])
    produce(project)
    assert tailframe("note", project, "e01", "lamp/020", "1", "a little slow").exit_code == 0
    with closing(sqlite3.connect(project / ".tailframe/ledger.sqlite")) as ledger, ledger:
        ledger.execute("UPDATE takes SET clip = json_set(clip, '$.audio_s', NULL)")  # a clip without sound
    assert _keys(_sample("takes")) == _keys(_printed("takes", project, "e01", "lamp/020"))


@exhaustive
def test_the_sample_of_a_cancellation_has_the_keys_that_are_printed(
    acme: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Scripts may rely on what the page shows of `cancel --json`, and on what it says of a vendor that gives back."""
    acme.restart(job_seconds=600)
    buys_from(acme, monkeypatch)
    project = film(tmp_path, *three_shots()[1:])
    produce(project, patience=timedelta(0))
    printed, sample = _printed("cancel", project, "e01", "--yes"), _sample("cancel")
    assert _keys(sample) == _keys(printed)
    told = ("state", "out", "can_end", "charged", "cost_usd", "reserved_usd", "message")
    assert [sample["takes"][0][key] for key in told] == [printed["takes"][0][key] for key in told]


def test_the_sample_of_a_manifest_is_one() -> None:
    """The manifest that the page shows is read, strictly, and written again with the same values."""
    sample = _sample("manifest")
    read = manifest.from_json(json.dumps(sample))
    assert json.loads(manifest.to_json(read)) == sample


def test_pages_name_every_state_and_action() -> None:
    """Nobody meets a word in a table that the pages do not explain."""
    operators, guide = OPERATORS.read_text(), GUIDE.read_text()
    for word in (*Action, *ShotState, *TakeState):
        assert f"`{word}`" in operators
    for action in Action:
        assert f"| `{action}` |" in guide


def test_every_variable_of_the_environment_is_in_the_table_and_no_other() -> None:
    """What `Settings` reads, what is read elsewhere and what others read; a vendor's stands with the vendor."""
    elsewhere = {
        "TAILFRAME_ALLOW_LOCAL_STORE",
        "TAILFRAME_DEBUG",
        "TAILFRAME_REVIEW_EDITOR",
        "TAILFRAME_REVIEW_TOKEN",
        "PREFECT_API_URL",
        "XDG_CACHE_HOME",
        "XDG_STATE_HOME",
    }
    elsewhere |= {variable for facts in FACTS.values() for variable in facts.variables}
    elsewhere |= {account_variable(name) for name in built_in_names() if capabilities_of(name, {}).paid}
    others = {"NO_COLOR", "AWS_*", "AWS_ENDPOINT_URL_S3"}
    pages = OPERATORS.read_text() + VENDORS.read_text()
    rows = [line for line in pages.splitlines() if re.match(r"\| `[A-Z]", line)]
    told = {name for row in rows for name in re.findall(r"`([A-Z][A-Z0-9_*]{3,})`", row)}
    assert told == {name.upper() for name in Settings.model_fields} | elsewhere | others
    source = "\n".join(file.read_text() for floor in ("flows", "render") for file in (ROOT / floor).rglob("*.py"))
    assert set(re.findall(r"\bTAILFRAME_[A-Z_]+\b", source)) <= told


def test_the_table_of_moves_is_the_ledgers() -> None:
    """Each move of a take stands in the architecture with where it comes from and where it leads."""
    rows = re.findall(r"^\| `([A-Z_]+)` \| ([a-z, ]+) \| ([a-z]+) \|", ARCHITECTURE.read_text(), re.MULTILINE)
    told = {name: (frozenset(sources.split(", ")), target) for name, sources, target in rows}
    known = {name: value for name, value in vars(state_machine).items() if isinstance(value, state_machine.Move)}
    assert told == {name: (frozenset(map(str, move.sources)), str(move.target)) for name, move in known.items()}


def test_other_samples_are_what_they_say() -> None:
    """Samples of TOML and Python can be read by those who would."""
    for page in PAGES:
        for block in blocks(page):
            if block.language == "toml":
                tomllib.loads(block.text)
            if block.language == "python":
                ast.parse(block.text)


def test_the_guide_lists_every_job_of_a_reference() -> None:
    """With the kinds of file that can have it, and the sentence that the prompt says."""
    called = {MediaKind.IMAGE: "a picture", MediaKind.VIDEO: "a video", MediaKind.AUDIO: "a sound"}
    rows = [row for table in tables(GUIDE.read_text()) for row in table if table[0][0] == "`use`"][1:]
    assert [row[0] for row in rows] == [f"`{use.value}`" for use in Use]
    for use, (_, kinds, sentence) in zip(Use, rows, strict=True):
        assert kinds == ", ".join(called[each] for each in MediaKind if each in use.kinds)
        token = re.findall(r"@\w+", sentence)[0]
        one = Reference(kind=next(iter(use.kinds)), role=Role.EXTRA, name="", label="", source="", use=use)
        assert sentence == f"{job(one, token, ['Nell'])}."


def test_no_built_in_vendor_documents_jobs() -> None:
    """As the page says."""
    models = [model for name in built_in_names() for model in capabilities_of(name, {}).models.values()]
    assert {model.uses for model in models} == {None}
