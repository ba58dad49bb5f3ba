"""What readers are told to type exists, and what runs on one machine is run, with the output that the pages show."""

from __future__ import annotations

import ast
import importlib
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from ruamel.yaml import YAML
from typer.core import TyperGroup

from flows.cli import app
from tests.docs.pages import ROOT, Block, Command, blocks, commands, typed
from tests.flows.cli.in_process import tailframe
from tests.thinning import exhaustive

STORY = (ROOT / "README.md", ROOT / "docs" / "guide.md")
SMALL = "delivery: {master: {width: 160, height: 90, fps: 6}}\n"
FLOWS = {"produce", "preview"}
DEPLOYED = [ROOT / "tests" / "flows" / "prefect" / name for name in ("deployed_server.py", "several_workers.py")]

TAILFRAME = typer.main.get_command(app)
assert isinstance(TAILFRAME, TyperGroup)
OPTIONS = {
    name: {option for each in command.params for option in (*each.opts, *each.secondary_opts)} | {"--help", "-h"}
    for name, command in TAILFRAME.commands.items()
}
WORDS = [(place, text) for place, text in typed() if re.match(r"(\w+=\S+ )*tailframe [a-z]", text)]


@pytest.mark.parametrize(("place", "text"), WORDS, ids=[f"{place} {text}" for place, text in WORDS])
def test_every_command_that_a_page_names_takes_what_the_page_gives_it(place: str, text: str) -> None:
    """A `tailframe` command in the pages is one of `--help`, and so is every option beside it."""
    words = shlex.split(text.partition("tailframe ")[2].replace("…", "x"))
    command = _command_in(words)
    assert command in OPTIONS, f"{place}: there is no `tailframe {command}`"
    unknown = [word for word in words if word.startswith("-") and word not in OPTIONS[command]]
    assert not unknown, f"{place}: `tailframe {command}` has no {', '.join(unknown)}"


def _command_in(words: list[str]) -> str:
    """The command, some of which have two words."""
    two = " ".join(words[:2])
    return two if two in OPTIONS else words[0]


def test_every_option_that_a_page_names_alone_is_one_of_some_command() -> None:
    """An option in the middle of a sentence exists too."""
    known = set().union(*OPTIONS.values()) | {"--version"}
    alone = [(place, text.split()[0]) for place, text in typed() if text.startswith("-") and len(text) > 1]
    assert alone
    assert [(place, option) for place, option in alone if option.startswith("--") and option not in known] == []


def test_every_command_is_told_of() -> None:
    """Whoever reads the pages meets every command there is."""
    told = {_command_in(text.partition("tailframe ")[2].split()) for _, text in WORDS}
    assert set(OPTIONS) - told == set()


def test_every_make_target_that_a_page_names_is_in_the_makefile() -> None:
    """`make demo` and its siblings can be made."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = [(place, target) for place, text in typed() if text.startswith("make ") for target in text.split()[1:]]
    assert named
    assert [(place, target) for place, target in named if target not in targets] == []


def test_the_script_that_ci_runs_is_where_the_pages_say() -> None:
    """`.ci/run` can be run as it is."""
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prefect_url: str) -> Path:
    """An empty folder to work in, and an environment as after `. .venv/bin/activate`, with an empty home."""
    for name in [name for name in os.environ if name.startswith(("TAILFRAME", "PREFECT", "XDG"))]:
        monkeypatch.delenv(name)
    home, work = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    work.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("PREFECT_API_URL", prefect_url)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    site = ROOT / "tests" / "acme" / "site"
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(site), str(ROOT), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.chdir(work)
    return work


@exhaustive
@pytest.mark.timeout(300)
def test_the_first_series_and_the_guide_can_be_followed_step_by_step(work: Path) -> None:
    """Each command of README and guide, in order, does what the page shows; each edit shown can be made.

    The new series is drawn in few and small pictures, so that this takes seconds.
    """
    for step in _story():
        if isinstance(step, Block):
            _edit(work / "my-series", step)
            continue
        _follow(step)
        if step.line.startswith("tailframe new "):
            with (work / "my-series" / "series.yaml").open("a", encoding="utf-8") as series:
                series.write(SMALL)


def _story() -> Iterator[Command | Block]:
    for page in STORY:
        for block in blocks(page):
            if block.language == "diff":
                yield block
            elif block.language == "console" and block.info == "":
                yield from commands(block)


def _follow(step: Command) -> None:
    code, said = _run(shlex.split(step.line))
    assert code == 0, f"{step.place}: {step.line} ended with {code}\n{said}"
    real = {" ".join(line.split()) for line in said.splitlines()}
    for line in step.shown:
        pattern = re.escape(" ".join(line.split())).replace("…", ".*")
        assert any(re.fullmatch(pattern, each) for each in real), f"{step.place}: nothing says {line!r}\n{said}"


def _run(words: list[str]) -> tuple[int, str]:
    """Run a command as typed; those that start no flow in this process, which is the same and takes no second each."""
    assert words[0] == "tailframe", f"only `tailframe` is run here, not {words[0]}"
    if words[1] in FLOWS:
        done = subprocess.run(words, capture_output=True, text=True, timeout=200, check=False)
        return done.returncode, f"{done.stdout}\n{done.stderr}"
    result = tailframe(*words[1:])
    return result.exit_code, f"{result.stdout}\n{result.stderr}"


def _edit(project: Path, change: Block) -> None:
    """Make a change as a reader would: find the lines that go, write the lines that come."""
    lines = change.text.splitlines()
    before = "\n".join(line[1:] for line in lines if line.startswith("-"))
    after = "\n".join(line[1:] for line in lines if line.startswith("+"))
    files = [project / "series.yaml", *(project / "episodes").glob("*.yaml")]
    holding = [file for file in files if before in file.read_text(encoding="utf-8")]
    assert len(holding) == 1, f"{change.place}: the line that goes stands in {len(holding)} files"
    text = holding[0].read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{change.place}: the line that goes stands there {text.count(before)} times"
    holding[0].write_text(text.replace(before, after), encoding="utf-8")


def test_what_needs_a_server_is_run_by_the_test_of_the_deployments() -> None:
    """Commands that need a Prefect server are those that the deployments' test runs, up to where the server listens."""
    run = [call for file in DEPLOYED for call in _calls_with_texts(file.read_text(encoding="utf-8"))]
    pages = (ROOT / "docs").glob("*.md")
    beside_a_server = [block for page in pages for block in blocks(page, "console") if block.info == "server"]
    told = [each for block in beside_a_server for each in commands(block)]
    assert told
    for step in told:
        words = shlex.split(step.line)
        assert words[0] == "prefect", f"{step.place}: only commands of Prefect need its server"
        if words[1:3] == ["deployment", "run"]:
            _check_run(step.place, words[3:])
        elif words[1:3] == ["deployment", "schedule"]:
            assert words[4].partition("/")[2] in {each["name"] for each in _deployments()}, step.place
        else:
            begins = [call for call in run if call[: len(words) - 1] == words[1:]]
            assert begins, f"{step.place}: no test runs {step.line!r}"


def _calls_with_texts(source: str) -> list[list[str]]:
    """The texts that each call of a module is given, in order."""
    return [
        [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
    ]


def _deployments() -> list[dict[str, str]]:
    written: dict[str, list[dict[str, str]]] = YAML(typ="safe").load(ROOT / "prefect.yaml")
    return written["deployments"]


def _check_run(place: str, words: list[str]) -> None:
    """The deployment exists under its flow's name, and its flow takes each parameter with the value shown."""
    flow_name, _, deployment = words[0].partition("/")
    entry = next(each["entrypoint"] for each in _deployments() if each["name"] == deployment)
    module, _, function = entry.rpartition(".")
    flow = getattr(importlib.import_module(module), function)
    assert flow.name == flow_name, f"{place}: the flow of {deployment} is called {flow.name}"
    given = dict(words[at + 1].split("=", 1) for at, word in enumerate(words) if word == "--param")
    values = {name: json.loads(value) if value.startswith("[") else value for name, value in given.items()}
    flow.validate_parameters(values)
