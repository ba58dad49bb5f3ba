"""What a panel says of its shot is what a person would read out."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from storyboard.expand.expansion import expand
from storyboard.loading import load_project
from storyboard.paper.panel import Board, Part, Standing, board_of, seconds
from tests.projects import episode_file, scene, shot, write_project


def board(folder: Path, *standings: Standing, lengths_s: tuple[Fraction | None, ...] = (), **keys: object) -> Board:
    """A board of as many shots as there are standings."""
    shots = [shot(f"{number:03}", "{{ mara }} opens\n{{ logbook }}", **keys) for number in range(len(standings))]
    project = write_project(folder, episodes={"e01": episode_file("e01", scene("lamp", *shots, title="The lamp"))})
    episode = expand(load_project(project), "e01")
    known = lengths_s or (Fraction(1),) * len(standings)
    of_shots = [each.key for each in episode.shots]
    return board_of(episode, dict(zip(of_shots, standings, strict=True)), dict(zip(of_shots, known, strict=True)))


def test_texts_come_in_the_order_of_a_set_and_without_tokens(tmp_path: Path) -> None:
    """What is seen, beat by beat, how, what is said and heard, and notes by paragraphs."""
    shown = board(
        tmp_path,
        Standing.MADE,
        duration=4,
        beats=[{"at": 1.5, "prompt": "{{ mara }} writes"}],
        camera="slow push in",
        dialogue=[{"cast": "mara", "line": "One more winter."}],
        sound="the sea",
        notes="Mind the\nwick.\n\nNo smoke.",
    )
    (panel,) = shown.panels
    assert [(each.part, each.label, each.text) for each in panel.paragraphs] == [
        (Part.PICTURE, "", "Mara opens the logbook"),
        (Part.PICTURE, "at 1.5 s", "Mara writes"),
        (Part.CAMERA, "Camera", "slow push in"),
        (Part.DIALOGUE, "Mara", "One more winter."),
        (Part.SOUND, "Sound", "the sea"),
        (Part.NOTES, "Notes", "Mind the wick."),
        (Part.NOTES, "", "No smoke."),
    ]
    assert (panel.key, panel.scene_title) == ("lamp/000", "The lamp")


def test_the_summary_counts_what_the_episode_lacks(tmp_path: Path) -> None:
    """A waived shot takes no time; one whose length nobody knows yet is said to be missing in the sum."""
    standings = (Standing.MADE, Standing.NOT_MADE, Standing.WAIVED, Standing.GONE, Standing.STALE)
    lengths_s = (Fraction(3, 2), None, Fraction(9), Fraction(1, 3), Fraction(1))
    shown = board(tmp_path, *standings, lengths_s=lengths_s)
    counts = "1 not made yet, 1 without a clip, 1 made for an earlier version, 1 waived"
    assert shown.summary == f"5 shots, 2.83 s and more, {counts}"
    assert [each.length for each in shown.panels] == ["1.5 s", "auto", "9 s", "0.33 s", "1 s"]


@pytest.mark.parametrize(("length_s", "told"), [(Fraction(4), "4 s"), (Fraction(1, 24), "0.04 s"), (None, "auto")])
def test_lengths_are_told_to_a_hundredth_of_a_second(length_s: Fraction | None, told: str) -> None:
    """Without noughts that say nothing."""
    assert seconds(length_s) == told
