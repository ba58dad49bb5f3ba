"""How `house_encoder` encodes on this machine: what tells whether a clip can stand beside what it wrote."""

from __future__ import annotations

import asyncio
from pathlib import Path
from secrets import token_hex

from render.cut import house_encoder
from render.media.ffmpeg import ffmpeg_path, run
from render.media.graph import invented
from render.media.signature import StreamSignature, signature
from storyboard.shot import MasterFormat

_house_signatures: dict[tuple[MasterFormat, Path], StreamSignature] = {}
"""How `house_encoder` encodes on this machine, by master format and ffmpeg: values only, measured once in a process."""


async def house_signature(master: MasterFormat, scratch: Path) -> StreamSignature:
    """How `house_encoder` encodes this master's format on this machine, measured once from one black frame."""
    known = (master, ffmpeg_path())
    if known not in _house_signatures:
        _house_signatures[known] = await _measured(master, scratch)
    return _house_signatures[known]


async def _measured(master: MasterFormat, scratch: Path) -> StreamSignature:
    sample = scratch / f".house-{token_hex(8)}.mp4"
    black = invented(f"color=c=black:s={master.width}x{master.height}:r={master.fps}")
    try:
        graph = house_encoder.output(black.filter("trim", end_frame=1), None, sample, master)
        await run(graph, what="try the house encoder")
        return await asyncio.to_thread(signature, sample)
    finally:
        sample.unlink(missing_ok=True)
