"""The flow that makes named shots again: a form of its own, so that an empty list can never mean all of them."""

from typing import Annotated, Any

from prefect import flow
from pydantic import Field

from flows.prefect.flow_docs import explained
from flows.prefect.produce import AllowMissing, Anew, Budget, Cascade, EpisodeId, Project, Provider, produce

__all__ = ["reshoot"]

NamedShots = Annotated[
    list[str],
    Field(min_length=1, description="The shots to make, as SCENE/SHOT; at least one", examples=[["lamp/010"]]),
]
NewTake = Annotated[
    bool, Field(description="Make another take even of shots that have a good one; off: only what is missing")
]


@flow(name="reshoot", flow_run_name="{project}-{episode}-reshoot", persist_result=False)
@explained
async def reshoot(
    project: Project,
    episode: EpisodeId,
    shots: NamedShots,
    new_take: NewTake = True,
    provider: Provider = None,
    cascade: Cascade = False,
    budget_usd: Budget = None,
    anew: Anew = False,
    allow_missing: AllowMissing = False,
) -> Any:
    """Make the named shots of an episode, and no others, and cut the episode again."""
    return await produce.fn(
        project,
        episode,
        provider=provider,
        shots=shots,
        new_take=new_take,
        cascade=cascade,
        budget_usd=budget_usd,
        anew=anew,
        allow_missing=allow_missing,
    )
