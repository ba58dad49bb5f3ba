"""Whether a window is open now, by the clock of the ledger that the orders are written into."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.run.night_window import NightWindow
from flows.run.workspace import workspace_of
from flows.settings import needs_shared_store
from render.ledger import queries

__all__ = ["open_until"]

EARLY = timedelta(minutes=5)
"""How much too early a run may begin: two clocks never agree, and a schedule of 22:00 means the window from 22:00."""


async def open_until(project: Path, window: NightWindow) -> datetime | None:
    """When the window ends that is open now, in its own zone; None where none is. Waits for one that opens in minutes.

    Raises SettingsError and LedgerError.
    """
    now = await asyncio.to_thread(_now, project)
    if (ends := window.ends_at(now)) is not None:
        return ends
    opens = window.opens_at(now)
    if opens - now > EARLY:
        return None
    await asyncio.sleep((opens - now).total_seconds())
    return window.ends_at(opens)


def _now(project: Path) -> datetime:
    """By the database server's clock; a ledger that is a file goes by this machine's."""
    workspace = workspace_of(project)
    if not needs_shared_store(workspace.places.ledger, {}):
        return datetime.now(UTC)
    with workspace.reading() as opened:
        return datetime.now(UTC) if opened.ledger is None else opened.ledger.read(queries.now)
