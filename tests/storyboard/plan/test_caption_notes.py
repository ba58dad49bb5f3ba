"""What plan and check tell of subtitles."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from storyboard.captions.caption import Heard
from storyboard.captions.episode_captions import burnt_track, caption_tracks, complete_tracks, unplaced_shots
from storyboard.errors import Position
from storyboard.plan.caption_notes import caption_notes
from storyboard.plan.episode_plan import plan
from storyboard.shot import Episode, Line, Translation
from storyboard.subtitle_rules import SubtitlePlace, SubtitleRules
from storyboard.timeline.master_timeline import Timeline
from tests.storyboard.stories import shot, story, vendor

LONG = "Nobody who is in his right mind can ever read so many words in a single second."


def saying(*lines: Line, seconds: str = "5", burn_in: str | None = None) -> Episode:
    """An episode of one shot, spoken in English, with subtitles in English and German."""
    one = shot("a/1", duration_s=Decimal(seconds), dialogue=lines)
    return replace(story(one), language="en", subtitles=SubtitleRules(languages=("en", "de"), burn_in=burn_in))


def line(text: str, german: str | None = None, **keys: object) -> Line:
    """A line that is written in line 9 of its episode, and its translation in line 10."""
    translations = {} if german is None else {"de": Translation(german, Position("episodes/e01.yaml", 10, 5))}
    return Line("mara", "Mara", text, translations, at=Position("episodes/e01.yaml", 9, 5), **keys)  # type: ignore[arg-type]


def notes(episode: Episode) -> list[str]:
    """All that is told of it as it is planned."""
    return list(caption_notes(episode, {each.key: each.duration_s for each in episode.shots}))


def test_nothing_is_told_of_what_can_be_read() -> None:
    """In all its languages."""
    assert notes(saying(line("One more winter.", "Noch ein Winter."))) == []


def test_a_line_that_cannot_be_read_in_time_is_told_in_its_language() -> None:
    """Where that language's words are written."""
    (told,) = notes(saying(line("Yes.", LONG), seconds="1"))
    assert told.startswith('episodes/e01.yaml:10:5: in de, "Nobody who is in his right mind can eve…" stands for')
    assert "17 can be read" in told


def test_what_is_not_translated_is_told_once_a_language() -> None:
    """With how much it is, and what comes of it; a plan goes on, as lines are translated when the cut is done."""
    episode = saying(line("One."), line("Two.", "Zwei."), line("Three."))
    (told,) = notes(episode)
    assert told == (
        "episodes/e01.yaml:9:5: 2 of 3 lines have no translation into de, and this is the first; while any is missing, "
        "de stays out of the master and of deliveries"
    )
    assert plan(episode, {"acme": vendor()}, {}, [], []).notes == (told,)


def test_a_language_with_a_line_missing_stays_out_of_the_master() -> None:
    """And is not burnt in; a whole one is."""
    timeline = Timeline.laid([("a/1", 120)], story().master.fps)
    missing = saying(line("One."), burn_in="de")
    assert [each.language for each in complete_tracks(caption_tracks(missing, timeline))] == ["en"]
    assert burnt_track(missing, caption_tracks(missing, timeline)) is None
    whole = saying(line("One.", "Eins."), burn_in="de")
    burnt = burnt_track(whole, caption_tracks(whole, timeline))
    assert burnt is not None
    assert [each.text for each in burnt.captions] == ["Eins."]


def test_words_under_the_series_own_language_take_the_place_of_the_line() -> None:
    """What is shown need not be what a vendor was asked to have said."""
    shown = replace(line("Erm, well, yes.", "Ja."), translations={"en": Translation("Yes."), "de": Translation("Ja.")})
    timeline = Timeline.laid([("a/1", 120)], story().master.fps)
    english, _ = caption_tracks(saying(shown), timeline)
    assert [each.text for each in english.captions] == ["Yes."]


def test_a_line_may_have_no_subtitle_or_stand_at_the_top() -> None:
    """As its `subtitle` says."""
    timeline = Timeline.laid([("a/1", 120)], story().master.fps)
    lines = (line("Ugh.", subtitle=SubtitlePlace.NONE), line("Here.", "Hier.", subtitle=SubtitlePlace.TOP))
    english, german = caption_tracks(saying(*lines), timeline)
    assert [(each.text, each.top) for each in (*english.captions, *german.captions)] == [
        ("Here.", True),
        ("Hier.", True),
    ]


def test_only_shots_with_a_line_without_a_place_are_listened_to() -> None:
    """A written beginning, or a file's, spares it."""
    assert unplaced_shots(saying(line("One."))) == ("a/1",)
    assert unplaced_shots(saying(line("One.", at_s=Decimal(1)))) == ()
    assert unplaced_shots(saying(line("One.")), {"a/1": [Heard(story().master.fps)]}) == ()


def test_no_subtitles_are_made_where_none_are_wanted() -> None:
    """Nor anything told of them."""
    plain = replace(saying(line(LONG)), subtitles=None)
    assert notes(plain) == []
    assert caption_tracks(plain, Timeline.laid([("a/1", 24)], plain.master.fps)) == ()
