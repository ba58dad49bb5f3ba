"""The flow that makes named shots again: a form of its own, so that an empty list can never mean all of them."""

from typing import Annotated, Any

from prefect import flow
from pydantic import Field

from flows.prefect.flow_docs import explained, with_options
from flows.prefect.produce import EpisodeId, Project, produce
from flows.prefect.run_names import NamedRuns

__all__ = ["reshoot"]

NamedShots = Annotated[
    list[str],
    Field(min_length=1, description="The shots to make, as SCENE/SHOT; at least one", examples=[["lamp/010"]]),
]
NewTake = Annotated[
    bool, Field(description="Make another take even of shots that have a good one; off: only what is missing")
]


@flow(name="reshoot", flow_run_name=NamedRuns(), persist_result=False)
@explained
@with_options("reshoot", after="new_take")
async def reshoot(
    project: Project, episode: EpisodeId, shots: NamedShots, new_take: NewTake = True, **asked: Any
) -> Any:
    """Make the named shots of an episode, and no others, and cut the episode again."""
    return await produce.fn(project, episode, shots=shots, new_take=new_take, **asked)
