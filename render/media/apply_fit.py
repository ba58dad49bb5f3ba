"""Makes the file that a fit names: a reference changed just enough for a vendor to take it.

The storyboard decides which change and names it; the name is the whole recipe (see `storyboard.bind.fits`). The
original is never touched.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from secrets import token_hex

from PIL import Image

from render.errors import MediaError
from render.media.av_input import has_sound
from render.media.colour_conversion import brought, in_bt709
from render.media.containers import container_of
from render.media.ffmpeg import run
from render.media.graph import Output, Stream, sink, source
from render.media.measures import sha256_of
from render.media.picture_parts import without_metadata
from render.media.pictures import decoded, laid_on
from render.media.reference_facts import examine
from render.media.signature import signature
from render.media.sound_fit import first_seconds, song_graph, sound_graph
from render.media.tail_frame import FilmPart, frames_within
from storyboard.bind.fits import PADDING_S, PARTED, Fit, parse_fit
from storyboard.shot import MediaKind

_QUALITIES = (95, 90, 85, 75, 65, 50, 35)
_PILLOW_NAMES = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "bmp": "BMP", "tiff": "TIFF", "gif": "GIF"}
_PAPER = (255, 255, 255)  # shows where a picture is see-through, once its format or its vendor knows no such thing
_SOUND_BITS_PER_S = 192_000


@dataclass(frozen=True, slots=True)
class _Rates:
    """Bits per second that picture and sound may take; None for the picture where quality alone decides."""

    picture: int | None
    sound: int


async def apply_fit(original: Path, fit: str, target: Path) -> None:
    """Write to `target` what the fit makes of `original`. Raises MediaError where it cannot, or it is too large."""
    try:
        recipe = parse_fit(fit)
    except ValueError as error:
        raise MediaError(f"{fit!r} is not a fit that can be made: {error}", "Make the plan again") from error
    if recipe.kind is MediaKind.IMAGE:
        await asyncio.to_thread(_fit_picture, original, recipe, target)
    else:
        await _fit_media(original, recipe, target)
    _check_bytes(original, recipe, target)


def _check_bytes(original: Path, recipe: Fit, target: Path) -> None:
    size = target.stat().st_size
    if recipe.max_bytes is None or size <= recipe.max_bytes:
        return
    target.unlink()
    raise MediaError(
        f"{original.name} is still {size:,} bytes as {recipe}, and {recipe.max_bytes:,} are allowed",
        "Give a smaller or shorter file",
    )


def _fit_picture(original: Path, recipe: Fit, target: Path) -> None:
    if recipe.format not in _PILLOW_NAMES:
        raise MediaError(
            f"no picture can be saved as {recipe.format!r}", f"Valid values are: {', '.join(_PILLOW_NAMES)}"
        )
    part = target.with_name(f".{target.stem}.{token_hex(4)}.part")
    try:
        part.write_bytes(_untouched(original, recipe) or _saved(_drawn(original, recipe), recipe))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _untouched(original: Path, recipe: Fit) -> bytes:
    """The very same picture without metadata; nothing where the recipe asks for more than that."""
    container = container_of(original)
    alone = Fit(kind=recipe.kind, format=container.name, bare=True)
    return without_metadata(original, container) if recipe == alone and container.name in PARTED else b""


def _drawn(original: Path, recipe: Fit) -> Image.Image:
    """The picture as viewers show it, as large as the recipe says."""
    picture = decoded(original)
    if recipe.srgb:
        picture = laid_on(picture, _PAPER)
        picture.info.clear()
    if recipe.bare:
        picture.info = {key: each for key, each in picture.info.items() if key == "icc_profile"}
    if recipe.size and picture.size != recipe.size:
        picture = picture.resize(recipe.size, Image.Resampling.LANCZOS)
    return picture


def _saved(picture: Image.Image, recipe: Fit) -> bytes:
    """The picture in its format: of the qualities that are small enough, the best; else the smallest."""
    if recipe.format in {"jpeg", "bmp"}:
        picture = laid_on(picture, _PAPER)
    qualities = _QUALITIES if recipe.format in {"jpeg", "webp"} else _QUALITIES[:1]
    finer = {"subsampling": 0} if recipe.srgb and recipe.format == "jpeg" else {}  # a colour has each of its pixels
    written = b""
    for quality in qualities:
        buffer = BytesIO()
        picture.save(buffer, format=_PILLOW_NAMES[recipe.format], quality=quality, optimize=True, **finer)
        written = buffer.getvalue()
        if recipe.max_bytes is None or len(written) <= recipe.max_bytes:
            break
    return written


async def _fit_media(original: Path, recipe: Fit, target: Path) -> None:
    facts = await asyncio.to_thread(lambda: examine(original, sha256_of(original)))
    asked_s = recipe.window.length_s if recipe.window else recipe.seconds
    length_s = min((Fraction(each) for each in (facts.duration_s, asked_s) if each), default=None)
    rates = _rates(recipe, length_s)
    what = f"make {original.name} fit as {recipe}"
    if recipe.as_in_cut and recipe.window is not None:
        graph, samples = song_graph(original, recipe, recipe.window, target, rates.sound)
        await run(graph, what=what, feed=samples)
        return
    if recipe.kind is MediaKind.VIDEO:
        graph = await asyncio.to_thread(_video, original, recipe, target, rates)
    else:
        graph = await asyncio.to_thread(sound_graph, original, recipe, target, rates.sound)
    await run(graph, what=what, total_s=float(length_s) if length_s else None)


def _rates(recipe: Fit, length_s: Fraction | None) -> _Rates:
    """What may be spent so that the file stays below its limit, with a tenth to spare for the container."""
    if recipe.max_bytes is None or not length_s:
        return _Rates(None, _SOUND_BITS_PER_S)
    allowed = int(recipe.max_bytes * 8 * 9 / 10 / length_s)
    sound = min(_SOUND_BITS_PER_S, max(32_000, allowed if recipe.kind is MediaKind.AUDIO else allowed // 10))
    return _Rates(max(50_000, allowed - sound), sound)


def _video(original: Path, recipe: Fit, target: Path, rates: _Rates) -> Output:
    """H.264 in MP4 or MOV, in the master's colours, with the clip's own sound where it has any."""
    encoded = signature(original)
    part = frames_within(original, recipe.window) if recipe.window else None
    picture = _first(brought(original, encoded, only=part.frames if part else None), recipe)
    if part:
        picture = picture.filter("setpts", "PTS-STARTPTS")
    if recipe.fps:
        picture = picture.filter("fps", fps=str(recipe.fps), round="near")
    wide, high = recipe.size or ("trunc(iw*sar/2)*2", "trunc(ih/2)*2")
    streams = [in_bt709(picture, encoded, wide, high)]
    options: dict[str, object] = {"c:v": "libx264", "crf": 18, "preset": "veryfast"}
    if rates.picture:
        options |= {"maxrate": rates.picture, "bufsize": rates.picture}
    if has_sound(original):
        heard = source(original).audio
        streams.append(_beside(heard, part) if part else first_seconds(heard, recipe))
        options |= {"c:a": "aac", "b:a": rates.sound}
    return sink(streams, target, **options, format=recipe.format, movflags="+faststart", map_metadata=-1)


def _beside(stream: Stream, part: FilmPart) -> Stream:
    """The sound that goes with these frames; it ends a little earlier, as in `first_seconds`."""
    begin_s, end_s = float(part.starts_s), float(part.ends_s) - float(PADDING_S)
    heard = stream.filter("atrim", start=begin_s, end=max(begin_s + 0.05, end_s))
    return heard.filter("asetpts", f"PTS-{begin_s:.6f}/TB")


def _first(stream: Stream, recipe: Fit) -> Stream:
    return stream if recipe.seconds is None else stream.filter("trim", end=max(0.05, float(recipe.seconds)))
