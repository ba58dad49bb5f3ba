"""What the cut does to a shot, as it is written: what it means, and what cannot be cut so."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from storyboard.edit import CUT, UNCUT, Edit, TransitionKind
from storyboard.expand.expansion import expand_leniently
from storyboard.identity import wish
from storyboard.loading import load_leniently
from tests.projects import episode_file, scene, shot, write_project
from tests.storyboard.expand.expanding import expanded
from tests.storyboard.stories import facts


def edits(root: Path, *shots: dict[str, Any], **keys: Any) -> list[Edit]:
    """The edits of these shots, which stand in one scene."""
    return [each.edit for each in expanded(root, scene("s", *shots, **keys)).shots]


def told_of(root: Path, *scenes: dict[str, Any]) -> list[str]:
    """What is said of an episode of these scenes."""
    project = write_project(root, episodes={"e01": episode_file("e01", *scenes)})
    loaded, wrong = load_leniently(project)
    assert loaded is not None or wrong
    found = [*wrong, *(expand_leniently(loaded, "e01").mistakes if loaded is not None and not wrong else ())]
    return [f"{each.at}: {each.message}" for each in found]


def test_a_shot_without_edits_is_uncut(tmp_path: Path) -> None:
    """Where nothing is written nothing is done to it, and it is as long as it is asked for."""
    (one,) = expanded(tmp_path, scene("s", shot("1", duration=3))).shots
    assert (one.edit.trims, one.edit.transition, one.cut_s) == (False, CUT, 3)
    assert one.edit.length_s(one.duration_s) == UNCUT.length_s(one.duration_s)


@pytest.mark.parametrize(
    ("written", "length_s"),
    [
        ({"in": 0.5}, Fraction(5, 2)),
        ({"in": "12f"}, Fraction(5, 2)),
        ({"out": 2}, Fraction(2)),
        ({"out": -0.5}, Fraction(5, 2)),
        ({"in": "6f", "out": "-6f"}, Fraction(5, 2)),
        ({"out": 4}, Fraction(4)),
        ({"speed": 1.5}, Fraction(2)),
        ({"in": 1, "speed": 0.5}, Fraction(4)),
        ({"hold": {"first": 0.5, "last": "12f"}}, Fraction(4)),
    ],
)
def test_how_long_a_shot_is_in_the_cut(written: dict[str, Any], length_s: Fraction, tmp_path: Path) -> None:
    """Seconds or frames of the master, along the clip; and nothing of it is wished for."""
    one = expanded(tmp_path, scene("s", shot("1", duration=3, **written))).shots[0]
    plain = expanded(tmp_path, scene("s", shot("1", duration=3))).shots[0]
    assert one.cut_s == length_s
    known = {each.source: facts(each) for each in one.references}
    assert wish(one, known) == wish(plain, known)


def test_a_transition_leads_into_the_shot_that_names_it(tmp_path: Path) -> None:
    """By its kind alone it takes half a second; what falls down leads into every shot but the first of the episode."""
    found = edits(
        tmp_path,
        shot("1"),
        shot("2", transition={"kind": "wipe-left", "length": "6f"}),
        shot("3"),
        shot("4", transition="cut"),
        defaults={"transition": "dissolve"},
    )
    ways = [(each.transition.kind, each.transition.length_s) for each in found]
    assert ways == [
        (TransitionKind.CUT, 0),
        (TransitionKind.WIPE_LEFT, Fraction(1, 4)),
        (TransitionKind.DISSOLVE, Fraction(1, 2)),
        (TransitionKind.CUT, 0),
    ]


def test_a_scenes_transition_leads_into_its_first_shot(tmp_path: Path) -> None:
    """And into no other; also into the first of an episode, which then comes out of black."""
    episode = expanded(
        tmp_path,
        scene("a", shot("1"), shot("2"), transition="dip-to-black"),
        scene("b", shot("1"), shot("2"), transition="dissolve"),
    )
    kinds = [each.edit.transition.kind for each in episode.shots]
    assert kinds == [TransitionKind.DIP_TO_BLACK, TransitionKind.CUT, TransitionKind.DISSOLVE, TransitionKind.CUT]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({"in": 2, "out": 1}, "it begins at 2 s of its clip and ends at 1 s; let `in` come before `out`"),
        ({"in": 3}, "it begins at 3 s of its clip and ends at 3 s; let `in` come before `out`"),
        ({"out": -3}, "it begins at 0 s of its clip and ends at 0 s; let `in` come before `out`"),
        ({"in": -1}, "`in` counts from the clip's beginning, and must not be negative"),
        ({"in": "47f", "out": "47.5f"}, "must be a number of seconds, or of frames such as 12f"),
        ({"in": 1, "out": 1.01}, "it shows less than one frame at 24 per second"),
        ({"speed": 3}, "'speed' must be at most 2"),
        ({"transition": "fade"}, "cannot be 'fade'. Valid values are: cut, dissolve"),
        ({"transition": {"kind": "dissolve", "length": -1}}, "must not be negative"),
        ({"transition": {"kind": "dissolve", "length": 4}}, "is 3 s long in the cut, and its dissolve lasts 4 s"),
    ],
)
def test_what_cannot_be_cut_so_is_told_where_it_is_written(written: dict[str, Any], told: str, tmp_path: Path) -> None:
    """With the file and the line of the very word."""
    (mistake,) = told_of(tmp_path, scene("s", shot("1", duration=5), shot("2", duration=3, **written)))
    assert told in mistake
    assert mistake.startswith("episodes/e01.yaml:")


def test_two_transitions_have_to_fit_into_one_shot(tmp_path: Path) -> None:
    """The way in and the way out together."""
    (mistake,) = told_of(
        tmp_path,
        scene(
            "s",
            shot("1", duration=3),
            shot("2", duration=1, transition={"kind": "dissolve", "length": 0.6}),
            shot("3", duration=3, transition={"kind": "dissolve", "length": 0.7}),
        ),
    )
    assert "s/2 is 1 s long in the cut, and the transitions into it and out of it last 1.3 s together" in mistake
    assert "at most 0.5 s each" in mistake


@pytest.mark.parametrize("written", [{"in": 0.5}, {"out": 2}, {"speed": 2}, {"hold": {"last": 1}}])
def test_shots_made_to_a_song_keep_their_seconds_of_it(written: dict[str, Any], tmp_path: Path) -> None:
    """A trim would move the picture away from what it was made to; a transition does not."""
    music = {"source": "references/music/theme.wav", "sync": True}
    one = shot("1", duration=3, transition="dip-to-black", **written)
    (mistake,) = told_of(tmp_path, scene("s", one, music=music))
    assert f"`{next(iter(written))}` would move its picture away from the seconds that it was made to" in mistake
