"""One account at one vendor of a sandbox: what its books say, a new one at will, and a project that buys there."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from flows.run.beginning import begin
from flows.run.session import RunOptions
from flows.run.workspace import Workspace, open_workspace
from tests.clips import make_clip
from tests.flows.episodes import new_ledger
from tests.flows.mortal import ClosedCuttingRoom
from tests.projects import episode_file, png, scene, series_file, shot, write_project
from tests.render.sandbox.standing import Standing
from tests.vendors import FACTS, VENDORS

__all__ = ["LISTING", "VENDORS", "Account", "chain", "ledger_url", "make_shots", "sandbox"]

LISTING = frozenset(name for name, facts in FACTS.items() if facts.lists_jobs)
"""Those whose pages tell of a list of jobs."""

SHOT_S = 4
MARA = "references/cast/mara.png"


@dataclass(frozen=True, slots=True)
class Account:
    """What one vendor of the sandbox knows of whoever buys there."""

    standing: Standing
    vendor: str

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to buy here, and to ask often."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith("TAILFRAME")}
        often = {"TAILFRAME_POLL_INTERVAL": "0.02", "TAILFRAME_CLIP_PATIENCE": "0.3"}
        return {**plain, **self.standing.environment, **often}

    @property
    def shot_usd(self) -> Decimal:
        """What one of the shots costs here."""
        return SHOT_S * Decimal(FACTS[self.vendor].usd_per_second)

    def renew(self) -> None:
        """An account as on its first day: no job, and nothing heard."""
        with closing(self._books()) as books, books:
            for table in ("jobs", "heard", "faults"):
                books.execute(f"DELETE FROM {table}")

    def jobs(self) -> list[dict[str, Any]]:
        """Every job that this vendor took, in order."""
        return self._rows("SELECT * FROM jobs WHERE vendor = ? ORDER BY n")

    def creates(self) -> int:
        """How many orders were heard."""
        return len(self._rows("SELECT * FROM heard WHERE vendor = ? AND kind = 'create'"))

    def charged_usd(self) -> Decimal:
        """What the vendor earned: by its own price where a page tells one, else by the count of its jobs."""
        prices = [job["price"] for job in self.jobs()]
        return sum((self.shot_usd if price is None else Decimal(price) for price in prices), Decimal(0))

    def _rows(self, sql: str) -> list[dict[str, Any]]:
        with closing(self._books()) as books:
            return [dict(row) for row in books.execute(sql, (self.vendor,))]

    def _books(self) -> sqlite3.Connection:
        books = sqlite3.connect(self.standing.state / "sandbox.sqlite", timeout=10)
        books.row_factory = sqlite3.Row
        return books


def draw_clips(folder: Path) -> None:
    """What sandboxes would draw, all alike, of few frames and soon decoded."""
    drawn = make_clip(folder / "drawn.mp4", frames=8 * SHOT_S, fps="8", size=(864, 496), sound_s=SHOT_S + 0.2)
    for look in range(6):
        shutil.copy(drawn, folder / f"864x496-{SHOT_S}s-sound-{look}.mp4")


@contextmanager
def sandbox(state: Path, *, job_seconds: float) -> Iterator[Standing]:
    """A sandbox whose clips are drawn already."""
    (state / "clips").mkdir(parents=True)
    draw_clips(state / "clips")
    standing = Standing(state, job_seconds)
    standing.start()
    try:
        yield standing
    finally:
        standing.close()


def chain(
    folder: Path,
    account: Account,
    *keys: str,
    continuity: str = "tail_frame",
    providers: Sequence[str] = (),
    spare: int = 0,
) -> Path:
    """A project of a few shots that name one picture, each beginning on the last frame of the one before it.

    Its budget is what they cost, to the cent, and so many `spare` shots; its ledger is there and empty.
    """
    shots = [
        shot(key, f"{{{{ mara }}}} waits for boat {key}", duration=SHOT_S, continuity=continuity if at else "none")
        for at, key in enumerate(keys or ("010", "020"))
    ]
    written = series_file(
        **{
            "cast": {"mara": {"name": "Mara", "references": [MARA]}},
            "locations": None,
            "props": None,
            "styles": None,
            "defaults": {"provider": list(providers) or account.vendor, "resolution": "480p"},
            "delivery": {"master": {"width": 160, "height": 90, "fps": 24}},
            "prices": [
                {"provider": each, "usd_per_second": float(facts.usd_per_second)}
                for each, facts in FACTS.items()
                if not facts.price_on_page
            ],
            "budget": {"episode": float(account.shot_usd * (len(shots) + spare))},
        }
    )
    episode = episode_file("e01", scene("lamp", *shots, location=None), style=None)
    root = write_project(folder, series=written, episodes={"e01": episode}, files={MARA: png(400, 400)})
    (root / ".tailframe").mkdir(mode=0o700)
    (root / ".tailframe/ledger.sqlite").write_bytes(new_ledger())
    return root


def make_shots(project: Path, house: type[Workspace] = Workspace) -> dict[str, str]:
    """One run of e01 in this process, in a workspace of this kind and without the cut: how its shots stand."""

    async def run() -> dict[str, str]:
        async with open_workspace(project) as opened:
            workspace = house(**{each.name: getattr(opened, each.name) for each in fields(opened)})
            async with begin(workspace, RunOptions(episode="e01")) as session:
                session.cutting_room = ClosedCuttingRoom()  # type: ignore[assignment]
                await session.make_all(session.production.make)
                return {key: outcome.state.value for key, outcome in session.production.outcomes.items()}

    return asyncio.run(run())


def ledger_url(project: Path) -> str:
    """Where the project's ledger is."""
    return f"sqlite:///{project / '.tailframe' / 'ledger.sqlite'}"
