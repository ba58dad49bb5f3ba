"""What takes do to a plan: on their way, unknown, failed, refused, circled, and deliberately made again."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from storyboard.errors import InvalidProject
from storyboard.identity import wish
from storyboard.plan.episode_plan import Action
from storyboard.request import FrameId
from storyboard.shot import ContinuityMode, Episode, MediaKind, Role
from storyboard.takes import CLIP_DAMAGED, CLIP_MISSING, TakeState
from tests.storyboard.stories import (
    Simulation,
    chain,
    digest,
    edited,
    facts,
    made_on_right_frames,
    model,
    only,
    reference,
    shot,
    story,
    take,
    vendor,
    with_take,
)

UNFINISHED = [TakeState.PLANNED, TakeState.SUBMITTING, TakeState.SUBMITTED, TakeState.GENERATED]


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
    simulation = Simulation(vendor("acme"), vendor("kinovi"))
    episode = story(shot(providers=("kinovi", "acme")))
    simulation.takes.append(take(simulation.plan(episode).shots[0].wish, state=TakeState.SUBMITTED))
    planned = only(simulation, episode)
    assert planned.request is not None
    assert (planned.action, planned.provider, planned.request.provider) == (Action.RESUME, "acme", "acme")


def test_a_planned_take_whose_vendor_cannot_make_it_now_is_a_mistake() -> None:
    """It was opened and never sent, and sending it would fail; one that was sent needs nothing any more."""
    episode = story(shot())
    simulation = with_take(episode, state=TakeState.PLANNED)
    simulation.vendors["acme"] = vendor(resolutions=("480p",))
    with pytest.raises(InvalidProject, match="acme-1 does not sell 720p"):
        simulation.plan(episode)
    simulation.change("take-1", state=TakeState.SUBMITTED)
    assert only(simulation, episode).action is Action.RESUME


def test_an_unknown_outcome_is_never_bought_again() -> None:
    """Not even by asking for a new take: it is settled first."""
    episode = story(shot(), shot("lamp/020", after="lamp/010"))
    simulation = with_take(episode, state=TakeState.UNKNOWN)
    assert simulation.actions(episode) == {"lamp/010": "unknown", "lamp/020": "blocked"}
    assert "tailframe reconcile" in only(simulation, episode).reason
    assert only(simulation, episode, new_take=True).action is Action.UNKNOWN
    assert simulation.plan(episode).shots[1].reason == "it continues lamp/010, which is of unknown outcome"
    assert simulation.plan(episode).estimated_cost_usd == 0


def test_a_failed_take_is_made_again_and_says_why() -> None:
    """With the very same variation: a failed take stands in nobody's way."""
    episode = story(shot())
    planned = only(with_take(episode, state=TakeState.FAILED, error_message="the vendor's disk is full"), episode)
    assert (planned.action, planned.variations) == (Action.GENERATE, (0,))
    assert planned.reason == "take 1 came to nothing: the vendor's disk is full"


def test_refused_content_is_not_sent_again_by_itself() -> None:
    """It stays refused until the shot is edited, another vendor is asked, or a new take is asked for."""
    episode = story(shot(), shot("lamp/020", after="lamp/010"))
    simulation = with_take(episode, state=TakeState.FAILED, refused=True, error_message="a real face")
    assert simulation.actions(episode) == {"lamp/010": "refused", "lamp/020": "blocked"}
    assert "acme refused take 1 (a real face)" in only(simulation, episode).reason
    assert only(simulation, edited(episode, "lamp/010", prompt=("another face",))).action is Action.GENERATE
    assert only(simulation, episode, new_take=True).action is Action.GENERATE
    simulation.vendors["kinovi"] = vendor("kinovi")
    assert only(simulation, edited(episode, "lamp/010", providers=("kinovi", "acme"))).action is Action.GENERATE


def test_a_refusal_holds_for_the_frame_that_was_refused() -> None:
    """Where what the shot begins on has changed since, it is another order."""
    episode = story(*chain(2))
    simulation = Simulation()
    simulation.make(episode, shots=["lamp/010"])
    wish = simulation.plan(episode).shots[1].wish
    frame = FrameId(digest("clip 1"), 71)
    simulation.takes.append(
        take(wish, "e01/lamp/020", id="no", number=1, state=TakeState.FAILED, refused=True, continuity=frame)
    )
    assert simulation.actions(episode)["lamp/020"] == "refused"
    simulation.change("no", continuity=FrameId(digest("an older clip"), 71))
    assert simulation.actions(episode)["lamp/020"] == "generate"


def test_a_waived_shot_is_left_and_its_successors_go_without_it() -> None:
    """They are made without continuity, and takes that were made with it stay good."""
    episode = story(*chain(3))
    simulation = Simulation()
    simulation.circle("lamp/010", None)
    assert simulation.actions(episode) == {"lamp/010": "waived", "lamp/020": "generate", "lamp/030": "generate"}
    second = simulation.plan(episode).shots[1]
    assert second.notes[0] == "lamp/010 is given up, so this shot begins without continuity"
    assert (second.continuity.mode, second.references) == (ContinuityMode.NONE, ())
    made = Simulation()
    made.make(episode)
    made.circle("lamp/010", None)
    assert made.actions(episode) == {"lamp/010": "waived", "lamp/020": "reuse", "lamp/030": "reuse"}


# Circles


def test_the_circled_take_is_used_before_lower_numbers() -> None:
    """A person's choice among good takes is kept."""
    simulation, episode = Simulation(), story(*chain(2))
    simulation.make(episode)
    simulation.make(episode, shots=["lamp/010"], new_take=True)
    assert only(simulation, episode).take == "take-3"
    simulation.circle("lamp/010", "take-1")
    assert only(simulation, episode).take == "take-1"
    assert simulation.actions(episode)["lamp/020"] == "reuse"


def test_a_persons_circle_outlives_an_edit() -> None:
    """The shot is cut with it and marked stale, until a person asks for more."""
    simulation, episode = Simulation(), story(*chain(2))
    simulation.make(episode)
    simulation.circle("lamp/010", "take-1")
    changed = edited(episode, "lamp/010", prompt=("something else",))
    planned = simulation.plan(changed)
    assert [each.action for each in planned.shots] == [Action.STALE, Action.STALE]
    assert planned.shots[0].reason == "a person circled take 1, and the shot has changed since"
    assert (planned.estimated_cost_usd, planned.stale_cost_usd) == (0, Decimal("1.60"))
    assert simulation.make(changed, cascade=True) == ["lamp/010", "lamp/020"]
    assert set(simulation.actions(changed).values()) == {"reuse"}


def test_a_machines_circle_does_not() -> None:
    """A take that nobody chose gives way to what the shot asks for now."""
    simulation, episode = Simulation(), story(shot())
    simulation.make(episode)
    assert only(simulation, edited(episode, "lamp/010", prompt=("something else",))).action is Action.GENERATE


def test_a_rejected_take_is_never_used_again() -> None:
    """The next variation is opened, as the first would be taken for the rejected one."""
    simulation, episode = Simulation(), story(shot())
    simulation.make(episode)
    simulation.change("take-1", rejected=True)
    planned = only(simulation, episode)
    assert (planned.action, planned.variations, planned.reason) == (Action.GENERATE, (1,), "its takes were rejected")
    simulation.circle("lamp/010", "take-1")
    assert only(simulation, episode).action is Action.GENERATE


# New takes


def test_a_new_take_is_the_next_variation() -> None:
    """It is paid for though a good take is there, and what follows is stale until it is asked for too."""
    simulation, episode = Simulation(), story(*chain(3))
    simulation.make(episode)
    planned = simulation.plan(episode, shots=["lamp/020"], new_take=True)
    assert [each.action.value for each in planned.shots] == ["reuse", "generate", "stale"]
    assert (planned.shots[1].variations, planned.shots[1].new) == ((1,), True)
    assert planned.estimated_cost_usd == Decimal("0.80")
    assert simulation.make(episode, shots=["lamp/020"], new_take=True) == ["lamp/020"]
    assert simulation.actions(episode) == {"lamp/010": "reuse", "lamp/020": "reuse", "lamp/030": "stale"}


def test_a_new_take_first_goes_on_with_an_unfinished_one() -> None:
    """Asking twice, because the first run died, opens one take."""
    simulation, episode = Simulation(), story(shot())
    simulation.make(episode)
    wish = simulation.takes[0].wish
    simulation.takes.append(take(wish, id="take-2", number=2, variation=1, state=TakeState.SUBMITTED))
    planned = only(simulation, episode, new_take=True)
    assert (planned.action, planned.take) == (Action.RESUME, "take-2")
    assert only(simulation, episode).take == "take-1"


def test_a_damaged_clip_is_fetched_again_and_never_bought_again_by_itself() -> None:
    """It costs nothing, and the plan says what stands and how a person gives it up."""
    episode = story(shot())
    planned = only(damaged(episode), episode)
    assert (planned.action, planned.take, planned.estimated_cost_usd) == (Action.RESUME, "take-1", 0)
    assert "is paid for, and its clip comes damaged from acme" in planned.reason
    assert "`tailframe reconcile PROJECT --take e01/lamp/010:1 --charged`, or --new-take" in planned.reason
    assert "another one costs up to $0.80" in planned.reason


def test_a_clip_that_never_came_is_treated_like_a_damaged_one() -> None:
    """What it cost is told; nothing is bought for it, unless a person asks for a new take."""
    episode = story(shot())
    lost = with_take(episode, state=TakeState.GENERATED, error_code=CLIP_MISSING, cost_usd=Decimal("0.70"))
    planned = only(lost, episode)
    assert (planned.action, planned.take, planned.estimated_cost_usd) == (Action.RESUME, "take-1", 0)
    assert "take 1 is paid for ($0.70), and its clip is not to be had from acme" in planned.reason
    anew = only(lost, episode, new_take=True)
    assert (anew.action, anew.gives_up, anew.estimated_cost_usd) == (Action.GENERATE, ("take-1",), Decimal("0.80"))
    assert "take 1, whose clip is not to be had from acme, is given up for it and stays paid" in anew.reason


def test_a_new_take_whose_clip_did_not_come_before_its_run_was_killed_is_no_other_wish() -> None:
    """The same command again goes on with it: one wish, one order."""
    episode = story(shot())
    simulation = damaged(episode)
    planned = only(simulation, episode, new_take=True, retaken=frozenset({"take-1"}))
    assert (planned.action, planned.take, planned.gives_up) == (Action.RESUME, "take-1", ())


def test_a_new_take_gives_a_damaged_one_up() -> None:
    """It is a person's word: the plan names the one that is given up, and prices the new one."""
    episode = story(shot())
    planned = only(damaged(episode), episode, new_take=True)
    assert (planned.action, planned.variations, planned.new) == (Action.GENERATE, (1,), True)
    assert (planned.gives_up, planned.estimated_cost_usd) == (("take-1",), Decimal("0.80"))
    assert "take 1, whose clip comes damaged from acme, is given up for it and stays paid" in planned.reason


def test_a_new_take_that_was_ordered_beside_a_damaged_one_goes_on() -> None:
    """Asking again, because the run died, orders nothing more."""
    episode = story(shot())
    simulation = damaged(episode)
    simulation.takes.append(
        take(simulation.takes[0].wish, id="take-2", number=2, variation=1, state=TakeState.SUBMITTED)
    )
    planned = only(simulation, episode, new_take=True)
    assert (planned.action, planned.take, planned.gives_up) == (Action.RESUME, "take-2", ())


def test_a_damaged_clip_holds_no_good_one_up() -> None:
    """Of takes that were opened together, it may never come whole; the good one is used meanwhile."""
    episode = story(shot(takes=2))
    simulation = damaged(episode)
    simulation.takes.append(take(simulation.takes[0].wish, id="take-2", number=2, variation=1))
    planned = only(simulation, episode)
    assert (planned.action, planned.take) == (Action.REUSE, "take-2")


def damaged(episode: Episode) -> Simulation:
    """A simulation whose one take is paid for and comes damaged."""
    return with_take(episode, state=TakeState.GENERATED, error_code=CLIP_DAMAGED, error_message="it is cut off")


def test_a_cascade_takes_what_follows_a_named_shot_along() -> None:
    """With a new take of one shot, all that begins on its frames is made again, once each, and nothing else."""
    simulation, episode = Simulation(), story(*chain(3), shot("shore/010"))
    simulation.make(episode)
    choices: dict[str, Any] = {"shots": ["lamp/020"], "new_take": True, "cascade": True}
    planned = simulation.plan(episode, **choices)
    assert [each.asked for each in planned.shots] == [False, True, True, False]
    assert [each.new for each in planned.shots] == [False, True, False, False]
    assert simulation.make(episode, **choices) == ["lamp/020", "lamp/030"]
    assert made_on_right_frames(episode, simulation.takes, simulation.circles)


def test_a_fixed_seed_cannot_be_retaken() -> None:
    """The same seed makes the same clip; after the seed was changed it is another wish."""
    simulation, episode = Simulation(), story(shot(seed=7))
    simulation.make(episode)
    with pytest.raises(InvalidProject, match="has a fixed seed"):
        simulation.plan(episode, new_take=True)
    simulation.change("take-1", rejected=True)
    with pytest.raises(InvalidProject, match="has a fixed seed"):
        simulation.plan(episode)
    assert only(simulation, edited(episode, "lamp/010", seed=8)).action is Action.GENERATE


def test_several_takes_are_opened_together() -> None:
    """Each is a variation of its own, and all of them are in the price."""
    episode = story(shot(takes=3))
    planned = only(Simulation(), episode)
    assert (planned.variations, planned.estimated_cost_usd) == ((0, 1, 2), Decimal("2.40"))


def test_while_takes_opened_together_are_on_their_way_none_is_chosen() -> None:
    """The first good one does not win by being first; once one is circled, it is used."""
    episode = story(shot(takes=2))
    simulation = with_take(episode)
    simulation.takes.append(replace(simulation.takes[0], id="take-2", number=2, variation=1, state=TakeState.SUBMITTED))
    assert only(simulation, episode).action is Action.REUSE
    simulation.circles.clear()
    planned = only(simulation, episode)
    assert (planned.action, planned.take, planned.variations) == (Action.RESUME, "take-2", (1,))


# Reference films that are too long


def test_a_film_that_is_too_long_is_no_hindrance_to_a_take_that_is_there() -> None:
    """Earlier versions sent its first seconds: what they made goes on serving, and only a new order is refused."""
    film = reference("film", Role.EXTRA, "references/film.mp4", kind=MediaKind.VIDEO)
    episode = story(shot(references=(film,)))
    simulation = Simulation(references={film.source: facts(film, duration_s=Decimal(40))})
    simulation.takes.append(take(wish(episode.shots[0], simulation.references)))
    planned = only(simulation, episode)
    assert (planned.action, planned.take) == (Action.REUSE, "take-1")
    with pytest.raises(InvalidProject, match=r"lasts 40 s, and at most 15 s are taken.*from: 0, to: 15"):
        simulation.plan(episode, shots={"lamp/010"}, new_take=True)


def test_the_next_vendor_that_is_named_may_take_a_longer_film() -> None:
    """A length is refused for one vendor alone."""
    film = reference("film", Role.EXTRA, "references/film.mp4", kind=MediaKind.VIDEO)
    episode = story(shot(references=(film,), providers=("acme", "kinovi")))
    media = {**model().media, MediaKind.VIDEO: replace(model().media[MediaKind.VIDEO], max_s=None, total_s=None)}
    simulation = Simulation(
        vendor("acme"), vendor("kinovi", media=media), references={film.source: facts(film, duration_s=Decimal(40))}
    )
    assert only(simulation, episode).provider == "kinovi"
