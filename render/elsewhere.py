"""Orders that are out at another account of their vendor: no shot is paid for again unless somebody says so."""

from __future__ import annotations

from collections.abc import Sequence

from render.errors import OrderedElsewhere
from storyboard.plan import PlannedShot


def refuse_ordered_elsewhere(shots: Sequence[PlannedShot]) -> None:
    """Raise OrderedElsewhere where any of these shots would be paid for anew."""
    out = [shot for shot in shots if shot.elsewhere]
    if out:
        raise OrderedElsewhere(
            f"{told_elsewhere(out)}. Nothing is ordered twice by itself: ask that account again to go on with what is "
            "out, or pay anew with --anew"
        )


def told_elsewhere(shots: Sequence[PlannedShot]) -> str:
    """Which orders are out where: `of lamp/010 take 1 is submitted at kinovi:studio-b, which is another account`."""
    return "; ".join(f"of {shot.key} {shot.elsewhere}" for shot in shots if shot.elsewhere)
