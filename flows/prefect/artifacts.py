"""What Prefect's own pages show of a run: one table of its shots, the master with its contact sheet, how far it is.

Each stands under a key of its episode's own, so that the next run goes on with the same pages. They are for whoever
looks there; where Prefect cannot be told, the run is none the worse.
"""

import asyncio
import base64
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from prefect.artifacts import (
    acreate_markdown_artifact,
    acreate_progress_artifact,
    acreate_table_artifact,
    aupdate_progress_artifact,
)

from flows.prefect.markdown_text import linked, markdown_text
from flows.prefect.shot_table import LINKS_LIVE, shot_table
from flows.run.session import Result, Session
from render.episode.assemble import Assembly
from render.errors import StoreError
from render.store import Store
from render.takes.outcomes import headline
from storyboard.text.printable import printable

__all__ = ["RunPages", "is_a_step", "shown"]

LARGEST_SHEET = 500_000
"""Bytes of a contact sheet that is put into the page itself; a browser may not reach the worker's disk."""

LEAST_STEP = 0.05
LEAST_S = 10.0
"""How much further a run has to be, and how long ago it was told, before it is told again how far it is."""


@dataclass(slots=True, kw_only=True)
class RunPages:
    """What is told of one run; `result` is set by whoever makes it, once there is one."""

    session: Session
    progress: bool  # whether it is told while it goes on
    result: Result | None = None
    _told: float = 0.0
    _progress_id: UUID | None = None

    @property
    def title(self) -> str:
        """The episode within its series, as a person says it."""
        return f"{self.session.reading.episode.series} {self.session.run_options.episode}"

    def key(self, what: str) -> str:
        """The key of one of its artifacts: small letters, digits and dashes."""
        kind = "preview-" if self.session.run_options.preview else ""
        return re.sub(r"[^a-z0-9]+", "-", f"{self.title}-{kind}{what}".lower()).strip("-")

    def fraction(self) -> float:
        """How much of the episode's shots have their outcome, from 0 to 1. The cut alone brings it to 1."""
        if self.result is not None:
            return 1.0
        shots = self.session.reading.plan.shots
        return 0.95 * len(self.session.production.outcomes) / max(1, len(shots))

    async def tell_progress(self) -> None:
        """Tell how far it is, where that is a step further."""
        fraction = self.fraction()
        if self._progress_id is None:
            words = f"How much of {markdown_text(self.title)} is made"
            self._progress_id = await acreate_progress_artifact(fraction * 100, self.key("progress"), words)
            self._told = fraction
        elif is_a_step(self._told, fraction):
            await aupdate_progress_artifact(self._progress_id, progress=fraction * 100)
            self._told = fraction

    async def keep_telling(self) -> None:
        """Tell how far it is for as long as this is awaited."""
        while True:
            await _if_it_can_be(self.tell_progress(), self)
            await asyncio.sleep(LEAST_S)

    async def publish(self) -> None:
        """The table of shots, and the master where there is one."""
        rows = await shot_table(self.session, self.result.assembly if self.result is not None else None)
        outcomes = self.session.production.outcomes
        stand = headline(outcomes.values()) if self.result is not None else f"broken off after {len(outcomes)} shots"
        described = markdown_text(f"{self.title}: {stand}")
        await acreate_table_artifact(key=self.key("shots"), table=rows, description=described)
        if self.result is not None and self.result.assembly is not None:
            words = await asyncio.to_thread(_master_page, self.title, self.result.assembly, self.session.context.store)
            described = f"Master of {markdown_text(self.title)}"
            await acreate_markdown_artifact(words, key=self.key("master"), description=described)


def is_a_step(told: float, fraction: float) -> bool:
    """Whether a run is so much further than was told (both 0 to 1) that it is told again; its end always is."""
    return fraction >= told + LEAST_STEP or (fraction == 1.0 and told < 1.0)


@contextlib.asynccontextmanager
async def shown(session: Session, *, progress: bool) -> AsyncIterator[RunPages]:
    """Show the run on Prefect's pages, however this block ends; with `progress` also while it lasts."""
    pages = RunPages(session=session, progress=progress)
    telling = asyncio.ensure_future(pages.keep_telling()) if progress else None
    try:
        yield pages
    finally:
        if telling is not None:
            telling.cancel()
            await asyncio.wait({telling})
            await _if_it_can_be(pages.tell_progress(), pages)
        await _if_it_can_be(pages.publish(), pages)


async def _if_it_can_be(telling: Awaitable[None], pages: RunPages) -> None:
    try:
        await telling
    except Exception as error:
        why = printable(str(error)) or type(error).__name__
        pages.session.context.watcher.note(f"Prefect's pages could not be told of the shots: {why}")


def _master_page(title: str, assembly: Assembly, store: Store) -> str:
    """The master in Markdown: its format, where it lies, a link where the store signs one, and its contact sheet."""
    facts = assembly.manifest.master
    size = f"{facts.width}×{facts.height}, {float(facts.fps):g} frames a second, {float(facts.duration_s):.2f} s"
    lines = [f"**{markdown_text(title)}**: {size}", ""]
    if link := _link(store, facts.sha256, f"{facts.path}"):
        lines.append(f"* {linked(facts.path, link)} (a link for {LINKS_LIVE.days} days at most)")
    else:
        lines.append(f"* {markdown_text(str(assembly.master.path))} on the worker's disk")
    if assembly.archived is not None:
        lines.append(f"* archived at {markdown_text(assembly.archived.url)}")
    if assembly.slates:
        lines.append(f"* slates in place of {markdown_text(', '.join(assembly.slates))}")
    return "\n".join([*lines, "", *_sheet(assembly.contact_sheet)])


def _link(store: Store, sha256: str, name: str) -> str | None:
    try:
        return store.link(sha256, LINKS_LIVE, filename=name)
    except StoreError:
        return None


def _sheet(sheet: Path) -> list[str]:
    content = sheet.read_bytes()
    if len(content) > LARGEST_SHEET:
        return [f"Its contact sheet is {markdown_text(str(sheet))} on the worker's disk."]
    return [f"![contact sheet](data:image/jpeg;base64,{base64.b64encode(content).decode()})"]
