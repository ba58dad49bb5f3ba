"""Music against the length of its episode."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from storyboard.errors import InvalidProject, Position
from storyboard.plan.episode_plan import plan
from storyboard.plan.music_length import at_least, music_note, music_notes, short_songs
from storyboard.request import ReferenceFacts
from storyboard.shot import Episode, MediaKind, Music
from tests.storyboard.stories import facts, reference, shot, story, vendor

THEME = Music(source="references/music/theme.mp3", gain_db=Decimal(-18), fade_out_s=Decimal(2))


@pytest.mark.parametrize(
    ("music_s", "episode_s", "told"),
    [("12", "20", True), ("19.8", "20", False), ("20", "20", False), (None, "20", False)],
)
def test_only_music_that_is_missed_is_told(music_s: str | None, episode_s: str, told: bool) -> None:
    """A quarter of a second under a fade is not; what nobody measured is not guessed at."""
    note = music_note(THEME, None if music_s is None else Decimal(music_s), Decimal(episode_s))
    assert (note is not None) == told


def test_the_note_says_what_to_write() -> None:
    """The file, both lengths, and the key."""
    note = music_note(THEME, Decimal("12.04"), Decimal(20)) or ""
    assert "references/music/theme.mp3 ends after 12.0 s of 20.0 s" in note
    assert "`loop: true`" in note


def test_shots_of_unknown_length_count_for_nothing() -> None:
    """The episode lasts so long at least."""
    assert at_least([Decimal("1.5"), None, Decimal(2)]) == Decimal("3.5")


def _sung(*lengths: str, **music: object) -> Episode:
    """An episode whose shots of these lengths are made to a song."""
    shots = [shot(f"a/{number}", duration_s=Decimal(each)) for number, each in enumerate(lengths)]
    return replace(story(*shots), music=replace(THEME, sync=True, **music))  # type: ignore[arg-type]


def _lasting(seconds: str) -> dict[str, ReferenceFacts]:
    """What is known of a song of so many seconds."""
    return {THEME.source: facts(reference(source=THEME.source, kind=MediaKind.AUDIO), duration_s=Decimal(seconds))}


def test_a_song_that_ends_before_its_shots_is_told_with_what_is_missing() -> None:
    """Nothing of it is left to be heard under the last one."""
    (told,) = [told for _, told in short_songs(_sung("5", "5", from_s=Decimal(2)), _lasting("11.5"))]
    assert told.startswith(
        "references/music/theme.mp3 lasts 11.5 s, and the 2 shots made to it last 10 s from 2 s on: 0.5 s of it are "
        "missing. Give a longer song"
    )
    assert list(short_songs(_sung("5", "5"), _lasting("10"))) == []
    assert list(short_songs(replace(_sung("5", "5"), music=THEME), _lasting("3"))) == []


def test_a_plan_with_a_song_that_is_too_short_is_none() -> None:
    """Before anything is paid, where the song is named."""
    at = Position("episodes/e01.yaml", 4, 17)
    with pytest.raises(InvalidProject) as caught:
        plan(_sung("5", "5", at=at), {"acme": vendor()}, _lasting("8"), (), ())
    assert [(each.at, "2 s of it are missing" in each.message) for each in caught.value.mistakes] == [(at, True)]


def test_the_music_of_a_scene_is_measured_against_the_scene() -> None:
    """And that of the episode against what is left of it."""
    episode = replace(
        story(shot("a/1", duration_s=Decimal(5)), shot("b/1", duration_s=Decimal(9))),
        music=THEME,
        scene_music={"b": replace(THEME, from_s=Decimal(2))},
    )
    lengths = {each.key: each.duration_s for each in episode.shots}
    told = [told for _, told in music_notes(episode, _lasting("6"), lengths)]
    assert [each.partition(",")[0] for each in told] == [
        "the music references/music/theme.mp3 ends after 4.0 s of 9.0 s"
    ]
    assert list(music_notes(episode, _lasting("6"), {"a/1": Decimal(5)})) == []
