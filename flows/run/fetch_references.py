"""Fetches the references that a run's episode names by URL, before the run plans what to buy."""

import asyncio

from flows.run.planned_episode import PlannedEpisode
from flows.run.workspace import Workspace
from render.errors import MediaError, RenderError, Terminal, Transient
from render.ledger import Ledger
from render.ledger.recipes import DerivedBlobs
from render.net.fetching import fetch_client
from render.references.url_references import fetch_link, vendors_are_here
from storyboard.errors import InvalidProject, Mistake
from storyboard.shot import Reference

__all__ = ["fetch_links"]

SIDE_BY_SIDE = 8
_MENDABLE = (Terminal, MediaError)  # by the producer, in the YAML


async def fetch_links(reading: PlannedEpisode, workspace: Workspace[Ledger]) -> None:
    """Fetch every link of the episode that was never fetched, keep it, and remember it in the ledger.

    Raises InvalidProject with every link that cannot be used, else StoreError, else Transient (run again later).
    """
    allow_loopback = vendors_are_here(sold.origin for sold in reading.capabilities.values())
    turns = asyncio.Semaphore(SIDE_BY_SIDE)
    async with fetch_client(allow_loopback=allow_loopback, user_agent="tailframe") as client:

        async def fetch(reference: Reference) -> RenderError | None:
            async with turns:
                try:
                    facts = await fetch_link(
                        reference,
                        client,
                        memory=DerivedBlobs(workspace.ledger),
                        store=workspace.store,
                        scratch=workspace.places.scratch,
                        allow_loopback=allow_loopback,
                    )
                except RenderError as error:
                    return error
            workspace.watcher.note(f"fetched {reference.source}: {facts.format}, {facts.bytes:,} bytes")
            return None

        unfetched = reading.unfetched
        errors = await asyncio.gather(*(fetch(reference) for reference in unfetched))
    _raise_together(reading, [(each, error) for each, error in zip(unfetched, errors, strict=True) if error])


def _raise_together(reading: PlannedEpisode, failed: list[tuple[Reference, RenderError]]) -> None:
    mistakes = [_mistake(reading, each, error) for each, error in failed if isinstance(error, _MENDABLE)]
    if mistakes:
        raise InvalidProject(mistakes)
    for _, error in failed:
        if not isinstance(error, Transient):
            raise error
    if failed:
        told = "\n".join(str(_mistake(reading, each, error)) for each, error in failed)
        raise Transient("not every reference can be fetched now, so nothing was ordered", f"Run again later\n{told}")


def _mistake(reading: PlannedEpisode, reference: Reference, error: RenderError) -> Mistake:
    text = f"the reference {reference.source} cannot be fetched: {error}"
    return reading.project.mistake(reading.place_of(reference), text)
