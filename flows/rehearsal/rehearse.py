"""The rounds of a rehearsal: a run, then what a producer would do about what went wrong, then the next run.

An order of unknown outcome is settled and an alarm acknowledged (`flows.rehearsal.producer_deeds`), a shot that was
refused gets a new take. What merely failed is made again by the next run.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from flows.rehearsal.isolation import RehearsalEnvironment
from flows.rehearsal.producer_deeds import mend
from flows.run.session import Result, RunOptions
from flows.terminal.cancellation import run_in_order
from render.claim_errors import BudgetRefused, Unpriced
from render.takes.outcomes import Outcome, ShotState
from render.watcher import Watcher
from storyboard.expand.expansion import expand
from storyboard.loading import load_project
from storyboard.paths import typed

__all__ = ["MOST_ROUNDS", "Produce", "Rehearsed", "rehearse"]

MOST_ROUNDS = 12
"""A plan that is drawn from a seed may meet one shot with several faults in a row."""

Produce = Callable[[RunOptions], Result]
"""One run of the episode in the room, with or without Prefect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """How a rehearsal ended. `refused` is the cap that stood in the way, before or within a run."""

    rounds: int
    outcomes: tuple[Outcome, ...]
    master: Path | None
    fresh: bool = False  # the master was cut just now
    refused: BudgetRefused | Unpriced | None = None
    over_cap: bool = False

    @property
    def complete(self) -> bool:
        """Whether every shot of the episode is in the master, or was given up by the producer."""
        return self.master is not None and all(outcome.good for outcome in self.outcomes)

    @property
    def left(self) -> tuple[Outcome, ...]:
        """The shots that are missing, in story order."""
        return tuple(outcome for outcome in self.outcomes if not outcome.good)

    @property
    def nothing_new(self) -> bool:
        """Whether it was complete before it began."""
        return self.complete and not self.fresh and not any(outcome.made for outcome in self.outcomes)


def rehearse(
    environment: RehearsalEnvironment, run_options: RunOptions, produce: Produce, watcher: Watcher
) -> Rehearsed:
    """Run until the episode is complete, a cap refuses, only waiting is left, or the rounds are over."""
    rehearsed = Rehearsed(rounds=0, outcomes=(), master=None)
    for number in range(1, MOST_ROUNDS + 1):
        if number > 1:
            watcher.note(f"round {number} of at most {MOST_ROUNDS}: what is missing is made again")
        rehearsed = _round(rehearsed, run_options, produce)
        if _is_settled(rehearsed) or _only_waits(rehearsed) or number == MOST_ROUNDS:
            break
        run_in_order(mend(environment, watcher), watcher.note)
        retaken = _retakable(environment, run_options, rehearsed)
        if retaken:
            named = f"--shots {','.join(sorted(retaken))} --new-take"
            watcher.note(
                f"refused, so made anew: tailframe produce {typed(environment.project)} {run_options.episode} {named}"
            )
            rehearsed = _round(rehearsed, replace(run_options, shots=retaken, new_take=True), produce)
            rehearsed = replace(rehearsed, rounds=number)
            if _is_settled(rehearsed):
                break
            run_in_order(
                mend(environment, watcher), watcher.note
            )  # a retake of unknown outcome is settled too, so that another may follow
    return rehearsed


def _round(before: Rehearsed, run_options: RunOptions, produce: Produce) -> Rehearsed:
    try:
        result = produce(run_options)
    except (BudgetRefused, Unpriced) as error:
        return replace(before, rounds=before.rounds + 1, refused=error)
    return Rehearsed(
        rounds=before.rounds + 1,
        outcomes=result.outcomes,
        master=None if result.assembly is None else Path(result.assembly.master.path),
        fresh=result.assembly is not None and result.assembly.fresh,
        over_cap=result.exit_code == 3,
    )


def _is_settled(rehearsed: Rehearsed) -> bool:
    """Whether no further run is wanted: all is there, or a cap stands in the way."""
    return rehearsed.complete or rehearsed.refused is not None or rehearsed.over_cap


def _only_waits(rehearsed: Rehearsed) -> bool:
    """Whether vendors are at work on all that is left, for longer than a rehearsal waits."""
    at_work = [each.code == "still_running" for each in rehearsed.left if each.state is not ShotState.BLOCKED]
    return bool(at_work) and all(at_work)


def _retakable(environment: RehearsalEnvironment, run_options: RunOptions, rehearsed: Rehearsed) -> frozenset[str]:
    """The shots that a vendor refused, save those with a fixed seed: a new take of them would be the same clip."""
    refused = [each.key for each in rehearsed.left if each.state is ShotState.REFUSED]
    if not refused:
        return frozenset()
    episode = expand(load_project(environment.project), run_options.episode, provider=run_options.provider)
    return frozenset(key for key in refused if episode.shot(key).seed is None)
