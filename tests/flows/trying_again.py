"""Runs the flow `produce` of a project's e01 twice as one flow run, as Prefect does where a person asks for a retry.

python -m tests.flows.trying_again PROJECT USD
"""

from __future__ import annotations

import asyncio
import sys

from prefect import get_client
from prefect.flow_engine import run_flow_async

from flows.prefect.produce import produce
from flows.prefect.server import prefect_server


async def twice(project: str, agreed_usd: float) -> None:
    """Run it to its end, then once more, and say how each ended."""
    flow = produce.with_options(retries=1, retry_delay_seconds=0)  # so that the server lets it go on
    asked = {"project": project, "episode": "e01", "agreed_usd": agreed_usd}
    state = await flow(**asked, return_state=True)
    print(state.message)
    async with get_client() as client:
        flow_run = await client.read_flow_run(state.state_details.flow_run_id)
    state = await run_flow_async(flow, flow_run=flow_run, parameters=asked, return_type="state")
    print(state.message)


if __name__ == "__main__":
    with prefect_server() as server, server.connected():
        asyncio.run(twice(sys.argv[1], float(sys.argv[2])))
