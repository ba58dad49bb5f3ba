"""Puts captions into an MP4 as tracks that a viewer can switch on. Picture and sound are copied, packet by packet."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from render.media.av_input import has_sound, need_picture, opened
from render.media.ffmpeg import Progress, run
from render.media.ffmpeg_needs import need_for_subtitles
from render.media.graph import Output, sink, source, subtitle_file
from storyboard.captions.caption import CaptionTrack
from storyboard.captions.srt import srt
from storyboard.languages import iso_639_2

RECIPE = "soft-1"
"""A part of the key of a master that was given tracks. Changes with anything below."""


async def with_soft_tracks(
    master: Path,
    tracks: Sequence[CaptionTrack],
    target: Path,
    *,
    default: str | None = None,
    progress: Progress | None = None,
) -> None:
    """Write `target` (.mp4): the master, and a track of each language after its picture and sound.

    `default` is the language that players show without being asked; None: that of none, as where one is burnt in.
    Raises MediaError, and then leaves no file.
    """
    shown = [track for track in tracks if track.captions]
    if not shown:
        await asyncio.to_thread(_copy, master, target)
        return
    await asyncio.to_thread(need_for_subtitles, burnt_in=False)
    timescale, sounds = await asyncio.to_thread(_streams, master)
    with TemporaryDirectory(prefix=f".{target.stem}.", dir=target.parent) as folder:
        files = [Path(folder, f"{number}.srt") for number in range(len(shown))]
        for track, file in zip(shown, files, strict=True):
            file.write_text(srt(track.captions, track.fps), encoding="utf-8")
        graph = _graph(master, files, shown, target, default=default, timescale=timescale, sounds=sounds)
        last = max(track.captions[-1].end / track.fps for track in shown)
        await run(graph, what=f"put subtitles into {target.name}", total_s=float(last), progress=progress)


def _graph(
    master: Path,
    files: Sequence[Path],
    tracks: Sequence[CaptionTrack],
    target: Path,
    *,
    default: str | None,
    timescale: int,
    sounds: bool,
) -> Output:
    film = source(master)
    streams = [film.video, *([film.audio] if sounds else []), *(subtitle_file(file) for file in files)]
    options: dict[str, object] = {
        "c:v": "copy",
        "c:a": "copy",
        "c:s": "mov_text",
        "copyts": None,
        "format": "mp4",
        "movflags": "+faststart",
        "video_track_timescale": timescale,
        "fflags": "+bitexact",
    }
    for number, track in enumerate(tracks):
        options[f"metadata:s:s:{number}"] = f"language={iso_639_2(track.language)}"
        options[f"metadata:s:{len(streams) - len(tracks) + number}"] = f"handler_name={track.language}"
        options[f"disposition:s:{number}"] = "default" if track.language == default else "0"
    return sink(streams, target, **options)


def _streams(master: Path) -> tuple[int, bool]:
    """The ticks a second of its picture, which stay as they are, and whether it has sound."""
    with opened(master) as container:
        base = need_picture(container, master).time_base
    return (base.denominator if base else 0), has_sound(master)


def _copy(master: Path, target: Path) -> None:
    part = target.with_name(f".{target.stem}.part{target.suffix}")
    try:
        shutil.copyfile(master, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
