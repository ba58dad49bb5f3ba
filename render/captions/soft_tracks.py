"""Puts captions into an MP4 as tracks that a viewer can switch on. Picture and sound are copied, packet by packet."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from render.markers.ffmetadata import write_chapters
from render.media.av_input import need_picture, opened
from render.media.ffmpeg import Progress, run
from render.media.ffmpeg_needs import need_for_subtitles
from render.media.graph import Output, input_number, metadata_file, sink, source, subtitle_file
from storyboard.captions.caption import CaptionTrack
from storyboard.captions.srt import srt
from storyboard.languages import iso_639_2
from storyboard.timeline.markers import Chapter

if TYPE_CHECKING:
    from av.container import InputContainer

RECIPE = "soft-2"
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
    held = await asyncio.to_thread(_streams, master)
    with TemporaryDirectory(prefix=f".{target.stem}.", dir=target.parent) as folder:
        files = [Path(folder, f"{number}.srt") for number in range(len(shown))]
        for track, file in zip(shown, files, strict=True):
            file.write_text(srt(track.captions, track.fps), encoding="utf-8")
        told = None
        if held.chapters:
            told = write_chapters(held.chapters, Fraction(held.timescale), Path(folder, "chapters.ffmetadata"))
        graph = _graph(master, held, dict(zip(files, shown, strict=True)), target, default=default, chapters=told)
        last = max(track.captions[-1].end / track.fps for track in shown)
        await run(graph, what=f"put subtitles into {target.name}", total_s=float(last), progress=progress)


@dataclass(frozen=True, slots=True)
class _Held:
    """What a master holds: the ticks a second of its picture, which stay as they are, and how many streams."""

    timescale: int
    pictures: int  # a poster is one of them
    sounds: int
    chapters: tuple[Chapter, ...]  # in these ticks


def _graph(
    master: Path,
    held: _Held,
    tracks: Mapping[Path, CaptionTrack],
    target: Path,
    *,
    default: str | None,
    chapters: Path | None,
) -> Output:
    """Chapters come from a file of ours: as they are read from the master, they are counted so finely that one of more
    than some seconds has no place in a track."""
    film = source(master)
    streams = [film.video, *([film.audio] if held.sounds else []), *(subtitle_file(file) for file in tracks)]
    options: dict[str, object] = {
        "c:v": "copy",
        "c:a": "copy",
        "c:s": "mov_text",
        "copyts": None,
        "format": "mp4",
        "movflags": "+faststart",
        "video_track_timescale": held.timescale,
        "fflags": "+bitexact",
    }
    for number, track in enumerate(tracks.values()):
        options[f"metadata:s:s:{number}"] = f"language={iso_639_2(track.language)}"
        options[f"metadata:s:{held.pictures + held.sounds + number}"] = f"handler_name={track.language}"
        options[f"disposition:s:{number}"] = "default" if track.language == default else "0"
    if chapters is None:
        return sink(streams, target, **options)
    streams.append(metadata_file(chapters))
    number = input_number(sink(streams, target, **options), chapters)
    return sink(streams, target, **options, map_chapters=number, movie_timescale=held.timescale)


def _streams(master: Path) -> _Held:
    with opened(master) as container:
        base = need_picture(container, master).time_base
        ticks = base.denominator if base else 0
        counts = len(container.streams.video), len(container.streams.audio)
        return _Held(ticks, *counts, tuple(_chapters(container, ticks)))


def _chapters(container: InputContainer, ticks: int) -> Iterator[Chapter]:
    for each in container.chapters():
        start, end = (round(each[edge] * (each["time_base"] or 0) * ticks) for edge in ("start", "end"))
        yield Chapter(each["metadata"].get("title", ""), start, end)


def _copy(master: Path, target: Path) -> None:
    part = target.with_name(f".{target.stem}.part{target.suffix}")
    try:
        shutil.copyfile(master, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
