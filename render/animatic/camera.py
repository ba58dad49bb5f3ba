"""Reads a producer's camera words ("slow push in", "pan left") as a move, and says where the camera looks when."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from enum import StrEnum


class Size(StrEnum):
    """How much of a figure the frame shows."""

    WIDE = "wide"
    MEDIUM = "medium"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class View:
    """Where the camera looks: shifts in frame widths and heights, and how much nearer than the widest it is."""

    x: float = 0.0
    y: float = 0.0
    zoom: float = 1.0


@dataclass(frozen=True, slots=True)
class Move:
    """A camera move from one view to another over a whole setup."""

    start: View
    end: View
    handheld: float = 0.0  # sway, in frame widths

    def at(self, progress: float) -> View:
        """The view at `progress` from 0 to 1, easing in and out so that no move starts with a jerk."""
        eased = _ease(progress)
        sway = self.handheld * math.sin(progress * 9.7), self.handheld * math.sin(progress * 13.1 + 1)
        return View(
            _between(self.start.x, self.end.x, eased) + sway[0],
            _between(self.start.y, self.end.y, eased) + sway[1],
            _between(self.start.zoom, self.end.zoom, eased),
        )


_NEAR, _FAR = View(zoom=1.16), View(zoom=1.02)
_MOVES: tuple[tuple[str, Move], ...] = (
    (r"static|locked|still|fixed|tripod", Move(View(zoom=1.06), View(zoom=1.06))),
    (r"(push|dolly|track|move|zoom|creep)\w*[ -]+(slowly )?in|closer|approach", Move(_FAR, _NEAR)),
    (r"(pull|dolly|track|move|zoom)\w*[ -]+(slowly )?(out|back|away)|reveal|recede", Move(_NEAR, _FAR)),
    (r"(pan|truck|track|slide|drift)\w*\b.*\bleft", Move(View(0.06, zoom=1.14), View(-0.06, zoom=1.14))),
    (r"(pan|truck|track|slide|drift)\w*\b.*\bright", Move(View(-0.06, zoom=1.14), View(0.06, zoom=1.14))),
    (r"(tilt|crane|pedestal|boom|rise)\w*\b.*\bup|rising", Move(View(y=0.06, zoom=1.14), View(y=-0.06, zoom=1.14))),
    (r"(tilt|crane|pedestal|boom)\w*\b.*\bdown|sink", Move(View(y=-0.06, zoom=1.14), View(y=0.06, zoom=1.14))),
    (r"orbit|arc|circl|around", Move(View(-0.05, zoom=1.1), View(0.05, zoom=1.15))),
)
_SIZES = (
    (Size.CLOSE, r"close|detail|insert|macro|face"),
    (Size.WIDE, r"wide|establish|aerial|long shot|full shot|landscape|panoram"),
    (Size.MEDIUM, r"medium|waist|two[ -]shot|over[ -]the[ -]shoulder|cowboy"),
)


def read_move(words: str, chance: float) -> Move:
    """The move that the words ask for; without any a gentle drift, to the side that `chance` (0 to 1) picks."""
    spoken = words.lower()
    for pattern, move in _MOVES:
        if re.search(pattern, spoken):
            return replace(move, handheld=0.006) if _handheld(spoken) else move
    side = 0.018 if chance < 0.5 else -0.018
    drift = Move(View(-side, zoom=1.05), View(side, zoom=1.09))
    return replace(drift, handheld=0.008) if _handheld(spoken) else drift


def read_size(words: str) -> Size | None:
    """The framing that the words ask for, None where they do not say."""
    spoken = words.lower()
    return next((size for size, pattern in _SIZES if re.search(pattern, spoken)), None)


def _handheld(spoken: str) -> bool:
    return "handheld" in spoken or "hand-held" in spoken or "hand held" in spoken


def _ease(progress: float) -> float:
    """Half linear, half cosine: soft at both ends, and never still in between."""
    bounded = min(1.0, max(0.0, progress))
    return 0.5 * bounded + 0.25 * (1 - math.cos(math.pi * bounded))


def _between(start: float, end: float, share: float) -> float:
    return start + (end - start) * share
