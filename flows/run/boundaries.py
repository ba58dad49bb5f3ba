"""Opens no project whose folders lead out of it, and none whose ledger lies elsewhere, or knows clips that others lack.

A project may come from somebody else, links included. What is written within it stays within it: `output`, `archive`,
`.tailframe` and all beneath. An operator's own variables may name any place.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from flows.settings import Places, Settings, needs_shared_store, places_of
from storyboard.paths import refuse_link_out

if TYPE_CHECKING:
    from render.store import Store

__all__ = ["own_places", "refuse_links_out", "refuse_lonely_store"]


def own_places(project: Path, settings: Settings, *, rehearsal: bool = False, misplaced: bool = False) -> Places:
    """The places of one project, to work in. `misplaced` lets a ledger be that lies where an earlier version kept it.

    Raises LeadsOut where one of them is a link that leads out, LedgerError where the ledger is misplaced.
    """
    places = places_of(project, settings, rehearsal=rehearsal)
    refuse_links_out(places)
    if isinstance(places.ledger, Path) and not (rehearsal or misplaced):
        from render.ledger.misplaced import refuse_misplaced

        refuse_misplaced(places.ledger, project)
    return places


def refuse_links_out(places: Places) -> None:
    """Look at every folder that Tailframe writes, as far as it is there. Raises LeadsOut with the first link out."""
    for path in _written(places):
        refuse_link_out(places.project, path)


def refuse_lonely_store(places: Places, store: "Store", environment: Mapping[str, str]) -> None:
    """Raises LedgerError where the ledger of a team would name clips that only this machine has."""
    if store.shared or not needs_shared_store(places.ledger, environment):
        return
    from render.errors import LedgerError

    raise LedgerError(
        f"the ledger is shared (PostgreSQL), but the clips would be kept in {store.url}, which other machines cannot "
        "see",
        "Set TAILFRAME_STORE_URL to s3://bucket/prefix, or TAILFRAME_ALLOW_LOCAL_STORE=1 if every process runs on this "
        "machine",
    )


def _written(places: Places) -> Iterator[Path]:
    """What is written, and what is read back: files that are replaced whole are not written through a link."""
    hidden = places.project / ".tailframe"
    for folder in {hidden, *([places.private] if places.private.is_relative_to(places.project) else [])}:
        yield folder
        yield from _beneath(folder)
        yield from _beneath(folder / "blobs")
    yield places.outputs
    for episode in _beneath(places.outputs):
        yield from (folder for folder in (episode, episode / "clips", episode / "preview") if not folder.is_file())
    if places.within(places.archive_url) is not None:
        yield Path(places.archive_url)
        for series in _beneath(Path(places.archive_url)):
            yield series
            yield from _beneath(series)


def _beneath(folder: Path) -> Iterator[Path]:
    """What lies in a folder; nothing where there is none, or where it is a link."""
    if folder.is_symlink() or not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        yield from (folder / entry.name for entry in entries)
