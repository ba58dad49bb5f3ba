"""The seed of an order for which the producer wrote none, so that its take can be made again as it was.

What takes no money is given none. It follows from wish and variation alone: the same order has the same seed in every
process and at every time, and a retake has another. It is no part of either, and of no hash by which anything is
bought.
"""

from __future__ import annotations

import hashlib

HIGHEST = 2**31 - 1
"""No seed of ours is higher, unless a vendor's page allows less: every one that takes seeds takes these."""


def own_seed(wish: str, variation: int, highest: int = HIGHEST) -> int:
    """A whole number from 0 to `highest`, for the take of this wish and variation."""
    drawn = hashlib.sha256(f"seed of {wish} {variation}".encode()).digest()
    return int.from_bytes(drawn[:8], "big") % (highest + 1)
