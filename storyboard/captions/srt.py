"""Writes captions as SubRip (.srt). Pure.

SubRip has no way to escape anything, and players read tags of HTML and of ASS in it. Where words would be read as
either, or as the arrow between two times, a word joiner keeps the signs apart; nobody sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from storyboard.captions.caption import Caption
from storyboard.captions.caption_times import begins_ms, ends_ms
from storyboard.captions.text_direction import in_order

WORD_JOINER = "\u2060"

_AT_THE_TOP = r"{\an8}"
_ACTING = re.compile(r"[<{\\]|--(?=>)")


def srt(captions: Iterable[Caption], fps: Fraction) -> str:
    """The whole file. Empty where there are no captions."""
    return "".join(f"{number}\n{_cue(each, fps)}\n\n" for number, each in enumerate(captions, 1))


def _cue(caption: Caption, fps: Fraction) -> str:
    times = f"{_time(begins_ms(caption.start, fps))} --> {_time(ends_ms(caption.end, fps))}"
    lines = [in_order(_plain(line), caption.language) for line in caption.lines]
    return "\n".join([times, (_AT_THE_TOP if caption.top else "") + lines[0], *lines[1:]])


def _plain(line: str) -> str:
    return _ACTING.sub(lambda found: found[0] + WORD_JOINER, line)


def _time(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d},{thousandths:03d}"
