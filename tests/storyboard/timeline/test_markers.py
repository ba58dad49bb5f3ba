"""Chapters lie end to end over the whole master; the poster is what was asked for, or the first shots' middles."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.card_piece import PosterChoice
from storyboard.expand.expansion import expand
from storyboard.loading import load_project
from storyboard.shot import Episode
from storyboard.timeline.card_places import cards_of
from storyboard.timeline.markers import Chapter, PosterFrame, chapters_of, metadata_of, poster_frames
from storyboard.timeline.master_timeline import Timeline
from tests.projects import episode_file, scene, shot, write_project

RATES = [Fraction(rate) for rate in ("24", "24000/1001", "25", "30000/1001")]


def episode(folder: Path, **keys: object) -> Episode:
    """Two scenes, one of them titled."""
    scenes = (scene("lamp", shot("010"), title="The lamp room"), scene("sea", shot("010"), shot("020")))
    return expand(load_project(write_project(folder, episodes={"e01": episode_file("e01", *scenes, **keys)})), "e01")


def laid(made: Episode, *, each: int = 24, fps: Fraction = Fraction(24), shots: list[str] | None = None) -> Timeline:
    """The master's timeline, with cards as they are long, and `each` frames a shot."""
    pieces = cards_of(made, shots)
    lengths = ((piece, each) if isinstance(piece, str) else (piece.key, piece.frames) for piece in pieces)
    return Timeline.laid(lengths, fps)


def test_a_scene_is_a_chapter(tmp_path: Path) -> None:
    """By its title, else by its id."""
    made = episode(tmp_path)
    assert chapters_of(made, laid(made)) == (Chapter("The lamp room", 0, 24), Chapter("sea", 24, 72))


def test_cards_belong_to_the_scene_that_they_stand_before(tmp_path: Path) -> None:
    """What stands at the begin is of the first chapter, what stands at the end of the last."""
    made = episode(tmp_path, title_card={"card": "title", "length": 2}, scene_card="scene", credits_card="credits")
    timeline = laid(made)
    first, second = chapters_of(made, timeline)
    assert (first.title, first.start, first.end) == ("The lamp room", 0, 48 + 60 + 24)
    assert (second.title, second.start, second.end) == ("sea", first.end, timeline.frames)


def test_a_card_may_begin_a_chapter_of_its_own(tmp_path: Path) -> None:
    """Credits that a player can jump to, or skip to the end of."""
    made = episode(
        tmp_path,
        title_card={"card": "title", "before": "sea", "chapter": "Opening"},
        credits_card={"card": "credits", "chapter": "Credits"},
    )
    timeline = laid(made)
    assert [(each.title, each.start) for each in chapters_of(made, timeline)] == [
        ("The lamp room", 0),
        ("Opening", 24),
        ("sea", 24 + 96),
        ("Credits", 24 + 96 + 48),
    ]


@pytest.fixture(scope="module")
def carded(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    """The episode with all sorts of cards."""
    uses: dict[str, object] = {"scene_card": "scene", "credits_card": {"card": "credits", "chapter": "Credits"}}
    return episode(tmp_path_factory.mktemp("carded"), title_card="title", **uses)


@given(each=st.integers(1, 400), fps=st.sampled_from(RATES), kept=st.sets(st.integers(0, 2), min_size=1))
def test_chapters_cover_every_frame_once(each: int, fps: Fraction, kept: set[int], carded: Episode) -> None:
    """Whatever is waived, and however long a shot is."""
    keys = [shot.key for shot in carded.shots if shot.index in kept]
    timeline = laid(carded, each=each, fps=fps, shots=keys)
    chapters = chapters_of(carded, timeline)
    assert chapters[0].start == 0
    assert chapters[-1].end == timeline.frames
    assert all(one.end == other.start for one, other in pairwise(chapters))
    assert all(one.start < one.end for one in chapters)


def test_the_poster_is_the_moment_that_was_asked_for(tmp_path: Path) -> None:
    """Within its shot; the middle where no second is written."""
    made = episode(tmp_path, poster={"shot": "sea/020", "at": 0.5})
    assert poster_frames(made, laid(made)) == (PosterFrame("sea/020", 12),)
    made = episode(tmp_path / "middle", poster="sea/010")
    assert poster_frames(made, laid(made, each=30)) == (PosterFrame("sea/010", 15),)


def test_a_poster_never_leaves_its_shot(tmp_path: Path) -> None:
    """A shot whose clip came shorter than was said gives its last frame."""
    made = episode(tmp_path, poster="sea/010")
    late = PosterChoice(shot="sea/010", at_s=Decimal(500))
    object.__setattr__(made, "poster", late)
    assert poster_frames(made, laid(made)) == (PosterFrame("sea/010", 23),)


def test_without_a_word_other_frames_wait_behind_the_first_shots_middle(tmp_path: Path) -> None:
    """No card is among them; a poster whose shot is waived counts as none."""
    made = episode(tmp_path, title_card="title", poster="sea/020")
    frames = poster_frames(made, laid(made, shots=["lamp/010", "sea/010"]))
    assert frames[0] == PosterFrame("lamp/010", 12)
    assert frames[-1] == PosterFrame("sea/010", 12)
    assert {frame.key for frame in frames} == {"lamp/010", "sea/010"}
    assert all(0 <= frame.frame < 24 for frame in frames)


def test_a_master_tells_its_names_and_no_date(tmp_path: Path) -> None:
    """The number is the last one of the id."""
    told = metadata_of(episode(tmp_path), language="eng", comment="snapshot 1")
    assert (told.title, told.show, told.episode_id, told.episode_sort) == ("The Lamp", "The Last Lamp", "e01", 1)
    assert (told.language, told.comment) == ("eng", "snapshot 1")
