"""What a run makes sure of before its first order: what would stop it is told while nothing is claimed yet.

Folders that lead out of the project, cards that cannot be drawn, films that this ffmpeg cannot show, deliveries that it
cannot make, an archive that cannot take the episode.
"""

import asyncio

from flows.run.cut_check import refuse_unfit
from flows.run.options import RunOptions
from flows.run.planned_episode import PlannedEpisode, films_of, is_todo
from flows.run.workspace import Workspace
from render.errors import StoreError
from render.ledger import Ledger
from render.media.ffmpeg_needs import need_for_films, need_for_subtitles
from storyboard.paths import refuse_link_out
from storyboard.shot import Episode

__all__ = ["make_sure_it_can_end"]


async def make_sure_it_can_end(workspace: Workspace[Ledger], run_options: RunOptions, reading: PlannedEpisode) -> None:
    """Raise LeadsOut, InvalidProject, MediaError or StoreError where what is made could not be laid down or cut."""
    _refuse_links_out(workspace, run_options, reading.episode)
    await asyncio.to_thread(refuse_unfit, reading.project, reading.episode)
    await asyncio.to_thread(need_for_films, films_of(reading))
    if (subtitles := reading.episode.subtitles) is not None:
        await asyncio.to_thread(need_for_subtitles, burnt_in=False)
        if subtitles.burn_in is not None:
            await asyncio.to_thread(need_for_subtitles, burnt_in=True)
    if run_options.buys and any(is_todo(shot) for shot in reading.plan.shots):
        await asyncio.to_thread(_try_archive, workspace)


def _refuse_links_out(workspace: Workspace[Ledger], run_options: RunOptions, episode: Episode) -> None:
    """Clips are laid in a folder a scene. One that leads out of the project is told before anything is made."""
    for scene in {shot.key.partition("/")[0] for shot in episode.shots}:
        refuse_link_out(workspace.places.project, run_options.output(workspace.places) / "clips" / scene)


def _try_archive(workspace: Workspace[Ledger]) -> None:
    """Whatever is paid for must find a place. Tried once a run, before anything is claimed."""
    from render.episode.archive.trial_write import try_archive

    url = workspace.places.archive_url
    try:
        try_archive(url, within=workspace.places.within(url))
    except StoreError as error:
        told = f"the archive cannot take the episode, so nothing was ordered: {error.message}"
        raise type(error)(told, error.remedy) from error  # what passes by itself stays told from what does not
