"""Traits of a film: what its picture has that the master's has not. Each is converted, and the producer is told.

The master, and what a vendor is sent, is ordinary: BT.709 in standard range, 8 bits and 4:2:0, progressive, upright,
with square pixels.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


class Trait(StrEnum):
    """One thing about a film's picture that is not ordinary; `conversions` says what is done about it."""

    PQ = "pq"
    HLG = "hlg"
    WIDE = "wide"
    FULL_RANGE = "full-range"
    DEEP = "deep"
    CHROMA = "chroma"
    INTERLACED = "interlaced"
    ALPHA = "alpha"
    TURNED = "turned"
    STRETCHED = "stretched"
    CODEC = "codec"


HDR = frozenset({Trait.PQ, Trait.HLG})
"""High dynamic range: such a picture has to be tone-mapped."""

COLOURS = HDR | {Trait.WIDE}
"""Traits of pictures in other colours than the master's: unconverted, they would be shown as wrong ones."""

UNSEEN = frozenset({Trait.TURNED, Trait.STRETCHED, Trait.CODEC})
"""Traits of which nothing is lost or seen in a clip that is cut; they matter in what is sent to a vendor."""

_DONE = {
    Trait.PQ: "HDR (PQ) is tone-mapped to BT.709",
    Trait.HLG: "HDR (HLG) is tone-mapped to BT.709",
    Trait.WIDE: "its wide gamut is brought to BT.709",
    Trait.FULL_RANGE: "full range is brought to that of television",
    Trait.DEEP: "it is brought to 8 bits",
    Trait.CHROMA: "its colours are brought to 4:2:0",
    Trait.INTERLACED: "it is deinterlaced",
    Trait.ALPHA: "what is transparent becomes black",
    Trait.TURNED: "it is turned as it asks to be shown",
    Trait.STRETCHED: "its pixels are made square",
    Trait.CODEC: "it is encoded as H.264",
}


def conversions(traits: Collection[Trait]) -> str:
    """What is done with a picture of these traits, in words, the gravest first; empty where nothing is."""
    return ", ".join(done for trait, done in _DONE.items() if trait in traits and not _implied(trait, traits))


def _implied(trait: Trait, traits: Collection[Trait]) -> bool:
    """HDR has a wide gamut and more bits by its nature."""
    return trait in {Trait.WIDE, Trait.DEEP} and bool(HDR & set(traits))
