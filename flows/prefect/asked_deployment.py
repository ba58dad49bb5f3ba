"""Asks a deployment on the operators' own Prefect server for a run, and does not wait for it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, cast

from flows.errors import ServerError
from flows.run.options import OPTIONS

if TYPE_CHECKING:
    from prefect.client.schemas.objects import FlowRun

__all__ = ["ask"]

_DEPLOYMENTS = {"produce": "reshoot/reshoot", "preview": "preview/preview"}
"""Which deployment makes what the review room was asked for: named shots, or stills."""


def ask(flow: Literal["produce", "preview"], *, project: str, parameters: Mapping[str, Any]) -> str:
    """Have it made by a worker; returns the name of the flow run. Raises ServerError where the server takes none."""
    import httpx
    from prefect.deployments import run_deployment
    from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError

    name = _DEPLOYMENTS[flow]
    try:
        given = {"project": project, **_taken(flow, parameters)}
        run = cast("FlowRun", run_deployment(name, parameters=given, timeout=0))
    except ObjectNotFound:
        raise ServerError(f"the Prefect server has no deployment {name}", "Deploy it: prefect deploy --all") from None
    except PrefectHTTPStatusError as error:
        told = f"the Prefect server refuses a run of {name}: {error.response.status_code} {error.response.text:.300}"
        raise ServerError(told, "Deploy it anew with this version: prefect deploy --all") from error
    except (httpx.HTTPError, OSError) as error:
        raise ServerError(f"the Prefect server does not answer ({error})", "Start it, then ask again") from error
    return f"{name} will make it: flow run {run.name}"


def _taken(flow: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Those that the deployment's flow has: what it lacks was not asked for."""
    if flow != "produce":
        return dict(parameters)
    has = {"episode", "shots", "new_take", *(each.parameter for each in OPTIONS if "reshoot" in each.flows)}
    return {key: value for key, value in parameters.items() if key in has}
