"""Names and chapters on their way into a film: a file that ffmpeg reads, and the graph that reads it.

The muxer of MP4 writes each chapter twice: as a track of text, which QuickTime, mpv and editors read to the frame, and
as a list for players that know no such track. Nothing of the machine and no date is told, so the same cut is the same
file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from render.media.frame_rate import timescale
from render.media.graph import Output, Stream, attached_picture, input_number, metadata_file, sink
from storyboard.text.printable import one_line, printable
from storyboard.timeline.markers import Chapter, Metadata

_FIRST_LINE = ";FFMETADATA1"
_SIGNS = re.compile(r"[=;#\\\n]")
_TV_SHOW = 10  # the kind of film that libraries sort by show and episode, as iTunes numbers them


def write_metadata(
    metadata: Metadata,
    chapters: Sequence[Chapter],
    fps: Fraction,
    target: Path,
    *,
    kind: bool = True,
    ogg: bool = False,
) -> Path:
    """Write what `with_metadata` puts into a file; gives `target` back. Chapters count frames at `fps`.

    `kind`: say what kind of film it is, in the number that only MP4 has for it. `ogg`: write chapters as the comments
    that an Ogg file has for them, since ffmpeg rounds their seconds and then adds the rest.
    """
    told = [*_names(metadata, kind=kind), *(_comment_lines if ogg else _chapter_lines)(chapters, fps)]
    target.write_text("\n".join([_FIRST_LINE, *told, ""]), encoding="utf-8")
    return target


def write_chapters(chapters: Sequence[Chapter], fps: Fraction, target: Path) -> Path:
    """Write chapters alone, in the same form."""
    target.write_text("\n".join([_FIRST_LINE, *_chapter_lines(chapters, fps), ""]), encoding="utf-8")
    return target


def with_metadata(
    streams: Sequence[Stream],
    target: Path,
    metadata: Path,
    *,
    fps: Fraction | None,
    cover: Path | None = None,
    language: str | None = None,
    **options: object,
) -> Output:
    """The graph of `sink(streams, target, **options)` with names, chapters and a cover (a JPEG) in the file.

    `streams` are a picture and its sound, in this order, and what else there is; `metadata` is what `write_metadata`
    wrote; `fps` is that of an MP4, whose clock follows from it, None of any other file; `language` is the sound's, as
    ISO 639-2 writes it. What the streams' own files tell of themselves is left out.
    """
    extra: list[Stream] = [] if cover is None else [attached_picture(cover)]
    told = [*streams, *extra, metadata_file(metadata)]
    covered: dict[str, object] = {"c:v:1": "copy", "disposition:v:1": "attached_pic"} if extra else {}
    spoken = {"metadata:s:a:0": f"language={language}"} if language else {}
    # else chapters and edit lists count milliseconds
    clock = {} if fps is None else {"movie_timescale": timescale(fps)}
    given = {
        **options,
        **covered,
        **spoken,
        "map_metadata:s": -1,
        **clock,
    }
    number = input_number(sink(told, target, **given), metadata)
    return sink(told, target, **given | {"map_metadata": number, "map_chapters": number})


def _names(metadata: Metadata, *, kind: bool) -> Iterator[str]:
    named = {
        "title": metadata.title,
        "show": metadata.show,
        "episode_id": metadata.episode_id,
        "episode_sort": metadata.episode_sort,
        "comment": metadata.comment,
        "media_type": _TV_SHOW if kind else None,
    }
    yield from (f"{key}={_escaped(str(value))}" for key, value in named.items() if value is not None)


def _chapter_lines(chapters: Sequence[Chapter], fps: Fraction) -> Iterator[str]:
    for chapter in chapters:
        yield "[CHAPTER]"
        yield f"TIMEBASE={fps.denominator}/{fps.numerator}"
        yield f"START={chapter.start}"
        yield f"END={chapter.end}"
        yield f"title={_escaped(one_line(chapter.title))}"


def _comment_lines(chapters: Sequence[Chapter], fps: Fraction) -> Iterator[str]:
    for number, chapter in enumerate(chapters):
        seconds, thousandths = divmod(round(chapter.start * 1000 / fps), 1000)
        minutes, second = divmod(seconds, 60)
        at = f"{minutes // 60:02}:{minutes % 60:02}:{second:02}.{thousandths:03}"
        yield f"CHAPTER{number:03}={at}"
        yield f"CHAPTER{number:03}NAME={_escaped(one_line(chapter.title))}"


def _escaped(text: str) -> str:
    """A value as it may stand behind a `=`, line breaks included: nothing of it can begin another key or chapter.

    ffmpeg takes the line below for a part of one that ends in a backslash, even an escaped one, so a blank ends it.
    """
    shown = printable(text, lines=True)
    return _SIGNS.sub(lambda sign: f"\\{sign[0]}", f"{shown} " if shown.endswith("\\") else shown)
