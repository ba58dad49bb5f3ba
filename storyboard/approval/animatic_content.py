"""What is approved of an animatic: how its cut runs. Shots with their lengths, transitions, sound, cards and words.

The hash is that of all which decides the preview's timeline, under no name of a shot or scene, and with sounds by their
bytes: a preview that was made of just this can say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

from storyboard.approval.approval_content import ApprovalContent, hashed, shot_told
from storyboard.approval_rules import Subject
from storyboard.bind.wordings import plain
from storyboard.identity import JsonValue
from storyboard.request import ReferenceFacts
from storyboard.shot import Episode, Shot
from storyboard.text.printable import one_line

_TRIMS = ("in_s", "out_s", "speed", "hold_first_s", "hold_last_s")


def animatic_content(
    episode: Episode, wishes: Mapping[str, str], references: Mapping[str, ReferenceFacts]
) -> ApprovalContent:
    """The episode's cut, to be approved. `wishes` are by SCENE/SHOT, `references` facts by source."""
    files = {source: facts.sha256 for source, facts in references.items()}
    shots = [_told(shot, wishes[shot.key], episode, files) for shot in episode.shots]
    same: list[JsonValue] = [each["same"] for each in shots]
    nameless = {**files, **_places(episode)}
    return ApprovalContent(
        subject=Subject.ANIMATIC,
        hash=hashed(["animatic", same, _plain(_whole(episode), nameless)]),
        told={"shots": list[JsonValue](shots), "whole": _plain(_whole(episode), files)},
    )


def _told(shot: Shot, wish: str, episode: Episode, files: Mapping[str, str]) -> dict[str, JsonValue]:
    length = shot.cut_s
    parts: dict[str, JsonValue] = {
        "prompt": one_line(plain(shot.prompt)),
        "length": "auto" if length is None else f"{float(length):g} s",
        "trim": [_plain(getattr(shot.edit, name), files) for name in _TRIMS],
        "transition": _plain(shot.edit.transition, files),
        "clip sound": _plain([shot.edit.mute, shot.edit.gain_db, shot.edit.sound_from_s], files),
        "dialogue": _plain(shot.dialogue, files),
        "sound": _plain(shot.sounds, files),
        "scene music": _plain(episode.scene_music.get(shot.scene), files),
    }
    return shot_told(shot.key, hashed([wish, parts]), parts)


def _whole(episode: Episode) -> dict[str, Any]:
    """What belongs to no single shot."""
    cards = [[card.kind, card.before, card.frames, card.look] for card in episode.cards]
    return {
        "format": episode.master,
        "music": episode.music,
        "cues": episode.cues,
        "cards": cards,
        "end transition": episode.end_transition,
        "mix": episode.mix,
        "loudness": episode.loudness,
        "subtitles": [episode.language, episode.subtitles],
    }


def _places(episode: Episode) -> dict[str, str]:
    """What stands for the names of shots and scenes: which of them it is, so that a renamed one is the same."""
    scenes = dict.fromkeys(shot.scene for shot in episode.shots)
    shots = {shot.key: f"shot {shot.index}" for shot in episode.shots}
    return {**{scene: f"scene {number}" for number, scene in enumerate(scenes)}, **shots}


def _plain(value: Any, names: Mapping[str, str]) -> JsonValue:
    """A value of the storyboard as JSON, without where it is written. `names` stand for texts, as bytes for a file."""
    if is_dataclass(value) and not isinstance(value, type):
        kept = (each.name for each in fields(value) if not _is_place(each.name))
        return {name: _plain(getattr(value, name), names) for name in kept}
    if isinstance(value, Mapping):
        return {str(key): _plain(each, names) for key, each in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_plain(each, names) for each in value]
    return _single(value.value if isinstance(value, Enum) else value, names)


def _single(value: Any, names: Mapping[str, str]) -> JsonValue:
    if isinstance(value, Decimal | Fraction):
        return str(Fraction(value))
    if isinstance(value, str):
        return names.get(value, value)
    return value if isinstance(value, bool | int) else None


def _is_place(name: str) -> bool:
    """Whether a field holds a `Position`: where something is written."""
    return name == "at" or name.endswith("_at")
