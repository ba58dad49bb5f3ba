"""Joins pieces into the master: the picture is copied, the sound decoded, laid exactly under it, and encoded once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory

from render.cut.house import SOUND_OPTIONS, SOUND_RATE, timescale
from render.cut.sound import CHANNELS, Heard, samples_at, soundtrack
from render.errors import MediaError
from render.media.containers import demuxer_of
from render.media.ffmpeg import Progress, run
from render.media.graph import Stream, concat_list, merge, raw_sound, sink, source
from render.media.measures import seconds, sha256_of
from render.media.opening import need_picture, opened, sound_of
from storyboard.shot import MasterFormat

_CEILING = 0.97  # of full scale; music and speech together may not clip


@dataclass(frozen=True, slots=True)
class JoinPiece:
    """A picture that can be copied, and where its sound comes from (None: silence). Both begin at the same moment."""

    picture: Path
    sound: Path | None
    frames: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MusicBed:
    """Music under the whole master: from its start, so much louder or softer, fading out at the end."""

    path: Path
    gain_db: Decimal = Decimal(0)
    fade_out_s: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterFacts:
    """The finished master. `copied` says whether every picture in it is still the vendor's own encode."""

    path: Path
    sha256: str
    bytes: int
    duration_s: Decimal
    width: int
    height: int
    fps: Fraction
    copied: bool = True
    notes: tuple[str, ...] = ()


async def join(
    pieces: Sequence[JoinPiece],
    master: MasterFormat,
    target: Path,
    *,
    music: MusicBed | None = None,
    progress: Progress | None = None,
) -> MasterFacts:
    """Write the master to `target` (.mp4). The pictures must agree in every parameter; `plan_cut` sees to that.

    MediaError where a picture does not have the frames it should: a master of another length is never left behind.
    """
    if not pieces:
        raise MediaError(f"there is nothing to join into {target.name}: the episode has no pieces")
    frames = sum(piece.frames for piece in pieces)
    heard = [Heard(piece.sound, piece.frames) for piece in pieces]
    part = target.with_name(f".{target.stem}.{token_hex(4)}.joined{target.suffix}")
    try:
        with _listed(pieces, master.fps, target) as listing:
            pictures = concat_list(listing, sorted({demuxer_of(piece.picture) for piece in pieces})).video
            sound = _mixed(raw_sound(SOUND_RATE, CHANNELS).audio, music, samples_at(frames, master.fps))
            graph = sink([pictures, sound], part, **_options(master))
            await run(
                graph,
                what=f"join {len(pieces)} pieces into {target.name}",
                total_s=float(frames / master.fps),
                progress=progress,
                feed=soundtrack(heard, master.fps),
                cwd=listing.parent,
            )
        facts = await asyncio.to_thread(_checked, part, target, frames, master)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return facts


def _options(master: MasterFormat) -> dict[str, object]:
    return {
        "c:v": "copy",
        "copyts": None,  # else the picture starts late by what the clips' own sound runs ahead of it
        **SOUND_OPTIONS,
        "format": "mp4",
        "movflags": "+faststart",
        "video_track_timescale": timescale(master.fps),
        "map_metadata": -1,
        "map_chapters": -1,
        "fflags": "+bitexact",
        "flags:a": "+bitexact",
    }


@contextmanager
def _listed(pieces: Sequence[JoinPiece], fps: Fraction, beside: Path) -> Iterator[Path]:
    """The list that ffmpeg's concat demuxer reads, in a folder of links to the pieces; read it from within that folder.

    It names the links, so that no folder's name, whatever it holds, is ever part of a line. Lengths are differences of
    rounded ends, so no error adds up.
    """
    lines, frame = ["ffconcat version 1.0"], 0
    with TemporaryDirectory(prefix=f".{beside.stem}.", dir=beside.parent) as folder:
        for number, piece in enumerate(pieces):
            link = Path(folder, f"{number}.mp4")
            link.symlink_to(piece.picture.absolute())
            begin, end = _microseconds(frame, fps), _microseconds(frame + piece.frames, fps)
            lines += [f"file file:{link.name}", f"duration {end - begin}us"]
            frame += piece.frames
        listing = Path(folder, "pieces.ffconcat")
        listing.write_text("\n".join([*lines, ""]), encoding="utf-8")
        yield listing


def _microseconds(frame: int, fps: Fraction) -> int:
    return round(frame * 1_000_000 / fps)


def _mixed(voice: Stream, music: MusicBed | None, samples: int) -> Stream:
    """The pieces' sound, with the music under it; exactly `samples` long either way."""
    if music is None:
        return voice
    bed = _bed(music, samples)
    both = merge([voice, bed], "amix", inputs=2, normalize=0, duration="first")
    limited = both.filter("alimiter", limit=_CEILING, level=0, latency=1)
    return limited.filter("apad", whole_len=samples).filter("atrim", end_sample=samples)


def _bed(music: MusicBed, samples: int) -> Stream:
    length_s = Fraction(samples, SOUND_RATE)
    own_s = sound_seconds(music.path)
    end_s = min(length_s, own_s) if own_s else length_s
    fade_s = min(end_s, Fraction(music.fade_out_s))
    bed = source(music.path).audio.filter("aresample", SOUND_RATE).filter("aformat", channel_layouts="stereo")
    bed = bed.filter("volume", f"{music.gain_db}dB")
    if fade_s:
        bed = bed.filter("afade", type="out", start_time=float(end_s - fade_s), duration=float(fade_s))
    return bed.filter("atrim", end_sample=samples)


def sound_seconds(path: Path) -> Fraction | None:
    """How long the file's sound is, by its header; None where it does not say. MediaError where there is none."""
    with opened(path) as container:
        stream = sound_of(container)
        if stream is None:
            raise MediaError(f"{path.name} holds no sound, and music is needed here. Give a sound file")
        if stream.duration is None or stream.time_base is None:
            return None
        return stream.duration * stream.time_base


def _checked(part: Path, target: Path, frames: int, master: MasterFormat) -> MasterFacts:
    """Count what was written: a piece with other frames than it should have must not pass."""
    with opened(part) as container:
        stream = need_picture(container, part)
        found = sum(1 for packet in container.demux(stream) if packet.size)
        size = (stream.codec_context.width, stream.codec_context.height)
    if found != frames:
        raise MediaError(f"{target.name} came out with {found} frames instead of {frames}. Cut it again")
    return MasterFacts(
        path=target,
        sha256=sha256_of(part),
        bytes=part.stat().st_size,
        duration_s=seconds(frames / master.fps),
        width=size[0],
        height=size[1],
        fps=master.fps,
    )
