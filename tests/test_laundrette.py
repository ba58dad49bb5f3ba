"""The second example series is what it promises: upright, short, small enough to keep, and whole."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

from render.media.probe import probe
from storyboard.edit import TransitionKind
from storyboard.expand.expansion import expand
from storyboard.loading import Project, load_project
from storyboard.model import ShotModel
from storyboard.shot import MediaKind
from tests.thinning import exhaustive

LAUNDRETTE = Path("projects/laundrette")
REFERENCES = LAUNDRETTE / "references"
KEPT = ("cards", "episodes", "fonts", "references")


def loaded() -> Project:
    """The example, as everyone loads it."""
    return load_project(LAUNDRETTE)


def shots_of(episode: str) -> list[ShotModel]:
    return [shot for scene in loaded().episodes[episode].scenes for shot in scene.shots]


def test_the_example_loads_without_a_mistake() -> None:
    """Two episodes, three machines and the Moon, in four places."""
    project = loaded()
    assert set(project.episodes) == {"e01", "e02"}
    assert (len(project.series.cast), len(project.series.locations)) == (4, 4)


@pytest.mark.parametrize("episode", ["e01", "e02"])
def test_an_episode_is_short_and_upright(episode: str) -> None:
    """Nine shots of 25 to 40 seconds in all, higher than wide, and most of them spoken."""
    project, shots = loaded(), shots_of(episode)
    lengths = [shot.duration for shot in shots if isinstance(shot.duration, Decimal)]
    assert len(lengths) == len(shots) == 9
    assert 25 <= sum(lengths) <= 40
    assert sum(bool(shot.dialogue) for shot in shots) == 8
    master = project.series.delivery.master
    assert master is not None
    assert master.width * 16 == master.height * 9


def test_the_cut_shows_what_a_cut_can_do() -> None:
    """Dissolve, wipes, dips to black and white, trims, a hold, another speed, a sound that comes before its picture."""
    episodes = [expand(loaded(), name) for name in ("e01", "e02")]
    edits = [shot.edit for episode in episodes for shot in episode.shots]
    kinds = {edit.transition.kind for edit in edits} | {episode.end_transition.kind for episode in episodes}
    assert {
        TransitionKind.DISSOLVE,
        TransitionKind.DIP_TO_BLACK,
        TransitionKind.DIP_TO_WHITE,
        TransitionKind.WIPE_UP,
        TransitionKind.WIPE_LEFT,
    } <= kinds
    written = [shot for name in ("e01", "e02") for shot in shots_of(name)]
    assert any(shot.in_ for shot in written)
    assert any(shot.out for shot in written)
    assert any(shot.hold.last for shot in written)
    assert any(shot.speed for shot in written)
    assert any(shot.sound_from for shot in written)


def test_every_line_is_recorded_and_translated() -> None:
    """Each has its file, its place in the shot, and its German subtitle."""
    lines = [line for name in ("e01", "e02") for shot in shots_of(name) for line in shot.dialogue]
    assert len(lines) == 24
    for line in lines:
        assert line.file
        assert line.at is not None
        assert set(line.translations) == {"de"}


def test_the_moon_answers_after_two_and_a_half_seconds() -> None:
    """What comes back comes 2.56 s after it was said, across the cut: as long as there and back takes."""
    asked, answered = shots_of("e01")[1:3]
    length = asked.duration
    assert isinstance(length, Decimal)
    assert isinstance(asked.in_, Decimal)
    said, heard = asked.dialogue[0].at, answered.dialogue[0].at
    assert said is not None
    assert heard is not None
    assert length - asked.in_ - said + heard == Decimal("2.56")


def test_it_is_handed_over_in_three_more_ways() -> None:
    """A square with German in the picture, a teaser, and a version for the radio; with title and credits."""
    project = loaded()
    assert [each.name for each in project.series.deliveries] == ["square", "teaser", "radio"]
    assert project.series.title_card
    assert project.series.credits_card
    assert (LAUNDRETTE / "fonts/OFL.txt").read_text("utf-8").startswith("Copyright 2019 The Tilt Project Authors")


def test_its_art_and_sound_are_small_and_open() -> None:
    """Every picture is whole and under 100 kB, every sound is one; the project stays under 1.5 MB."""
    pictures, sounds = sorted(REFERENCES.rglob("*.webp")), sorted(REFERENCES.rglob("*.ogg"))
    assert (len(pictures), len(sounds)) == (11, 32)
    for file in pictures:
        assert file.stat().st_size < 100_000
        with Image.open(file) as picture:
            picture.load()
    for file in sounds:
        assert probe(file).kind is MediaKind.AUDIO
    kept = [file for folder in KEPT for file in (LAUNDRETTE / folder).rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in kept) < 1_500_000


@exhaustive
def test_the_cast_is_cut_out() -> None:
    """Figures have no ground, so that they can stand anywhere."""
    for file in (REFERENCES / "cast").glob("*.webp"):
        with Image.open(file) as picture:
            assert picture.getchannel("A").getextrema() == (0, 255)
