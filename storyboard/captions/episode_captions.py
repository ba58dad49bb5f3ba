"""From an episode and its timeline to its subtitles, in every language that it has them in. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from storyboard.captions.caption import CaptionTrack, Heard, Interval, SpokenLine, Words
from storyboard.captions.caption_track import caption_track
from storyboard.shot import Episode, Line
from storyboard.subtitle_rules import SubtitlePlace
from storyboard.timeline.master_timeline import Timeline

HeardLines = Mapping[str, Sequence[Heard | None]]
"""What is known of where lines are heard, by shot, beside its `dialogue`."""

Speech = Mapping[str, Sequence[Interval]]
"""What was measured in the clips of shots, by their keys, in seconds after their pictures begin in the cut."""


def caption_tracks(
    episode: Episode,
    timeline: Timeline,
    *,
    heard: HeardLines | None = None,
    speech: Speech | None = None,
    narration: Sequence[SpokenLine] = (),
) -> tuple[CaptionTrack, ...]:
    """The subtitles of an episode, one track for each of its languages in their order; none where it has no rules.

    `heard` has what the lines' files tell; what it leaves out is taken from the storyboard. `narration` is whatever is
    spoken beside the dialogue.
    """
    if episode.subtitles is None or episode.language is None:
        return ()
    lines = (*spoken_lines(episode, heard), *narration)
    return tuple(
        caption_track(lines, timeline, tag, episode.subtitles, spoken=episode.language, speech=speech)
        for tag in episode.subtitles.languages
    )


def complete_tracks(tracks: Iterable[CaptionTrack]) -> tuple[CaptionTrack, ...]:
    """Those in which no line is missing: what may go into the master. The others are for whoever translates on."""
    return tuple(each for each in tracks if each.complete and each.captions)


def burnt_track(episode: Episode, tracks: Iterable[CaptionTrack]) -> CaptionTrack | None:
    """The one that stands in the picture itself; None where none is asked for, or lines of it are missing."""
    wanted = episode.subtitles.burn_in if episode.subtitles else None
    return next((each for each in complete_tracks(tracks) if each.language == wanted), None)


def unplaced_shots(episode: Episode, heard: HeardLines | None = None) -> tuple[str, ...]:
    """The shots of whose lines some have no place: only in their clips is speech looked for."""
    if episode.subtitles is None:
        return ()
    lines = spoken_lines(episode, heard)
    return tuple(dict.fromkeys(line.shot for line in lines if line.heard is None))


def spoken_lines(episode: Episode, heard: HeardLines | None = None) -> tuple[SpokenLine, ...]:
    """The lines of dialogue that have subtitles, in story order."""
    found = []
    for shot in episode.shots:
        known = (heard or {}).get(shot.key, ())
        for place, line in enumerate(shot.dialogue):
            if line.subtitle is not SubtitlePlace.NONE:
                of_file = known[place] if place < len(known) else None
                found.append(_spoken(shot.key, line, episode.language, of_file))
    return tuple(found)


def _spoken(shot: str, line: Line, language: str | None, of_file: Heard | None) -> SpokenLine:
    words = {tag: Words(each.text, each.at) for tag, each in line.translations.items()}
    if language is not None:
        words.setdefault(language, Words(line.text, line.at))
    written = None if line.at_s is None else Heard(Fraction(line.at_s))
    return SpokenLine(
        shot=shot,
        speaker=line.label,
        words=words,
        at=line.at,
        heard=of_file or written,
        top=line.subtitle is SubtitlePlace.TOP,
    )
