"""A typed interface to ffmpeg-python: every graph that Tailframe runs is built with what stands here.

ffmpeg-python carries no types and takes any path as an address. Here an input is always a file of a container that
was recognised by its first bytes, or a pipe, or a picture that ffmpeg makes up itself; never a playlist or a link.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Protocol, cast

import ffmpeg

from render.media.containers import demuxer_of

PRECISE = "bicubic+accurate_rnd+full_chroma_int"
"""Flags of the filter `scale`, so that a colour is the same in a tail frame and in the cut."""


class Stream(Protocol):
    """A stream in a graph: the output of an input or of a filter."""

    @property
    def video(self) -> Stream:
        """Its picture alone."""
        ...

    @property
    def audio(self) -> Stream:
        """Its sound alone."""
        ...

    def filter(self, name: str, *args: object, **options: object) -> Stream:
        """The stream after one filter."""
        ...


class Output(Protocol):
    """A finished graph that writes one file."""


def source(path: Path, **options: object) -> Stream:
    """A media file as input, opened by the demuxer that its first bytes name. Raises MediaError where none does."""
    return cast(Stream, ffmpeg.input(f"file:{path.absolute()}", format=demuxer_of(path), **options))


def concat_list(path: Path, demuxers: Sequence[str]) -> Stream:
    """The files that a list of our own names, one after the other; each may only be read by one of `demuxers`.

    The packets are passed on untouched (`auto_convert` would add parameter sets to each key frame).
    """
    allowed = ",".join(["concat", *demuxers])
    return cast(
        Stream,
        ffmpeg.input(f"file:{path.absolute()}", format="concat", safe=0, auto_convert=0, format_whitelist=allowed),
    )


def raw_frames(width: int, height: int, fps: Fraction, pix_fmt: str = "rgb24") -> Stream:
    """Uncompressed frames, fed through the pipe."""
    size = f"{width}x{height}"
    return cast(Stream, ffmpeg.input("pipe:0", format="rawvideo", pix_fmt=pix_fmt, s=size, framerate=str(fps)))


def raw_sound(rate: int, channels: int) -> Stream:
    """Interleaved 32-bit float samples (little-endian), fed through the pipe."""
    return cast(Stream, ffmpeg.input("pipe:0", format="f32le", ar=rate, ac=channels))


def invented(description: str) -> Stream:
    """Something that ffmpeg makes up itself, as a description of a source filter: `color=c=black:s=1280x720:r=24`."""
    return cast(Stream, ffmpeg.input(description, format="lavfi"))


def metadata_file(path: Path) -> Stream:
    """A file of names and chapters in ffmpeg's own form (FFMETADATA): neither picture nor sound."""
    told = ffmpeg.input(f"file:{path.absolute()}", format="ffmetadata")
    return cast(Stream, told["s?"])  # a stream that it does not have, so that it stands in the graph


def attached_picture(path: Path) -> Stream:
    """A JPEG as the cover of the file, passed on as it is."""
    return cast(Stream, ffmpeg.input(f"file:{path.absolute()}", format="jpeg_pipe")).video


def still(path: Path, width: int, height: int) -> Stream:
    """One uncompressed frame in a file of our own, three bytes a pixel (RGB)."""
    size = f"{width}x{height}"
    return cast(Stream, ffmpeg.input(f"file:{path.absolute()}", format="rawvideo", pix_fmt="rgb24", s=size))


def subtitle_file(path: Path) -> Stream:
    """The lines of a SubRip file (.srt), as a stream of subtitles."""
    return cast(Stream, ffmpeg.input(f"file:{path.absolute()}", format="srt")["s"])


def merge(streams: Sequence[Stream], name: str, **options: object) -> Stream:
    """Several streams through one filter, `xfade` for one."""
    return cast(Stream, ffmpeg.filter(list(streams), name, **options))


def twice(stream: Stream) -> tuple[Stream, Stream]:
    """The same stream for two filters, which a graph has to say."""
    node = ffmpeg.filter_multi_output(stream, "split")
    return cast(Stream, node.stream(0)), cast(Stream, node.stream(1))


def sink(streams: Sequence[Stream], target: Path, **options: object) -> Output:
    """The file that a graph writes. Option names are ffmpeg's own, without the dash: `**{"c:v": "copy"}`."""
    return cast(Output, ffmpeg.output(*streams, str(target), **options))


def input_number(output: Output, path: Path) -> int:
    """Which of a graph's inputs this file is, as options count them: from 0."""
    words = arguments(output)
    named = [words[place + 1] for place, word in enumerate(words) if word == "-i"]
    return named.index(f"file:{path.absolute()}")


def arguments(output: Output) -> list[str]:
    """The graph as arguments for ffmpeg; the last one is the file it writes."""
    return cast("list[str]", ffmpeg.get_args(output))
