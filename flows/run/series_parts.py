"""What a series run is to start for each episode: nothing where nothing is to do, else one run, or several and one.

Each episode is planned as its own run would plan it, and in order: what is set aside for one counts against the caps of
those after it. Where the money does not reach all, each is told how much of it is its own, so that runs that go on side
by side make just the shots that they would make one after the other.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from flows.run.episode_approvals import spending_beyond
from flows.run.every_episode import Met, going_on
from flows.run.finished_cut import takes_used
from flows.run.options import RunOptions
from flows.run.planned_episode import is_todo
from flows.run.price_ahead import ahead, once_made, refusal
from flows.run.series_reading import SeriesReading
from flows.run.shot_groups import dealt
from flows.run.unapproved_plan import not_approved, waiting_for
from render.ledger.plan_caps import account, beyond_caps
from storyboard.errors import ExitCode
from storyboard.plan.episode_plan import Action

if TYPE_CHECKING:
    from flows.run.episode_approvals import SubjectStanding
    from flows.run.planned_episode import PlannedEpisode
    from render.ledger import BudgetLine
    from storyboard.plan.episode_plan import PlannedShot

__all__ = ["EpisodePart", "parts_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodePart:
    """What is started for one episode. Money is in US dollars."""

    episode: str
    run_options: RunOptions | None = None  # of the run that cuts it; None: no run is started
    groups: tuple[RunOptions, ...] = ()  # of runs that make shots of it before, side by side
    told: str = ""  # why no run is started
    code: int = ExitCode.DONE  # how the episode ends where none is
    beyond: frozenset[str] = frozenset()  # shots that the money does not reach, or that nobody approved
    cost_usd: Decimal = Decimal(0)  # what is set aside for it at most


@dataclass(frozen=True, slots=True, kw_only=True)
class _Planned:
    """An episode, planned under what those before it leave of the caps."""

    read: "PlannedEpisode"
    part: EpisodePart
    waits: bool  # for somebody's approval, before it makes anything
    todo: "Sequence[PlannedShot]"  # that its run is to make, or to go on with


def parts_of(reading: SeriesReading, options: Iterable[RunOptions], spread: int, met: Met) -> list[EpisodePart]:
    """What is to be started for each episode, in order. `met` hears of each that cannot be planned.

    `spread`: over how many runs an episode may be spread.
    """
    every: list[_Planned] = []
    for run_options in options:
        with going_on(run_options.episode, met):
            every.append(_planned(reading, run_options, every))
    short = any(each.part.beyond for each in every)
    return [_spread(_bounded(each) if short else each, spread, bounded=short) for each in every]


def _planned(reading: SeriesReading, run_options: RunOptions, before: Sequence[_Planned]) -> _Planned:
    read = reading.read(run_options)
    lines = reading.lines(read.episode.series)
    for each in before:
        lines = once_made(each.read, lines, each.part.cost_usd)
    part = _refused(reading, run_options, read, lines) or _reached(reading, run_options, read, lines)
    todo = _todo(read, part.beyond) if part.run_options is not None else ()
    return _Planned(read=read, part=part, waits=bool(_waiting(reading, run_options, read)), todo=todo)


def _refused(
    reading: SeriesReading, run_options: RunOptions, read: "PlannedEpisode", lines: "tuple[BudgetLine, ...]"
) -> EpisodePart | None:
    """What needs no look at the money, or is stopped by it as a whole; None where a run may make something."""
    episode, every = run_options.episode, frozenset(shot.key for shot in _todo(read, ()))
    if reading.is_finished(read):
        return EpisodePart(episode=episode, told="nothing to do: it is made, cut and archived")
    if not run_options.wait_for_approval and (waiting := _waiting(reading, run_options, read)):
        why = not_approved(waiting, episode).message
        return EpisodePart(episode=episode, told=why, code=ExitCode.BUDGET, beyond=every)
    why_not = None if run_options.until_budget else refusal(read, lines)
    if why_not is not None:
        return EpisodePart(episode=episode, told=why_not.message, code=ExitCode.BUDGET, beyond=every)
    return None


def _reached(
    reading: SeriesReading, run_options: RunOptions, read: "PlannedEpisode", lines: "tuple[BudgetLine, ...]"
) -> EpisodePart:
    """As far as the money and the approvals reach."""
    shots, caps, run = ahead(read, lines)
    far: Sequence[PlannedShot] = ()
    unapproved = frozenset[str]()
    if run_options.until_budget:
        far = beyond_caps(shots, caps, read.episode, run)
        unapproved = spending_beyond(read, reading.workspace.ledger)
    beyond = frozenset(shot.key for shot in far) | unapproved
    todo = _todo(read, beyond)
    if not todo and not _worth_a_run(read, run_options):
        why = account(far, caps, read.episode, run) or _stands(read, unapproved)
        code = ExitCode.BUDGET if beyond else ExitCode.NOT_DONE
        return EpisodePart(episode=run_options.episode, told=why, code=code, beyond=beyond)
    cost_usd = sum((shot.estimated_cost_usd or Decimal(0) for shot in todo), Decimal(0))
    return EpisodePart(episode=run_options.episode, run_options=run_options, beyond=beyond, cost_usd=cost_usd)


def _todo(read: "PlannedEpisode", beyond: Collection[str]) -> "list[PlannedShot]":
    return [shot for shot in read.plan.shots if is_todo(shot) and shot.key not in beyond]


def _worth_a_run(read: "PlannedEpisode", run_options: RunOptions) -> bool:
    """Whether a run has something to do that makes no shot: a cut, or a look for orders of unknown outcome."""
    unknown = any(shot.action is Action.UNKNOWN for shot in read.plan.shots)
    return unknown or run_options.allow_missing or takes_used(read) is not None


def _waiting(reading: SeriesReading, run_options: RunOptions, read: "PlannedEpisode") -> "list[SubjectStanding]":
    return waiting_for(read, reading.workspace.ledger, run_options)


def _stands(read: "PlannedEpisode", unapproved: Collection[str]) -> str:
    """Why nothing can be made of it, though it is not done."""
    if unapproved:
        return f"{', '.join(sorted(unapproved))} may not be paid for without approval: `tailframe approve` shows it"
    left = [shot for shot in read.plan.shots if shot.action in {Action.BLOCKED, Action.REFUSED}]
    return f"nothing can be made of it now: {', '.join(f'{shot.key} is {shot.action.value}' for shot in left)}"


def _bounded(each: _Planned) -> _Planned:
    """The same with the part of the money that is its own, where runs side by side would take it from one another."""
    options = each.part.run_options
    if options is None or not options.until_budget:
        return each
    return replace(each, part=replace(each.part, run_options=replace(options, budget_usd=each.part.cost_usd)))


def _spread(each: _Planned, number: int, *, bounded: bool) -> EpisodePart:
    """Its shots dealt into groups, unless all of them need one another, or wait for somebody."""
    part, options = each.part, each.part.run_options
    if options is None or number == 1 or each.waits or not each.todo:
        return part
    groups = dealt(each.read.episode, {shot.key: shot.billed_s or Decimal(0) for shot in each.todo}, number)
    if len(groups) < 2:
        return part
    own = replace(options, cut=False, allow_missing=False, wait_for_approval=False)
    return replace(part, groups=tuple(_group(own, each, keys, bounded=bounded) for keys in groups))


def _group(run_options: RunOptions, each: _Planned, keys: frozenset[str], *, bounded: bool) -> RunOptions:
    costs = (shot.estimated_cost_usd or Decimal(0) for shot in each.todo if shot.key in keys)
    budget_usd = sum(costs, Decimal(0)) if bounded and run_options.until_budget else run_options.budget_usd
    return replace(run_options, shots=keys, budget_usd=budget_usd)
