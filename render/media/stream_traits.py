"""What a film's picture has that the master's has not, by how it is encoded. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.film_traits import Trait

if TYPE_CHECKING:
    from render.media.signature import StreamSignature

PQ, HLG = 16, 18
BT709, BT2020 = 1, 9
"""Transfers and primaries as H.273 numbers them."""

_UNSTATED = frozenset({0, 2})
_BT2020_MATRICES = frozenset({9, 10})

_STANDARD_PRIMARIES = frozenset({0, 1, 2, 3, 4, 5, 6, 7, 22})
"""BT.709, those of standard definition, and none: players show all of them alike, and so does the cut."""

_STANDARD_TRANSFERS = frozenset({0, 1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
"""All that a display of standard range shows as they are; the rest are HDR, linear light and logarithms."""

_TAKEN = frozenset({"h264", "hevc"})
"""Codecs that vendors of this model family document for reference videos."""


def traits_of(encoded: StreamSignature) -> tuple[Trait, ...]:
    """What is not ordinary about a picture, the gravest first; empty for what a vendor sends today."""
    transfer = encoded.colours[3]
    found = {
        Trait.PQ: transfer == PQ,
        Trait.HLG: transfer == HLG,
        Trait.WIDE: primaries_of(encoded) not in _STANDARD_PRIMARIES or transfer not in _STANDARD_TRANSFERS,
        Trait.FULL_RANGE: encoded.full_range,
        Trait.DEEP: encoded.bits > 8,
        Trait.CHROMA: not encoded.halved_chroma,
        Trait.INTERLACED: encoded.interlaced,
        Trait.ALPHA: encoded.alpha,
        Trait.TURNED: encoded.turn != (1, 0, 0, 1),
        Trait.STRETCHED: encoded.pixel_ratio != 1,
        Trait.CODEC: encoded.codec not in _TAKEN,
    }
    return tuple(trait for trait, has in found.items() if has)


def primaries_of(encoded: StreamSignature) -> int:
    """The primaries that a picture states, by H.273; of one that does not, those that go with what else it states."""
    _, matrix, primaries, transfer = encoded.colours
    if primaries not in _UNSTATED:
        return primaries
    return BT2020 if transfer in {PQ, HLG} or matrix in _BT2020_MATRICES else BT709


def transfer_of(encoded: StreamSignature) -> int:
    """The transfer by which a picture is read: BT.709's for all that a display of standard range shows as they are."""
    transfer = encoded.colours[3]
    return BT709 if transfer in _STANDARD_TRANSFERS else transfer
