"""What Tailframe's graphs need of ffmpeg, in one list, and whether the ffmpeg that would run them has it.

A distribution's ffmpeg may come without libx264, without a filter, or from before an option was known. Each would be
noticed by the first clip that is conformed, and that one is paid for. So `need_for_the_cut` asks before anything is
ordered or drawn, and `tailframe doctor` tells the same.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from render.concurrency.parallel import side_by_side
from render.errors import MediaError
from render.media.ffmpeg import ffmpeg_path, shipped_ffmpeg
from storyboard.film_traits import Trait, conversions

Parts = Mapping[str, frozenset[str]]
"""Names by what sort of part they are: `encoder`, `decoder`, `filter`, `demuxer`, `muxer` or `option`."""

THE_CUT: Final[Parts] = MappingProxyType(
    {
        "encoder": frozenset({"aac", "libx264", "rawvideo"}),
        "decoder": frozenset({"h264", "pcm_f32le", "rawvideo", "wrapped_avframe"}),
        "filter": frozenset(
            {
                *("abuffer", "abuffersink", "aformat", "atrim", "concat"),
                *(
                    "buffer",
                    "buffersink",
                    "color",
                    "crop",
                    "format",
                    "fps",
                    "hflip",
                    "pad",
                    "pan",
                    "scale",
                    "setparams",
                ),
                *("setpts", "setsar", "settb", "tpad", "transpose", "trim", "vflip", "xfade"),
            }
        ),
        "demuxer": frozenset({"concat", "f32le", "ffmetadata", "jpeg_pipe", "lavfi", "mov", "rawvideo"}),
        "muxer": frozenset({"mp4", "rawvideo"}),
        "option": frozenset({"copyts", "disposition", "fps_mode", "map_chapters", "progress", "stream_loop"}),
    }
)
"""Conforming, transitions, tail frames, the join, slates and the animatic. Some filters ffmpeg puts in by itself: those
that begin and end a graph, and those that turn a picture which says that it lies on its side."""

REFERENCES: Final[Parts] = MappingProxyType(
    {
        "encoder": frozenset({"aac", "flac", "libmp3lame", "libvorbis", "libx264", "pcm_s16le"}),
        "filter": frozenset({"asetpts"}),
        "muxer": frozenset({"adts", "flac", "ipod", "mov", "mp3", "mp4", "ogg", "wav"}),
    }
)
"""Making a reference fit what a vendor takes. It is done before that shot is ordered, so no shot is paid in vain."""

SUBTITLES: Final[Parts] = MappingProxyType(
    {"encoder": frozenset({"mov_text"}), "decoder": frozenset({"subrip"}), "demuxer": frozenset({"srt"})}
)
"""Tracks of subtitles in a master."""

BURNT_IN: Final[Parts] = MappingProxyType({"filter": frozenset({"ass"})})
"""Subtitles in its picture, which libass draws."""

COMPARISON: Final[Parts] = MappingProxyType({"filter": frozenset({"overlay", "xstack"})})
"""Takes beside each other in one film."""

_COLOURS: Final = frozenset({"format", "sidedata", "zscale"})

FILMS: Final[Mapping[Trait, frozenset[str]]] = MappingProxyType(
    {
        Trait.PQ: _COLOURS | {"tonemap"},
        Trait.HLG: _COLOURS | {"tonemap"},
        Trait.WIDE: _COLOURS,
        Trait.INTERLACED: frozenset({"bwdif"}),
        Trait.ALPHA: frozenset({"premultiply"}),
    }
)
"""The filters that films of some sorts need, be they references or a vendor's clips. Few films do, and builds without
zscale are common, so it is asked where there is such a film: before anything is ordered with it, or made of it."""

VEILED: Final[Mapping[str, str]] = MappingProxyType({"vp8": "libvpx", "vp9": "libvpx-vp9"})
"""By codec, the decoders that read the transparency of a WebM."""

THE_SANDBOX: Final[Parts] = MappingProxyType({"filter": frozenset({"hue", "sine", "testsrc2", "volume"})})
"""Drawing what the sandbox delivers."""

PATIENCE_S = 20.0
"""Seconds that ffmpeg has to answer one question about itself."""

_ASKED: Final = (("-encoders",), ("-decoders",), ("-filters",), ("-formats",), ("-h", "long"))
_LISTED = re.compile(r"^ [A-Z.|]{2,6} +([\w-]+) ", re.MULTILINE)
_FORMATS = re.compile(r"^ ([D ])([E ])[d ]? *(\S+) ", re.MULTILINE)
_OPTIONS = re.compile(r"^-(\w+)", re.MULTILINE)

_found: dict[tuple[str, int, int, int], Parts] = {}
"""What each ffmpeg has, by the identity of its file: facts, for as long as that file is not exchanged."""


def need_for_the_cut() -> None:
    """Raises MediaError where the ffmpeg that would be used cannot make the cut: what it lacks, and what to do."""
    ffmpeg = ffmpeg_path()
    lacking = missing(THE_CUT, parts_of(ffmpeg))
    if lacking:
        raise MediaError(f"the ffmpeg at {ffmpeg} lacks {told(lacking)}, which the cut needs", remedy())


def need_for_subtitles(*, burnt_in: bool) -> None:
    """Raises MediaError where the ffmpeg that would be used cannot draw subtitles (`burnt_in`), or make tracks of them.

    Few series have them, so it is asked where one does: before anything is ordered, and before any is made.
    """
    ffmpeg = ffmpeg_path()
    lacking = missing(BURNT_IN if burnt_in else SUBTITLES, parts_of(ffmpeg))
    if lacking:
        what = "subtitles in the picture need" if burnt_in else "tracks of subtitles need"
        raise MediaError(f"the ffmpeg at {ffmpeg} lacks {told(lacking)}, which {what}", remedy())


def need_for_comparison() -> None:
    """Raises MediaError where the ffmpeg that would be used cannot lay takes beside each other."""
    ffmpeg = ffmpeg_path()
    if lacking := missing({**THE_CUT, "filter": THE_CUT["filter"] | COMPARISON["filter"]}, parts_of(ffmpeg)):
        raise MediaError(f"the ffmpeg at {ffmpeg} lacks {told(lacking)}, which a comparison needs", remedy())


def need_for_films(films: Mapping[str, Collection[Trait]]) -> None:
    """Raises MediaError where the ffmpeg that would be used cannot bring one of these films to the master's colours.

    `films` are the traits of each by its name; of ordinary ones nothing is needed, and ffmpeg is not asked.
    """
    for name, traits in films.items():
        needed = for_films(traits)
        if needed["filter"] and (lacking := missing(needed, parts_of(ffmpeg_path()))):
            raise MediaError(
                f"the ffmpeg at {ffmpeg_path()} lacks {told(lacking)}, which {name} needs: {conversions(traits)}",
                remedy(),
            )


def for_films(traits: Collection[Trait]) -> Parts:
    """What films of these traits need."""
    decoders = frozenset(VEILED.values()) if Trait.ALPHA in traits else frozenset[str]()
    filters = frozenset[str]().union(*(FILMS.get(trait, frozenset()) for trait in traits))
    return {"decoder": decoders, "filter": filters}


def parts_of(ffmpeg: Path, *, patience_s: float = PATIENCE_S) -> Parts:
    """All that this ffmpeg has; asked once in this process, for as long as the program is not exchanged.

    Raises MediaError where it cannot be run, does not answer, or is no ffmpeg.
    """
    status = ffmpeg.stat()
    known = (str(ffmpeg), status.st_ino, status.st_size, status.st_mtime_ns)
    if known not in _found:
        version_of(ffmpeg, patience_s=patience_s)
        _found[known] = _asked(ffmpeg, patience_s)
    return _found[known]


def version_of(ffmpeg: Path, *, patience_s: float = PATIENCE_S) -> str:
    """Its version, in its own words. Raises MediaError where it is no ffmpeg that answers."""
    first = _said(ffmpeg, patience_s, "-version").partition("\n")[0].split()
    if first[:2] != ["ffmpeg", "version"] or len(first) < 3:
        raise MediaError(f"{ffmpeg} does not say that it is ffmpeg", remedy())
    return first[2]


def missing(needed: Parts, found: Parts) -> Parts:
    """What is needed and not found; empty where nothing is missing."""
    lacking = {sort: names - found.get(sort, frozenset()) for sort, names in needed.items()}
    return {sort: names for sort, names in lacking.items() if names}


def told(lacking: Parts) -> str:
    """The parts as words: "the encoder libx264 and the filters tpad, trim"."""
    each = [
        f"the {sort}{'s' * (len(names) > 1)} {', '.join(sorted(names))}" for sort, names in lacking.items() if names
    ]
    return " and ".join(each)


def remedy() -> str:
    """What to do where an ffmpeg will not do, as a sentence. The one that came along will."""
    shipped = shipped_ffmpeg()
    if os.environ.get("TAILFRAME_FFMPEG"):
        return "Name another one in TAILFRAME_FFMPEG, or unset it"
    if shipped is None:
        return "Name another one in TAILFRAME_FFMPEG"
    return f"Use the one that came along: set TAILFRAME_FFMPEG={shipped}"


def _asked(ffmpeg: Path, patience_s: float) -> Parts:
    *lists, options = side_by_side(lambda asked: _said(ffmpeg, patience_s, "-hide_banner", *asked), _ASKED)
    encoders, decoders, filters = (frozenset(_LISTED.findall(each)) for each in lists[:3])
    formats = _FORMATS.findall(lists[3])
    return {
        "encoder": encoders,
        "decoder": decoders,
        "filter": filters,
        "demuxer": frozenset(name for reads, _, names in formats if reads.strip() for name in names.split(",")),
        "muxer": frozenset(name for _, writes, names in formats if writes.strip() for name in names.split(",")),
        "option": frozenset(_OPTIONS.findall(options)),
    }


def _said(ffmpeg: Path, patience_s: float, *arguments: str) -> str:
    """What it prints. MediaError where it cannot be run or is not done in time; then nothing of it is left running."""
    try:
        process = subprocess.Popen(
            [str(ffmpeg), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise MediaError(f"{ffmpeg} cannot be run: {error.strerror or error}", remedy()) from error
    assert process.stdout is not None
    try:
        return process.communicate(timeout=patience_s)[0].decode(errors="replace")
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # it was not waited for yet, so its number is still its own
        process.wait()
        raise MediaError(f"{ffmpeg} does not answer within {patience_s:g} s", remedy()) from None
    finally:
        process.stdout.close()
