"""The example series is what it promises: two episodes that load, small enough to keep, long enough to show things."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from PIL import Image

from storyboard.loading import Project, load_project
from tests.thinning import exhaustive

LIGHTHOUSE = Path("projects/lighthouse")


def loaded() -> Project:
    """The example, as everyone loads it."""
    return load_project(LIGHTHOUSE)


def test_the_example_loads_without_a_mistake() -> None:
    """Both episodes, the cast of three and four locations are there."""
    project = loaded()
    assert set(project.episodes) == {"e01", "e02"}
    assert (len(project.series.cast), len(project.series.locations)) == (3, 4)


def test_the_first_episode_shows_what_shots_can_be() -> None:
    """A very short shot, one of odd length, three beats, spoken lines, and a shot that continues another scene."""
    scenes = loaded().episodes["e01"].scenes
    shots = [shot for scene in scenes for shot in scene.shots]
    lengths = [shot.duration for shot in shots]
    assert 10 <= len(shots) <= 12
    assert {Decimal("1.5"), Decimal("7.25")} <= set(lengths)
    assert 45 <= sum(length for length in lengths if isinstance(length, Decimal)) <= 55
    assert any(len(shot.beats) == 3 for shot in shots)
    assert any(shot.continues for shot in shots)
    assert sum(bool(shot.dialogue) for shot in shots) >= 4


def test_the_art_is_small_and_opens() -> None:
    """Every picture is under 150 kB and whole; the folder stays under 1.2 MB."""
    references = LIGHTHOUSE / "references"
    pictures = sorted(references.rglob("*.webp"))
    assert len(pictures) == 10
    for file in pictures:
        assert file.stat().st_size < 150_000
        with Image.open(file) as picture:
            picture.load()
    assert sum(file.stat().st_size for file in references.rglob("*") if file.is_file()) < 1_200_000


@exhaustive
def test_the_cast_is_cut_out() -> None:
    """Figures have no ground, so that they can stand anywhere."""
    for file in (LIGHTHOUSE / "references/cast").glob("*.webp"):
        with Image.open(file) as picture:
            assert picture.getchannel("A").getextrema() == (0, 255)
