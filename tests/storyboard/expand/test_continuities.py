"""Which shot each one continues, and how, as it is written or as it falls down to it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from storyboard.errors import InvalidProject
from storyboard.shot import ContinuityMode
from tests.projects import scene, shot
from tests.storyboard.expand.expanding import expanded


def test_shots_of_a_scene_continue_each_other(tmp_path: Path) -> None:
    """By the tail frame, from the second on; the first of a scene begins anew."""
    episode = expanded(tmp_path, scene("a", shot("1"), shot("2")), scene("b", shot("1"), shot("2", continuity="none")))
    assert [each.continuity.source for each in episode.shots] == [None, "a/1", None, None]


def test_a_shot_can_continue_any_other(tmp_path: Path) -> None:
    """Across scenes, and in the mode that falls down to it; a default of none gives way to the wish to continue."""
    episode = expanded(
        tmp_path,
        scene("a", shot("1", duration=3), defaults={"continuity": "tail_clip"}),
        scene("b", shot("1", continues="a/1"), defaults={"continuity": "tail_clip"}),
        scene("c", shot("1", continues="a/1"), shot("2"), defaults={"continuity": "none"}),
    )
    found = [(each.continuity.mode, each.continuity.source) for each in episode.shots[1:]]
    assert found == [
        (ContinuityMode.TAIL_CLIP, "a/1"),
        (ContinuityMode.TAIL_FRAME, "a/1"),
        (ContinuityMode.NONE, None),
    ]


def test_the_length_of_a_tail_clip_falls_down_and_must_be_there(tmp_path: Path) -> None:
    """From wherever it is written; by default two seconds. A shot that is shorter cannot be continued so."""
    tail = {"continuity": "tail_clip"}
    two = [shot("1", duration=4), shot("2", duration=4, tail_clip_s=0.5), shot("3", duration=4)]
    inherited = expanded(tmp_path / "a", scene("a", *two, defaults={**tail, "tail_clip_s": 3}))
    assert [each.tail_clip_s for each in inherited.shots] == [Decimal(3), Decimal("0.5"), Decimal(3)]
    assert expanded(tmp_path / "b", scene("a", *two[::2], defaults=tail)).shots[1].tail_clip_s == 2
    with pytest.raises(InvalidProject) as caught:
        expanded(tmp_path / "c", scene("a", *two, defaults={**tail, "tail_clip_s": 4.5}))
    told = "a tail clip of 4.5 s is asked for, and a/2 lasts 4 s; write a shorter `tail_clip_s`, or `continuity: tail"
    assert [told in each.message for each in caught.value.mistakes] == [True]
    with pytest.raises(InvalidProject, match="'tail_clip_s' must be at least"):
        expanded(tmp_path / "d", scene("a", *two, defaults={"tail_clip_s": 0.4}))


@pytest.mark.parametrize("use", ["edit", "extend"])
def test_a_shot_that_is_made_of_another_begins_as_that_says(tmp_path: Path, use: str) -> None:
    """No frame falls down to it, and what it is made of is never left out; what it says of continuity itself holds."""
    made = [{"shot": "a/1", "use": use}]
    episode = expanded(
        tmp_path,
        scene("a", shot("1"), shot("2", references=made), shot("3", references=made, continuity="tail_frame")),
        scene("b", shot("1", references=made, continues="a/2"), defaults={"continuity": "tail_frame"}),
        scene("c", shot("1"), shot("2", references=[{"source": "references/waves.mp4", "use": use}])),
        files={"references/waves.mp4": b"a film"},
    )
    assert [each.continuity.source for each in episode.shots] == [None, None, "a/2", "a/2", None, None]
    assert [each.required for one in episode.shots for each in one.references if each.use] == [True] * 4


def test_long_chains_are_anchored_again(tmp_path: Path) -> None:
    """As `max_chain` has it, which falls down like everything else."""
    episode = expanded(tmp_path, scene("a", *(shot(f"{n}") for n in range(1, 5)), defaults={"max_chain": 2}))
    last = episode.shots[3].continuity
    assert (last.source, last.reanchor, last.predecessor) == ("a/1", True, "a/3")


def test_what_nobody_wrote_comes_from_where_a_shot_stands(tmp_path: Path) -> None:
    """Only then is it the link that changes where shots change places; who writes how a shot begins wants just that."""
    episode = expanded(
        tmp_path,
        scene("a", shot("1"), shot("2"), shot("3", continuity="tail_frame"), shot("4", continues="a/1")),
        scene("b", shot("1"), defaults={"continuity": "first_frame"}),
        scene("c", shot("1"), shot("2"), defaults={"continuity": "none"}),
    )
    tail, first = ContinuityMode.TAIL_FRAME, ContinuityMode.FIRST_FRAME
    assert [each.link_by_place for each in episode.shots] == [tail, tail, None, None, first, None, None]
