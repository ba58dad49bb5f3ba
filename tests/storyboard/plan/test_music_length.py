"""Music against the length of its episode."""

from __future__ import annotations

from decimal import Decimal

import pytest

from storyboard.plan.music_length import at_least, music_note
from storyboard.shot import Music

THEME = Music(source="references/music/theme.mp3", gain_db=Decimal(-18), fade_out_s=Decimal(2))


@pytest.mark.parametrize(
    ("music_s", "episode_s", "told"),
    [("12", "20", True), ("19.8", "20", False), ("20", "20", False), (None, "20", False)],
)
def test_only_music_that_is_missed_is_told(music_s: str | None, episode_s: str, told: bool) -> None:
    """A quarter of a second under a fade is not; what nobody measured is not guessed at."""
    note = music_note(THEME, None if music_s is None else Decimal(music_s), Decimal(episode_s))
    assert (note is not None) == told


def test_the_note_says_what_to_write() -> None:
    """The file, both lengths, and the key."""
    note = music_note(THEME, Decimal("12.04"), Decimal(20)) or ""
    assert "references/music/theme.mp3 ends after 12.0 s of 20.0 s" in note
    assert "`loop: true`" in note


def test_shots_of_unknown_length_count_for_nothing() -> None:
    """The episode lasts so long at least."""
    assert at_least([Decimal("1.5"), None, Decimal(2)]) == Decimal("3.5")
