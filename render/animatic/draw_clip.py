"""Draws one shot's clip: frames into ffmpeg through a pipe, in the format of the cut, whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from render.animatic.art import Art, BlobPath, gather
from render.animatic.brief import Brief, brief
from render.animatic.scratch_sound import write_scratch_sound
from render.animatic.stage import Stage
from render.animatic.strip import Strip
from render.cut import house_encoder
from render.media import ffmpeg
from render.media.graph import raw_frames, source
from storyboard.request import Request
from storyboard.shot import MasterFormat

Progress = Callable[[float], None]


async def draw_clip(request: Request, blob_path: BlobPath, target: Path, progress: Progress) -> None:
    """Draw a request's clip to `target` (.mp4): exactly its frames, size and rate. Drawing runs in threads.

    Raises Terminal where a reference cannot be read and MediaError where the clip cannot be written.
    """
    shot = brief(request)
    art = await asyncio.to_thread(gather, request, blob_path)
    with TemporaryDirectory(prefix="animatic-") as folder:
        sound = Path(folder) / "scratch.wav" if request.audio else None
        if sound is not None:
            await asyncio.to_thread(write_scratch_sound, shot, sound)
        await ffmpeg.run(
            house_encoder.output(
                raw_frames(shot.width, shot.height, shot.fps),
                None if sound is None else source(sound).audio,
                target,
                MasterFormat(shot.width, shot.height, shot.fps),
            ),
            what=f"draw the animatic of {shot.key}",
            total_s=shot.duration_s,
            progress=progress,
            feed=frames(shot, art),
        )


def frames(shot: Brief, art: Art) -> Iterator[bytes]:
    """Every frame of a shot as raw RGB (8 bits, row by row), drawn when it is asked for."""
    stage, strip = Stage(shot, art), Strip(shot)
    for frame in range(shot.frames):
        picture = stage.draw(frame)
        strip.burn(picture, frame)
        yield picture.tobytes()
