"""What will the cut look like before anything is paid? The animatic: stills that move, as a vendor among vendors."""

from __future__ import annotations

from render.animatic.capabilities import CAPABILITIES

__all__ = ["CAPABILITIES"]
