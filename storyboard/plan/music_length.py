"""Whether the music lasts as long as the episode that it lies under. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from storyboard.shot import Music

_UNNOTICED_S = Fraction(1, 4)
"""Music that ends so shortly before the picture is not missed, least of all under a fade."""


def music_note(music: Music, music_s: Decimal | Fraction | None, episode_s: Decimal | Fraction) -> str | None:
    """What to tell of music that ends before its episode; None where it does not, or nobody knows how long it is.

    `episode_s` is how long the episode is at least, in seconds.
    """
    if music.loop or music_s is None or Fraction(music_s) + _UNNOTICED_S >= Fraction(episode_s):
        return None
    return (
        f"the music {music.source} ends after {float(music_s):.1f} s of {float(episode_s):.1f} s, and nothing follows "
        "it; `loop: true` under `music` plays it on and on"
    )


def at_least(lengths_s: Iterable[Decimal | None]) -> Decimal:
    """The sum of the lengths that are known, in seconds."""
    return sum((each for each in lengths_s if each is not None), Decimal(0))
