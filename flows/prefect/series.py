"""The flow that makes a series: one flow run for each episode that has something to do, on whichever worker is free.

The series is frozen once; each run makes that snapshot. What is bought is decided by the ledger alone, so this flow may
be run again, or twice at once: it starts runs, follows them and adds up.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.states import Completed, Failed
from pydantic import Field

from flows.errors import ServerError
from flows.prefect.cancelled_runs import as_cancelled
from flows.prefect.child_runs import ChildRuns, Wanted
from flows.prefect.flow_docs import explained, with_options
from flows.prefect.produce import BUDGET_REACHED, Project
from flows.prefect.run_names import NamedRuns, name_after_series
from flows.prefect.series_page import publish_series
from flows.prefect.series_source import SeriesSource, series_source
from flows.run.option_types import FlowName
from flows.run.options import RunOptions
from flows.run.series_account import EpisodeAccount, RunEnd, account_of, told_account, unplanned
from flows.run.series_parts import EpisodePart, parts_of
from storyboard.errors import ExitCode
from storyboard.text.printable import printable

if TYPE_CHECKING:
    from prefect.client.schemas.objects import FlowRun

__all__ = ["make_series", "series", "series_end"]

_LOG = logging.getLogger(__name__)
_ANY_EPISODE = ""

_DAY = Field(
    description="The most that may be spent on the series in one day (UTC), in US dollars", ge=0, allow_inf_nan=False
)
Episodes = Annotated[
    list[str] | None, Field(description="Only these episodes, by their ids; empty: all of them", examples=[["e01"]])
]
Spread = Annotated[
    int, Field(description="Over how many runs one episode may be spread; its cut is a run after them", ge=1, le=16)
]


@flow(name="series", flow_run_name=NamedRuns("series"), persist_result=False)
@explained
@with_options("series", after="spread")
async def series(
    project: Project,
    episodes: Episodes = None,
    budget_usd: Annotated[float | None, _DAY] = None,
    spread: Spread = 1,
    **asked: Any,
) -> Any:
    """Make every episode of a series, each by a run of its own. What exists is never paid for again."""
    day = None if budget_usd is None else Decimal(str(budget_usd))
    options = replace(RunOptions.of_parameters(_ANY_EPISODE, asked), day_budget_usd=day)
    return await as_cancelled(make_series(project, options, episodes=episodes or (), spread=spread))


async def make_series(
    project: str, options: RunOptions, *, episodes: Sequence[str] = (), spread: int = 1
) -> State[Any]:
    """Start what is to be started, follow it to its end, and say what it came to. `options` are of every episode.

    Raises ServerError outside of a flow run, InvalidProject where the series cannot be read, NoSuchName for an episode.
    """
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        raise ServerError("a series is made by runs of deployments, and this is none", "Run series/series")
    source = await series_source(project)
    await name_after_series(source.series)
    wanted = [replace(options, episode=each, snapshot=source.option) for each in source.named(episodes)]
    met: dict[str, EpisodeAccount] = {}
    parts = await asyncio.to_thread(_parts, source, wanted, spread, met)
    for part in parts:
        _LOG.info("%s: %s", part.episode, part.told or "is to be made")
    async with get_client() as client:
        ends = await _ends(await ChildRuns.of(client, context.flow_run), source, parts)
    accounts = await asyncio.to_thread(_accounts, await source.at_hand(), wanted, parts, ends, met)
    told = "\n".join(told_account(accounts))
    await _show(source.series, accounts, told)
    return series_end([each.code for each in accounts], told)


async def _show(series: str, accounts: Sequence[EpisodeAccount], told: str) -> None:
    """Where Prefect's pages cannot be told, the series is none the worse."""
    try:
        await publish_series(series, accounts, told)
    except Exception as error:
        _LOG.warning("Prefect's pages could not be told of the series: %s", printable(str(error)))


def series_end(codes: Sequence[int], told: str) -> State[Any]:
    """Reaching the budget, or what nobody approved, is how a night is meant to end; a shot that failed is not."""
    message = printable(told, lines=True)
    if set(codes) - {ExitCode.DONE, ExitCode.BUDGET}:
        return Failed(message=message)
    if ExitCode.BUDGET in codes:
        return Completed(name=BUDGET_REACHED, message=message)
    return Completed(message=message)


def _parts(
    source: SeriesSource, wanted: Sequence[RunOptions], spread: int, met: dict[str, EpisodeAccount]
) -> list[EpisodePart]:
    def meets(episode: str, error: Exception) -> None:
        met[episode] = unplanned(episode, error)

    with source.reading() as reading:
        return parts_of(reading, wanted, spread, meets)


def _accounts(
    source: SeriesSource,
    wanted: Sequence[RunOptions],
    parts: Sequence[EpisodePart],
    ends: Mapping[str, RunEnd],
    met: Mapping[str, EpisodeAccount],
) -> list[EpisodeAccount]:
    """One line for each episode that was asked for, in order."""
    found = dict(met)
    planned = {part.episode: part for part in parts}
    with source.reading() as reading:
        for options in wanted:
            if (part := planned.get(options.episode)) is not None:
                found[part.episode] = account_of(reading, part, options, ends.get(part.episode))
    return [found[options.episode] for options in wanted]


async def _ends(children: ChildRuns, source: SeriesSource, parts: Sequence[EpisodePart]) -> dict[str, RunEnd]:
    """How the run of each episode ended for which one was started."""
    started = [part for part in parts if part.run_options is not None]
    async with asyncio.TaskGroup() as side_by_side:
        following = side_by_side.create_task(children.follow())
        ends = await asyncio.gather(*(_end(children, source, part, part.run_options) for part in started))
        following.cancel()
    return {part.episode: end for part, end in zip(started, ends, strict=True)}


async def _end(children: ChildRuns, source: SeriesSource, part: EpisodePart, options: RunOptions | None) -> RunEnd:
    """Bring one episode to its end: the groups that it is spread over first, then the run that cuts it."""
    assert options is not None
    try:
        groups = [_wanted(source, each, number) for number, each in enumerate(part.groups, 1)]
        runs = await asyncio.gather(*(children.brought_to_end(each) for each in groups))
        before = [run.id for of_group in runs for run in of_group]
        *_, last = await children.brought_to_end(_wanted(source, options, None, before))
    except ServerError as error:
        return RunEnd("not started", ExitCode.NOT_DONE, str(error))
    end = _ended(last)
    _LOG.info("%s: %s; %s", part.episode, end.state, printable(end.message).partition("\n")[0])
    return end


def _wanted(source: SeriesSource, options: RunOptions, group: int | None, before: Sequence[UUID] = ()) -> Wanted:
    """What is asked of which deployment. What runs `before` it spent of its money, it has not."""
    flow: FlowName = "produce" if group is None else "shots"

    async def parameters(dead: Sequence[UUID]) -> Mapping[str, Any]:
        left = await asyncio.to_thread(source.less, options, [*before, *dead])
        named = {} if left.shots is None else {"shots": sorted(left.shots)}
        return {"project": source.project, **left.parameters(flow), **named}

    key = options.episode if group is None else f"{options.episode}-shots-{group}"
    return Wanted(key=key, deployment=f"{flow}/{flow}", parameters=parameters)


def _ended(run: "FlowRun") -> RunEnd:
    state = run.state
    assert state is not None
    message = state.message or ""
    if state.is_completed():
        return RunEnd(str(state.name), ExitCode.DONE, message)
    if state.is_paused():
        return RunEnd("waits", ExitCode.BUDGET, "waits for an approval, and goes on by itself once it is there")
    code = ExitCode.BUDGET if state.name == BUDGET_REACHED else ExitCode.NOT_DONE
    return RunEnd(str(state.name), code, message)
