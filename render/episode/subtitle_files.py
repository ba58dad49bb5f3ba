"""The subtitles of a cut as files beside its master, one of each kind for each language."""

from __future__ import annotations

from render.captions.caption_files import caption_files
from render.context import RunContext
from render.episode.cut_captions import CutCaptions
from render.episode.manifest import BesideRecord


async def subtitle_records(context: RunContext, stem: str, captions: CutCaptions) -> list[BesideRecord]:
    """Keep them in the store; languages of which lines are missing are among them, for whoever translates on."""
    found = []
    for each in caption_files(captions.tracks, stem):
        sha256 = await context.in_thread(context.store.put, each.content)
        size = len(each.content)
        found.append(BesideRecord(kind="subtitles", path=each.name, sha256=sha256, bytes=size, language=each.language))
    return found
