"""The sound of an episode's master, decided: every event of every track, and what makes way for what. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from storyboard.continuity.music_spans import music_spans
from storyboard.shot import Episode, Shot
from storyboard.timeline.clip_levels import clip_levels
from storyboard.timeline.clip_sounds import ClipSounds, Overlap, PieceSound, clip_sounds
from storyboard.timeline.ducking import clip_under_lines, ducked, merged
from storyboard.timeline.line_sounds import Spoken, line_sounds
from storyboard.timeline.master_timeline import Timeline
from storyboard.timeline.music_sounds import MusicSounds, music_sounds
from storyboard.timeline.room_tones import room_tones
from storyboard.timeline.sample_grid import samples_at
from storyboard.timeline.sound_events import SoundEvent, Track
from storyboard.timeline.sound_facts import Known, loudness_between
from storyboard.timeline.sound_plan import SoundPlan


def speaking_clips(episode: Episode, pieces: Iterable[PieceSound]) -> tuple[str, ...]:
    """The hashes of the clips that speak themselves: those of shots with lines that no file speaks."""
    speaking = {shot.key for shot in episode.shots if _speaks(shot)}
    return tuple(piece.sha256 for piece in pieces if piece.sha256 is not None and piece.key in speaking)


def episode_sounds(
    episode: Episode,
    timeline: Timeline,
    pieces: Sequence[PieceSound],
    hashes: Mapping[str, str],
    facts: Known,
    *,
    seams: Iterable[Overlap] = (),
) -> SoundPlan:
    """All that is heard of a master. `pieces` stand beside the timeline's spans.

    `hashes` gives the sha256 of each of `storyboard.continuity.sound_files`, and `facts` what is known of these and of
    the pieces' clips.
    """
    music = _music(episode, timeline, hashes, facts)
    clips = clip_sounds(timeline, pieces, facts, seams=seams, silent=music.muted)
    if episode.mix.level_clips:
        clips = _levelled(clips, facts)
    lines = line_sounds(timeline, episode.shots, hashes, facts)
    voices = tuple(_voices(episode, clips.events, facts))
    speaking = {event.key for event, _ in voices}
    spoken = (*lines.spoken, *(each for _, each in voices))
    heard = [_lowered(event, music, lines.spoken, episode) for event in clips.events]
    tones = room_tones(episode, timeline, heard, facts, silent=music.muted, hashes=hashes)
    events = [
        *lines.events,
        *(ducked(event, spoken, episode.mix, facts) for event in music.events),
        *(replace(event, track=Track.DIALOGUE) if event.key in speaking else event for event in heard),
        *tones,
    ]
    end = samples_at(timeline.frames, timeline.fps)
    return SoundPlan(
        samples=end,
        events=tuple(sorted((each for each in events if each.begin < end and each.samples > 0), key=_order)),
        speech=tuple((begin, min(last, end)) for begin, last in merged(spoken) if begin < end),
        notes=(*music.notes, *clips.notes, *lines.notes),
    )


def _music(episode: Episode, timeline: Timeline, hashes: Mapping[str, str], facts: Known) -> MusicSounds:
    spans = [span for span in music_spans(episode) if any(shot.key in timeline.keys for shot in span.shots)]
    cues = [cue for cue in episode.cues if any(key in timeline.keys for key in cue.shots)]
    return music_sounds(spans, cues, timeline, hashes, facts)


def _levelled(heard: ClipSounds, facts: Known) -> ClipSounds:
    """The clips' own sound, brought to the loudness of its neighbours."""
    levels, notes = clip_levels(heard.events, facts)
    louder = (replace(each, gain_db=each.gain_db + levels.get(each.key, 0)) for each in heard.events)
    return ClipSounds(tuple(louder), (*heard.notes, *notes))


def _lowered(clip: SoundEvent, music: MusicSounds, lines: Sequence[Spoken], episode: Episode) -> SoundEvent:
    """A clip with what it makes way for: music that it is ducked under, and recorded lines."""
    under = replace(clip, dips=(*clip.dips, *music.lowered.get(clip.key, ())))
    return clip_under_lines(under, lines, episode.mix)


def _voices(episode: Episode, clips: Iterable[SoundEvent], facts: Known) -> Iterator[tuple[SoundEvent, Spoken]]:
    """Where clips speak themselves."""
    for clip in clips:
        if not _speaks(episode.shot(clip.key)):
            continue
        known, speed = facts[clip.material.sha256], clip.material.speed
        for first, last in known.speech:
            begin, end = (clip.begin + round(Fraction(each) / speed) - clip.offset for each in (first, last))
            begin, end = max(begin, clip.begin), min(end, clip.end)
            if begin < end:
                level = loudness_between(known, first, last)
                gain = round(clip.gain_db * 100)
                yield clip, Spoken(begin, end, None if level is None else level + gain)


def _speaks(shot: Shot) -> bool:
    return shot.audio and len(shot.sounds.dialogue) < len(shot.dialogue)


def _order(event: SoundEvent) -> tuple[int, str, str]:
    return event.begin, event.track.value, event.material.sha256
