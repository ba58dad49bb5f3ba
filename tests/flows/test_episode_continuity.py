"""How a shot begins where another ended: what the vendor is really sent, in every mode, and what moves it."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image, ImageChops, ImageStat

from tests.acme.fixture import Acme
from tests.clips import decoded
from tests.flows.episodes import actions, buys_from, edit, film, made, pieces, plan, produce, states
from tests.projects import scene, shot
from tests.thinning import exhaustive


@pytest.fixture(autouse=True)
def customer(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    buys_from(acme, monkeypatch)


def chain(folder: Path, *ids: str, duration: float = 1, **defaults: Any) -> Path:
    """A project whose shots continue each other, as the series' defaults say."""
    shots = (shot(id_, f"moment {id_}", duration=duration) for id_ in ids)
    return film(folder, scene("lamp", *shots), defaults=defaults)


def sent(acme: Acme, link: str) -> bytes:
    """A file as Acme received it."""
    return acme.shop.upload(urlsplit(link).path.rpartition("/")[2])


def kept(project: Path) -> list[str]:
    """The names under which the ledger knows what was made of clips."""
    with closing(sqlite3.connect(project / ".tailframe/ledger.sqlite")) as ledger:
        return [str(name) for (name,) in ledger.execute("SELECT key FROM derived")]


def frames_of(project: Path, key: str) -> list[Image.Image]:
    """Every frame of a shot's clip as it was delivered."""
    return list(decoded(project / f"output/e01/clips/{key}.mp4"))


def nearest(frame: Image.Image, frames: Sequence[Image.Image]) -> int:
    """Which of the frames looks most like this one."""
    distances = [max(ImageStat.Stat(ImageChops.difference(frame, each)).mean) for each in frames]
    return distances.index(min(distances))


@exhaustive
def test_the_last_seconds_are_sent_as_a_film(acme: Acme, tmp_path: Path) -> None:
    """`tail_clip`: two seconds that end on the last frame used, as a reference video, and none of what was cut off."""
    project = chain(tmp_path, "010", "020", duration=2.5, continuity="tail_clip")

    assert produce(project).exit_code == 0

    (link,) = acme.jobs()[1].body["videos"]
    tail = tmp_path / "tail.mp4"
    tail.write_bytes(sent(acme, link))
    frames = list(decoded(tail))
    assert len(frames) == 48
    clip = frames_of(project, "lamp/010")
    assert (nearest(frames[0], clip), nearest(frames[-1], clip)) == (12, 59)


@exhaustive
@pytest.mark.parametrize(("seconds", "frames"), [(3, range(12, 84)), (0.5, range(72, 84))])
def test_a_tail_clip_is_as_long_as_it_is_written(acme: Acme, tmp_path: Path, seconds: float, frames: range) -> None:
    """`tail_clip_s`: so many seconds, and another number is another film; one of two is called as ever."""
    project = chain(tmp_path, "010", "020", duration=3.5, continuity="tail_clip")
    assert produce(project).exit_code == 0
    edit(project, '"tail_clip"', f'"tail_clip", "tail_clip_s": {seconds}', "series.yaml")
    assert actions(project) == {"lamp/010": "reuse", "lamp/020": "generate"}

    assert produce(project).exit_code == 0

    (link,) = acme.jobs()[2].body["videos"]
    tail = tmp_path / "tail.mp4"
    tail.write_bytes(sent(acme, link))
    shown, clip = list(decoded(tail)), frames_of(project, "lamp/010")
    assert len(shown) == len(frames)
    assert (nearest(shown[0], clip), nearest(shown[-1], clip)) == (frames[0], frames[-1])
    names = sorted((name for name in kept(project) if name.startswith("tail-clip:")), key=len)
    assert [name.partition(":83")[2] for name in names] == ["", f":{seconds}s"]


def test_a_literal_first_frame_gives_up_the_references(acme: Acme, tmp_path: Path) -> None:
    """`first_frame`: the frame alone, of the model that takes one, and the plan says what is given up for it."""
    project = chain(tmp_path, "010", "020", continuity="first_frame")
    assert any("gives up the references of lamp_room, gouache" in note for note in plan(project).shots[1].notes)

    assert produce(project).exit_code == 0

    body = acme.jobs()[1].body
    assert (body["model"], body["mode"], len(body["images"])) == ("acme-1-i2v", "first_frame", 1)
    assert "@image" not in body["prompt"]


@exhaustive
def test_a_long_chain_goes_back_to_its_head(acme: Acme, tmp_path: Path) -> None:
    """After `max_chain` links the next shot is sent the head's first frame, so that drift cannot go on."""
    project = chain(tmp_path, "010", "020", "030", max_chain=1)

    assert produce(project).exit_code == 0

    by_moment = {job.prompt.partition("moment ")[2][:3]: job for job in acme.jobs()}
    first = Image.open(io.BytesIO(sent(acme, by_moment["030"].body["images"][0]))).convert("RGB")
    assert nearest(first, frames_of(project, "lamp/010")) == 0
    assert "the first frame of this sequence" in by_moment["030"].prompt


@exhaustive
def test_taking_a_shot_out_and_putting_it_back_costs_nothing(acme: Acme, tmp_path: Path) -> None:
    """Without its predecessor a shot is stale and cut as it is; with it again, all is as it was."""
    project = chain(tmp_path, "010", "020", "030")
    assert produce(project).exit_code == 0
    episode = project / "episodes/e01.yaml"
    whole = episode.read_text()
    written = json.loads(whole)
    del written["scenes"][0]["shots"][1]

    episode.write_text(json.dumps(written))
    without = produce(project)

    assert (without.exit_code, states(without)) == (0, {"lamp/010": "done", "lamp/030": "stale"})
    assert pieces(project) == [("lamp/010", 0, 24), ("lamp/030", 24, 24)]
    episode.write_text(whole)
    assert set(actions(project).values()) == {"reuse"}
    again = produce(project)
    assert (again.exit_code, made(again), len(acme.jobs())) == (0, [], 3)


def test_a_shot_may_continue_one_of_another_scene(acme: Acme, tmp_path: Path) -> None:
    """`continues` reaches across scenes, and what it names is made first wherever it stands."""
    lamp = scene("lamp", shot("010", "moment one", continuity="tail_frame", continues="shore/010"))
    project = film(tmp_path, lamp, scene("shore", shot("010", "moment two"), location="shore"))

    assert produce(project).exit_code == 0

    first, second = acme.jobs()
    assert ("moment two" in first.prompt, "moment one" in second.prompt) == (True, True)
    frame = Image.open(io.BytesIO(sent(acme, second.body["images"][0]))).convert("RGB")
    assert nearest(frame, frames_of(project, "shore/010")) == 23
