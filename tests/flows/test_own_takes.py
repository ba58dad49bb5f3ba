"""A shot that is sent what other shots made: clips or frames, in the right order, and what becomes of it later."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from storyboard.errors import InvalidProject
from tests.acme.fixture import Acme
from tests.clips import decoded
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import actions, buys_from, edit, film, plan, produce, shoot, states, takes_of
from tests.flows.test_episode_continuity import frames_of, nearest
from tests.projects import scene, shot
from tests.thinning import exhaustive, one_in


@pytest.fixture(autouse=True)
def customer(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    buys_from(acme, monkeypatch)


def edited(folder: Path, *references: Any, first: str = "the sea", lasts: float = 2.5, **keys: Any) -> Path:
    """`lamp/010`, and `shore/010`, which stands before it in the story and is sent what it makes."""
    sent = references or ({"shot": "lamp/010"},)
    return film(
        folder,
        scene("shore", shot("010", "the same at night", duration=1, references=list(sent), **keys)),
        scene("lamp", shot("010", first, duration=lasts)),
    )


def order_of(acme: Acme, words: str) -> dict[str, Any]:
    """The order whose prompt holds these words."""
    return next(job.body for job in acme.jobs() if words in job.prompt)


def file_of(acme: Acme, link: str) -> bytes:
    """A file as Acme received it."""
    return acme.shop.upload(urlsplit(link).path.rpartition("/")[2])


@exhaustive
def test_a_clip_is_sent_once_it_is_made(acme: Acme, tmp_path: Path) -> None:
    """The shot waits for the one whose take it is sent, wherever that stands; a second run buys nothing."""
    project = edited(tmp_path, lasts=4)
    assert produce(project).exit_code == 0

    told = json.loads(tailframe("takes", project, "e01", "shore/010", "--json").stdout)
    assert told["takes"][0]["continuity"] is None
    (link,) = order_of(acme, "at night")["videos"]
    assert file_of(acme, link) == (project / "output/e01/clips/lamp/010.mp4").read_bytes()
    assert produce(project).exit_code == 0
    assert len(acme.jobs()) == 2


@exhaustive
@pytest.mark.parametrize(
    ("part", "frames"), [({}, range(60)), ({"from": 2, "to": 4}, range(48, 96)), ({"from": -1}, range(36, 60))]
)
def test_of_a_clip_the_cut_uses_a_part(acme: Acme, tmp_path: Path, part: dict[str, Any], frames: range) -> None:
    """Four seconds came and the cut uses 2.5 of them: those are sent, unless another part is written."""
    project = edited(tmp_path, {"shot": "lamp/010", **part})
    assert produce(project).exit_code == 0

    (link,) = order_of(acme, "at night")["videos"]
    sent = tmp_path / "sent.mp4"
    sent.write_bytes(file_of(acme, link))
    shown, clip = list(decoded(sent)), frames_of(project, "lamp/010")
    assert len(shown) == len(frames)
    assert (nearest(shown[0], clip), nearest(shown[-1], clip)) == (frames[0], frames[-1])


@one_in(2, first=1)
@pytest.mark.parametrize(("frame", "index"), [("first", 0), ("last", 59)])
def test_one_frame_of_it_is_a_picture(acme: Acme, tmp_path: Path, frame: str, index: int) -> None:
    """The last frame is that of the part which the cut uses."""
    project = edited(tmp_path, {"shot": "lamp/010", "frame": frame})
    assert produce(project).exit_code == 0

    link = order_of(acme, "at night")["images"][-1]
    picture = Image.open(io.BytesIO(file_of(acme, link))).convert("RGB")
    assert nearest(picture, frames_of(project, "lamp/010")) == index


@exhaustive
def test_another_take_of_it_makes_the_shot_stale(acme: Acme, tmp_path: Path) -> None:
    """As with continuity: nothing is bought by itself, the cut goes on, a cascade makes it again; back is as it was."""
    project = edited(tmp_path)
    assert shoot(project).exit_code == 0
    retake = shoot(project, shots={"lamp/010"}, new_take=True)

    assert states(retake)["shore/010"] == "stale"
    assert "other takes of what it is sent (lamp/010)" in plan(project).shots[0].reason
    assert len(acme.jobs()) == 3
    tailframe("circle", project, "e01", "lamp/010", "1")
    assert actions(project) == {"shore/010": "reuse", "lamp/010": "reuse"}
    tailframe("circle", project, "e01", "lamp/010", "2")
    assert shoot(project, shots={"lamp/010"}, cascade=True).exit_code == 0
    assert [take.number for take in takes_of(project, "shore/010")] == [1, 2]


@exhaustive
def test_a_take_of_a_number_stays_whatever_is_circled(acme: Acme, tmp_path: Path) -> None:
    """`take: 1` is a clip like any file: another circle changes nothing."""
    project = edited(tmp_path, {"shot": "lamp/010", "take": 1}, lasts=4)
    assert shoot(project, shots={"lamp/010"}).exit_code == 0
    assert shoot(project, shots={"lamp/010"}, new_take=True).exit_code == 0
    assert shoot(project).exit_code == 0

    (link,) = order_of(acme, "at night")["videos"]
    took, _ = takes_of(project, "lamp/010")
    assert took.clip is not None
    assert len(file_of(acme, link)) == took.clip.bytes
    assert actions(project) == {"shore/010": "reuse", "lamp/010": "reuse"}


def test_a_take_that_is_not_there_is_told_and_costs_nothing(acme: Acme, tmp_path: Path) -> None:
    """By `check` with line and remedy, by the plan as blocked."""
    project = edited(tmp_path, {"shot": "lamp/010", "take": 7})
    done = tailframe("check", project)
    assert done.exit_code == 2
    assert "episodes/e01.yaml:" in done.stdout
    assert "lamp/010 has no take 7" in done.stdout
    assert actions(project)["shore/010"] == "blocked"
    assert shoot(project).exit_code == 1
    assert [job.prompt.partition(".")[0] for job in acme.jobs()] == ["the sea"]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"shot": "lamp/011"}, "there is no shot 'lamp/011'"),
        ({"shot": "shore/010"}, "a shot cannot be sent the take that it is to make"),
        ({"take": 2, "source": "references/cast/mara.png"}, "`take` and `frame` go with `shot: SCENE/SHOT`"),
        ({"shot": "lamp/010", "source": "references/cast/mara.png"}, "either a file (`source`) or what another shot"),
        ({"shot": "lamp/010", "frame": "middle"}, "first"),
        ({"shot": "lamp/010", "take": 0}, "1"),
        ({"shot": "lamp/010", "from": -3}, "the cut uses 2.5 s of lamp/010, and there is no second -3 of them"),
    ],
)
def test_what_cannot_be_sent_is_told_in_its_line(acme: Acme, tmp_path: Path, sent: dict[str, Any], words: str) -> None:
    """Each with file and line, and nothing is ordered."""
    done = tailframe("check", edited(tmp_path, sent))
    assert done.exit_code == 2
    assert words in done.stdout
    assert done.stdout.startswith("episodes/e01.yaml:")
    assert acme.jobs() == []


def test_a_part_beyond_the_clip_is_told_once_there_is_one(acme: Acme, tmp_path: Path) -> None:
    """Nobody knows before how long it is: the run that makes it says so then, the next one before all else."""
    project = edited(tmp_path, {"shot": "lamp/010", "from": 3, "to": 5})
    assert tailframe("check", project).exit_code == 0
    result = shoot(project)
    assert (result.exit_code, states(result)["shore/010"]) == (1, "failed")
    assert any(
        "lasts 4 s, and the part that is meant (from: 3, to: 5) is not in it" in each.message
        for each in result.outcomes
    )
    with pytest.raises(InvalidProject, match="is not in it"):
        shoot(project)
    assert [job.prompt.partition(".")[0] for job in acme.jobs()] == ["the sea"]


def test_a_circle_of_takes_is_told(tmp_path: Path) -> None:
    """A shot that needs one that needs it: said once, with the way round."""
    project = film(
        tmp_path,
        scene("lamp", shot("010", "one", references=[{"shot": "lamp/020"}]), shot("020", "two, continuing")),
    )
    with pytest.raises(InvalidProject, match="lamp/010 needs lamp/020 needs lamp/010"):
        plan(project)


@exhaustive
def test_an_earlier_take_of_the_shot_itself_may_be_sent(acme: Acme, tmp_path: Path) -> None:
    """`source: {shot: …}` says the same as `shot: …`; the clip that is sent is the earlier take's."""
    project = edited(tmp_path, {"source": {"shot": "lamp/010"}, "note": "keep the light"})
    edit(project, '"duration": 1,', '"duration": 4,')
    assert shoot(project).exit_code == 0
    assert "keep the light" in order_of(acme, "at night")["prompt"]

    edit(project, '"lamp/010"', '"shore/010", "take": 1')
    edit(project, "keep the light", "the same, slower")
    assert shoot(project).exit_code == 0
    (link,) = order_of(acme, "the same, slower")["videos"]
    first, _ = takes_of(project, "shore/010")
    assert first.clip is not None
    assert len(file_of(acme, link)) == first.clip.bytes
