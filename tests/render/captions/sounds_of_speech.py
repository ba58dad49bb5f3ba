"""Small films with something that sounds like speech, for who listens where it is."""

from __future__ import annotations

import asyncio
from pathlib import Path

from render.media.ffmpeg import run
from render.media.graph import Stream, invented, merge, sink

WORDS = "(0.3+0.7*gt(mod(t,0.24),0.1))*sin(2*PI*220*t)*0.3"
"""Something that swells and falls like syllables do."""


def clip(target: Path, sound: Stream | None, seconds: float = 4) -> Path:
    """A small film with this sound."""
    picture = invented(f"color=c=gray:s=64x36:r=24:d={seconds}")
    streams = [picture] if sound is None else [picture, sound]
    options = {"c:v": "libx264", "c:a": "pcm_f32le", "format": "mov", "t": seconds}
    asyncio.run(run(sink(streams, target, **options), what="make a clip"))
    return target


def voice(*places: tuple[float, float]) -> str:
    """Syllables from second to second, and silence elsewhere."""
    spoken = "+".join(f"between(t,{start},{end})" for start, end in places)
    return f"({spoken})*{WORDS}"


def over_noise(expression: str, noise: float) -> Stream:
    """A wave by formula, over noise of such an amplitude."""
    wave = invented(f"aevalsrc='{expression}':s=48000:d=4")
    return merge([wave, invented(f"anoisesrc=a={noise}:d=4:c=pink:seed=7:r=48000")], "amix", inputs=2, normalize=0)
