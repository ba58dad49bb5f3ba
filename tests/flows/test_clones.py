"""A project that has its archive or its output and no ledger asks before it pays for what was paid for before."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from flows.cli.consent import agree
from flows.cli.run_flow import run_flow
from flows.errors import UsageError
from flows.prefect.server import prefect_server
from flows.run.options import RunOptions
from render.claim_errors import StandsInArchive
from render.episode.archive.layout import ArchivedFile, contents_from_json, contents_to_json
from render.store.digests import sha256_of
from tests.acme.fixture import Acme
from tests.flows.agreeing import ask_and_make
from tests.flows.cli.in_process import tailframe
from tests.flows.clones import ARCHIVE, KEYS, clone, finished, refused, restore, served, shop
from tests.flows.episodes import actions, edit, made, produce, shoot, takes_of
from tests.flows.forks import fork
from tests.flows.pseudo_terminal import called_at_terminal
from tests.flows.runs import command
from tests.thinning import exhaustive, one_in

__all__ = ["clone", "finished", "shop"]

pytestmark = pytest.mark.timeout(240)


@exhaustive
def test_the_plan_says_what_stands_in_the_archive(clone: Path) -> None:
    """In the table, beneath it with the command that brings it back, for scripts, and in the status."""
    told = tailframe("plan", clone, "e01")
    assert told.stdout.count("it stands in an archive") == 3
    command = f"tailframe restore {clone / ARCHIVE} {clone}"
    assert f"unless with --anew: an archive of {', '.join(KEYS)} stands in {clone / ARCHIVE}" in told.stderr
    assert f"`{command}` brings it back" in told.stderr
    shots = json.loads(tailframe("plan", clone, "e01", "--json").stdout)["shots"]
    assert [(each["action"], each["archived"]) for each in shots] == [("generate", str(clone / ARCHIVE))] * 3
    assert command in tailframe("status", clone, "e01").stderr
    assert tailframe("plan", clone, "e01", "--anew").stderr == ""
    assert not (clone / ".tailframe").exists()


@exhaustive
def test_the_command_is_told_as_a_person_types_it(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Relative where the project was named so, and quoted; typed as it stands, it works."""
    monkeypatch.chdir(clone.parent)
    clone.rename("my film's")
    told = tailframe("plan", "my film's", "e01").stderr
    assert """`tailframe restore 'my film'"'"'s/archive/lighthouse/e01' 'my film'"'"'s'`""" in told
    assert tailframe("restore", "my film's/archive/lighthouse/e01", "my film's").exit_code == 0
    assert set(actions(Path("my film's")).values()) == {"reuse"}


@exhaustive
def test_no_consent_but_anew_pays_for_what_is_archived(shop: Acme, clone: Path) -> None:
    """Neither --yes nor a budget, neither the command nor a flow; nothing is ordered, and the command ends with 2."""
    before = len(shop.jobs())
    for yes, how in ((True, {}), (False, {"budget_usd": Decimal(100)}), (True, {"until_budget": True})):
        with pytest.raises(UsageError, match=r"tailframe restore .* or pay anew with --anew"):
            agree(clone, RunOptions(episode="e01", **how), yes=yes)
    for asked in ({}, {"budget_usd": Decimal(100)}, {"budget_usd": Decimal(0)}, {"until_budget": True}):
        assert "bring it back, and produce again, or pay anew with --anew" in refused(clone, **asked)
    assert len(shop.jobs()) == before
    assert takes_of(clone) == ()


@exhaustive
def test_the_command_ends_with_2_and_pays_when_told(
    shop: Acme, clone: Path, monkeypatch: pytest.MonkeyPatch, prefect_url: str
) -> None:
    """In a process of its own, with Prefect: refused with --yes, and every shot bought once with --anew beside it."""
    monkeypatch.setenv("PREFECT_API_URL", prefect_url)
    before = len(shop.jobs())
    code, said = command("produce", clone, "e01", "--yes")
    assert (code, f"tailframe restore {clone / ARCHIVE} {clone}" in said) == (2, True), said
    assert len(shop.jobs()) == before
    code, said = command("produce", clone, "e01", "--yes", "--anew")
    assert code == 0, said
    assert len(shop.jobs()) == before + 3


@exhaustive
def test_the_flow_asks_as_well(shop: Acme, clone: Path, monkeypatch: pytest.MonkeyPatch, prefect_url: str) -> None:
    """A deployment's run, which nobody was asked about before, ends failed with the very command."""
    monkeypatch.setenv("PREFECT_API_URL", prefect_url)
    before = len(shop.jobs())
    said = fork(flow_of, clone).finish()
    assert said.startswith(f"StandsInArchive: an archive of {', '.join(KEYS)} stands in {clone / ARCHIVE}")
    assert len(shop.jobs()) == before


def flow_of(project: Path) -> str:
    """What the flow says that ends without having been asked about."""
    with prefect_server() as server:
        try:
            run_flow(server, "produce", project=str(project), episode="e01")
        except StandsInArchive as refusal:
            return f"{type(refusal).__name__}: {refusal}"
    return "it was made"


@exhaustive
def test_a_person_at_a_terminal_is_asked_twice(shop: Acme, clone: Path) -> None:
    """Whether to pay again at all, and then how much; a no to the first buys nothing, two yeses every shot."""
    before = len(shop.jobs())
    for answers, jobs in ((["n"], 0), (["y", "y"], 3)):
        asked = called_at_terminal(ask_and_make, clone, environment=shop.process_environment())
        with asked as person:
            for question, answer in zip(("Pay anew?", "Spend up to $1.20?"), answers, strict=False):
                person.until(question)
                person.answer(answer)
            person.end()
        assert f"`tailframe restore {clone / ARCHIVE} {clone}`" in person.said.replace("\r\n", "")
        assert len(shop.jobs()) == before + jobs


@exhaustive
def test_paying_anew_is_a_persons_word(shop: Acme, clone: Path) -> None:
    """With --anew every shot is bought once more, and the next run asks nothing."""
    before = len(shop.jobs())
    assert sorted(made(shoot(clone, anew=True))) == KEYS
    assert served(shop, clone, before + 3)


@exhaustive
def test_a_new_take_is_asked_for_by_name(shop: Acme, clone: Path) -> None:
    """Whoever asks for another take of a shot gets it; of the shots beside it nothing is bought unasked."""
    before = len(shop.jobs())
    assert made(shoot(clone, shots=frozenset({"shore/010"}), new_take=True)) == ["shore/010"]
    assert len(shop.jobs()) == before + 1
    assert "an archive of lamp/010, lamp/020 stands in" in refused(clone)
    restore(clone)
    assert served(shop, clone, before + 1)


@exhaustive
def test_what_costs_nothing_is_not_asked_about(shop: Acme, clone: Path) -> None:
    """Neither the animatic nor a preview."""
    before = len(shop.jobs())
    assert produce(clone, preview=True).exit_code == 0
    assert produce(clone, provider="animatic").exit_code == 0
    assert len(shop.jobs()) == before


def test_a_project_with_its_ledger_is_never_asked(shop: Acme, finished: Path, tmp_path: Path, clone: Path) -> None:
    """Whatever is edited or rejected, and though its archive and its manifest name the same shots."""
    before = len(shop.jobs())
    own = Path(shutil.copytree(finished, tmp_path / "own"))
    assert tailframe("reject", own, "e01", "shore/010", "1").exit_code == 0
    edit(own, "lights the lamp", "trims the wick")
    assert tailframe("plan", own, "e01").stderr == ""
    assert sorted(made(shoot(own))) == ["lamp/010", "shore/010"]
    edit(own, '"resolution": "480p"', '"resolution": "720p"', "series.yaml")
    assert tailframe("plan", own, "e01").stderr == ""
    assert len(shop.jobs()) == before + 2


@exhaustive
def test_where_the_ledger_has_it_all_the_archive_is_not_read_strictly(
    shop: Acme, finished: Path, tmp_path: Path, clone: Path
) -> None:
    """A plan that has something to pay for starts without the libraries of an archive, where there is no news in it."""
    own = Path(shutil.copytree(finished, tmp_path / "own"))
    edit(own, "lights the lamp", "trims the wick")
    program = (
        "import atexit, sys\n"
        "heavy = ('sqlalchemy', 'boto3', 'av', 'render.episode.archive', 'render.episode.manifest')\n"
        "atexit.register(lambda: print([name for name in heavy if name in sys.modules], file=sys.stderr))\n"
        f"sys.argv = ['tailframe', 'plan', {str(own)!r}, 'e01']\n"
        "from flows.cli import main; main()\n"
    )
    environment = shop.process_environment()
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
    assert (done.stderr.splitlines()[-1], "1 generate" in done.stdout) == ("[]", True)


def test_a_first_run_is_never_asked(shop: Acme, clone: Path, tmp_path: Path) -> None:
    """Nor one of another series, or another episode, in whose folders an archive and an output of this one lie."""
    before = len(shop.jobs())
    edit(clone, "lighthouse", "harbour", "series.yaml")
    (clone / "archive/lighthouse").rename(clone / "archive/harbour")
    assert tailframe("plan", clone, "e01").stderr == ""
    assert shoot(clone).exit_code == 0
    assert len(shop.jobs()) == before + 3


@one_in(5)
@pytest.mark.parametrize("name", ["latest.json", "manifest.json", "contents.json", "takes.json"])
@pytest.mark.parametrize("content", [b"", b"\xff{[", b"[3]", None])
def test_a_damaged_archive_stops_nothing(clone: Path, name: str, content: bytes | None) -> None:
    """It is told in a sentence, and the manifest is left to ask by; without it too the plan is whole."""
    file = next((clone / ARCHIVE).rglob(name))
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    told = tailframe("plan", clone, "e01")
    assert (told.exit_code, "Traceback" in told.output) == (0, False)
    assert ("what stands in the archive" in told.stderr) is ((name, content) != ("latest.json", None))
    assert f"manifest.json names takes of {', '.join(KEYS)}" in told.stderr
    shutil.rmtree(clone / "output")
    assert tailframe("plan", clone, "e01").stdout.count("there is no take of it yet") == 3


def test_a_strangers_takes_stop_nothing(clone: Path) -> None:
    """Whole by its own list, and yet with a clip that no camera made: the plan says what is wrong, and goes on."""
    takes = next((clone / ARCHIVE).rglob("takes.json"))
    content = re.sub(rb'"fps": *"[^"]*"', b'"fps":"0"', takes.read_bytes())
    contents = takes.with_name("contents.json")
    files = [each for each in contents_from_json(contents.read_bytes()) if each.name != takes.name]
    written = contents_to_json([*files, ArchivedFile(takes.name, sha256_of(content), len(content))])
    for file, anew in ((takes, content), (contents, written)):
        file.unlink()
        file.write_bytes(anew)
    told = tailframe("plan", clone, "e01")
    assert told.exit_code == 0
    assert f"what stands in the archive {clone / ARCHIVE} is not known" in told.stderr
    assert "no rate of frames per second" in told.stderr


def test_a_damaged_manifest_stops_nothing(clone: Path) -> None:
    """Where no archive is left either, the run knows of nothing, says why, and goes on."""
    shutil.rmtree(clone / "archive")
    (clone / "output/e01/manifest.json").write_text('{"series": 3}')
    for asked in ((), ("--json",)):
        told = tailframe("plan", clone, "e01", *asked)
        assert (told.exit_code, "manifest.json names is not known" in told.stderr) == (0, True)
