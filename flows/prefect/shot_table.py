"""One row of each shot of an episode for Prefect's pages: how it stands, its take, what that cost, where it lies."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from flows.prefect.markdown_text import linked, markdown_text
from flows.run.session import Session
from render.errors import LedgerError, StoreError
from render.ledger import TakeId, queries
from render.ledger.stored_request import read_order
from render.media.clip_checks import check_clip
from storyboard.text.dollars import usd

if TYPE_CHECKING:
    from render.episode.assemble import Assembly
    from render.ledger import Take
    from render.takes.outcomes import Outcome
    from storyboard.plan.episode_plan import PlannedShot

__all__ = ["LINKS_LIVE", "shot_table"]

LINKS_LIVE = timedelta(days=7)
"""How long links on Prefect's pages lead to clips: as long as S3 signs them for, at most."""

Row = dict[str, str]


async def shot_table(session: Session, assembly: "Assembly | None" = None) -> list[Row]:
    """A row for each shot, in story order, also of a run that did not come to its end. Every text is Markdown.

    `assembly` is the cut, where there is one: beside its master the clips lie by their shots' names.
    """
    takes = await _takes(session)
    files = {} if assembly is None else _files(assembly, session.workspace.places.project)
    return await asyncio.to_thread(lambda: [_row(session, shot, takes, files) for shot in session.reading.plan.shots])


def _files(assembly: "Assembly", project: Path) -> dict[str, str]:
    """Where each clip of the cut lies, by shot, as seen from the project where it lies there."""
    folder = assembly.master.path.parent
    within = folder.relative_to(project) if folder.is_relative_to(project) else folder
    return {shot.key: str(within / shot.clip.path) for shot in assembly.manifest.shots if shot.clip is not None}


async def _takes(session: Session) -> "dict[str, Take]":
    """The take that stands for each shot: the one it uses, else the last that was opened for it in this run."""
    ended = session.production.outcomes
    names = {key: ids[-1] for key, ids in session.production.opened.items() if ids}
    names |= {key: TakeId(outcome.take) for key, outcome in ended.items() if outcome.take is not None}
    found = await session.context.read(queries.takes_named, frozenset(names.values()))
    return {key: found[name] for key, name in names.items()}


def _row(session: Session, shot: "PlannedShot", takes: "dict[str, Take]", files: Mapping[str, str]) -> Row:
    outcome, take = session.production.outcomes.get(shot.key), takes.get(shot.key)
    return {
        "shot": markdown_text(shot.key),
        "state": _state(shot, outcome, take),
        "take": "" if take is None else str(take.number),
        "vendor": "" if take is None else markdown_text(take.account),
        "cost": "" if take is None or take.cost_usd is None else usd(take.cost_usd),
        "findings": markdown_text("; ".join(_findings(outcome, take))),
        "clip": _clip(session, shot.key, take, files),
    }


def _state(shot: "PlannedShot", outcome: "Outcome | None", take: "Take | None") -> str:
    """How the shot stands; in a run that was broken off, how its take does."""
    if outcome is not None:
        return outcome.state.value
    return str(shot.action.value if take is None else take.state.value)


def _findings(outcome: "Outcome | None", take: "Take | None") -> list[str]:
    told = [outcome.message] if outcome is not None and outcome.message else []
    if take is None:
        return told
    if outcome is None and take.error_message:
        told.append(take.error_message)
    if take.clip is None or take.request_json is None:
        return told
    try:
        return told + [each.message for each in check_clip(take.clip, read_order(take.request_json))]
    except LedgerError:  # an order of another version
        return told


def _clip(session: Session, key: str, take: "Take | None", files: Mapping[str, str]) -> str:
    """A signed link where the store gives one; a browser opens no file of a worker's disk, so of that its path."""
    if take is None or take.clip is None:
        return ""
    store = session.context.store
    try:
        link = store.link(take.clip.sha256, LINKS_LIVE, filename=f"{key.replace('/', '-')}-{take.number}.mp4")
    except StoreError:
        link = None
    return linked("clip", link) if link else markdown_text(files.get(key) or store.place(take.clip.sha256))
