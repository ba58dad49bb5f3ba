"""What the plan says of a shot: made only where nothing that fits is there, and never by accident twice."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from storyboard.errors import InvalidProject
from storyboard.plan.episode_plan import Action
from storyboard.takes import TakeState
from tests.storyboard.stories import (
    Simulation,
    chain,
    edited,
    made_on_right_frames,
    only,
    shot,
    story,
    take,
    vendor,
    with_take,
)

# First made, then reused


def test_what_was_never_made_is_generated_at_its_price() -> None:
    """Every shot of a new episode is made, and the total is the sum."""
    planned = Simulation().plan(story(*chain(3)))
    assert [each.action for each in planned.shots] == [Action.GENERATE] * 3
    assert planned.estimated_cost_usd == 3 * Decimal("0.80")
    assert planned.shots[0].reason == "there is no take of it yet"
    assert [each.variations for each in planned.shots] == [(0,)] * 3


def test_what_was_made_is_reused_for_nothing() -> None:
    """A second run buys nothing."""
    simulation, episode = Simulation(), story(*chain(6), shot("shore/010"))
    assert len(simulation.make(episode)) == 7
    planned = simulation.plan(episode)
    assert {each.action for each in planned.shots} == {Action.REUSE}
    assert planned.estimated_cost_usd == 0
    assert planned.shots[0].take == "take-1"


def test_changing_one_shot_costs_one_shot() -> None:
    """The shot is made again; those after it are stale and paid for only if a person asks."""
    simulation, episode = Simulation(), story(*chain(4), shot("shore/010"))
    simulation.make(episode)
    changed = edited(episode, "lamp/020", prompt=("something else",))
    planned = simulation.plan(changed)
    assert simulation.actions(changed) == {
        "lamp/010": "reuse",
        "lamp/020": "generate",
        "lamp/030": "stale",
        "lamp/040": "stale",
        "shore/010": "reuse",
    }
    assert planned.estimated_cost_usd == Decimal("0.80")
    assert planned.stale_cost_usd == Decimal("1.60")
    assert simulation.make(changed) == ["lamp/020"]
    assert simulation.actions(changed)["lamp/030"] == "stale"
    assert simulation.make(changed) == []


def test_a_cascade_makes_what_is_stale_again_and_only_that() -> None:
    """Its price is the one that the plan gave beside the total; afterwards nothing is stale."""
    simulation, episode = Simulation(), story(*chain(4), shot("shore/010"))
    simulation.make(episode)
    changed = edited(episode, "lamp/020", prompt=("something else",))
    assert simulation.plan(changed, cascade=True).estimated_cost_usd == Decimal("2.40")
    assert simulation.make(changed, cascade=True) == ["lamp/020", "lamp/030", "lamp/040"]
    assert set(simulation.actions(changed).values()) == {"reuse"}
    assert made_on_right_frames(changed, simulation.takes, simulation.circles)


def test_renaming_and_moving_scenes_buys_nothing() -> None:
    """Takes are found by what was wanted, wherever the shot stands and whatever its scene is called now."""
    simulation = Simulation()
    simulation.make(story(*chain(2), shot("shore/010")))
    lamp = [replace(each, scene="lantern") for each in chain(2)]
    lamp[1] = replace(lamp[1], continuity=replace(lamp[1].continuity, source="lantern/010", predecessor="lantern/010"))
    renamed = story(shot("shore/010"), *lamp)
    planned = simulation.plan(renamed)
    assert {each.action for each in planned.shots} == {Action.REUSE}
    assert planned.shots[1].reason == "take 1 of e01/lamp/010"


def test_moving_an_out_point_moves_the_tail() -> None:
    """A shorter first shot hands on an earlier frame; it is bought anew, and the next one is stale."""
    simulation, episode = Simulation(), story(*chain(2))
    simulation.make(episode)
    shorter = edited(episode, "lamp/010", duration_s=Decimal("2.5"))
    assert simulation.actions(shorter) == {"lamp/010": "generate", "lamp/020": "stale"}


def test_an_edit_before_a_fractional_shot_makes_nothing_stale() -> None:
    """A shot that takes a frame more or less because of what runs before it has not changed its tail for anybody."""
    odd = Decimal("2.51")
    simulation = Simulation()
    shots = (shot("first/010", duration_s=Decimal("2.02")), *chain(3, duration_s=odd))
    simulation.make(story(*shots))
    for seconds in ("1.01", "3.33", "2.99"):
        moved = story(shot("first/010", duration_s=Decimal(seconds)), *shots[1:])
        assert set(simulation.actions(moved).values()) == {"generate", "reuse"}


def test_a_wish_made_for_another_shot_on_another_frame_is_no_stale_take_of_this_one() -> None:
    """The same words after another shot are made anew: nothing of this shot was ever there to be stale."""
    same = ("a door closes",)
    simulation = Simulation()
    simulation.make(story(shot("a/1"), shot("a/2", after="a/1", prompt=same)))
    episode = story(
        shot("a/1"), shot("a/2", after="a/1", prompt=same), shot("b/1"), shot("b/2", after="b/1", prompt=same)
    )
    simulation.make(episode, shots=["b/1"])
    assert simulation.actions(episode)["b/2"] == "generate"


# Vendors


def test_no_rehearsal_passes_for_the_real_thing() -> None:
    """A take by a stand-in of the same vendor's name does not serve."""
    simulation = with_take(story(shot()), account="acme@stand-in")
    planned = only(simulation, story(shot()))
    assert (planned.action, planned.variations) == (Action.GENERATE, (0,))


def test_an_animatic_never_serves_a_paid_shot() -> None:
    """Its takes are there, and the plan says why they are not used."""
    simulation = with_take(story(shot()), provider="animatic", account="animatic", model="animatic")
    simulation.vendors["animatic"] = vendor("animatic", origin="animatic://local", paid=False)
    planned = only(simulation, story(shot()))
    assert (planned.action, planned.reason) == (
        Action.GENERATE,
        "there are takes by animatic only, which it does not name",
    )
    assert only(simulation, story(shot(providers=("animatic",)))).action is Action.REUSE


def test_any_vendor_that_the_shot_names_will_do() -> None:
    """Changing the order of preference buys nothing again."""
    simulation = Simulation(vendor("acme"), vendor("kinovi"))
    simulation.make(story(shot(providers=("acme",))))
    planned = only(simulation, story(shot(providers=("kinovi", "acme"))))
    assert (planned.action, planned.provider) == (Action.REUSE, "acme")
    assert only(simulation, story(shot(providers=("kinovi",)))).action is Action.GENERATE


def test_a_model_that_is_named_has_to_be_the_one() -> None:
    """Without a name any model's take serves; a named one takes only its own, or its model for first frames."""
    simulation = with_take(story(shot()), model="acme-0")
    assert only(simulation, story(shot())).action is Action.REUSE
    assert only(simulation, story(shot(model="acme-1"))).action is Action.GENERATE
    simulation.change("take-1", model="acme-1-i2v")
    assert only(simulation, story(shot(model="acme-1"))).action is Action.REUSE


def test_the_first_vendor_that_can_is_asked() -> None:
    """And the plan says why those before it were passed over."""
    simulation = Simulation(vendor("acme", resolutions=("480p",)), vendor("kinovi"))
    planned = only(simulation, story(shot(providers=("acme", "kinovi"))))
    assert planned.provider == "kinovi"
    assert planned.reason.endswith("; acme cannot: acme-1 does not sell 720p")


def test_a_shot_that_nobody_can_make_is_a_mistake_where_it_is_written() -> None:
    """Every unmakeable shot is named at once; one that is not asked for only carries a note."""
    episode = story(shot("a/1", duration_s=Decimal(20)), shot("a/2", seed=1), shot("a/3", providers=("acmee",)))
    simulation = Simulation(vendor(seed=False))
    with pytest.raises(InvalidProject) as caught:
        simulation.plan(episode)
    assert [str(each).partition(": ")[2].partition(".")[0] for each in caught.value.mistakes] == [
        "a/1 cannot be made: acme: 20 s is longer than the longest that acme-1 sells, 15 s",
        "a/2 cannot be made: acme: acme-1 takes no seed",
        "a/3 cannot be made: acmee: there is no such vendor",
    ]
    quiet = simulation.plan(episode, shots=[]).shots[0]
    assert (quiet.request, quiet.estimated_cost_usd) == (None, None)
    assert "Split it into 2 shots" in quiet.notes[0]


def test_a_take_that_is_there_needs_no_vendor_that_could_make_it() -> None:
    """A shot whose take is in the box stays reused when the vendor sells less than it did."""
    simulation, episode = Simulation(), story(shot())
    simulation.make(episode)
    simulation.vendors["acme"] = vendor("acme", resolutions=("480p",))
    planned = only(simulation, episode)
    assert (planned.action, planned.provider, planned.request) == (Action.REUSE, "acme", None)


# Some shots only


def test_only_named_shots_are_asked_for_and_paid() -> None:
    """The others keep what would be said of them and add nothing to the total."""
    planned = Simulation().plan(story(shot("a/1"), shot("a/2")), shots=["a/2"])
    assert [(each.action.value, each.asked) for each in planned.shots] == [("generate", False), ("generate", True)]
    assert planned.estimated_cost_usd == Decimal("0.80")


def test_a_named_shot_needs_the_one_that_it_continues() -> None:
    """Where that has no clip and is not asked for, the shot is blocked and told what to add."""
    planned = Simulation().plan(story(*chain(3)), shots=["lamp/020"])
    assert planned.shots[1].action is Action.BLOCKED
    assert planned.shots[1].reason.endswith("add lamp/010 to --shots")
    assert planned.estimated_cost_usd == 0
    assert Simulation().actions(story(*chain(3)), shots=["lamp/010", "lamp/020"])["lamp/020"] == "generate"


def test_a_take_that_is_paid_for_comes_without_being_asked_for() -> None:
    """A shot may follow one whose take is on its way already; one that was only planned it has to ask for."""
    episode = story(*chain(2))
    assert with_take(episode, state=TakeState.SUBMITTED).actions(episode, shots=["lamp/020"])["lamp/020"] == "generate"
    assert with_take(episode, state=TakeState.PLANNED).actions(episode, shots=["lamp/020"])["lamp/020"] == "blocked"


def test_a_planned_take_waits_for_what_it_continues() -> None:
    """It was opened and never sent: without the frame it cannot go on, while one that was sent can."""
    episode = story(*chain(2))
    simulation = with_take(episode, state=TakeState.UNKNOWN)
    wish = simulation.plan(episode).shots[1].wish
    simulation.takes.append(take(wish, "e01/lamp/020", id="take-2", number=1, state=TakeState.PLANNED))
    assert simulation.actions(episode)["lamp/020"] == "blocked"
    simulation.change("take-2", state=TakeState.SUBMITTED)
    assert simulation.actions(episode)["lamp/020"] == "resume"


def test_a_take_outlives_trouble_with_what_it_continues() -> None:
    """A refused predecessor blocks nothing that is there already: it is cut with, and marked."""
    simulation, episode = Simulation(), story(*chain(2))
    simulation.make(episode)
    simulation.change("take-1", state=TakeState.FAILED, refused=True, clip=None)
    simulation.circles.pop("e01/lamp/010")
    assert simulation.actions(episode) == {"lamp/010": "refused", "lamp/020": "stale"}
    assert simulation.actions(episode, cascade=True) == {"lamp/010": "refused", "lamp/020": "stale"}


# The same wish twice


def test_two_shots_that_want_the_very_same_are_made_once() -> None:
    """The later one uses the take of the earlier, in this run and in all that follow."""
    same = ("a lamp turns",)
    episode = story(shot("a/1", prompt=same), shot("b/1", prompt=same), shot("b/2", after="b/1"))
    simulation = Simulation()
    planned = simulation.plan(episode)
    assert [each.action.value for each in planned.shots] == ["generate", "reuse", "generate"]
    assert (planned.shots[1].same_as, planned.shots[1].reason) == ("a/1", "same as a/1")
    assert planned.estimated_cost_usd == Decimal("1.60")
    assert simulation.plan(episode, shots=["b/1"]).shots[1].action is Action.GENERATE
    simulation.make(episode)
    assert simulation.plan(episode).shots[1].take == "take-1"


def test_the_very_same_of_another_vendor_is_made_by_that_vendor() -> None:
    """Two shots that compare vendors are both bought; one that allows either uses what is made already."""
    same = ("a lamp turns",)
    episode = story(
        shot("a/1", prompt=same),
        shot("b/1", prompt=same, providers=("kinovi",)),
        shot("b/2", prompt=same, providers=("kinovi", "acme")),
    )
    planned = Simulation(vendor("acme"), vendor("kinovi")).plan(episode)
    assert [each.provider for each in planned.shots[:2]] == ["acme", "kinovi"]
    assert [each.same_as for each in planned.shots] == [None, None, "a/1"]


def test_the_same_words_on_other_frames_are_two_shots() -> None:
    """Equal wishes that continue different shots are both made."""
    same = ("a door closes",)
    episode = story(
        shot("a/1"), shot("a/2", after="a/1", prompt=same), shot("b/1"), shot("b/2", after="b/1", prompt=same)
    )
    assert set(Simulation().actions(episode).values()) == {"generate"}


# Prices


def test_an_unknown_price_is_counted_and_not_taken_for_nothing() -> None:
    """The total says how many shots it leaves out."""
    planned = Simulation(vendor(rates={})).plan(story(shot("a/1"), shot("a/2")))
    assert (planned.estimated_cost_usd, planned.unpriced_shots) == (0, 2)
    assert planned.shots[0].estimated_cost_usd is None


def test_stale_shots_of_unknown_price_make_that_sum_unknown() -> None:
    """Nobody can say what the cascade would cost."""
    simulation, episode = Simulation(), story(*chain(2))
    simulation.make(episode)
    simulation.vendors["acme"] = vendor(rates={})
    planned = simulation.plan(edited(episode, "lamp/010", prompt=("else",)))
    assert (planned.stale_cost_usd, planned.unpriced_shots) == (None, 1)
