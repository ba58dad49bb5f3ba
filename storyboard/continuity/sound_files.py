"""Every sound file that an episode's master may play, and where it is written. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from storyboard.continuity.music_spans import music_spans
from storyboard.errors import Position
from storyboard.shot import Episode, MediaKind, Reference, Role


def sound_files(episode: Episode, keys: Collection[str] | None = None) -> tuple[str, ...]:
    """The sources, each once; those that a master of the shots with these keys plays, by default of all shots."""
    return tuple(dict.fromkeys(source for source, _, _ in _named(episode, keys)))


def sound_references(episode: Episode) -> Iterator[Reference]:
    """The same as references, each at the place that names it; music comes first."""
    for source, name, at in _named(episode, None):
        yield Reference(kind=MediaKind.AUDIO, role=Role.EXTRA, name=name, label=name, source=source, at=at)


def _named(episode: Episode, keys: Collection[str] | None) -> Iterator[tuple[str, str, Position | None]]:
    here = {shot.key for shot in episode.shots if keys is None or shot.key in keys}
    for span in music_spans(episode):
        if any(shot.key in here for shot in span.shots):
            yield span.music.source, "music", span.music.at
    for cue in episode.cues:
        if here & set(cue.shots):
            yield cue.source, "music", cue.at
    for shot in episode.shots:
        if shot.key in here:
            sounds = shot.sounds
            for spoken in (*sounds.dialogue, *sounds.narration):
                yield spoken.source, "line", spoken.at
            for effect in sounds.effects:
                yield effect.source, "effect", effect.at
    if episode.mix.room_tone not in {"auto", "none"}:
        yield episode.mix.room_tone, "room tone", episode.mix.room_tone_at
