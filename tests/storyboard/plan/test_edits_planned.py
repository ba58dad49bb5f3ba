"""What edits of the cut mean for the plan: nothing is bought again, and what begins on a moved tail frame is stale."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from storyboard.edit import Edit, Transition, TransitionKind
from storyboard.errors import InvalidProject
from storyboard.plan.episode_plan import Action
from tests.storyboard.stories import Simulation, chain, edited, shot, story, vendor

DISSOLVE = Transition(TransitionKind.DISSOLVE, Fraction(1, 2))


def made() -> tuple[Simulation, object]:
    """Three shots of three seconds in a chain, all made, each of four bought seconds."""
    episode = story(*chain(3))
    simulation = Simulation(vendor())
    simulation.make(episode)
    return simulation, episode


@pytest.mark.parametrize(
    "edit",
    [
        Edit(in_s=Fraction(1, 2)),
        Edit(hold_first_s=Fraction(1), hold_last_s=Fraction(1)),
        Edit(mute=True, gain_db=Decimal(-6), sound_from_s=Fraction(-1, 2)),
        Edit(transition=DISSOLVE),
    ],
)
def test_what_leaves_the_out_point_alone_makes_nothing_stale(edit: Edit) -> None:
    """An in-point, holds, sound and transitions are nobody else's matter."""
    simulation, episode = made()
    changed = edited(episode, "lamp/010", edit=edit)  # type: ignore[arg-type]
    assert set(simulation.actions(changed).values()) == {"reuse"}


@pytest.mark.parametrize("edit", [Edit(out_s=Fraction(2)), Edit(out_s=Fraction(-1)), Edit(out_s=Fraction(7, 2))])
def test_a_moved_out_point_makes_the_next_shot_stale_and_says_so(edit: Edit) -> None:
    """It began on another frame, and what continues it stands on that; the shot itself stays as it is."""
    simulation, episode = made()
    changed = edited(episode, "lamp/010", edit=edit)  # type: ignore[arg-type]
    first, second, third = simulation.plan(changed).shots
    assert [each.action for each in (first, second, third)] == [Action.REUSE, Action.STALE, Action.STALE]
    assert second.reason.endswith("was made on another frame of lamp/010")


def test_back_again_nothing_is_stale() -> None:
    """The takes of before are there."""
    simulation, episode = made()
    changed = edited(episode, "lamp/010", edit=Edit(out_s=Fraction(3)))  # type: ignore[arg-type]
    assert set(simulation.actions(changed).values()) == {"reuse"}


def test_an_out_point_beyond_what_is_bought_is_refused() -> None:
    """By the vendor that does not sell it so long, with what to write."""
    beyond = shot(duration_s=Decimal(3), edit=Edit(out_s=Fraction(9, 2)))
    with pytest.raises(InvalidProject, match=r"its `out` is at 4\.5 s, and 4 s are bought\. Write `out` within them"):
        Simulation(vendor()).plan(story(beyond))


def test_a_transition_that_has_to_hold_is_told_before_anything_is_paid() -> None:
    """Clips that are used whole have nothing beyond the cut; those of which a second is left have enough."""
    whole = [replace(each, duration_s=Decimal(4)) for each in chain(2)]
    into = replace(whole[1], edit=Edit(transition=DISSOLVE))
    (note,) = Simulation(vendor()).plan(story(whole[0], into)).notes
    assert "the dissolve into" in note
    assert "holds the last frame of" in note
    enough = [
        replace(each, edit=Edit(transition=DISSOLVE if number else Transition()))
        for number, each in enumerate(chain(2))
    ]
    assert Simulation(vendor()).plan(story(*enough)).notes == ()
