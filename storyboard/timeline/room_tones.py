"""Room tone: what a place sounds like when nobody does anything, laid where a scene would else fall silent. Pure.

It is the quietest second that the scene's own clips have, again and again, or a file. Where they have none that is
quiet, as under rain, nothing is laid.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from storyboard.shot import Episode
from storyboard.timeline.master_timeline import Timeline
from storyboard.timeline.sample_grid import SOUND_RATE, samples_at
from storyboard.timeline.sound_events import EDGE, Fade, Material, SoundEvent, Track
from storyboard.timeline.sound_facts import Known
from storyboard.timeline.sound_plan import Stretch

_LOUDEST = -4000  # hundredths of a dBFS; what is louder is no room tone
_BLEND = SOUND_RATE // 10  # samples in which its end goes over into its beginning
_SHORTEST = EDGE * 4  # a gap that is worth filling


def room_tones(
    episode: Episode,
    timeline: Timeline,
    clips: Sequence[SoundEvent],
    facts: Known,
    *,
    silent: frozenset[str],
    hashes: Mapping[str, str],
) -> Iterator[SoundEvent]:
    """Room tone for the gaps within each scene, as the mix's settings ask for it. `hashes` is by source.

    Shots in `silent` are left out: music takes the place of all that is heard there.
    """
    chosen = episode.mix.room_tone
    if chosen == "none":
        return
    file = None if chosen == "auto" else hashes[chosen]
    for scene in dict.fromkeys(shot.scene for shot in episode.shots):
        inside = {shot.key for shot in episode.shots if shot.scene == scene}
        keys = [key for key in timeline.keys if key in inside]
        own = [clip for clip in clips if clip.key in keys]
        found = _file(file, facts) if file else _quietest(own, facts)
        if found is None:
            continue
        material, gain_db = found
        for begin, end in _gaps([key for key in keys if key not in silent], timeline, clips):
            yield SoundEvent(
                track=Track.CLIP,
                material=material,
                begin=begin,
                samples=end - begin,
                gain_db=gain_db,
                rise=Fade(EDGE),
                fall=Fade(EDGE),
            )


def _file(sha256: str, facts: Known) -> tuple[Material, Decimal]:
    return Material(sha256, loop=(0, facts[sha256].samples)), Decimal(0)


def _quietest(clips: Sequence[SoundEvent], facts: Known) -> tuple[Material, Decimal] | None:
    """The quietest second of the clips that are heard, as loud as it is heard there."""
    found = []
    for clip in clips:
        quiet = facts[clip.material.sha256].quiet
        if quiet is not None and quiet.level + round(clip.gain_db * 100) <= _LOUDEST:
            found.append((quiet.level, clip.material.sha256, quiet, clip.gain_db))
    if not found:
        return None
    _, sha256, quiet, gain_db = min(found, key=lambda each: each[:2])
    part = (quiet.begin, quiet.samples)
    return Material(sha256, with_picture=True, loop=part, blend=_BLEND), gain_db


def _gaps(keys: Sequence[str], timeline: Timeline, clips: Sequence[SoundEvent]) -> Iterator[Stretch]:
    """Where within these shots no clip is heard, with the edges over which the sound beside it comes and goes."""
    heard = sorted((clip.begin, clip.end) for clip in clips)
    for first, last in _stretches(keys, timeline):
        at = first
        for begin, end in heard:
            if begin >= last:
                break
            if end > at:
                yield from _worth(at, begin, first, last)
                at = end
        yield from _worth(at, last, first, last)


def _stretches(keys: Sequence[str], timeline: Timeline) -> list[Stretch]:
    """Where these shots stand; those that follow each other are one."""
    found: list[Stretch] = []
    for key in keys:
        span = timeline.span(key)
        begin, end = samples_at(span.start, timeline.fps), samples_at(span.end, timeline.fps)
        if found and found[-1][1] == begin:
            found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return found


def _worth(begin: int, end: int, first: int, last: int) -> Iterator[Stretch]:
    """A gap that is long enough, reaching under the edges of what is heard beside it."""
    if end - begin >= _SHORTEST:
        yield max(first, begin - EDGE), min(last, end + EDGE)
