"""Opens the cutting room of a run: conformed pieces and single frames are made there as clips arrive."""

from __future__ import annotations

from functools import partial

from render.context import RunContext
from render.episode.cut_sheet import take_stills
from render.episode.cutting_room import CuttingRoom, KeptPieces
from storyboard.shot import Episode


def open_cutting_room(context: RunContext, episode: Episode) -> CuttingRoom:
    """The cutting room of one run of one episode; its session closes it."""
    kept = KeptPieces(context.store, context.derived)
    show = partial(take_stills, context, episode)
    return CuttingRoom(episode, kept, context.scratch, context.watcher, show)
