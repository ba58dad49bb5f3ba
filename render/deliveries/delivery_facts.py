"""What is known of a delivery that was made and checked, as it is kept and told."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFacts:
    """One file, as it was measured. Sizes are in pixels; what it has not is None.

    `checks` are the words of what was looked at after it was made, and was right.
    """

    name: str
    file_name: str
    sha256: str
    bytes: int
    duration_s: Decimal
    video: str | None = None  # the codec, as the YAML calls it
    audio: str | None = None
    width: int | None = None
    height: int | None = None
    fps: Fraction | None = None
    frames: int | None = None
    lufs: float | None = None  # integrated, of the encoded file
    peak_dbtp: float | None = None
    subtitles: tuple[str, ...] = ()  # languages of its tracks
    checks: tuple[str, ...] = ()
