"""Runs one produce as a flow does, signals included, for tests that stop a run from outside."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from flows.run.beginning import begin
from flows.run.session import RunOptions
from flows.run.workspace import open_workspace
from flows.terminal.cancellation import ending_in_order


def produce_gently(root: Path) -> None:
    """One run of e01 that ends in its own time when it is told to."""
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(_produce(root))


async def _produce(root: Path) -> None:
    with ending_in_order(print):
        async with open_workspace(root) as workspace, begin(workspace, RunOptions(episode="e01")) as session:
            await session.make_all(session.production.make)
            await session.finish()
