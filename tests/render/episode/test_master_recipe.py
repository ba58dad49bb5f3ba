"""A master that was cut before is found again by its name, which holds all that is seen, heard and told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from render.cut.cut_plan import Piece, timeline_of
from render.episode.planned_master import master_recipe, picture_recipe
from render.markers.labels import labels_of
from render.mix.mix_episode import mix_recipe
from storyboard.edit import Edit, Transition, TransitionKind
from storyboard.shot import Episode, MasterFormat, Music
from storyboard.sounds import BROADCAST, ClipSound
from storyboard.timeline.sound_facts import SoundFacts
from tests.storyboard.stories import FPS, clip
from tests.storyboard.timeline.sound_stories import BED, episode_of, sound_of

THEME = replace(BED, gain_db=Decimal(-18), fade_out_s=Decimal(2))
DISSOLVE = Edit(transition=Transition(TransitionKind.DISSOLVE, Fraction(1, 2)))
BLACK = Transition(TransitionKind.DIP_TO_BLACK, Fraction(1, 2))
SOUNDS = {name: SoundFacts(samples=48_000 * 60) for name in ("song", "other", "voice")}
PIECES = (
    Piece(key="a/1", frames=72, path=Path("a.mp4"), clip=clip("a")),
    Piece(key="a/2", frames=72, path=Path("slate.mp4"), clip=None),
)


def episode(music: Music | None = THEME, **keys: Any) -> Episode:
    """Two shots of three seconds with music under them."""
    plain = {"master": MasterFormat(160, 90, FPS), **keys}
    return replace(episode_of({"a/1": "3", "a/2": "3"}, music=music), **plain)


def name_of(
    episode: Episode,
    pieces: Sequence[Piece] = PIECES,
    *,
    heard: str = "voice",
    tracks: Sequence[object] = (),
    drawn: Sequence[object] = (),
) -> str:
    """The name of its master, of whose first shot a sound is heard; `tracks` and `drawn` are its subtitles."""
    timeline = timeline_of(pieces, episode.master.fps, episode.end_transition)
    plan = sound_of(episode, {name: name for name in SOUNDS}, SOUNDS, clips={"a/1": heard})
    picture = picture_recipe(episode, pieces, timeline, drawn)
    sound = mix_recipe(plan, episode.loudness)
    return master_recipe(picture, sound=sound, labels=labels_of(episode, timeline), captions=[*tracks, *drawn])


def test_a_master_of_before_is_found_again() -> None:
    """What is neither seen nor heard nor told is not in its name."""
    assert name_of(episode()) == name_of(episode(stems=True)) == name_of(episode(replace(THEME, loop=True)))
    elsewhere = [replace(each, path=Path("elsewhere", each.path)) for each in PIECES]
    assert name_of(episode(), elsewhere) == name_of(episode())


def test_a_piece_that_is_used_as_it_is_goes_by_its_clip_and_its_length() -> None:
    """A slate by the shot for which it stands."""
    assert [each.recipe for each in PIECES] == [[clip("a").sha256, 72], ["slate a/2", 72]]


def test_muted_clips_are_another_master() -> None:
    """Though all pictures and the music are the same."""
    assert name_of(episode(replace(THEME, clip_sound=ClipSound.MUTE))) != name_of(episode())


def test_what_looks_sounds_or_calls_itself_otherwise_is_another_master() -> None:
    """So that no kept master is taken for it."""
    names = [
        name_of(episode()),
        name_of(episode(None)),
        name_of(episode(replace(THEME, source="other"))),
        name_of(episode(replace(THEME, gain_db=Decimal(-17)))),
        name_of(episode(replace(THEME, clip_sound=ClipSound.DUCK))),
        name_of(episode(loudness=BROADCAST)),
        name_of(episode(), heard="other"),
        name_of(episode(title="Another")),
        name_of(episode(master=MasterFormat(90, 160, FPS))),
        name_of(episode(end_transition=BLACK)),
        name_of(episode(), [replace(PIECES[0], clip=clip("b")), PIECES[1]]),
        name_of(episode(), [replace(PIECES[0], frames=71), PIECES[1]]),
        name_of(episode(), [replace(PIECES[0], edit=Edit(in_s=Fraction(1, 2))), PIECES[1]]),
        name_of(episode(), [PIECES[0], replace(PIECES[1], edit=DISSOLVE)]),
        name_of(episode(), [PIECES[0], replace(PIECES[1], drawn="card")]),
        name_of(episode(), PIECES[::-1]),
        name_of(episode(), tracks=["eng"]),
        name_of(episode(), drawn=["eng"]),
    ]
    assert len(set(names)) == len(names)
