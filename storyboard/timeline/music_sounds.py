"""The music of a master as events: which part of which file is heard where, and what the clips do under it. Pure.

What pictures are made to keeps to their seconds of the song: neighbours whose seconds follow each other are one event,
and where a shot between them is waived its seconds are left out with it. Other music goes on by itself, however long
its pieces came out.

A song begins exactly, sample for sample. Where it goes on after a gap it fades in over five milliseconds, and where it
stops without a fade of its own it is heard on for as long, fading: so nothing clicks, and a seam is a crossfade.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from storyboard.continuity.music_ends import music_note
from storyboard.continuity.music_spans import MusicSpan
from storyboard.shot import Music
from storyboard.sounds import ClipSound, MusicCue
from storyboard.timeline.master_timeline import Span, Timeline
from storyboard.timeline.sample_grid import SOUND_RATE, samples_at, samples_of
from storyboard.timeline.sound_events import MUSIC_EDGE, Curve, Dip, Fade, Material, SoundEvent, Track
from storyboard.timeline.sound_facts import Known

DUCK_DB = Decimal(12)
"""How much softer a clip is under music for which it is ducked, in decibels."""

_RISE = SOUND_RATE // 2  # in which a ducked clip comes up where its music ends


@dataclass(frozen=True, slots=True)
class MusicSounds:
    """Music as events; the shots whose clips are not heard under it; and where others are softer, by the shot's key."""

    events: tuple[SoundEvent, ...] = ()
    muted: frozenset[str] = frozenset()
    lowered: Mapping[str, tuple[Dip, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Laid:
    """Music under some shots of this master, and the runs of neighbours through which it goes on without a gap."""

    music: Music
    keys: tuple[str, ...]
    runs: tuple[tuple[int, Span], ...]  # where in the song each begins, and its place in the master; -1: it goes on
    sha256: str
    song: int  # samples that it has
    fade_in: int = 0


def music_sounds(
    spans: Sequence[MusicSpan], cues: Sequence[MusicCue], timeline: Timeline, hashes: Mapping[str, str], facts: Known
) -> MusicSounds:
    """All music of a master. `hashes` gives the sha256 of each source."""
    laid = [_under_span(each, timeline, hashes, facts) for each in spans]
    laid += [_under_cue(each, timeline, hashes, facts) for each in cues]
    events: list[SoundEvent] = []
    lowered: dict[str, tuple[Dip, ...]] = {}
    for each in laid:
        heard = list(_events(each, timeline))
        events += heard
        if each.music.clip_sound is ClipSound.DUCK:
            for key, dip in _lowered(each.keys, heard, timeline):
                lowered[key] = (*lowered.get(key, ()), dip)
    muted = frozenset(key for each in laid if each.music.clip_sound is ClipSound.MUTE for key in each.keys)
    notes = dict.fromkeys(note for each in laid for note in _notes(each, timeline, facts))
    return MusicSounds(tuple(sorted(events, key=lambda event: event.begin)), muted, lowered, tuple(notes))


def _under_span(span: MusicSpan, timeline: Timeline, hashes: Mapping[str, str], facts: Known) -> _Laid:
    sha256 = hashes[span.music.source]
    return _Laid(
        music=span.music,
        keys=tuple(shot.key for shot in span.shots if shot.key in timeline.keys),
        runs=tuple(_runs(span, timeline)),
        sha256=sha256,
        song=facts[sha256].samples,
        fade_in=samples_of(span.music.fade_in_s),
    )


def _under_cue(cue: MusicCue, timeline: Timeline, hashes: Mapping[str, str], facts: Known) -> _Laid:
    keys = tuple(key for key in timeline.keys if key in cue.shots)
    places = [timeline.span(key) for key in keys]
    music = Music(
        source=cue.source,
        gain_db=cue.gain_db,
        fade_out_s=cue.fade_out_s,
        fade_in_s=cue.fade_in_s,
        loop=cue.loop,
        from_s=cue.start_s,
        clip_sound=cue.clip_sound,
    )
    runs = ((-1, Span(places[0].start, places[-1].end - places[0].start)),) if places else ()
    sha256 = hashes[cue.source]
    return _Laid(music, keys, runs, sha256, facts[sha256].samples, samples_of(cue.fade_in_s))


def _runs(span: MusicSpan, timeline: Timeline) -> Iterator[tuple[int, Span]]:
    """Neighbouring pieces through which the music goes on without a gap.

    Music goes on under a card, but for what pictures are made to: its seconds are those of its shots.
    """
    under, parts = {shot.key for shot in span.shots}, span.parts
    if not span.music.sync:
        under |= _cards_under(under, timeline)
    run: list[tuple[str, Span]] = []

    def ended() -> tuple[int, Span]:
        song = samples_of(parts[run[0][0]].start_s) if span.music.sync else -1
        return song, Span(run[0][1].start, run[-1][1].end - run[0][1].start)

    for key, place in zip(timeline.keys, timeline.spans, strict=True):
        follows = not run or not span.music.sync or (key in under and parts[run[-1][0]].end_s == parts[key].start_s)
        if run and not (key in under and follows):
            yield ended()
            run = []
        if key in under:
            run.append((key, place))
    if run:
        yield ended()


def _cards_under(shots: Set[str], timeline: Timeline) -> set[str]:
    """The cards that stand before one of these shots; at the end of a master, after one."""
    found, waiting, under = set[str](), list[str](), False
    for key in timeline.keys:
        if "/" not in key:
            waiting.append(key)
            continue
        under = key in shots
        if under:
            found.update(waiting)
        waiting = []
    return found | set(waiting) if under else found


def _events(laid: _Laid, timeline: Timeline) -> Iterator[SoundEvent]:
    music, at = laid.music, samples_of(laid.music.from_s)
    for number, (song, place) in enumerate(laid.runs):
        begin, end = samples_at(place.start, timeline.fps), samples_at(place.end, timeline.fps)
        at = song if song >= 0 else at
        loops = music.loop and at + end - begin > laid.song
        heard = end - begin if loops else min(end - begin, laid.song - at)
        last = number + 1 == len(laid.runs)
        goes_on = not last and laid.runs[number + 1][1].start <= place.end
        falling = 0 if goes_on else min(heard, samples_of(music.fade_out_s))
        rings = 0 if falling or place.end >= timeline.frames else MUSIC_EDGE
        if heard > 0:
            yield SoundEvent(
                track=Track.MUSIC,
                material=Material(laid.sha256, loop=(0, laid.song) if loops else None),
                begin=begin,
                samples=heard + rings,
                offset=at,
                gain_db=music.gain_db,
                rise=_rise(laid, number, heard),
                fall=Fade(falling or rings, Curve.LINEAR) if falling or rings else None,
            )
        at += end - begin


def _rise(laid: _Laid, number: int, heard: int) -> Fade | None:
    rising = min(heard, MUSIC_EDGE if number else laid.fade_in)
    return Fade(rising, Curve.LINEAR) if rising else None


def _lowered(keys: Sequence[str], heard: Sequence[SoundEvent], timeline: Timeline) -> Iterator[tuple[str, Dip]]:
    """Until when each of these pieces has music under it from its beginning on; after that it comes up."""
    for key in keys:
        begin = samples_at(timeline.span(key).start, timeline.fps)
        until = max((each.end for each in heard if each.begin <= begin), default=0)
        if until > begin:
            yield key, Dip(0, until, DUCK_DB, 0, _RISE)


def _notes(laid: _Laid, timeline: Timeline, facts: Known) -> Iterator[str]:
    channels = facts[laid.sha256].channels
    if laid.keys and channels > 2:
        yield f"the {channels} channels of {laid.music.source} are mixed down to stereo"
    frames = sum(place.frames for _, place in laid.runs)
    ends = music_note(laid.music, Fraction(laid.song, SOUND_RATE), timeline.seconds(frames))
    if laid.keys and ends:
        yield ends
