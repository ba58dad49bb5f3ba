"""What is approved of a storyboard and of a cut, and what is told to have changed since."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyboard.approval.animatic_content import animatic_content
from storyboard.approval.approval_content import ApprovalContent
from storyboard.approval.content_changes import ChangeKind, ContentChange, PartChange, content_changes
from storyboard.approval.storyboard_content import storyboard_content
from storyboard.edit import Edit, Transition, TransitionKind
from storyboard.errors import Position
from storyboard.identity import wish
from storyboard.request import ReferenceFacts
from storyboard.shot import Episode, Line, MediaKind, Music, Shot, Translation
from storyboard.sounds import Effect, MusicCue, ShotSounds
from tests.storyboard.stories import digest, shot, story
from tests.thinning import examples

SHOTS = (shot("lamp/010"), shot("lamp/020"), shot("sea/010"))
SONG = Music(source="song.wav", gain_db=Decimal(-18), fade_out_s=Decimal(2))


def wishes(episode: Episode) -> dict[str, str]:
    """What is wanted of each shot."""
    return {each.key: wish(each, {}) for each in episode.shots}


def board(episode: Episode) -> ApprovalContent:
    """The storyboard, to be approved."""
    return storyboard_content(episode, wishes(episode))


def cut(episode: Episode, song: str = "song") -> ApprovalContent:
    """The cut, to be approved, with a song of these bytes."""
    facts = ReferenceFacts(source="song.wav", sha256=digest(song), kind=MediaKind.AUDIO, format="wav", bytes=4096)
    return animatic_content(episode, wishes(episode), {"song.wav": facts})


def test_what_makes_nothing_again_asks_nobody_again() -> None:
    """Notes, places in a file, names of shots, vendors, retakes and the cut leave an approved storyboard as it is."""
    before = board(story(*SHOTS))
    moved = (
        replace(
            each,
            notes="a note",
            at=Position("other.yaml", 9, 9),
            scene=f"new-{each.scene}",
            providers=("other",),
            takes=3,
            edit=Edit(transition=Transition(TransitionKind.DISSOLVE, Fraction(1))),
        )
        for each in SHOTS
    )
    now = board(story(*moved))
    assert now.hash == before.hash
    assert content_changes(before.content, now) == ()


def test_an_edit_says_which_part_of_which_shot_changed() -> None:
    """The prompt as it was and as it is, a length, a shot that came, went or stands elsewhere."""
    first, second, third = SHOTS
    before = board(story(first, second, third))
    edited = replace(second, prompt=("a wave",), duration_s=Decimal(4))
    now = board(story(edited, first, shot("sea/020")))
    assert content_changes(before.content, now) == (
        ContentChange(
            ChangeKind.CHANGED,
            "lamp/020",
            (PartChange("prompt", "what happens in lamp/020", "a wave"), PartChange("length", "3 s", "4 s")),
        ),
        ContentChange(ChangeKind.MOVED, "lamp/020"),
        ContentChange(ChangeKind.ADDED, "sea/020"),
        ContentChange(ChangeKind.REMOVED, "sea/010"),
    )


def test_another_version_of_a_reference_is_a_change_that_nobody_can_read() -> None:
    """Where all texts are the same, and something else is wanted, that is said."""
    episode = story(*SHOTS)
    before, other = wishes(episode), {**wishes(episode), "lamp/010": "f" * 64}
    (change,) = content_changes(storyboard_content(episode, before).content, storyboard_content(episode, other))
    assert change == ContentChange(ChangeKind.CHANGED, "lamp/010", (PartChange("what it is sent"),))


@pytest.mark.parametrize(
    ("edited", "part"),
    [
        ({"edit": Edit(transition=Transition(TransitionKind.DISSOLVE, Fraction(1)))}, "transition"),
        ({"edit": Edit(out_s=Fraction(2))}, "length"),
        ({"edit": Edit(mute=True)}, "clip sound"),
        ({"sounds": ShotSounds(effects=(Effect(source="bang.wav"),))}, "sound"),
        ({"dialogue": (Line("mara", "Mara", "Hm.", {"de": Translation("Hm!")}),)}, "dialogue"),
    ],
)
def test_the_cut_of_a_shot_is_part_of_the_animatic(edited: dict[str, object], part: str) -> None:
    """Whatever moves, is heard or is read otherwise asks again, though it may buy nothing."""
    before = cut(story(*SHOTS))
    now = cut(story(replace(SHOTS[0], **edited), *SHOTS[1:]))  # type: ignore[arg-type]
    (change,) = content_changes(before.content, now)
    assert (change.kind, change.shot) == (ChangeKind.CHANGED, "lamp/010")
    assert part in {each.part for each in change.parts}


def test_what_lies_over_the_whole_cut_is_part_of_the_animatic() -> None:
    """Music, and its bytes; but not how a shot under a cue is called."""
    under = replace(story(*SHOTS), music=SONG, cues=(MusicCue(source="song.wav", shots=("sea/010",)),))
    before = cut(under)
    (change,) = content_changes(before.content, cut(replace(under, music=replace(SONG, gain_db=Decimal(-6)))))
    assert (change.shot, [each.part for each in change.parts]) == ("", ["music"])
    assert cut(under, "another song").hash != before.hash

    named = replace(story(*SHOTS[:2], replace(SHOTS[2], scene="shore")), music=SONG)
    renamed = replace(named, cues=(MusicCue(source="song.wav", shots=("shore/010",)),))
    assert cut(renamed).hash == before.hash


@st.composite
def episodes(draw: st.DrawFn) -> Episode:
    """Some of a few shots in any order, each in one of two versions."""
    keys = draw(st.lists(st.sampled_from([f"s/{number}" for number in range(6)]), unique=True, min_size=1))
    return story(*(_version(key, draw(st.integers(0, 1))) for key in keys))


def _version(key: str, version: int) -> Shot:
    return shot(key, duration_s=Decimal(3 + version), prompt=(f"shot {int(key[2:]) // 2}",))


@settings(max_examples=examples(200))
@given(episodes(), episodes())
def test_a_change_is_told_wherever_and_only_where_the_hash_changed(before: Episode, now: Episode) -> None:
    """What asks again says why; and each shot is told of once at most as come, gone or moved."""
    then, today = board(before), board(now)
    changes = content_changes(json.dumps(json.loads(then.content)), today)
    assert bool(changes) == (then.hash != today.hash)
    gone = {each.shot for each in changes if each.kind is ChangeKind.REMOVED}
    assert gone <= {each.key for each in before.shots}
    assert {each.shot for each in changes} - gone <= {each.key for each in now.shots}
    count = len(before.shots) - len(gone) + sum(each.kind is ChangeKind.ADDED for each in changes)
    assert not changes or count == len(now.shots), "whoever does as it is told arrives at what is wanted now"


@pytest.mark.parametrize("content", ["[]", "{}", '{"shots": [{"key": "a"}]}', "nonsense"])
def test_a_content_that_is_none_is_told(content: str) -> None:
    """What a stranger's ledger holds is an error with one name."""
    with pytest.raises(ValueError, match=r"content that is none|Expecting value"):
        content_changes(content, board(story(*SHOTS)))
