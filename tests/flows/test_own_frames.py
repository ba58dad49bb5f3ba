"""Shots that begin and end on pictures of one's own: what is ordered, what the plan says of it, what is refused."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from render.ledger.stored_request import read_order
from storyboard.errors import InvalidProject
from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import actions, buys_from, edit, film, plan, produce, shoot, states, takes_of
from tests.flows.test_episode_continuity import frames_of, nearest
from tests.flows.test_findings import Listener
from tests.projects import png, scene, shot
from tests.thinning import exhaustive

MARA, STILL = "references/cast/mara.png", "references/still.png"


@pytest.fixture(autouse=True)
def customer(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    buys_from(acme, monkeypatch)


def framed(folder: Path, *more: dict[str, Any], **keys: Any) -> Path:
    """`lamp/010`, and `lamp/020` after it, with the frames that `keys` name; `references/still.png` is 16:9."""
    shots = (shot("010", "the sea", duration=2.5), shot("020", "the shore", **{"duration": 4, **keys}), *more)
    project = film(folder, scene("lamp", *shots))
    (project / STILL).write_bytes(png(640, 360, (40, 80, 160)))
    return project


def order_of(acme: Acme, words: str) -> dict[str, Any]:
    return next(job.body for job in acme.jobs() if words in job.prompt)


def pictures(acme: Acme, body: dict[str, Any]) -> list[bytes]:
    """The pictures of an order, as Acme received them."""
    return [acme.shop.upload(urlsplit(link).path.rpartition("/")[2]) for link in body["images"]]


def notes_of(project: Path, key: str) -> str:
    return "; ".join(next(each.notes for each in plan(project).shots if each.key == key))


def test_an_own_first_frame_takes_the_place_of_continuity(acme: Acme, tmp_path: Path) -> None:
    """It is sent alone, nothing points at it, and the shot stands on no other; a second run buys nothing."""
    project = framed(tmp_path, first_frame=STILL)
    assert "gives up the references of lamp_room" in notes_of(project, "lamp/020")
    assert shoot(project).exit_code == 0

    body = order_of(acme, "the shore")
    assert (body["model"], body["mode"], body["videos"], body["audios"]) == ("acme-1-i2v", "first_frame", [], [])
    assert pictures(acme, body) == [(project / STILL).read_bytes()]
    assert body["prompt"].startswith("Begin exactly on the first frame given.\nthe shore")
    assert "@image" not in body["prompt"]
    assert shoot(project).exit_code == 0
    assert len(acme.jobs()) == 2
    assert plan(project).shots[1].continuity.source is None


def test_first_and_last_are_sent_in_this_order(acme: Acme, tmp_path: Path) -> None:
    """And said so; exchanged they are another order."""
    project = framed(tmp_path, first_frame=STILL, last_frame=MARA)
    assert shoot(project).exit_code == 0
    body = order_of(acme, "the shore")
    assert pictures(acme, body) == [(project / name).read_bytes() for name in (STILL, MARA)]
    assert "the first frame given. End exactly on the last frame given.\n" in body["prompt"]

    edit(project, STILL, "still")
    edit(project, MARA, STILL)
    edit(project, '"still"', f'"{MARA}"')
    assert actions(project)["lamp/020"] == "generate"


@exhaustive
@pytest.mark.parametrize(("frame", "index"), [("first", 0), ("last", 59)])
def test_a_shots_own_frame_is_taken_of_what_it_made(acme: Acme, tmp_path: Path, frame: str, index: int) -> None:
    """The shot waits for the one whose frame it begins on; another take of that makes it stale."""
    project = framed(tmp_path, first_frame={"shot": "lamp/010", "frame": frame})
    assert produce(project).exit_code == 0

    (came,) = pictures(acme, order_of(acme, "the shore"))
    assert nearest(Image.open(io.BytesIO(came)).convert("RGB"), frames_of(project, "lamp/010")) == index
    assert states(produce(project, shots={"lamp/010"}, new_take=True))["lamp/020"] == "stale"


@exhaustive
def test_a_last_frame_makes_the_tail_frame_the_literal_first(acme: Acme, tmp_path: Path) -> None:
    """Continuity that falls down to the shot gives way; a frame of a take by its number may be the last."""
    project = framed(tmp_path, last_frame={"source": {"shot": "lamp/010", "take": 1, "frame": "first"}})
    assert produce(project, shots={"lamp/010"}).exit_code == 0
    assert produce(project).exit_code == 0

    body = order_of(acme, "the shore")
    assert body["mode"] == "first_frame"
    clip = frames_of(project, "lamp/010")
    sent = [Image.open(io.BytesIO(each)).convert("RGB") for each in pictures(acme, body)]
    assert [nearest(each, clip) for each in sent] == [59, 0]
    assert "the last frame of the shot before. End exactly on the last frame given." in body["prompt"]


def test_the_plan_says_where_a_cut_is_pinned(tmp_path: Path) -> None:
    """On the shot after it: one that begins on the same picture, or on the frame that is asked to be it."""
    after = shot("030", "the same", duration=4, first_frame=STILL), shot("040", "more", duration=4)
    project = framed(tmp_path, *after, last_frame=STILL)
    assert f"lamp/020 ends on the picture on which this shot begins ({STILL})" in notes_of(project, "lamp/030")
    edit(project, '"first_frame"', '"notes"')
    assert f"it begins where lamp/020 ends, which is asked to end on {STILL}" in notes_of(project, "lamp/030")
    assert "asked to end" not in notes_of(project, "lamp/040")


def test_the_plan_says_what_may_surprise(tmp_path: Path) -> None:
    """A picture of another shape, and an end that the cut does not reach."""
    project = framed(tmp_path, first_frame=MARA, last_frame=STILL, duration=2.5)
    notes = notes_of(project, "lamp/020")
    assert f"{MARA} is 64x64 and the clip" in notes
    assert f"{STILL} is" not in notes
    assert f"the clip ends on {STILL} after 4 s, which the cut does not reach; write `duration: 4`" in notes


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"first_frame": "references/mara.mp3"}, "references/mara.mp3"),
        ({"first_frame": "references/mara.mp4"}, "references/mara.mp4"),
        ({"first_frame": {"shot": "lamp/010"}}, "a whole clip is no frame; say which one with `frame: first`"),
        ({"first_frame": {"shot": "lamp/011", "frame": "last"}}, "there is no shot 'lamp/011'"),
        ({"last_frame": {"shot": "lamp/020", "frame": "last"}}, "a shot cannot be sent the take that it is to make"),
        ({"first_frame": {"frame": "last", "source": STILL}}, "`take` and `frame` go with `shot: SCENE/SHOT`"),
        ({"first_frame": STILL, "continuity": "tail_frame"}, "`first_frame` and `continuity: tail_frame` contradict"),
        ({"first_frame": STILL, "continues": "lamp/010"}, "`first_frame` and `continues: lamp/010` contradict"),
        ({"last_frame": STILL, "continuity": "tail_clip"}, "`last_frame` and `continuity: tail_clip` contradict"),
        ({"last_frame": STILL, "continuity": "none"}, "a last frame needs a first; write `first_frame` beside it"),
        ({"first_frame": STILL, "references": [{"shot": "lamp/010"}]}, "Take lamp/010 out of its references, or send"),
        (
            {"first_frame": STILL, "references": [{"source": MARA, "required": True}]},
            "Drop `required`, or send the first frame among the references",
        ),
        (
            {"continuity": "first_frame", "references": [{"source": MARA, "required": True}]},
            "Drop `required`, or write `continuity: tail_frame`",
        ),
        (
            {"continuity": "first_frame", "references": [{"shot": "lamp/010"}]},
            "Take lamp/010 out of its references, or write `continuity: tail_frame`",
        ),
        ({"first_frame": STILL, "provider": "oxen"}, "or choose another vendor (aihubmax, animatic, evolink, kinovi)"),
    ],
)
def test_what_cannot_be_is_told_in_its_line(tmp_path: Path, keys: dict[str, Any], words: str) -> None:
    """With file, line and what to do; no plan is made of it, so nothing is ordered."""
    project = framed(tmp_path, **keys)
    done = tailframe("check", project)
    assert done.exit_code == 2
    assert words in done.stdout
    assert done.stdout.startswith("episodes/e01.yaml:")
    with pytest.raises(InvalidProject):
        plan(project)


def test_a_take_that_is_not_there_is_told(acme: Acme, tmp_path: Path) -> None:
    """By `check` with its line, by the plan as blocked."""
    project = framed(tmp_path, first_frame={"shot": "lamp/010", "frame": "last", "take": 7})
    done = tailframe("check", project)
    assert done.exit_code == 2
    assert "lamp/010 has no take 7" in done.stdout
    assert actions(project)["lamp/020"] == "blocked"
    assert acme.jobs() == []


def test_a_clip_that_begins_elsewhere_is_told(acme: Acme, tmp_path: Path) -> None:
    """Acme draws what it likes: a finding for whoever watches, and for whoever looks at the take later."""
    project, listener = framed(tmp_path, first_frame=STILL, last_frame=MARA), Listener()
    assert shoot(project, watcher=listener).exit_code == 0
    told = [note for note in listener.notes if note.startswith("lamp/020: it does not ")]
    assert [note.partition(":")[2].partition(":")[0] for note in told] == [
        f" it does not begin on {STILL}",
        f" it does not end on {MARA}",
    ]
    (take,) = takes_of(project, "lamp/020")
    assert take.clip is not None
    assert f"begins {take.clip.first_apart:.2f} of 1" in tailframe("takes", project, "e01", "lamp/020").stdout
    (other,) = takes_of(project, "lamp/010")
    assert other.clip is not None
    assert (other.clip.first_apart, other.clip.last_apart) == (None, None)
    assert acme.jobs()


@exhaustive
def test_the_next_vendor_is_asked_for_the_same_frames(acme: Acme, tmp_path: Path) -> None:
    """Where the first cannot be reached: the tail frame before the last one, of its model for them."""
    project = framed(tmp_path, provider=["acme", "animatic"], last_frame=STILL)
    assert shoot(project, shots={"lamp/010"}).exit_code == 0
    acme.script(on="create", do="answer", status=402, words="no credits", times=None)
    assert shoot(project).exit_code == 0
    take = next(each for each in takes_of(project, "lamp/020") if each.state.value == "done")
    request = read_order(take.request_json or "")
    assert (take.provider, request.mode.value) == ("animatic", "first_frame")
    assert [each.role.value for each in request.references] == ["continuity", "last_frame"]


def test_a_scenes_first_shot_has_no_tail_to_begin_on(tmp_path: Path) -> None:
    """So its last frame needs a first of its own; with one it is as good as any other."""
    project = film(tmp_path, scene("lamp", shot("010", "the sea", duration=4, last_frame=MARA)))
    assert "a last frame needs a first" in tailframe("check", project).stdout
    edit(project, '"last_frame"', f'"first_frame": "{MARA}", "last_frame"')
    assert tailframe("check", project).exit_code == 0
