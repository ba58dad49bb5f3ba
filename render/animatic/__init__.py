"""The animatic: a timed preview made of stills, which costs nothing and moves through the pipeline like any take."""

from __future__ import annotations

from render.animatic.capabilities import CAPABILITIES

__all__ = ["CAPABILITIES"]
