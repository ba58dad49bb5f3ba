"""Flow runs as a server tells of them: a page at a time, and here all of them."""

import itertools
from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.sorting import FlowRunSort

__all__ = ["MOST_A_PAGE", "all_runs"]

MOST_A_PAGE = 200
"""Runs that a server tells of in one answer."""


async def all_runs(client: PrefectClient, **filters: Any) -> list[FlowRun]:
    """Every flow run that the filters (those of `read_flow_runs`) let through, each once, however many there are.

    Raises what Prefect's client raises.
    """
    found: dict[UUID, FlowRun] = {}
    for first in itertools.count(0, MOST_A_PAGE):
        page = await client.read_flow_runs(**filters, sort=FlowRunSort.ID_DESC, limit=MOST_A_PAGE, offset=first)
        found |= {run.id: run for run in page}  # one that begins meanwhile moves others to the next page
        if len(page) < MOST_A_PAGE:
            break
    return list(found.values())
