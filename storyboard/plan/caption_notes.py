"""What a plan tells of the subtitles: what cannot be read in its time, and what is not translated yet. Pure.

A line without a translation is no mistake. Lines are translated when the cut is done, and until then every run would be
refused; so it is told by `check` and `plan`, and the language stays out of the master and of deliveries
while any line of it is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from storyboard.captions.caption import CaptionTrack, Fault
from storyboard.captions.episode_captions import HeardLines, caption_tracks
from storyboard.continuity.timing import spans
from storyboard.shot import Episode
from storyboard.timeline.master_timeline import Timeline


def caption_notes(
    episode: Episode, lengths_s: Mapping[str, Decimal | Fraction | None], heard: HeardLines | None = None
) -> Iterator[str]:
    """A note on each caption that does not fit its time or its line, and one a language on what is not translated.

    `lengths_s` are those of the shots that are in the cut, by key. Of one whose length nobody knows yet, nothing is
    told. `heard`: see `caption_tracks`.
    """
    for track in caption_tracks(episode, _planned(episode, lengths_s), heard=heard):
        yield from track_notes(track, _lines(episode))


def track_notes(track: CaptionTrack, lines: int) -> Iterator[str]:
    """The same of one track of captions, be it planned or cut; `lines` is how many the episode has."""
    missing = [each for each in track.findings if each.fault is Fault.UNTRANSLATED]
    if missing:
        first = missing[0].at or missing[0].shot
        yield (
            f"{first}: {len(missing)} of {lines} lines {'has' if len(missing) == 1 else 'have'} no translation into "
            f"{track.language}, and this is the first; while any is missing, {track.language} stays out of the "
            "master and of deliveries"
        )
    for each in track.findings:
        if each.fault is not Fault.UNTRANSLATED:
            yield str(each)


def _lines(episode: Episode) -> int:
    return sum(len(shot.dialogue) for shot in episode.shots)


def _planned(episode: Episode, lengths_s: Mapping[str, Decimal | Fraction | None]) -> Timeline:
    known = {shot.key: length for shot in episode.shots if (length := lengths_s.get(shot.key)) is not None}
    return Timeline(episode.master.fps, tuple(known), spans(tuple(known.values()), episode.master.fps))
