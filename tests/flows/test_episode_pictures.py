"""Pictures as phones, scanners and presses make them, from `check` to the vendor, and what was paid for before."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from storyboard.identity import fingerprint
from tests.acme.fixture import Acme, acme, acme_clips
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import actions, buys_from, film, plain_environment, plan, shoot, states, takes_of
from tests.projects import scene, shot
from tests.render.media.odd_pictures import CASES, Case
from tests.render.media.test_pictures import ON_WHITE, furthest

__all__ = ["acme", "acme_clips"]

ODD = ("grey of 16 bits", "rgba png", "cmyk", "display p3 webp", "turn 6", "moving gif")
SENT = [case for name in ODD for case in CASES if case.name == name]


def filmed(folder: Path, cases: list[Case], provider: str = "acme") -> Path:
    """One shot that names these pictures, in this order, beside what every shot of its project sends."""
    names = [f"references/odd/{place}.png" for place in range(len(cases))]
    project = film(folder, scene("lamp", shot("010", "{{ mara }} waits", references=names)), provider=provider)
    (project / "references" / "odd").mkdir()
    for name, case in zip(names, cases, strict=True):
        (project / name).write_bytes(case.content())
    return project


def test_a_vendor_gets_what_viewers_show(acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`check` takes them, the plan says why each is changed, and the bytes that arrive hold the picture."""
    buys_from(acme, monkeypatch)
    project = filmed(tmp_path, SENT)

    assert tailframe("check", project).exit_code == 0
    notes = " ".join(tailframe("plan", project, "e01").output.split())
    for words in ("16 bits a channel", "transparency, which becomes white", "CMYK colours", "a turn in its EXIF data"):
        assert words in notes
    assert states(shoot(project)) == {"lamp/010": "done"}

    arrived = [Image.open(io.BytesIO(acme.shop.upload(name) or b"")) for name in acme.shop.uploads()]
    assert {picture.mode for picture in arrived} == {"RGB"}
    for case in SENT:
        assert case.shown is not None
        same = [
            each for each in arrived if each.size == case.size and furthest(each, case.shown, ON_WHITE) <= case.within
        ]
        assert len(same) == 1, case.name


def test_a_take_of_a_picture_that_was_sent_as_it_was_goes_on_serving(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its fingerprint, of the untouched picture, is another than today's; its wish is not, and nothing is bought."""
    buys_from(acme, monkeypatch)
    project = filmed(tmp_path, SENT)
    shoot(project)
    (take,) = takes_of(project)
    (shot_,) = plan(project).shots
    assert shot_.request is not None
    untouched = replace(shot_.request, references=tuple(replace(each, fit=None) for each in shot_.request.references))
    assert fingerprint(untouched) != take.fingerprint
    with closing(sqlite3.connect(project / ".tailframe" / "ledger.sqlite")) as ledger, ledger:
        ledger.execute("UPDATE takes SET fingerprint = ?", (fingerprint(untouched),))

    assert actions(project) == {"lamp/010": "reuse"}
    assert states(shoot(project)) == {"lamp/010": "done"}
    assert len(acme.jobs()) == 1


def test_a_preview_shows_the_originals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The animatic changes nothing of them, keeps what is see-through, and makes its clip of every kind."""
    plain_environment(monkeypatch)
    project = filmed(tmp_path, SENT, provider="animatic")
    (planned,) = plan(project).shots
    assert planned.request is not None
    assert {each.fit for each in planned.request.references} == {None}
    assert states(shoot(project)) == {"lamp/010": "done"}


def test_a_picture_that_is_not_whole_costs_nothing(acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command that looks at it says so, with the line that names it, and nothing is asked of the vendor."""
    buys_from(acme, monkeypatch)
    project = filmed(tmp_path, [case for case in CASES if case.name in {"half a jpeg", "heic"}])

    checked = tailframe("check", project)

    assert checked.exit_code == 2
    assert "0.png is no image, video or sound that can be used here: it is a HEIC picture" in " ".join(
        checked.output.split()
    )
    assert "1.png cannot be read as an image: it is cut off or damaged" in " ".join(checked.output.split())
    assert tailframe("produce", project, "e01", "--yes").exit_code == 2
    assert acme.heard() == []
