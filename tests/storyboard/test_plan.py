"""What the plan says of a shot: made only where nothing that fits is there, and never by accident twice."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyboard.errors import InvalidProject
from storyboard.plan import Action, PlannedShot
from storyboard.plan_json import plan_json
from storyboard.request import FrameId
from storyboard.shot import ContinuityMode, Episode, Shot
from storyboard.takes import TakeState
from tests.storyboard.stories import (
    Studio,
    chain,
    clip,
    digest,
    facts_of,
    made_on_right_frames,
    reference,
    shot,
    story,
    take,
    vendor,
)

UNFINISHED = [TakeState.PLANNED, TakeState.SUBMITTING, TakeState.SUBMITTED, TakeState.GENERATED]


def edited(episode: Episode, key: str, **changes: Any) -> Episode:
    """The episode with one shot changed."""
    return replace(
        episode, shots=tuple(replace(each, **changes) if each.key == key else each for each in episode.shots)
    )


def only(studio: Studio, episode: Episode, **choices: Any) -> PlannedShot:
    """What is planned for an episode's one shot."""
    return studio.plan(episode, **choices).shots[0]


def with_take(episode: Episode, **changes: Any) -> Studio:
    """A studio with one take of the episode's first shot, circled by the machine if it is done."""
    studio = Studio()
    wish = studio.plan(episode).shots[0].wish
    studio.takes.append(take(wish, **changes))
    if studio.takes[0].state is TakeState.DONE:
        studio.circle("lamp/010", "take-1", by_person=False)
    return studio


# First made, then reused


def test_what_was_never_made_is_generated_at_its_price() -> None:
    """Every shot of a new episode is made, and the total is the sum."""
    planned = Studio().plan(story(*chain(3)))
    assert [each.action for each in planned.shots] == [Action.GENERATE] * 3
    assert planned.estimated_cost_usd == 3 * Decimal("0.80")
    assert planned.shots[0].reason == "there is no take of it yet"
    assert [each.variations for each in planned.shots] == [(0,)] * 3


def test_what_was_made_is_reused_for_nothing() -> None:
    """A second run buys nothing."""
    studio, episode = Studio(), story(*chain(6), shot("shore/010"))
    assert len(studio.make(episode)) == 7
    planned = studio.plan(episode)
    assert {each.action for each in planned.shots} == {Action.REUSE}
    assert planned.estimated_cost_usd == 0
    assert planned.shots[0].take == "take-1"


def test_changing_one_shot_costs_one_shot() -> None:
    """The shot is made again; those after it are stale and paid for only if a person asks."""
    studio, episode = Studio(), story(*chain(4), shot("shore/010"))
    studio.make(episode)
    changed = edited(episode, "lamp/020", prompt=("something else",))
    planned = studio.plan(changed)
    assert studio.actions(changed) == {
        "lamp/010": "reuse",
        "lamp/020": "generate",
        "lamp/030": "stale",
        "lamp/040": "stale",
        "shore/010": "reuse",
    }
    assert planned.estimated_cost_usd == Decimal("0.80")
    assert planned.stale_cost_usd == Decimal("1.60")
    assert studio.make(changed) == ["lamp/020"]
    assert studio.actions(changed)["lamp/030"] == "stale"
    assert studio.make(changed) == []


def test_a_cascade_makes_what_is_stale_again_and_only_that() -> None:
    """Its price is the one that the plan gave beside the total; afterwards nothing is stale."""
    studio, episode = Studio(), story(*chain(4), shot("shore/010"))
    studio.make(episode)
    changed = edited(episode, "lamp/020", prompt=("something else",))
    assert studio.plan(changed, cascade=True).estimated_cost_usd == Decimal("2.40")
    assert studio.make(changed, cascade=True) == ["lamp/020", "lamp/030", "lamp/040"]
    assert set(studio.actions(changed).values()) == {"reuse"}
    assert made_on_right_frames(changed, studio.takes, studio.circles)


def test_renaming_and_moving_scenes_buys_nothing() -> None:
    """Takes are found by what was wanted, wherever the shot stands and whatever its scene is called now."""
    studio = Studio()
    studio.make(story(*chain(2), shot("shore/010")))
    lamp = [replace(each, scene="lantern") for each in chain(2)]
    lamp[1] = replace(lamp[1], continuity=replace(lamp[1].continuity, source="lantern/010", predecessor="lantern/010"))
    renamed = story(shot("shore/010"), *lamp)
    planned = studio.plan(renamed)
    assert {each.action for each in planned.shots} == {Action.REUSE}
    assert planned.shots[1].reason == "take 1 of e01/lamp/010"


def test_moving_an_out_point_moves_the_tail() -> None:
    """A shorter first shot hands on an earlier frame; it is bought anew, and the next one is stale."""
    studio, episode = Studio(), story(*chain(2))
    studio.make(episode)
    shorter = edited(episode, "lamp/010", duration_s=Decimal("2.5"))
    assert studio.actions(shorter) == {"lamp/010": "generate", "lamp/020": "stale"}


def test_an_edit_before_a_fractional_shot_makes_nothing_stale() -> None:
    """A shot that takes a frame more or less because of what runs before it has not changed its tail for anybody."""
    odd = Decimal("2.51")
    studio = Studio()
    shots = (shot("first/010", duration_s=Decimal("2.02")), *chain(3, duration_s=odd))
    studio.make(story(*shots))
    for seconds in ("1.01", "3.33", "2.99"):
        moved = story(shot("first/010", duration_s=Decimal(seconds)), *shots[1:])
        assert set(studio.actions(moved).values()) == {"generate", "reuse"}


def test_a_wish_made_for_another_shot_on_another_frame_is_no_stale_take_of_this_one() -> None:
    """The same words after another shot are made anew: nothing of this shot was ever there to be stale."""
    same = ("a door closes",)
    studio = Studio()
    studio.make(story(shot("a/1"), shot("a/2", after="a/1", prompt=same)))
    episode = story(
        shot("a/1"), shot("a/2", after="a/1", prompt=same), shot("b/1"), shot("b/2", after="b/1", prompt=same)
    )
    studio.make(episode, shots=["b/1"])
    assert studio.actions(episode)["b/2"] == "generate"


# Vendors


def test_no_rehearsal_passes_for_the_real_thing() -> None:
    """A take from another origin of the same vendor's name does not serve."""
    studio = with_take(story(shot()), origin="http://127.0.0.1:8000")
    planned = only(studio, story(shot()))
    assert (planned.action, planned.variations) == (Action.GENERATE, (0,))


def test_an_animatic_never_serves_a_paid_shot() -> None:
    """Its takes are there, and the plan says why they are not used."""
    studio = with_take(story(shot()), provider="animatic", origin="animatic://local", model="animatic")
    studio.vendors["animatic"] = vendor("animatic", origin="animatic://local", paid=False)
    planned = only(studio, story(shot()))
    assert (planned.action, planned.reason) == (
        Action.GENERATE,
        "there are takes by animatic only, which it does not name",
    )
    assert only(studio, story(shot(providers=("animatic",)))).action is Action.REUSE


def test_any_vendor_that_the_shot_names_will_do() -> None:
    """Changing the order of preference buys nothing again."""
    studio = Studio(vendor("acme"), vendor("kinovi"))
    studio.make(story(shot(providers=("acme",))))
    planned = only(studio, story(shot(providers=("kinovi", "acme"))))
    assert (planned.action, planned.provider) == (Action.REUSE, "acme")
    assert only(studio, story(shot(providers=("kinovi",)))).action is Action.GENERATE


def test_a_model_that_is_named_has_to_be_the_one() -> None:
    """Without a name any model's take serves; a named one takes only its own, or its model for first frames."""
    studio = with_take(story(shot()), model="acme-0")
    assert only(studio, story(shot())).action is Action.REUSE
    assert only(studio, story(shot(model="acme-1"))).action is Action.GENERATE
    studio.change("take-1", model="acme-1-i2v")
    assert only(studio, story(shot(model="acme-1"))).action is Action.REUSE


def test_the_first_vendor_that_can_is_asked() -> None:
    """And the plan says why those before it were passed over."""
    studio = Studio(vendor("acme", resolutions=("480p",)), vendor("kinovi"))
    planned = only(studio, story(shot(providers=("acme", "kinovi"))))
    assert planned.provider == "kinovi"
    assert planned.reason.endswith("; acme cannot: acme-1 does not sell 720p")


def test_a_shot_that_nobody_can_make_is_a_mistake_where_it_is_written() -> None:
    """Every unmakeable shot is named at once; one that is not asked for only carries a note."""
    episode = story(shot("a/1", duration_s=Decimal(20)), shot("a/2", seed=1), shot("a/3", providers=("acmee",)))
    studio = Studio(vendor(seed=False))
    with pytest.raises(InvalidProject) as caught:
        studio.plan(episode)
    assert [str(each).partition(": ")[2].partition(".")[0] for each in caught.value.mistakes] == [
        "a/1 cannot be made: acme: 20 s is longer than the longest that acme-1 sells, 15 s",
        "a/2 cannot be made: acme: acme-1 takes no seed",
        "a/3 cannot be made: acmee: there is no such vendor",
    ]
    quiet = studio.plan(episode, shots=[]).shots[0]
    assert (quiet.request, quiet.estimated_cost_usd) == (None, None)
    assert "Split it into 2 shots" in quiet.notes[0]


def test_a_take_that_is_there_needs_no_vendor_that_could_make_it() -> None:
    """A shot whose take is in the box stays reused when the vendor sells less than it did."""
    studio, episode = Studio(), story(shot())
    studio.make(episode)
    studio.vendors["acme"] = vendor("acme", resolutions=("480p",))
    planned = only(studio, episode)
    assert (planned.action, planned.provider, planned.request) == (Action.REUSE, "acme", None)


# Takes on their way, unknown, failed, refused


@pytest.mark.parametrize("state", UNFINISHED)
def test_a_take_on_its_way_is_gone_on_with(state: TakeState) -> None:
    """Nothing else is opened; only one that was never sent still has its price to reserve."""
    episode = story(shot())
    planned = only(with_take(episode, state=state), episode)
    assert (planned.action, planned.take, planned.variations) == (Action.RESUME, "take-1", (0,))
    assert planned.estimated_cost_usd == (Decimal("0.80") if state is TakeState.PLANNED else 0)


def test_a_take_on_its_way_goes_on_where_it_was_opened() -> None:
    """Also where another vendor is preferred by now."""
    studio = Studio(vendor("acme"), vendor("kinovi"))
    episode = story(shot(providers=("kinovi", "acme")))
    studio.takes.append(take(studio.plan(episode).shots[0].wish, state=TakeState.SUBMITTED))
    planned = only(studio, episode)
    assert planned.request is not None
    assert (planned.action, planned.provider, planned.request.provider) == (Action.RESUME, "acme", "acme")


def test_a_planned_take_whose_vendor_cannot_make_it_now_is_a_mistake() -> None:
    """It was opened and never sent, and sending it would fail; one that was sent needs nothing any more."""
    episode = story(shot())
    studio = with_take(episode, state=TakeState.PLANNED)
    studio.vendors["acme"] = vendor(resolutions=("480p",))
    with pytest.raises(InvalidProject, match="acme-1 does not sell 720p"):
        studio.plan(episode)
    studio.change("take-1", state=TakeState.SUBMITTED)
    assert only(studio, episode).action is Action.RESUME


def test_an_unknown_outcome_is_never_bought_again() -> None:
    """Not even by asking for a new take: it is settled first."""
    episode = story(shot(), shot("lamp/020", after="lamp/010"))
    studio = with_take(episode, state=TakeState.UNKNOWN)
    assert studio.actions(episode) == {"lamp/010": "unknown", "lamp/020": "blocked"}
    assert "tailframe reconcile" in only(studio, episode).reason
    assert only(studio, episode, new_take=True).action is Action.UNKNOWN
    assert studio.plan(episode).shots[1].reason == "it continues lamp/010, which is of unknown outcome"
    assert studio.plan(episode).estimated_cost_usd == 0


def test_a_failed_take_is_made_again_and_says_why() -> None:
    """With the very same variation: a failed take stands in nobody's way."""
    episode = story(shot())
    planned = only(with_take(episode, state=TakeState.FAILED, error_message="the vendor's disk is full"), episode)
    assert (planned.action, planned.variations) == (Action.GENERATE, (0,))
    assert planned.reason == "take 1 came to nothing: the vendor's disk is full"


def test_refused_content_is_not_sent_again_by_itself() -> None:
    """It stays refused until the shot is edited, another vendor is asked, or a new take is asked for."""
    episode = story(shot(), shot("lamp/020", after="lamp/010"))
    studio = with_take(episode, state=TakeState.FAILED, refused=True, error_message="a real face")
    assert studio.actions(episode) == {"lamp/010": "refused", "lamp/020": "blocked"}
    assert "acme refused take 1 (a real face)" in only(studio, episode).reason
    assert only(studio, edited(episode, "lamp/010", prompt=("another face",))).action is Action.GENERATE
    assert only(studio, episode, new_take=True).action is Action.GENERATE
    studio.vendors["kinovi"] = vendor("kinovi")
    assert only(studio, edited(episode, "lamp/010", providers=("kinovi", "acme"))).action is Action.GENERATE


def test_a_refusal_holds_for_the_frame_that_was_refused() -> None:
    """Where what the shot begins on has changed since, it is another order."""
    episode = story(*chain(2))
    studio = Studio()
    studio.make(episode, shots=["lamp/010"])
    wish = studio.plan(episode).shots[1].wish
    frame = FrameId(digest("clip 1"), 71)
    studio.takes.append(
        take(wish, "e01/lamp/020", id="no", number=1, state=TakeState.FAILED, refused=True, continuity=frame)
    )
    assert studio.actions(episode)["lamp/020"] == "refused"
    studio.change("no", continuity=FrameId(digest("an older clip"), 71))
    assert studio.actions(episode)["lamp/020"] == "generate"


def test_a_waived_shot_is_left_and_its_successors_go_without_it() -> None:
    """They are made without continuity, and takes that were made with it stay good."""
    episode = story(*chain(3))
    studio = Studio()
    studio.circle("lamp/010", None)
    assert studio.actions(episode) == {"lamp/010": "waived", "lamp/020": "generate", "lamp/030": "generate"}
    second = studio.plan(episode).shots[1]
    assert second.notes[0] == "lamp/010 is given up, so this shot begins without continuity"
    assert (second.continuity.mode, second.references) == (ContinuityMode.NONE, ())
    made = Studio()
    made.make(episode)
    made.circle("lamp/010", None)
    assert made.actions(episode) == {"lamp/010": "waived", "lamp/020": "reuse", "lamp/030": "reuse"}


# Circles


def test_the_circled_take_is_used_before_lower_numbers() -> None:
    """A person's choice among good takes is kept."""
    studio, episode = Studio(), story(*chain(2))
    studio.make(episode)
    studio.make(episode, shots=["lamp/010"], new_take=True)
    assert only(studio, episode).take == "take-3"
    studio.circle("lamp/010", "take-1")
    assert only(studio, episode).take == "take-1"
    assert studio.actions(episode)["lamp/020"] == "reuse"


def test_a_persons_circle_outlives_an_edit() -> None:
    """The shot is cut with it and marked stale, until a person asks for more."""
    studio, episode = Studio(), story(*chain(2))
    studio.make(episode)
    studio.circle("lamp/010", "take-1")
    changed = edited(episode, "lamp/010", prompt=("something else",))
    planned = studio.plan(changed)
    assert [each.action for each in planned.shots] == [Action.STALE, Action.STALE]
    assert planned.shots[0].reason == "a person circled take 1, and the shot has changed since"
    assert (planned.estimated_cost_usd, planned.stale_cost_usd) == (0, Decimal("1.60"))
    assert studio.make(changed, cascade=True) == ["lamp/010", "lamp/020"]
    assert set(studio.actions(changed).values()) == {"reuse"}


def test_a_machines_circle_does_not() -> None:
    """A take that nobody chose gives way to what the shot asks for now."""
    studio, episode = Studio(), story(shot())
    studio.make(episode)
    assert only(studio, edited(episode, "lamp/010", prompt=("something else",))).action is Action.GENERATE


def test_a_rejected_take_is_never_used_again() -> None:
    """The next variation is opened, as the first would be taken for the rejected one."""
    studio, episode = Studio(), story(shot())
    studio.make(episode)
    studio.change("take-1", rejected=True)
    planned = only(studio, episode)
    assert (planned.action, planned.variations, planned.reason) == (Action.GENERATE, (1,), "its takes were rejected")
    studio.circle("lamp/010", "take-1")
    assert only(studio, episode).action is Action.GENERATE


# New takes


def test_a_new_take_is_the_next_variation() -> None:
    """It is paid for though a good take is there, and what follows is stale until it is asked for too."""
    studio, episode = Studio(), story(*chain(3))
    studio.make(episode)
    planned = studio.plan(episode, shots=["lamp/020"], new_take=True)
    assert [each.action.value for each in planned.shots] == ["reuse", "generate", "stale"]
    assert (planned.shots[1].variations, planned.shots[1].new) == ((1,), True)
    assert planned.estimated_cost_usd == Decimal("0.80")
    assert studio.make(episode, shots=["lamp/020"], new_take=True) == ["lamp/020"]
    assert studio.actions(episode) == {"lamp/010": "reuse", "lamp/020": "reuse", "lamp/030": "stale"}


def test_a_new_take_first_goes_on_with_an_unfinished_one() -> None:
    """Asking twice, because the first run died, opens one take."""
    studio, episode = Studio(), story(shot())
    studio.make(episode)
    wish = studio.takes[0].wish
    studio.takes.append(take(wish, id="take-2", number=2, variation=1, state=TakeState.SUBMITTED))
    planned = only(studio, episode, new_take=True)
    assert (planned.action, planned.take) == (Action.RESUME, "take-2")
    assert only(studio, episode).take == "take-1"


def test_a_cascade_takes_what_follows_a_named_shot_along() -> None:
    """With a new take of one shot, all that begins on its frames is made again, once each, and nothing else."""
    studio, episode = Studio(), story(*chain(3), shot("shore/010"))
    studio.make(episode)
    choices: dict[str, Any] = {"shots": ["lamp/020"], "new_take": True, "cascade": True}
    planned = studio.plan(episode, **choices)
    assert [each.asked for each in planned.shots] == [False, True, True, False]
    assert [each.new for each in planned.shots] == [False, True, False, False]
    assert studio.make(episode, **choices) == ["lamp/020", "lamp/030"]
    assert made_on_right_frames(episode, studio.takes, studio.circles)


def test_a_fixed_seed_cannot_be_retaken() -> None:
    """The same seed makes the same clip; after the seed was changed it is another wish."""
    studio, episode = Studio(), story(shot(seed=7))
    studio.make(episode)
    with pytest.raises(InvalidProject, match="has a fixed seed"):
        studio.plan(episode, new_take=True)
    studio.change("take-1", rejected=True)
    with pytest.raises(InvalidProject, match="has a fixed seed"):
        studio.plan(episode)
    assert only(studio, edited(episode, "lamp/010", seed=8)).action is Action.GENERATE


def test_several_takes_are_opened_together() -> None:
    """Each is a variation of its own, and all of them are in the price."""
    episode = story(shot(takes=3))
    planned = only(Studio(), episode)
    assert (planned.variations, planned.estimated_cost_usd) == ((0, 1, 2), Decimal("2.40"))


def test_while_takes_opened_together_are_on_their_way_none_is_chosen() -> None:
    """The first good one does not win by being first; once one is circled, it is used."""
    episode = story(shot(takes=2))
    studio = with_take(episode)
    studio.takes.append(replace(studio.takes[0], id="take-2", number=2, variation=1, state=TakeState.SUBMITTED))
    assert only(studio, episode).action is Action.REUSE
    studio.circles.clear()
    planned = only(studio, episode)
    assert (planned.action, planned.take, planned.variations) == (Action.RESUME, "take-2", (1,))


# Some shots only


def test_only_named_shots_are_asked_for_and_paid() -> None:
    """The others keep what would be said of them and add nothing to the total."""
    planned = Studio().plan(story(shot("a/1"), shot("a/2")), shots=["a/2"])
    assert [(each.action.value, each.asked) for each in planned.shots] == [("generate", False), ("generate", True)]
    assert planned.estimated_cost_usd == Decimal("0.80")


def test_a_named_shot_needs_the_one_that_it_continues() -> None:
    """Where that has no clip and is not asked for, the shot is blocked and told what to add."""
    planned = Studio().plan(story(*chain(3)), shots=["lamp/020"])
    assert planned.shots[1].action is Action.BLOCKED
    assert planned.shots[1].reason.endswith("add lamp/010 to --shots")
    assert planned.estimated_cost_usd == 0
    assert Studio().actions(story(*chain(3)), shots=["lamp/010", "lamp/020"])["lamp/020"] == "generate"


def test_a_take_that_is_paid_for_comes_without_being_asked_for() -> None:
    """A shot may follow one whose take is on its way already; one that was only planned it has to ask for."""
    episode = story(*chain(2))
    assert with_take(episode, state=TakeState.SUBMITTED).actions(episode, shots=["lamp/020"])["lamp/020"] == "generate"
    assert with_take(episode, state=TakeState.PLANNED).actions(episode, shots=["lamp/020"])["lamp/020"] == "blocked"


def test_a_planned_take_waits_for_what_it_continues() -> None:
    """It was opened and never sent: without the frame it cannot go on, while one that was sent can."""
    episode = story(*chain(2))
    studio = with_take(episode, state=TakeState.UNKNOWN)
    wish = studio.plan(episode).shots[1].wish
    studio.takes.append(take(wish, "e01/lamp/020", id="take-2", number=1, state=TakeState.PLANNED))
    assert studio.actions(episode)["lamp/020"] == "blocked"
    studio.change("take-2", state=TakeState.SUBMITTED)
    assert studio.actions(episode)["lamp/020"] == "resume"


def test_a_take_outlives_trouble_with_what_it_continues() -> None:
    """A refused predecessor blocks nothing that is there already: it is cut with, and marked."""
    studio, episode = Studio(), story(*chain(2))
    studio.make(episode)
    studio.change("take-1", state=TakeState.FAILED, refused=True, clip=None)
    studio.circles.pop("e01/lamp/010")
    assert studio.actions(episode) == {"lamp/010": "refused", "lamp/020": "stale"}
    assert studio.actions(episode, cascade=True) == {"lamp/010": "refused", "lamp/020": "stale"}


# The same wish twice


def test_two_shots_that_want_the_very_same_are_made_once() -> None:
    """The later one uses the take of the earlier, in this run and in all that follow."""
    same = ("a lamp turns",)
    episode = story(shot("a/1", prompt=same), shot("b/1", prompt=same), shot("b/2", after="b/1"))
    studio = Studio()
    planned = studio.plan(episode)
    assert [each.action.value for each in planned.shots] == ["generate", "reuse", "generate"]
    assert (planned.shots[1].same_as, planned.shots[1].reason) == ("a/1", "same as a/1")
    assert planned.estimated_cost_usd == Decimal("1.60")
    assert studio.plan(episode, shots=["b/1"]).shots[1].action is Action.GENERATE
    studio.make(episode)
    assert studio.plan(episode).shots[1].take == "take-1"


def test_the_same_words_on_other_frames_are_two_shots() -> None:
    """Equal wishes that continue different shots are both made."""
    same = ("a door closes",)
    episode = story(
        shot("a/1"), shot("a/2", after="a/1", prompt=same), shot("b/1"), shot("b/2", after="b/1", prompt=same)
    )
    assert set(Studio().actions(episode).values()) == {"generate"}


# Prices


def test_an_unknown_price_is_counted_and_not_taken_for_nothing() -> None:
    """The total says how many shots it leaves out."""
    planned = Studio(vendor(rates={})).plan(story(shot("a/1"), shot("a/2")))
    assert (planned.estimated_cost_usd, planned.unpriced_shots) == (0, 2)
    assert planned.shots[0].estimated_cost_usd is None


def test_stale_shots_of_unknown_price_make_that_sum_unknown() -> None:
    """Nobody can say what the cascade would cost."""
    studio, episode = Studio(), story(*chain(2))
    studio.make(episode)
    studio.vendors["acme"] = vendor(rates={})
    planned = studio.plan(edited(episode, "lamp/010", prompt=("else",)))
    assert (planned.stale_cost_usd, planned.unpriced_shots) == (None, 1)


# Properties

COUNTS = st.integers(1, 8)


@st.composite
def stories(draw: st.DrawFn) -> Episode:
    """A handful of shots with chains of any shape and lengths on and off the grid."""
    count = draw(COUNTS)
    shots: list[Shot] = []
    for index in range(count):
        after = draw(st.none() | st.sampled_from([each.key for each in shots])) if shots else None
        length = draw(st.sampled_from([Decimal(3), Decimal("1.02"), Decimal("2.51")]))
        shots.append(shot(f"s/{index}", after=after, duration_s=length))
    return story(*shots, max_chain=draw(st.integers(1, 4)))


@settings(max_examples=60)
@given(stories(), st.data())
def test_a_dead_run_goes_on_and_pays_for_each_shot_once(episode: Episode, data: st.DataObject) -> None:
    """However often a run ends early, all runs together pay for every shot exactly once."""
    studio, paid = Studio(), list[str]()
    keys = [each.key for each in episode.shots]
    for _ in range(data.draw(st.integers(0, 3))):
        chosen = data.draw(st.sets(st.sampled_from(keys)))
        paid += studio.make(episode, shots=chosen)
    paid += studio.make(episode)
    assert sorted(paid) == sorted(keys)
    assert set(studio.actions(episode).values()) == {"reuse"}
    assert made_on_right_frames(episode, studio.takes, studio.circles)


@settings(max_examples=60)
@given(stories(), st.data())
def test_an_edit_costs_what_was_edited(episode: Episode, data: st.DataObject) -> None:
    """Editing some prompts makes exactly those shots again; a cascade afterwards makes what hangs on them, once."""
    studio = Studio()
    studio.make(episode)
    keys = data.draw(st.sets(st.sampled_from([each.key for each in episode.shots])))
    changed = episode
    for key in keys:
        changed = edited(changed, key, prompt=(f"edited {key}",))
    price = studio.plan(changed).estimated_cost_usd
    assert price == len(keys) * Decimal("0.80")
    assert set(studio.make(changed)) == keys
    after = studio.plan(changed)
    stale = {each.key for each in after.shots if each.action is Action.STALE}
    assert after.estimated_cost_usd == 0
    assert set(studio.make(changed, cascade=True)) == stale
    assert set(studio.actions(changed).values()) == {"reuse"}


@settings(max_examples=40)
@given(stories(), st.sampled_from(list(TakeState)), st.booleans(), st.booleans(), st.booleans())
def test_money_is_asked_for_only_where_something_is_sent(
    episode: Episode, state: TakeState, rejected: bool, new_take: bool, cascade: bool
) -> None:
    """A price stands only at shots that are made, or opened and not sent; and the total is their sum."""
    studio = Studio()
    studio.make(episode)
    done = state is TakeState.DONE
    studio.change("take-1", state=state, rejected=rejected, clip=clip("clip 1") if done else None)
    planned = studio.plan(episode, new_take=new_take, cascade=cascade)
    for each in planned.shots:
        assert bool(each.estimated_cost_usd) == (
            each.action is Action.GENERATE or (each.action is Action.RESUME and state is TakeState.PLANNED)
        )
    assert planned.estimated_cost_usd == sum(each.estimated_cost_usd or 0 for each in planned.shots)
    assert planned == studio.plan(episode, new_take=new_take, cascade=cascade)


# The contract with scripts


def test_the_plan_as_json() -> None:
    """The fields of the contract and no others; money as strings, continuity and references as they will be sent."""
    mara = reference("mara")
    episode = story(shot(references=(mara,)), shot("lamp/020", after="lamp/010", duration_s=Decimal("1.5")))
    studio = Studio(references=facts_of(*episode.shots))
    told = plan_json(studio.plan(episode))
    assert {name: value for name, value in told.items() if name != "shots"} == {
        "series": "lighthouse",
        "episode": "e01",
        "estimated_cost_usd": "1.60",
        "unpriced_shots": 0,
        "stale_cost_usd": "0.00",
    }
    first, second = told["shots"]
    assert second == {
        "key": "lamp/020",
        "provider": "acme",
        "model": "acme-1",
        "duration_s": 1.5,
        "billed_s": 4.0,
        "action": "generate",
        "reason": "there is no take of it yet",
        "estimated_cost_usd": "0.80",
        "prompt": "Begin exactly on @image1, the last frame of the shot before.\nwhat happens in lamp/020.\n"
        "The action completes within 1.5 seconds.",
        "continuity": {"mode": "tail_frame", "from": "lamp/010"},
        "references": [{"token": "@image1", "role": "continuity", "name": "lamp/010", "source": "lamp/010"}],
    }
    assert first["continuity"] is None
    assert first["references"] == [
        {"token": "@image1", "role": "cast", "name": "mara", "source": "references/mara.png"}
    ]


@pytest.mark.parametrize(
    ("amount", "told"), [("0", "0.00"), ("1.5", "1.50"), ("0.459500", "0.4595"), ("1E+2", "100.00")]
)
def test_money_is_told_without_exponents(amount: str, told: str) -> None:
    """At least cents, and as much more as there is."""
    planned = replace(Studio().plan(story(shot())), estimated_cost_usd=Decimal(amount))
    assert plan_json(planned)["estimated_cost_usd"] == told


def test_an_unknown_price_is_null() -> None:
    """In the shot, while the total says how many are missing."""
    told = plan_json(Studio(vendor(rates={})).plan(story(shot())))
    assert (told["shots"][0]["estimated_cost_usd"], told["unpriced_shots"]) == (None, 1)
