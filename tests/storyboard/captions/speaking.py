"""Lines, timelines and rules for tests of captions, and strict little readers of what is written of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

from storyboard.captions.caption import CaptionTrack, Heard, Interval, SpokenLine, Words
from storyboard.captions.caption_track import caption_track
from storyboard.subtitle_rules import SubtitleRules, usual_limits
from storyboard.timeline.master_timeline import Timeline

FPS = Fraction(24)
RATES = (Fraction(24), Fraction(25), Fraction(24000, 1001), Fraction(30000, 1001))

_SRT_TIME = re.compile(r"(\d{2,}):([0-5]\d):([0-5]\d),(\d{3}) --> (\d{2,}):([0-5]\d):([0-5]\d),(\d{3})")
_VTT_TIME = re.compile(r"(\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3}) --> (\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3})(?: line:0)?")
_SIGNS_OF_OURS = re.compile("[\u2060\u202b\u202c]")


@dataclass(frozen=True)
class Cue:
    """What a file says of one caption: from which frame to before which, and what."""

    start: int
    end: int
    lines: tuple[str, ...]


def line(shot: str, text: str, *, speaker: str = "Mara", heard: Heard | None = None, **words: str) -> SpokenLine:
    """A line in English, with its translations by language."""
    return SpokenLine(
        shot=shot,
        speaker=speaker,
        words={"en": Words(text), **{tag.replace("_", "-"): Words(each) for tag, each in words.items()}},
        heard=heard,
    )


def timeline(*lengths: int, fps: Fraction = FPS) -> Timeline:
    """Shots a/0, a/1 and so on, of so many frames."""
    return Timeline.laid(((f"a/{place}", frames) for place, frames in enumerate(lengths)), fps)


def rules(language: str = "en", *, speakers: bool = False, **limits: Any) -> SubtitleRules:
    """The usual rules of a language, but for what is said."""
    usual = usual_limits(language)
    own = {name: getattr(usual, name) for name in ("max_line", "max_lines", "max_cps", "min_s", "max_s")} | limits
    return SubtitleRules(languages=(language,), limits={language: type(usual)(**own)}, speakers=speakers)


def track(
    lines: Sequence[SpokenLine],
    laid: Timeline,
    language: str = "en",
    *,
    made_by: SubtitleRules | None = None,
    speech: Mapping[str, Sequence[Interval]] | None = None,
) -> CaptionTrack:
    """The captions of these lines in one language; English is what is spoken."""
    return caption_track(lines, laid, language, made_by or rules(language), spoken="en", speech=speech)


def shown(made: CaptionTrack) -> list[tuple[int, int, str]]:
    """Each caption's frames and text."""
    return [(each.start, each.end, each.text) for each in made.captions]


def read_srt(text: str, fps: Fraction) -> list[Cue]:
    """Every cue of a SubRip file. AssertionError where it is not one to the letter."""
    return [_srt_cue(number, block, fps) for number, block in enumerate(_blocks(text), 1)]


def read_vtt(text: str, fps: Fraction, language: str) -> list[Cue]:
    """Every cue of a WebVTT file. AssertionError where it is not one to the letter."""
    head, _, rest = text.partition("\n\n")
    assert head.rstrip("\n").split("\n") == ["WEBVTT", "Kind: subtitles", f"Language: {language}"]
    return [_vtt_cue(number, block, fps) for number, block in enumerate(_blocks(rest), 1)]


def _blocks(text: str) -> list[list[str]]:
    blocks = [block for block in text.split("\n\n") if block.strip("\n")]
    return [block.strip("\n").split("\n") for block in blocks]


def _srt_cue(number: int, block: list[str], fps: Fraction) -> Cue:
    assert block[0] == str(number)
    start, end = _frames(_SRT_TIME.fullmatch(block[1]), fps)
    assert not any(re.search(r"-->|[<{\\](?!\u2060)", each) for each in block[2:])
    return Cue(start, end, tuple(_SIGNS_OF_OURS.sub("", each) for each in block[2:]))


def _vtt_cue(number: int, block: list[str], fps: Fraction) -> Cue:
    assert block[0] == str(number)
    start, end = _frames(_VTT_TIME.fullmatch(block[1]), fps)
    assert not any(re.search(r"[<>]|&(?!amp;|lt;|gt;)", each) for each in block[2:])
    return Cue(start, end, tuple(_unescaped(each) for each in block[2:]))


def _unescaped(text: str) -> str:
    plain = _SIGNS_OF_OURS.sub("", text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _frames(found: re.Match[str] | None, fps: Fraction) -> tuple[int, int]:
    """The first frame that is not before each time: what a player shows."""
    assert found is not None
    hours, minutes, seconds, thousandths = (found.groups()[:4], found.groups()[4:]), 60, 60, 1000
    times = [((int(h) * minutes + int(m)) * seconds + int(s)) * thousandths + int(ms) for h, m, s, ms in hours]
    start, end = (ceil(Fraction(each, 1000) * fps) for each in times)
    return start, end
