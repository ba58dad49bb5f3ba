"""Where music is heard, and what the clips do under it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from storyboard.continuity.music_spans import MusicSpan
from storyboard.shot import Music
from storyboard.sounds import ClipSound, MusicCue
from storyboard.timeline.master_timeline import Timeline
from storyboard.timeline.music_sounds import MusicSounds, music_sounds
from storyboard.timeline.sound_events import MUSIC_EDGE, Curve, Dip, Fade
from tests.storyboard.stories import shot
from tests.storyboard.timeline.sounding import FPS, RATE, facts

SONG = Music(source="song", gain_db=Decimal(0), fade_out_s=Decimal(0), sync=True, clip_sound=ClipSound.MUTE)
BED = replace(SONG, source="bed", sync=False, clip_sound=ClipSound.KEEP)


def under(*lengths: str, scene: str = "a", music: Music = SONG) -> MusicSpan:
    """Music under shots a/0, a/1, …"""
    shots = tuple(shot(f"{scene}/{at}", duration_s=Decimal(each)) for at, each in enumerate(lengths))
    return MusicSpan(music=music, shots=shots)


def timeline(*spans: MusicSpan, without: tuple[str, ...] = ()) -> Timeline:
    """All shots of these, in order, but those that are waived."""
    every = [each for span in spans for each in span.shots if each.key not in without]
    return Timeline.laid(((each.key, int((each.duration_s or 0) * 24)) for each in every), FPS)


def heard(master: Timeline, *spans: MusicSpan, cues: tuple[MusicCue, ...] = (), song_s: float = 60) -> MusicSounds:
    """The music of a master; every file lasts so many seconds."""
    hashes = {each: each for each in ("song", "bed", "other")}
    return music_sounds(spans, cues, master, hashes, {each: facts(song_s) for each in hashes})


def test_neighbours_whose_seconds_follow_each_other_are_one_sound() -> None:
    """A waived shot takes its seconds of the song with it; the seam is a crossfade of five milliseconds."""
    span = under("1", "2", "3")
    (only,) = heard(timeline(span), span).events
    assert (only.begin, only.samples, only.offset, only.rise, only.fall) == (0, 6 * RATE, 0, None, None)
    one, other = heard(timeline(span, without=("a/1",)), span).events
    assert (one.begin, one.samples, one.fall) == (0, RATE + MUSIC_EDGE, Fade(MUSIC_EDGE, Curve.LINEAR))
    assert (other.begin, other.samples, other.offset, other.rise) == (
        RATE,
        3 * RATE,
        3 * RATE,
        Fade(MUSIC_EDGE, Curve.LINEAR),
    )


def test_a_bed_waits_under_another_scene_and_goes_on_where_it_stopped() -> None:
    """It belongs to no picture, so a waived shot leaves no hole in it."""
    bed, own = under("1", "1", "1", "1", music=BED), under("2", scene="b")
    order = [*bed.shots[:2], *own.shots, *bed.shots[2:]]
    master = Timeline.laid(((each.key, int((each.duration_s or 0) * 24)) for each in order), FPS)
    one, between, other = heard(master, bed, own).events
    assert [(each.begin, each.offset) for each in (one, between, other)] == [
        (0, 0),
        (2 * RATE, 0),
        (4 * RATE, 2 * RATE),
    ]
    (whole,) = heard(timeline(bed, without=("a/1",)), bed).events
    assert (whole.samples, whole.fall) == (3 * RATE, None)


def test_fades_and_loops_are_those_that_are_written() -> None:
    """Music that is over ends there, and is told; one that loops lasts as long as what it lies under."""
    music = replace(BED, fade_out_s=Decimal("0.5"), fade_in_s=Decimal("0.25"), from_s=Decimal(1))
    span = under("6", music=music)
    short = heard(timeline(span), span, song_s=3)
    (only,) = short.events
    assert (only.samples, only.offset) == (2 * RATE, RATE)
    assert (only.rise, only.fall) == (Fade(RATE // 4, Curve.LINEAR), Fade(RATE // 2, Curve.LINEAR))
    assert "`loop: true`" in short.notes[0]
    looped = under("6", music=replace(music, loop=True))
    (again,) = heard(timeline(looped), looped, song_s=3).events
    assert (again.samples, again.material.loop) == (6 * RATE, (0, 3 * RATE))


def test_clips_are_muted_lowered_or_kept() -> None:
    """Under the music that says so; lowered only for as long as it is heard."""
    mute = under("1", "1", scene="a")
    duck = under("2", "2", "2", scene="b", music=replace(BED, clip_sound=ClipSound.DUCK))
    master = timeline(mute, duck)
    music = music_sounds([mute, duck], (), master, {"song": "song", "bed": "bed"}, {"song": facts(9), "bed": facts(3)})
    assert music.muted == {"a/0", "a/1"}
    until = 5 * RATE
    assert music.lowered == {key: (Dip(0, until, Decimal(12), 0, RATE // 2),) for key in ("b/0", "b/1")}


def test_a_cue_lies_under_its_shots() -> None:
    """From where it is to begin in its file; what is waived of them is left out."""
    span = under("1", "1", "1", "1", music=BED)
    cue = MusicCue(source="other", shots=("a/1", "a/2"), start_s=Decimal(3), fade_in_s=Decimal(1), loop=False)
    (only,) = heard(timeline(span), cues=(cue,)).events
    assert (only.begin, only.samples, only.offset, only.gain_db) == (RATE, 2 * RATE, 3 * RATE, Decimal(-18))
    assert (only.rise, only.fall) == (Fade(RATE, Curve.LINEAR), Fade(2 * RATE, Curve.LINEAR))
    (shorter,) = heard(timeline(span, without=("a/1",)), cues=(cue,)).events
    assert (shorter.begin, shorter.samples) == (RATE, RATE)
    assert heard(timeline(span, without=("a/1", "a/2")), cues=(cue,)).events == ()


def test_the_channels_of_music_are_told() -> None:
    """Of what is mixed down to two."""
    span = under("1")
    music = music_sounds([span], (), timeline(span), {"song": "song"}, {"song": facts(9, channels=6)})
    assert music.notes == ("the 6 channels of song are mixed down to stereo",)
