"""What to tell of music that ends before what it lies under. Pure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from storyboard.shot import Music

_UNNOTICED_S = Fraction(1, 4)
"""Music that ends so shortly before the picture is not missed, least of all under a fade."""


def music_note(music: Music, music_s: Decimal | Fraction | None, episode_s: Decimal | Fraction) -> str | None:
    """What to tell of music that ends before its episode; None where it does not, or nobody knows how long it is.

    `episode_s` is how long the episode is at least, in seconds.
    """
    if music.loop or music.sync or music_s is None:
        return None
    heard_s = Fraction(music_s) - Fraction(music.from_s)
    if heard_s + _UNNOTICED_S >= Fraction(episode_s):
        return None
    ends_s = max(0.0, float(heard_s))
    return (
        f"the music {music.source} ends after {ends_s:.1f} s of {float(episode_s):.1f} s, and nothing follows "
        "it; `loop: true` under `music` plays it on and on"
    )
