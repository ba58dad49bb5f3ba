"""A hosted vendor is added to a copy of this repository, file by file; nothing else has to know that it is there."""

from __future__ import annotations

import filecmp
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.projects import write_project
from tests.thinning import exhaustive

ROOT = Path(__file__).parents[2]
MEADOW = ROOT / "tests" / "meadow"
PARTS = ("storyboard", "render", "flows", "tests", "docs")
FILES = ("pyproject.toml", "Makefile", "README.md", "CONTRIBUTING.md", "CHANGELOG.md")
REGISTRY = Path("render/providers/registry.py")
PAGE = Path("docs/vendors.md")
PARAMETRISED = (
    "tests/docs/test_vendors_page.py",
    "tests/docs/test_map.py",
    "tests/docs/test_samples.py",
    "tests/flows/cli/test_sandbox.py",
    "tests/render/providers/test_health_checks.py",
    "tests/render/providers/test_bills.py",
    "tests/render/providers/test_calling_back.py",
    "tests/render/sandbox/test_clients.py",
)
OF_ALL = "every_package or every_variable or what_to_copy"
"""Tests that look at every vendor at once."""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository with a fifth hosted vendor: new files, one line of the registry, one section of a page."""
    root = tmp_path_factory.mktemp("fifth") / "tree"
    for part in PARTS:
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in FILES:
        shutil.copy(ROOT / file, root)
    for part in ("render", "tests"):
        shutil.copytree(MEADOW / part, root / part, dirs_exist_ok=True)
    registry, page = root / REGISTRY, root / PAGE
    registry.write_text(registry.read_text().replace('    "oxen",\n', '    "oxen",\n    "meadow",\n'))
    page.write_text(page.read_text() + (MEADOW / "vendors.md").read_text())
    return root


def run(tree: Path, home: Path, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """A Python module in the copy, in an environment of its own. It writes nothing there."""
    own = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(home / "hypothesis"),
    }
    command = [sys.executable, "-m", *map(str, arguments)]
    return subprocess.run(command, cwd=tree, env=own | environment, capture_output=True, text=True, check=False)


def test_it_takes_eight_files_and_all_but_two_of_them_are_new(tree: Path) -> None:
    """As the page for whoever contributes says."""
    files = {each.relative_to(tree) for each in tree.rglob("*") if each.is_file()}
    new = {each for each in files if not (ROOT / each).exists()}
    changed = {each for each in files - new if not filecmp.cmp(ROOT / each, tree / each, shallow=False)}
    assert changed == {REGISTRY, PAGE}
    assert len(new) == 6


@exhaustive
def test_commands_know_it(tree: Path, tmp_path: Path) -> None:
    """A slip in its name is answered with it, its settings are checked, and the doctor looks at it."""
    project = write_project(tmp_path / "project", series={"defaults": {"provider": "meadwo"}})
    checked = run(tree, tmp_path, "flows.cli", "check", project)
    assert "did you mean 'meadow'?" in checked.stdout + checked.stderr
    told = json.loads(run(tree, tmp_path, "flows.cli", "doctor", "--json", MEADOW_BASE_URL="api.example.com").stdout)
    found = {(each["part"], each["state"]): each["value"] for each in told["findings"]}
    assert ("meadow", "look") in found or ("meadow", "absent") in found
    assert found["environment", "wrong"].startswith("MEADOW_BASE_URL is not a URL")


def test_a_rehearsal_has_a_stand_in_for_it(tree: Path, tmp_path: Path) -> None:
    """It is named where the sandbox says for whom it stands in, and a plan of faults may name it."""
    faults = tmp_path / "plan.yaml"
    faults.write_text("[{where: create, what: 503, vendor: meadow}, {where: create, what: 503, vendor: acme}]")
    refused = run(tree, tmp_path, "flows.cli", "sandbox", "--faults", faults)
    assert refused.returncode == 2
    assert "fault 2, vendor: Input should be 'kinovi', 'evolink', 'aihubmax', 'oxen' or 'meadow'" in refused.stderr


@exhaustive
@pytest.mark.timeout(300)
def test_what_is_tested_of_every_vendor_is_tested_of_it(tree: Path, tmp_path: Path) -> None:
    """Its page, its errors, its examination, its bills, and an order at its stand-in; no test is written for that."""
    done = run(tree, tmp_path, "pytest", "-q", "-p", "no:cacheprovider", "-k", f"meadow or {OF_ALL}", *PARAMETRISED)
    assert done.returncode == 0, done.stdout[-3000:]
    assert " failed" not in done.stdout
    passed = int(done.stdout.rpartition(" passed")[0].split()[-1])
    assert passed >= 20
