"""Writes captions as WebVTT (.vtt), which browsers show. Pure. Follows the W3C's WebVTT, section 4."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from storyboard.captions.caption import Caption
from storyboard.captions.caption_times import begins_ms, ends_ms
from storyboard.captions.text_direction import in_order

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def webvtt(captions: Iterable[Caption], fps: Fraction, language: str) -> str:
    """The whole file, with its language in the header. A file without captions is one too."""
    cues = [f"{number}\n{_cue(each, fps)}\n" for number, each in enumerate(captions, 1)]
    return "\n".join([f"WEBVTT\nKind: subtitles\nLanguage: {language}\n", *cues])


def _cue(caption: Caption, fps: Fraction) -> str:
    where = " line:0" if caption.top else ""
    times = f"{_time(begins_ms(caption.start, fps))} --> {_time(ends_ms(caption.end, fps))}{where}"
    return "\n".join([times, *(in_order(line.translate(_ESCAPES), caption.language) for line in caption.lines)])


def _time(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}.{thousandths:03d}"
