"""The captions of a cut, from its episode and its clips to where they are seen."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from render.captions.burn_in import burnt, lettering
from render.captions.caption_fonts import caption_font
from render.captions.cut_tracks import HeardClip, cut_tracks
from render.media.measures import sha256_of
from storyboard.captions.caption import captions_within
from storyboard.captions.episode_captions import burnt_track
from storyboard.shot import Episode, Line, Translation
from storyboard.subtitle_rules import SubtitleRules
from storyboard.timeline.master_timeline import Timeline
from tests.render.captions.captioned import MASTER, bright, film, frames
from tests.render.captions.sounds_of_speech import clip, over_noise, voice
from tests.render.cut.pieces import Folder
from tests.storyboard import stories

TIMELINE = Timeline.laid([("a/1", 96), ("a/2", 48)], MASTER.fps)


def spoken(*, burn_in: str | None = None, at: str | None = None) -> Episode:
    """Two shots, one line each, in English and German."""
    lines = [
        Line("mara", "Mara", "One more winter.", {"de": Translation("Noch ein Winter.")}, at_s=at and Decimal(at)),
        Line("mara", "Mara", "Never.", {"de": Translation("Nie.")}, at_s=Decimal("0.5")),
    ]
    shots = [stories.shot(f"a/{place}", dialogue=(line,)) for place, line in enumerate(lines, 1)]
    rules = SubtitleRules(languages=("en", "de"), burn_in=burn_in)
    return replace(stories.story(*shots), language="en", subtitles=rules, master=MASTER)


def test_lines_without_a_place_stand_where_they_are_heard_in_the_cut(tmp_path: Path) -> None:
    """Of a clip that is trimmed at its beginning too; in every language from the same frame on."""
    heard = clip(tmp_path / "clip.mov", over_noise(voice((2.0, 3.2)), 0))
    english, german = cut_tracks(spoken(), TIMELINE, {"a/1": HeardClip(heard, sha256_of(heard), start_s=Fraction(1))})
    assert [each.start for each in english.captions] == [each.start for each in german.captions]
    first, second = english.captions
    assert abs(first.start - 24) <= 2
    assert abs(first.end - 24 * 2.2) <= 3
    assert second.start == 96 + 12


def test_only_clips_whose_lines_have_no_place_are_listened_to(tmp_path: Path) -> None:
    """The others need not even be there; nor is one measured twice."""
    none = HeardClip(tmp_path / "none.mov", "0" * 64)
    english, _ = cut_tracks(spoken(at="1.5"), TIMELINE, {"a/1": none, "a/2": none})
    assert [each.start for each in english.captions] == [36, 108]
    heard = clip(tmp_path / "clip.mov", over_noise(voice((0.5, 1.5)), 0))
    first = cut_tracks(spoken(), TIMELINE, {"a/1": HeardClip(heard, sha256_of(heard))})
    again = HeardClip(none.path, sha256_of(heard))
    assert cut_tracks(spoken(), TIMELINE, {"a/1": again}) == first


def test_only_pieces_in_which_something_is_said_are_drawn_upon_and_only_once(tmp_path: Path) -> None:
    """What is kept is found again; a changed word is drawn anew in its own piece."""
    episode = spoken(burn_in="de", at="1.5")
    track = burnt_track(episode, cut_tracks(episode, TIMELINE, {}))
    assert track is not None
    assert track.language == "de"
    font = caption_font([each.text for each in track.captions], None)
    letters = lettering(font, track.captions, Decimal(13), MASTER)
    kept, plain = Folder(tmp_path / "kept"), film(tmp_path / "plain.mp4", seconds=2, sound=False)

    def piece(start: int, end: int) -> Path:
        said = captions_within(track.captions, start, end)
        return asyncio.run(
            burnt(plain, "plain", said, letters, MASTER, kept=kept, scratch=tmp_path, what=f"frame {start}")
        )

    assert piece(0, 30) == plain
    drawn = piece(96, 144)
    assert [number for number, each in enumerate(frames(drawn)) if bright(each) > 10] == list(range(12, 12 + 20))
    before = sorted((tmp_path / "kept").iterdir())
    assert piece(96, 144) == drawn
    assert sorted((tmp_path / "kept").iterdir()) == before
    assert not list(tmp_path.glob("burnt-*"))
