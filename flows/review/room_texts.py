"""How the room's pages write times and lengths. Pure."""

from datetime import datetime
from fractions import Fraction

__all__ = ["iso", "length", "timecode"]


def timecode(frame: int, fps: Fraction) -> str:
    """Where a frame stands, as hours, minutes, seconds and frames: `00:01:02:11`. Frames count up to the whole rate."""
    seconds, rest = divmod(Fraction(frame), fps)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}:{int(rest):02d}"


def length(seconds: float) -> str:
    """How long something lasts: `4.5 s`, `3:20`, `1:02:05`."""
    if seconds < 60:
        return f"{round(seconds, 2):g} s"
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


def iso(at: datetime) -> str:
    """For machines, to the second: a page's scripts write it in the reader's own zone."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
