"""Runs one produce as a flow does, signals included: a program for tests that stop a run from outside.

python -m tests.flows.gently PROJECT
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from pathlib import Path

from flows.run.session import RunOptions, begin
from flows.run.workspace import open_workspace
from flows.terminal.cancellation import ending_in_order


async def produce(root: Path) -> None:
    """One run of e01 that ends in its own time when it is told to."""
    with ending_in_order(print):
        async with open_workspace(root) as workspace, begin(workspace, RunOptions(episode="e01")) as session:
            await session.make_all(session.production.make)
            await session.finish()


if __name__ == "__main__":
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(produce(Path(sys.argv[1])))
