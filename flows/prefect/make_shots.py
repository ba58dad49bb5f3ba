"""The flow that makes some shots of an episode and cuts nothing: a part of one that is spread over several runs."""

from dataclasses import replace
from typing import Any

from prefect import flow

from flows.prefect.episode_run import ended
from flows.prefect.flow_docs import explained, with_options
from flows.prefect.produce import EpisodeId, Project
from flows.prefect.reshoot import NamedShots
from flows.prefect.run_names import NamedRuns
from flows.run.options import RunOptions

__all__ = ["make_shots"]


@flow(name="shots", flow_run_name=NamedRuns("part"), persist_result=False)
@explained
@with_options("shots", after="shots")
async def make_shots(project: Project, episode: EpisodeId, shots: NamedShots, **asked: Any) -> Any:
    """Make the named shots of an episode where they are missing, and cut nothing. `series` spreads an episode so."""
    options = RunOptions.of_parameters(episode, asked)
    part = replace(options, shots=frozenset(shots), cut=False, wait_for_approval=False)
    return await ended(project, part)
