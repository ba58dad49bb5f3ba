"""Notes that come home from review stand once, on the takes that left, or not at all; on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from render.exchange_errors import InvalidNotesFile
from render.ledger import Note, Take, queries
from render.ledger.signing_secret import signing_secret
from render.review_file.notes_file import read_notes_file
from render.review_file.returned_notes import CameHome, take_in
from render.review_file.review_statement import SentTake, Signed, Statement, signed
from tests.render.ledger.stage import SERIES, Stage, want

File = dict[str, Any]
STRANGER = b"s" * 32


@pytest.fixture
def takes(stage: Stage) -> tuple[Take, Take]:
    """Two takes of one shot, both done."""
    first, second = stage.open(want(), want(ordinal=1))
    stage.finish(first)
    stage.finish(second)
    return stage.ledger.read(queries.take, first.id), stage.ledger.read(queries.take, second.id)


def left(*takes: Take, **more: Any) -> Statement:
    """What left for review."""
    sent = [
        SentTake(id=take.id, shot=take.shot, number=take.number, clip=take.clip.sha256, frames=take.clip.frames)
        for take in takes
        if take.clip is not None
    ]
    return Statement(**{"export": "e" * 32, "series": SERIES, "episode": "e01", "at": "now", "takes": (*sent,)} | more)


def returned(sent: Signed, *notes: File, by: str = "Ines") -> File:
    return {
        "tailframe_notes": 1,
        "statement": sent.text,
        "signature": sent.signature,
        "by": by,
        "notes": [{"frame": None, "retake": False, "drawing": [], **note} for note in notes],
    }


def comes_home(stage: Stage, file: File) -> CameHome:
    return stage.ledger.write(take_in, SERIES, read_notes_file(json.dumps(file).encode()))


def kept(stage: Stage) -> list[Note]:
    return list(stage.ledger.read(queries.notes, SERIES))


def test_notes_come_home_once_in_the_order_of_the_page(stage: Stage, takes: tuple[Take, Take]) -> None:
    """On their takes and frames, with their wish and their drawing; the second time nothing is new."""
    first, second = takes
    drawing = [[[0.25, 0.5], [1, 0]]]
    notes = (
        {"id": "b" * 32, "take": first.id, "words": "the lamp\nmust stay lit"},
        {"id": "a" * 32, "take": second.id, "words": "here", "frame": 47, "retake": True, "drawing": drawing},
    )
    file = returned(signed(left(*takes), stage.ledger.write(signing_secret)), *notes)
    came = comes_home(stage, file)
    assert (came.told, came.wishes) == ("2 notes by Ines, 2 of them new", (f"{second.shot}, take 2",))
    written = [(each.take, each.words, each.frame, each.retake, each.drawing, each.by) for each in kept(stage)]
    assert written == [
        (first.id, "the lamp\nmust stay lit", None, False, (), "Ines, by review file"),
        (second.id, "here", 47, True, (((0.25, 0.5), (1.0, 0.0)),), "Ines, by review file"),
    ]
    before = kept(stage)
    assert comes_home(stage, file).told == "2 notes by Ines, 0 of them new"
    more = {**file, "notes": [*file["notes"], {"id": "c" * 32, "take": first.id, "words": "and slower"}]}
    assert comes_home(stage, more).told == "3 notes by Ines, 1 of them new"
    assert [each for each in kept(stage) if each.words != "and slower"] == before


TAMPERED: dict[str, tuple[Callable[[File, Take, Take], object], str]] = {
    "another take's id in the statement": (
        lambda file, first, second: file.update(statement=file["statement"].replace(first.id, "f" * 32)),
        "was changed",
    ),
    "another frame count": (
        lambda file, *_: file.update(statement=file["statement"].replace('"frames":48', '"frames":49')),
        "was changed",
    ),
    "another clip": (
        lambda file, first, _: file.update(statement=file["statement"].replace(first.clip.sha256, "0" * 64)),
        "was changed",
    ),
    "a space": (lambda file, *_: file.update(statement=file["statement"] + " "), "was changed"),
    "another signature": (lambda file, *_: file.update(signature="0" * 64), "was changed"),
    "no signature": (lambda file, *_: file.update(signature=""), "was changed"),
    "a stranger's signature": (
        lambda file, first, second: file.update(returned(signed(left(first, second), STRANGER), *file["notes"])),
        "was changed",
    ),
    "a take that did not leave": (lambda file, *_: file["notes"][1].update(take="f" * 32), "did not leave"),
    "a frame beyond the last": (lambda file, *_: file["notes"][1].update(frame=48), "which has 48 frames"),
    "a drawing on no frame": (lambda file, *_: file["notes"][1].update(drawing=[[[0, 0]]]), "on no frame"),
    "the same id twice": (lambda file, *_: file["notes"][1].update(id=file["notes"][0]["id"]), "the same id"),
}


def test_of_a_tampered_file_nothing_is_kept(stage: Stage, takes: tuple[Take, Take]) -> None:
    """Each way has one clear error; the note before the wrong one does not come in either."""
    sent = signed(left(*takes), stage.ledger.write(signing_secret))
    for how, (change, told) in TAMPERED.items():
        file = returned(sent, *({"id": each * 32, "take": takes[0].id, "words": each} for each in "ab"))
        change(file, *takes)
        with pytest.raises(InvalidNotesFile, match=told):
            comes_home(stage, file)
        assert kept(stage) == [], how


def test_what_left_stands_no_more_or_was_said_otherwise(stage: Stage, takes: tuple[Take, Take]) -> None:
    """Another series, a take that is gone, a clip that is another now, words that changed under the same id."""
    secret, (first, second) = stage.ledger.write(signing_secret), takes
    assert first.clip is not None
    other = replace(first, clip=replace(first.clip, sha256="0" * 64))
    good = {"id": "a" * 32, "take": first.id, "words": "dark"}
    for statement, notes, told in (
        (left(first, series="harbour"), [good], "of the series harbour"),
        (left(replace(first, id="f" * 32)), [{**good, "take": "f" * 32}], "does not have"),  # type: ignore[arg-type]
        (left(second, other), [{**good, "id": "b" * 32, "take": second.id}, good], "another clip now"),
    ):
        with pytest.raises(InvalidNotesFile, match=told):
            comes_home(stage, returned(signed(statement, secret), *notes))
    assert kept(stage) == []
    sent = signed(left(first), secret)
    comes_home(stage, returned(sent, good))
    for changed in ({"words": "bright"}, {"retake": True}, {"frame": 3}):
        with pytest.raises(InvalidNotesFile, match="says something else"):
            comes_home(stage, returned(sent, {**good, "id": "b" * 32}, {**good, **changed}))
    another = returned(signed(left(first, export="d" * 32), secret), {**good, "words": "of another export"})
    assert comes_home(stage, another).new == 1
    assert [each.words for each in kept(stage)] == ["dark", "of another export"]


def test_a_ledger_has_one_secret(stage: Stage) -> None:
    """Made once, of 32 bytes; and no recipe's blob."""
    first = stage.ledger.write(signing_secret)
    assert first == stage.ledger.write(signing_secret)
    assert len(first) == 32
