"""Holds a vendor's own last frame against the one that is decoded from its clip.

Continuity rests on the true last frame. Where a vendor gives one beside the clip, the two are the same picture but for
its compression; where they are not, one of the two files is not what it says, and a person should look.
"""

from __future__ import annotations

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path

from PIL import ImageChops, ImageStat

from render.context import RunContext
from render.media.pictures import decoded, laid_on
from render.media.tail_frame import extract_frame
from render.providers import JobRef, Provider
from storyboard.takes import ClipFacts

UNLIKE = 10.0
"""Mean difference a pixel and channel, of 255, above which two pictures are not the same one. Ordinary compression
stays below half of it. A frame beside the last one of a slow shot may stay below it too: what is told is another
picture, not one frame more or less."""

PATIENCE = timedelta(minutes=1)
"""For a picture that nothing depends on."""

_SIDE = 256  # both pictures are compared at this size: grain and ringing are nobody's concern


async def doubt(
    context: RunContext, provider: Provider, job: JobRef, url: str, clip: ClipFacts, *, patience: timedelta = PATIENCE
) -> str | None:
    """A sentence where the vendor's last frame is another picture than the clip's; None where they agree.

    Never raises for what it cannot fetch or read, whatever that is: the clip itself is here, and was checked.
    """
    own = f"{provider.capabilities.provider}'s own last frame of {job.request.shot}"
    try:
        with tempfile.TemporaryDirectory(prefix="last-", dir=context.scratch) as folder:
            told = Path(folder) / "told"
            async with asyncio.timeout(patience.total_seconds()):
                await provider.download(job, url, told, lambda _: None)
            path = await context.in_thread(context.store.local_path, clip.sha256, ".mp4")
            apart = await asyncio.to_thread(difference, path, told)
    except Exception as error:
        why = f"it did not come within {patience.total_seconds():g} s" if isinstance(error, TimeoutError) else error
        return f"{own} cannot be compared: {why}"
    if apart <= UNLIKE:
        return None
    use = "The clip's is used; look at both before you trust this take"
    return f"{own} is not the last frame of its clip (they differ by {apart:.0f} of 255). {use}"


def difference(clip: Path, told: Path) -> float:
    """Mean difference a pixel and channel, 0 to 255, between a clip's last decoded frame and a picture."""
    with tempfile.TemporaryDirectory() as folder:
        last = Path(folder) / "last.png"
        extract_frame(clip, None, last)
        pair = [laid_on(decoded(each), (255, 255, 255)).resize((_SIDE, _SIDE)) for each in (last, told)]
    return sum(ImageStat.Stat(ImageChops.difference(*pair)).mean) / 3
