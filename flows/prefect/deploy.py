"""Brings the deployments to a Prefect server from Python: what `prefect deploy --all` does, without its file.

Deployed again, everything is as it is written, and nothing doubles. Whether a schedule is switched on is somebody's
decision on that server and stays as it is; one that is new is switched off. Schedules that people added stay too.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import httpx
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate, DeploymentUpdate
from prefect.client.schemas.objects import ConcurrencyLimitStrategy, ConcurrencyOptions, DeploymentSchedule
from prefect.client.schemas.schedules import CronSchedule
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from prefect.flows import Flow, load_flow_from_entrypoint
from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, temporary_settings
from prefect.utilities.callables import parameter_schema

from flows.errors import ServerError
from flows.prefect.deployment_list import Deployment, Schedule
from flows.prefect.form_choices import FormChoices, with_choices

__all__ = ["PULL_STEPS", "deploy"]

TIMES = 8
"""How often a server is asked again whose database is busy: the command's own flows give up sooner."""

PULL_STEPS: list[dict[str, Any]] = [{"flows.prefect.checkout.enter_checkout": {}}]
JOB_VARIABLES = {
    "env": {
        "PREFECT_LOGGING_EXTRA_LOGGERS": "storyboard,render,flows",  # what Tailframe logs is in the log of its run
        "PREFECT_CLIENT_MAX_RETRIES": "8",  # a run outlasts a server that is gone for eight minutes
    }
}


async def deploy(deployments: Iterable[Deployment], *, pool: str, choices: FormChoices | None = None) -> list[str]:
    """Create or renew each of these on the server that PREFECT_API_URL names; returns their names, FLOW/DEPLOYMENT.

    `choices` are what forms offer. Raises ServerError where there is no such work pool, or the server does not take it.
    """
    try:
        with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: TIMES}):
            async with get_client() as client:
                await _require_pool(client, pool)
                return [await _renew(client, each, pool, choices) for each in deployments]
    except PrefectHTTPStatusError as error:
        told = f"the Prefect server refuses it: {error.response.status_code} {error.response.text:.300}"
        busy = error.response.is_server_error
        remedy = "Deploy again" if busy else "Bring server and Tailframe to one version of Prefect"
        raise ServerError(told, remedy) from error
    except (httpx.HTTPError, OSError) as error:
        raise ServerError(f"the Prefect server does not answer ({error})", "Start it, then deploy again") from error


async def _require_pool(client: PrefectClient, pool: str) -> None:
    try:
        await client.read_work_pool(pool)
    except ObjectNotFound:
        told = f"the Prefect server has no work pool {pool}"
        remedy = f"Start a worker, which makes it: prefect worker start --pool {pool} --type process"
        raise ServerError(told, remedy) from None


async def _renew(client: PrefectClient, deployment: Deployment, pool: str, choices: FormChoices | None) -> str:
    flow: Flow[..., Any] = load_flow_from_entrypoint(deployment.flow)
    name = f"{flow.name}/{deployment.name}"
    written = _written(deployment, flow, pool, choices)
    try:
        there = await client.read_deployment_by_name(name)
    except ObjectNotFound:
        new = [_created(each) for each in deployment.schedules]
        flow_id = await client.create_flow_from_name(flow.name)
        await client.create_deployment(flow_id, deployment.name, schedules=new, **written)
        return name
    await client.update_deployment(there.id, DeploymentUpdate(**written))
    for schedule in deployment.schedules:
        await _renew_schedule(client, there.id, there.schedules, schedule)
    return name


def _written(deployment: Deployment, flow: Flow[..., Any], pool: str, choices: FormChoices | None) -> Mapping[str, Any]:
    schema = parameter_schema(flow).model_dump(exclude_unset=True)
    return {
        "description": deployment.does,
        "tags": list(deployment.tags),
        "parameters": dict(deployment.parameters),
        "parameter_openapi_schema": schema if choices is None else with_choices(schema, choices),
        "enforce_parameter_schema": True,
        "entrypoint": deployment.flow,
        "pull_steps": PULL_STEPS,
        "work_pool_name": pool,
        "work_queue_name": deployment.queue,
        "job_variables": JOB_VARIABLES,
        "concurrency_limit": deployment.at_once,
        "concurrency_options": ConcurrencyOptions(
            collision_strategy=ConcurrencyLimitStrategy(deployment.beyond),
        ),
        "version": flow.version,
    }


def _created(schedule: Schedule) -> DeploymentScheduleCreate:
    return DeploymentScheduleCreate(
        schedule=_cron(schedule), active=False, parameters=dict(schedule.parameters), slug=schedule.slug
    )


async def _renew_schedule(
    client: PrefectClient, deployment_id: Any, there: Iterable[DeploymentSchedule], schedule: Schedule
) -> None:
    """Each by itself, and without a word about whether it is on: an update of all would switch it off again."""
    for known in there:
        if known.slug == schedule.slug:
            await client.update_deployment_schedule(
                deployment_id, known.id, schedule=_cron(schedule), parameters=dict(schedule.parameters)
            )
            return
    await client.create_deployment_schedules(deployment_id, [_created(schedule)])


def _cron(schedule: Schedule) -> CronSchedule:
    return CronSchedule(cron=schedule.cron, timezone=schedule.time_zone)
