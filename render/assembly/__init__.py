"""From the shots' outcomes to what a producer opens: the master, its manifest, its contact sheet, and the archive."""

from render.assembly.assemble import Assembly, assemble
from render.assembly.cutting_room import CuttingRoom

__all__ = ["Assembly", "CuttingRoom", "assemble"]
