"""Clips of different vendors in one master: each picture is encoded once at most, and a second run cuts nothing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import av
import pytest

from render.media.ffmpeg import Started, observed
from tests.acme.fixture import Acme
from tests.flows.episodes import buys_from, edit, film, frames_in, made, manifest, master_of, pieces, produce
from tests.projects import scene, shot
from tests.thinning import exhaustive


@pytest.fixture
def project(acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two shots of Acme at 214 by 120 around one of the animatic at 160 by 90, with their sound."""
    buys_from(acme, monkeypatch)
    lamp = scene(
        "lamp",
        shot("010", "{{ mara }} lights the lamp", duration=1.5),
        shot("020", "{{ mara }} waits", duration=2, provider="animatic"),
    )
    return film(tmp_path, lamp, scene("shore", shot("010", "waves", duration=1.25), location="shore"))


class Workshop:
    """Counts what ffmpeg was started for."""

    def __init__(self) -> None:
        self.work: Counter[str] = Counter()

    def __call__(self, started: Started) -> None:
        self.work[started.what] += 1

    @property
    def conformed(self) -> dict[str, int]:
        """How often each shot's picture was encoded."""
        return {what.removeprefix("conform "): n for what, n in self.work.items() if what.startswith("conform ")}

    @property
    def joined(self) -> int:
        """How often a master was put together."""
        return sum(n for what, n in self.work.items() if what.startswith("join"))


def test_a_mixed_master_is_right(project: Path) -> None:
    """One size, one rate, every frame of every piece, and sound exactly as long as the picture."""
    result = produce(project)

    assert result.exit_code == 0, result.message
    assert pieces(project) == [("lamp/010", 0, 36), ("lamp/020", 36, 48), ("shore/010", 84, 30)]
    assert [each["provider"] for each in manifest(project)["shots"]] == ["acme", "animatic", "acme"]
    assert frames_in(master_of(project)) == 114
    with av.open(str(master_of(project))) as master:
        (picture,), (sound,) = master.streams.video, master.streams.audio
        assert (picture.width, picture.height) == (160, 90)
        assert picture.start_time == 0
        samples = sum(frame.samples for frame in master.decode(sound))
    assert abs(samples / 48_000 - 114 / 24) < 0.03


@exhaustive
def test_no_clip_is_encoded_twice(project: Path) -> None:
    """Over three runs, one of them after an edit, each clip is conformed at most once; the second run cuts nothing."""
    first, second, third = Workshop(), Workshop(), Workshop()
    with observed(first):
        assert produce(project).exit_code == 0
    with observed(second):
        assert produce(project).exit_code == 0
    edit(project, '"waves"', '"waves and gulls"')
    with observed(third):
        assert made(produce(project)) == ["shore/010"]

    assert set(first.conformed) >= {"lamp/010", "shore/010"}
    assert set(first.conformed.values()) == {1}
    assert (second.conformed, second.joined) == ({}, 0)
    assert third.conformed == {"shore/010": 1}
    assert (first.joined, third.joined) == (1, 1)


@exhaustive
def test_shots_that_share_a_clip_share_its_one_encode(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two shots that are the same to the letter are bought once, and their common clip is encoded once."""
    buys_from(acme, monkeypatch)
    twins = [scene(each, shot("010", "waves"), location="shore") for each in ("dawn", "dusk")]
    project = film(tmp_path, *twins, scene("lamp", shot("010")))
    workshop = Workshop()

    with observed(workshop):
        result = produce(project)

    assert (result.exit_code, len(acme.jobs())) == (0, 2)
    assert len(pieces(project)) == 3
    assert sum(workshop.conformed.values()) == 2


@exhaustive
def test_a_shot_that_moves_is_not_encoded_again(project: Path) -> None:
    """Two scenes that change places buy nothing and encode nothing: the master is joined anew from what is there."""
    assert produce(project).exit_code == 0
    episode = project / "episodes/e01.yaml"
    lamp, shore = '"id": "lamp"', '"id": "shore"'
    text = episode.read_text()
    head, middle = text.index("{", text.index('"scenes"')), text.rindex("{", 0, text.index(shore))
    end = text.rindex("]")
    one, other = text[head:middle].rstrip().rstrip(","), text[middle:end].rstrip()
    assert lamp in one
    episode.write_text(f"{text[:head]}{other}, {one}{text[end:]}")
    workshop = Workshop()

    with observed(workshop):
        result = produce(project)

    assert (result.exit_code, made(result)) == (0, [])
    assert pieces(project) == [("shore/010", 0, 30), ("lamp/010", 30, 36), ("lamp/020", 66, 48)]
    assert (workshop.conformed, workshop.joined) == ({}, 1)
