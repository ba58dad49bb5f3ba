"""What a producer should know of a caption: whether it can be read in its time, and whether it fits. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from storyboard.captions.caption import Caption, CaptionFinding, Fault, SpokenLine
from storyboard.captions.caption_text import length
from storyboard.subtitle_rules import Limits


def untranslated(line: SpokenLine, language: str) -> CaptionFinding:
    """A line that has no words in a language."""
    message = f"this line has no translation into {language}; write it under `translations`"
    return CaptionFinding(fault=Fault.UNTRANSLATED, language=language, shot=line.shot, at=line.at, message=message)


def lost(line: SpokenLine, language: str) -> CaptionFinding:
    """A line, or the end of one, for which there is not even a frame."""
    message = f"in {language} there is no frame left to show this line, or its end; give {line.shot} more time"
    return CaptionFinding(fault=Fault.NO_ROOM, language=language, shot=line.shot, at=line.at, message=message)


def caption_findings(caption: Caption, limits: Limits, fps: Fraction, shot_end: int) -> Iterator[CaptionFinding]:
    """What is wrong with one caption in its place; its shot's picture ends before frame `shot_end`."""
    for fault, message in (
        *_pace(caption, limits, fps),
        *_width(caption, limits),
        *_over_the_cut(caption, fps, shot_end),
    ):
        yield CaptionFinding(
            fault=fault, language=caption.language, shot=caption.shot, at=caption.at[0], message=message
        )


def _pace(caption: Caption, limits: Limits, fps: Fraction) -> Iterator[tuple[Fault, str]]:
    stands_s, frame_s = caption.frames / fps, 1 / fps  # rounding to frames is nobody's fault
    letters = sum((length(each, caption.language) for each in caption.lines), Fraction(0))
    shown = f"{_quoted(caption)} stands for {float(stands_s):.2f} s"
    if letters > Fraction(limits.max_cps) * (stands_s + frame_s):
        yield (
            Fault.TOO_FAST,
            (
                f"{shown}, {float(letters / stands_s):.1f} characters a second, and {limits.max_cps:f} can be read; "
                f"shorten the words, give {caption.shot} more time, or raise `max_cps`"
            ),
        )
    elif stands_s + frame_s < Fraction(limits.min_s):
        yield Fault.TOO_SHORT, f"{shown}, and {limits.min_s:f} s is the least; give {caption.shot} more time"
    elif stands_s - frame_s > Fraction(limits.max_s):
        yield (
            Fault.TOO_LONG,
            (
                f"{shown}, as long as it is heard, and {limits.max_s:f} s is the most; part it into "
                "two lines of dialogue, or raise `max_s`"
            ),
        )


def _width(caption: Caption, limits: Limits) -> Iterator[tuple[Fault, str]]:
    for line in caption.lines:
        wide = length(line, caption.language)
        if wide > limits.max_line:
            yield (
                Fault.WIDE,
                (
                    f"{_quoted(caption)} has a line of {float(wide):g} characters, and {limits.max_line} is the most; "
                    "it can be broken nowhere, so write it shorter or with a blank in it"
                ),
            )


def _over_the_cut(caption: Caption, fps: Fraction, shot_end: int) -> Iterator[tuple[Fault, str]]:
    over = caption.end - shot_end
    if over > 0:
        yield (
            Fault.PAST_SHOT,
            (
                f"{_quoted(caption)} is heard past the end of {caption.shot}, and stands in the next picture for "
                f"{float(over / fps):.2f} s; begin it earlier, or give the shot more time"
            ),
        )


def _quoted(caption: Caption) -> str:
    """Which one it is: its language, and how it begins."""
    text = " ".join(caption.lines)
    return f'in {caption.language}, "{text}"' if len(text) <= 40 else f'in {caption.language}, "{text[:39].rstrip()}…"'
