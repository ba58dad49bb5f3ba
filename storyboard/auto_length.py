"""What is bought where the vendor chooses a clip's length: at most the longest that it sells, and in the end what came.

    reserved   the longest that is sold, as nobody knows more when the order leaves
    spent      the same share of it that the delivered seconds are of the longest: the price of a second stays

What came is counted in the steps that are sold, upwards, never under the shortest nor over the longest. Encoders add up
to two frames to a length, which nobody bought: a clip of 5.04 s was sold as 5 s, one of 5.5 s as 6 s. No vendor's page
tells a finer rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from math import ceil

PADDING_FRAMES = 2
"""Frames that an encoder may add to a clip beyond the length that was bought."""

_MICRO_DOLLAR = Decimal("0.000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoLength:
    """How a clip is billed whose length its vendor chooses. All in seconds."""

    shortest_s: Decimal
    longest_s: Decimal  # what is reserved
    step_s: Decimal | None  # None: any length is sold
    input_video_s: Decimal | None = None  # of reference videos, where they are billed beside the clip

    def bought_s(self, delivered_s: Decimal, fps: Fraction) -> Decimal:
        """The length that was bought, by the clip that came: its picture's seconds, and its frames a second."""
        within = Fraction(delivered_s) if self.step_s is None else self._in_steps(delivered_s, fps, self.step_s)
        return min(max(_decimal(within), self.shortest_s), self.longest_s)

    def _in_steps(self, delivered_s: Decimal, fps: Fraction, step_s: Decimal) -> Fraction:
        step, shortest = Fraction(step_s), Fraction(self.shortest_s)
        unpadded = Fraction(delivered_s) - PADDING_FRAMES / fps
        return shortest + max(0, ceil((unpadded - shortest) / step)) * step

    def spent_usd(self, reserved_usd: Decimal, bought_s: Decimal) -> Decimal:
        """What these seconds cost of the sum that is reserved for the longest, in US dollars; never more than that."""
        share = Fraction(self._billed_s(bought_s)) / Fraction(self._billed_s(self.longest_s))
        micros = ceil(Fraction(reserved_usd) * share / Fraction(_MICRO_DOLLAR))
        return min(micros * _MICRO_DOLLAR, reserved_usd)

    def _billed_s(self, output_s: Decimal) -> Decimal:
        return billed_seconds(output_s, self.input_video_s)


def billed_seconds(output_s: Decimal, input_video_s: Decimal | None) -> Decimal:
    """The seconds that a price is charged on. Of reference videos where those are billed: the longer of both is added.

    EvoLink's page, October 2026: max(in, out) + out.
    """
    return output_s if input_video_s is None else max(input_video_s, output_s) + output_s


def _decimal(number: Fraction) -> Decimal:
    return (Decimal(number.numerator) / Decimal(number.denominator)).quantize(_MICRO_DOLLAR, rounding=ROUND_CEILING)
