"""The music of an episode as its cut lays it: one bed under all of it, or cues, each under its own shots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from render.context import RunContext
from render.cut.music_bed import MusicBed, channel_note, sound_seconds
from render.cut.music_cues import Laid, Score, score_of
from render.media.sound_samples import SOUND_RATE
from storyboard.continuity.music_spans import MusicSpan, music_spans
from storyboard.plan.music_length import music_note
from storyboard.shot import Episode
from storyboard.timeline.master_timeline import Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeScore:
    """What lies under a master: a bed under all of it, or a score; and what a producer should know of the latter."""

    bed: MusicBed | None
    score: Score
    notes: tuple[str, ...] = ()


async def episode_score(
    context: RunContext, episode: Episode, timeline: Timeline, references: Mapping[str, str]
) -> EpisodeScore:
    """The music under a master whose pieces stand so; `references` gives the sha256 of each source. See `Laid`.

    Raises MediaError where music has no sound.
    """
    spans = [span for span in music_spans(episode) if any(shot.key in timeline.keys for shot in span.shots)]
    laid = [await _laid(context, span, references) for span in spans]
    if _is_one_bed(episode):
        # before anything else could lie under an episode, this was all there was: such masters stay what they are
        whole = laid[0] if laid else None
        return EpisodeScore(bed=whole.bed if whole else None, score=score_of([], timeline, bed=whole))
    notes = tuple(dict.fromkeys(note for each in laid for note in _notes(each, timeline)))
    return EpisodeScore(bed=None, score=score_of(laid, timeline), notes=notes)


def _is_one_bed(episode: Episode) -> bool:
    """Whether the episode's music lies under all of it from its own beginning on, and nothing is made to it."""
    music = episode.music
    return music is not None and not (episode.scene_music or music.sync or music.from_s)


async def _laid(context: RunContext, span: MusicSpan, references: Mapping[str, str]) -> Laid:
    music = span.music
    sha256 = references[music.source]
    bed = MusicBed(
        path=await context.in_thread(context.store.local_path, sha256, Path(music.source).suffix),
        sha256=sha256,
        name=music.source,
        gain_db=music.gain_db,
        fade_out_s=music.fade_out_s,
        loop=music.loop,
    )
    song_s = await context.in_thread(sound_seconds, bed)
    return Laid(span=span, bed=bed, song_samples=round(song_s * SOUND_RATE))


def _notes(laid: Laid, timeline: Timeline) -> Sequence[str]:
    under = {shot.key for shot in laid.span.shots}
    frames = sum(place.frames for key, place in zip(timeline.keys, timeline.spans, strict=True) if key in under)
    ends = music_note(laid.span.music, Fraction(laid.song_samples, SOUND_RATE), timeline.seconds(frames))
    return [note for note in (channel_note(laid.bed), ends) if note]
