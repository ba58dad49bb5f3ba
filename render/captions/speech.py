"""When somebody speaks in a clip, as subtitles need it: without the air that the mix leaves around what is said."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from render.mix.listening import spoken_in
from render.mix.speech_detector import AROUND
from storyboard.captions.caption import Interval
from storyboard.timeline.sample_grid import SOUND_RATE


def speech_in(clip: Path, sha256: str) -> tuple[Interval, ...]:
    """Where somebody speaks, in seconds after the clip's picture begins, in order and apart. Blocking.

    It is measured once a clip, by its hash; see `render.mix.speech_detector` for what counts as speech. None where the
    clip has no sound. Raises MediaError where it cannot be decoded.
    """
    heard = spoken_in(clip, sha256)
    return tuple(
        Interval(Fraction(begin + (AROUND if begin else 0), SOUND_RATE), Fraction(end - AROUND, SOUND_RATE))
        for begin, end in heard
    )


def in_the_cut(
    speech: Sequence[Interval], *, start_s: Fraction, length_s: Fraction, speed: Fraction = Fraction(1)
) -> tuple[Interval, ...]:
    """What is heard of it in the cut, which shows the clip from `start_s` on, `length_s` long, at such a speed."""
    end_s = start_s + length_s * speed
    return tuple(
        Interval((max(each.start_s, start_s) - start_s) / speed, (min(each.end_s, end_s) - start_s) / speed)
        for each in speech
        if each.start_s < end_s and each.end_s > start_s
    )
