"""What is heard beside the clips, with every default filled in and every name resolved; and what cannot be heard so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from storyboard.errors import Position
from storyboard.expand.bible_lookup import SERIES_FILE
from storyboard.expand.inheritance import Place
from storyboard.loading import Project
from storyboard.model import EpisodeFile
from storyboard.model.sound import CueItem, EffectItem, LoudnessItem, NarrationItem, SpokenItem
from storyboard.shot import Shot
from storyboard.sounds import LOUDNESS, Effect, LoudnessTarget, MixSettings, MusicCue, ShotSounds, SpokenFile
from storyboard.text.decimals import plain_decimal
from storyboard.text.suggestions import did_you_mean

Blame = Callable[[Position, str], None]
"""Notes a mistake."""


def shot_sounds(place: Place) -> ShotSounds:
    """The recordings of a shot's lines, and its effects."""
    written = place.shot
    return ShotSounds(
        dialogue=tuple(_spoken(place, "dialogue", written.dialogue)),
        narration=tuple(_spoken(place, "narration", written.narration)),
        effects=tuple(_effect(place, index, item) for index, item in enumerate(written.effects)),
    )


def late_sounds(place: Place, shot: Shot) -> Iterator[tuple[Position, str]]:
    """What of a shot would begin after its end: where that is written, and what to tell."""
    length_s = shot.cut_s
    written = place.shot
    listed: dict[str, Sequence[SpokenItem | EffectItem]] = {
        "dialogue": written.dialogue,
        "narration": written.narration,
        "effects": written.effects,
    }
    for name, items in listed.items():
        for index, item in enumerate(items):
            if length_s is not None and item.file and item.at is not None and Fraction(item.at) >= length_s:
                ends = f"{float(length_s):g}"
                told = f"{item.file} would begin at {plain_decimal(item.at)} s, and the shot ends at {ends} s"
                yield place.at(name, index, "at"), f"{told}; write an earlier `at`, or put it on the next shot"


def episode_cues(project: Project, written: EpisodeFile, shots: Sequence[Shot], blame: Blame) -> tuple[MusicCue, ...]:
    """The cues of an episode. One whose shots are not there, or in the wrong order, is blamed and left out."""
    file, keys = project.episode_file(written.episode), [shot.key for shot in shots]
    cues = []
    for index, item in enumerate(written.cues):
        problem = _problem(item, keys)
        if problem is None:
            under = tuple(keys[keys.index(item.from_shot) : keys.index(item.to_shot or item.from_shot) + 1])
            cues.append(_cue(item, under, project.at(file, "cues", index, "source")))
        else:
            blame(project.at(file, "cues", index, problem[0]), problem[1])
    return tuple(cues)


def mix_settings(project: Project) -> MixSettings:
    """How the series is mixed."""
    item = project.series.mix
    return MixSettings(
        ducking_db=item.ducking_db,
        attack_s=item.attack,
        release_s=item.release,
        level_clips=item.level_clips,
        room_tone=item.room_tone,
        room_tone_at=project.at(SERIES_FILE, "mix", "room_tone"),
        clip_under_lines=item.clip_under_lines,
    )


def loudness_target(project: Project) -> LoudnessTarget | None:
    """What the series' episodes are brought to; None where they are left as they are."""
    asked = project.series.delivery.loudness
    if isinstance(asked, LoudnessItem):
        return LoudnessTarget(**dict(asked))
    return LOUDNESS.get(asked)


def _spoken(place: Place, name: str, items: Sequence[SpokenItem]) -> Iterator[SpokenFile]:
    for index, item in enumerate(items):
        if item.file is not None:
            yield SpokenFile(
                source=item.file,
                line=index,
                at_s=item.at,
                gain_db=item.gain_db,
                text=" ".join(str(getattr(item, "line", "")).split()),
                translations=item.translations if isinstance(item, NarrationItem) else {},
                at=place.at(name, index, "file"),
            )


def _effect(place: Place, index: int, item: EffectItem) -> Effect:
    return Effect(
        source=item.file,
        at_s=item.at,
        gain_db=item.gain_db,
        fade_in_s=item.fade_in,
        fade_out_s=item.fade_out,
        loop=item.loop,
        length_s=item.length,
        at=place.at("effects", index, "file"),
    )


def _problem(item: CueItem, keys: Sequence[str]) -> tuple[str, str] | None:
    """What is wrong with the shots that a cue names: the key, and what to tell of it."""
    last = item.to_shot or item.from_shot
    for name, key in (("from_shot", item.from_shot), ("to_shot", last)):
        if key not in keys:
            return name, f"there is no shot {key!r}{did_you_mean(key, keys)}"
    if keys.index(last) < keys.index(item.from_shot):
        return "to_shot", f"{last} comes before {item.from_shot}, where this cue begins; exchange the two"
    return None


def _cue(item: CueItem, shots: tuple[str, ...], at: Position) -> MusicCue:
    return MusicCue(
        source=item.source,
        shots=shots,
        start_s=item.start,
        gain_db=item.gain_db,
        fade_in_s=item.fade_in,
        fade_out_s=item.fade_out,
        loop=item.loop,
        clip_sound=item.clip_sound,
        at=at,
    )
