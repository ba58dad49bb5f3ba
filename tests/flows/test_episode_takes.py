"""Takes and circles: what is made of a shot, which one the cut uses, and who decides."""

from __future__ import annotations

from pathlib import Path

import pytest

from render.errors import BadSetting
from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import (
    FOUR_SECONDS_USD,
    actions,
    buys_from,
    circled,
    edit,
    film,
    forget_clips,
    made,
    manifest,
    master_of,
    money,
    pieces,
    plan,
    produce,
    states,
    takes_of,
)
from tests.projects import scene, shot
from tests.thinning import exhaustive

LAMP = frozenset({"lamp/010"})


@pytest.fixture(autouse=True)
def customer(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    buys_from(acme, monkeypatch)


def one_shot(folder: Path, **keys: object) -> Path:
    return film(folder, scene("lamp", shot("010", "{{ mara }} lights the lamp", **keys)))


def two_chained(folder: Path) -> Path:
    return film(folder, scene("lamp", shot("010", "{{ mara }} lights the lamp"), shot("020", "{{ mara }} waits")))


def used(project: Path) -> list[int]:
    """The take number of each piece of the master."""
    return [each["take"] for each in manifest(project)["shots"]]


def test_several_takes_are_opened_together(acme: Acme, tmp_path: Path) -> None:
    """`takes: 2` is priced and made as two variations; the lowest good one is circled and cut with."""
    project = one_shot(tmp_path, takes=2)
    assert plan(project).estimated_cost_usd == 2 * FOUR_SECONDS_USD

    result = produce(project)

    assert result.exit_code == 0, result.message
    assert [(take.number, take.variation, take.state.value) for take in takes_of(project)] == [
        (1, 0, "done"),
        (2, 1, "done"),
    ]
    assert len(acme.jobs()) == 2
    assert (circled(project, "lamp/010"), used(project)) == (1, [1])
    assert (produce(project).exit_code, len(acme.jobs())) == (0, 2)


def test_the_lowest_good_take_is_circled(acme: Acme, tmp_path: Path) -> None:
    """Where one of several fails, the shot is done with the other, and says what failed."""
    acme.script(on="job", do="fail", words="the model fell over")
    project = one_shot(tmp_path, takes=2)

    result = produce(project)

    (good,) = [take.number for take in takes_of(project) if take.state.value == "done"]
    assert (result.exit_code, circled(project, "lamp/010"), used(project)) == (0, good, [good])
    assert "1 of 2 takes failed" in result.outcomes[0].message


def test_a_new_take_takes_the_circle_when_it_is_good(acme: Acme, tmp_path: Path) -> None:
    """`--new-take` buys one more, and the cut goes on with that; the one before stays to be circled again."""
    project = one_shot(tmp_path)
    assert produce(project).exit_code == 0

    result = produce(project, new_take=True)

    assert (result.exit_code, made(result)) == (0, ["lamp/010"])
    assert (circled(project, "lamp/010"), used(project), len(acme.jobs())) == (2, [2], 2)
    assert tailframe("circle", project, "e01", "lamp/010", "1").exit_code == 0
    assert produce(project).exit_code == 0
    assert (used(project), len(acme.jobs())) == ([1], 2)


def test_a_new_take_that_fails_leaves_the_circle(acme: Acme, tmp_path: Path) -> None:
    """What was asked for is not done, so the run ends with 1; the next plain run is whole with the take before."""
    project = one_shot(tmp_path)
    assert produce(project).exit_code == 0
    acme.script(on="job", do="fail")

    assert produce(project, new_take=True).exit_code == 1

    assert circled(project, "lamp/010") == 1
    result = produce(project)
    assert (result.exit_code, made(result), used(project)) == (0, [], [1])
    assert len(acme.jobs()) == 2


@exhaustive
def test_the_circle_of_a_person_outlives_an_edit(acme: Acme, tmp_path: Path) -> None:
    """A shot that changed after a person circled its take is stale: cut with, marked, and bought only on a cascade."""
    project = one_shot(tmp_path)
    assert produce(project).exit_code == 0
    assert tailframe("circle", project, "e01", "lamp/010", "1").exit_code == 0
    edit(project, "lights the lamp", "trims the wick")

    result = produce(project)

    assert (result.exit_code, states(result), used(project)) == (0, {"lamp/010": "stale"}, [1])
    assert "a person circled take 1" in plan(project).shots[0].reason
    (cut,) = manifest(project)["shots"]
    assert cut["stale"] == plan(project).shots[0].reason
    assert len(acme.jobs()) == 1
    assert produce(project, cascade=True).exit_code == 0
    assert len(acme.jobs()) == 2


def test_a_rejected_take_is_never_used_again(acme: Acme, tmp_path: Path) -> None:
    """`reject` gives the circle to the next good take, and where there is none, the next run makes one."""
    project = one_shot(tmp_path, takes=2)
    assert produce(project).exit_code == 0

    assert tailframe("reject", project, "e01", "lamp/010", "1").exit_code == 0
    assert produce(project).exit_code == 0
    assert (used(project), len(acme.jobs())) == ([2], 2)

    assert tailframe("reject", project, "e01", "lamp/010", "2").exit_code == 0
    assert actions(project) == {"lamp/010": "generate"}
    assert produce(project).exit_code == 0
    assert set(used(project)) & {1, 2} == set()


def test_circling_another_take_moves_the_tail_frame(acme: Acme, tmp_path: Path) -> None:
    """What continues a shot stands on its circled take: circle another, and the successor is stale until made again."""
    project = two_chained(tmp_path)
    assert produce(project).exit_code == 0
    assert produce(project, shots=LAMP, new_take=True).exit_code == 0
    assert actions(project) == {"lamp/010": "reuse", "lamp/020": "stale"}

    assert tailframe("circle", project, "e01", "lamp/010", "1").exit_code == 0

    assert set(actions(project).values()) == {"reuse"}
    assert produce(project).exit_code == 0
    assert (used(project), len(acme.jobs())) == ([1, 1], 3)


def test_a_waived_shot_is_left_out_and_counts_as_done(acme: Acme, tmp_path: Path) -> None:
    """The cut goes without it, its successor begins without continuity, and the run ends with 0."""
    project = two_chained(tmp_path)
    assert tailframe("waive", project, "e01", "lamp/010", "--why", "the storm is refused").exit_code == 0

    result = produce(project)

    assert (result.exit_code, states(result)) == (0, {"lamp/010": "waived", "lamp/020": "done"})
    assert pieces(project) == [("lamp/020", 0, 24)]
    (job,) = acme.jobs()
    assert "the last frame of the shot before" not in job.prompt
    assert tailframe("waive", project, "e01", "lamp/010", "--undo").exit_code == 0
    assert actions(project) == {"lamp/010": "generate", "lamp/020": "stale"}


@exhaustive
def test_a_lost_clip_is_fetched_again(acme: Acme, tmp_path: Path) -> None:
    """Where the store lost a clip and the vendor still has it, it comes back for nothing, and so does the master."""
    project = two_chained(tmp_path)
    assert produce(project).exit_code == 0
    before, spent = master_of(project).read_bytes(), money(project)
    forget_clips(project)

    result = produce(project)

    assert (result.exit_code, made(result)) == (0, [])
    assert len(acme.jobs()) == 2
    assert len(acme.heard("download")) == 4
    assert money(project) == spent
    assert master_of(project).read_bytes() == before


@exhaustive
def test_a_clip_that_nobody_has_any_more_is_told_not_bought(acme: Acme, tmp_path: Path) -> None:
    """Where the link is dead too, the shot fails with what to do; nothing is ever made again by itself."""
    project = one_shot(tmp_path)
    assert produce(project).exit_code == 0
    forget_clips(project)
    acme.script(on="download", do="answer", status=410, times=None)

    for _ in range(2):
        result = produce(project)
        assert (result.exit_code, states(result)) == (1, {"lamp/010": "failed"})
        assert "--new-take" in result.outcomes[0].message
    assert len(acme.jobs()) == 1

    acme.forgive()
    assert produce(project, new_take=True).exit_code == 0
    assert len(acme.jobs()) == 2


@exhaustive
def test_what_is_made_needs_no_key(acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A finished episode is run, cut and previewed again by somebody without an account; what is new needs the key."""
    project = one_shot(tmp_path)
    assert produce(project).exit_code == 0
    monkeypatch.delenv("ACME_API_KEY")
    heard = len(acme.heard())

    assert produce(project).exit_code == 0
    assert tailframe("cut", project, "e01").exit_code == 0
    assert produce(project, preview=True).exit_code == 0
    assert len(acme.heard()) == heard
    edit(project, "lights the lamp", "trims the wick")
    with pytest.raises(BadSetting, match="ACME_API_KEY is not set"):
        produce(project)
