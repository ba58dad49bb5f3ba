"""Mixes the sound of a master: the clips' own, a bed or a score under it. All of it on samples, before the one encode.

What is heard with clips is held below full scale by a limiter, as all of it together may be louder than any of it.
Music under which no clip is heard comes after that limiter, and is not touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from render.cut.music_bed import MusicBed, laid
from render.cut.music_cues import Cue, Score
from render.cut.score_sound import write_score
from render.media.graph import Stream, merge, sound_file
from render.media.sound_samples import CHANNELS, SOUND_RATE

_CEILING = 0.97  # of full scale; music and speech together may not clip


@contextmanager
def mixed(
    voice: Stream, samples: int, scratch: Path, *, music: MusicBed | None = None, score: Score | None = None
) -> Iterator[Stream]:
    """The clips' sound with all music, exactly `samples` long, to be used within the block; files lie in `scratch`."""
    cues = score.cues if score is not None else ()
    with ExitStack() as beside:
        sound = voice
        if music is not None:
            sound = _limited(voice, beside.enter_context(laid(music, samples, scratch)), samples)
        if together := [cue for cue in cues if not cue.alone]:
            sound = _limited(sound, beside.enter_context(_written(together, samples, scratch)), samples)
        if alone := [cue for cue in cues if cue.alone]:
            sound = _exactly(_sum(sound, beside.enter_context(_written(alone, samples, scratch))), samples)
        yield sound


@contextmanager
def _written(cues: list[Cue], samples: int, scratch: Path) -> Iterator[Stream]:
    with TemporaryDirectory(prefix=".score.", dir=scratch) as folder:
        target = Path(folder, "score.f32")
        write_score(cues, samples, target)
        yield sound_file(target, SOUND_RATE, CHANNELS)


def _limited(voice: Stream, music: Stream, samples: int) -> Stream:
    return _exactly(_sum(voice, music).filter("alimiter", limit=_CEILING, level=0, latency=1), samples)


def _sum(one: Stream, other: Stream) -> Stream:
    return merge([one, other], "amix", inputs=2, normalize=0, duration="first")


def _exactly(sound: Stream, samples: int) -> Stream:
    return sound.filter("apad", whole_len=samples).filter("atrim", end_sample=samples)
