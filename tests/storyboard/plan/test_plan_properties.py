"""What holds of every plan, and how scripts read one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyboard.plan.episode_plan import Action
from storyboard.plan.plan_json import plan_json
from storyboard.shot import Episode, Shot
from storyboard.takes import TakeState
from tests.storyboard.stories import (
    Simulation,
    clip,
    edited,
    facts_of,
    made_on_right_frames,
    reference,
    shot,
    story,
    vendor,
)
from tests.thinning import examples

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


@settings(max_examples=examples(60))
@given(stories(), st.data())
def test_a_dead_run_goes_on_and_pays_for_each_shot_once(episode: Episode, data: st.DataObject) -> None:
    """However often a run ends early, all runs together pay for every shot exactly once."""
    simulation, paid = Simulation(), list[str]()
    keys = [each.key for each in episode.shots]
    for _ in range(data.draw(st.integers(0, 3))):
        chosen = data.draw(st.sets(st.sampled_from(keys)))
        paid += simulation.make(episode, shots=chosen)
    paid += simulation.make(episode)
    assert sorted(paid) == sorted(keys)
    assert set(simulation.actions(episode).values()) == {"reuse"}
    assert made_on_right_frames(episode, simulation.takes, simulation.circles)


@settings(max_examples=examples(60))
@given(stories(), st.data())
def test_an_edit_costs_what_was_edited(episode: Episode, data: st.DataObject) -> None:
    """Editing some prompts makes exactly those shots again; a cascade afterwards makes what hangs on them, once."""
    simulation = Simulation()
    simulation.make(episode)
    keys = data.draw(st.sets(st.sampled_from([each.key for each in episode.shots])))
    changed = episode
    for key in keys:
        changed = edited(changed, key, prompt=(f"edited {key}",))
    price = simulation.plan(changed).estimated_cost_usd
    assert price == len(keys) * Decimal("0.80")
    assert set(simulation.make(changed)) == keys
    after = simulation.plan(changed)
    stale = {each.key for each in after.shots if each.action is Action.STALE}
    assert after.estimated_cost_usd == 0
    assert set(simulation.make(changed, cascade=True)) == stale
    assert set(simulation.actions(changed).values()) == {"reuse"}


@settings(max_examples=examples(40))
@given(stories(), st.sampled_from(list(TakeState)), st.booleans(), st.booleans(), st.booleans())
def test_money_is_asked_for_only_where_something_is_sent(
    episode: Episode, state: TakeState, rejected: bool, new_take: bool, cascade: bool
) -> None:
    """A price stands only at shots that are made, or opened and not sent; and the total is their sum."""
    simulation = Simulation()
    simulation.make(episode)
    done = state is TakeState.DONE
    simulation.change("take-1", state=state, rejected=rejected, clip=clip("clip 1") if done else None)
    planned = simulation.plan(episode, new_take=new_take, cascade=cascade)
    for each in planned.shots:
        assert bool(each.estimated_cost_usd) == (
            each.action is Action.GENERATE or (each.action is Action.RESUME and state is TakeState.PLANNED)
        )
    assert planned.estimated_cost_usd == sum(each.estimated_cost_usd or 0 for each in planned.shots)
    assert planned == simulation.plan(episode, new_take=new_take, cascade=cascade)


# The contract with scripts


def test_the_plan_as_json() -> None:
    """The fields of the contract and no others; money as strings, continuity and references as they will be sent."""
    mara = reference("mara")
    episode = story(shot(references=(mara,)), shot("lamp/020", after="lamp/010", duration_s=Decimal("1.5")))
    simulation = Simulation(references=facts_of(*episode.shots))
    told = plan_json(simulation.plan(episode))
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
    planned = replace(Simulation().plan(story(shot())), estimated_cost_usd=Decimal(amount))
    assert plan_json(planned)["estimated_cost_usd"] == told


def test_an_unknown_price_is_null() -> None:
    """In the shot, while the total says how many are missing."""
    told = plan_json(Simulation(vendor(rates={})).plan(story(shot())))
    assert (told["shots"][0]["estimated_cost_usd"], told["unpriced_shots"]) == (None, 1)
