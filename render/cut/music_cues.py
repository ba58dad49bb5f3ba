"""Where in the master which part of which music is heard, and what becomes of the clips' own sound there. Pure.

A cue is music that goes on without a gap. What pictures are made to keeps to their seconds of the song: neighbours
whose seconds follow each other are one cue, and where a shot between them is waived, its seconds are left out with it.
Other music goes on by itself, however long its pieces came out.

A song begins exactly, sample for sample. Where it goes on after a gap it fades in over five milliseconds, and where it
stops without a fade of its own it is heard on for as long, fading: so nothing clicks, and a seam is a crossfade.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from render.cut.cut_sound import samples_at
from render.cut.music_bed import MusicBed
from render.media.sound_samples import SOUND_RATE
from storyboard.continuity.music_spans import MusicSpan
from storyboard.shot import ClipSound
from storyboard.timeline.master_timeline import Span, Timeline

EDGE_SAMPLES = SOUND_RATE // 200  # 5 ms
_RECIPE = "score-1"
"""Changes with anything that changes how a score sounds; see `Score.recipe`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """Music that lies under some shots of an episode: which shots, its file, and how many samples that has."""

    span: MusicSpan
    bed: MusicBed
    song_samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One stretch of music in the master. All lengths are samples at 48 kHz."""

    bed: MusicBed
    begin: int  # in the master
    samples: int
    song: int  # in the music: what is heard first
    rising: int = 0  # fades in over so many
    falling: int = 0  # fades out over so many, before its end
    ringing: int = 0  # is heard on for so many after its end, fading
    loops: bool = False  # begins again where it ends
    alone: bool = False  # no clip is heard with it: nothing can become too loud, and it is not touched

    @property
    def recipe(self) -> list[str | int]:
        """All that decides how it sounds."""
        numbers = (self.begin, self.samples, self.song, self.rising, self.falling, self.ringing)
        return [self.bed.sha256, str(self.bed.gain_db), *numbers, self.loops, self.alone]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """All cues of a master in order of time, and the pieces whose sound is muted, or lowered for so many samples."""

    cues: tuple[Cue, ...] = ()
    muted: frozenset[str] = frozenset()
    lowered: Mapping[str, int] = field(default_factory=dict)

    def recipe(self, timeline: Timeline) -> list[object]:
        """All that decides how it sounds under these pieces; empty where it changes nothing."""
        if not (self.cues or self.muted or self.lowered):
            return []
        clips = [0 if key in self.muted else self.lowered.get(key, -1) for key in timeline.keys]
        return [_RECIPE, [cue.recipe for cue in self.cues], clips]


def score_of(laid: Sequence[Laid], timeline: Timeline, *, bed: Laid | None = None) -> Score:
    """The score of a master whose pieces stand so. `bed` is music that lies under all of it, and is no cue."""
    cues = sorted((cue for each in laid for cue in _cues(each, timeline)), key=lambda cue: cue.begin)
    under = [*laid, bed] if bed is not None else laid
    muted = {key for each in under if each.span.music.clip_sound is ClipSound.MUTE for key in _keys(each)}
    lowered: dict[str, int] = {}
    for each in under:
        if each.span.music.clip_sound is ClipSound.DUCK:
            heard = _heard(each, timeline) if each is bed else [cue for cue in cues if cue.bed is each.bed]
            lowered |= _lowered(_keys(each), heard, timeline)
    return Score(cues=tuple(cues), muted=frozenset(muted & set(timeline.keys)), lowered=lowered)


def _keys(laid: Laid) -> tuple[str, ...]:
    return tuple(shot.key for shot in laid.span.shots)


def _cues(laid: Laid, timeline: Timeline) -> Iterator[Cue]:
    music, at = laid.span.music, _samples(laid.span.music.from_s)
    runs = list(_runs(laid.span, timeline))
    for number, run in enumerate(runs):
        begin, end = samples_at(run[0][1].start, timeline.fps), samples_at(run[-1][1].end, timeline.fps)
        if music.sync:
            at = _samples(laid.span.parts[run[0][0]].start_s)
        loops = music.loop and at + end - begin > laid.song_samples
        left = end - begin if music.sync or loops else min(end - begin, laid.song_samples - at)
        goes_on = number + 1 < len(runs) and runs[number + 1][0][1].start <= run[-1][1].end
        falling = 0 if goes_on else min(left, _samples(music.fade_out_s))
        if left > 0:
            yield Cue(
                bed=laid.bed,
                begin=begin,
                samples=left,
                song=at,
                rising=min(left, EDGE_SAMPLES) if number else 0,
                falling=falling,
                ringing=EDGE_SAMPLES if not falling and run[-1][1].end < timeline.frames else 0,
                loops=loops,
                alone=music.clip_sound is ClipSound.MUTE,
            )
        at += end - begin


def _runs(span: MusicSpan, timeline: Timeline) -> Iterator[list[tuple[str, Span]]]:
    """Neighbouring pieces through which the music goes on without a gap."""
    under, parts = {shot.key for shot in span.shots}, span.parts
    run: list[tuple[str, Span]] = []
    for key, place in zip(timeline.keys, timeline.spans, strict=True):
        follows = not run or not span.music.sync or (key in under and parts[run[-1][0]].end_s == parts[key].start_s)
        if run and not (key in under and follows):
            yield run
            run = []
        if key in under:
            run.append((key, place))
    if run:
        yield run


def _heard(bed: Laid, timeline: Timeline) -> list[Cue]:
    """How long a bed under the whole master is heard."""
    samples = samples_at(timeline.frames, timeline.fps)
    return [
        Cue(bed=bed.bed, begin=0, samples=samples if bed.span.music.loop else min(samples, bed.song_samples), song=0)
    ]


def _lowered(keys: Sequence[str], heard: Sequence[Cue], timeline: Timeline) -> Iterator[tuple[str, int]]:
    """For how many of its samples each of these pieces has music under it, from its beginning."""
    for key, place in zip(timeline.keys, timeline.spans, strict=True):
        begin, end = samples_at(place.start, timeline.fps), samples_at(place.end, timeline.fps)
        until = max((cue.begin + cue.samples for cue in heard if cue.begin <= begin), default=0)
        if key in keys and until > begin:
            yield key, min(end, until) - begin


def _samples(seconds: Decimal) -> int:
    return round(seconds * SOUND_RATE)
