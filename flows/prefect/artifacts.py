"""What Prefect's own pages show of a run: one table of its shots, and the contact sheet."""

import asyncio
import base64
import re
from pathlib import Path

from prefect.artifacts import acreate_image_artifact, acreate_table_artifact

from flows.run.session import Result, Session
from render.takes.outcomes import headline
from storyboard.text.dollars import usd
from storyboard.text.printable import printable

__all__ = ["publish_artifacts"]

LARGEST_SHEET = 500_000
"""Bytes of a contact sheet that is put into the page itself; a browser may not reach the worker's disk."""


async def publish_artifacts(session: Session, result: Result) -> None:
    """One table an episode (shot, state, take, cost), updated by each run under the same key, and its contact sheet."""
    series, episode = session.reading.episode.series, session.run_options.episode
    key = re.sub(r"[^a-z0-9]+", "-", f"{series}-{episode}".lower()).strip("-")
    rows = [
        {
            "shot": outcome.key,
            "state": outcome.state.value,
            "take": outcome.number or "",
            "cost": "" if outcome.cost_usd is None else usd(outcome.cost_usd),
            "why": printable(outcome.message),
        }
        for outcome in result.outcomes
    ]
    await acreate_table_artifact(
        key=f"{key}-shots", table=rows, description=f"{series} {episode}: {headline(result.outcomes)}"
    )
    sheet = result.assembly.contact_sheet if result.assembly else None
    if sheet is not None:
        await _publish_sheet(f"{key}-contact-sheet", sheet, f"{series} {episode}")


async def _publish_sheet(key: str, sheet: Path, title: str) -> None:
    content = await asyncio.to_thread(sheet.read_bytes)
    if len(content) > LARGEST_SHEET:
        return
    url = f"data:image/jpeg;base64,{base64.b64encode(content).decode()}"
    await acreate_image_artifact(image_url=url, key=key, description=f"Contact sheet of {title}")
