"""Since when a stale shot is stale."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storyboard.plan.stale_since import CircleMove, StaleHistory, StaleSince, with_stale_since
from storyboard.shot import Episode
from tests.storyboard.stories import Simulation, edited, shot, story

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
CHAIN = (shot("s/1"), shot("s/2", after="s/1"), shot("s/3", after="s/2"))


def at(minute: int) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minute)


def since(episode: Episode, simulation: Simulation, history: StaleHistory) -> dict[str, tuple[datetime | None, str]]:
    """Since when each shot is stale, and the file whose edit that was."""
    takes = {take.id: take for take in simulation.takes}
    plan = with_stale_since(simulation.plan(episode), episode, takes, history)
    return {each.key: (each.stale_since, each.stale_edit) for each in plan.shots}


def moves(simulation: Simulation, *made: tuple[str, int, int]) -> tuple[CircleMove, ...]:
    """Circles put on the first, second … take of a shot, at a minute."""

    def take(key: str, number: int) -> str:
        return [each.id for each in simulation.takes if each.shot == f"e01/{key}"][number - 1]

    return tuple(CircleMove(f"e01/{key}", take(key, number), at(minute)) for key, number, minute in made)


def test_a_shot_is_stale_since_the_circle_left_the_clip_that_it_stands_on() -> None:
    """Not since it moved the last time; and so is all that follows."""
    episode, simulation = story(*CHAIN), Simulation()
    simulation.make(episode)
    for _ in range(2):
        simulation.make(episode, shots={"s/1"}, new_take=True)
    history = StaleHistory(
        moves=moves(simulation, ("s/1", 1, 0), ("s/2", 1, 1), ("s/3", 1, 2), ("s/1", 2, 5), ("s/1", 3, 9))
    )
    told = since(episode, simulation, history)
    assert told == {"s/1": (None, ""), "s/2": (at(5), ""), "s/3": (at(5), "")}


def test_a_circle_that_came_back_and_left_again_counts_from_then() -> None:
    """The shot was right in between."""
    episode, simulation = story(*CHAIN[:2]), Simulation()
    simulation.make(episode)
    simulation.make(episode, shots={"s/1"}, new_take=True)
    history = StaleHistory(moves=moves(simulation, ("s/1", 1, 0), ("s/1", 2, 3), ("s/1", 1, 4), ("s/1", 2, 8)))
    assert since(episode, simulation, history)["s/2"] == (at(8), "")


def test_of_an_edit_the_latest_moment_is_told() -> None:
    """The file's last edit, or a take that was opened for what is wanted now, whichever is earlier."""
    episode, simulation = story(shot("s/1")), Simulation()
    simulation.make(episode)
    take = simulation.takes[0]
    simulation.circle("s/1", take.id)
    changed = edited(episode, "s/1", prompt=("something else",))
    wish = simulation.plan(changed).shots[0].wish
    circled = (CircleMove("e01/s/1", take.id, at(2)),)
    edit = {"s/1": StaleSince(at(7), "episodes/e01.yaml")}
    assert since(changed, simulation, StaleHistory(moves=circled, edits=edit))["s/1"] == (at(7), "episodes/e01.yaml")
    wished = StaleHistory(moves=circled, edits=edit, wished={wish: at(4)})
    assert since(changed, simulation, wished)["s/1"] == (at(4), "episodes/e01.yaml")
    later = StaleHistory(moves=(CircleMove("e01/s/1", take.id, at(9)),), edits=edit)
    assert since(changed, simulation, later)["s/1"] == (at(9), ""), "a person circled what was old by then"
    assert since(changed, simulation, StaleHistory())["s/1"] == (None, "")
