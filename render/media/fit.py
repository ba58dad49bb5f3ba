"""Makes the file that a fit names (`storyboard.fits` decides which): a reference in a form that a vendor takes."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from PIL import Image, ImageOps

from render.errors import MediaError
from render.media.ffmpeg import run
from render.media.graph import Stream, sink, source
from render.media.pictures import open_picture
from render.media.probe import MediaFacts, probe
from storyboard.fits import Fit, parse_fit
from storyboard.shot import MediaKind

QUALITIES = (95, 90, 85, 80, 70, 60, 50)
"""Tried in this order where a picture must not be larger than so many bytes."""

SHARE_FOR_PICTURE = Decimal("0.85")
"""Of a video's bytes; the rest is sound and the container."""

_SOUND = {"mp3": {"c:a": "libmp3lame", "b:a": "192k"}, "wav": {"c:a": "pcm_s16le"}}


async def apply_fit(original: Path, name: str, target: Path) -> None:
    """Write the fitted file to `target`. Deterministic for one version of ffmpeg and Pillow.

    Raises MediaError where the original cannot be read, or cannot be made as small as the fit asks.
    """
    fit = parse_fit(name)
    if fit.kind is MediaKind.IMAGE:
        await asyncio.to_thread(_fit_picture, original, fit, target)
        return
    facts = await asyncio.to_thread(probe, original)
    await (_fit_video if fit.kind is MediaKind.VIDEO else _fit_sound)(original, facts, fit, target)
    if fit.max_bytes is not None and target.stat().st_size > fit.max_bytes:
        size = target.stat().st_size
        target.unlink()
        raise MediaError(f"{original.name} is {size:,} bytes even when it is fitted; {fit.max_bytes:,} are allowed")


def _fit_picture(original: Path, fit: Fit, target: Path) -> None:
    with open_picture(original) as opened:
        picture = ImageOps.exif_transpose(opened)
        picture = picture.convert("RGBA" if fit.format != "jpeg" and "A" in picture.getbands() else "RGB")
    if fit.size is not None and picture.size != fit.size:
        picture = picture.resize(fit.size, Image.Resampling.LANCZOS)
    for content in _encoded(picture, fit):
        if fit.max_bytes is None or len(content) <= fit.max_bytes:
            target.write_bytes(content)
            return
    raise MediaError(f"{original.name} cannot be saved in {fit.max_bytes:,} bytes at a quality worth sending")


def _encoded(picture: Image.Image, fit: Fit) -> Iterator[bytes]:
    """The picture at falling qualities, best first. PNG has only one."""
    for quality in QUALITIES if fit.format != "png" else QUALITIES[:1]:
        buffer = io.BytesIO()
        picture.save(buffer, fit.format.upper(), quality=quality)
        yield buffer.getvalue()


async def _fit_video(original: Path, facts: MediaFacts, fit: Fit, target: Path) -> None:
    streams = source(original, **_first(fit))
    picture = streams.video
    if fit.fps is not None:
        picture = picture.filter("fps", str(fit.fps))
    width, height = fit.size or (None, None)
    even = {"w": "trunc(iw*sar/2)*2", "h": "trunc(ih/2)*2"} if width is None else {"w": width, "h": height}
    picture = picture.filter("scale", **even, flags="bicubic").filter("setsar", 1).filter("format", "yuv420p")
    seconds = min(each for each in (fit.seconds, facts.duration_s, Decimal(3600)) if each is not None)
    options: dict[str, object] = {"c:v": "libx264", "preset": "medium", "crf": 18, "c:a": "aac", "b:a": "128k"}
    if fit.max_bytes is not None:
        rate = int(fit.max_bytes * 8 / max(seconds, Decimal("0.1")) * SHARE_FOR_PICTURE) - 128_000
        options |= {"maxrate": max(rate, 100_000), "bufsize": max(rate, 100_000)}
    inputs = [picture, streams.audio] if _has_sound(original) else [picture]
    graph = sink(inputs, target, format=fit.format, movflags="+faststart", **options)
    await run(graph, what=f"fit {original.name} as {fit}")


async def _fit_sound(original: Path, _facts: MediaFacts, fit: Fit, target: Path) -> None:
    heard: Stream = source(original, **_first(fit)).audio
    graph = sink([heard], target, format=fit.format, **_SOUND[fit.format])
    await run(graph, what=f"fit {original.name} as {fit}")


def _first(fit: Fit) -> dict[str, object]:
    """Read no more of the original than the fit keeps."""
    return {} if fit.seconds is None else {"t": f"{fit.seconds:f}"}


def _has_sound(path: Path) -> bool:
    from render.media.opening import opened, sound_of

    with opened(path) as media:
        return sound_of(media) is not None
