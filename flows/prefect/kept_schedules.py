"""The build step of prefect.yaml: whether each schedule is switched on, so that deploying again leaves it as it is.

Prefect writes into the server what the file says of a schedule. Were that a fixed word, each `prefect deploy` would
switch off what somebody had switched on.
"""

from prefect.client.orchestration import get_client
from prefect.exceptions import ObjectNotFound
from prefect.flows import load_flow_from_entrypoint

from flows.prefect.deployment_list import Hours, deployments_for

__all__ = ["schedules_as_they_stand"]


async def schedules_as_they_stand() -> dict[str, bool]:
    """Whether each schedule is on, by its slug. One that the server does not know yet is off."""
    standing: dict[str, bool] = {}
    async with get_client() as client:
        for deployment in deployments_for("", Hours()):
            if not deployment.schedules:
                continue
            standing |= {schedule.slug: False for schedule in deployment.schedules}
            try:
                there = await client.read_deployment_by_name(f"{_flow_name(deployment.flow)}/{deployment.name}")
            except ObjectNotFound:
                continue
            standing |= {each.slug: each.active for each in there.schedules if each.slug in standing}
    return standing


def _flow_name(entrypoint: str) -> str:
    return str(load_flow_from_entrypoint(entrypoint).name)
