"""Parts of films and songs, from the YAML to the vendor: what is sent, and what is told before anything is paid."""

from __future__ import annotations

import wave
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from storyboard.errors import InvalidProject
from tests.acme.fixture import Acme
from tests.clips import make_clip, numbers
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import actions, buys_from, edit, film, plan, shoot
from tests.flows.run.test_fetch_references import PictureHost, host
from tests.projects import scene, shot, wav

__all__ = ["host"]

SONG, FILM = "references/song.wav", "references/film.mp4"


@pytest.fixture(autouse=True)
def customer(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    buys_from(acme, monkeypatch)


def with_media(folder: Path, *references: Any, **keys: Any) -> Path:
    """One shot that is sent these; a song of forty seconds and a film of thirty lie in the project."""
    project = film(folder, scene("lamp", shot("010", "the sea", references=list(references), **keys), location=None))
    (project / SONG).write_bytes(wav(40))
    make_clip(project / FILM, frames=720)
    return project


def sent(acme: Acme, kind: str, target: Path) -> Path:
    """The one file of a kind that Acme received."""
    (job,) = acme.jobs()
    (link,) = job.body[kind]
    target.write_bytes(acme.shop.upload(urlsplit(link).path.rpartition("/")[2]))
    return target


def samples_of(file: Path) -> array[int]:
    with wave.open(str(file)) as opened:
        return array("h", opened.readframes(opened.getnframes()))


def test_parts_of_a_song_and_a_film_are_sent(acme: Acme, tmp_path: Path) -> None:
    """Seconds 12.5 to 17.5 of the one to the sample, the last five of the other to the frame; and nothing again."""
    project = with_media(tmp_path, {"source": SONG, "from": 12.5, "to": 17.5}, {"source": FILM, "from": -5})
    assert f"{SONG} is sent as audio:wav:12.5-17.5s: 12.5 to 17.5 s of it" in plan(project).shots[0].notes
    assert shoot(project).exit_code == 0

    part = samples_of(sent(acme, "audios", tmp_path / "sent.wav"))
    assert part == samples_of(project / SONG)[100_000:140_000]
    assert numbers(sent(acme, "videos", tmp_path / "sent.mp4")) == list(range(600, 720))
    assert actions(project) == {"lamp/010": "reuse"}
    edit(project, "17.5", "16.5")
    assert actions(project) == {"lamp/010": "generate"}


@pytest.mark.parametrize(
    ("reference", "line", "words"),
    [
        ({"source": SONG}, 15, f"lasts 40 s, and at most 15 s are taken. Say which part is meant: `{{source: {SONG}"),
        ({"source": SONG, "from": 41}, 15, "lasts 40 s, and the part that is meant (from: 41) is not in it. Write a"),
        ({"source": SONG, "from": -41, "to": -30}, 15, "is not in it"),
        ({"source": SONG, "from": 30, "to": -20}, 15, "is empty: it begins at 30 s and ends at 20 s. Let `from` come"),
        ({"source": FILM, "from": 3, "to": 3}, 18, "this part ends at 3 s and begins at 3 s; it is empty"),
        ({"source": "references/cast/mara.png", "to": 3}, 17, "`from` and `to` are of a video or a sound"),
        (
            {"source": SONG, "use": "edit"},
            17,
            "`use: edit` needs a video, and this is a sound. Valid values for it are: v",
        ),
        ({"source": FILM, "use": "voice"}, 17, "`use: voice` needs a sound, and this is a video"),
        ({"source": "references/cast/mara.png", "use": "motion"}, 17, "needs a video, and this is a picture"),
        ({"source": FILM, "use": "edti"}, 17, "cannot be 'edti'; did you mean 'edit'?"),
        ({"shot": "lamp/010", "take": 1, "frame": "last", "from": 3}, 19, "`from` and `to` are of a video or a sound"),
    ],
)
def test_a_part_that_is_none_is_told_in_its_line(
    acme: Acme, tmp_path: Path, reference: Mapping[str, Any], line: int, words: str
) -> None:
    """By `check`, with what to write; a run is refused, and nothing is paid."""
    project = with_media(tmp_path, reference)
    done = tailframe("check", project)
    assert done.exit_code == 2
    assert words in done.stdout
    assert f"episodes/e01.yaml:{line}:" in done.stdout
    with pytest.raises(InvalidProject):
        shoot(project)
    assert acme.jobs() == []


def test_a_link_is_measured_once_it_is_fetched_and_before_anything_is_paid(
    acme: Acme, host: PictureHost, tmp_path: Path
) -> None:
    """Until then nobody knows how long it is; then a part beyond it is an error, and so is none of a long one."""
    host.pages["/song.wav"] = wav(20)
    project = with_media(tmp_path, {"source": host.link("song.wav"), "from": 30})
    assert tailframe("check", project).exit_code == 0
    with pytest.raises(InvalidProject, match="lasts 20 s, and the part that is meant"):
        shoot(project)
    edit(project, '"from": 30', '"to": 20')
    with pytest.raises(InvalidProject, match="is 20 s long, and at most 15 s are taken"):
        shoot(project)
    edit(project, '"to": 20', '"from": -5')
    assert acme.jobs() == []
    assert shoot(project).exit_code == 0
    assert len(samples_of(sent(acme, "audios", tmp_path / "sent.wav"))) == 40_000


def test_one_thing_is_edited_and_none_in_the_bible(acme: Acme, tmp_path: Path) -> None:
    """A second edit of a shot is told, and one of a cast member, who is in every shot that names her."""
    project = with_media(tmp_path, {"source": FILM, "use": "edit", "to": 4}, {"source": FILM, "use": "extend"})
    edit(project, '"references/cast/mara.png"', '{"source": "references/cast/mara.png", "use": "edit"}', "series.yaml")
    done = tailframe("check", project)
    assert done.exit_code == 2
    assert "and another reference says `use: edit`; keep one of them" in done.stdout
    assert "'use' cannot be 'edit'" in done.stdout
    assert acme.jobs() == []
