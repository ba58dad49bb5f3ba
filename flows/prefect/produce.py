"""The flows that make an episode, or a preview of one: one async flow, one async task for each shot.

Prefect shows it, schedules it and retries a shot over minutes. It decides nothing about money: every task gets the ids
of takes that the ledger opened before it, and calls the same function with them however often it is called.
"""

from typing import Annotated, Any

from prefect import flow
from pydantic import Field

from flows.prefect.episode_run import ended, run_with_options
from flows.prefect.final_states import BUDGET_REACHED, final_state
from flows.prefect.flow_docs import explained, with_options
from flows.prefect.run_names import NamedRuns
from flows.prefect.shot_tasks import as_tasks
from flows.run.options import RunOptions

__all__ = ["BUDGET_REACHED", "as_tasks", "final_state", "preview", "produce", "rehearse", "run_with_options"]

Project = Annotated[
    str,
    Field(
        description="Folder of the series, with series.yaml; or its snapshot, as `tailframe push` names it; empty: the "
        "Prefect variable tailframe_project",
        examples=["projects/lighthouse", "snapshot:6d1a762971880c207f3a1c1dafb6131aaa409e95b2988655204884fdb5880c39"],
    ),
]
EpisodeId = Annotated[str, Field(description="The episode's id, as in episodes/ID.yaml", examples=["e01"])]


@flow(name="produce", flow_run_name=NamedRuns(), persist_result=False, log_prints=False)
@explained
@with_options("produce")
async def produce(project: Project, episode: EpisodeId, **asked: Any) -> Any:
    """Make an episode: generate what is missing, cut it, archive it. What exists is never paid for again."""
    return await ended(project, RunOptions.of_parameters(episode, asked))


@flow(name="preview", flow_run_name=NamedRuns("preview"), persist_result=False, log_prints=False)
@explained
async def preview(project: Project, episode: EpisodeId) -> Any:
    """Cut an animatic of an episode beside its master: free, local, at every shot's exact length."""
    return await ended(project, RunOptions(episode=episode, preview=True))


@flow(name="rehearse", flow_run_name=NamedRuns("rehearsal"), persist_result=False, log_prints=False)
@explained
@with_options("rehearse")
async def rehearse(project: Project, episode: EpisodeId, **asked: Any) -> Any:
    """Produce an episode into the rehearsals' own ledger, store and output. Only vendors on this machine are asked.

    `tailframe rehearse` brings a sandbox that stands in for them.
    """
    return await ended(project, RunOptions.of_parameters(episode, asked, rehearsal=True))
