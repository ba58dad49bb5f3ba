"""How does a master tell what it is? Its names, its chapters and its poster, written so that players show them."""

from __future__ import annotations

from render.markers.ffmetadata import with_metadata, write_metadata
from render.markers.poster import take_poster

__all__ = ["take_poster", "with_metadata", "write_metadata"]
