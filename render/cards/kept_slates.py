"""Slates as kept clips, as cards are: a gap that stays as it was is drawn once."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from render.animatic.slate import draw_slate
from render.cards.kept_cards import found_or_drawn
from render.cut import house_encoder
from render.cut.segment_files import ConformedPieces
from storyboard.shot import MasterFormat

_RECIPE = "slate-1"
"""Changes with anything in `render.animatic.slate` that changes pictures."""


async def kept_slate(
    key: str, title: str, reason: str, *, frames: int, master: MasterFormat, kept: ConformedPieces, scratch: Path
) -> Path:
    """The slate of a missing shot as `draw_slate` draws it: the one that said the very same before, else drawn now.

    Raises MediaError where it cannot be written.
    """
    return await found_or_drawn(
        slate_key(key, title, reason, frames=frames, master=master),
        kept,
        scratch,
        lambda target: draw_slate(key, title, reason, frames=frames, master=master, target=target),
    )


def slate_key(key: str, title: str, reason: str, *, frames: int, master: MasterFormat) -> str:
    """The name under which it is kept: all that it says, and its format."""
    said = json.dumps([key, title, reason, frames, master.width, master.height, str(master.fps)])
    return f"{_RECIPE}:{house_encoder.RECIPE}:{hashlib.sha256(said.encode()).hexdigest()}"
