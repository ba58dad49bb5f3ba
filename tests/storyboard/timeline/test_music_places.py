"""Where music lies in a master: with its pictures, to the sample, whatever was left out between them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from storyboard.continuity.music_spans import music_spans
from storyboard.shot import Episode
from storyboard.sounds import ClipSound
from storyboard.timeline.music_sounds import DUCK_DB
from storyboard.timeline.sample_grid import samples_at
from storyboard.timeline.sound_events import MUSIC_EDGE, Dip, SoundEvent, Track
from storyboard.timeline.sound_facts import SoundFacts
from storyboard.timeline.sound_plan import SoundPlan
from tests.storyboard.timeline.sound_stories import BED, SONG, episode_of, sound_of, timeline_of_all

RATE = 48_000
LENGTHS = st.lists(st.decimals(min_value="0.05", max_value="20", places=3), min_size=1, max_size=30)


def plan_of(
    episode: Episode, *, without: Collection[str] = (), clips: Mapping[str, str] | None = None, **songs_s: float
) -> SoundPlan:
    """The sound of its master; `songs_s` are the seconds that its music lasts, by source."""
    lasts = {"song": 1000.0, "clip": 30.0, **songs_s}
    facts = {name: SoundFacts(samples=round(each * RATE)) for name, each in lasts.items()}
    return sound_of(episode, {name: name for name in lasts}, facts, without=without, clips=clips)


def cues(plan: SoundPlan) -> list[SoundEvent]:
    """Its music in order of time."""
    return [event for event in plan.events if event.track is Track.MUSIC]


def fades(cue: SoundEvent) -> tuple[int, int]:
    """Over how many samples it comes and goes."""
    return cue.rise.samples if cue.rise else 0, cue.fall.samples if cue.fall else 0


@given(LENGTHS, st.sampled_from([Fraction(24), Fraction(25), Fraction(30_000, 1001)]))
def test_a_whole_song_is_one_cue(lengths: list[Decimal], fps: Fraction) -> None:
    """From its first sample to the master's last, however its pictures fall on frames, which are half a frame off."""
    episode = episode_of({f"a/{at}": each for at, each in enumerate(lengths)}, fps=fps, music=SONG)
    master = timeline_of_all(episode)
    (cue,) = cues(plan_of(episode))
    assert (cue.begin, cue.offset, cue.samples) == (0, 0, samples_at(master.frames, fps))
    assert (fades(cue), cue.dips, cue.gain_db) == ((0, 0), (), 0)
    (song,) = music_spans(episode)
    for key, place in zip(master.keys, master.spans, strict=True):
        exact = Fraction(song.parts[key].start_s) * RATE
        assert abs(samples_at(place.start, fps) - exact) <= RATE / fps / 2 + 1


def test_a_waived_shot_takes_its_seconds_with_it() -> None:
    """Those after it keep theirs; at the seam the song is heard on for five milliseconds, and comes up for as long."""
    song = replace(SONG, from_s=Decimal("0.5"))
    episode = episode_of({"a/0": "1", "a/1": "2", "a/2": "3"}, music=song)
    one, other = cues(plan_of(episode, without=["a/1"]))
    assert (one.begin, one.samples, one.offset) == (0, RATE + MUSIC_EDGE, RATE // 2)
    assert (other.begin, other.samples, other.offset) == (RATE, 3 * RATE, RATE * 7 // 2)
    assert (fades(one), fades(other)) == ((0, MUSIC_EDGE), (MUSIC_EDGE, 0))


def test_a_song_goes_on_after_a_scene_with_its_own() -> None:
    """Where it stopped, and so does a bed, whose own length is what its pieces came to."""
    own = replace(SONG, source="own", from_s=Decimal(3))
    for music in (SONG, BED):
        lengths = {"a/0": "1", "a/1": "1", "b/0": "2", "a/2": "1"}
        found = cues(plan_of(episode_of(lengths, music=music, scene_music={"b": own}), own=1000))
        assert [(cue.begin, cue.samples, cue.offset, *fades(cue)) for cue in found] == [
            (0, 2 * RATE + MUSIC_EDGE, 0, 0, MUSIC_EDGE),
            (2 * RATE, 2 * RATE + MUSIC_EDGE, 3 * RATE, 0, MUSIC_EDGE),
            (4 * RATE, RATE, 2 * RATE, MUSIC_EDGE, 0),
        ]
        assert [cue.material.sha256 for cue in found] == ["song", "own", "song"]


def test_a_bed_goes_on_over_a_waived_shot_and_fades_where_it_ends() -> None:
    """It belongs to no picture. Where it gives way, and where it is over, it fades as it is written."""
    bed = replace(BED, fade_out_s=Decimal("0.5"))
    lengths = {"a/0": "1", "a/1": "2", "a/2": "3", "b/0": "1"}
    episode = episode_of(lengths, music=replace(bed, source="short"), scene_music={"b": bed})
    one, other = cues(plan_of(episode, without=["a/1"], short=3.5))
    assert (one.begin, one.samples, one.offset, fades(one)) == (0, RATE * 7 // 2, 0, (0, RATE // 2))
    assert (other.begin, other.samples, fades(other)) == (4 * RATE, RATE, (0, RATE // 2))


def test_a_loop_lasts_as_long_as_what_it_lies_under() -> None:
    """Without one, music that is over is not heard."""
    for loop, heard in ((True, [(0, 6 * RATE), (6 * RATE, RATE)]), (False, [(0, 2 * RATE)])):
        bed = replace(BED, source="short", loop=loop)
        lengths = {"a/0": "6", "b/0": "1"}
        episode = episode_of(lengths, music=bed, scene_music={"b": replace(bed, from_s=Decimal(2))})
        found = cues(plan_of(episode, short=2))
        rings = [MUSIC_EDGE if cue.end < 7 * RATE else 0 for cue in found]
        assert [(cue.begin, cue.samples - ring) for cue, ring in zip(found, rings, strict=True)] == heard
        assert all((cue.material.loop == (0, 2 * RATE)) == loop for cue in found)


def test_clips_are_muted_lowered_or_kept() -> None:
    """Under the music that says so; lowered only for as long as it is heard."""
    duck = replace(BED, source="short", clip_sound=ClipSound.DUCK)
    lengths = {"a/0": "1", "a/1": "1", "b/0": "2", "b/1": "2", "b/2": "2", "c/0": "1"}
    episode = episode_of(lengths, scene_music={"a": SONG, "b": duck, "c": BED})
    plan = plan_of(episode, short=3, clips=dict.fromkeys(lengths, "clip"))
    heard = {event.key: event.dips for event in plan.events if event.track is Track.CLIP}
    until = Dip(0, 5 * RATE + MUSIC_EDGE, DUCK_DB, 0, RATE // 2)
    assert heard == {"b/0": (until,), "b/1": (until,), "b/2": (), "c/0": ()}


def test_under_a_bed_clips_are_lowered_until_it_ends() -> None:
    """Those that begin after that are as loud as they are."""
    lengths = {"a/0": "2", "a/1": "2", "a/2": "2"}
    duck = replace(BED, source="short", clip_sound=ClipSound.DUCK)
    clips = dict.fromkeys(lengths, "clip")
    plan = plan_of(episode_of(lengths, music=duck), short=3, clips=clips)
    (bed,) = cues(plan)
    heard = {event.key: [dip.end for dip in event.dips] for event in plan.events if event.track is Track.CLIP}
    assert (bed.begin, bed.samples, heard) == (0, 3 * RATE, {"a/0": [3 * RATE], "a/1": [3 * RATE], "a/2": []})
    plain = plan_of(episode_of(lengths, music=BED), clips=clips)
    assert not any(event.dips for event in plain.events)


def test_all_that_is_heard_is_in_the_recipe() -> None:
    """So no kept master is taken for one that sounds otherwise; and what is not heard is not in it."""
    lengths = {"a/0": "1", "a/1": "1"}

    def recipe(source: str = "song", **changes: object) -> str:
        music = replace(SONG, source=source, **changes)  # type: ignore[arg-type]
        episode = episode_of(lengths, music=music)
        return str(plan_of(episode, other=1000, clips=dict.fromkeys(lengths, "clip")).recipe)

    plain = recipe()
    others = [
        recipe(gain_db=Decimal(-1)),
        recipe(source="other"),
        recipe(from_s=Decimal(1)),
        recipe(fade_out_s=Decimal(1)),
        recipe(clip_sound=ClipSound.KEEP),
        recipe(clip_sound=ClipSound.DUCK),
    ]
    assert len({plain, *others}) == 7
    assert plain == recipe() == recipe(loop=True)
