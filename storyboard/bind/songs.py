"""What the song that a shot is made to asks of a vendor, and what to tell a producer where none of it can be sent.

Exactly the seconds that will lie under the shot are sent: never more, never fewer, and never none of them. So a vendor
that cannot take them cannot make the shot as it is written.
"""

from __future__ import annotations

from collections.abc import Iterable

from storyboard.bind.fits import longest_s, spelled
from storyboard.bind.offer import Order
from storyboard.capabilities import MediaLimits
from storyboard.errors import CannotBind
from storyboard.shot import Reference
from storyboard.text.decimals import plain_decimal

_OTHERWISE = "write `sync: false` under that music, or choose another vendor"


def song_among(references: Iterable[Reference]) -> Reference | None:
    """The song that a shot is made to; None where it is made to none."""
    return next((each for each in references if each.song), None)


def song_refused(order: Order, song: Reference, why: str, remedy: str) -> CannotBind:
    """The error where the song cannot be sent. `remedy` is what may be done beside giving it up."""
    part = f"{spelled(song.window)} of " if song.window else ""
    return order.refused(f"it is made to {part}{song.source}, and {why}", f"{remedy}, {_OTHERWISE}")


def refuse_song_length(order: Order, song: Reference, limits: MediaLimits) -> None:
    """Refuse seconds of a song that are fewer or more than a vendor takes. Raises CannotBind."""
    lasts_s, longest = song.window.length_s if song.window else None, longest_s(limits)
    if lasts_s is None:
        return
    if limits.min_s is not None and lasts_s < limits.min_s:
        why = f"at least {plain_decimal(limits.min_s)} s of sound are asked for"
        raise song_refused(order, song, why, f"Make the shot at least {plain_decimal(limits.min_s)} s long")
    if longest is not None and lasts_s > longest:
        why = f"at most {plain_decimal(longest)} s of sound are taken"
        raise song_refused(order, song, why, f"Split the shot into some of at most {plain_decimal(longest)} s")
