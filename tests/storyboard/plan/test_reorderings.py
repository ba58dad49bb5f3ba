"""Scenes and shots in another order: nothing is bought again, and exactly the links that changed are stale."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from storyboard.shot import ContinuityMode, Episode
from tests.storyboard.stories import Simulation, shot, story

Scenes = Sequence[Sequence[str]]
"""The keys of each scene's shots, in story order."""

MOST_IN_A_CHAIN = 4


def told(scenes: Scenes) -> Episode:
    """Each shot says the same wherever it stands, and continues the one before it in its scene."""
    return story(
        *(shot(key, after=before) for scene in scenes for key, before in zip(scene, [None, *scene], strict=False)),
        max_chain=MOST_IN_A_CHAIN,
    )


def stale_then(before: Scenes, now: Scenes) -> set[str]:
    """Shots that follow another one than before, and all that follow these."""
    predecessors = {key: first for scene in before for key, first in zip(scene, [None, *scene], strict=False)}
    stale: set[str] = set()
    for scene in now:
        for key, first in zip(scene, [None, *scene], strict=False):
            if first != predecessors[key] or first in stale:
                stale.add(key)
    return stale


@st.composite
def reorderings(draw: st.DrawFn) -> tuple[Scenes, Scenes]:
    """A story of up to four scenes, and the same shots in another order within and among them."""
    sizes = draw(st.lists(st.integers(1, MOST_IN_A_CHAIN), min_size=1, max_size=4))
    before = [[f"scene{at}/{number:03}" for number in range(size)] for at, size in enumerate(sizes)]
    now = [draw(st.permutations(scene)) if draw(st.booleans()) else scene for scene in before]
    return before, draw(st.permutations(now))


@given(reorderings())
def test_nothing_is_made_again_and_changed_links_are_stale(order: tuple[Scenes, Scenes]) -> None:
    """The plan says so of each shot, and a run of it buys nothing."""
    before, now = order
    simulation = Simulation()
    simulation.make(told(before))
    stale = stale_then(before, now)
    keys = [key for scene in now for key in scene]
    assert simulation.actions(told(now)) == {key: "stale" if key in stale else "reuse" for key in keys}
    assert simulation.make(told(now)) == []


def test_it_is_told_where_a_take_was_made() -> None:
    """At the beginning of a scene, or after another shot; a cascade makes both again."""
    simulation = Simulation()
    simulation.make(told([["a/1", "a/2"]]))
    planned = simulation.plan(told([["a/2", "a/1"]]))
    assert [(each.key, each.reason) for each in planned.shots] == [
        ("a/2", "take 2 was made where the shot continued another"),
        ("a/1", "take 1 was made where the shot began its scene"),
    ]
    assert simulation.make(told([["a/2", "a/1"]]), cascade=True) == ["a/2", "a/1"]
    assert set(simulation.actions(told([["a/2", "a/1"]])).values()) == {"reuse"}
    assert set(simulation.actions(told([["a/1", "a/2"]])).values()) == {"reuse"}


def test_who_writes_how_a_shot_begins_wants_it_made_so() -> None:
    """That is another wish, and no shot that was moved."""
    simulation = Simulation()
    simulation.make(told([["a/1", "a/2"]]))
    cut = story(shot("a/1"), shot("a/2", mode=ContinuityMode.NONE))
    assert simulation.actions(cut) == {"a/1": "reuse", "a/2": "generate"}
