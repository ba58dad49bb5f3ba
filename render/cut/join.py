"""Joins pieces and their sound into the master, both copied, with what it tells of itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from render.concurrency.together import both
from render.errors import MediaError
from render.markers.ffmetadata import with_metadata, write_metadata
from render.markers.labels import Labels
from render.media.av_input import need_picture, opened
from render.media.containers import demuxer_of
from render.media.ffmpeg import Progress, run
from render.media.frame_rate import timescale
from render.media.graph import Output, Stream, concat_list, sink, source
from render.media.measures import seconds, sha256_of
from render.media.sound_samples import SOUND_RATE
from render.mix.encoded_blocks import Treatment
from render.mix.programme_loudness import LoudnessFigures
from storyboard.shot import MasterFormat
from storyboard.timeline.master_timeline import Timeline

if TYPE_CHECKING:
    from render.cut.segment_files import SegmentFile


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterFacts:
    """The finished master, as it was measured. Sizes are in pixels, `duration_s` in seconds.

    `copied` says whether every picture in it is still the vendor's own encode.
    """

    path: Path
    sha256: str
    bytes: int
    duration_s: Decimal
    width: int
    height: int
    fps: Fraction
    copied: bool = True
    loudness: LoudnessFigures | None = None  # measured on the encoded sound
    treatment: Treatment | None = None  # what brought the mix to it
    notes: tuple[str, ...] = ()


async def join(
    pictures: Sequence[SegmentFile],
    sound: Path,
    timeline: Timeline,
    master: MasterFormat,
    target: Path,
    *,
    labels: Labels | None = None,
    progress: Progress | None = None,
) -> MasterFacts:
    """Write the master to `target` (.mp4): the pictures one after the other, and the sound (AAC) beside them, copied.

    The pictures must agree in every parameter; `plan_cut` sees to that. `labels` are what the file tells of itself.

    Raises MediaError where a picture has not the frames it should: a master of another length is never left behind.
    """
    if not pictures:
        raise MediaError(f"there is nothing to join into {target.name}: the episode has no pieces")
    part = target.with_name(f".{target.stem}.{token_hex(4)}.joined{target.suffix}")
    try:
        with _listed(pictures, timeline.fps, target) as listing:
            picture = concat_list(listing, sorted({demuxer_of(each.path) for each in pictures})).video
            graph = _labelled([picture, source(sound).audio], part, listing.parent, labels, master)
            await run(
                graph,
                what=f"join {len(pictures)} pieces into {target.name}",
                total_s=float(timeline.seconds(timeline.frames)),
                progress=progress,
                cwd=listing.parent,
            )
        looked_at = asyncio.to_thread(_checked, part, target, timeline, master)
        facts, sha256 = await both(looked_at, asyncio.to_thread(sha256_of, part))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return replace(facts, sha256=sha256)


def _labelled(
    streams: Sequence[Stream], target: Path, scratch: Path, labels: Labels | None, master: MasterFormat
) -> Output:
    options: dict[str, object] = {
        "c:v": "copy",
        "c:a": "copy",
        "copyts": None,  # else the picture starts late by what the clips' own sound runs ahead of it
        "format": "mp4",
        "movflags": "+faststart",
        "video_track_timescale": timescale(master.fps),
        "fflags": "+bitexact",
    }
    if labels is None:
        exact = {"movie_timescale": SOUND_RATE}  # else the end of the sound is rounded to a millisecond
        return sink(streams, target, **options, **exact, map_metadata=-1, map_chapters=-1)
    told = write_metadata(labels.metadata, labels.chapters, master.fps, scratch / "labels.ffmetadata")
    spoken = labels.metadata.language
    return with_metadata(streams, target, told, fps=master.fps, cover=None, language=spoken, **options)


@contextmanager
def _listed(pictures: Sequence[SegmentFile], fps: Fraction, beside: Path) -> Iterator[Path]:
    """The list that ffmpeg's concat demuxer reads, in a folder of links to the pieces; read it from within that folder.

    It names the links, so that no folder's name, whatever it holds, is ever part of a line. Lengths are differences of
    rounded ends, so no error adds up.
    """
    lines, at = ["ffconcat version 1.0"], 0
    with TemporaryDirectory(prefix=f".{beside.stem}.", dir=beside.parent) as folder:
        for number, picture in enumerate(pictures):
            link = Path(folder, f"{number}.mp4")
            link.symlink_to(picture.path.absolute())
            begin, end = (_microseconds(frame / fps) for frame in (at, at + picture.frames))
            lines += [f"file file:{link.name}", f"duration {end - begin}us"]
            at += picture.frames
        listing = Path(folder, "pieces.ffconcat")
        listing.write_text("\n".join([*lines, ""]), encoding="utf-8")
        yield listing


def _microseconds(seconds: Fraction) -> int:
    return round(seconds * 1_000_000)


def _checked(part: Path, target: Path, timeline: Timeline, master: MasterFormat) -> MasterFacts:
    """Count what was written: a piece with other frames than it should have must not pass. It hashes nothing."""
    with opened(part) as container:
        stream = need_picture(container, part)
        found = sum(1 for packet in container.demux(stream) if packet.size)
        size = (stream.codec_context.width, stream.codec_context.height)
    if found != timeline.frames:
        raise MediaError(f"{target.name} came out with {found} frames instead of {timeline.frames}", "Cut it again")
    return MasterFacts(
        path=target,
        sha256="",
        bytes=part.stat().st_size,
        duration_s=seconds(timeline.seconds(timeline.frames)),
        width=size[0],
        height=size[1],
        fps=master.fps,
    )
