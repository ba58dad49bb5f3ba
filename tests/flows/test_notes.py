"""Notes on takes: kept with the take, told to the next one where somebody says so, and no part of what is wanted."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from render.errors import LedgerConflict
from render.ledger import Note, notes, open_ledger, queries
from render.ledger.stored_request import read_order
from storyboard.errors import InvalidProject
from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import FOUR_SECONDS_USD, buys_from, edit, film, ledger_of, plan, shoot, takes_of
from tests.ledgers.earlier import pier
from tests.projects import scene, shot

ROOT = Path(__file__).parents[2]
LAMP = frozenset({"lamp/010"})
NOTE = "the lamp must stay lit"


@pytest.fixture
def project(acme: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """One shot with one good take."""
    buys_from(acme, monkeypatch)
    made = film(tmp_path, scene("lamp", shot("010", "{{ mara }} lights the lamp")))
    assert shoot(made).exit_code == 0
    return made


def said(project: Path, *words: str | Path) -> str:
    done = tailframe(words[0], project, "e01", *words[1:])
    assert done.exit_code == 0, done.output
    return done.output


def noted(project: Path) -> tuple[Note, ...]:
    with ledger_of(project) as ledger:
        return ledger.read(queries.notes, "lighthouse")


def prompts(project: Path) -> list[str]:
    return [read_order(take.request_json).prompt for take in takes_of(project) if take.request_json]


def test_a_rejected_takes_note_is_told_to_the_next_and_changes_nothing_else(project: Path) -> None:
    """In the prompt that the vendor hears and in the plan; the wish is the same, and so is the price."""
    said(project, "reject", "lamp/010", "1", "--note", f"  {NOTE}\n")
    assert [(note.words, note.frame) for note in noted(project)] == [(NOTE, None)]

    (told,) = plan(project, with_notes=True).shots
    assert f"Direction: {NOTE}." in told.prompt
    assert any(NOTE in note for note in told.notes)
    assert told.estimated_cost_usd == FOUR_SECONDS_USD
    assert "Direction" not in plan(project).shots[0].prompt

    assert shoot(project, with_notes=True).exit_code == 0
    first, second = takes_of(project)
    assert second.wish == first.wish
    assert second.fingerprint != first.fingerprint
    assert [f"Direction: {NOTE}." in prompt for prompt in prompts(project)] == [False, True]
    assert [shot.action.value for shot in plan(project).shots] == ["reuse"]
    assert [shot.prompt for shot in plan(project, with_notes=True).shots] == [plan(project).shots[0].prompt]


def test_notes_are_told_to_nobody_unasked(project: Path) -> None:
    """Neither without the flag, nor of a take that nobody rejected, nor once the shot says something else."""
    said(project, "note", "lamp/010", "1", "a little slow")
    assert "Direction" not in plan(project, new_take=True, with_notes=True).shots[0].prompt

    said(project, "reject", "lamp/010", "1")
    assert "Direction: a little slow." in plan(project, with_notes=True).shots[0].prompt
    edit(project, "lights the lamp", "puts the lamp out")
    assert "Direction" not in plan(project, with_notes=True).shots[0].prompt


def test_a_wish_for_another_take_orders_nothing_and_is_told_to_the_next(project: Path) -> None:
    """Also of a take that nobody rejected, and no other note of it. `status` says what to type until that is done."""
    said(project, "note", "lamp/010", "1", "a little slow")
    with ledger_of(project) as ledger:
        ledger.write(notes.add, takes_of(project)[0].id, NOTE, by="Ines", frame=3, retake=True)
    assert [shot.action.value for shot in plan(project, with_notes=True).shots] == ["reuse"]
    wished = f"tailframe produce {project} e01 --shots lamp/010 --new-take --with-notes"
    shown = tailframe("status", project, "e01").stdout
    assert "somebody wishes for another take of lamp/010" in shown
    assert wished in shown
    assert "wishes for another take" in said(project, "takes", "lamp/010")
    assert json.loads(said(project, "notes", "--json"))["notes"][1]["retake"]

    (told,) = plan(project, new_take=True, with_notes=True).shots
    assert f"Direction: {NOTE}." in told.prompt
    assert "a little slow" not in told.prompt
    assert "Direction" not in plan(project, new_take=True).shots[0].prompt
    assert shoot(project, new_take=True, with_notes=True, shots=LAMP).exit_code == 0
    first, second = takes_of(project)
    assert (second.wish, second.fingerprint != first.fingerprint) == (first.wish, True)
    assert "wishes" not in tailframe("status", project, "e01").stdout


def test_a_note_of_a_retake_with_a_fixed_seed_makes_another_clip(project: Path) -> None:
    """Without it, the same seed would make the same clip, and is refused."""
    edit(project, '"prompt"', '"seed": 7, "prompt"')
    assert shoot(project).exit_code == 0
    said(project, "reject", "lamp/010", "2", "--note", NOTE)
    with pytest.raises(InvalidProject, match="fixed seed"):
        plan(project)
    assert [shot.action.value for shot in plan(project, with_notes=True).shots] == ["generate"]


def test_a_note_points_at_no_reference_of_the_vendors_numbering(project: Path) -> None:
    """Before anything is ordered."""
    said(project, "reject", "lamp/010", "1", "--note", "her hand is not that of @image7")
    with pytest.raises(InvalidProject, match="@image7"):
        plan(project, with_notes=True)


def test_several_retakes_are_priced_opened_and_made_at_once(project: Path, acme: Acme) -> None:
    """`--takes 3`: three new variations in one run; the lowest good one of them is circled."""
    (told,) = plan(project, new_take=True, takes=3).shots
    assert told.estimated_cost_usd == 3 * FOUR_SECONDS_USD
    assert told.variations == (1, 2, 3)
    before = len(acme.jobs())
    assert shoot(project, new_take=True, takes=3, shots=LAMP).exit_code == 0
    assert len(acme.jobs()) == before + 3
    assert [take.variation for take in takes_of(project)] == [0, 1, 2, 3]


def test_as_many_are_made_as_somebody_says_also_where_none_is_there(
    acme: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In place of what the storyboard says; of a shot that is there, none."""
    buys_from(acme, monkeypatch)
    project = film(tmp_path, scene("lamp", shot("010", "{{ mara }} lights the lamp", takes=3)))
    assert plan(project).estimated_cost_usd == 3 * FOUR_SECONDS_USD
    assert plan(project, takes=2).estimated_cost_usd == 2 * FOUR_SECONDS_USD
    assert shoot(project, takes=2).exit_code == 0
    assert len(takes_of(project)) == 2
    assert plan(project, takes=5).estimated_cost_usd == Decimal(0)


def test_takes_shows_notes_and_a_wrong_one_is_told(project: Path) -> None:
    """Each with who wrote it, and of which frame. What is too long, empty or of no frame leaves everything as it is."""
    said(project, "note", "lamp/010", "1", "a second shadow", "--frame", "31")
    (take,) = json.loads(said(project, "takes", "lamp/010", "--json"))["takes"]
    assert [(each["words"], each["frame"]) for each in take["notes"]] == [("a second shadow", 31)]
    assert "a second shadow (" in said(project, "takes", "lamp/010")

    for words, told in (
        (("reject", "lamp/010", "1", "--note", "x" * 2_001), "2,001 characters"),
        (("note", "lamp/010", "1", "  "), "empty"),
        (("note", "lamp/010", "1", "late", "--frame", "96"), "no frame 96"),
        (("note", "lamp/010", "4", "none"), "no take 4"),
    ):
        done = tailframe(words[0], project, "e01", *words[1:])
        assert done.exit_code == 2, done.output
        assert told in done.output
    assert len(noted(project)) == 1
    assert not takes_of(project)[0].rejected


def test_the_same_note_comes_in_once(project: Path) -> None:
    """By its id, whoever brings it again; keys in it are kept by nobody."""
    (take,) = takes_of(project)
    with ledger_of(project) as ledger:
        for words in ("hold it longer", "hold it for ever"):
            assert ledger.write(notes.add, take.id, words, by="nell", name="a" * 32) == "a" * 32
        with pytest.raises(LedgerConflict, match="1 to 2,000"):
            ledger.write(notes.add, take.id, " ", by="nell")
    assert [note.words for note in noted(project)] == ["hold it longer"]


def test_a_ledger_from_before_there_were_notes_has_none(tmp_path: Path) -> None:
    """Looked at without being changed, and brought up by the first note."""
    project = pier(tmp_path)
    shutil.copytree(ROOT / "projects/lighthouse/references", project / "references", dirs_exist_ok=True)
    before = (project / ".tailframe/ledger.sqlite").read_bytes()
    done = tailframe("takes", project, "e01", "water/010", "--json")
    assert done.exit_code == 0, done.output
    assert [take["notes"] for take in json.loads(done.stdout)["takes"]] == [[]]
    assert (project / ".tailframe/ledger.sqlite").read_bytes() == before


def test_notes_of_the_version_that_brought_them_stay(tmp_path: Path) -> None:
    """Each on its take and frame, before the ledger is brought up too; none asks for a retake, as none could then."""
    project = pier(tmp_path, "v0004")
    shutil.copytree(ROOT / "projects/lighthouse/references", project / "references", dirs_exist_ok=True)
    assert len(json.loads(tailframe("notes", project, "--json").stdout)["notes"]) == 3
    with open_ledger(project / ".tailframe/ledger.sqlite") as ledger:
        shot_of = {take.id: take.shot for take in ledger.read(queries.takes, "pier")}
        noted = [(shot_of[each.take], each.frame, each.words, each.by) for each in ledger.read(queries.notes, "pier")]
        assert not any(each.retake or each.drawing for each in ledger.read(queries.notes, "pier"))
        assert [take.shot for take in ledger.read(queries.takes, "pier") if take.rejected] == ["e01/water/040"]
    assert sorted(noted) == [
        ("e01/inside/010", None, "the best of them, a little slow", "Rosa on pier-desk"),
        ("e01/inside/020", 3, "a second shadow", "Rosa on pier-desk"),
        ("e01/water/040", None, "the boat must stay at the pier", "Rosa on pier-desk"),
    ]


def test_a_retake_and_a_drawing_are_kept_with_a_note(project: Path) -> None:
    """As they were written; a drawing is on a frame, and within it."""
    drawn = (((0.25, 0.5), (0.75, 0.5)), ((1.0, 0.0),))
    with open_ledger(project / ".tailframe/ledger.sqlite") as ledger:
        take = next(take for take in ledger.read(queries.takes, "lighthouse") if take.clip is not None)
        name = ledger.write(notes.add, take.id, "there", by="nell", frame=2, retake=True, drawing=drawn)
        with pytest.raises(LedgerConflict, match="on no frame"):
            ledger.write(notes.add, take.id, "where?", by="nell", drawing=drawn)
        (kept,) = (each for each in ledger.read(queries.notes, "lighthouse") if each.id == name)
    assert (kept.frame, kept.retake, kept.drawing) == (2, True, drawn)


def test_a_user_without_a_name_is_called_something(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in containers that run under a number of their own."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    code = (
        "import getpass, os, pwd, socket; from flows.cli.project_access import person; "
        "os.getuid() or os.setuid(54321); print(person())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert " on " in done.stdout
