"""A project's folder may be called anything: its ledger lies in it, renaming it buys nothing, and its cut is made.

What cannot be worked with (a name that is not UTF-8) is refused by every command before anything is paid.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from render.claim_errors import StandsInArchive
from render.errors import LedgerError
from render.ledger import holds, open_ledger, sqlite_path
from storyboard.errors import InvalidProject
from storyboard.text.printable import printable
from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import actions, buys_from, edit, film, frames_in, made, master_of, plan, produce, takes_of
from tests.flows.runs import command
from tests.projects import scene, shot
from tests.thinning import EVERY_MOMENT, exhaustive, one_in, thinned

NAMES = {
    "question mark": "who?",
    "question and option": "who?timeout=x",
    "percent twenty": "my%20film",
    "percent": "100%",
    "percent null": "a%00b",
    "number sign": "a#b",
    "space": "two words",
    "leading space": " before",
    "trailing space": "after ",
    "apostrophe": "it's",
    "quotation mark": 'say "no"',
    "semicolon": "a;b",
    "colon": "a:b",
    "scheme": "file:a",
    "ampersand": "a&b=c",
    "dollar": "$HOME",
    "tilde": "~",
    "backslash": "back\\slash",
    "asterisk": "st*r",
    "brackets": "[bold]a[",
    "bracket": "]",
    "braces": "{project}",
    "format": "%s%(x)s",
    "leading hyphen": "-rf",
    "leading dot": ".hidden",
    "emoji": "🎬",
    "combining": "cafe\u0301",
    "right to left": "\u05e1\u05e8\u05d8\u202e",
    "very long": "x" * 250,
    "line break": "line\nbreak",
    "tab": "tab\there",
}
HARDEST = ("question and option", "percent null")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, acme_clips: Path) -> Iterator[Acme]:
    """One Acme for all names; its jobs are counted from test to test."""
    vendor = Acme(tmp_path_factory.mktemp("acme"), acme_clips)
    vendor.start()
    yield vendor
    vendor.close()


@pytest.fixture(autouse=True)
def _environment(shop: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    buys_from(shop, monkeypatch)


@pytest.fixture
def around(tmp_path: Path) -> Path:
    """The folder in which projects lie, and nothing else."""
    folder = tmp_path / "films"
    folder.mkdir()
    return folder


def named(around: Path, name: str) -> Path:
    """A project of one shot that is called so."""
    written = film(around.parent / "written", scene("lamp", shot("010", "{{ mara }} lights the lamp")), ledger=False)
    return written.rename(around / name)


@thinned
@pytest.mark.parametrize("which", NAMES if EVERY_MOMENT else HARDEST)
def test_a_project_may_be_called_anything(shop: Acme, around: Path, which: str) -> None:
    """Checked, planned, produced, cut, renamed, produced again, verified: one job, and nothing lies beside it."""
    project, before = named(around, NAMES[which]), len(shop.jobs())
    assert tailframe("check", "--", project).exit_code == 0
    assert tailframe("plan", "--", project, "e01").exit_code == 0

    assert produce(project).exit_code == 0
    assert tailframe("cut", "--", project, "e01").exit_code == 0

    assert frames_in(master_of(project)) == 24
    assert [each.name for each in around.iterdir()] == [NAMES[which]]
    with closing(sqlite3.connect(project / ".tailframe" / "ledger.sqlite")) as ledger:
        assert ledger.execute("SELECT count(*) FROM takes").fetchone() == (1,)
    renamed = project.rename(around / "another")
    assert actions(renamed) == {"lamp/010": "reuse"}
    again = produce(renamed)
    assert (again.exit_code, made(again)) == (0, [])
    assert len(shop.jobs()) == before + 1
    verified = tailframe("verify", "--", renamed.rename(around / NAMES[which]) / "archive" / "lighthouse" / "e01")
    assert verified.exit_code == 0, verified.output


@exhaustive
def test_projects_of_like_names_share_nothing(shop: Acme, around: Path) -> None:
    """`who`, `who?` and `who?2`, and `my film` beside `my%20film`, are five projects with five ledgers."""
    before = len(shop.jobs())
    for number, name in enumerate(("who", "who?", "who?2", "my film", "my%20film"), start=1):
        project = named(around, name)
        assert actions(project) == {"lamp/010": "generate"}
        assert produce(project).exit_code == 0
        assert len(shop.jobs()) == before + number
        assert len(takes_of(project)) == 1


ODDEST = "{who?} my%20film\n#'[b];$H&\\*🎬"


@exhaustive
def test_the_whole_command_takes_any_name(
    shop: Acme, around: Path, monkeypatch: pytest.MonkeyPatch, prefect_url: str
) -> None:
    """With Prefect, its log and its pages: the same master, and one job."""
    monkeypatch.setenv("PREFECT_API_URL", prefect_url)
    project, before = named(around, ODDEST), len(shop.jobs())

    code, said = command("produce", "--yes", project, "e01")

    assert code == 0, said
    assert printable(str(master_of(project))) in said
    assert frames_in(master_of(project)) == 24
    assert len(shop.jobs()) == before + 1


@exhaustive
def test_an_archive_in_a_folder_of_any_name_is_found_from_above(around: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is typed there: a space at its beginning or end is part of the name."""
    project = named(around, " who? ")
    assert produce(project).exit_code == 0
    monkeypatch.chdir(around)
    (project / "archive" / "lighthouse" / "e01").rename(around / " e01 ")

    assert tailframe("verify", " e01 ").exit_code == 0


def test_a_name_that_looks_like_an_option_is_typed_after_two_hyphens(
    around: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with any command; and a command that is told spells it so that it can be typed."""
    named(around, "-rf")
    monkeypatch.chdir(around)

    assert tailframe("check", "--", "-rf").exit_code == 0
    told = tailframe("hold", "--", "-rf")
    assert "tailframe release ./-rf" in told.output


@one_in(3, first=1)
@pytest.mark.parametrize("asked", ["check", "plan e01", "status e01", "produce e01 --yes", "reconcile", "hold"])
def test_a_name_that_is_not_utf8_is_refused_by_every_command(shop: Acme, around: Path, asked: str) -> None:
    """In one sentence, as what a producer has to mend, before anything is paid."""
    project = named(around, os.fsdecode(b"caf\xe9"))
    name, *rest = asked.split()
    before = len(shop.heard())

    code, said = command(name, project, *rest)

    assert code == 2, said
    assert rf"the name of the folder {around}/caf\xe9 is not UTF-8" in said
    assert len(shop.heard()) == before
    assert not (project / ".tailframe").exists()


def test_a_run_refuses_such_a_name_too(around: Path) -> None:
    """Whoever starts it."""
    with pytest.raises(InvalidProject, match="is not UTF-8"):
        plan(named(around, os.fsdecode(b"\xff\xfe")))


@exhaustive
def test_a_line_break_in_its_name_reaches_no_list_of_files(around: Path) -> None:
    """A chain, its tail frames and its music are drawn, joined and mixed in such a folder, line by line as anywhere."""
    shots = [shot(number, "{{ mara }} waits", duration=0.5) for number in ("010", "020")]
    written = film(around.parent / "written", scene("lamp", *shots), provider="animatic", ledger=False)
    edit(written, '"scenes"', '"music": {"source": "references/music/theme.wav", "loop": true}, "scenes"')
    project = written.rename(around / "two\r\nlines\n'file x'")

    assert produce(project).exit_code == 0

    assert frames_in(master_of(project)) == 24
    assert [each.name for each in around.iterdir()] == [project.name]


# A file within it may be spelled in one way and written in another.


@exhaustive
def test_letters_with_marks_are_made_archived_and_restored_in_any_form(
    shop: Acme, around: Path, tmp_path: Path
) -> None:
    """A picture in NFC on one disk, in NFD on the next, and restored: the YAML names it, and it is paid for once."""
    one, two = "references/caf\u00e9/zo\u00eb.png", "references/cafe\u0301/zoe\u0308.png"
    project, before = named(around, "film"), len(shop.jobs())
    series = json.loads((project / "series.yaml").read_text())
    series["cast"]["mara"]["references"] = [one]
    (project / "series.yaml").write_text(json.dumps(series, ensure_ascii=False))
    for spelled in (one, two):
        (project / spelled).parent.mkdir()
    (project / "references/cast/mara.png").rename(project / one)
    assert produce(project).exit_code == 0

    (project / one).rename(project / two)
    (project / one).parent.rmdir()
    assert actions(project) == {"lamp/010": "reuse"}
    again = produce(project)
    assert (again.exit_code, made(again)) == (0, [])
    restored = tmp_path / "restored"
    assert tailframe("restore", project / "archive/lighthouse/e01", restored).exit_code == 0

    assert (restored / one).is_file() or (restored / two).is_file()
    assert tailframe("check", restored).exit_code == 0
    assert actions(restored) == {"lamp/010": "reuse"}
    assert len(shop.jobs()) == before + 1


@exhaustive
def test_an_archive_of_the_other_form_is_restored(shop: Acme, around: Path, tmp_path: Path) -> None:
    """What was made where the picture's name is in NFD stands as it was, and serves."""
    two = "references/zoe\u0308.png"
    project = named(around, "film")
    series = json.loads((project / "series.yaml").read_text())
    series["cast"]["mara"]["references"] = ["references/zo\u00eb.png"]
    (project / "series.yaml").write_text(json.dumps(series))
    (project / "references/cast/mara.png").rename(project / two)
    assert produce(project).exit_code == 0

    assert tailframe("restore", project / "archive/lighthouse/e01", tmp_path / "restored").exit_code == 0

    assert (tmp_path / "restored" / two).read_bytes() == (project / two).read_bytes()
    assert actions(tmp_path / "restored") == {"lamp/010": "reuse"}


# Where versions before kept the ledger of such a folder.

BEFORE = {"who?": "who", "my%20film": "my film/.tailframe/ledger.sqlite", "a%3Fb?c": "a?b"}


def misplaced(around: Path, name: str) -> tuple[Path, Path]:
    """A project that an earlier version produced, and where that one kept its ledger."""
    project, before = named(around, name), around / BEFORE[name]
    assert produce(project).exit_code == 0
    before.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(project / ".tailframe" / "ledger.sqlite", before)
    return project, before


@one_in(3)
@pytest.mark.parametrize("name", BEFORE)
def test_a_ledger_that_an_earlier_version_misplaced_is_found(shop: Acme, around: Path, name: str) -> None:
    """Nothing is planned or bought anew: each command names it and the way out, which copies it to its place."""
    project, before = misplaced(around, name)
    jobs, was = len(shop.jobs()), before.read_bytes()

    for asked in (("plan", "e01"), ("status", "e01"), ("produce", "e01", "--yes"), ("reconcile",)):
        told = tailframe(asked[0], project, *asked[1:])
        assert told.exit_code == 1, told.output
        assert f"an earlier version kept it at {before}" in told.output
        assert "`tailframe migrate " in told.output
    with pytest.raises(LedgerError, match="tailframe migrate"):
        produce(project)
    told = tailframe("migrate", project)

    assert told.exit_code == 0, told.output
    assert f"{before} is copied to {project}/.tailframe/ledger.sqlite" in told.output
    assert before.read_bytes() == was
    again = produce(project)
    assert (again.exit_code, made(again)) == (0, [])
    assert len(shop.jobs()) == jobs


def test_the_doctor_finds_it_too(around: Path) -> None:
    """As what is wrong with the ledger."""
    project, before = misplaced(around, "who?")

    told = " ".join(tailframe("doctor", project).output.split())

    assert f"wrong ledger use this project has no ledger at {project}/.tailframe/ledger.sqlite" in told
    assert str(before) in told


@exhaustive
def test_a_person_may_say_that_it_is_another_projects(around: Path) -> None:
    """An empty file in the ledger's place settles it: all is made anew, where somebody pays for it again."""
    project, _ = misplaced(around, "who?")
    (project / ".tailframe" / "ledger.sqlite").touch()

    assert tailframe("plan", project, "e01").exit_code == 0
    with pytest.raises(StandsInArchive):
        produce(project)
    assert produce(project, anew=True).exit_code == 0


@one_in(3, first=2)
@pytest.mark.parametrize("beside", ["a folder", "a text", "a database of something else"])
def test_what_is_no_ledger_is_no_misplaced_one(around: Path, beside: str) -> None:
    """Only a ledger of takes is taken for one; whatever else has that name is left alone."""
    project = named(around, "who?")
    (project / ".tailframe").mkdir()
    if beside == "a folder":
        (around / "who").mkdir()
    elif beside == "a text":
        (around / "who").write_text("dear diary")
    else:
        with closing(sqlite3.connect(around / "who")) as other:
            other.execute("CREATE TABLE takes (name TEXT)")

    assert tailframe("plan", project, "e01").exit_code == 0


def test_a_new_project_is_not_stopped_by_what_lies_beside_it(around: Path) -> None:
    """Where nothing was ever made, no earlier version kept anything."""
    misplaced(around, "who?")

    assert tailframe("plan", named(around, "who?2"), "e01").exit_code == 0


# What an operator names is a URL, and is read as one.


def test_an_operators_url_is_percent_decoded(around: Path) -> None:
    """As SQLAlchemy reads it: a `?` and a `%` of the path are written %3F and %25."""
    with open_ledger(f"sqlite:///{around}/a%20b%3Fc%25.sqlite") as ledger:
        ledger.write(holds.hold, "lighthouse", "me", "")

    assert (around / "a b?c%.sqlite").is_file()
    assert sqlite_path(f"sqlite:///{around}/a%20b%3Fc%25.sqlite") == around / "a b?c%.sqlite"


@pytest.mark.parametrize("rest", ["who?/ledger.sqlite", "l.sqlite?uri=true", "l.sqlite?mode=ro", "who?a=b/l.sqlite"])
def test_what_would_be_left_out_of_an_operators_url_is_refused(around: Path, rest: str) -> None:
    """A path that ends at a `?` is another file; so the text says which it would be."""
    with pytest.raises(LedgerError, match="which would be left out: the ledger would be") as refused:
        open_ledger(f"sqlite:///{around}/{rest}")

    assert f"{around}/{rest.partition('?')[0]}." in str(refused.value)
    assert list(around.iterdir()) == []


def test_an_option_of_the_driver_changes_no_path(around: Path) -> None:
    """It is taken where it can be read, and refused in a sentence where it cannot."""
    open_ledger(f"sqlite:///{around}/l.sqlite?timeout=5").close()
    assert (around / "l.sqlite").is_file()
    with pytest.raises(LedgerError, match="an option that cannot be read"):
        open_ledger(f"sqlite:///{around}/l.sqlite?timeout=soon")
