"""The music of an episode and of its scenes with every default filled in, and what is wrong with shots made to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from storyboard.continuity.music_spans import spans_of
from storyboard.errors import Position
from storyboard.loading import Project
from storyboard.model import EpisodeFile
from storyboard.model.delivery import MusicItem
from storyboard.shot import MediaKind, Music, Reference, Role, Shot, Use, Window
from storyboard.sounds import ClipSound

_BED = {"gain_db": Decimal(-18), "fade_out_s": Decimal(2)}
_SONG = {"gain_db": Decimal(0), "fade_out_s": Decimal(0)}
"""What holds where a producer says nothing: of music under pictures, and of a song that the pictures are made to."""


def episode_music(project: Project, written: EpisodeFile) -> Music | None:
    """The music under the whole episode."""
    at = project.at(project.episode_file(written.episode), "music", "source")
    return None if written.music is None else _resolved(written.music, at)


def scene_music(project: Project, written: EpisodeFile) -> dict[str, Music]:
    """The music of those scenes that have some of their own, by their ids."""
    file = project.episode_file(written.episode)
    return {
        scene.id: _resolved(scene.music, project.at(file, "scenes", index, "music", "source"))
        for index, scene in enumerate(written.scenes)
        if scene.music is not None
    }


def unmeasured(shots: Sequence[Shot], music: Music | None, scenes: Mapping[str, Music]) -> Iterator[tuple[str, str]]:
    """Each shot, by key, that is made to a song and leaves its length to the vendor; and what to tell of it."""
    for span in spans_of(shots, music, scenes):
        for shot in span.shots if span.music.sync else ():
            if shot.duration_s is None:
                why = f"it is made to {span.music.source}, and every shot after it to what follows there"
                yield shot.key, f"{shot.key} has no length of its own; {why}. Write a duration in seconds"


def made_to_songs(
    project: Project, shots: Sequence[Shot], music: Music | None, scenes: Mapping[str, Music]
) -> tuple[Shot, ...]:
    """The shots, each that is made to a song with those seconds of it; it is sent them once, whatever else names it."""
    sent: dict[str, Shot] = {}
    for span in spans_of(shots, music, scenes):
        for shot in span.shots if span.music.sync else ():
            sent[shot.key] = _made_to(project, shot, span.music, span.parts[shot.key])
    return tuple(sent.get(shot.key, shot) for shot in shots)


def _made_to(project: Project, shot: Shot, music: Music, part: Window) -> Shot:
    file = project.on_disk(music.source)
    same = [each for each in shot.references if each.own is None and project.on_disk(each.source) == file]
    notes = [each.note for each in same if each.note]
    called = next((each for each in same if each.called), None)
    song = Reference(
        kind=MediaKind.AUDIO,
        role=Role.EXTRA,
        name=called.name if called else "music",
        label=called.label if called else "music",
        called=called is not None,
        source=music.source,
        required=True,
        note="; ".join(dict.fromkeys(notes)) or None,
        at=music.at,
        window=part,
        use=Use.MUSIC,
        song=True,
    )
    return replace(shot, references=(*(each for each in shot.references if each not in same), song))


def _resolved(item: MusicItem, at: Position) -> Music:
    said = {key: value for key, value in dict(item).items() if value is not None}
    usual = {**(_SONG if item.sync else _BED), "clip_sound": ClipSound.MUTE if item.sync else ClipSound.KEEP}
    return Music(**{**usual, **said}, at=at)
