"""Where music lies in a master: with its pictures, to the sample, whatever was left out between them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from render.cut.cut_sound import samples_at
from render.cut.music_bed import MusicBed
from render.cut.music_cues import EDGE_SAMPLES, Cue, Laid, Score, score_of

from storyboard.continuity.music_spans import MusicSpan
from storyboard.continuity.timing import spans
from storyboard.shot import Music
from storyboard.sounds import ClipSound
from storyboard.timeline.master_timeline import Timeline
from tests.storyboard.stories import shot

SONG = Music(source="song.wav", gain_db=Decimal(0), fade_out_s=Decimal(0), sync=True, clip_sound=ClipSound.MUTE)
BED = replace(SONG, sync=False, clip_sound=ClipSound.KEEP)
RATE = 48_000
LENGTHS = st.lists(st.decimals(min_value="0.05", max_value="20", places=3), min_size=1, max_size=30)


def laid(*lengths: str | Decimal, scene: str = "a", music: Music = SONG, song_s: float = 1000) -> Laid:
    """A song under shots a/0, a/1, … of these lengths."""
    shots = tuple(shot(f"{scene}/{at}", duration_s=Decimal(each)) for at, each in enumerate(lengths))
    bed = MusicBed(path=Path("song.wav"), sha256=scene, gain_db=music.gain_db)
    return Laid(span=MusicSpan(music=music, shots=shots), bed=bed, song_samples=round(song_s * RATE))


def timeline(*under: Laid, fps: Fraction = Fraction(24), without: tuple[str, ...] = ()) -> Timeline:
    """The master of all these shots, one after the other, without those that were waived."""
    shots = [each for one in under for each in one.span.shots]
    placed = zip(shots, spans([each.duration_s for each in shots], fps), strict=True)
    return Timeline.laid(((each.key, place.frames) for each, place in placed if each.key not in without), fps)


@given(LENGTHS, st.sampled_from([Fraction(24), Fraction(25), Fraction(30_000, 1001)]))
def test_a_whole_song_is_one_cue(lengths: list[Decimal], fps: Fraction) -> None:
    """From its first sample to the master's last, however its pictures fall on frames, which are half a frame off."""
    song = laid(*lengths)
    master = timeline(song, fps=fps)
    (cue,) = score_of([song], master).cues
    assert (cue.begin, cue.song, cue.samples) == (0, 0, samples_at(master.frames, fps))
    assert (cue.rising, cue.falling, cue.ringing, cue.alone) == (0, 0, 0, True)
    for key, place in zip(master.keys, master.spans, strict=True):
        exact = Fraction(song.span.parts[key].start_s) * RATE
        assert abs(samples_at(place.start, fps) - exact) <= RATE / fps / 2 + 1


def test_a_waived_shot_takes_its_seconds_with_it() -> None:
    """Those after it keep theirs; at the seam the song is heard on for five milliseconds, and comes up for as long."""
    song = laid("1", "2", "3", music=replace(SONG, from_s=Decimal("0.5")))
    one, other = score_of([song], timeline(song, without=("a/1",))).cues
    assert (one.begin, one.samples, one.song) == (0, RATE, RATE // 2)
    assert (other.begin, other.samples, other.song) == (RATE, 3 * RATE, RATE * 7 // 2)
    assert (one.rising, one.ringing, other.rising, other.ringing) == (0, EDGE_SAMPLES, EDGE_SAMPLES, 0)


def test_a_song_goes_on_after_a_scene_with_its_own() -> None:
    """Where it stopped, and so does a bed, whose own length is what its pieces came to."""
    for music in (SONG, BED):
        whole, own = laid("1", "1", "1", music=music), laid("2", scene="b", music=replace(SONG, from_s=Decimal(3)))
        order = [*whole.span.shots[:2], *own.span.shots, *whole.span.shots[2:]]
        master = Timeline.laid(((each.key, int((each.duration_s or 0) * 24)) for each in order), Fraction(24))
        cues = score_of([whole, own], master).cues
        assert [(cue.begin, cue.samples, cue.song, cue.rising, cue.ringing) for cue in cues] == [
            (0, 2 * RATE, 0, 0, EDGE_SAMPLES),
            (2 * RATE, 2 * RATE, 3 * RATE, 0, EDGE_SAMPLES),
            (4 * RATE, RATE, 2 * RATE, EDGE_SAMPLES, 0),
        ]
        assert [cue.bed.sha256 for cue in cues] == ["a", "b", "a"]


def test_a_bed_goes_on_over_a_waived_shot_and_fades_where_it_ends() -> None:
    """It belongs to no picture. Where it gives way, and where it is over, it fades as it is written."""
    bed = laid("1", "2", "3", music=replace(BED, fade_out_s=Decimal("0.5")), song_s=3.5)
    after = laid("1", scene="b", music=replace(BED, fade_out_s=Decimal("0.5")))
    one, other = score_of([bed, after], timeline(bed, after, without=("a/1",))).cues
    assert (one.begin, one.samples, one.song, one.falling, one.ringing) == (0, RATE * 7 // 2, 0, RATE // 2, 0)
    assert (other.begin, other.samples, other.falling) == (4 * RATE, RATE, RATE // 2)


def test_a_loop_lasts_as_long_as_what_it_lies_under() -> None:
    """Without one, music that is over is no cue."""
    for loop, samples in ((True, [6 * RATE, RATE]), (False, [2 * RATE])):
        bed = laid("6", music=replace(BED, loop=loop), song_s=2)
        end = laid("1", scene="b", music=replace(BED, loop=loop, from_s=Decimal(2)), song_s=2)
        cues = score_of([bed, end], timeline(bed, end)).cues
        assert [cue.samples for cue in cues] == samples
        assert all(cue.loops == loop for cue in cues)


def test_clips_are_muted_lowered_or_kept() -> None:
    """Under the music that says so; lowered only for as long as it is heard."""
    mute = laid("1", "1", scene="a")
    duck = laid("2", "2", "2", scene="b", music=replace(BED, clip_sound=ClipSound.DUCK), song_s=3)
    keep = laid("1", scene="c", music=BED)
    score = score_of([mute, duck, keep], timeline(mute, duck, keep))
    assert score.muted == {"a/0", "a/1"}
    assert score.lowered == {"b/0": 2 * RATE, "b/1": RATE}
    assert [cue.alone for cue in score.cues] == [True, False, False]


def test_a_bed_under_all_of_it_is_no_cue() -> None:
    """It lies there as it always did; only what the clips do under it is told."""
    bed = laid("2", "2", music=replace(BED, clip_sound=ClipSound.DUCK), song_s=3)
    master = timeline(bed)
    assert score_of([], master, bed=bed) == Score(lowered={"a/0": 2 * RATE, "a/1": RATE})
    plain = laid("2", "2", music=BED)
    assert score_of([], master, bed=plain).recipe(master) == []


def test_all_that_is_heard_is_in_the_recipe() -> None:
    """So no kept master is taken for one that sounds otherwise; and what is not heard is not in it."""
    song = laid("1", "1")
    master = timeline(song)
    plain = score_of([song], master)
    others: list[Score] = [
        score_of([replace(song, bed=replace(song.bed, gain_db=Decimal(-1)))], master),
        score_of([replace(song, bed=replace(song.bed, sha256="b"))], master),
        score_of([laid("1", "1", music=replace(SONG, from_s=Decimal(1)))], master),
        score_of([laid("1", "1", music=replace(SONG, fade_out_s=Decimal(1)))], master),
        score_of([laid("1", "1", music=replace(SONG, clip_sound=ClipSound.KEEP))], master),
        score_of([laid("1", "1", music=replace(SONG, clip_sound=ClipSound.DUCK))], master),
    ]
    recipes = [str(each.recipe(master)) for each in (plain, *others)]
    assert len(set(recipes)) == len(recipes)
    assert plain.recipe(master) == score_of([laid("1", "1")], master).recipe(master)
    assert isinstance(plain.cues[0], Cue)
