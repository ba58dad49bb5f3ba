"""Episodes with music for tests of what is heard: shots of written lengths, and the plan of their master's sound."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from storyboard.continuity.timing import spans
from storyboard.shot import Episode, Music
from storyboard.sounds import ClipSound, MixSettings
from storyboard.timeline.clip_sounds import PieceSound
from storyboard.timeline.episode_sounds import episode_sounds
from storyboard.timeline.master_timeline import Timeline
from storyboard.timeline.sample_grid import SOUND_RATE
from storyboard.timeline.sound_facts import Known
from storyboard.timeline.sound_plan import SoundPlan
from storyboard.timeline.source_range import Footage
from tests.storyboard.stories import FPS, shot, story

SONG = Music(source="song", gain_db=Decimal(0), fade_out_s=Decimal(0), sync=True, clip_sound=ClipSound.MUTE)
"""Music that pictures are made to; of their clips nothing is heard."""

BED = replace(SONG, sync=False, clip_sound=ClipSound.KEEP)
"""Music that goes on by itself under clips that are heard."""


def episode_of(lengths: Mapping[str, str | Decimal], *, fps: Fraction = FPS, **keys: Any) -> Episode:
    """An episode of shots that last so many seconds, by their keys. No room tone is laid; `keys` are its own."""
    shots = [shot(key, duration_s=Decimal(each)) for key, each in lengths.items()]
    return replace(story(*shots, fps=fps), **{"mix": MixSettings(room_tone="none"), "loudness": None, **keys})


def timeline_of_all(episode: Episode, without: Collection[str] = ()) -> Timeline:
    """The master of all its shots, one after the other, without those that were waived."""
    placed = zip(episode.shots, spans([each.duration_s for each in episode.shots], episode.master.fps), strict=True)
    lengths = ((each.key, place.frames) for each, place in placed if each.key not in without)
    return Timeline.laid(lengths, episode.master.fps)


def sound_of(
    episode: Episode,
    hashes: Mapping[str, str],
    facts: Known,
    *,
    clips: Mapping[str, str] | None = None,
    without: Collection[str] = (),
) -> SoundPlan:
    """All that is heard of its master. `hashes` is by source; `clips` names the sources that are heard of its shots."""
    timeline = timeline_of_all(episode, without)
    pieces = []
    for key, place in zip(timeline.keys, timeline.spans, strict=True):
        sha256 = hashes[clips[key]] if clips and key in clips else None
        lasts = facts[sha256].samples if sha256 is not None else 0
        footage = Footage(first=0, slots=place.frames, available=max(1, ceil(lasts * timeline.fps / SOUND_RATE)))
        pieces.append(PieceSound(key=key, footage=footage if sha256 is not None else None, sha256=sha256))
    return episode_sounds(episode, timeline, pieces, hashes, facts)
