"""Which seconds of a song lie under which shots: all of them, each once, and none that a shot elsewhere could move."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from storyboard.continuity.music_spans import MusicSpan, music_spans
from storyboard.shot import Episode, Music, Window
from tests.storyboard.stories import shot, story

SONG = Music(source="references/music/song.wav", gain_db=Decimal(0), fade_out_s=Decimal(0), sync=True)
OTHER = replace(SONG, source="references/music/other.wav", from_s=Decimal("1.25"))
LENGTHS = st.lists(st.decimals(min_value="0.05", max_value="20", places=3), min_size=1, max_size=40)


def episode(*scenes: tuple[str, list[Decimal]], music: Music | None = SONG, **scene_music: Music) -> Episode:
    """Scenes with shots of these lengths, in seconds."""
    shots = [
        shot(f"{scene}/{number}", duration_s=each) for scene, lengths in scenes for number, each in enumerate(lengths)
    ]
    return replace(story(*shots), music=music, scene_music=scene_music)


def span(*lengths: Decimal, start: str = "0") -> MusicSpan:
    """The one span of such an episode."""
    (only,) = music_spans(episode(("a", list(lengths)), music=replace(SONG, from_s=Decimal(start))))
    return only


@given(LENGTHS, st.decimals(min_value="0", max_value="300", places=3))
def test_the_parts_tile_the_song(lengths: list[Decimal], start: Decimal) -> None:
    """From where it begins, without a gap and without anything twice, each as long as its shot, exactly."""
    parts = list(span(*lengths, start=str(start)).parts.values())
    assert [part.start_s for part in parts] == [start, *(part.end_s for part in parts[:-1])]
    assert [part.length_s for part in parts] == lengths
    assert parts[-1].end_s == start + sum(lengths)


@given(LENGTHS, st.data())
def test_another_length_moves_what_comes_after_it(lengths: list[Decimal], data: st.DataObject) -> None:
    """The shots before keep their seconds; the shot itself and all after it get others."""
    index = data.draw(st.integers(0, len(lengths) - 1))
    longer = [*lengths[:index], lengths[index] + Decimal("0.5"), *lengths[index + 1 :]]
    before, after = span(*lengths).parts, span(*longer).parts
    changed = [key for key in before if before[key] != after[key]]
    assert changed == list(before)[index:]


@given(LENGTHS, st.data())
def test_two_shots_that_change_places_move_what_lies_between_them(lengths: list[Decimal], data: st.DataObject) -> None:
    """Shots outside of the two keep their seconds."""
    shots = [shot(f"a/{number}", duration_s=each) for number, each in enumerate(lengths)]
    one, other = sorted(data.draw(st.tuples(*[st.integers(0, len(shots) - 1)] * 2)))
    swapped = list(shots)
    swapped[one], swapped[other] = shots[other], shots[one]
    before = MusicSpan(music=SONG, shots=tuple(shots)).parts
    after = MusicSpan(music=SONG, shots=tuple(swapped)).parts
    assert {key for key in before if before[key] != after[key]} <= {each.key for each in shots[one : other + 1]}


def test_a_scene_with_its_own_music_is_left_out_of_the_episodes() -> None:
    """The episode's song waits under it and goes on where it stopped; whatever is there moves nothing outside."""
    two = [Decimal(2), Decimal(3)]
    whole, own = music_spans(episode(("a", two), ("b", two), ("c", two), b=OTHER))
    assert list(whole.parts) == ["a/0", "a/1", "c/0", "c/1"]
    assert whole.parts["c/0"] == Window(Decimal(5), Decimal(7))
    assert own.music is OTHER
    assert own.parts == {
        "b/0": Window(Decimal("1.25"), Decimal("3.25")),
        "b/1": Window(Decimal("3.25"), Decimal("6.25")),
    }
    longer, _ = music_spans(episode(("a", two), ("b", [Decimal(9)]), ("c", two), b=OTHER))
    assert longer.parts == whole.parts


def test_where_every_scene_has_its_own_the_episodes_is_nowhere() -> None:
    """And an episode without music has none but that of its scenes."""
    one = [Decimal(1)]
    assert [each.music for each in music_spans(episode(("a", one), a=OTHER))] == [OTHER]
    assert [each.music for each in music_spans(episode(("a", one), ("b", one), music=None, b=OTHER))] == [OTHER]
    assert music_spans(episode(("a", one), music=None)) == ()
