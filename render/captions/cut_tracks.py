"""The captions of a cut: as the storyboard has them, with what is measured in its clips where that is silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from render.captions.speech import in_the_cut, speech_in
from storyboard.captions.caption import CaptionTrack, Interval, SpokenLine
from storyboard.captions.episode_captions import HeardLines, caption_tracks, unplaced_shots
from storyboard.shot import Episode
from storyboard.timeline.master_timeline import Timeline


@dataclass(frozen=True, slots=True)
class HeardClip:
    """A clip whose own sound is heard in the cut: from which second of it on, and how fast."""

    path: Path
    sha256: str
    start_s: Fraction = Fraction(0)
    speed: Fraction = Fraction(1)


def cut_tracks(
    episode: Episode,
    timeline: Timeline,
    clips: Mapping[str, HeardClip],
    *,
    heard: HeardLines | None = None,
    narration: Sequence[SpokenLine] = (),
) -> tuple[CaptionTrack, ...]:
    """The subtitles of this cut, a track for each language, as `caption_tracks` lays them. Blocking.

    `clips` are those that are heard, by shot; one that is muted, and a slate, is none of them. Only those are listened
    to whose lines have no place of their own. Raises MediaError where one cannot be decoded.
    """
    listened = {key: clips[key] for key in unplaced_shots(episode, heard) if key in clips and key in timeline.keys}
    speech: dict[str, tuple[Interval, ...]] = {}
    for key, clip in listened.items():
        measured = speech_in(clip.path, clip.sha256)
        length_s = timeline.seconds(timeline.span(key).frames)
        speech[key] = in_the_cut(measured, start_s=clip.start_s, length_s=length_s, speed=clip.speed)
    return caption_tracks(episode, timeline, heard=heard, speech=speech, narration=narration)
