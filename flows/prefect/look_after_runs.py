"""What a sweep does about runs that no worker has any more: it marks them, asks again, and says what goes on."""

from datetime import timedelta
from pathlib import Path

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun

from flows.prefect.cancelled_runs import say_again
from flows.prefect.crashed_runs import Asking, ask_crashed_again
from flows.prefect.silent_runs import mark_silent_runs
from flows.run.workspace import Workspace
from render.ledger import Ledger, queries

__all__ = ["look_after_runs"]


async def look_after_runs(
    workspace: Workspace[Ledger], project: str, silent_for: timedelta, *, ask_again: bool
) -> list[str]:
    """Look after the runs of the server that this process is told of; a sentence for each thing that was done.

    Raises what Prefect's client raises.
    """
    async with get_client() as client:
        said = await say_again(client)
        told = [f"{said} cancelled {'run says' if said == 1 else 'runs say'} again what goes on"] if said else []
        told += await mark_silent_runs(client, silent_for)
        return told + (await ask_crashed_again(client, _asking(workspace, project)) if ask_again else [])


def _asking(workspace: Workspace[Ledger], project: str) -> Asking:
    """A project's own ledger says nothing of runs of another project."""
    shared = not isinstance(workspace.places.ledger, Path)

    def ours(run: FlowRun) -> bool:
        return shared or run.parameters.get("project") == project

    def ended(origin: str) -> bool:
        return workspace.ledger.read(queries.has_ended_try, f"{origin}-")

    return Asking(ours=ours, ended=ended)
